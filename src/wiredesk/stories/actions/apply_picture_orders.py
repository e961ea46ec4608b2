"""Give the desk's orders about pictures again that the journal remembers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from wiredesk.logbook.actions.apply_journal import Done
from wiredesk.logbook.actions.write import write
from wiredesk.stories.actions.settle_pictures import settle_pictures
from wiredesk.stories.journaled import message_of
from wiredesk.stories.models import Picture, PictureOrder

if TYPE_CHECKING:
    from wiredesk.logbook.journal import Line


def apply_picture_orders(lines: list[Line], *, restoring: bool) -> Done:
    """Write the orders of these lines that aren't here; call in a transaction.

    An order stands for the bytes, so that it counts for a picture that comes later. A
    release whose kill isn't here is left out, and said.
    """
    done = Done()
    touched: set[int] = set()
    for line in lines:
        facts = line.facts
        named = {"sha256": facts["sha256"], "source": facts["source"]}
        at = parse_datetime(facts["at"]) or line.at
        if PictureOrder.objects.filter(**named, verb=facts["order"], at=at).exists():
            continue
        answered = facts.get("message")
        message = message_of(answered) if answered else None
        if answered and message is None:
            done.left.append(_unanswered(line))
            continue
        accounts = get_user_model()._default_manager.filter(pk=facts["by"])
        person = accounts.first() if facts["by"] else None
        order = PictureOrder.objects.create(
            **named,
            verb=facts["order"],
            at=at,
            message=message,
            by=person,
            note=_("Brought back from the journal."),
        )
        pictures = list(Picture.objects.filter(**named).values_list("pk", flat=True))
        touched.update(pictures)
        write(
            verb=f"picture-{order.verb}",
            thing=f"picture:{pictures[0]}" if pictures else "picture",
            detail={"order": order.pk, "journal": line.position.sequence},
            person=person,
        )
        done.changed += 1
    if touched:
        settle_pictures(picture_ids=touched)
    return done


def _unanswered(line: Line) -> str:
    return _(
        "The order “%(order)s” of %(at)s on the picture %(sha256)s is not given again: "
        "the kill that it answers is not in this database."
    ) % {name: line.facts[name] for name in ("order", "at", "sha256")}
