"""Bad input: a clear reason or a right reading, nothing else, and quickly."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from wiredesk.wire.formats.detect import read
from wiredesk.wire.formats.xml import parse
from wiredesk.wire.items import UnreadableError, WireItem

One = Callable[[str], WireItem]


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("empty.xml", "empty"),
        ("blank.xml", "empty"),
        ("truncated.xml", "broken in line 30"),
        ("nul.xml", "NUL"),
        ("internal-subset.xml", "internal subset"),
        ("internal-subset-utf16.xml", "internal subset"),
        ("entity-bomb.xml", "internal subset"),
        ("external-entity.xml", "internal subset"),
        ("parameter-entity.xml", "internal subset"),
        ("undeclared-entity.xml", "&harbour;"),
        ("charset-unknown.xml", "x-harbour"),
        ("charset-mixed.xml", "not UTF-8"),
        ("charset-cyrillic.xml", "can't be told"),
    ],
)
def test_bad_input_is_refused_with_its_reason(
    samples: Path, name: str, reason: str
) -> None:
    with pytest.raises(UnreadableError, match=reason):
        read((samples / "hostile" / name).read_bytes())


def test_the_reason_is_in_our_words_and_not_the_parsers() -> None:
    with pytest.raises(UnreadableError, match="nested too deeply in line 1") as deep:
        read(b"<nitf>" + b"<a>" * 100_000 + b"</a>" * 100_000 + b"</nitf>")
    with pytest.raises(UnreadableError, match="broken in line 1") as broken:
        read(b"<nitf><body></nitf>")
    assert not any(
        word in f"{deep.value}{broken.value}" for word in ("XML_PARSE", "<string>")
    )


@pytest.mark.parametrize(
    "name",
    [
        "latin1-labelled-utf8",
        "utf8-labelled-latin1",
        "utf16",
        "utf8-bom",
        "leading-junk",
    ],
)
def test_a_wrong_label_does_not_spoil_the_words(item: One, name: str) -> None:
    assert item(f"newsml-g2/{name}.xml").body_text == "Café für Zoë"


@pytest.mark.parametrize(
    "name", ["latin1-labelled-utf8", "utf8-labelled-latin1", "leading-junk"]
)
def test_what_was_put_up_with_is_said(item: One, name: str) -> None:
    assert [entry.path for entry in item(f"newsml-g2/{name}.xml").dropped] == ["/"]


def test_named_characters_are_read_without_any_dtd(item: One) -> None:
    text = item("newsml-g2/named-entities.xml").body_text
    assert text == "Café für\u00a0Zoë — AT&T"


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(b"<newsItem>" * 100_000, id="nesting"),
        pytest.param(b'<newsItem a="' + b"x" * 12_000_000 + b'"/>', id="attribute"),
        pytest.param(b"<newsItem>" + b"&nbsp" * 2_000_000, id="ampersands"),
        pytest.param(b"<newsItem><!--" * 500_000, id="comments"),
        pytest.param(b"<!DOCTYPE " + b"a " * 2_000_000, id="doctype"),
        pytest.param(b"<?a " * 2_000_000, id="instructions"),
        pytest.param(
            b"<newsItem>" + b"<a/>" * 3_000_000 + b"</newsItem>", id="elements"
        ),
        pytest.param(b"{" * 500_000, id="braces"),
        pytest.param(b"[" * 500_000, id="brackets"),
        pytest.param(b"\x00" * 1_000_000, id="nul"),
    ],
)
@pytest.mark.timeout(120)
def test_monsters_are_refused(raw: bytes) -> None:
    with pytest.raises(UnreadableError):
        read(raw)


@pytest.mark.parametrize(
    "start",
    [b"<!---->" * 150, b"<!-- " * 200, b" " * 1020, b",\t" * 500],
)
def test_no_beginning_keeps_the_format_from_being_found(start: bytes) -> None:
    with pytest.raises(UnreadableError):
        read(start + b"<harbour/>" * 2)


@pytest.mark.parametrize(
    "words",
    [
        "<pre>x" + " " * 500_000 + "x</pre>",
        "<p>" + "," * 500_000 + "</p>",
        "<p>" + "\n" * 500_000 + "x</p>",
        "<p>" + "&lt;p" * 100_000 + "</p>",
        "<b></b>" * 50_000,
        "<br/>" * 100_000,
        "<p>x</p>" * 50_000,
    ],
    ids=["spaces", "commas", "lines", "tags", "empty", "breaks", "paragraphs"],
)
@pytest.mark.timeout(120)
def test_long_copy_is_read_to_its_end(words: str) -> None:
    body = f"<body><body.head><byline>{words}</byline></body.head>"
    found = read(
        f"<nitf>{body}<body.content>{words}</body.content></body></nitf>".encode()
    )
    assert len(found) == 1


def test_an_external_dtd_is_never_fetched(tmp_path: Path) -> None:
    trap = tmp_path / "trap.dtd"
    trap.write_text('<!ENTITY secret "told">')
    plain = f'<!DOCTYPE nitf SYSTEM "{trap.as_uri()}"><nitf>&secret;</nitf>'
    with pytest.raises(UnreadableError, match="&secret;"):
        parse(plain.encode())


def test_an_inclusion_is_not_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("told")
    include = f'<include xmlns="http://www.w3.org/2001/XInclude" href="{secret}"/>'
    root = parse(f"<nitf>{include}</nitf>".encode()).root
    assert "told" not in "".join(root.itertext())
