"""What stands between the wire of the network and Django: who really asked, and how.

Request headers decide security questions (who is the client, was it TLS), so those a
client could forge are dropped here, before anything can believe them.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from ipaddress import ip_address
from typing import Any

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]
Header = tuple[bytes, bytes]

FORWARDING = frozenset(
    {
        b"forwarded",
        b"x-forwarded-for",
        b"x-forwarded-host",
        b"x-forwarded-port",
        b"x-forwarded-proto",
        b"x-real-ip",
    }
)


NO_HOST = b"The request names no host. Send a Host header.\n"


class Edge:
    """Pass requests on with the client's true address and no forgeable header.

    ``proxies`` is how many proxies of ours stand in front, each adding one entry to
    X-Forwarded-For; 0 believes no forwarding header at all.
    """

    def __init__(self, application: Application, *, proxies: int) -> None:
        self.application = application
        self.proxies = proxies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            if lacks_host(scope):
                await _refuse(send)
                return
            scope = self._trusted(scope)
        await self.application(scope, receive, send)

    def _trusted(self, scope: Scope) -> Scope:
        # "X_Forwarded_Proto" would reach Django under the same name as the real one.
        headers = [pair for pair in scope["headers"] if b"_" not in pair[0]]
        if not self.proxies:
            headers = [pair for pair in headers if pair[0] not in FORWARDING]
            return {**scope, "headers": headers}
        headers = _with_true_scheme(headers, self.proxies)
        address = client_address(headers, self.proxies)
        if address is None:
            return {**scope, "headers": headers}
        return {**scope, "headers": headers, "client": (address, 0)}


def lacks_host(scope: Scope) -> bool:
    """Tell whether a request must be refused for naming no host (RFC 9112, 3.2).

    Django would take the address of this machine for the name.
    """
    return scope["http_version"] == "1.1" and not any(
        name == b"host" for name, _ in scope["headers"]
    )


async def _refuse(send: Send) -> None:
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(NO_HOST)).encode()),
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": 400, "headers": headers})
    await send({"type": "http.response.body", "body": NO_HOST})


def _with_true_scheme(headers: list[Header], proxies: int) -> list[Header]:
    """Leave of X-Forwarded-Proto what our outermost proxy said, if it said anything.

    Django believes the leftmost entry, which is the client's to invent.
    """
    name = b"x-forwarded-proto"
    said = [
        each.strip()
        for key, value in headers
        if key == name
        for each in value.split(b",")
    ]
    rest = [pair for pair in headers if pair[0] != name]
    if not said:
        return rest
    # A proxy that sets it anew leaves one entry, however many stand in front.
    return [*rest, (name, said[-min(proxies, len(said))])]


def client_address(headers: Iterable[Header], proxies: int) -> str | None:
    """Give the address our outermost proxy saw, or None if it isn't there.

    Counted from the right, because everything further left is the client's to invent.
    """
    hops = [
        hop.strip()
        for name, value in headers
        if name == b"x-forwarded-for"
        for hop in value.decode("latin-1").split(",")
    ]
    if len(hops) < proxies:
        return None
    try:
        return str(ip_address(hops[-proxies]))
    except ValueError:
        return None
