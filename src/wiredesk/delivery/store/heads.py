"""Request heads, read strictly: what isn't plain and safe goes on to the HTTP parser.

A head is read once and remembered by its bytes. A browser sends the same lines below the
first one with page after page, so most heads cost a look into a dictionary.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.http.request import split_domain_port, validate_host

from wiredesk.delivery.purge.keys import PICTURE_PATH, STORY_PATH
from wiredesk.lib.encodings import choose, plain_tags

END = b"\r\n\r\n"
_REQUEST = re.compile(rb"(GET|HEAD) (/[!#-~]{0,511}) HTTP/1\.([01])")
_FIELD = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([ -~\t\x80-\xff]*)")
_HOST = re.compile(
    rb"[a-z0-9.-]*[a-z0-9](?::[0-9]{1,5})?|\[[0-9a-f:.]+\](?::[0-9]{1,5})?"
)
# Nothing to decode, to fold or to climb: of such a path there is one spelling only.
_PATH = re.compile(r"/(?:[A-Za-z0-9_~-][A-Za-z0-9_.~-]*/)*(?:[A-Za-z0-9_.~-]+)?")
_ONE_PAGE = re.compile(rb"(?:%b|%b)" % (STORY_PATH.pattern, PICTURE_PATH.pattern))
_PAGE = re.compile(r"[1-9][0-9]{0,2}")
# Their answers depend on who asks or when, or are none of the public's.
_NEVER = (
    "/desk/",
    "/wire/",
    "/search",
    "/api/",
    "/healthz",
    "/readyz",
    "/documents/",
    "/-/",
)
# A head with one of these means more than "give me that page".
_DECLINED = frozenset(
    {
        b"authorization",
        b"content-length",
        b"expect",
        b"if-match",
        b"if-range",
        b"if-unmodified-since",
        b"range",
        b"te",
        b"trailer",
        b"transfer-encoding",
        b"upgrade",
    }
)
_LOGGED = 500  # bytes of a field that the access log shows
_ONCE = frozenset(
    {b"host", b"if-none-match", b"if-modified-since", b"x-forwarded-proto"}
)


class Line(NamedTuple):
    """A request line. ``target`` is the path, with ``?page=`` where it counts."""

    target: str
    is_head: bool
    is_old: bool  # HTTP/1.0


@dataclass(frozen=True, slots=True)
class Fields:
    """What the lines below the first say. ``closes``: the client wants no second answer.

    ``referer`` and ``agent`` are for the access log.
    """

    host: str
    coding: str
    none_match: str | None = None
    modified_since: str | None = None
    closes: bool = False
    referer: bytes = b"-"
    agent: bytes = b"-"
    forwarded_for: tuple[bytes, ...] = ()

    @property
    def is_plain(self) -> bool:
        """Tell whether the answer is the page itself, and the connection stays."""
        return (
            self.none_match is None and self.modified_since is None and not self.closes
        )


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads heads for a site: ``hosts`` it answers to, whether a proxy ends TLS."""

    hosts: Sequence[str]  # as in Django's ALLOWED_HOSTS
    ports: Collection[str] = ("", "80", "443")
    behind_tls: bool = False

    def line(self, raw: bytes) -> Line | None:
        """Read a request line; ``None`` for one that is somebody else's to read."""
        match = _REQUEST.fullmatch(raw)
        if match is None:
            return None
        method, target, minor = match.groups()
        path, _, query = target.decode("ascii").partition("?")
        if not _PATH.fullmatch(path) or path.startswith(_NEVER):
            return None
        page = _page_in(query) if query else ""
        if page is None:
            return None
        if page and (path.startswith("/static/") or _ONE_PAGE.match(target)):
            page = ""
        return Line(path + page, method == b"HEAD", minor == b"0")

    def fields(self, raw: bytes) -> Fields | None:
        """Read the lines below the first, the empty one at the end included."""
        if not raw.endswith(END) or raw.find(END) != len(raw) - len(END):
            return None
        found: dict[bytes, bytes] = {}
        for each in raw[: -len(END)].split(b"\r\n"):
            match = _FIELD.fullmatch(each)
            if match is None:
                return None
            name, value = match[1].lower(), match[2].strip(b" \t")
            if name in _DECLINED or (name in found and name in _ONCE):
                return None
            found[name] = found[name] + b", " + value if name in found else value
        return self._fields(found)

    def _fields(self, found: dict[bytes, bytes]) -> Fields | None:
        host = found.get(b"host", b"")
        if not _HOST.fullmatch(host):
            return None
        name, port = split_domain_port(host.decode("ascii"))
        # Each port is another address to keep pages under, so not any will do.
        if port not in self.ports or not validate_host(name, self.hosts):
            return None
        # Without TLS in front Django leads to it; that answer isn't kept.
        if self.behind_tls and found.get(b"x-forwarded-proto") != b"https":
            return None
        options = {
            each.strip() for each in found.get(b"connection", b"").lower().split(b",")
        }
        if not options <= {b"", b"close", b"keep-alive"}:
            return None
        none_match = found.get(b"if-none-match")
        since = found.get(b"if-modified-since")
        return Fields(
            host=host.decode("ascii"),
            coding=choose(_text(found.get(b"accept-encoding"))),
            none_match=None if none_match is None else plain_tags(_text(none_match)),
            # Not looked at beside If-None-Match (RFC 9110, 13.1.3).
            modified_since=None if none_match is not None else _optional(since),
            closes=b"close" in options,
            referer=found.get(b"referer", b"-")[:_LOGGED],
            agent=found.get(b"user-agent", b"-")[:_LOGGED],
            forwarded_for=tuple(
                hop.strip() for hop in found.get(b"x-forwarded-for", b"").split(b",")
            ),
        )


def _page_in(query: str) -> str | None:
    """Give ``?page=`` as far as it counts; ``None`` where Django should look at it."""
    page = ""
    for part in query.split("&"):
        name, equals, value = part.partition("=")
        if "%" in name or "+" in name:
            return None
        if name != "page":
            continue  # no page of ours knows another
        if page or not equals or not _PAGE.fullmatch(value):
            return None
        page = f"?page={value}"
    return "" if page == "?page=1" else page


def _text(value: bytes | None) -> str:
    return (value or b"").decode("latin-1")


def _optional(value: bytes | None) -> str | None:
    return None if value is None else _text(value)
