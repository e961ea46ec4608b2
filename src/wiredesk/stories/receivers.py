"""What stories hear from the wire and from Wagtail."""

from __future__ import annotations

from wiredesk.logbook.actions.apply_journal import register_applier
from wiredesk.logbook.actions.keep_in_journal import make_up_for_missed
from wiredesk.stories.actions.apply_orders import apply_orders, hold_for_lost_embargo
from wiredesk.stories.actions.keep_schedules import keep_schedules
from wiredesk.stories.actions.note_expiry import note_expiry
from wiredesk.stories.actions.settle import settle
from wiredesk.stories.actions.write_words import prepare_words
from wiredesk.stories.journaled import ORDER
from wiredesk.wire import settling
from wiredesk.wire.actions.take_journaled import take_journaled
from wiredesk.wire.journaled import APPLIED_AS_MESSAGES, EMBARGO
from wiredesk.wire.worker import register_step

settling.register(settle, prepare=prepare_words)
register_step("note-expiry", 1.0, note_expiry)
register_step("schedules", 10.0, keep_schedules)
register_step("journal", 10.0, make_up_for_missed)
register_applier(APPLIED_AS_MESSAGES, take_journaled)
register_applier([EMBARGO], hold_for_lost_embargo)
register_applier([ORDER], apply_orders)
