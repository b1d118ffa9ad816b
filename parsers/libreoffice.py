"""LibreOffice as a converter: one call, one profile, bounded in time, memory and output.

A call takes about a second of CPU. A profile copied from a template made that 13 % less, which
does not pay for keeping one.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path
from typing import Final

from parsers.errors import ProgramFailed, ProgramMissing, TooLarge

TIME_LIMIT: Final = 60
"""Seconds of wall clock for one call."""

MEMORY_LIMIT_KIB: Final = 4 << 20
"""Address space of each of its processes."""

OUTPUT_LIMIT: Final = 256 << 20
"""Bytes of any file that it writes."""

PROGRAM_VARIABLE: Final = "JIXIAO_SOFFICE"
"""Environment variable that names the program where it is not on the path."""

_NAMES: Final = ("soffice", "libreoffice")
_GRACE: Final = 5   # seconds that the limit inside the group comes after ours
_COMPLAINT: Final = 300
_BLOCK: Final = 512   # what ulimit -f counts in

# The inner time limit holds where this process is killed and cannot end the group itself.
_LAUNCH: Final = """\
ulimit -c 0; ulimit -f "$1"; ulimit -v "$2"; limit=$3; shift 3
(sleep "$limit"; kill -KILL 0) <&- >&- 2>&- &
"$@"
"""

_SETTINGS: Final = """\
<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
{}</oor:items>
"""
_ITEM: Final = '<item oor:path="{}"><prop oor:name="{}" oor:op="fuse"><value>{}</value></prop></item>\n'
_SAFE: Final = (
    ("/org.openoffice.Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("/org.openoffice.Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("/org.openoffice.Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("/org.openoffice.Office.Writer/Content/Update", "Link", "0"),
    ("/org.openoffice.Office.Calc/Content/Update", "Link", "2"),
    ("/org.openoffice.Inet/Settings", "ooInetProxyType", "2"),
    ("/org.openoffice.Inet/Settings", "ooInetHTTPProxyName", "127.0.0.1"),
    ("/org.openoffice.Inet/Settings", "ooInetHTTPProxyPort", "9"),
    ("/org.openoffice.Inet/Settings", "ooInetHTTPSProxyName", "127.0.0.1"),
    ("/org.openoffice.Inet/Settings", "ooInetHTTPSProxyPort", "9"),
)
"""No macros, no linked file fetched, no link brought up to date; what still asks meets a closed door."""


def convert(data: bytes, suffix: str, to: str) -> bytes:
    """Converts a document.

    Args:
        data: The bytes of the document.
        suffix: The suffix of its kind without a dot: ``doc``. The program looks at the bytes too.
        to: The suffix of the kind wanted, with the name of its filter where one is needed:
            ``docx:MS Word 2007 XML``.

    Returns:
        The bytes of the result.

    Raises:
        ProgramMissing: LibreOffice is not installed.
        ProgramFailed: It gave no result, or none in time.
        TooLarge: Its result is larger than an honest one.
    """
    program = _program()
    with tempfile.TemporaryDirectory(prefix="jixiao-office-", ignore_cleanup_errors=True) as folder:
        room = Path(folder)
        source, results = room / f"source.{suffix}", room / "results"
        source.write_bytes(data)
        results.mkdir()
        _write_profile(room / "profile")
        complaint = _run(_command(program, room, source, results, to), room)
        return _result(results / f"source.{to.partition(':')[0]}", complaint)


def release() -> str:
    """What changes when LibreOffice is installed, updated or removed; empty where there is none."""
    found = _found()
    if found is None:
        return ""
    program = Path(found).resolve()
    about = program.stat()
    return f"{program} {about.st_size} {about.st_mtime_ns}"


def _found() -> str | None:
    named = os.environ.get(PROGRAM_VARIABLE)
    return next(filter(None, map(shutil.which, [named] if named else _NAMES)), None)


def _program() -> str:
    found = _found()
    if found is None:
        raise ProgramMissing(
            "old Office documents are read by LibreOffice, which is not installed here. Install it (apt-get"
            " install libreoffice-writer-nogui libreoffice-calc-nogui), or save the file as .docx or .xlsx."
        )
    return found


def _write_profile(folder: Path) -> None:
    user = folder / "user"
    user.mkdir(parents=True)
    items = "".join([_ITEM.format(*item) for item in _SAFE])
    (user / "registrymodifications.xcu").write_text(_SETTINGS.format(items), "utf-8")


def _command(program: str, room: Path, source: Path, results: Path, to: str) -> list[str]:
    limits = [str(OUTPUT_LIMIT // _BLOCK), str(MEMORY_LIMIT_KIB), str(TIME_LIMIT + _GRACE)]
    options = ["--headless", "--norestore", "--nolockcheck", "--nodefault", "--nologo"]
    profile = f"-env:UserInstallation={(room / 'profile').as_uri()}"
    return ["/bin/sh", "-c", _LAUNCH, "sh", *limits, program, profile, *options, "--convert-to", to,
            "--outdir", str(results), str(source)]


def _run(command: list[str], room: Path) -> str:
    """Runs the command in a process group of its own, and ends the group whatever happens.

    Returns the end of what it complained of.
    """
    log = room / "complaints"
    environment = {"PATH": os.environ.get("PATH", os.defpath), "HOME": str(room), "TMPDIR": str(room),
                   "LANG": "C.UTF-8", "SAL_USE_VCLPLUGIN": "svp"}
    with log.open("wb") as complaints:
        process = subprocess.Popen(  # noqa: S603  the shell is given data as arguments only
            command, cwd=room, env=environment, start_new_session=True,
            stdin=subprocess.DEVNULL, stdout=complaints, stderr=complaints,
        )
        try:
            process.wait(TIME_LIMIT)
        except subprocess.TimeoutExpired as error:
            raise ProgramFailed(f"LibreOffice gave no result in {TIME_LIMIT} s. Open the file in an office"
                                " program and save it as .docx or .xlsx.") from error
        finally:
            _end(process)
    with log.open("rb") as written:
        written.seek(max(0, log.stat().st_size - _COMPLAINT))
        return written.read(_COMPLAINT).decode("utf-8", "replace").strip().replace(f"{room}/", "")


def _end(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError):   # all of the group may have ended
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _result(path: Path, complaint: str) -> bytes:
    try:
        size = path.stat().st_size
    except FileNotFoundError as error:
        said = f" ({complaint.splitlines()[-1]})" if complaint else ""
        raise ProgramFailed(f"LibreOffice gave no result{said}. Open the file in an office program and save"
                            " it as .docx or .xlsx.") from error
    if size >= OUTPUT_LIMIT:
        raise TooLarge(f"LibreOffice made more than {OUTPUT_LIMIT >> 20} MiB of it. Split the file.")
    return path.read_bytes()
