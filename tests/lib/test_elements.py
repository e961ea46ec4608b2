"""XML that is written as text says what a tree would say, whatever is in it."""

from __future__ import annotations

import pytest
from lxml import etree

from wiredesk.lib.elements import around, document, element

WORDS = (
    "plain",
    "",
    "a < b && c > d",
    "]]> and <![CDATA[",
    "\"quoted\" and 'quoted'",
    "</item><item>",
    "<!-- no comment --> <?no instruction?>",
    "&amp; &#60; &nope;",
    "Zürich — „größer“ 🛥",
    "a\nb\tc\rd\r\ne",
)


@pytest.mark.parametrize("words", WORDS)
def test_what_text_and_attributes_say_is_read_again_as_it_was(words: str) -> None:
    node = etree.fromstring(element("a:title", words, **{"xmlns:a": "urn:a"}))
    assert node.tag == "{urn:a}title"
    assert (node.text or "") == words
    assert len(node) == 0
    assert etree.fromstring(element("link", href=words)).get("href") == words


def test_what_xml_cannot_say_is_left_out() -> None:
    node = etree.fromstring(element("title", "a\x00b\x0bc\ufffed\ud800e", at="\x1bf"))
    assert (node.text, node.get("at")) == ("abcde", "f")


def test_elements_stand_in_others_and_in_a_document() -> None:
    item = around("item", [element("title", "1 < 2"), element("end")], id='"x"')
    whole = document(
        "list", [item.encode(), item.encode()], xmlns="urn:list", lang="de"
    )
    assert whole.startswith(b'<?xml version="1.0" encoding="UTF-8"?>\n<list xmlns=')
    root = etree.fromstring(whole)
    assert (root.tag, root.get("lang")) == ("{urn:list}list", "de")
    titles = [each.text for each in root.iter("{urn:list}title")]
    assert titles == ["1 < 2", "1 < 2"]
    assert [each.get("id") for each in root] == ['"x"', '"x"']
    assert etree.fromstring(document("list", [])).tag == "list"
