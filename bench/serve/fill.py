"""Ask a site for every page once, so that its store and nginx's folder hold them."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.http.raw import Answer, Reader

from bench.serve.servers import HOST

AT_ONCE = 16  # requests sent before their answers are read


def request(path: str, encoding: str) -> bytes:
    """Give the bytes of a request for a page."""
    lines = (f"GET {path} HTTP/1.1", f"Host: {HOST}", f"Accept-Encoding: {encoding}")
    return "\r\n".join((*lines, "", "")).encode()


def ask_all(
    port: int,
    paths: Sequence[str],
    encoding: str = "gzip",
    each: Callable[[str, Answer], None] = lambda path, answer: None,
) -> None:
    """Ask for ``paths`` and hand on every answer; raises where one isn't a page."""
    reader = Reader(port, limit=600)
    with reader.socket:
        for start in range(0, len(paths), AT_ONCE):
            some = paths[start : start + AT_ONCE]
            reader.socket.sendall(b"".join(request(path, encoding) for path in some))
            for path in some:
                answer = reader.answer()
                if answer is None or answer.status != 200:
                    raise SystemExit(f"{path} isn't a page: {answer}")
                each(path, answer)


def keep_files(root: Path) -> Callable[[str, Answer], None]:
    """Give what keeps an answer as the compressed file that nginx sends."""

    def keep(path: str, answer: Answer) -> None:
        # As Wiredesk compressed it, so that both send the same bytes.
        if answer.header("content-encoding") == "gzip":
            packed = answer.body
        else:
            packed = gzip.compress(answer.body, 6, mtime=0)
        place = root / path.lstrip("/") / "index.html.gz"
        place.parent.mkdir(parents=True, exist_ok=True)
        if not place.exists() or place.read_bytes() != packed:
            place.write_bytes(packed)

    return keep


def keep_plain(root: Path, path: str, answer: Answer) -> None:
    """Keep an answer as the file that nginx sends to who takes no compression."""
    (root / path.lstrip("/") / "index.html").write_bytes(answer.decoded)
