"""Reading a page as a test does: by address, by element, by its words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import html as lxml_html

if TYPE_CHECKING:
    from django.test import Client
    from lxml.html import HtmlElement


def page(client: Client, path: str | None, status: int = 200) -> HtmlElement:
    response = client.get(path or "")
    assert response.status_code == status
    return lxml_html.fromstring(response.content)


def words(element: HtmlElement | None) -> str:
    assert element is not None
    return " ".join(element.text_content().split())


def only(found: list[HtmlElement]) -> HtmlElement:
    assert len(found) == 1
    return found[0]
