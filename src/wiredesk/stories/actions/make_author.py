"""A name in bylines becomes an author with a page."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from wiredesk.lib.batches import MOST, in_batches
from wiredesk.lib.slugs import free_slug, slug_of
from wiredesk.logbook.actions.write import write
from wiredesk.stories.actions.announce import announce, announce_frame
from wiredesk.stories.actions.keep_lists_in_order import keep_lists_in_order
from wiredesk.stories.models import Author, AuthorName, Story, StoryAuthor

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser

PERMISSION = "stories.add_author"


@transaction.atomic
def make_author(
    *,
    byline: str,
    by: AbstractUser | None,
    name: str = "",
    kind: str = Author.Kind.GUEST,
) -> Author:
    """Give the author whom ``byline`` names, made if need be, on every story that has it.

    ``byline`` is the name as the wire wrote it, ``name`` how the newsroom writes it (the
    same unless given). Safe to repeat. Raises ``PermissionDenied``, and
    ``ValidationError`` for an empty byline.
    """
    if by is not None and not by.has_perm(PERMISSION):
        raise PermissionDenied(PERMISSION)
    byline = byline.strip()[:200]
    if not byline:
        raise ValidationError(_("A byline needs a name."))
    known = AuthorName.objects.filter(text=byline).select_related("author").first()
    author = known.author if known else _make(byline, (name or byline)[:160], kind, by)
    _stand_over_stories(author, byline)
    return author


def _make(byline: str, name: str, kind: str, by: AbstractUser | None) -> Author:
    author = Author.objects.filter(name=name, kind=kind).first()
    if author is None:
        slug = slug_of(name, fallback="author", limit=100)
        taken = set(
            Author.objects.filter(slug__startswith=slug).values_list("slug", flat=True)
        )
        author = Author.objects.create(
            name=name, slug=free_slug(slug, taken), kind=kind
        )
    AuthorName.objects.create(author=author, text=byline)
    # Stories that have the author already show the name as theirs from now on.
    announce_frame()
    write(verb="make-author", thing=f"author:{author.pk}", person=by)
    return author


def _stand_over_stories(author: Author, byline: str) -> None:
    # SQLite can't ask whether a JSON list holds a value; its text narrows it down.
    stories = (
        Story.objects.annotate(written=Cast("bylines", TextField()))
        .filter(_written_with(byline))
        .exclude(authors__author=author)
        .values_list("pk", "bylines")
    )
    rows = [
        StoryAuthor(story_id=pk, author=author, sort_order=list(bylines).index(byline))
        for pk, bylines in stories.iterator(chunk_size=MOST)
        if byline in bylines
    ]
    for batch in in_batches(rows):
        StoryAuthor.objects.bulk_create(batch, ignore_conflicts=True)
        changed = [row.story_id for row in batch]
        keep_lists_in_order(changed)
        announce(changed)


def _written_with(byline: str) -> Q:
    plain = json.dumps(byline, ensure_ascii=False)
    return Q(written__contains=plain) | Q(written__contains=json.dumps(byline))
