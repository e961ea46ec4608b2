"""One table of raw requests. The page store and Django alone must answer them alike.

In a request ``{host}`` is the site's host, ``{story}`` a story's path, ``{etag}`` its
strong entity tag and ``{modified}`` the feed's date. ``told_apart`` names a case in which
the two may differ, with the reason; there is nothing else in which they may.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Case:
    """A request, or several on one connection, and what both must answer.

    ``statuses`` are those of all answers; ``kept`` says whether the connection must
    serve the next request; ``encoding`` the first answer's Content-Encoding: ``any``
    where it is left to the site. ``refused``: an error of the client's or a closed
    connection without an answer, since one who is still sending may lose it; which of
    them is left to the server. ``waits_for_store``: it came with the page store.
    """

    name: str
    raw: bytes
    statuses: tuple[int, ...] = (200,)
    kept: bool = True
    methods: tuple[str, ...] = ("GET",)
    chunk: int = 0  # bytes sent at a time; 0: all at once
    ends: bool = False
    encoding: str | None = "any"
    refused: bool = False
    waits_for_store: bool = False
    told_apart: str = ""


def get(
    path: str = "{story}",
    *lines: str,
    method: str = "GET",
    version: str = "1.1",
    host: str | None = "{host}",
    body: bytes = b"",
) -> bytes:
    """Give the bytes of a request."""
    named = [f"Host: {host}"] if host is not None else []
    head = [f"{method} {path} HTTP/{version}", *named, *lines]
    return "\r\n".join([*head, "", ""]).encode("latin-1") + body


HOSTS = [
    Case("the host as it is", get()),
    Case("a host with a port", get(host="{host}:8000")),
    Case("a host in upper case", get(host="NEWS.EXAMPLE")),
    Case("a host with a dot at its end", get(host="{host}.")),
    Case("a host of somebody else's", get(host="evil.example"), (400,)),
    Case("a host with a user in it", get(host="evil@{host}"), (400,)),
    Case("a host that is empty", get(host=""), (400,)),
    Case("a host with a path", get(host="{host}/x"), (400,)),
    Case("a host with two ports", get(host="{host}:80:90"), (400,)),
    Case("a host with a port of letters", get(host="{host}:eighty"), (400,)),
    Case("no host", get(host=None), (400,), kept=False),
    Case("no host in HTTP/1.0", get(host=None, version="1.0"), kept=False),
    Case("a host twice", get("{story}", "Host: {host}"), (400,)),
    Case("another host after it", get("{story}", "Host: a.example"), (400,)),
    Case("a whole address as target", get("http://{host}{story}")),
    Case("a whole address, a wrong host", get("http://{host}{story}", host="a.example"),
         (400,)),
    # The Host header alone decides; a proxy in front has made both the same.
    Case("a whole address of somebody else's", get("http://a.example{story}")),
    Case("X-Forwarded-Host is not believed", get("{story}", "X-Forwarded-Host: a.example")),
    Case("X-Host is not believed", get("{story}", "X-Host: a.example")),
]  # fmt: skip

METHODS = [
    Case("HEAD", get(method="HEAD"), methods=("HEAD",)),
    Case("HEAD, compressed", get("{story}", "Accept-Encoding: gzip", method="HEAD"),
         methods=("HEAD",)),
    Case("HEAD of nothing", get("/nothing/", method="HEAD"), (404,), methods=("HEAD",)),
    Case("OPTIONS", get(method="OPTIONS"), (405,)),
    Case("OPTIONS of everything", get("*", method="OPTIONS"), (404,)),
    Case("TRACE", get(method="TRACE"), (405,)),
    Case("POST", get("{story}", "Content-Length: 3", method="POST", body=b"a=b"), (403,)),
    Case("PUT", get("{story}", "Content-Length: 3", method="PUT", body=b"a=b"), (403,)),
    Case("DELETE", get(method="DELETE"), (403,)),
    Case("CONNECT", get("{host}:443", method="CONNECT"), (400,), kept=False),
    Case("PURGE", get(method="PURGE"), (403,)),
    Case("a method in lower case", get(method="get"), (400,), kept=False),
    Case("a method nobody knows", get(method="FETCH"), (400,), kept=False),
    Case("GET with a body", get("{story}", "Content-Length: 3", body=b"abc")),
    Case("GET with a chunked body",
         get("{story}", "Transfer-Encoding: chunked", body=b"3\r\nabc\r\n0\r\n\r\n")),
    Case("HEAD with a body", get("{story}", "Content-Length: 3", method="HEAD", body=b"abc"),
         methods=("HEAD",)),
]  # fmt: skip

CONDITIONS = [
    Case("If-None-Match, the same", get("{story}", "If-None-Match: {etag}"), (304,)),
    Case("If-None-Match, weak", get("{story}", "If-None-Match: W/{etag}"), (304,)),
    Case("If-None-Match in a list", get("{story}", 'If-None-Match: "a", {etag}'), (304,)),
    Case("If-None-Match in a list without blanks",
         get("{story}", 'If-None-Match: "a",{etag},"b"'), (304,)),
    Case("If-None-Match in two lines",
         get("{story}", 'If-None-Match: "a"', "If-None-Match: {etag}"), (304,)),
    Case("If-None-Match: any", get("{story}", "If-None-Match: *"), (304,)),
    Case("If-None-Match, another", get("{story}", 'If-None-Match: "another"')),
    Case("If-None-Match without quotes", get("{story}", "If-None-Match: another")),
    Case("If-None-Match, empty", get("{story}", "If-None-Match:")),
    Case("If-None-Match, a comma in a tag",
         get("{story}", 'If-None-Match: "a,b", {etag}'), (304,)),
    Case("HEAD with If-None-Match", get("{story}", "If-None-Match: {etag}", method="HEAD"),
         (304,), methods=("HEAD",)),
    Case("If-None-Match, compressed",
         get("{story}", "If-None-Match: {etag}", "Accept-Encoding: gzip"), (304,)),
    Case("If-None-Match with the tag of the compressed page",
         get("{story}", "If-None-Match: {etag-gzip}", "Accept-Encoding: gzip"), (304,)),
    Case("If-Match, the same", get("{story}", "If-Match: {etag}")),
    Case("If-Match, another", get("{story}", 'If-Match: "another"'), (412,)),
    Case("If-Match: any", get("{story}", "If-Match: *")),
    Case("If-Modified-Since on a page without a date",
         get("{story}", "If-Modified-Since: {future}")),
    Case("If-Modified-Since, the same", get("/feed.rss", "If-Modified-Since: {modified}"),
         (304,)),
    Case("If-Modified-Since, earlier",
         get("/feed.rss", "If-Modified-Since: Sat, 01 Jan 2000 00:00:00 GMT")),
    Case("If-Modified-Since, nonsense", get("/feed.rss", "If-Modified-Since: yesterday")),
    Case("If-None-Match goes before If-Modified-Since",
         get("/feed.rss", 'If-None-Match: "another"', "If-Modified-Since: {modified}")),
    Case("If-Unmodified-Since, the same",
         get("/feed.rss", "If-Unmodified-Since: {modified}")),
    Case("If-Unmodified-Since, earlier",
         get("/feed.rss", "If-Unmodified-Since: Sat, 01 Jan 2000 00:00:00 GMT"), (412,)),
    Case("a condition on what isn't there", get("/nothing/", "If-None-Match: *"), (404,)),
    Case("a condition on a redirect", get("{slashless}", "If-None-Match: *"), (301,)),
]  # fmt: skip


def _accepts(name: str, value: str, encoding: str | None) -> Case:
    raw = get("{story}", f"Accept-Encoding: {value}")
    return Case(
        f"Accept-Encoding: {name}",
        raw,
        encoding=encoding,
        waits_for_store=encoding == "gzip",
    )


ENCODINGS = [
    Case("no Accept-Encoding", get(), encoding=None),
    _accepts("empty", "", None),
    _accepts("gzip", "gzip", "gzip"),
    _accepts("GZIP", "GZIP", "gzip"),
    _accepts("x-gzip", "x-gzip", "any"),
    _accepts("br", "br", "any"),
    _accepts("as browsers send it", "gzip, deflate, br, zstd", "any"),
    _accepts("without blanks", "gzip,deflate,br", "any"),
    _accepts("gzip refused", "gzip;q=0", None),
    _accepts("gzip refused with blanks", "gzip ; q=0", None),
    _accepts("gzip refused to three places", "gzip;q=0.000", None),
    _accepts("gzip refused, br not", "gzip;q=0, br", "any"),
    _accepts("a little gzip", "gzip;q=0.001", "any"),
    _accepts("identity refused", "identity;q=0, gzip", "gzip"),
    _accepts("identity liked more", "identity;q=1, gzip;q=0.5", "any"),
    _accepts("identity alone", "identity", None),
    _accepts("everything", "*", "any"),
    _accepts("everything but gzip", "gzip;q=0, *", "any"),
    _accepts("everything refused", "*;q=0", "any"),
    _accepts("nonsense", "gzipped, ungzip", None),
    _accepts("nonsense as q", "gzip;q=lots", "any"),
    _accepts("a q above one", "gzip;q=7", "any"),
    _accepts("another parameter", "gzip;level=9", "any"),
    _accepts("only unknown ones", "zstd, dcb", None),
    _accepts("semicolons and commas", ";,;,q=;gzip;", "any"),
    Case("Accept-Encoding in two lines",
         get("{story}", "Accept-Encoding: br;q=0", "Accept-Encoding: gzip"),
         encoding="gzip", waits_for_store=True),
    Case("Accept-Encoding on a feed", get("/feed.rss", "Accept-Encoding: gzip"),
         encoding="any"),
    Case("Accept-Encoding on an error", get("/nothing/", "Accept-Encoding: gzip"), (404,)),
]  # fmt: skip

CONNECTIONS = [
    Case("Connection: close", get("{story}", "Connection: close"), kept=False),
    Case("Connection: Close", get("{story}", "Connection: Close"), kept=False),
    Case("Connection: keep-alive", get("{story}", "Connection: keep-alive")),
    Case("Connection: two words", get("{story}", "Connection: foo, close"), kept=False),
    Case("HTTP/1.0", get(version="1.0"), kept=False),
    # Django's server never keeps a connection of HTTP/1.0.
    Case("HTTP/1.0 with keep-alive", get("{story}", "Connection: keep-alive", version="1.0"),
         kept=False),
    Case("HTTP/0.9", b"GET {story}\r\n\r\n", kept=False),
    Case("HTTP/1.2", get(version="1.2"), (400,), kept=False),
    Case("HTTP/2.0 in words", get(version="2.0"), kept=False),
    Case("an HTTP/2 preface", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", (400,), kept=False),
    Case("two in one go", get() * 2, (200, 200), methods=("GET", "GET")),
    Case("ten in one go", get() * 10, (200,) * 10, methods=("GET",) * 10),
    Case("stored and not stored in one go",
         get() + get("/search/?q=ferry") + get() + get("/nothing/") + get("/feed.rss"),
         (200, 200, 200, 404, 200), methods=("GET",) * 5),
    Case("POST between", get() + get("{story}", "Content-Length: 3", method="POST",
         body=b"a=b") + get(), (200, 403, 200), methods=("GET", "POST", "GET")),
    Case("HEAD between", get() + get(method="HEAD") + get(), (200, 200, 200),
         methods=("GET", "HEAD", "GET")),
    Case("close between", get() + get("{story}", "Connection: close") + get(),
         (200, 200), kept=False, methods=("GET", "GET")),
    Case("nonsense after a good one", get() + b"\x00\x01 nonsense\r\n\r\n", (200, 400),
         kept=False, methods=("GET", "GET"),
         told_apart="uvicorn's error for the second may overtake or cut off an answer "
         "of Django's that is still being made; the store has answered by then"),
    Case("a blank line before", b"\r\n" + get()),
    Case("Upgrade: websocket", get("{story}", "Connection: Upgrade", "Upgrade: websocket",
         "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==")),
    Case("Upgrade: h2c", get("{story}", "Connection: Upgrade, HTTP2-Settings",
         "Upgrade: h2c", "HTTP2-Settings: AAMAAABkAAQAAP__")),
    Case("Expect: 100-continue without a body", get("{story}", "Expect: 100-continue")),
    Case("Expect: something else", get("{story}", "Expect: the-unexpected")),
]  # fmt: skip

SHAPES = [
    Case("byte by byte", get("{story}", "Accept-Encoding: gzip"), chunk=1),
    Case("two, in pieces of seven bytes", get() * 2, (200, 200), chunk=7,
         methods=("GET", "GET")),
    Case("half a head, then nothing", b"GET {story} HTTP/1.1\r\nHost: {ho", (),
         kept=False, ends=True),
    Case("a whole one and half a head", get() + b"GET {story} HT", (200,), kept=False,
         ends=True, told_apart="uvicorn drops the answer still being made for a client "
         "who has closed its side; the store has answered by then"),
    Case("a head without its last line", b"GET {story} HTTP/1.1\r\nHost: {host}\r\n", (),
         kept=False, ends=True),
    Case("nothing at all", b"", (), kept=False, ends=True, methods=("GET",)),
    Case("an over-long address", get("/" + "x" * 70_000 + "/"), refused=True),
    Case("an over-long query", get("{story}?" + "x" * 70_000), refused=True),
    Case("an over-long header", get("{story}", "X-Long: " + "x" * 70_000), refused=True,
         waits_for_store=True),
    Case("a header's over-long name", get("{story}", "x" * 70_000 + ": long"),
         refused=True, waits_for_store=True),
    Case("a head of ten megabytes", get("{story}", "X-Long: " + "x" * 10_000_000),
         refused=True, waits_for_store=True),
    Case("a long head that is allowed", get("{story}", "X-Long: " + "x" * 12_000)),
    Case("ten thousand headers", get("{story}", *("X-Many: 1",) * 10_000), refused=True,
         waits_for_store=True),
    Case("a hundred headers", get("{story}", *(f"X-{n}: 1" for n in range(100)))),
    Case("TLS where there is none", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", (400,),
         kept=False),
    Case("nonsense", b"nonsense\r\n\r\n", (400,), kept=False),
]  # fmt: skip

PATHS = [
    Case("a query nobody reads", get("{story}?utm_source=mail&utm_campaign=a")),
    Case("an empty query", get("{story}?")),
    Case("a query of question marks", get("{story}??a=b?c")),
    Case("a page of a list", get("/politics/?page=2"), (404,)),
    Case("a query Django reads", get("/search/?q=ferry")),
    Case("stories as JSON", get("/api/stories/?q=ferry")),
    Case("a feed's query", get("/feed.rss?fresh=1")),
    Case("a wrong number of a page", get("/politics/?page=x"), (404,)),
    Case("without the slash at the end", get("{slashless}"), (301,)),
    Case("with another slug", get("/2026/03/02/other-words-{number}/"), (301,)),
    Case("a story that isn't there", get("/2026/03/02/nothing-999999/"), (404,)),
    Case("a story that was withdrawn", get("{withdrawn}"), (410,)),
    Case("a style sheet's name after a story", get("{story}x.css"), (404,)),
    Case("a style sheet's name for a story", get("{slashless}.css"), (404,)),
    Case("a style sheet's name behind ;", get("{story};x.css"), (404,)),
    Case("parameters of a path", get("{slashless};a=b/"), (404,)),
    Case("two slashes before", get("/{story}"), (404,)),
    Case("two slashes within", get("/2026//03/02/x-{number}/"), (404,)),
    Case("two slashes after", get("{story}/"), (404,)),
    Case("two slashes and a host", get("//evil.example/%2e%2e"), (404,)),
    Case("an encoded slash at the end", get("{slashless}%2f")),
    Case("an encoded slash within", get("{slashless}%2fx/"), (404,)),
    Case("an encoded letter", get("{encoded}")),
    Case("dots", get("/politics/..{story}"), (404,)),
    Case("encoded dots", get("/politics/%2e%2e{story}"), (404,)),
    Case("encoded dots to a file", get("/static/%2e%2e/%2e%2e/wiredesk.sqlite3"), (404,)),
    Case("a dot", get("/.{story}"), (404,)),
    Case("NUL, encoded", get("{slashless}%00/"), (404,)),
    Case("NUL", b"GET {story}\x00 HTTP/1.1\r\nHost: {host}\r\n\r\n", (400,), kept=False),
    Case("a line feed, encoded", get("{story}%0a"), (404,)),
    Case("a backslash", get("{slashless}\\"), (404,)),
    Case("a backslash, encoded", get("{slashless}%5c"), (404,)),
    Case("a fragment", get("{story}#part")),
    Case("half an escape", get("{slashless}%2"), (404,)),
    Case("bytes that are no UTF-8", get("{slashless}%ff%fe/"), (404,)),
    Case("letters beyond ASCII", get("/caf\u00e9/"), (400,), kept=False),
    Case("letters beyond ASCII, encoded", get("/caf%C3%A9/"), (404,)),
    Case("upper case", get("{upper}"), (301,)),
    Case("no path", b"GET  HTTP/1.1\r\nHost: {host}\r\n\r\n", (400,), kept=False),
    Case("a blank in the path", get("{story} x"), (400,), kept=False),
    Case("a path without a slash", get("story"), (400,), kept=False),
    Case("static files", get("/static/nothing.css"), (404,)),
    Case("robots", get("/robots.txt")),
]  # fmt: skip

HEADERS = [
    Case("a range", get("{story}", "Range: bytes=0-9")),
    Case("a range of nothing", get("{story}", "Range: bytes=999999-")),
    Case("a range with a condition", get("{story}", "Range: bytes=0-9", "If-Range: {etag}")),
    Case("no-cache", get("{story}", "Cache-Control: no-cache", "Pragma: no-cache")),
    Case("only-if-cached", get("{story}", "Cache-Control: only-if-cached")),
    Case("a cookie", get("{story}", "Cookie: sessionid=abc; csrftoken=def")),
    Case("a cookie for a language", get("{story}", "Cookie: django_language=de")),
    Case("another language", get("{story}", "Accept-Language: de")),
    Case("another kind", get("{story}", "Accept: application/json")),
    Case("a password", get("{story}", "Authorization: Basic YTpi")),
    Case("another method in a header", get("{story}", "X-HTTP-Method-Override: DELETE")),
    Case("another address in a header", get("{story}", "X-Original-URL: /desk/",
         "X-Rewrite-URL: /desk/")),
    Case("a name with an underscore", get("{story}", "X_Forwarded_Proto: https")),
    Case("TLS in a forwarding header", get("{story}", "X-Forwarded-Proto: https")),
    Case("an address in a forwarding header", get("{story}", "X-Forwarded-For: 192.0.2.1",
         "Forwarded: for=192.0.2.1;host=evil.example;proto=https")),
    Case("prefetching", get("{story}", "Purpose: prefetch", "Sec-Purpose: prefetch")),
    Case("a header without a value", get("{story}", "X-Empty:")),
    Case("bytes beyond ASCII in a value", get("{story}", "X-Name: caf\u00e9")),
    Case("a control character in a value", get("{story}", "X-Name: a\x01b"), (400,),
         kept=False),
]  # fmt: skip

_BODY = b"0\r\n\r\n"
SMUGGLING = [
    Case("a length and chunks", get("{story}", "Content-Length: 5",
         "Transfer-Encoding: chunked", method="POST", body=_BODY), (400,), kept=False),
    Case("chunks and a length", get("{story}", "Transfer-Encoding: chunked",
         "Content-Length: 5", method="POST", body=_BODY), (400,), kept=False),
    Case("a length and chunks on GET", get("{story}", "Content-Length: 5",
         "Transfer-Encoding: chunked", body=_BODY), (400,), kept=False),
    Case("chunks twice", get("{story}", "Transfer-Encoding: chunked",
         "Transfer-Encoding: chunked", body=_BODY), (400,), kept=False),
    Case("chunks, then another coding", get("{story}", "Transfer-Encoding: chunked, x",
         body=_BODY), (400,), kept=False),
    Case("another coding", get("{story}", "Transfer-Encoding: x", body=_BODY), (400,),
         kept=False),
    Case("identity as a coding", get("{story}", "Transfer-Encoding: identity"), (400,),
         kept=False),
    Case("chunks behind a tab", get("{story}", "Transfer-Encoding:\tchunked", body=_BODY)),
    Case("chunks with a blank before the colon", get("{story}",
         "Transfer-Encoding : chunked", body=_BODY), (400,), kept=False),
    Case("a blank before the colon", get("{story}", "X-Name : a"), (400,), kept=False),
    Case("a length of nonsense", get("{story}", "Content-Length: 5x"), (400,), kept=False),
    Case("a length with a sign", get("{story}", "Content-Length: +5"), (400,), kept=False),
    Case("a length below nothing", get("{story}", "Content-Length: -5"), (400,), kept=False),
    Case("a length beyond counting", get("{story}", "Content-Length: " + "9" * 30), (400,),
         kept=False),
    Case("a length twice, the same", get("{story}", "Content-Length: 3",
         "Content-Length: 3", body=b"abc"), (400,), kept=False),
    Case("two lengths", get("{story}", "Content-Length: 3", "Content-Length: 4",
         body=b"abcd"), (400,), kept=False),
    Case("two lengths in a line", get("{story}", "Content-Length: 3, 3", body=b"abc"),
         (400,), kept=False),
    Case("bare line feeds", get().replace(b"\r\n", b"\n"), ends=True, refused=True),
    Case("a bare line feed after the first line",
         b"GET {story} HTTP/1.1\nHost: {host}\r\n\r\n", (400,), kept=False),
    Case("a bare carriage return", b"GET {story} HTTP/1.1\rHost: {host}\r\n\r\n", (400,),
         kept=False),
    Case("a carriage return in a value", get("{story}", "X-Name: a\rX-Other: b"), (400,),
         kept=False),
    Case("a folded line", get("{story}", "X-Name: a\r\n b"), (400,), kept=False),
    Case("a folded length", get("{story}", "Content-Length:\r\n 3", body=b"abc"), (400,),
         kept=False),
    Case("a folded line first", b"GET {story} HTTP/1.1\r\n Host: {host}\r\n\r\n", (400,),
         kept=False),
    Case("a header without a colon", get("{story}", "nonsense"), (400,), kept=False),
    Case("a header without a name", get("{story}", ": value"), (400,), kept=False),
    Case("a chunk's size of nonsense", get("{story}", "Transfer-Encoding: chunked",
         method="POST", body=b"x\r\n\r\n"), (400,), kept=False),
    Case("a request inside a body", get("{story}", "Content-Length: 46", body=b"GET /desk/ "
         b"HTTP/1.1\r\nHost: news.example\r\n\r\n"[:46].ljust(46, b"x"))),
]  # fmt: skip

CASES = [
    *HOSTS,
    *METHODS,
    *CONDITIONS,
    *ENCODINGS,
    *CONNECTIONS,
    *SHAPES,
    *PATHS,
    *HEADERS,
    *SMUGGLING,
]
