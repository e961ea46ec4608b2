"""Who wrote a story, for machines: every author apart, people and organisations told.

The station is never the author of an agency's story.
"""

from __future__ import annotations

from dataclasses import dataclass

from wiredesk.lib.text import one_line
from wiredesk.stories.models import Author, Story


@dataclass(frozen=True, slots=True)
class Credited:
    """An author. ``path`` is the author's page with us, empty for one without."""

    name: str
    path: str = ""
    organisation: bool = False


def authors_of(story: Story) -> list[Credited]:
    """Give the authors in the order of the byline, none twice.

    A name that an author goes by is that author. A wire story always names its agency,
    if only as text; one of the station's own that names nobody has no author here.
    """
    authors = [row.author for row in story.authors.all()]
    known = {_key(name): author for author in authors for name in _names(author)}
    credited: list[Credited] = []
    used: set[int] = set()
    for written in story.bylines or ():
        name = one_line(str(written)) or ""
        author = known.get(_key(name)) or _desk_called(name, authors)
        if author is None and name:
            is_agency = _is_short_for(name, story.source_name)
            credited.append(Credited(name, organisation=is_agency))
        elif author is not None and author.pk not in used:
            used.add(author.pk)
            credited.append(_credited(author))
    rest = [author for author in authors if author.pk not in used]
    desks = any(entry.organisation for entry in credited)
    credited.extend(
        _credited(author)
        for author in rest
        if author.kind != Author.Kind.AGENCY or not desks
    )
    is_told = desks or any(author.kind == Author.Kind.AGENCY for author in rest)
    if story.source_name and not is_told:
        credited.append(Credited(story.source_name, organisation=True))
    return list(dict.fromkeys(credited))


def _credited(author: Author) -> Credited:
    is_desk = author.kind == Author.Kind.AGENCY
    return Credited(author.name, author.get_absolute_url(), is_desk)


def _names(author: Author) -> list[str]:
    return [author.name, *(name.text for name in author.names.all())]


def _desk_called(name: str, authors: list[Author]) -> Author | None:
    """Give the agency's desk that a byline means by part of its name ("…, Meridian")."""
    desks = (author for author in authors if author.kind == Author.Kind.AGENCY)
    return next((desk for desk in desks if _is_short_for(name, desk.name)), None)


def _is_short_for(name: str, whole: str) -> bool:
    words = _key(name).split()
    return bool(words) and set(words) <= set(_key(whole).split())


def _key(text: str) -> str:
    return (one_line(text) or "").casefold()
