"""A story as a feed gives it, in the extent its contract allows."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.html import format_html
from django.utils.translation import gettext as _
from wagtail.models import Site
from wagtail.rich_text import RichText, expand_db_html

from wiredesk.delivery.addresses import (
    absolute,
    correction_tag,
    story_address,
    story_tag,
)
from wiredesk.delivery.authorship import authors_of
from wiredesk.delivery.pictures.sizes import picture_path, size_of
from wiredesk.lib.html import clean, to_text
from wiredesk.lib.text import one_line, printable
from wiredesk.stories.closing_lines import ClosingLines
from wiredesk.stories.datelines import says_dateline
from wiredesk.stories.models import Correction, Picture, Story, StoryPicture

PICTURE_WIDTH = 1280
# A path of ours in a link; readers of a feed are elsewhere.
_OUR_LINK = re.compile(r'href="/(?!/)')
_FIRST_PARAGRAPH = re.compile(r"<p\b[^>]*>(.*?)</p>", re.DOTALL)
_OPENING = re.compile(r"\s*<p\b[^>]*>")
_DASHES = ("-", "\u2013", "\u2014")


@dataclass(frozen=True, slots=True)
class Media:
    """The picture that leads a story, at our gated address."""

    address: str
    width: int
    height: int
    alt: str
    caption: str
    credit: str


@dataclass(frozen=True, slots=True)
class EntryAuthor:
    """An author of an entry; ``address`` is empty for one without a page."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A story in a feed; every text is fit for XML. ``content`` is HTML or empty."""

    tag: str
    address: str
    title: str
    language: str
    published: datetime
    updated: datetime
    authors: tuple[EntryAuthor, ...]
    topics: tuple[str, ...]
    summary: str
    content: str
    rights: str
    media: Media | None
    _written: dict[str, bytes] = field(default_factory=dict, compare=False, repr=False)

    def written(self, kind: str, write: Callable[[Entry], bytes]) -> bytes:
        """Give it as a kind of feed has it, written once: it is in many of that kind."""
        if kind not in self._written:
            self._written[kind] = write(self)
        return self._written[kind]


def entry(story: Story, site: Site, now: datetime) -> Entry:
    """Give the story's entry; ``feed_mode`` decides how much of the words are in it."""
    published = story.published_at or story.created_at
    text = _text(story, site, now) if story.feed_mode in {"excerpt", "full"} else ""
    return Entry(
        tag=story_tag(story, site),
        address=story_address(story, site),
        title=_line(story.headline),
        language=story.language,
        published=published,
        # A correction is a change that whoever follows a feed must see.
        updated=max(
            story.updated_at or published,
            published,
            *(note.at for note in story.corrections.all()),
        ),
        authors=tuple(
            EntryAuthor(_line(one.name), absolute(site, one.path) if one.path else "")
            for one in authors_of(story)
        ),
        topics=tuple(_line(row.topic.name) for row in story.topics.all()),
        summary=_summary(story, text),
        content=text if story.feed_mode == "full" else "",
        rights=_line(story.copyright_notice),
        media=None if story.feed_mode == "headline" else lead_media(story, site, now),
    )


def correction_entry(note: Correction, site: Site) -> Entry:
    """Give the entry of a correction, in the feed that has nothing else.

    An agency's words of correction are in it only where its contract lets feeds give
    more than headlines.
    """
    story = note.story
    is_barred = note.message_id is not None and story.feed_mode in ("headline", "none")
    text = printable(Correction().in_words() if is_barred else note.in_words())
    return Entry(
        tag=correction_tag(note, site),
        address=story_address(story, site),
        title=_("Correction: %(headline)s") % {"headline": _line(story.headline)},
        language=story.language,
        published=note.at,
        updated=note.at,
        authors=(),
        topics=(),
        summary=_line(text),
        content=format_html(
            '<p>{}</p>\n<p><a href="{}">{}</a></p>',
            text,
            story_address(story, site),
            _line(story.headline),
        ),
        rights="",
        media=None,
    )


