"""What happened, a line of JSON each, in ``events.jsonl`` beside the state; docs/running.md names the fields."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Final, Self

FILE: Final = "events.jsonl"
_FULL: Final = 256 << 20
"""Bytes beyond which a run begins the file anew, keeping one old one."""


class EventLog:
    """The log of one run; lines are whole, even after a run that was killed in the middle of one."""

    def __init__(self, folder: Path, run: int) -> None:
        path = folder / FILE
        if path.exists() and path.stat().st_size > _FULL:
            path.replace(path.with_suffix(".old.jsonl"))
        self._run = run
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o644)
        size = os.fstat(self._file).st_size
        if size and os.pread(self._file, 1, size - 1) != b"\n":
            os.write(self._file, b"\n")      # the end of a line that was cut off

    def write(self, event: str, **fields: object) -> None:
        """One line.

        Raises:
            OSError: The disk is full; the line may have been cut off.
        """
        time = datetime.now(UTC).isoformat(timespec="milliseconds")
        line = json.dumps({"time": time, "run": self._run, "event": event} | fields, ensure_ascii=False)
        os.write(self._file, f"{line}\n".encode())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        os.close(self._file)
