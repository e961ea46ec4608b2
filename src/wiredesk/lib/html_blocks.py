"""Writes new, orderly HTML from any tree of elements, however badly nested it is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from lxml import etree


def tag_set(names: str) -> frozenset[str]:
    """Give the names of elements in a line of text as a set."""
    return frozenset(names.split())


# Deeper than any text has a reason to be; below it only the words are kept.
_DEEPEST = 40

_RENAMED = {
    "h1": "h2",
    "h5": "h4",
    "h6": "h4",
    "hl1": "h2",
    "hl2": "h2",
    "b": "strong",
    "i": "em",
    "tt": "code",
    "kbd": "code",
    "samp": "code",
    "acronym": "abbr",
    "bq": "blockquote",
    "menu": "ul",
    "dir": "ul",
    "listing": "pre",
}
_DROPPED = tag_set(
    "script style template iframe frame frameset object embed applet svg math noscript "
    "noembed noframes video audio canvas head title link meta base input button select "
    "textarea option datalist img picture source track area map param col colgroup "
    "xmp plaintext"
)
# Nothing can stand in these, but the parser, older than they are, hangs on them
# whatever follows.
_HOLLOW = tag_set("embed source track")
_PARAGRAPHS = tag_set(
    "p div section article header footer main aside address nav center form fieldset "
    "legend body html details summary hgroup block marquee search"
)
_HEADINGS = frozenset({"h2", "h3", "h4", "dt", "caption"})
_LOOSE = frozenset({"li", "dd", "td", "th", "figcaption"})
_FLOWS = frozenset({"blockquote", "figure"})
_INLINE = tag_set("em strong q cite a code sup sub abbr")
# What may stand in a container, and what stray words in it are wrapped in.
_CHILDREN = {
    "ul": frozenset({"li"}),
    "ol": frozenset({"li"}),
    "dl": frozenset({"dt", "dd"}),
    "table": frozenset({"caption", "thead", "tbody", "tfoot", "tr"}),
    "thead": frozenset({"tr"}),
    "tbody": frozenset({"tr"}),
    "tfoot": frozenset({"tr"}),
    "tr": frozenset({"td", "th"}),
}
_STRAYS = {
    "ul": ("<li>", "</li>"),
    "ol": ("<li>", "</li>"),
    "dl": ("<dd>", "</dd>"),
    "table": ("<tr><td>", "</td></tr>"),
    "thead": ("<tr><td>", "</td></tr>"),
    "tbody": ("<tr><td>", "</td></tr>"),
    "tfoot": ("<tr><td>", "</td></tr>"),
    "tr": ("<td>", "</td>"),
}
_ONLY_INSIDE = frozenset().union(*_CHILDREN.values())
_KEPT_EMPTY = frozenset({"td", "th"})

_SPACE = re.compile(r"[ \t\r\n\f]+")
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*\Z")
_SPAN = re.compile(r"[1-9][0-9]{0,2}\Z")
_LINK = re.compile(r"(https?://[^\s/?#]|mailto:[^\s@]+@)", re.IGNORECASE)
_LINK_JUNK = re.compile(r"[\x00-\x20\x7f]+")
_SCOPES = frozenset({"row", "col", "rowgroup", "colgroup"})
_XML_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"

_BREAKS = {"<br>": 1, "<br><br>": 2}
_FLOW, _WORDS, _PHRASE, _VERBATIM = range(4)


class BlockWriter:
    """Collects blocks; loose words between them become paragraphs.

    Four modes: in a *flow* (the body, a quotation) words get a ``<p>``; in *words* (a
    list item, a cell) they stand bare beside blocks; in a *phrase* (a heading) blocks
    are only spaces; *verbatim* is a phrase that keeps its white space.
    """

    def __init__(self, names: Mapping[str, str]) -> None:
        self._names = names
        self._out: list[str] = []
        self._run: list[str] = []
        self._open: list[tuple[str, str]] = []
        self._has_words = False
        self._breaks = 0
        self._mode = _FLOW
        self._paragraph = ("<p>", "</p>")
        self._depth = 0

    def finish(self) -> str:
        """Give everything written so far."""
        self._end_run()
        return "".join(self._out)

    def content(self, element: etree._Element) -> None:
        """Write what is inside the element, not the element itself."""
        if self._depth > _DEEPEST:
            self._text("".join(_words(element)))
            return
        self._depth += 1
        if element.text:
            self._text(element.text)
        for child in element:
            self._element(child)
            tail = child.tail
            # A line end between two paragraphs is no word.
            if tail and (tail != "\n" or self._has_words):
                self._text(tail)
        self._depth -= 1

    def _name(self, element: etree._Element) -> str:
        tag = element.tag
        if not isinstance(tag, str):
            return "script"  # a comment or an instruction: nothing of it is for readers
        local = tag.rpartition("}")[2]
        named = self._names.get(local)
        if named is not None:
            return named or "script"
        local = local.lower()
        return _RENAMED.get(local, local)

    def _element(self, element: etree._Element) -> None:
        name = self._name(element)
        if name == "p" or name in _PARAGRAPHS:
            self._paragraphs(element)
        elif name in _INLINE:
            self._inline(name, element)
        elif name == "br":
            self._breaks += 1
        elif name in _HOLLOW:
            self.content(element)
        elif name in _DROPPED:
            return
        elif name == "hr":
            self._boundary()
            if self._mode in (_FLOW, _WORDS):
                self._out.append("<hr>\n")
        elif name in _ONLY_INSIDE:
            self._paragraphs(element)  # a list item without its list, a cell alone
        elif name in _HEADINGS:
            self._block(name, element, _PHRASE)
        elif name == "pre":
            self._block(name, element, _VERBATIM)
        elif name in _LOOSE:
            self._block(name, element, _WORDS)
        elif name in _FLOWS:
            self._block(name, element, _FLOW)
        elif name in _CHILDREN:
            self._container(name, element)
        else:
            self.content(element)

    # Words and the elements within a line

    def _text(self, text: str) -> None:
        if self._mode == _VERBATIM:
            self._flush_breaks()
            if not self._has_words:
                text = text.lstrip("\r\n")  # HTML skips the first line end itself
            self._run.append(_escape(text))
            self._has_words = self._has_words or bool(text.strip())
            return
        text = _squeezed(text)
        if not text:
            return
        if text == " ":
            if not self._breaks:
                self._space()
            return
        self._flush_breaks()
        if not self._has_words or self._run[-1].endswith(" "):
            text = text.lstrip(" ")
        self._run.append(_escape(text))
        self._has_words = True

    def _space(self) -> None:
        if self._has_words and not self._run[-1].endswith(" "):
            self._run.append(" ")

    def _flush_breaks(self) -> None:
        count, self._breaks = self._breaks, 0
        if not count:
            return
        if not self._has_words:
            return
        if self._mode == _VERBATIM:
            self._run.append("\n" * count)
        elif self._mode == _PHRASE:
            self._space()
        elif count > 1 and self._mode == _FLOW:
            self._end_run()
        else:
            self._run.append("<br>" * min(count, 2))

    def _inline(self, name: str, element: etree._Element) -> None:
        attributes = _attributes(name, element)
        if name == "a" and (
            " href=" not in attributes
            or any(opening.startswith("<a ") for opening, _ in self._open)
        ):
            self.content(element)
            return
        if name == "abbr" and not attributes:
            self.content(element)
            return
        if any(closing == f"</{name}>" for _, closing in self._open):
            self.content(element)  # strong within strong says nothing more
            return
        self._flush_breaks()
        opening = f"<{name}{attributes}>"
        self._run.append(opening)
        self._open.append((opening, f"</{name}>"))
        self.content(element)
        self._open.pop()
        if self._run and self._run[-1] is opening:
            self._run.pop()
            while self._run and self._run[-1] in _BREAKS:
                self._breaks += _BREAKS[self._run.pop()]
        else:
            self._run.append(f"</{name}>")

    def _end_run(self) -> None:
        """Close the running paragraph, and open the next inside the same inline tags."""
        self._breaks = 0
        if self._has_words:
            run, still_open = self._run, len(self._open)
            while still_open and run[-1] is self._open[still_open - 1][0]:
                run.pop()  # opened last, and nothing stands in it
                still_open -= 1
            while run[-1] in _BREAKS:
                run.pop()
            run.extend(closing for _, closing in reversed(self._open[:still_open]))
            words = "".join(run)
            if self._mode == _FLOW:
                opening, closing = self._paragraph
                self._out.append(f"{opening}{words.strip(' ')}{closing}\n")
            elif self._mode == _VERBATIM:
                self._out.append(words)
            else:
                self._out.append(words.strip(" "))
        self._run = [opening for opening, _ in self._open]
        self._has_words = False

    def _boundary(self) -> None:
        if self._mode in (_FLOW, _WORDS):
            self._end_run()
        elif self._mode == _VERBATIM:
            self._breaks = self._breaks or int(self._has_words)
        else:
            self._space()

    # Blocks

    def _paragraphs(self, element: etree._Element) -> None:
        self._boundary()
        if self._mode not in (_FLOW, _WORDS):
            self.content(element)
            self._boundary()
            return
        if not len(element) and not element.attrib:
            # Most of a story: words and nothing else, so nothing can run on in them.
            words = _squeezed(element.text or "").strip(" ")
            if words and not self._open:
                opening, closing = self._paragraph
                self._out.append(f"{opening}{_escape(words)}{closing}\n")
                return
        mode, paragraph = self._mode, self._paragraph
        attributes = _attributes("p", element)
        self._mode = _FLOW
        if attributes:
            self._paragraph = (f"<p{attributes}>", "</p>")
        self.content(element)
        self._end_run()
        self._mode, self._paragraph = mode, paragraph

    def _block(self, name: str, element: etree._Element, mode: int) -> None:
        self._boundary()
        if self._mode not in (_FLOW, _WORDS):
            self.content(element)
            self._boundary()
            return
        self._nest(name, f"<{name}{_attributes(name, element)}>", mode, [element])

    def _nest(
        self, name: str, opening: str, mode: int, elements: Iterable[etree._Element]
    ) -> None:
        before = (self._mode, self._open, self._paragraph, self._run)
        self._mode, self._open, self._paragraph = mode, [], ("<p>", "</p>")
        self._run = []
        self._out.append(opening)
        start = len(self._out)
        for element in elements:
            self.content(element)
        self._end_run()
        if len(self._out) == start and name not in _KEPT_EMPTY:
            self._out.pop()
        else:
            self._trim_line_end()
            inner = name in _LOOSE or name in _ONLY_INSIDE
            self._out.append(f"</{name}>" if inner else f"</{name}>\n")
        self._mode, self._open, self._paragraph, self._run = before

    def _trim_line_end(self) -> None:
        if self._out[-1].endswith("\n") and not self._out[-1].endswith("</pre>\n"):
            self._out[-1] = self._out[-1][:-1]

    def _container(self, name: str, element: etree._Element) -> None:
        self._boundary()
        if self._mode not in (_FLOW, _WORDS):
            self.content(element)
            self._boundary()
            return
        before = (self._mode, self._open, self._paragraph, self._run)
        self._mode, self._open, self._run = _WORDS, [], []
        self._out.append(f"<{name}{_attributes(name, element)}>")
        start = len(self._out)
        self._members(name, element)
        if len(self._out) == start:
            self._out.pop()
        else:
            self._out.append(f"</{name}>" if name in _ONLY_INSIDE else f"</{name}>\n")
        self._mode, self._open, self._paragraph, self._run = before

    def _members(self, container: str, element: etree._Element) -> None:
        if self._depth > _DEEPEST:
            self._stray(container, "".join(_words(element)), None)
            return
        self._depth += 1
        allowed = _CHILDREN[container]
        self._stray(container, element.text, None)
        for child in element:
            name = self._name(child)
            if name in allowed:
                if name in _CHILDREN:
                    self._container(name, child)
                elif name in _HEADINGS:
                    self._block(name, child, _PHRASE)
                else:
                    self._block(name, child, _WORDS)
            elif name in _PARAGRAPHS and container != "tr":
                self._members(container, child)
            elif name not in _DROPPED and name != "br":
                self._stray(container, None, child)
            self._stray(container, child.tail, None)
        self._depth -= 1

    def _stray(
        self, container: str, text: str | None, element: etree._Element | None
    ) -> None:
        if element is None and (not text or text.isspace()):
            return
        opening, closing = _STRAYS[container]
        self._out.append(opening)
        start = len(self._out)
        if element is not None:
            self._element(element)
        elif text:
            self._text(text)
        self._end_run()
        if len(self._out) == start:
            self._out.pop()
        else:
            self._trim_line_end()
            self._out.append(closing)


def _words(element: etree._Element) -> Iterable[str]:
    """Give the words below an element, without those that are not for readers."""
    skip = 0
    stack = [(element, False)]
    while stack:
        node, done = stack.pop()
        tag = node.tag
        dropped = not isinstance(tag, str) or tag.rpartition("}")[2].lower() in _DROPPED
        if done:
            skip -= dropped
            if node is not element and node.tail and not skip:
                yield node.tail
            continue
        skip += dropped
        if node.text and not skip:
            yield node.text
        stack.append((node, True))
        stack.extend((child, False) for child in reversed(node))


def _squeezed(text: str) -> str:
    # Looking for what is to be changed is far cheaper than changing every blank; no
    # line end or tab is printable.
    if text.isprintable() and "  " not in text:
        return text
    return _SPACE.sub(" ", text)


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _quoted(value: str) -> str:
    return _escape(value).replace('"', "&quot;")


def _attributes(name: str, element: etree._Element) -> str:
    """Give the attributes worth keeping, in one fixed order, each checked."""
    given = element.attrib
    if not given:
        return ""
    kept: list[tuple[str, str]] = []
    if name == "a":
        href = _LINK_JUNK.sub("", given.get("href") or "")
        if _LINK.match(href):
            kept.append(("href", href))
    if name in ("a", "abbr") and (title := (given.get("title") or "").strip()):
        kept.append(("title", title))
    if name in ("td", "th"):
        kept.extend(
            (key, value)
            for key in ("colspan", "rowspan")
            if _SPAN.match(value := (given.get(key) or "").strip()) and value != "1"
        )
        scope = (given.get("scope") or "").strip().lower()
        if name == "th" and scope in _SCOPES:
            kept.append(("scope", scope))
    direction = (given.get("dir") or "").strip().lower()
    if direction in ("ltr", "rtl", "auto"):
        kept.append(("dir", direction))
    language = (given.get("lang") or given.get(_XML_LANGUAGE) or "").strip()
    if _LANGUAGE.match(language):
        kept.append(("lang", language))
    return "".join([f' {key}="{_quoted(value)}"' for key, value in kept])
