"""Hostile requests below what they ask: encodings, framing, methods and bodies."""

import gzip
import socket
import zlib
from collections.abc import Iterator
from urllib.parse import quote

import brotli
import zstandard
from abuse import ASK, CUT, FORM, GET_ASK, QUERY, UNREAD, Case, Reply, Target, in_chunks, raw, request

UNSENT = (CUT, *UNREAD)  # who refuses before all is read may reset the connection, and the refusal with it
NOT_HTTP = (CUT, 400, 404, 405, 408, 411, 413, 414, 415, 431, 501, 505)
FORMED = {"Content-Type": FORM}
DIRECT = {"Content-Type": QUERY}

TEXTS = {
    "a byte that is none of UTF-8": b"%FF",
    "an overlong slash": b"%C0%AF",
    "half a surrogate pair": b"%ED%A0%80",
    "beyond Unicode": b"%F5%80%80%80",
    "half a character": b"ASK%20%7B%7D%E2%82",
    "NUL": b"ASK%20%7B%7D%00",
    "NUL in a string": b"ASK%20%7B%20FILTER('%00'%20%3D%201)%7D",
    "a percent sign alone": b"ASK%20%7B%7D%",
    "no hexadecimal": b"ASK%20%7B%7D%ZZ",
    "percent-encoded twice": b"ASK%2520%257B%257D",
    "an escape of JavaScript": b"%u0041%u0053%u004B",
    "carriage return and line feed": b"ASK%0D%0AX-Evil:%201%0D%0A%0D%0A%7B%7D",
    "a byte order mark": b"%EF%BB%BFASK%20%7B%7D",
    "UTF-16": quote(ASK.encode("utf-16")).encode(),
    "UTF-7": b"+AEEAUwBL-+AHsAfQ-",
    "nothing": b"",
    "blanks": b"%20%09%0A",
}
FRAMES = {
    "garbage": bytes(range(256)) * 4 + b"\r\n\r\n",
    "nothing but line ends": b"\r\n" * 1000 + b"X\r\n\r\n",
    "a TLS hello": bytes.fromhex("1603010200010001fc0303") + b"\x00" * 500,
    "HTTP/0.9": b"GET /sparql\r\n\r\n",
    "HTTP/9.9": b"GET /sparql HTTP/9.9\r\nHost: x\r\n\r\n",
    "HTTP/2, known before": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\x00\x00\x00\x04\x00\x00\x00\x00\x00",
    "a space before the colon": b"GET /health/live HTTP/1.1\r\nHost : x\r\n\r\n",
    "a header without a name": b"GET /health/live HTTP/1.1\r\nHost: x\r\n: 1\r\n\r\n",
    "a header without a colon": b"GET /health/live HTTP/1.1\r\nHost: x\r\nabc\r\n\r\n",
    "NUL in a header": b"GET /health/live HTTP/1.1\r\nHost: x\r\nX-A: a\x00b\r\n\r\n",
    "a carriage return in a header": b"GET /health/live HTTP/1.1\r\nHost: x\r\nX-A: a\rb\r\n\r\n",
    "NUL in the path": b"GET /sparql\x00 HTTP/1.1\r\nHost: x\r\n\r\n",
    "two lengths": b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
    "a length below zero": b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
    "a length in hexadecimal": b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: 0x10\r\n\r\n",
    "a length beyond 64 bits": b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: " + b"9" * 40 + b"\r\n\r\n",
    "a chunk of a length below zero": (
        b"POST /sparql HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\nabc\r\n0\r\n\r\n"
    ),
    "a chunk of a length beyond 64 bits": (
        b"POST /sparql HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + b"f" * 17 + b"\r\nabc"
    ),
    "a chunk without a number": (
        b"POST /sparql HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\nabc\r\n0\r\n\r\n"
    ),
    "a long chunk extension": (
        b"POST /sparql HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1;" + b"a" * 500_000
    ),
    "an unknown transfer encoding": (
        b"POST /sparql HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n\r\nabc"
    ),
    "a request line without an end": b"GET /" + b"a" * 2_000_000,
    "a header without an end": b"GET / HTTP/1.1\r\nHost: x\r\nX-A: " + b"a" * 2_000_000,
    "headers without an end": b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X-A: a\r\n" * 200_000,
    "half a request": b"GET /sparql HT",
}  # fmt: skip


