"""Whether decoded text reads like Chinese, told by how many of its characters are common.

Text that was decoded wrongly is made of rare characters. Of report forms and prose about
them 80 to 90 % of the letters stand in `COMMON`; of the same bytes misread, under 6 %.
"""

import re

COMMON = frozenset(
    # The most frequent characters of Chinese reports, then those of forms and budgets.
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过"
    "子说产种面而方后多定行学法所民得经十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制"
    "机当使点从业本去把性好应开它合还因由其些然前外天政四日那社义事平形相全表间样与关各重新线内数正"
    "心反你明看原又利比或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想已通并提直题党程"
    "展五果料象员革位入常文总次品式活设及管特件长求老头基资边流路级少图山统接知较将组见计别手角期根"
    "论运农指几九区强放决西被干做必战先回则任取据处队南给色光门即保治北造百规热领七海口东导器压志世"
    "金增争济阶油思术极交受联什认六共权收证改清己美再采转更单风切打白教速花带安场身车例真务具万每目"
    "至达走积示议声报完类八离华名确才科张信马节话整空元况今集温传土许步群广石记需段研界林律且究观织"
    "项绩效标值预算执率评价财支偏差析措施满服众企市监督县省局委院校投诉优良购费额款拨余专训培检查测"
    "验技维护修息网络宣覆盖响持续推按低升促居城乡村卫健康医疗环境申办印深响应未构未"
    # Traditional forms of the same.
    "項績標預執評價財產達質數時務會國業實際農監場資費專環態經濟應網絡號區縣單總額個來學為發對說"
    "開關報與機過還進動後長東車門問間體點題議認設計記證調試辦華書員決處術點級統結組織給續維護"
    "練習團隊類顧參觀廣廠衛健醫療環參政府採購補助種類備註稱費預評審據優變條獲採確權責規劃"
)

# Neither for nor against: ASCII, and the punctuation and full-width forms of CJK text.
_NEUTRAL = re.compile(
    r"[\x00-\x7f\xa0\xb0-\xb7\u2010-\u22ff\u2460-\u25ff\u3000-\u303f\ufe30-\ufe4f\uff00-\uffef]+"
)
_WINDOW = 40_000    # characters looked at
_SAMPLE = 2_000     # letters judged

MIN_SHARE = 0.2     # of a sample's letters are common
MIN_LEVEL_ONE = 0.75   # or are among the 3,755 of GB2312's first level: lists of names

_HEAD = 120         # characters that tell, in nearly every file, that all is well
_HEAD_COMMON = 8    # different common characters there; misread text has two or three

# cp1252 shows these bytes as other characters than Latin-1, which has code points of its own.
_AS_LATIN_1 = {
    ord(bytes([byte]).decode("cp1252")): byte
    for byte in range(0x80, 0xA0)
    if byte not in {0x81, 0x8D, 0x8F, 0x90, 0x9D}
}


def letters(text: str) -> str:
    """The characters that speak for or against, from the beginning of the text."""
    return _NEUTRAL.sub("", text[:_WINDOW])[:_SAMPLE]


def reads_chinese(text: str) -> bool:
    """Whether the text was decoded as it was written. Text without letters may have been.

    >>> reads_chinese("年度资金总额"), reads_chinese("骞村害璧勯噾"), reads_chinese("赵强 黄磊")
    (True, False, True)
    """
    sample = letters(text)
    if not sample or common_share(sample) >= MIN_SHARE:
        return True
    level_one = sum(b"\xb0" <= char.encode("gb2312", "ignore") < b"\xd8" for char in sample)
    return level_one >= MIN_LEVEL_ONE * len(sample)


def common_share(sample: str) -> float:
    """Share of a sample of `letters` that is common, 0 to 1."""
    return sum(map(COMMON.__contains__, sample)) / (len(sample) or 1)


def misreading(text: str) -> str | None:
    """Names the wrong encoding through which good UTF-8 once went, None if none did.

    Costs next to nothing where the text begins with common characters.

    >>> misreading("涓枃椤圭洰"), misreading("é¡¹ç›®èµ„é‡‘"), misreading("项目资金")
    ('GBK', 'Latin-1', None)
    """
    if text.isascii() or len(COMMON.intersection(text[:_HEAD])) >= _HEAD_COMMON:
        return None
    shown = letters(text)
    if common_share(shown) >= MIN_SHARE:
        return None
    window = text[:_WINDOW]
    for name, raw in (
        ("GBK", window.encode("gb18030", "ignore")),
        ("Latin-1", window.translate(_AS_LATIN_1).encode("latin-1", "ignore")),
    ):
        meant = letters(raw.decode("utf-8", "ignore"))
        # Three letters in UTF-8 are nine bytes, shown as four or five in GBK, nine in Latin-1.
        if 10 * len(meant) >= len(shown) > 0 and common_share(meant) >= MIN_SHARE:
            return name
    return None
