"""HTTP to servers that the engineer's settings name: our own site, caches, their services.

Such addresses may lie in our own network, so the checks of ``outbound`` don't apply.
Nothing that came from outside may choose a host here, and no redirect is followed.
Connections are kept: proving a kill takes hundreds of requests.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import httpx

AGENT = "Wiredesk"
MOST_BYTES = 16 * 1024 * 1024


class NoAnswerError(Exception):
    """The server gave no answer that can be used; the text says why."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. Header names are in lower case, ``seconds`` what it took."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    seconds: float = 0.0


class OwnServers:
    """A client with connections of its own, for a ``with``; threads may share it.

    ``seconds`` bounds each wait of a request: for a connection, for the next bytes.
    """

    def __init__(self, *, seconds: float, connections: int = 8) -> None:
        self._client = httpx.Client(
            trust_env=False,
            follow_redirects=False,
            verify=ssl.create_default_context(),
            timeout=seconds,
            limits=httpx.Limits(max_connections=connections),
            headers={"User-Agent": AGENT},
        )

    def __enter__(self) -> OwnServers:
        return self

    def __exit__(self, *_unused: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def ask(
        self,
        method: str,
        address: str,
        *,
        headers: Mapping[str, str] | None = None,
        content: bytes | None = None,
    ) -> Answer:
        """Ask and give the answer, whatever its status. Raises ``NoAnswerError``."""
        began = time.monotonic()
        host = urlsplit(address).netloc.rpartition("@")[2]
        try:
            with self._client.stream(
                method, address, headers=headers, content=content
            ) as response:
                body = bytearray()
                for chunk in response.iter_bytes():
                    body += chunk
                    if len(body) > MOST_BYTES:
                        raise NoAnswerError(
                            f"{host} sent more than {MOST_BYTES:,} bytes."
                        )
        except httpx.TimeoutException as error:
            raise NoAnswerError(f"{host} took too long.") from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise NoAnswerError(f"{host} can't be asked: {error}.") from error
        kept = {name.lower(): value for name, value in response.headers.items()}
        seconds = time.monotonic() - began
        return Answer(response.status_code, kept, bytes(body), seconds)
