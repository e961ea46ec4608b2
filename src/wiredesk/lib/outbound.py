"""The one way out: HTTP requests that can't be led to places inside our own network.

An address somebody else chose (a feed, a picture, a redirect) is resolved once, every
answer of the name server is checked, and the connection goes to exactly the address
that was checked, so a name that changes between check and use gains nothing. Redirects
are followed by hand and checked like the first address. Nothing of the environment
(proxies, ``.netrc``) has a say.
"""

from __future__ import annotations

import ipaddress
import socket
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

import httpx
from django.conf import settings

from wiredesk.lib.decoding import NotDecodableError, OverCapError, decode

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

MOST_REDIRECTS = 5
PORTS = {"http": 80, "https": 443}
AGENT = "Wiredesk"
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
# Addresses that stand for others: what is inside is checked instead.
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_NAT64_LOCAL = ipaddress.ip_network("64:ff9b:1::/48")
_COMPATIBLE = ipaddress.ip_network("::/96")

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class OutboundError(Exception):
    """The request brought no answer we may use; the text says why."""


class AddressRefusedError(OutboundError):
    """The address, or one it led to, is not one we go to."""


class UnreachableError(OutboundError):
    """Nobody answered, or not in HTTP."""


class TooSlowError(OutboundError):
    """The answer took longer than the caller allows."""


class TooLargeError(OutboundError):
    """The answer is larger than the caller allows."""


class TooManyRedirectsError(OutboundError):
    """The address leads on and on."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. ``address`` is the last one asked; header names in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes
    address: str


@dataclass(frozen=True, slots=True)
class _Hop:
    """One address, checked: ``url`` goes to the number, ``host`` is whom we mean."""

    url: str
    host: str
    host_header: str


def fetch(
    address: str,
    *,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    content: bytes | None = None,
    size_cap: int = 32 * 1024 * 1024,
    seconds: float = 20.0,
    trusted: Collection[str] | None = None,
) -> Answer:
    """Ask ``address`` and give the answer, whatever its status; redirects followed.

    ``size_cap`` is in bytes after decoding, ``seconds`` for everything together.
    ``trusted`` are host names that may lie in our own network and use other ports: by
    default those of the engineer's settings. A request with ``content`` follows no
    redirect. Raises an ``OutboundError`` of the kind that fits.
    """
    hosts = settings.WIREDESK_TRUSTED_HOSTS if trusted is None else trusted
    exempt = frozenset(host.casefold() for host in hosts)
    deadline = time.monotonic() + seconds
    sent = {"User-Agent": AGENT, "Accept-Encoding": "gzip", **(headers or {})}
    host = ""
    with httpx.Client(trust_env=False, follow_redirects=False) as client:
        for _ in range(MOST_REDIRECTS + 1):
            hop = _check(address, exempt)
            if hop.host != (host or hop.host):
                sent = _without_secrets(sent)
            host = hop.host
            answer = _ask(
                client, method, address, hop, sent, content, deadline, size_cap
            )
            location = answer.headers.get("location")
            if answer.status not in _REDIRECTS or content is not None or not location:
                return answer
            address = _led_to(address, location)
    raise TooManyRedirectsError(
        f"{address} still leads on after {MOST_REDIRECTS} redirects."
    )


def is_public(address: str) -> bool:
    """Tell whether an IP address lies in the public internet, and so does any within.

    IPv4 inside IPv6 (mapped, compatible, 6to4, Teredo, NAT64) counts as what it is.
    """
    try:
        number = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    return "%" not in address and all(_is_public(each) for each in _meant(number))


def _is_public(number: _Address) -> bool:
    return (
        number.is_global
        and not number.is_multicast
        and not number.is_reserved
        and not number.is_unspecified
    )


def _meant(number: _Address) -> Iterator[_Address]:
    if isinstance(number, ipaddress.IPv4Address):
        yield number
        return
    if number.ipv4_mapped is not None:
        yield number.ipv4_mapped
        return
    if number in _NAT64 or number in _COMPATIBLE:
        yield ipaddress.IPv4Address(int(number) & 0xFFFFFFFF)
        return
    if number in _NAT64_LOCAL:
        yield ipaddress.IPv4Address("0.0.0.0")  # noqa: S104 - an address never public
        return
    yield number
    if number.sixtofour is not None:
        yield number.sixtofour
    if number.teredo is not None:
        yield from number.teredo


def _led_to(address: str, location: str) -> str:
    try:
        return urljoin(address, location)
    except ValueError as error:
        raise AddressRefusedError(
            f"{address} leads to “{location[:200]}”, which is no web address."
        ) from error


def _check(address: str, exempt: Collection[str]) -> _Hop:
    try:
        parts = urlsplit(address)
        port = parts.port
        host = (parts.hostname or "").rstrip(".")
        asked = host.encode("idna").decode("ascii") if not host.isascii() else host
    except ValueError as error:
        raise AddressRefusedError(f"“{address[:200]}” is no web address.") from error
    if parts.scheme not in PORTS or not host:
        raise AddressRefusedError(
            f"“{address[:200]}” is no http or https address, so it isn't asked."
        )
    if parts.username is not None or parts.password is not None:
        raise AddressRefusedError(f"The address of {host} has a password in it.")
    trusted = host.casefold() in exempt
    if port not in (None, PORTS[parts.scheme], *PORTS.values()) and not trusted:
        raise AddressRefusedError(
            f"{host} is to be asked at port {port}; only 80 and 443 are, unless the "
            "host is among WIREDESK_TRUSTED_HOSTS."
        )
    number = _resolve(asked, port or PORTS[parts.scheme], trusted)
    shown = f"[{number}]" if ":" in number else number
    place = shown if port is None else f"{shown}:{port}"
    path = parts.path or "/"
    query = f"?{parts.query}" if parts.query else ""
    name = f"[{asked}]" if ":" in asked else asked
    return _Hop(
        url=f"{parts.scheme}://{place}{path}{query}",
        host=asked,
        host_header=name if port in (None, PORTS[parts.scheme]) else f"{name}:{port}",
    )


def _resolve(host: str, port: int, trusted: bool) -> str:
    """Give the one number to connect to; every number of the name must be public."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise UnreachableError(f"The name {host} has no address: {error}.") from error
    numbers = [str(entry[4][0]) for entry in found]
    if not trusted:
        inside = [number for number in numbers if not is_public(number)]
        if inside:
            raise AddressRefusedError(
                f"{host} leads to {inside[0]}, which is no public address. A service of "
                "your own must be named in WIREDESK_TRUSTED_HOSTS."
            )
    return numbers[0]


