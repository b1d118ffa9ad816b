"""The picture that goes with an explanation: the page with the cell outlined."""

from pathlib import Path
from typing import Final

from parsers.errors import UnreadableSource
from parsers.grid import Box
from parsers.picture import Spot, crop
from pipeline.errors import NothingFound, UsageProblem
from pipeline.explain import Explanation

RAW: Final = Path("data/raw")


def write_picture(explanation: Explanation, folder: Path | None, file: Path) -> Path:
    """Draw the place of an explained value.

    Args:
        explanation: Of one field.
        folder: The folder that the reports were read from; None: ``data/raw/<year>``.
        file: The PNG to write; one that is there is replaced.

    Returns:
        The file.

    Raises:
        UsageProblem: No field was explained, its place is on no drawn page, or the file cannot
            be written.
        NothingFound: The report is not in the folder.
    """
    if "cells" not in explanation.data or "year" not in explanation.data:
        raise UsageProblem("A picture shows one value.",
                           "Name its field too, for example indicators.0.target_text.")
    cells = explanation.data["cells"]
    spots = [
        Spot(cell["page"], Box(cell["x0"], cell["top"], cell["x1"], cell["bottom"]))
        for cell in cells
        if cell["x0"] is not None
    ]
    if not spots:
        where = f": it is at {cells[0]['place']}" if cells else "; nothing is printed for it"
        raise UsageProblem(f"The value has no place on a drawn page{where}.",
                           "Open the report there.")
    source = (folder or RAW / str(explanation.data["year"])) / explanation.data["source_path"]
    try:
        file.write_bytes(crop(_bytes_of(source), spots))
    except UnreadableSource as error:
        raise UsageProblem(f"{source} cannot be drawn: {error.message}.",
                           f"Open it at {cells[0]['place']}.") from error
    except OSError as error:
        raise UsageProblem(f"{file} cannot be written: {error.strerror}.", "Name another file.") from error
    return file


def _bytes_of(source: Path) -> bytes:
    try:
        return source.read_bytes()
    except OSError as error:
        raise NothingFound(f"The report {source} cannot be read: {error.strerror}.",
                           "Name the folder that it was read from (--input DIR).") from error
