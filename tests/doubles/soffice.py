"""Stand-ins for LibreOffice, each with one fault of the real one."""

from pathlib import Path

_SCRIPTS = {
    # Its child outlives a polite end, as soffice.bin does under its launcher.
    "hangs": "trap '' TERM\n(trap '' TERM; sleep 600) &\necho $! > {pids}\nsleep 600\n",
    "crashes": "echo 'Fatal exception: Signal 6' >&2\nkill -SEGV $$\n",
    "writes_nothing": "exit 0\n",
    "fills_the_disk": "while [ $# -gt 1 ]; do [ $1 = --outdir ] && out=$2; shift; done\n"
                      "head -c 9000000 /dev/zero > $out/source.docx\n",
    "leaves_a_child": "sleep 600 &\necho $! > {pids}\nexit 0\n",
    "tells_its_limits": "ulimit -v; ulimit -c; echo $HOME\n",
}


def install(folder: Path, kind: str) -> Path:
    """A program of this kind; those that have children write their ids to ``pids`` beside it."""
    program = folder / kind
    program.write_text("#!/bin/sh\n" + _SCRIPTS[kind].format(pids=folder / "pids"), "utf-8")
    program.chmod(0o755)
    return program