def cases() -> Iterator[Case]:
    """Yield the hostile requests."""
    yield from _encodings()
    yield from _framing()
    yield from _bodies()


def _encodings() -> Iterator[Case]:
    for name, text in TEXTS.items():
        statuses = (200, 400) if name in ("a byte order mark", "NUL in a string") else (400,)
        yield raw("encoding", f"{name}, in a URL", request("GET", f"/sparql?query={text.decode()}"), *statuses)
        yield raw("encoding", f"{name}, in a form", request("POST", "/sparql", FORMED, b"query=" + text), *statuses)
    for name, body in {
        "UTF-16": ASK.encode("utf-16"),
        "NUL": ASK.encode() + b"\0",
        "Latin-1": b"ASK {} # \xe9",
    }.items():
        yield raw("encoding", f"{name}, as it is", request("POST", "/sparql", DIRECT, body), 400)
    for charset in ("utf-16", "iso-8859-1", "utf-7", "x" * 2000, '"', "utf-8; charset=utf-16", "\\"):
        headers = {"Content-Type": f"{QUERY}; charset={charset}"}
        yield raw(
            "encoding", f"charset={charset[:20]}", request("POST", "/sparql", headers, ASK.encode()), 200, 400, 415
        )
    many = "&".join(f"a{i}=b" for i in range(60_000)).encode()
    yield raw("encoding", "many parameters", request("POST", "/sparql", FORMED, many + b"&query=ASK{}"), 200, 400, 413)


def _framing() -> Iterator[Case]:
    for name, content in FRAMES.items():
        yield raw("framing", name, content, *NOT_HTTP, ends=True, is_http=False)
    whole, live = request("GET", GET_ASK), request("GET", "/health/live")
    yield raw("framing", "a long URL", request("GET", f"{GET_ASK}&x={'x' * 900_000}"), *UNSENT, is_http=False)
    yield raw("framing", "a long header", request("GET", GET_ASK, {"X-A": "x" * 900_000}), *UNSENT, is_http=False)
    many = {f"X-{i}": "x" for i in range(20_000)}
    yield raw("framing", "many headers", request("GET", GET_ASK, many), *UNSENT, is_http=False)
    yield raw("framing", "no host", live.replace(b"Host: localhost\r\n", b""), 200, 400, is_http=False)
    yield raw("framing", "two hosts", live.replace(b"Host:", b"Host: x\r\nHost:"), 200, 400, is_http=False)
    for host in ("evil.example", "a b", "", "[", "localhost:99999999", "x" * 4000, "'\"><script>"):
        statuses = (200, 400)
        yield raw(
            "framing", f"Host: {host[:20]}", request("GET", "/health/live", {"Host": host}), *statuses, is_http=False
        )
    yield raw("method", "GET and a tab", request("GET\t", GET_ASK), *NOT_HTTP, is_http=False)
    for method in ("TRACE", "CONNECT", "PROPFIND", "get", "G" * 5000, "SERVICE", "DELETE", "PATCH", "PUT"):
        statuses = (400, 403, 404, 405, 414, 431, 501)
        yield raw("method", method[:20], request(method, GET_ASK), *statuses, method=method, is_http=method.isupper())
        yield raw("method", f"{method[:20]} of an update", request(method, "/update"), *statuses, is_http=False)
    short = request("POST", "/sparql", {**DIRECT, "Content-Length": "1000"}, ASK.encode())
    yield raw("framing", "a body shorter than its length", short, *NOT_HTTP, ends=True, is_http=False)
    long = request(
        "POST", "/sparql", {**DIRECT, "Content-Length": str(len(ASK))}, ASK.encode() + b"GET /evil\r\n\r\n" * 9
    )
    yield raw("framing", "a body longer than its length", long, 200)
    both = {**DIRECT, "Transfer-Encoding": "chunked", "Content-Length": "5"}
    smuggled = [ASK.encode(), b"GET /tokens.json HTTP/1.1\r\nHost: x\r\n\r\n"]
    chunked = b"".join(in_chunks(request("POST", "/sparql", both), smuggled))
    yield raw("framing", "a length and chunks", chunked, *NOT_HTTP, is_http=False)
    head = request("POST", "/sparql", {**DIRECT, "Transfer-Encoding": "chunked"})
    endless = b"".join(in_chunks(head, [ASK.encode()] * 3, ends=False))
    yield raw("framing", "chunks without an end", endless, *NOT_HTTP, ends=True, is_http=False)
    yield raw("framing", "a byte a chunk", b"".join(in_chunks(head, [b"%c" % c for c in ASK.encode()])), 200)
    upgrade = {
        **DIRECT,
        "Connection": "Upgrade, HTTP2-Settings",
        "Upgrade": "h2c",
        "HTTP2-Settings": "AAMAAABkAARAAAAAAAIAAAAA",
    }
    yield raw("framing", "a POST that offers h2c", request("POST", "/sparql", upgrade, ASK.encode()), 200)
    web_socket = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "AA==",
    }
    yield raw(
        "framing", "a web socket", request("GET", GET_ASK, web_socket), 200, 400, 403, 404, 426, 501, is_http=False
    )
    yield Case("framing", "a hundred requests at once", (200,), lambda target: _pipelined(target, whole, 100))


