"""What a person's signal means: the first lets the documents at hand end, the second stops at once."""

import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final, TypeVar

_T = TypeVar("_T")


class Stop:
    """Whether the run was asked to stop."""

    def __init__(self) -> None:
        self.is_asked = False

    def check(self) -> None:
        """Raise where the run was asked to stop.

        Raises:
            KeyboardInterrupt: It was.
        """
        if self.is_asked:
            raise KeyboardInterrupt

    def guard(self, things: Iterable[_T]) -> Iterator[_T]:
        """The same things, until the run is asked to stop.

        Raises:
            KeyboardInterrupt: It was.
        """
        for thing in things:
            self.check()
            yield thing


NEVER: Final = Stop()
"""For those whom nobody stops."""

_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)     # Ctrl-C; a scheduler that wants the machine


@contextmanager
def stopping(on_asked: Callable[[], None] = lambda: None) -> Iterator[Stop]:
    """Signals that ask this process to end are noted once and raise the second time.

    A signal raised as an exception could fall between any two steps, of publishing too. Outside the
    main thread, which alone hears signals, nothing changes.

    Args:
        on_asked: Called once, when the first one comes; within a signal handler.
    """
    stop = Stop()
    if threading.current_thread() is not threading.main_thread():
        yield stop
        return

    def hear(_number: int, _frame: FrameType | None) -> None:
        if stop.is_asked:
            raise KeyboardInterrupt
        stop.is_asked = True
        on_asked()

    before = {number: signal.signal(number, hear) for number in _SIGNALS}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
