"""Bytes to text. Web pages and programs name their encoding wrongly, so bytes decide."""

import codecs
import re
from collections.abc import Iterator
from typing import NamedTuple

from parsers.errors import Damaged, Unsupported, WrongEncoding
from parsers.grid import Note
from parsers.lines import unify_line_ends
from parsers.plausible import MIN_SHARE, common_share, letters, misreading, reads_chinese

BOMS = (
    (b"\xff\xfe\x00\x00", "utf-32-le"),   # before UTF-16, whose mark it begins with
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
_UTF8_BOM = b"\xef\xbb\xbf"

MAX_BROKEN = 2             # broken bytes that are always forgiven,
BROKEN_PER_BYTES = 1_000   # or one in so many;
MARKS_PER_BROKEN = 3       # each may spoil a character of three bytes, marked one by one
MAX_CONTROL_SHARE = 0.01   # of a text; binary data has a tenth
CERTAIN = 10               # good characters to each broken byte that prove UTF-8
_JUDGED = 100_000   # characters, from the first that is not ASCII
_NAMED_LINES = 5
_GUESSED_BYTES = 16_384

_CONTROLS = bytes(set(range(0x20)) - set(b"\t\n\v\f\r\x1a"))
_LOST = "\ufffd"
_LOST_AS_GBK = "锟斤拷"    # two U+FFFD in UTF-8, read as GBK
_FOREIGN = re.compile(r"[^\x00-\x7f]")
_FOREIGN_RUN = re.compile(r"[^\x00-\x7f\xa0]{4}")   # Western text has no such word

# Names that pages and mails give their encoding, where the bytes alone leave a doubt.
_NAMED = {
    "big5": "big5hkscs", "big5-hkscs": "big5hkscs", "x-x-big5": "big5hkscs", "cp950": "big5hkscs",
    "shift_jis": "cp932", "shift-jis": "cp932", "x-sjis": "cp932", "euc-jp": "euc_jp", "euc-kr": "cp949",
}
_NAMED_SEVEN_BIT = {"hz-gb-2312": "hz", "hz": "hz", "iso-2022-jp": "iso2022_jp_2"}
_SHIFTS = (b"~{", b"\x1b$")   # what begins Chinese in these
_NAMED_GB = frozenset(("gb2312", "gbk", "gb18030", "x-gbk", "gb_2312-80", "cp936"))
_WESTERN = "cp1252"
_NAMED_WESTERN = frozenset(
    ("windows-1252", "cp1252", "x-cp1252", "iso-8859-1", "iso8859-1", "latin1", "us-ascii")
)
_RESAVE = "Get the original file, or open it in an editor and save it as UTF-8."


class Decoded(NamedTuple):
    """Text, the Python name of its encoding, and what was mended."""

    text: str
    encoding: str
    notes: tuple[Note, ...] = ()


class _Mended(NamedTuple):
    text: str
    broken: int     # U+FFFD that stand for broken bytes
    is_cut: bool    # the data ended within a character
    is_sound: bool  # few enough are broken


def decode(data: bytes, named: str = "") -> Decoded:
    """Decodes text of unknown encoding.

    In order: byte order marks; UTF-8; UTF-16 without a mark; GB18030 (what calls itself
    gb2312 or gbk is that); Big5 and kin by charset_normalizer. All but UTF-8 must read
    like Chinese. A few broken bytes become U+FFFD with a note.

    Args:
        data: The bytes.
        named: The name that the text gives its encoding, in lower case. It is often wrong,
            so it only decides where the bytes leave a doubt; without a mark or UTF-8, another
            encoding than GB18030 is tried before it.

    Raises:
        WrongEncoding: None fits, or the text was spoiled by an earlier conversion.
        Damaged: Text with NUL bytes in it.
        Unsupported: Not text.
    """
    for bom, codec in BOMS:
        if data.startswith(bom):
            return _decode_marked(data[len(bom) :], codec)
    data = data.removeprefix(_UTF8_BOM)
    if b"\0" not in data:
        try:
            text = data.decode()
        except UnicodeDecodeError:
            pass
        else:
            seven_bit = _NAMED_SEVEN_BIT.get(named)
            if seven_bit and any(map(data.__contains__, _SHIFTS)):
                return _decode_marked(data, seven_bit)
            _refuse_binary(data)
            return _unspoiled(Decoded(text, "utf-8"))
    return _guess(data, named)


def _decode_marked(data: bytes, codec: str) -> Decoded:
    mended = _mend(data, codec)
    _refuse_binary(mended.text.encode())
    if not mended.is_sound:
        raise WrongEncoding(f"the file is marked as {codec} but is not. {_RESAVE}")
    return _unspoiled(_noted(mended, codec))


def _guess(data: bytes, named: str) -> Decoded:
    """Tries what has no mark and is not whole UTF-8, the surest first."""
    for codec in ("utf-16-le", "utf-16-be"):
        mended = _mend(data, codec)
        if _is_utf16(mended, data):
            return _noted(mended, codec)
    _refuse_binary(data)
    utf8 = _mend(data, "utf-8")
    foreign = len(utf8.text) - len(utf8.text.encode("ascii", "ignore")) - utf8.broken
    if utf8.is_sound and foreign >= CERTAIN * (utf8.broken + utf8.is_cut):
        return _unspoiled(_noted(utf8, "utf-8"))
    for codec in _candidates(data, named):
        mended = _mend(data, codec)
        if _reads(mended) or (codec == _WESTERN and named in _NAMED_WESTERN):
            return _noted(mended, codec)
    if named in _NAMED_GB and not (mended := _mend(data, "gb18030")).broken:
        return _noted(mended, "gb18030")   # rare characters, and nothing else fits
    if utf8.is_sound and CERTAIN * utf8.broken <= len(utf8.text):
        return _noted(utf8, "utf-8")
    raise WrongEncoding(
        "the bytes make no sense as UTF-8, UTF-16, GB18030 (GBK, GB2312) or Big5. " + _RESAVE
    )


def _is_utf16(mended: _Mended, data: bytes) -> bool:
    """Whether data without a mark was rightly read as UTF-16.

    Line ends and digits have NULs. Without any, two letters of other encodings look like
    one Han character, so the proof must be better.
    """
    if not _reads(mended) or _has_controls(mended.text):
        return False
    return b"\0" in data or (
        not mended.is_cut and common_share(letters(mended.text)) >= MIN_SHARE
    )


def _mend(data: bytes, codec: str) -> _Mended:
    decoder = codecs.getincrementaldecoder(codec)("replace")
    text = decoder.decode(data, final=False)
    is_cut = bool(decoder.getstate()[0])
    printed = _LOST.encode(codec, "ignore")
    broken = text.count(_LOST) - (data.count(printed) if printed else 0)
    return _Mended(text, broken, is_cut, _is_few(broken, len(data)))


def _reads(mended: _Mended) -> bool:
    if not mended.is_sound:
        return False
    foreign = _FOREIGN.search(mended.text)   # a page begins with much markup
    return foreign is None or reads_chinese(mended.text[foreign.start() : foreign.start() + _JUDGED])


def _is_few(broken: int, total: int) -> bool:
    return broken <= MARKS_PER_BROKEN * max(MAX_BROKEN, total // BROKEN_PER_BYTES)


def _candidates(data: bytes, named: str) -> Iterator[str]:
    """Encodings to try, the surest first."""
    if named in _NAMED:
        yield _NAMED[named]
    western = named in _NAMED_WESTERN and not _FOREIGN_RUN.search(data.decode("latin-1"))
    if not western or not _mend(data, "gb18030").broken:
        yield "gb18030"
    if western:
        yield _WESTERN
    yield _detected(data)


def _detected(data: bytes) -> str:
    # Imported here: it takes 40 ms, and nearly no file needs it.
    from charset_normalizer import from_bytes  # noqa: PLC0415

    end = data.rfind(b"\n", 0, _GUESSED_BYTES) + 1 or _GUESSED_BYTES
    best = from_bytes(data[:end]).best()
    codec = best.encoding if best else "ascii"
    return "big5hkscs" if codec in {"big5", "cp950"} else codec   # holds all that they hold


def _has_controls(text: str) -> bool:
    raw = text.encode("utf-8", "ignore")
    return len(raw.translate(None, _CONTROLS)) != len(raw)


def _refuse_binary(data: bytes) -> None:
    controls = len(data) - len(data.translate(None, _CONTROLS))
    if not controls:
        return
    nuls = data.count(0)
    if controls - nuls > MAX_CONTROL_SHARE * len(data):
        raise Unsupported("binary data of no kind that is known here. Give a report file.")
    if nuls:
        raise Damaged(
            f"the text holds {nuls:,} NUL bytes, as when copying broke off. Get the file again."
        )


def _unspoiled(decoded: Decoded) -> Decoded:
    """The same, unless an earlier program misread the text and saved what it saw."""
    text = decoded.text
    misread_as = misreading(text)
    if misread_as:
        raise WrongEncoding(
            f"the text is mojibake: UTF-8 that a program read as {misread_as} and saved again."
            " Get the file as it was before."
        )
    if decoded.notes or (_LOST_AS_GBK not in text and _LOST not in text):
        return decoded
    lost = text.count(_LOST) + 2 * text.count(_LOST_AS_GBK)
    if not _is_few(lost, len(text)):
        raise WrongEncoding(
            f"an earlier conversion lost {lost:,} characters (they read {_LOST} or"
            f" {_LOST_AS_GBK}). Get the file as it was before."
        )
    message = f"characters lost by an earlier conversion: {lost}"
    note = Note("lost_characters", _places(text), message)
    return decoded._replace(notes=(note,))


def _noted(mended: _Mended, codec: str) -> Decoded:
    notes = []
    if mended.broken:
        message = (
            f"broken bytes in {codec} text, shown as {_LOST} ({mended.broken} times);"
            " their neighbours on the line may be wrong too"
        )
        notes.append(Note("replaced_bytes", _places(mended.text), message))
    if mended.is_cut:
        last = unify_line_ends(mended.text).count("\n") + 1
        message = "the file ends within a character: it was cut off"
        notes.append(Note("cut_character", f"line {last}", message))
    return Decoded(mended.text, codec, tuple(notes))


def _places(text: str) -> str:
    """The lines on which characters were lost, in words."""
    lines = unify_line_ends(text).split("\n")
    lost = [
        str(number)
        for number, line in enumerate(lines, 1)
        if _LOST in line or _LOST_AS_GBK in line
    ]
    named = ", ".join(lost[:_NAMED_LINES])
    more = len(lost) - _NAMED_LINES
    return f"line{'s' * (len(lost) > 1)} {named}" + (f" and {more} more" if more > 0 else "")
