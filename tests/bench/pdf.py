"""An annual report of 60 pages with 8 pages of forms: our reader against pdfplumber's tables.

The report is set as real ones are: a cover, contents, prose, nine final-accounts tables with
goals, and the forms at the end. CPU seconds (user + system) are those of one process in which the
engines take turns; peak memory is that of a process of its own for each engine.

    python -m tests.bench.pdf                 # the table
    python -m tests.bench.pdf --flat 500      # resident memory over so many reports

The floor is the text alone: PDFium has to parse each page and look up each glyph for that. How long
it takes depends on the kind of font more than on anything else, so there is a row for two kinds.
"""

import argparse
import io
import json
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.bench.spine import resident

PAGES = 60
FORM_PAGES = 8
FONTS = {"TrueType": "WenQuanYi Zen Hei", "OpenType CFF": "Noto Serif CJK SC"}
REPEATS = 5

LEAST_ON_REPORT, LEAST_ON_FORMS, MOST_MEGABYTES = 20, 8, 250
"""How many times faster than pdfplumber, and peak memory."""


def report(font: str) -> tuple[bytes, bytes]:
    """The report, and its form pages alone."""
    import pikepdf

    from fixtures.accounts import accounts
    from fixtures.drawing import html, weasyprint
    from fixtures.drawing.style import Style
    from fixtures.make import draw
    from fixtures.sheet import form_sheet

    def opened(page: str) -> pikepdf.Pdf:
        return pikepdf.open(io.BytesIO(weasyprint.pdf(page)))

    rng = random.Random(60)
    sheets = [form_sheet(draw(rng)) for _ in range(FORM_PAGES * 2)]
    forms = opened(html.page(sheets, Style(font=font)))
    del forms.pages[FORM_PAGES:]
    tables = opened(_accounts_tables(rng, font))
    prose = "".join(
        re.sub(r"<h3>.*?</table>", "", accounts(seed, font=font).html, flags=re.DOTALL) for seed in range(3, 12)
    )
    text = opened(prose)
    whole = pikepdf.new()
    whole.pages.extend(text.pages[:5])
    whole.pages.extend(tables.pages)
    whole.pages.extend(text.pages[5 : PAGES - FORM_PAGES - len(tables.pages)])
    whole.pages.extend(forms.pages)
    return _bytes(whole), _bytes(forms)


_ACCOUNTS = {
    # rows, number columns, of the tables that every department must publish (财预〔2019〕的部门决算公开格式)
    "收入支出决算总表": (38, 4), "收入决算表": (34, 7), "支出决算表": (34, 6), "财政拨款收入支出决算总表": (36, 7),
    "一般公共预算财政拨款支出决算表": (34, 3), "一般公共预算财政拨款基本支出决算明细表": (30, 6),
    "政府性基金预算财政拨款收入支出决算表": (8, 6), "国有资本经营预算财政拨款支出决算表": (6, 3),
    "财政拨款“三公”经费支出决算表": (3, 12),
}
_ACCOUNTS_STYLE = """<style>@page { size: A4 landscape; margin: 15mm } body { font: 8pt/1.25 "%s" }
h3 { text-align: center; font-size: 14pt; page-break-before: always }
table { border-collapse: collapse; width: 100%% } td { border: 0.5pt solid; padding: 1pt 3pt }</style>"""


def _accounts_tables(rng: random.Random, font: str) -> str:
    """The nine final-accounts tables: codes in three columns, a name, and a number in most cells."""
    parts = [_ACCOUNTS_STYLE % font]
    for name, (rows, columns) in _ACCOUNTS.items():
        head = ["类", "款", "项", "科目名称", *[f"决算数{column}" for column in range(1, columns + 1)]]
        lines = [head]
        for _ in range(rows):
            code = [f"{rng.randint(201, 229)}", f"{rng.randint(1, 99):02d}", f"{rng.randint(1, 99):02d}"]
            numbers = [f"{rng.randint(0, 9_999_999) / 100:,.2f}" if rng.random() < 0.8 else "" for _ in range(columns)]
            lines.append([*code, "一般行政管理事务支出"[: rng.randint(4, 10)], *numbers])
        body = "".join(f"<tr>{''.join(f'<td>{text}</td>' for text in line)}</tr>" for line in lines)
        parts.append(f"<h3>{name}</h3><p>金额单位：万元</p><table>{body}</table>")
    return "".join(parts)


def _bytes(pdf: object) -> bytes:
    target = io.BytesIO()
    pdf.save(target)  # type: ignore[attr-defined]
    return target.getvalue()


