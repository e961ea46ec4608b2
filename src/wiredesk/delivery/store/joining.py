"""Join a page and its fragments; draw anew only what is no longer true of them."""

from __future__ import annotations

import hashlib
import re
import time
from array import array
from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from wagtail.models import Site

from wiredesk.delivery.purge.keys import FRAME, keys_of, story_key
from wiredesk.delivery.store.clock import AsIfClosed, Clock, Words, slot_of
from wiredesk.delivery.store.drawing import PIECE, Drawn, Handler, draw
from wiredesk.delivery.store.page import (
    Page,
    Piece,
    Stamp,
    is_lasting,
    pack_pieces,
    pack_stamp,
    unpack_pieces,
    unpack_stamp,
)
from wiredesk.lib.encodings import GZIP, IDENTITY, encode
from wiredesk.stories.models import SectionPage, Story, StoryStanding

# A fragment may be a row of items, of which a page leaves out itself.
# Elsewhere what looks like a mark is somebody's words.
_IS_HTML = b"Content-Type: text/html"
_FRAME_SLOT = slot_of(FRAME)
_ITEM = re.compile(rb"<!--item ([0-9]*)-->")
_MOST_FRAGMENTS = 2_000


@dataclass(frozen=True, slots=True)
class Made:
    """A page that was drawn. ``is_true``: of all who asked before it was done.

    Otherwise only of those who asked before it was begun. No ``page``: not one to keep.
    """

    page: Page | None
    is_true: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """A fragment, or what stands around them: bytes and what makes them stale."""

    body: bytes
    stamp: Stamp


class Joiner:
    """Makes pages. Used by several threads at once.

    ``fragments`` are those that another has drawn; they are shared.
    """

    def __init__(
        self,
        clock: Clock | AsIfClosed,
        handler: Handler,
        fragments: dict[str, Part] | None = None,
    ) -> None:
        self.clock = clock
        self.words: Words = clock.words
        self.handler = handler
        self._fragments = {} if fragments is None else fragments
        self._frame_seen = -1

    def make(self, host: str, target: str, old: Page | None) -> Made:
        """Draw ``target``; of ``old``, where it is given, what is still true is used."""
        now = time.time()
        if old and old.pieces and unpack_stamp(old.own).recheck_at(self.words, now):
            return self._join(host, target, old, _skeleton(old))
        position = self.clock.head
        self._forget_addresses()
        drawn = draw(self.handler, host, target)
        if not drawn.may_be_kept:
            return Made(None)
        own = _stamp(drawn, position, now)
        page = Page(
            status=drawn.status,
            heads=drawn.heads,
            etag=drawn.etag,
            compressible=drawn.compressible,
            stamp=own,
            own=pack_stamp(own),
        )
        return self._join(host, target, page, drawn.body)

    def warm(self, host: str) -> None:
        """Draw a few pages for nobody, so that the first that counts comes quickly.

        A process reads its templates and builds its queries when first they are needed.
        """
        newest = Story.objects.order_by("-published_at").exclude(path=None)
        gone = newest.filter(standing__state=StoryStanding.State.WITHDRAWN)
        stories = (newest.listed().first(), gone.first())
        section = SectionPage.objects.live().first()
        targets = ["/", *(story.path for story in stories if story and story.path)]
        targets += [f"/{section.slug}/"] if section else []
        for target in targets:
            draw(self.handler, host, target)

    def _forget_addresses(self) -> None:
        """Have the sites' addresses read anew after a change of what stands around pages.

        Wagtail remembers them for an hour, in each process for itself.
        """
        seen = self.words[_FRAME_SLOT]
        if seen != self._frame_seen:
            self._frame_seen = seen
            Site.clear_site_root_paths_cache()

    def _join(self, host: str, target: str, like: Page, skeleton: bytes) -> Made:
        """Put the fragments where the skeleton names them."""
        parts: list[bytes] = []
        pieces: list[Piece] = []
        own = unpack_stamp(like.own)
        stamps = [own]
        at = length = 0
        for match in PIECE.finditer(skeleton) if _IS_HTML in like.heads else ():
            fragment = self._fragment(host, match)
            if fragment is None:
                return Made(None)
            stamps.append(_stamp_here(fragment, match))
            body = _fit(fragment.body, match)
            before = skeleton[at : match.start()]
            start = length + len(before)
            pieces.append(Piece(match[0].decode(), start, start + len(body)))
            parts += (before, body)
            length = start + len(body)
            at = match.end()
        body = b"".join((*parts, skeleton[at:]))
        return self._finish(target, like, stamps, body, pieces)

    def _finish(
        self,
        target: str,
        like: Page,
        stamps: list[Stamp],
        body: bytes,
        pieces: list[Piece],
    ) -> Made:
        etag, heads, whole = like.etag, like.heads, stamps[0]
        if pieces:
            heads = _named(heads, target, body)
        if etag and pieces:
            digest = hashlib.md5(body, usedforsecurity=False).hexdigest()
            etag = f'"{digest}"'.encode()
        coding = GZIP if like.compressible else IDENTITY
        encoded = encode(body, coding, thoroughly=is_lasting(heads))
        # Last, so that what changed meanwhile is seen.
        position, now = self.clock.head, time.time()
        ends = [stamp.recheck_at(self.words, now) for stamp in stamps]
        if pieces:
            whole = Stamp(
                position,
                now,
                min(ends),
                _union(stamp.strict for stamp in stamps),
                _union(stamp.lazy for stamp in stamps),
            )
        page = Page(
            status=like.status,
            heads=heads,
            etag=etag,
            compressible=like.compressible,
            stamp=whole,
            own=like.own,
            pieces=pack_pieces(pieces),
            bodies={coding: encoded},
        )
        return Made(page, is_true=all(ends))

    def _fragment(self, host: str, mark: re.Match[bytes]) -> Part | None:
        """Give a fragment, drawn anew where it must be; ``None`` if it can't be kept."""
        path = mark[1].decode()
        key = host + path
        part = self._fragments.get(key)
        if part and _stamp_here(part, mark).recheck_at(self.words, time.time()):
            return part
        position, now = self.clock.head, time.time()
        drawn = draw(self.handler, host, path)
        if not drawn.may_be_kept or drawn.status != 200:
            return None
        part = Part(drawn.body, _stamp(drawn, position, now))
        if len(self._fragments) >= _MOST_FRAGMENTS:
            self._fragments.clear()
        self._fragments[key] = part
        return part


