"""A service with small limits and a trap, and what many hostile clients do to it at once."""

import concurrent.futures
import contextlib
import itertools
import shutil
import socket
import struct
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import abuse_queries
from abuse import QUERY, Target, request
from conftest import run
from running import Running, ending, start

MOST_MEMORY = 3_000_000_000
LIMITS = {
    "DISTRICTGRAPH_QUERY_SECONDS": "1",
    "DISTRICTGRAPH_QUERY_MEGABYTES": "300",
    "DISTRICTGRAPH_RESULT_MEGABYTES": "1",
}
UNENDING = {
    "header": b"GET /sparql HTTP/1.1\r\nHost: x\r\nX-A: ",
    "body": request("POST", "/sparql", {"Content-Type": QUERY, "Content-Length": "100000"}),
    "chunked body": request("POST", "/sparql", {"Content-Type": QUERY, "Transfer-Encoding": "chunked"}) + b"fffff\r\n",
}
HOSTILE = list(itertools.islice(itertools.cycle(t for f in abuse_queries.RUNAWAYS.values() for t in f.values()), 50))


Siege = tuple[Running, Target, socket.socket]


@contextlib.contextmanager
def besieged(state: Path, folder: Path) -> Iterator[tuple[Running, Target, socket.socket]]:
    """Serve a copy of `state` with small limits, with a trap for whoever calls out."""
    shutil.copytree(state, folder, symlinks=True)
    tokens = {}
    for role in ("reader", "curator"):
        tokens[role] = run("token", "create", "--role", role, "--state", folder).stdout.strip()
    with _trap() as trap, ending(start(folder, **LIMITS)) as service:
        host, _, port = service.url.removeprefix("http://").partition(":")
        yield service, Target(host, int(port), tokens, trap.getsockname()[1]), trap


def _trap() -> socket.socket:
    if socket.has_dualstack_ipv6():
        trap = socket.create_server(("::", 0), family=socket.AF_INET6, dualstack_ipv6=True)
    else:
        trap = socket.create_server(("127.0.0.1", 0))
    trap.setblocking(False)
    return trap


def in_parallel(number: int, doing: Callable[[int], object]) -> list[object]:
    """Do something so many times at once."""
    with concurrent.futures.ThreadPoolExecutor(number) as pool:
        return list(pool.map(doing, range(number)))


@contextlib.contextmanager
def connections(target: Target, number: int) -> Iterator[list[socket.socket]]:
    """Hold so many connections open."""
    with contextlib.ExitStack() as stack:
        yield [
            stack.enter_context(socket.create_connection((target.host, target.port), timeout=10)) for _ in range(number)
        ]


def tear(target: Target, beginning: bytes, number: int, after_seconds: float = 0) -> None:
    """Send so many requests, and reset their connections."""
    with connections(target, number) as torn:
        for connection in torn:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            connection.sendall(beginning)
        time.sleep(after_seconds)
