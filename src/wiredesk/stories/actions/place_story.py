"""Give a wire story its place: site and section, topics, authors, pictures."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.db.models import Q
from wagtail.models import Site

from wiredesk.lib.prepared import PreparedQuery
from wiredesk.lib.rows import insert_rows, new_row
from wiredesk.lib.slugs import slug_of
from wiredesk.stories.actions.gather_cases import Identity
from wiredesk.stories.actions.write_words import name_of_source
from wiredesk.stories.models import (
    Author,
    Placement,
    SectionPage,
    StationSettings,
    Story,
    StoryAuthor,
    StoryPicture,
    StoryTopic,
)
from wiredesk.topics.actions.know_topics import KnownTopic, know_topics
from wiredesk.topics.queries import RuleBook, rule_book
from wiredesk.wire.actions.ensure_builtin_feed import SLUG as BUILTIN
from wiredesk.wire.models import Message

MOST_TOPICS = 12
_DESK_LAST = 1000  # sort_order of the agency's desk, behind every name
_PICTURE_COLUMNS = ("href", "caption", "credit", "alt", "guid")

_sites = PreparedQuery(
    lambda: Site.objects.values_list(
        "id", "hostname", "is_default_site", "root_page__path"
    ),
    lists=0,
)
_zones = PreparedQuery(
    lambda: StationSettings.objects.values_list("site_id", "time_zone"), lists=0
)
_sections = PreparedQuery(
    lambda: SectionPage.objects.values_list("id", "slug", "path"), lists=0
)
_homes = PreparedQuery(
    lambda stories: (
        Placement.objects.filter(story_id__in=stories)
        .order_by("canonical", "-id")
        .values_list("story_id", "site_id")
    )
)
_authors_named = PreparedQuery(
    lambda bylines, sources: (
        Author.objects.filter(
            Q(name__in=bylines) | Q(names__text__in=bylines) | Q(source__in=sources)
        )
        .order_by("id")
        .values_list("id", "name", "source", "names__text")
    ),
    lists=2,
)
_topics_by_story = PreparedQuery(
    lambda stories: (
        StoryTopic.objects.filter(story_id__in=stories)
        .order_by()
        .values_list("story_id", "topic_id")
    )
)
_pictures_by_story = PreparedQuery(
    lambda stories: (
        StoryPicture.objects.filter(story_id__in=stories).order_by().values_list("pk")
    )
)
_authors_by_story = PreparedQuery(
    lambda stories: (
        StoryAuthor.objects.filter(story_id__in=stories)
        .order_by()
        .values_list("story_id", "author_id")
    )
)


@dataclass(slots=True)
class Newsroom:
    """What the newsroom has, read once a batch."""

    sites: dict[str, int] = field(default_factory=dict)  # by host; "" the default
    sections: dict[tuple[int, str], int] = field(default_factory=dict)
    zones: dict[int | None, ZoneInfo] = field(default_factory=dict)
    rules: RuleBook = field(default_factory=lambda: RuleBook(()))
    topics: dict[str, KnownTopic] = field(default_factory=dict)
    authors: dict[str, int] = field(default_factory=dict)  # by byline
    desks: dict[str, int] = field(default_factory=dict)  # by source
    homes: dict[int, int] = field(default_factory=dict)  # story id: canonical site

    def site_of(self, message: Message) -> int | None:
        """Give the site a message's story stands on, by its feed's rule."""
        host = message.policy.get("site") or ""
        return self.sites.get(host) or self.sites.get("")

    def zone_of(self, story: Story, message: Message | None) -> ZoneInfo:
        """Give the zone of the story's station; the installation's where it says none."""
        site = self.homes.get(story.pk)
        if site is None:
            site = self.site_of(message) if message else self.sites.get("")
        return self.zones.get(site) or ZoneInfo(settings.TIME_ZONE)


@dataclass(frozen=True, slots=True)
class Placed:
    """Where the newsroom as it is set up puts a message: ids, of authors in order.

    Kept in the logbook, since sections, topics, their rules and authors change later.
    """

    site: int | None
    section: int | None
    topics: tuple[int, ...]
    authors: tuple[int, ...]
    desk: int | None  # the agency's, behind every name

    def as_json(self) -> dict[str, Any]:
        """Give plain JSON, which ``placed_from`` reads."""
        return {
            "site": self.site,
            "section": self.section,
            "topics": list(self.topics),
            "authors": list(self.authors),
            "desk": self.desk,
        }


def placed_from(plain: dict[str, Any]) -> Placed:
    """Give what ``as_json`` wrote."""
    lists = {name: tuple(plain[name]) for name in ("topics", "authors")}
    return Placed(**{**plain, **lists})


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided once and doesn't follow from messages: numbers and places.

    ``numbers`` of stories by identity, which stand in their addresses; ``placed`` by
    number of the story, as the newsroom was set up then.
    """

    numbers: Mapping[Identity, int] = field(default_factory=dict)
    placed: Mapping[int, Placed] = field(default_factory=dict)


