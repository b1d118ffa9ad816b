"""Tesseract, where it is installed: what reads when nothing better does."""

import csv
import os
import tempfile
from collections.abc import Sequence
from io import StringIO
from math import prod
from pathlib import Path
from typing import Final

import cv2
import pytesseract  # type: ignore[import-untyped]

from parsers.errors import OcrUnavailable
from parsers.ocr.ctc import UNREAD
from parsers.ocr.engine import Grey, ReadLine

WANTED: Final = ("chi_sim", "eng")
PRINT: Final = 36         # pixels: the height of lines that it reads best
PAPER: Final = 14         # pixels around them
ONE_LINE: Final = "--psm 7"
SECONDS: Final = 2.0      # for one line, with the start of the program
START: Final = 20.0


class Tesseract:
    """The program, started once for all lines of a call."""

    def __init__(self) -> None:
        try:
            version = pytesseract.get_tesseract_version()
            installed = pytesseract.get_languages()
        except pytesseract.TesseractNotFoundError as missing:
            raise OcrUnavailable from missing
        languages = [language for language in WANTED if language in installed]
        if not languages:
            raise OcrUnavailable
        self._languages = "+".join(languages)
        self.name = f"tesseract-{version}/{self._languages}"

    def call(self, images: Sequence[Grey]) -> list[str]:
        """The program's own table of words (TSV), one for each image."""
        if not images:
            return []
        os.environ["OMP_THREAD_LIMIT"] = "1"   # it is started by pytesseract, which hands on the environment
        with tempfile.TemporaryDirectory(prefix="jixiao-") as folder:
            paths = [str(Path(folder, f"{number}.png")) for number in range(len(images))]
            for path, image in zip(paths, images, strict=True):
                cv2.imwrite(path, _fitted(image))
            listed = Path(folder, "lines.txt")
            listed.write_text("\n".join(paths), encoding="utf-8")
            try:
                table = pytesseract.image_to_data(
                    str(listed), self._languages, ONE_LINE, timeout=START + SECONDS * len(images)
                )
            except (RuntimeError, pytesseract.TesseractError):   # the former when its time is over
                return [""] * len(images)
        return _by_page(table, len(images))

    def translate(self, answers: Sequence[str]) -> list[ReadLine]:
        """What the answers say; it knows no other readings."""
        return [_read(answer) for answer in answers]


def _fitted(image: Grey) -> Grey:
    scale = PRINT / max(1, image.shape[0])
    wide = max(1, round(image.shape[1] * scale))
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    line = cv2.resize(image, (wide, PRINT), interpolation=how)
    return cv2.copyMakeBorder(line, PAPER, PAPER, PAPER, PAPER, cv2.BORDER_CONSTANT, value=255)


def _by_page(table: str, pages: int) -> list[str]:
    """The rows of each page: ``conf<tab>text``."""
    rows: list[list[str]] = [[] for _ in range(pages)]
    for row in csv.DictReader(StringIO(table), delimiter="\t", quoting=csv.QUOTE_NONE):
        page, text, sure = row.get("page_num") or "", (row.get("text") or "").strip(), row.get("conf") or ""
        if text and page.isdigit() and 1 <= int(page) <= pages:
            rows[int(page) - 1].append(f"{sure}\t{text}")
    return ["\n".join(own) for own in rows]


def _read(answer: str) -> ReadLine:
    words = [line.split("\t", 1) for line in answer.splitlines()]
    text = ""
    for _, word in words:
        text += f" {word}" if text[-1:].isascii() and text[-1:].isalpha() and word[0].isascii() else word
    if not text:
        return ReadLine(UNREAD, 0.0)
    return ReadLine(text, prod([max(0.0, min(1.0, float(sure) / 100)) for sure, _ in words]))