def _stamp(drawn: Drawn, position: int, now: float) -> Stamp:
    return Stamp(position, now, drawn.until, drawn.strict, drawn.lazy)


def _named(heads: bytes, target: str, body: bytes) -> bytes:
    """Give the header lines with the fragments' surrogate keys, where keys are given."""
    name = settings.WIREDESK_SURROGATE_HEADER.encode()
    if name not in heads:
        return heads
    keys = " ".join(keys_of(target.partition("?")[0], body)).encode()
    line = re.compile(rb"^%b: [^\r]*\r\n" % re.escape(name), re.MULTILINE)
    return line.sub(b"%b: %b\r\n" % (name, keys), heads)


def _skeleton(page: Page) -> bytes:
    """Give the page's body with its fragments' marks where they stand."""
    body = page.plain()
    parts: list[bytes] = []
    at = 0
    for piece in unpack_pieces(page.pieces):
        parts += (body[at : piece.start], piece.mark.encode())
        at = piece.end
    return b"".join((*parts, body[at:]))


def _stamp_here(part: Part, mark: re.Match[bytes]) -> Stamp:
    """Give what ends a fragment on a page: not the page's own item, which isn't shown.

    So an update of a story doesn't draw the row beside it anew before its own page.
    """
    if mark[2] is None:
        return part.stamp
    own = int(mark[2])
    slot = slot_of(story_key(own))
    numbers = (int(number) for number in _ITEM.findall(part.body) if number)
    alike = [number for number in numbers if slot_of(story_key(number)) == slot]
    # Two stories of more than a million may share a slot, and one of them is shown.
    return part.stamp.without(slot) if alike == [own] else part.stamp


def _fit(body: bytes, mark: re.Match[bytes]) -> bytes:
    """Leave out of a row of items the page's own, and what is too many."""
    if mark[2] is None:
        return body
    return fit(body, int(mark[2]), int(mark[3]))


def fit(body: bytes, without: int, most: int) -> bytes:
    """Give a row of at most ``most`` items, the one numbered ``without`` left out.

    Nothing at all where no item is left.
    """
    front, *items = _ITEM.split(body)
    pairs = list(zip(items[::2], items[1::2], strict=True))
    rest = [text for number, text in pairs if not number]
    chosen = [text for number, text in pairs if number and int(number) != without]
    if not chosen:
        return b""
    return b"".join((front, *chosen[:most], *rest))


def _union(slots: Iterator[array[int]]) -> array[int]:
    return array("I", dict.fromkeys(slot for each in slots for slot in each))