def where_it_belongs(room: Newsroom, message: Message) -> Placed:
    """Give the message's place: the feed's section, else the one named like its topic."""
    topics = _topics_of(room, message)
    site = room.site_of(message)
    section = message.policy.get("section") or topics.root_slug
    return Placed(
        site,
        room.sections.get((site, section)) if site is not None else None,
        tuple(topics.ids),
        tuple(
            room.authors[byline]
            for byline in message.item.get("bylines") or ()
            if byline in room.authors
        ),
        room.desks.get(message.source),
    )


@dataclass(slots=True)
class Places:
    """Rows that place stories, collected for one statement a table."""

    placements: list[Placement] = field(default_factory=list)
    topics: list[StoryTopic] = field(default_factory=list)
    authors: list[StoryAuthor] = field(default_factory=list)
    pictures: list[StoryPicture] = field(default_factory=list)
    changed_pictures: list[StoryPicture] = field(default_factory=list)

    def write(self) -> None:
        """Write them all; a row that an editor made meanwhile stays as it is."""
        for rows in (self.placements, self.topics, self.authors):
            insert_rows(rows, ignore_conflicts=True, want_ids=False)
        insert_rows(self.pictures)
        StoryPicture.objects.bulk_update(
            self.changed_pictures, ["sort_order", *_PICTURE_COLUMNS]
        )


def visit_newsroom(messages: Sequence[Message], story_ids: Sequence[int]) -> Newsroom:
    """Read what is needed to place these stories, in a fixed number of queries.

    ``messages`` are those whose words go onto a row; topics and agencies' desks that
    they name and nobody has met are made. ``story_ids`` are stories already there.
    """
    room = Newsroom()
    _find_sites(room, messages)
    if story_ids:
        room.homes = dict(_homes(story_ids))
    if messages:
        room.rules = rule_book()
        room.topics = know_topics(named=_named_topics(messages))
        _meet_authors(room, messages)
    return room


def _find_sites(room: Newsroom, messages: Sequence[Message]) -> None:
    roots: dict[int, str] = {}
    for site_id, host, is_default, path in _sites():
        room.sites[host] = site_id
        roots[site_id] = path
        if is_default:
            room.sites[""] = site_id
    for site_id, name in _zones():
        try:
            room.zones[site_id] = ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError):
            continue  # a zone nobody knows: the installation's stands in
    if not messages:
        return
    for section_id, slug, path in _sections():
        for site_id, root in roots.items():
            if path.startswith(root):
                room.sections[site_id, slug] = section_id


def place_new_story(
    places: Places, story: Story, message: Message, placed: Placed
) -> None:
    """Collect every place of a story that has none yet."""
    places.topics += [
        new_row(
            StoryTopic,
            story_id=story.pk,
            topic_id=topic,
            sort_order=order,
            sort_at=story.published_at,
        )
        for order, topic in enumerate(placed.topics)
    ]
    places.placements += _placement(story, placed)
    places.authors += _authors(story, placed, ())
    places.pictures += _pictures(story, message)


def place_own_story(places: Places, room: Newsroom, story: Story) -> None:
    """Put a story of the station's own on the default site, unless an editor placed it."""
    site_id = room.sites.get("")
    if site_id is not None and story.pk not in room.homes:
        places.placements.append(
            Placement(story=story, site_id=site_id, sort_at=story.published_at)
        )


def place_changed_stories(
    places: Places,
    room: Newsroom,
    changed: Sequence[tuple[Story, Message, Placed]],
) -> None:
    """Collect what new words add; whatever an editor set stays.

    Topics and authors are only added: nobody can tell an editor's from the wire's.
    """
    ids = [story.pk for story, _message, _placed in changed]
    topics = _by_story(_topics_by_story(ids))
    authors = _by_story(_authors_by_story(ids))
    pictures: dict[int, list[StoryPicture]] = defaultdict(list)
    kept = [pk for (pk,) in _pictures_by_story(ids)]
    for picture in StoryPicture.objects.filter(pk__in=kept) if kept else ():
        pictures[picture.story_id].append(picture)
    gone: list[int] = []
    for story, message, placed in changed:
        known = topics[story.pk]
        if story.pk not in room.homes:
            places.placements += _placement(story, placed)
        places.topics += [
            StoryTopic(
                story=story,
                topic_id=topic,
                sort_order=len(known) + order,
                sort_at=story.published_at,
            )
            for order, topic in enumerate(placed.topics)
            if topic not in known
        ]
        places.authors += _authors(story, placed, authors[story.pk])
        gone += _change_pictures(places, story, message, pictures[story.pk])
    if gone:
        StoryPicture.objects.filter(pk__in=gone).delete()


@dataclass(frozen=True, slots=True)
class _Topics:
    ids: list[int]
    root_slug: str


def _placement(story: Story, placed: Placed) -> list[Placement]:
    if placed.site is None:
        return []
    return [
        new_row(
            Placement,
            story_id=story.pk,
            site_id=placed.site,
            section_id=placed.section,
            sort_at=story.published_at,
        )
    ]