def _pipelined(target: Target, each: bytes, number: int) -> Reply:
    """Send a request `number` times without waiting, and return CUT where one stays without an answer."""
    last = each.replace(b"Host:", b"Connection: close\r\nHost:")
    with socket.create_connection((target.host, target.port), timeout=30) as connection:
        connection.sendall(each * (number - 1) + last)
        received = b"".join(iter(lambda: connection.recv(1 << 16), b""))
    return Reply(200 if received.count(b"HTTP/1.1 200") == number else CUT)


def _bodies() -> Iterator[Case]:
    mega = b" " * 1_000_000
    for path, media_type in (("/sparql", QUERY), ("/sparql", FORM)):
        headers = {"Content-Type": media_type}
        name = f"{path}, {media_type.rpartition('/')[2]}"
        yield raw("body", f"five megabytes: {name}", request("POST", path, headers, mega * 5), 413)
        head = request("POST", path, {**headers, "Transfer-Encoding": "chunked"})
        yield raw("body", f"a hundred megabytes in chunks: {name}", lambda h=head: in_chunks(h, [mega] * 100), 413, CUT)
        promised = request("POST", path, {**headers, "Content-Length": "999999999999"}, b"ASK {}")
        yield raw("body", f"a terabyte promised: {name}", promised, 400, 413, CUT, ends=True, is_http=False)
    for name, packed in {
        "gzip": gzip.compress(mega * 50),
        "gzip of gzip": gzip.compress(gzip.compress(mega * 50)),
        "br": brotli.compress(mega * 50, quality=3),
        "zstd": zstandard.compress(mega * 50),
        "deflate": zlib.compress(mega * 50),
        "gzip, gzip": gzip.compress(gzip.compress(ASK.encode())),
        "gzip, broken": gzip.compress(ASK.encode())[:-9],
        "x-unknown": ASK.encode(),
        ",".join(["gzip"] * 500): ASK.encode(),
    }.items():
        encoding = name.partition(" of ")[0].partition(", broken")[0]
        for media_type in (QUERY, FORM):
            headers = {"Content-Type": media_type, "Content-Encoding": encoding}
            title = f"{name[:20]} as {media_type.rpartition('/')[2]}"
            yield raw("packed", title, request("POST", "/sparql", headers, packed), 400, 413, 415)
    for media_type in ("", "/", "text", "application/sparql-query" * 200, "multipart/form-data", "application/json"):
        headers = {"Content-Type": media_type}
        yield raw(
            "body", f"of type {media_type[:30]!r}", request("POST", "/sparql", headers, ASK.encode()), 400, 415, 431
        )
