"""ZIP files and XML parts: limits hold whatever the file says of itself."""

import pytest
from lxml import etree

from fixtures.hostile import archives, office
from fixtures.hostile.bombs import zip_bomb
from fixtures.hostile.whole import zip_of
from parsers.container import MAX_MEMBER_BYTES, Container
from parsers.errors import Damaged, Encrypted, TooLarge
from parsers.xml import local_name, parse_xml


def test_members_are_read_by_name():
    container = Container(zip_of({"a/b.xml": "<x/>", "空": ""}))
    assert list(container.members) == ["a/b.xml", "空"]
    assert "a/b.xml" in container
    assert "b.xml" not in container
    assert (container.read("a/b.xml"), container.read("空")) == (b"<x/>", b"")


def test_folders_and_nameless_members_are_none():
    assert list(Container(zip_of([("d/", ""), ("", "x"), ("d/f", "x")])).members) == ["d/f"]


@pytest.mark.parametrize(
    ("data", "name", "error"),
    [
        (zip_of({"a": "x"}), "b", Damaged),
        (archives.locked(), "报告/表.html", Encrypted),
        (archives.FILES["unknown_method.zip"](), "报告/表.html", Damaged),
        (archives.FILES["wrong_checksum.zip"](), "表.html", Damaged),
        (archives.FILES["list_beyond_end.zip"](), "报告/表.html", Damaged),
        (zip_bomb("a", total=2 * MAX_MEMBER_BYTES), "a", TooLarge),
        (zip_bomb("a", total=2 * MAX_MEMBER_BYTES, claimed=MAX_MEMBER_BYTES // 64), "a", Damaged),
    ],
)
def test_what_cannot_be_read_says_why(data, name, error):
    container = Container(data)
    with pytest.raises(error, match=name):
        container.read(name)


def test_all_that_is_read_counts_toward_one_limit(monkeypatch):
    monkeypatch.setattr("parsers.container.MAX_EXPANDED_BYTES", 100)
    container = Container(zip_of({"a": "x" * 60, "b": "x" * 60}))
    assert len(container.read("a")) == 60
    with pytest.raises(TooLarge):
        container.read("b")


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"x" * 1000])
def test_no_archive_is_damaged(data):
    with pytest.raises(Damaged, match="get the file anew"):
        Container(data)


# ── XML ──────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("<a>表</a>".encode(), "表"),
        ('\n <?xml version="1.0" encoding="UTF-8"?><a>表</a>'.encode(), "表"),
        ('<?xml version="1.0" encoding="GBK"?><a>表</a>'.encode("gbk"), "表"),
        ('<?xml version="1.0" encoding="UTF-16"?><a>表</a>'.encode("utf-16"), "表"),
        (b"\xef\xbb\xbf<a>x</a>", "x"),
        (b"<ofd:a>x</ofd:a>", "x"),
        (b"<ofd:a>\x02x\x1f</ofd:a>", "\ufffdx\ufffd"),
        (b"<a>x&#1;&#x1F;&#31;y</a>", "x\ufffd\ufffd\ufffdy"),
    ],
)
def test_careless_xml_is_read(data, text):
    root = parse_xml(data, "x.xml")
    assert (local_name(root), root.text) == ("a", text)


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", Damaged),
        (b"<a", Damaged),
        (b"<a></b>", Damaged),
        (b"<a/>x", Damaged),
        (b"<p:a><b></p:a>", Damaged),
        (b"<a>&nothing;</a>", Damaged),
        (b"text", Damaged),
        ("<a>表</a>".encode("gbk"), Damaged),
        (b"<a>\x01<b></a>", Damaged),
        (b"<a>" * 300 + b"</a>" * 300, TooLarge),
        (f"{office.LAUGHS}<a>&a10;</a>".encode(), TooLarge),
        (f"{office.QUADRATIC}<a>{'&a10;' * 50_000}</a>".encode(), TooLarge),
        (b"<a>" + b"<b/>" * 4_000_001 + b"</a>", TooLarge),
        (b"<a " + b" ".join(b'a%d=""' % n for n in range(2_000_000)) + b"/>", TooLarge),
        (b"<a>" + b"x" * 11_000_000 + b"</a>", TooLarge),
    ],
)
def test_what_is_not_well_formed_or_not_honest_is_refused(data, error):
    with pytest.raises(error, match=r"x\.xml"):
        parse_xml(data, "x.xml")


def test_nothing_outside_is_read(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    data = f'<!DOCTYPE a [<!ENTITY e SYSTEM "{secret.as_uri()}">]><a>&e;</a>'.encode()
    assert "secret" not in etree.tostring(parse_xml(data, "x.xml"), encoding="unicode").split("<a>")[1]


def test_an_entity_has_no_name():
    root = parse_xml(b'<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>', "x.xml")
    assert [local_name(child) for child in root] == [""]
