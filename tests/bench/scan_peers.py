"""RapidOCR and Tesseract over whole pages: their boxes go to the true cells that they lie in."""

import csv
import io
import os
import resource
import subprocess
import time
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from fixtures.scans import files
from fixtures.scans.scan import ScannedPage
from tests.bench.scan_scores import bare, is_numeric


class Piece(NamedTuple):
    """Something that an engine read, and where: left, top, right, bottom in pixels."""

    text: str
    box: tuple[float, float, float, float]


class PeerScore(NamedTuple):
    """Cells of a page that an engine read right, and what it cost."""

    cells: int
    exact: int
    numbers: int
    numbers_exact: int
    seconds: float


@lru_cache
def _rapid(engine: str) -> Any:
    from rapidocr import EngineType, RapidOCR

    kind = EngineType.OPENVINO if engine == "openvino" else EngineType.ONNXRUNTIME
    return RapidOCR(params={
        "Global.log_level": "error",
        "EngineConfig.onnxruntime.intra_op_num_threads": 1,
        "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        "EngineConfig.openvino.inference_num_threads": 1,
        **{f"{part}.engine_type": kind for part in ("Det", "Cls", "Rec")},
    })  # fmt: skip


def _rapidocr(engine: str) -> Callable[[ScannedPage], list[Piece]]:
    def whole(page: ScannedPage) -> list[Piece]:
        pixels = files.kept(page)
        result = _rapid(engine)(pixels[:, :, ::-1] if pixels.ndim == 3 else pixels)
        if result.txts is None:
            return []
        return [
            Piece(text, (*box.min(0), *box.max(0))) for text, box in zip(result.txts, result.boxes, strict=True)
        ]
    return whole


def _tesseract(mode: int) -> Callable[[ScannedPage], list[Piece]]:
    def whole(page: ScannedPage) -> list[Piece]:
        command = ["tesseract", "-", "-", "-l", "chi_sim", "--psm", f"{mode}", "--dpi", f"{page.dpi}", "tsv"]
        told = subprocess.run(
            command, input=files.png(page), check=True, capture_output=True, env=os.environ | {"OMP_THREAD_LIMIT": "1"}
        )
        rows = csv.DictReader(io.StringIO(told.stdout.decode()), delimiter="\t", quoting=csv.QUOTE_NONE)
        pieces = []
        for row in rows:
            if row["text"] and row["text"].strip():
                left, top, wide, high = (int(row[name]) for name in ("left", "top", "width", "height"))
                pieces.append(Piece(row["text"], (left, top, left + wide, top + high)))
        return pieces
    return whole


PEERS: Mapping[str, Callable[[ScannedPage], list[Piece]]] = {
    "RapidOCR whole page, ONNX Runtime": _rapidocr("onnxruntime"),
    "RapidOCR whole page, OpenVINO": _rapidocr("openvino"),
    "Tesseract chi_sim, psm 4": _tesseract(4),
    "Tesseract chi_sim, psm 6": _tesseract(6),
}


def _spent() -> float:
    """CPU seconds of this process and of those that it waited for."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def peer_score(name: str, page: ScannedPage) -> PeerScore:
    """One page by one engine."""
    started = _spent()
    pieces = PEERS[name](page)
    seconds = _spent() - started
    counts = [0, 0, 0, 0]
    for cell in page.cells:
        wanted = bare("".join(line.text for line in cell.lines))
        if cell.at[2] < 0 or not wanted:
            continue
        right = wanted == _within(cell.box, pieces)
        number = is_numeric(wanted)
        for place, count in enumerate((1, right, number, right and number)):
            counts[place] += count
    return PeerScore(*counts, seconds)


def _within(box: tuple[float, float, float, float], pieces: list[Piece]) -> str:
    """What stands in a cell by the middle of each piece: lines from top to bottom, each from left to right."""
    x0, top, x1, bottom = box
    inside = [
        piece for piece in pieces
        if x0 <= (piece.box[0] + piece.box[2]) / 2 < x1 and top <= (piece.box[1] + piece.box[3]) / 2 < bottom
    ]
    inside.sort(key=lambda piece: (piece.box[1] + piece.box[3]) / 2)
    lines: list[list[Piece]] = []
    for piece in inside:
        middle = (piece.box[1] + piece.box[3]) / 2
        if lines and middle < lines[-1][0].box[3] - 0.2 * (lines[-1][0].box[3] - lines[-1][0].box[1]):
            lines[-1].append(piece)
        else:
            lines.append([piece])
    return bare("".join(piece.text for line in lines for piece in sorted(line, key=lambda piece: piece.box[0])))
