"""Why the program as a whole stops: each error carries its exit code and the next step."""

from enum import IntEnum
from typing import ClassVar


class ExitCode(IntEnum):
    """The exit codes of ``jixiao``, stable."""

    OK = 0
    BUG = 1
    USAGE = 2
    NOTHING_FOUND = 3
    SOME_UNREADABLE = 4
    CONTRACT_BREACH = 5
    MISSING_PROGRAM = 6
    INTERRUPTED = 130


class JixiaoError(Exception):
    """The program cannot go on.

    Attributes:
        message: What is wrong, and where.
        next_step: What the person can do about it.
        exit_code: What the command exits with.
    """

    exit_code: ClassVar[ExitCode] = ExitCode.BUG

    def __init__(self, message: str, next_step: str) -> None:
        super().__init__(message, next_step)   # as args, so that pickling keeps both
        self.message = message
        self.next_step = next_step

    def __str__(self) -> str:
        return f"{self.message} {self.next_step}"


class UsageProblem(JixiaoError):
    """What was asked for cannot be done as asked."""

    exit_code = ExitCode.USAGE


class StateBusy(UsageProblem):
    """Another run holds the folder."""


class NothingFound(JixiaoError):
    """There is nothing to read."""

    exit_code = ExitCode.NOTHING_FOUND


class ContractBreach(JixiaoError):
    """A table would break the contract: nothing is published."""

    exit_code = ExitCode.CONTRACT_BREACH


class MissingProgram(JixiaoError):
    """A program or package that the run needs is not installed."""

    exit_code = ExitCode.MISSING_PROGRAM


class Interrupted(JixiaoError):
    """A person stopped the run; its state is kept."""

    exit_code = ExitCode.INTERRUPTED
