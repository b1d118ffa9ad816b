"""A recogniser that misreads, on purpose and by seed: true cells in, doubtful cells out.

Its chances are honest: of the readings that it gives 70 %, 70 % are the truth. The truth stands
among what it saw in most doubtful cells, in some it does not; a few cells are wrong without any
doubt.
"""

import random
from typing import NamedTuple

from parsers.grid import Cell, Grid, Reading, Seen

METHOD = "ocr:double-1"
DIGITS = {
    "0": "68OD", "1": "7l4", "2": "7Z", "3": "85", "4": "91", "5": "63", "6": "058", "7": "12", "8": "306", "9": "84",
}
SIGNS = {
    ".": ("", ",", "·"), ",": (".", ""), "-": ("一", "—", "1"), "≥": ("2", "之", ">"), "≧": ("2", "≥", "之"),
    "≤": ("<", "≦", "s"), "≦": ("<", "≤"), "%": ("9", "％", "96"), "（": ("(",), "）": (")",), "=": ("一", "＝", "-"),
    "＝": ("=", "二"), "(": ("（", "C"), ")": ("）",), "：": (":", ""), ">": ("≥",),
}  # fmt: skip
HAN = {
    "项": "顶预", "目": "日自", "名": "各", "称": "祢", "主": "王", "管": "菅", "部": "郜", "门": "们", "实": "买宝",
    "施": "旋", "单": "里", "位": "拉", "资": "货", "金": "全", "预": "顶", "算": "箅", "数": "敷", "量": "重",
    "质": "贡", "时": "吋", "效": "敛", "指": "捐", "标": "际", "满": "蒲", "意": "竟", "度": "席", "产": "严",
    "出": "山", "分": "兮", "值": "直", "得": "徳", "偏": "编", "差": "着", "原": "愿", "因": "困", "总": "怠",
    "优": "忧", "良": "艮", "中": "申", "一": "-", "二": "三", "三": "二", "级": "圾", "完": "宪", "成": "咸",
    "达": "迖", "未": "末", "社": "杜", "会": "合", "益": "盖", "务": "芬", "对": "対", "象": "像", "年": "午",
    "绩": "续", "评": "坪", "表": "衰", "执": "拢", "行": "衍", "率": "牵", "其": "具", "他": "池", "当": "当",
    "次": "欠", "人": "入", "天": "夭", "户": "尸", "期": "斯",
}  # fmt: skip


class Habits(NamedTuple):
    """How a recogniser misreads.

    Attributes:
        doubtful: Share of numbers that it is in doubt of.
        doubtful_words: The same for other cells.
        sharpness: How far its best reading is ahead of the others; the larger, the farther.
        unseen: Share of its doubt that none of its readings covers.
        blind: Share of the numbers without doubt that are wrong.
    """

    doubtful: float = 0.1
    doubtful_words: float = 0.15
    sharpness: float = 1.5
    unseen: float = 0.1
    blind: float = 0.0002


def misread(reading: Reading, rng: random.Random, habits: Habits) -> Reading:
    """The reading as the recogniser gives it."""
    return reading._replace(grids=tuple([_grid(grid, rng, habits) for grid in reading.grids]))


def sure(reading: Reading) -> Reading:
    """The reading without a doubt, as a recogniser would give it that never errs."""
    return misread(reading, random.Random(0), Habits(0.0, 0.0, blind=0.0))


def in_doubt(reading: Reading, truth: str, *seen: tuple[str, float], nth: int = 0) -> Reading:
    """The reading with the nth cell of that text in doubt between other texts, the first of them held best."""
    readings = tuple([Seen(*one) for one in seen])
    places = [(g, c) for g, grid in enumerate(reading.grids) for c, cell in enumerate(grid.cells) if cell.text == truth]
    at, position = places[nth]
    grid = reading.grids[at]
    cell = Cell(*grid.cells[position])
    doubtful = cell._replace(
        text=readings[0].text,
        origin=cell.origin._replace(confidence=readings[0].probability),
        seen=readings if len(readings) > 1 else (),
    )
    cells = (*grid.cells[:position], doubtful, *grid.cells[position + 1 :])
    grids = (*reading.grids[:at], grid._replace(cells=cells), *reading.grids[at + 1 :])
    return reading._replace(grids=grids)


def best_only(reading: Reading) -> Reading:
    """What a recogniser without second readings gives: each best text, as if it were print."""
    return reading._replace(grids=tuple([_plain(grid) for grid in reading.grids]))


def _plain(grid: Grid) -> Grid:
    cells = [
        Cell(*cell)._replace(origin=cell.origin._replace(method="text", confidence=1.0), seen=())
        for cell in grid.cells
    ]
    return grid._replace(cells=tuple(cells))


def _grid(grid: Grid, rng: random.Random, habits: Habits) -> Grid:
    return grid._replace(cells=tuple([_cell(cell, rng, habits) for cell in grid.cells]))


def _cell(cell: Cell, rng: random.Random, habits: Habits) -> Cell:
    cell = Cell(*cell)  # readers that hurry leave out the last of its parts
    is_number = any(sign.isdigit() for sign in cell.text) or len(cell.text) == 1
    origin = cell.origin._replace(method=METHOD, confidence=0.9995)
    if rng.random() >= (habits.doubtful if is_number else habits.doubtful_words):
        text = slipped(cell.text, rng) if is_number and rng.random() < habits.blind else cell.text
        return cell._replace(text=text, origin=origin)
    seen = _seen(cell.text, rng, habits)
    if not seen:
        return cell._replace(origin=origin)
    return cell._replace(
        text=seen[0].text, origin=origin._replace(confidence=seen[0].probability), seen=tuple(seen)
    )


def _seen(truth: str, rng: random.Random, habits: Habits) -> list[Seen]:
    """Readings with honest chances: which of them is the truth is drawn by them."""
    others = list(dict.fromkeys(slipped(truth, rng) for _ in range(rng.randint(1, 9))))
    others = [text for text in others if text not in {truth, ""}]
    if not others:
        return []
    weights = sorted((rng.random() ** (2 * habits.sharpness) for _ in range(len(others) + 1)), reverse=True)
    weights[0] += habits.sharpness * rng.random()
    total = sum(weights)
    chances = [weight / total for weight in weights]
    unseen = (1 - chances[0]) * habits.unseen
    chances = [chances[0], *(chance * (1 - habits.unseen) for chance in chances[1:])]
    at = rng.choices(range(len(chances) + 1), [*chances, unseen])[0]
    texts = [*others[:at], truth, *others[at:]] if at < len(chances) else others
    return [Seen(text, chance) for text, chance in zip(texts, chances, strict=False)]


def slipped(text: str, rng: random.Random) -> str:
    """The text with one character misread, now and then two, lost or doubled."""
    for _ in range(1 if rng.random() < 0.8 else 2):
        text = _slip(text, rng)
    return text


def _slip(text: str, rng: random.Random) -> str:
    if not text:
        return text
    at = rng.randrange(len(text))
    sign = text[at]
    chance = rng.random()
    if chance < 0.08 and len(text) > 1:
        return text[:at] + text[at + 1 :]
    if chance < 0.14:
        return text[:at] + sign + text[at:]
    others = DIGITS.get(sign) or SIGNS.get(sign) or HAN.get(sign)
    if others is None:
        others = "的一是了口日" if "\u4e00" <= sign <= "\u9fff" else (sign,)
    return text[:at] + rng.choice(tuple(others)) + text[at + 1 :]
