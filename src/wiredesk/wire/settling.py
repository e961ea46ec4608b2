"""The one way from a saved message to what becomes of it.

The wire must not know what a story is, so whoever does registers one function here when
the apps are ready. Without it nothing is taken: a message that nobody settled would
be a kill that nobody heard.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from django.core.exceptions import ImproperlyConfigured

from wiredesk.wire.models import Message
from wiredesk.wire.signals import Taken

SettleFunction: TypeAlias = Callable[[list[Message]], dict[int, Taken]]
PrepareFunction: TypeAlias = Callable[[list[Message]], None]

_settle: SettleFunction | None = None
_prepare: PrepareFunction | None = None


class NotSettledError(RuntimeError):
    """The registered function left a message without an answer: nothing is written."""


def register(
    function: SettleFunction, *, prepare: PrepareFunction | None = None
) -> None:
    """Make ``function`` the one that settles messages.

    It is called inside the transaction that saved the messages, on this thread, with
    messages that have ids, and gives one ``Taken`` for each message's id. What it raises
    undoes the whole group. A second, different function is refused.

    ``prepare`` gets the same messages before the transaction, unsaved, and may work out
    what depends on them alone: nobody waits for the database meanwhile.
    """
    global _settle, _prepare
    if _settle is not None and _settle is not function:
        raise ImproperlyConfigured(
            f"Messages are settled by {_settle.__module__}.{_settle.__qualname__}; "
            f"{function.__module__}.{function.__qualname__} can't do it as well."
        )
    _settle, _prepare = function, prepare


def unregister() -> None:
    """Forget the registered function: nothing is taken until another is there."""
    global _settle, _prepare
    _settle = _prepare = None


def require() -> SettleFunction:
    """Give the registered function; refuse to go on where there is none."""
    if _settle is None:
        raise ImproperlyConfigured(
            "Nothing is registered to settle messages, so none is taken: "
            "wiredesk.stories must be among INSTALLED_APPS and call "
            "wiredesk.wire.settling.register when it is ready."
        )
    return _settle


def prepare_messages(messages: list[Message]) -> None:
    """Have worked out what needs no database, before the lock; safe to leave out."""
    if _prepare is not None:
        _prepare(messages)


def settle_messages(messages: list[Message]) -> dict[int, Taken]:
    """Settle saved messages; gives what became of each, by message id.

    Call inside the transaction that saved them. Raises ``NotSettledError`` where an
    answer is missing: one line an item is the ledger's promise.
    """
    if not messages:
        return {}
    answers = require()(messages)
    missing = [message.pk for message in messages if message.pk not in answers]
    if missing:
        raise NotSettledError(f"No answer for messages {missing[:10]}.")
    return answers