def _ask(
    client: httpx.Client,
    method: str,
    address: str,
    hop: _Hop,
    headers: Mapping[str, str],
    content: bytes | None,
    deadline: float,
    size_cap: int,
) -> Answer:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TooSlowError(f"{hop.host} took too long.")
    request = client.build_request(
        method,
        hop.url,
        headers={**headers, "Host": hop.host_header},
        content=content,
        timeout=min(left, 10.0),
        extensions={"sni_hostname": hop.host},
    )
    try:
        response = client.send(request, stream=True)
        try:
            raw = _read(response, hop.host, deadline, size_cap)
        finally:
            response.close()
    except httpx.TimeoutException as error:
        raise TooSlowError(f"{hop.host} took too long.") from error
    except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as error:
        raise UnreachableError(f"{hop.host} can't be asked: {error}.") from error
    kept = {name.lower(): value for name, value in response.headers.items()}
    try:
        body = decode(raw, kept.get("content-encoding", ""), cap=size_cap)
    except OverCapError as error:
        raise TooLargeError(f"The answer of {hop.host} is too large.") from error
    except NotDecodableError as error:
        raise UnreachableError(f"The answer of {hop.host}: {error}") from error
    return Answer(response.status_code, kept, body, address)


def _read(response: httpx.Response, host: str, deadline: float, size_cap: int) -> bytes:
    announced = response.headers.get("content-length", "")
    if announced.isascii() and announced.isdigit() and int(announced[:18]) > size_cap:
        raise TooLargeError(
            f"{host} announces {announced[:18]} bytes; that is too much."
        )
    body = bytearray()
    # No chunk size: it would wait for a full one, and a server can drip for hours.
    for chunk in response.iter_raw():
        body += chunk
        if len(body) > size_cap:
            raise TooLargeError(f"{host} sent more than {size_cap:,} bytes.")
        if time.monotonic() > deadline:
            raise TooSlowError(f"{host} took too long.")
    return bytes(body)


def _without_secrets(headers: Mapping[str, str]) -> dict[str, str]:
    """Drop what was meant for the first host alone."""
    secret = ("authorization", "cookie", "x-api-key")
    return {
        name: value for name, value in headers.items() if name.lower() not in secret
    }
