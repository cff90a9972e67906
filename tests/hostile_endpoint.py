"""A SPARQL endpoint that answers from a store in this process, and can be told to go wrong."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import cast
from urllib.parse import parse_qs

import pyoxigraph as ox

Answer = tuple[int, dict[str, str], bytes]


@dataclass
class Hostile:
    """What is asked of an endpoint, when, and how it goes wrong; `most_rows` are sent of an answer, without a word."""

    store: ox.Store
    url: str = ""
    asked: list[str] = field(default_factory=list)
    at: list[float] = field(default_factory=list)
    agents: set[str] = field(default_factory=set)
    at_once: int = 0
    most_at_once: int = 0
    most_rows: int = 1_000_000
    cut_beyond: int = 1_000_000_000
    busy_each: int = 0
    page: str = ""
    endless: bool = False
    unordered: bool = False
    status: int = 0
    wait: str = "0"

    def answer(self, query: str) -> Answer:
        self.asked.append(query)
        self.at.append(time.monotonic())
        if self.busy_each and len(self.asked) % self.busy_each == 0:
            return 429, {"Retry-After": self.wait}, b"slow down"
        if self.status:
            return self.status, {}, b"out of order"
        if self.page:
            return 200, {"Content-Type": "text/html"}, self.page.encode()
        found = cast(ox.QuerySolutions, self.store.query(query))
        names = [variable.value for variable in found.variables]
        document = json.loads(cast(bytes, found.serialize(format=ox.QueryResultsFormat.JSON)))
        rows = document["results"]["bindings"]
        if self.endless and "DISTINCT" in query:
            number = len(self.asked)
            rows = [{names[0]: {"type": "uri", "value": f"http://e.org/{number:06}-{n:06}"}} for n in range(100)]
        if self.unordered:
            rows.reverse()
        document["results"]["bindings"] = rows[: self.most_rows]
        return 200, {"Content-Type": "application/sparql-results+json"}, json.dumps(document).encode()


@contextmanager
def hostile(file: Path) -> Iterator[Hostile]:
    """Run an endpoint over what a file of Turtle says."""
    store = ox.Store()
    store.bulk_load(path=str(file), format=ox.RdfFormat.TURTLE)
    told = Hostile(store)
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            with lock:
                told.at_once += 1
                told.most_at_once = max(told.most_at_once, told.at_once)
            body = self.rfile.read(int(self.headers["Content-Length"]))
            told.agents.add(self.headers["User-Agent"])
            status, headers, content = told.answer(parse_qs(body.decode())["query"][0])
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            if len(told.asked) % 2:  # what has no length ends where the connection does, cut or whole
                self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            with lock:
                told.at_once -= 1
            self.wfile.write(content if len(content) < told.cut_beyond else content[: told.cut_beyond])

        def log_message(self, *arguments: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    told.url = f"http://127.0.0.1:{server.server_port}/sparql"
    try:
        yield told
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
