"""Whom purges go to, as the engineer set it up, and how each is spoken to."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.signals import setting_changed
from django.dispatch import receiver

from wiredesk.lib.own_servers import Answer, OwnServers

INDEXNOW = "indexnow"
# Varnish reads the keys from one header line of at most 8 KB and makes a pattern of it.
VARNISH_KEYS = 200
INDEXNOW_ADDRESSES = 1000  # the protocol allows 10,000 a request
_METHOD = re.compile(r"[A-Z]{1,20}")
_FIELDS = ("{key}", "{keys}", "{json}")


@dataclass(frozen=True, slots=True)
class Target:
    """One that must hear of purges.

    ``tell`` sends at most ``at_once`` keys and gives the answer; any status of 2xx is
    success. ``patience`` are the seconds after which the desk is told that it fails.
    """

    name: str
    tell: Callable[[OwnServers, Sequence[str]], Answer]
    at_once: int
    patience: float = 30.0


@lru_cache(maxsize=1)
def targets() -> dict[str, Target]:
    """Give the targets of surrogate keys, by name; none where no cache is set up.

    Raises ``ImproperlyConfigured`` for settings that can't be used.
    """
    found = [_varnish(address) for address in settings.WIREDESK_VARNISH]
    if settings.WIREDESK_PURGE_URL:
        found.append(_generic())
    return {target.name: target for target in found}


@lru_cache(maxsize=1)
def indexnow() -> Target | None:
    """Give the target of withdrawn addresses, where a key is set."""
    key = settings.WIREDESK_INDEXNOW_KEY
    if not key:
        return None
    if not re.fullmatch(r"[A-Za-z0-9-]{8,128}", key):
        raise ImproperlyConfigured(
            "WIREDESK_INDEXNOW_KEY must have 8 to 128 letters, digits or hyphens."
        )
    _require_address("WIREDESK_INDEXNOW_URL", settings.WIREDESK_INDEXNOW_URL)
    return Target(INDEXNOW, _tell_indexnow, INDEXNOW_ADDRESSES, patience=3600.0)


def all_targets() -> dict[str, Target]:
    """Give every target that rows of the outbox may name."""
    found = dict(targets())
    if (engines := indexnow()) is not None:
        found[engines.name] = engines
    return found


@receiver(setting_changed, dispatch_uid="delivery.purge.targets")
def _forget(*, setting: str, **_kwargs: object) -> None:
    """Read the settings anew where a test changes one."""
    if setting.startswith("WIREDESK_"):
        targets.cache_clear()
        indexnow.cache_clear()


# --- Varnish --------------------------------------------------------------------------


def _varnish(address: str) -> Target:
    _require_address("WIREDESK_VARNISH", address)
    return Target(address, partial(_ban, address), VARNISH_KEYS)


def _ban(address: str, client: OwnServers, keys: Sequence[str]) -> Answer:
    """Send one BAN; ``examples/varnish/wiredesk.vcl`` is the other end."""
    return client.ask("BAN", f"{address}/", headers={"Surrogate-Keys": " ".join(keys)})


# --- any other cache ------------------------------------------------------------------


def _generic() -> Target:
    address, method = settings.WIREDESK_PURGE_URL, settings.WIREDESK_PURGE_METHOD
    _require_address("WIREDESK_PURGE_URL", address)
    if not _METHOD.fullmatch(method):
        raise ImproperlyConfigured(f"WIREDESK_PURGE_METHOD={method!r} is no method.")
    headers = dict(map(_header, settings.WIREDESK_PURGE_HEADERS))
    body = settings.WIREDESK_PURGE_BODY
    places = "".join((address, body, *headers.values()))
    if not any(name in places for name in _FIELDS):
        raise ImproperlyConfigured(
            "WIREDESK_PURGE_URL, _HEADERS or _BODY must say where the keys go: "
            "{key} for one at a time, {keys} or {json} for several."
        )
    at_once = 1 if "{key}" in places else settings.WIREDESK_PURGE_KEYS
    host = urlsplit(address).netloc.rpartition("@")[2]
    tell = partial(_tell_generic, address, method, headers, body)
    return Target(f"{method} {host}", tell, at_once)


def _header(line: str) -> tuple[str, str]:
    name, colon, value = line.partition(":")
    if not colon or not re.fullmatch(r"[A-Za-z0-9-]+", name.strip()):
        raise ImproperlyConfigured(
            "WIREDESK_PURGE_HEADERS must be lines like “Name: value”."
        )
    return name.strip(), value.strip()


def _tell_generic(
    address: str,
    method: str,
    headers: dict[str, str],
    body: str,
    client: OwnServers,
    keys: Sequence[str],
) -> Answer:
    joined = " ".join(keys)

    def fill(template: str, *, in_address: bool = False) -> str:
        spelled = quote(joined) if in_address else joined
        filled = template.replace("{keys}", spelled).replace("{key}", spelled)
        return filled.replace("{json}", json.dumps(list(keys)))

    return client.ask(
        method,
        fill(address, in_address=True),
        headers={name: fill(value) for name, value in headers.items()},
        content=fill(body).encode() if body else None,
    )


# --- search engines -------------------------------------------------------------------


def _tell_indexnow(client: OwnServers, addresses: Sequence[str]) -> Answer:
    """Tell of addresses of one host, as indexnow.org describes it; 200 and 202 are yes."""
    key = settings.WIREDESK_INDEXNOW_KEY
    site = urlsplit(addresses[0])
    told = {
        "host": site.netloc,
        "key": key,
        "keyLocation": f"{site.scheme}://{site.netloc}/{key}.txt",
        "urlList": list(addresses),
    }
    return client.ask(
        "POST",
        settings.WIREDESK_INDEXNOW_URL,
        headers={"Content-Type": "application/json; charset=utf-8"},
        content=json.dumps(told).encode(),
    )


def _require_address(name: str, address: str) -> None:
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ImproperlyConfigured(
            f"{name}={address!r} can't be used: say an address with http:// or https://."
        )
