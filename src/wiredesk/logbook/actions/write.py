"""Write down who did what to which thing."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from wiredesk.lib.rows import insert_rows, new_row
from wiredesk.logbook.digest import entry_digest
from wiredesk.logbook.models import Entry, Person

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from django.contrib.auth.models import AbstractBaseUser


@dataclass(frozen=True, slots=True)
class Act:
    """One act for ``write_many``: ``verb`` was done to ``thing`` (``story:12``).

    ``detail`` is plain JSON and names nobody: it is digested and can't be erased.
    """

    verb: str
    thing: str
    detail: dict[str, Any] = field(default_factory=dict)


@transaction.atomic(savepoint=False)
def write(
    *,
    verb: str,
    thing: str,
    detail: dict[str, Any] | None = None,
    person: AbstractBaseUser | None = None,
    at: datetime | None = None,
) -> Entry:
    """Write one entry, in the caller's transaction where there is one.

    ``person`` is the account that acted, ``None`` for the system; ``at`` is now unless
    given.
    """
    act = Act(verb, thing, detail or {})
    return write_many(acts=[act], person=person, at=at)[0]


@transaction.atomic(savepoint=False)
def write_many(
    *,
    acts: Iterable[Act],
    person: AbstractBaseUser | None = None,
    at: datetime | None = None,
) -> list[Entry]:
    """Write many entries of one moment and one person in one statement."""
    moment = at or timezone.now()
    person_id = _person_id(person)
    entries = [
        new_row(
            Entry,
            at=moment,
            person_id=person_id,
            verb=act.verb,
            thing=act.thing,
            detail=act.detail,
            digest=entry_digest(
                at=moment,
                person_id=person_id,
                verb=act.verb,
                thing=act.thing,
                detail=act.detail,
            ),
        )
        for act in acts
    ]
    insert_rows(entries)
    return entries


def _person_id(account: AbstractBaseUser | None) -> int | None:
    if account is None or account.pk is None:
        return None
    person, _ = Person.objects.get_or_create(
        account_id=account.pk,
        defaults={"name": account.get_username()},
    )
    return person.pk
