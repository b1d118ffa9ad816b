"""How far a run is, on stderr: a bar on a terminal, else a line now and then."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.text import Text

from pipeline.console import spoken, stderr

if TYPE_CHECKING:
    from pipeline.run import Event

PLAIN_EVERY: Final = 30.0
"""Seconds between progress lines where there is no terminal."""

_NAME: Final = 40
"""Characters of a file name that a line has room for: the last ones tell most."""

_SLOW: Final = 2.0
"""Seconds after which a document that is being read is named."""

_STOPPING: Final = "stopping: documents at hand may end; once more to stop at once"


@contextmanager
def progress() -> Iterator[Callable[["Event"], None]]:
    """A callback for the events of a run."""
    if not stderr.is_terminal:
        yield _plain()
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[words]}"))
    with Progress(*columns, console=stderr, transient=True) as bar:
        task = bar.add_task("scanning", total=None, words="")
        rate = Rate()

        def on_event(event: "Event") -> None:
            if event.kind == "stopping":
                stderr.print(_STOPPING)
                return
            words = {"planned": "reading", "read": "reading"}
            bar.update(task, description=words.get(event.kind, event.kind), completed=event.done,
                       total=event.total or None, words=Text(rate.words(event)))

        yield on_event


class Rate:
    """Documents a second since the run began to read, and the other figures beside them."""

    def __init__(self) -> None:
        self._started: float | None = None
        self._slowest = ""

    def words(self, event: "Event") -> str:
        """The figures of an event in words."""
        now = time.monotonic()
        if self._started is None or event.kind == "planned":
            self._started = now
        if event.kind == "reading":
            long = event.name is not None and event.seconds >= _SLOW
            self._slowest = f"{(event.name or '')[-_NAME:]} for {spoken(event.seconds)}" if long else ""
        elif self._slowest.startswith((event.name or " ")[-_NAME:]):
            self._slowest = ""
        parts = []
        if event.done and now > self._started:
            parts.append(f"{event.done / (now - self._started):.1f}/s")
        if event.left is not None:
            parts.append(f"about {spoken(event.left)} left")
        if event.failures:
            parts.append(f"{event.failures:,} not read")
        if self._slowest:
            parts.append(self._slowest)
        return ", ".join(parts)


def _plain() -> Callable[["Event"], None]:
    last = time.monotonic()
    rate = Rate()

    def on_event(event: "Event") -> None:
        nonlocal last
        if event.kind == "stopping":
            stderr.print(_STOPPING)
            return
        words = rate.words(event)
        if event.kind in {"read", "reading"} and time.monotonic() - last >= PLAIN_EVERY:
            last = time.monotonic()
            stderr.print(f"read {event.done:,} of {event.total:,}; {words}", markup=False)

    return on_event
