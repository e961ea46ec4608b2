"""What stands around stories: their authors, topics and places, and so their lists."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from wiredesk.delivery.purge.keys import list_key
from wiredesk.delivery.search import marks
from wiredesk.delivery.sitemaps.addresses import paths_of
from wiredesk.lib.batches import in_batches
from wiredesk.lib.prepared import PreparedQuery
from wiredesk.stories.models import Placement, StoryAuthor, StoryTopic

_authors = PreparedQuery(
    lambda stories: (
        StoryAuthor.objects.filter(story_id__in=stories)
        .order_by()
        .values_list("story_id", "author_id", "author__name", "author__slug")
    )
)
_topics = PreparedQuery(
    lambda stories: (
        StoryTopic.objects.filter(story_id__in=stories)
        .order_by()
        .values_list("story_id", "topic_id", "topic__name", "topic__slug")
    )
)
_placements = PreparedQuery(
    lambda stories: (
        Placement.objects.filter(story_id__in=stories)
        .order_by()
        .values_list("story_id", "site_id", "section_id", "section__slug")
    )
)
# Lists that any story may come onto, or leave.
EVERYBODYS_LISTS = tuple(list_key(path) for path in ("/", "/corrections/"))


@dataclass(slots=True)
class Surroundings:
    """The names and topics beside a story, the marks to narrow a search by, its lists.

    ``lists`` are surrogate keys, in order, each once; ``places`` the numbers of sites,
    each with the name of a section in addresses, or none.
    """

    names: list[str] = field(default_factory=list)
    topics: list[str] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)
    places: list[tuple[int, str]] = field(default_factory=list)
    lists: dict[str, None] = field(
        default_factory=lambda: dict.fromkeys(EVERYBODYS_LISTS)
    )


def lists_of(story_id: int, around: Mapping[int, Surroundings]) -> Iterable[str]:
    """Give the surrogate keys of the lists the story is on, its sitemaps' among them."""
    lists = around[story_id].lists if story_id in around else EVERYBODYS_LISTS
    return [*lists, *map(list_key, paths_of(story_id))]


def surroundings_of(story_ids: Sequence[int]) -> dict[int, Surroundings]:
    """Give what stands around these stories, by story: three queries a batch."""
    around: defaultdict[int, Surroundings] = defaultdict(Surroundings)
    for batch in in_batches(story_ids):
        _gather(batch, around)
    return around


def _gather(story_ids: list[int], around: defaultdict[int, Surroundings]) -> None:
    for story_id, author_id, name, slug in _authors(story_ids):
        here = around[story_id]
        here.names.append(name)
        here.marks.append(marks.author_mark(author_id))
        here.lists[list_key(f"/authors/{slug}/")] = None
    for story_id, topic_id, name, slug in _topics(story_ids):
        here = around[story_id]
        here.topics.append(name)
        here.marks.append(marks.topic_mark(topic_id))
        here.lists[list_key(f"/topics/{slug}/")] = None
    for story_id, site_id, section_id, slug in _placements(story_ids):
        here = around[story_id]
        here.places.append((site_id, slug or ""))
        here.marks.append(marks.site_mark(site_id))
        if section_id:
            here.marks.append(marks.section_mark(section_id))
            here.lists[list_key(f"/{slug}/")] = None
