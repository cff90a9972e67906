"""Other servers, which SERVICE and LOAD reach where the settings allow it, and not otherwise."""

import json
import shutil
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import httpx
import pytest
from clients import written
from conftest import run, serving

pytestmark = pytest.mark.slow

TURTLE = b"<urn:a> <urn:b> 5 ."
SOLUTION = b'{"head":{"vars":["x"]},"results":{"bindings":[{"x":{"type":"uri","value":"urn:x"}}]}}'


class Elsewhere(BaseHTTPRequestHandler):
    """An endpoint of somebody else, which has one solution; it may send who asks on to another address."""

    redirect = ""
    asked = 0

    def do_GET(self) -> None:
        type(self).asked += 1
        if self.redirect:
            self.send_response(302)
            self.send_header("Location", self.redirect)
            self.end_headers()
            return
        turtle = "data" in self.path
        body = (
            b"<urn:a> <urn:b> 5 ."
            if turtle
            else b'{"head":{"vars":["x"]},"results":{"bindings":[{"x":{"type":"uri","value":"urn:x"}}]}}'
        )
        self.send_response(200)
        self.send_header("Content-Type", "text/turtle" if turtle else "application/sparql-results+json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        self.do_GET()

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def elsewhere() -> Iterator[str]:
    Elsewhere.redirect, Elsewhere.asked = "", 0
    server = HTTPServer(("127.0.0.1", 0), Elsewhere)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


def test_service_and_load_reach_what_the_settings_allow_and_nothing_else(tmp_path: Path, elsewhere: str) -> None:
    with written(tmp_path, DISTRICTGRAPH_SERVICES=json.dumps([f"{elsewhere}sparql", f"{elsewhere}data/"])) as writable:

        def ask(query: str) -> httpx.Response:
            return httpx.get(writable.sparql, params={"query": query}, timeout=60)

        def change(text: str) -> int:
            headers = {"Authorization": writable.bearer}
            return httpx.post(writable.update, data={"update": text}, headers=headers, timeout=60).status_code

        found = ask(f"SELECT ?x {{ SERVICE <{elsewhere}sparql> {{ ?x ?p ?o }} }}")
        assert "urn:x" in found.text, found.text
        assert "etag" not in found.headers
        assert change(f"LOAD <{elsewhere}data/a.ttl> INTO GRAPH <urn:g>") == 204
        assert writable.holds("GRAPH <urn:g> { <urn:a> <urn:b> 5 }")
        asked = Elsewhere.asked
        for query in (
            f"SELECT ?x {{ SERVICE <{elsewhere}other> {{ ?x ?p ?o }} }}",
            f"SELECT ?x {{ SERVICE SILENT <{elsewhere}other> {{ ?x ?p ?o }} }}",
            f"SELECT ?x {{ SERVICE <{elsewhere}sparql> {{}} SERVICE SILENT <{elsewhere}other> {{ ?x ?p ?o }} }}",
            f"PREFIX e: <{elsewhere}> SELECT ?x {{ SERVICE e:other {{ ?x ?p ?o }} }}",
            f"SELECT ?x {{ BIND(<{elsewhere}other> AS ?e) SERVICE ?e {{ ?x ?p ?o }} }}",
            "SELECT ?x { SERVICE <file:///etc/passwd> { ?x ?p ?o } }",
        ):
            assert ask(query).status_code == 403, query
        for text in (f"LOAD <{elsewhere}other>", f"LOAD SILENT <{elsewhere}other>", "LOAD <file:///etc/passwd>"):
            assert change(text) == 403, text
        assert Elsewhere.asked == asked


def test_a_redirect_of_an_allowed_endpoint_is_not_followed(tmp_path: Path, elsewhere: str) -> None:
    with written(tmp_path, DISTRICTGRAPH_SERVICES=json.dumps([f"{elsewhere}sparql"])) as writable:
        Elsewhere.redirect = f"{writable.service.url}/sparql?query=ASK%7B%7D"
        answer = httpx.get(
            writable.sparql, params={"query": f"SELECT ?x {{ SERVICE <{elsewhere}sparql> {{ ?x ?p ?o }} }}"}, timeout=60
        )
        assert (answer.status_code, Elsewhere.asked) == (503, 1), answer.text


@pytest.mark.slow
def test_a_worker_that_may_open_its_files_reaches_nobody(excerpt_state: Path, tmp_path: Path, elsewhere: str) -> None:
    """A dataset on the disk, once it was written to, leaves its workers descriptors to dial out with."""
    state = shutil.copytree(excerpt_state, tmp_path / "state", symlinks=True)
    token = run("token", "create", "--role", "curator", "--state", state).stdout.strip()
    bearer = {"Authorization": f"Bearer {token}"}
    with serving(state, DISTRICTGRAPH_MEMORY_MEGABYTES="0") as service:

        def change(text: str, **parameters: str) -> int:
            method, path = ("PATCH", "graph-store") if parameters else ("POST", "update")
            headers = bearer | {"Content-Type": "application/sparql-update"}
            url = f"{service.url}/{path}"
            return httpx.request(method, url, params=parameters, content=text, headers=headers, timeout=60).status_code

        assert change("INSERT DATA { GRAPH <urn:g> { <urn:a> <urn:b> 1 } }") == 204
        for silent in ("", "SILENT "):
            query = f"SELECT ?x {{ SERVICE {silent}<{elsewhere}sparql> {{ ?x ?p ?o }} }}"
            assert service.get("/sparql", params={"query": query}).status_code == 403
            assert change(f"LOAD {silent}<{elsewhere}data/a.ttl> INTO GRAPH <urn:h>") in (400, 403)
            change(f"LOAD {silent}<{elsewhere}data/a.ttl>", graph="urn:g")
            change(
                f"INSERT {{ ?s ?p ?o }} WHERE {{ SERVICE {silent}<{elsewhere}sparql> {{ ?s ?p ?o }} }}", graph="urn:g"
            )
        assert Elsewhere.asked == 0


def test_what_is_no_sparql_is_told_so_rather_than_refused(tmp_path: Path) -> None:
    with written(tmp_path) as writable:
        store = f"{writable.service.url}/graph-store?graph=urn:g"
        headers = {"Authorization": writable.bearer, "Content-Type": "application/sparql-update"}
        for end, status in (("", 403), (" } nonsense", 400)):
            query = f"ASK {{ SERVICE <urn:e> {{}} }}{end}"
            assert httpx.get(writable.sparql, params={"query": query}).status_code == status
            update = f"LOAD <urn:e>{end}"
            assert httpx.post(writable.update, content=update, headers=headers).status_code == status
            assert httpx.patch(store, content=update, headers=headers).status_code == status