# ── engines ──────────────────────────────────────────────────────────────────


def ours(data: bytes) -> int:
    """Cells read by our reader."""
    from parsers.pdf import read_pdf

    return sum(len(grid.cells) for grid in read_pdf(data).grids if grid.n_cols > 1)


def pdfplumbers(data: bytes) -> int:
    """Cells found by pdfplumber's tables."""
    import pdfplumber

    count = 0
    with pdfplumber.open(io.BytesIO(data)) as pdf:
        for page in pdf.pages:
            count += sum(bool(cell) for table in page.extract_tables() for row in table for cell in row)
            page.close()
    return count


def text_alone(data: bytes) -> int:
    """Characters of the text layer."""
    import pypdfium2

    pdf = pypdfium2.PdfDocument(data)
    count = 0
    for page in pdf:
        text = page.get_textpage()
        count += len(text.get_text_range())
        text.close()
        page.close()
    pdf.close()
    return count


ENGINES: dict[str, Callable[[bytes], int]] = {
    "pdfplumber extract_tables": pdfplumbers,
    "parsers.pdf": ours,
    "pypdfium2, text alone": text_alone,
}


def turns(data: bytes) -> dict[str, float]:
    """CPU seconds of each engine: the median of runs that take turns."""
    spent: dict[str, list[float]] = {name: [] for name in ENGINES}
    for _ in range(REPEATS):
        for name, engine in ENGINES.items():
            started = time.process_time()
            engine(data)
            spent[name].append(time.process_time() - started)
    return {name: sorted(seconds)[REPEATS // 2] for name, seconds in spent.items()}


# ── processes of their own ───────────────────────────────────────────────────


def alone(engine: str, path: Path, count: int = 1) -> list[float]:
    """Megabytes in a process of its own: resident along the way, and the peak as the last."""
    command = [sys.executable, "-m", "tests.bench.pdf", "--engine", engine, "--path", path, "--flat", str(count)]
    said = subprocess.run([*map(str, command)], check=True, capture_output=True, text=True).stdout
    return list(json.loads(said))


def run_alone(engine: str, path: Path, count: int) -> list[float]:
    """What such a process does."""
    data = path.read_bytes()
    sizes = []
    for number in range(count):
        ENGINES[engine](data)
        if number % max(1, count // 10) == 0:
            sizes.append(resident())
    return [*sizes, peak()]


def peak() -> float:
    """Megabytes of resident memory at the worst moment; what getrusage says includes the parent's."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(re.search(r"VmHWM:\s+(\d+)", status)[1]) / 1e3  # type: ignore[index]


def main() -> int:
    """Draws, measures, prints; 1 where a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--flat", type=int, default=0)
    parser.add_argument("--engine", choices=sorted(ENGINES))
    parser.add_argument("--path", type=Path)
    options = parser.parse_args()
    if options.engine:
        print(json.dumps(run_alone(options.engine, options.path, options.flat)))
        return 0
    folder = Path(tempfile.gettempdir()) / "jixiao-bench-pdf"
    folder.mkdir(exist_ok=True)
    missed = False
    for kind, font in FONTS.items():
        paths = [folder / f"{kind.split()[0]}-{name}.pdf" for name in ("report", "forms")]
        if not all(path.exists() for path in paths):
            for path, data in zip(paths, report(font), strict=True):
                path.write_bytes(data)
        missed |= _measure(kind, paths, options.flat)
    return int(missed)


def _measure(kind: str, paths: list[Path], flat: int) -> bool:
    """Prints the rows of one kind of font; whether a target is missed."""
    print(f"── {kind} font " + "─" * 40)
    ratios = []
    for path in paths:
        spent = turns(path.read_bytes())
        slow = spent["pdfplumber extract_tables"]
        ratios.append(slow / spent["parsers.pdf"])
        for name, seconds in spent.items():
            print(f"{path.stem:24} {name:28} {seconds:8.3f} s  {slow / seconds:6.1f}×")
    sizes = {name: alone(name, paths[0])[-1] for name in ENGINES}
    print("peak MB: ", ", ".join(f"{name} {size:.0f}" for name, size in sizes.items()))
    if flat:
        *along, highest = alone("parsers.pdf", paths[0], flat)
        print(f"resident MB over {flat} reports: {', '.join(f'{size:.0f}' for size in along)}; peak {highest:.0f}")
    return ratios[0] < LEAST_ON_REPORT or ratios[1] < LEAST_ON_FORMS or sizes["parsers.pdf"] > MOST_MEGABYTES


if __name__ == "__main__":
    sys.exit(main())
