"""What an editor can do with a message: registered by the parts that can do it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser

    from wiredesk.wire.models import Message


@dataclass(frozen=True, slots=True)
class MessageAction:
    """A button on a message: a POST to ``address``, or a link where ``is_link``."""

    label: str
    address: str
    is_link: bool = False
    is_primary: bool = False


@dataclass(frozen=True, slots=True)
class MessageNote:
    """What stands over a message: a sentence, and the page it leads to, if any."""

    text: str
    address: str = ""


Noter = Callable[["Message"], MessageNote | None]
Provider = Callable[["Message", "AbstractUser"], list[MessageAction]]

_providers: list[Provider] = []
_noters: list[Noter] = []


def register_message_actions(provider: Provider) -> None:
    """Let ``provider`` offer actions on every message; once for each provider."""
    if provider not in _providers:
        _providers.append(provider)


def actions_for(message: Message, user: AbstractUser) -> list[MessageAction]:
    """Give what ``user`` can do with ``message`` now, in the order of registration."""
    return [action for provider in _providers for action in provider(message, user)]


def register_message_note(noter: Noter) -> None:
    """Let ``noter`` say something of every message; once for each noter."""
    if noter not in _noters:
        _noters.append(noter)


def notes_for(message: Message) -> list[MessageNote]:
    """Give what the parts above say of ``message`` now."""
    said = [noter(message) for noter in _noters]
    return [note for note in said if note is not None]
