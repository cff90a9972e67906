"""Hostile requests: what is sent, by a socket where no client library would send it, and what may come back."""

import contextlib
import http.client
import json
import select
import socket
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

CUT = 0  # stands for a status where a request that was not whole gets no answer, but the end of its connection
FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
ASK = "ASK { <urn:a> <urn:b> <urn:c> }"
GET_ASK = f"/sparql?query={quote(ASK)}"
INTERNALS = ("Traceback", "/work", "/tmp", ".py", "panicked", "rocksdb", "pyoxigraph", "granian", "uvicorn")
REFUSED = (400,)
RUNAWAY = (503,)
UNREAD = (400, 413, 414, 431)
EITHER = (200, 400, 503)
_PATIENCE = 30.0
_PIECE = 1 << 16


@dataclass(frozen=True)
class Target:
    """The service: its address, a token of each role, and an address where nobody may ever be seen to call."""

    host: str
    port: int
    tokens: Mapping[str, str]
    trap: int


@dataclass(frozen=True)
class Reply:
    """What came back; `status` is CUT where the connection ended without an answer."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    def told(self) -> str:
        """Return the status and the beginning of the body."""
        return f"{self.status}: {self.body[:500]!r}"


@dataclass(frozen=True)
class Case:
    """A hostile request and the statuses that are right for it.

    `is_http` tells whether it is well-formed HTTP, so that whoever answers is the service and not its parser.
    """

    family: str
    name: str
    statuses: tuple[int, ...]
    send: Callable[[Target], Reply]
    is_http: bool = True

    def faults(self, reply: Reply) -> list[str]:
        """Return what is wrong with the answer."""
        found = [] if reply.status in self.statuses else [f"the status is none of {self.statuses}"]
        text = reply.body.decode("utf-8", "replace")
        if reply.status >= 400:
            found += [f"the body tells {internal!r}" for internal in INTERNALS if internal in text]
            found += _faults_of_problem(reply, text) if self.is_http else []
        return found


def _faults_of_problem(reply: Reply, text: str) -> list[str]:
    sent_as = reply.headers.get("content-type", "").partition(";")[0]
    if sent_as == "text/plain":
        return [] if text.strip() else ["the text is empty"]
    if sent_as != "application/problem+json":
        return [f"an error is sent as {sent_as!r}"]
    document: dict[str, Any] = json.loads(text)
    return [] if document.get("status") == reply.status else ["the problem has another status"]


def request(
    method: str, path: str, headers: Mapping[str, str | bytes] | None = None, body: bytes = b"", **more: str
) -> bytes:
    """Return a request as bytes, with the length of its body; nothing in it is checked or escaped."""
    given: dict[str, str | bytes] = {"Host": "localhost", **(headers or {}), **more}
    if (body or method in ("POST", "PUT", "PATCH")) and "Transfer-Encoding" not in given:
        given.setdefault("Content-Length", str(len(body)))
    lines = [name.encode() + b": " + (v.encode() if isinstance(v, str) else v) for name, v in given.items()]
    return b"\r\n".join([f"{method} {path} HTTP/1.1".encode(), *lines, b"", body])


def exchange(target: Target, content: bytes | Iterable[bytes], *, ends: bool = False, method: str = "GET") -> Reply:
    """Send `content` and return what comes back; with `ends` nothing more can follow it, and the server knows."""
    with socket.create_connection((target.host, target.port), timeout=_PATIENCE) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with contextlib.suppress(OSError):  # it is closed or reset already; what came before that is read
            if _sent(connection, [content] if isinstance(content, bytes) else content) and ends:
                connection.shutdown(socket.SHUT_WR)
        return reply_of(connection, method)


def _sent(connection: socket.socket, parts: Iterable[bytes]) -> bool:
    """Send until all is sent, or until an answer comes: who has heard enough answers early."""
    for part in parts:
        for start in range(0, len(part), _PIECE):
            readable, _, _ = select.select([connection], [connection], [], _PATIENCE)
            if readable:
                return False
            connection.sendall(part[start : start + _PIECE])
    return True


def reply_of(connection: socket.socket, method: str = "GET") -> Reply:
    """Read one answer, whole; raises TimeoutError where there is none."""
    answer = http.client.HTTPResponse(connection, method=method)
    try:
        answer.begin()
        body = answer.read()
        return Reply(answer.status, {name.lower(): value for name, value in answer.getheaders()}, body)
    except (http.client.HTTPException, ConnectionError):
        return Reply(CUT)
    finally:
        answer.close()


def raw(
    family: str,
    name: str,
    content: bytes | Callable[[], bytes | Iterable[bytes]],
    *statuses: int,
    ends: bool = False,
    is_http: bool = True,
    method: str = "GET",
) -> Case:
    """Return a case of bytes that are sent as they are."""

    def send(target: Target) -> Reply:
        return exchange(target, content() if callable(content) else content, ends=ends, method=method)

    return Case(family, name, statuses, send, is_http)


def with_trap(text: str, target: Target) -> str:
    """Return `text` with the port of the trap in it."""
    return text.replace("TRAP", str(target.trap))


def query(family: str, name: str, text: str, *statuses: int, parameters: str = "") -> Case:
    """Return a case of a query, sent as it is; `parameters` are those of the URL."""

    def send(target: Target) -> Reply:
        body = with_trap(text, target).encode("utf-8", "surrogatepass")
        path = f"/sparql?{with_trap(parameters, target)}" if parameters else "/sparql"
        return exchange(target, request("POST", path, {"Content-Type": QUERY}, body))

    return Case(family, name, statuses or REFUSED, send)


def got(family: str, name: str, text: str, *statuses: int, parameters: str = "") -> Case:
    """Return a case of a query in the URL, percent-encoded."""

    def send(target: Target) -> Reply:
        path = f"/sparql?query={quote(with_trap(text, target), safe='')}{parameters}"
        return exchange(target, request("GET", path))

    return Case(family, name, statuses or REFUSED, send)


def write(
    family: str,
    name: str,
    method: str,
    path: str,
    media_type: str,
    content: str | bytes | Callable[[], bytes | Iterable[bytes]],
    *statuses: int,
    role: str = "curator",
    headers: Mapping[str, str] | None = None,
) -> Case:
    """Return a case of a write, by the holder of a token with `role`, or by nobody where that is empty."""

    def send(target: Target) -> Reply:
        body: Any = content() if callable(content) else content
        if isinstance(body, str):
            body = with_trap(body, target).encode()
        sent = {"Content-Type": media_type, **(headers or {})}
        if role:
            sent["Authorization"] = f"Bearer {target.tokens[role]}"
        if isinstance(body, bytes):
            return exchange(target, request(method, path, sent, body))
        return exchange(target, in_chunks(request(method, path, {**sent, "Transfer-Encoding": "chunked"}), body))

    return Case(family, name, statuses or REFUSED, send)


def update(family: str, name: str, text: str, *statuses: int, role: str = "curator") -> Case:
    """Return a case of an update."""
    return write(family, name, "POST", "/update", "application/sparql-update", text, *statuses, role=role)


def in_chunks(head: bytes, parts: Iterable[bytes], *, ends: bool = True) -> Iterable[bytes]:
    """Yield a request whose body is sent in chunks; without `ends` the last, empty one never comes."""
    yield head
    for part in parts:
        yield b"%x\r\n%s\r\n" % (len(part), part)
    if ends:
        yield b"0\r\n\r\n"
