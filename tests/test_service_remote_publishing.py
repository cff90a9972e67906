"""Publishing to an engine that wants to know who one is, or that two publish to at once."""

import subprocess
import threading
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import httpx
import pytest
from conftest import COMMAND, run, serving
from engines import CREDENTIALS, oxigraph, publish, virtuoso

from ontology.iris import OWL, RDF
from service.bench.servers.server import HOST

pytestmark = pytest.mark.slow

COUNT = {"query": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"}
BY_GRAPH = {"query": "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ORDER BY ?g"}
# Of the updates that publish the whole corpus, one in the middle of a graph.
SOME = 30
NAME, PASSWORD, TOKEN = "DISTRICTGRAPH_ENGINE_USER", "DISTRICTGRAPH_ENGINE_PASSWORD", "DISTRICTGRAPH_ENGINE_TOKEN"
BASIC = "Basic " + b64encode("curator:geheim€".encode()).decode()


@contextmanager
def relayed(
    engine: str, wanted: str | None = None, challenge: str = "", answered: Callable[[bytes], None] = lambda _: None
) -> Iterator[str]:
    """Run a server before an engine, and give its address.

    It lets nobody through but who sends `wanted`, if that is given; `answered` is told each request before its answer
    is passed on.
    """
    behind = "http://" + urlsplit(engine).netloc

    class Relay(BaseHTTPRequestHandler):
        protocol_version, wbufsize = "HTTP/1.1", -1

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            if wanted is not None and self.headers.get("Authorization") != wanted:
                self.send_response(401)
                self.send_header("WWW-Authenticate", challenge)
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            kept = {name: self.headers[name] for name in ("Accept", "Content-Type") if name in self.headers}
            sent = client.request(self.command, behind + self.path, content=body, headers=kept)
            answered(body)
            self.send_response(sent.status_code)
            self.send_header("Content-Type", sent.headers.get("content-type", "text/plain"))
            self.send_header("Server", sent.headers.get("server", ""))
            self.send_header("Content-Length", str(len(sent.content)))
            self.end_headers()
            self.wfile.write(sent.content)

        def do_PUT(self) -> None:
            self.do_POST()

        def do_DELETE(self) -> None:
            self.do_POST()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer((HOST, 0), Relay)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with httpx.Client(timeout=60) as client:
        try:
            yield f"http://{HOST}:{server.server_port}"
        finally:
            server.shutdown()
            server.server_close()


@pytest.mark.parametrize(
    ("wanted", "challenge", "right", "wrong"),
    [
        (BASIC, 'Basic realm="e"', {NAME: "curator", PASSWORD: "geheim€"}, {NAME: "curator", PASSWORD: "gehei"}),
        ("Bearer s3cr3t", "Bearer", {TOKEN: "s3cr3t"}, {TOKEN: "s3cr3"}),
    ],
    ids=["Basic", "Bearer"],
)
def test_an_engine_that_wants_credentials_gets_those_of_the_environment(
    wanted: str, challenge: str, right: dict[str, str], wrong: dict[str, str], excerpt_state: Path, tmp_path: Path
) -> None:
    with oxigraph(tmp_path) as (engine, _), relayed(engine, wanted, challenge) as relay:
        refused = publish(excerpt_state, f"{relay}/query", f"{relay}/store", **wrong)
        assert refused.returncode == 2, refused.stderr
        assert PASSWORD in refused.stderr and TOKEN in refused.stderr
        done = publish(excerpt_state, f"{relay}/query", f"{relay}/store", **right)
        assert done.returncode == 0, done.stderr
        for secret in (*right.values(), *wrong.values()):
            assert secret not in done.stderr + refused.stderr
        with serving(excerpt_state, DISTRICTGRAPH_ENGINE=f"{relay}/query", **right) as service:
            assert service.get("/sparql", params=COUNT).status_code == 200
        with serving(excerpt_state, DISTRICTGRAPH_ENGINE=f"{relay}/query", **wrong) as service:
            answer = service.get("/sparql", params=COUNT)
            assert answer.status_code == 503
            assert PASSWORD in answer.json()["detail"]


@pytest.mark.parametrize(
    ("start", "path"), [(oxigraph, "/update"), (virtuoso, "/sparql-auth")], ids=["oxigraph", "virtuoso"]
)
def test_an_engine_without_a_graph_store_is_written_to_by_updates(
    start: Callable[[Path], AbstractContextManager[tuple[str, str]]], path: str, excerpt_state: Path, tmp_path: Path
) -> None:
    blank = {"query": f"SELECT (COUNT(*) AS ?n) {{ ?s <{OWL}unionOf> ?list . ?list <{RDF}first> ?one }}"}
    with start(tmp_path) as (engine, _):
        options = ["--state", excerpt_state, "--engine", engine, "--update", urljoin(engine, path), "--yes"]
        for turn in range(2):  # what is there is replaced, too
            done = run("publish", *options, **CREDENTIALS)
            assert done.returncode == 0, (turn, done.stderr)
        with serving(excerpt_state) as embedded, serving(excerpt_state, DISTRICTGRAPH_ENGINE=engine) as remote:
            for asked in (COUNT, blank):
                answers = [each.get("/sparql", params=asked).text for each in (embedded, remote)]
                assert answers[0] == answers[1]
            assert remote.get("/page/aiju").status_code == 200


@pytest.mark.parametrize("options", [(), ("--graph-store", "http://localhost/", "--update", "http://localhost/")])
def test_what_is_written_to_is_named_in_one_way(options: tuple[str, ...], excerpt_state: Path) -> None:
    done = run("publish", "--state", excerpt_state, "--engine", "http://localhost/", *options)
    assert done.returncode == 2
    assert "by --graph-store or by --update" in done.stderr


def test_of_two_that_publish_at_once_none_leaves_a_mixture(excerpt_state: Path, state: Path, tmp_path: Path) -> None:
    """The first waits in the middle of a graph for as long as the second takes for all of its own."""
    begun, done = threading.Event(), threading.Event()
    inserts = count()

    def wait(body: bytes) -> None:
        if b"INSERT+DATA" in body and next(inserts) == SOME:
            begun.set()
            done.wait(60)

    with oxigraph(tmp_path) as (engine, graph_store), relayed(engine, answered=wait) as relay:
        options = ["--state", str(state), "--engine", f"{relay}/query", "--update", f"{relay}/update", "--yes"]
        first = subprocess.Popen([*COMMAND, "publish", *options], stderr=subprocess.PIPE, text=True)
        assert begun.wait(60)
        second = publish(excerpt_state, engine, graph_store)
        done.set()
        _, told = first.communicate(timeout=120)
        assert second.returncode == 0, second.stderr
        assert (first.returncode, "let one do so alone" in told, "Traceback" in told) == (2, True, False), told
        with serving(excerpt_state) as embedded, serving(excerpt_state, DISTRICTGRAPH_ENGINE=engine) as remote:
            for asked in (COUNT, BY_GRAPH):
                answers = [each.get("/sparql", params=asked).text for each in (embedded, remote)]
                assert answers[0] == answers[1]


def test_a_default_graph_that_is_strict_is_so_over_an_engine(excerpt_state: Path, tmp_path: Path) -> None:
    strict = {"DISTRICTGRAPH_DEFAULT_GRAPH": "strict"}
    with oxigraph(tmp_path) as (engine, graph_store):
        assert publish(excerpt_state, engine, graph_store, **strict).returncode == 0
        with (
            serving(excerpt_state, **strict) as embedded,
            serving(excerpt_state, DISTRICTGRAPH_ENGINE=engine, **strict) as remote,
        ):
            for asked in (COUNT, BY_GRAPH):
                answers = [each.get("/sparql", params=asked).text for each in (embedded, remote)]
                assert answers[0] == answers[1]
            rows = [each.get("/api/queries/collective-actors").json()["rows"] for each in (embedded, remote)]
            assert rows[0] and rows[0] == rows[1]
