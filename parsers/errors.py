"""Why a source could not be read. Every reader raises one of these and nothing else."""


class UnreadableSource(Exception):
    """A file that cannot be turned into grids.

    Attributes:
        reason: A stable key followed by what is wrong and what to do about it, in words.
    """

    key = "unreadable"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message

    @property
    def reason(self) -> str:
        """``key: message``, as it stands in the ``documents`` table."""
        return f"{self.key}: {self.message}"


class Damaged(UnreadableSource):
    """The bytes are not a whole file of their kind."""

    key = "damaged"


class Empty(UnreadableSource):
    """Nothing is printed in the file."""

    key = "empty"


class Unsupported(UnreadableSource):
    """A kind of file that this version does not read."""

    key = "unsupported"


class TooLarge(UnreadableSource):
    """More bytes, lines or cells than a real report can have."""

    key = "too_large"


class WrongEncoding(UnreadableSource):
    """No known character encoding makes sense of the bytes."""

    key = "wrong_encoding"
