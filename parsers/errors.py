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


class Encrypted(UnreadableSource):
    """The file opens with a password only."""

    key = "encrypted"


class NoTextLayer(UnreadableSource):
    """Every page is a picture, or text whose fonts do not tell which characters they draw."""

    key = "no_text_layer"


class OcrUnavailable(NoTextLayer):
    """A picture, and no engine that reads pictures is installed."""

    def __init__(self) -> None:
        super().__init__("its text is a picture, and no engine that reads pictures is installed;"
                         " install one with: pip install 'jixiao[ocr]'")

    def __reduce__(self) -> tuple[type["OcrUnavailable"], tuple[()]]:
        return OcrUnavailable, ()


class ProgramMissing(UnreadableSource):
    """The kind is read by a program that is not installed on this machine."""

    key = "program_missing"


class ProgramFailed(UnreadableSource):
    """The program that reads this kind gave no result, or none in time."""

    key = "program_failed"