def _named_topics(messages: Iterable[Message]) -> dict[str, str | None]:
    named: dict[str, str | None] = {}
    for message in messages:
        codes = message.item.get("media_topics") or ()
        if not codes:
            continue
        names = {
            subject.get("code"): subject.get("name")
            for subject in message.item.get("subjects") or ()
        }
        for code in codes:
            named[code] = named.get(code) or names.get(code)
    return named


def _topics_of(room: Newsroom, message: Message) -> _Topics:
    """Give the topics of an item: the broadest one above its first code leads.

    That one is offered to follow: a reader follows Politics, not "voting system". The
    item's own codes come next, then the other broad ones, so that each broad topic's
    page has the story; then what the newsroom's rules find.
    """
    item = message.item
    known = [
        room.topics[code]
        for code in item.get("media_topics") or ()
        if code in room.topics
    ]
    subjects = item.get("subjects") or ()
    by_rule = room.rules.match(
        codes=[
            code
            for subject in subjects
            if subject.get("code")
            for code in (f"{subject.get('scheme')}:{subject['code']}", subject["code"])
        ],
        keywords=item.get("keywords") or (),
        text=f"{item.get('headline') or ''}\n{item.get('body_text') or ''}",
    )
    ids = [
        *(topic.root_id for topic in known[:1]),
        *(topic.id for topic in known),
        *(topic.root_id for topic in known[1:]),
        *by_rule,
    ]
    root_slug = known[0].root_slug if known else ""
    return _Topics(list(dict.fromkeys(ids))[:MOST_TOPICS], root_slug)


def _meet_authors(room: Newsroom, messages: Sequence[Message]) -> None:
    """Find the authors these bylines name, and each source's desk, made if need be.

    What is taken by hand may be anybody's, so it gets no desk of its own accord.
    """
    bylines = {
        name for message in messages for name in message.item.get("bylines") or ()
    }
    sources = {message.source for message in messages}
    # Nobody's name is empty; a query can't look in an empty list.
    rows = _authors_named(bylines or {""}, sources)
    for author_id, name, source, written in rows:
        if source in sources:
            room.desks[source] = author_id
        for byline in (name, written):
            if byline in bylines:
                room.authors[byline] = author_id
    for message in messages:
        if message.source not in room.desks and message.source != BUILTIN:
            room.desks[message.source] = _make_desk(message)


def _make_desk(message: Message) -> int:
    name = name_of_source(message)[:160]
    slug = slug_of(name, fallback="desk", limit=100)
    if Author.objects.filter(slug=slug).exists():
        slug = f"{slug}-{message.source}"[:120]
    desk, _ = Author.objects.get_or_create(
        source=message.source,
        defaults={"name": name, "slug": slug, "kind": Author.Kind.AGENCY},
    )
    return desk.pk


def _authors(story: Story, placed: Placed, known: Iterable[int]) -> list[StoryAuthor]:
    """Give the authors still missing, in the byline's order, the agency's desk last."""
    wanted = {author: order for order, author in enumerate(placed.authors)}
    if placed.desk is not None:
        wanted.setdefault(placed.desk, _DESK_LAST)
    have = set(known)
    return [
        new_row(
            StoryAuthor,
            story_id=story.pk,
            author_id=author,
            sort_order=order,
            sort_at=story.published_at,
        )
        for author, order in wanted.items()
        if author not in have
    ]


def _pictures(story: Story, message: Message) -> list[StoryPicture]:
    return [
        StoryPicture(story=story, sort_order=order, **columns)
        for order, columns in enumerate(_picture_columns(message))
    ]


def _picture_columns(message: Message) -> list[dict[str, Any]]:
    columns: dict[str, dict[str, Any]] = {}
    for picture in message.item.get("pictures") or ():
        href = (picture.get("href") or "")[:1000]
        if href:
            columns.setdefault(
                href,
                {
                    "href": href,
                    "caption": picture.get("caption") or "",
                    "credit": (picture.get("credit") or "")[:200],
                    "alt": picture.get("alt") or "",
                    "guid": picture.get("guid") or "",
                },
            )
    return list(columns.values())


def _change_pictures(
    places: Places, story: Story, message: Message, known: list[StoryPicture]
) -> list[int]:
    """Collect new pictures, bring kept ones up to date; gives ids of those gone."""
    by_href = {picture.href: picture for picture in known if picture.href}
    for order, columns in enumerate(_picture_columns(message)):
        kept = by_href.pop(columns["href"], None)
        if kept is None:
            places.pictures.append(
                StoryPicture(story=story, sort_order=order, **columns)
            )
        elif any(getattr(kept, name) != value for name, value in columns.items()):
            for name, value in {**columns, "sort_order": order}.items():
                setattr(kept, name, value)
            places.changed_pictures.append(kept)
    return [picture.pk for picture in by_href.values()]


def _by_story(rows: Iterable[tuple[int, int]]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    for story_id, value in rows:
        found[story_id].add(value)
    return found