def lead_media(story: Story, site: Site, now: datetime) -> Media | None:
    """Give the first picture of the story that may be shown at ``now``."""
    for use in story.pictures.all():
        if use.picture is not None and use.picture.is_shown(now):
            return _media(use, use.picture, site)
    return None


def _media(use: StoryPicture, picture: Picture, site: Site) -> Media:
    width, height = size_of(picture.width, picture.height, PICTURE_WIDTH)
    return Media(
        address=absolute(site, picture_path(picture.pk, PICTURE_WIDTH, "jpeg")),
        width=width,
        height=height,
        alt=_line(use.alt or picture.description),
        caption=_line(use.caption or picture.caption),
        credit=_line(use.credit or picture.credit),
    )


def _line(text: str) -> str:
    return one_line(text) or ""


def _summary(story: Story, text: str) -> str:
    """Give some words about the story as plain text, where the contract allows any.

    What was corrected is in the text; where a feed may not give that, it is here.
    """
    if story.feed_mode == "headline":
        return ""
    first = _FIRST_PARAGRAPH.search(text)
    words = story.summary or story.subheadline or to_text(first[0] if first else "")
    if story.feed_mode != "full":
        words = " ".join(
            [words, *(_corrected(note) for note in story.corrections.all())]
        )
    return _line(words)


def _text(story: Story, site: Site, now: datetime) -> str:
    """Give the story's words, its lead picture before and whose they are after them."""
    parts: list[str] = []
    media = lead_media(story, site, now)
    if media:
        parts.append(_figure(media))
    parts.extend(_body(story, site, now))
    parts.extend(
        format_html("<p><em>{}</em></p>", _corrected(note))
        for note in story.corrections.all()
    )
    parts.extend(
        format_html("<p>{}</p>", _line(line))
        for line in (story.credit, story.copyright_notice)
        if line.strip()
    )
    return "\n".join(parts)


def _corrected(note: Correction) -> str:
    return f"{_('Correction:')} {printable(note.in_words())}"


def _body(story: Story, site: Site, now: datetime) -> list[str]:
    parts: list[str] = []
    texts: list[str] = []
    for block in story.body:
        if block.block_type == "picture":
            picture = block.value.get("picture")
            if picture is not None and picture.is_shown(now):
                use = StoryPicture(caption=block.value.get("caption") or "")
                parts.append(_figure(_media(use, picture, site)))
            continue
        stored = block.value
        # Not its __str__, which puts it through a template as well.
        is_written = isinstance(stored, RichText)
        html = expand_db_html(stored.source) if is_written else str(stored or "")
        texts.append(clean(_OUR_LINK.sub(f'href="{site.root_url}/', html)))
        parts.append(texts[-1])
    _drop_closing(parts, story)
    dateline = _line(story.dateline)
    if dateline and not says_dateline(texts, dateline, story.source_name):
        _put_dateline(parts, dateline)
    return parts


def _drop_closing(parts: list[str], story: Story) -> None:
    """Leave out what the text says at its end of whose it is: we say that below it."""
    lines = ClosingLines((story.credit, story.copyright_notice))
    while parts:
        parts[-1] = parts[-1][: lines.begin_in(parts[-1])]
        if parts[-1].strip():
            return
        parts.pop()


def _put_dateline(parts: list[str], dateline: str) -> None:
    """Begin the first paragraph with the dateline."""
    for at, html in enumerate(parts):
        if opening := _OPENING.match(html):
            dash = "" if dateline.endswith(_DASHES) else " \u2014"
            words = format_html("{}{} ", dateline, dash)
            parts[at] = f"{opening[0]}{words}{html[opening.end() :]}"
            return


def _figure(media: Media) -> str:
    caption = " ".join(filter(None, (media.caption, media.credit)))
    return format_html(
        '<figure><img src="{}" width="{}" height="{}" alt="{}">'
        "<figcaption>{}</figcaption></figure>",
        media.address,
        media.width,
        media.height,
        media.alt,
        caption,
    )
