"""What stories hear from the wire and from Wagtail."""

from __future__ import annotations

from typing import Any

from django.db.models.signals import post_delete, post_save
from wagtail.models import Page, PageViewRestriction, Site

from wiredesk.logbook.actions.apply_journal import register_applier
from wiredesk.logbook.actions.keep_in_journal import make_up_for_missed
from wiredesk.stories.actions.announce import announce_frame
from wiredesk.stories.actions.apply_contract_ends import apply_contract_ends
from wiredesk.stories.actions.apply_kills import apply_kills
from wiredesk.stories.actions.apply_orders import apply_orders, hold_for_lost_embargo
from wiredesk.stories.actions.apply_picture_orders import apply_picture_orders
from wiredesk.stories.actions.end_contract import follow_ends
from wiredesk.stories.actions.erase_contract import erase_contracts
from wiredesk.stories.actions.keep_schedules import keep_schedules
from wiredesk.stories.actions.note_ends import note_contract_ends, note_picture_ends
from wiredesk.stories.actions.note_expiry import note_expiry
from wiredesk.stories.actions.settle import settle
from wiredesk.stories.actions.write_words import prepare_words
from wiredesk.stories.journaled import ORDER, PICTURE_ORDER
from wiredesk.stories.models import (
    Author,
    FrontPage,
    SectionPage,
    StandingPage,
    StationSettings,
)
from wiredesk.topics.models import Topic
from wiredesk.wire import settling
from wiredesk.wire.journaled import (
    APPLIED_AS_MESSAGES,
    CONTRACT_END,
    CONTRACT_UNDONE,
    EMBARGO,
)
from wiredesk.wire.worker import register_step

settling.register(settle, prepare=prepare_words)
register_step("note-expiry", 1.0, note_expiry)
register_step("contract-ends", 1.0, note_contract_ends)
register_step("follow-contracts", 1.0, follow_ends)
register_step("picture-ends", 1.0, note_picture_ends)
register_step("erasure", 10.0, erase_contracts)
register_step("schedules", 10.0, keep_schedules)
register_step("journal", 10.0, make_up_for_missed)
register_applier(APPLIED_AS_MESSAGES, apply_kills)
register_applier([EMBARGO], hold_for_lost_embargo)
register_applier([ORDER], apply_orders)
register_applier([CONTRACT_END, CONTRACT_UNDONE], apply_contract_ends)
register_applier([PICTURE_ORDER], apply_picture_orders)

# Wagtail saves a page for each of these alone while its editor only drafts.
_OF_DRAFTS = frozenset(
    {
        "draft_title",
        "has_unpublished_changes",
        "latest_revision",
        "latest_revision_created_at",
        "locked",
        "locked_at",
        "locked_by",
    }
)


def hear_page(sender: Any, *, instance: Page, **saved: Any) -> None:
    """Hear of publishing, unpublishing, moving, deleting: each saves or deletes a page."""
    if _OF_DRAFTS.issuperset(saved.get("update_fields") or ("everything",)):
        return
    announce_frame(
        site.pk
        for site in Site.objects.select_related("root_page")
        if instance.path.startswith(site.root_page.path)
    )


def hear_privacy(sender: Any, *, instance: PageViewRestriction, **_: Any) -> None:
    """Hear of a page that was made private, or public again."""
    hear_page(sender, instance=instance.page)


def hear_site(sender: Any, *, instance: Site | StationSettings, **_: Any) -> None:
    """Hear of a new host, root or name, and of what the station says of itself."""
    site = instance.site_id if isinstance(instance, StationSettings) else instance.pk
    announce_frame([site])


def hear_name(sender: Any, *, instance: Topic | Author, **_: Any) -> None:
    """Hear of a topic or an author, whose names stand on pages of every site."""
    announce_frame()


for _heard, _models in (
    (hear_page, (Page, FrontPage, SectionPage, StandingPage)),
    (hear_privacy, (PageViewRestriction,)),
    (hear_site, (Site, StationSettings)),
    (hear_name, (Topic, Author)),
):
    for _model in _models:
        post_save.connect(_heard, _model, dispatch_uid=f"frame.{_model.__name__}")
        post_delete.connect(_heard, _model, dispatch_uid=f"frame.{_model.__name__}")
