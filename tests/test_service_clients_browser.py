"""A page of another origin, in a browser: what it may send, and what it may read of the answer."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import pytest
from browser import Browser, Page
from clients import EX, LABEL_VALUES, LABELS, NETWORK, PLACES, TRIPLES_OF_PLACES, TURTLE_PREFIXES, Writable, written

pytestmark = pytest.mark.slow

EXPOSED = ("ETag", "DistrictGraph-Release", "Location", "Retry-After", "WWW-Authenticate", "Allow")
NEW = f"{EX}graph/from-a-page"
TURTLE = f'{TURTLE_PREFIXES}ex:page ex:title "Seite"@de .'

# Sends a request as a page does, and tells what the page can see of the answer.
ASKING = """async ([url, options]) => {
  try {
    const answer = await fetch(url, options);
    return {status: answer.status, headers: Object.fromEntries(answer.headers), body: await answer.text()};
  } catch (error) { return {refused: String(error)}; }
}"""


class _Empty(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Set-Cookie", "session=of-the-page")
        self.end_headers()
        self.wfile.write(b"<!doctype html><link rel=icon href='data:,'><title>A page of another origin</title>")

    def log_message(self, format: str, *arguments: object) -> None:
        pass


@pytest.fixture(scope="module")
def writable(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Writable]:
    with written(tmp_path_factory.mktemp("browser")) as running:
        yield running


@pytest.fixture(scope="module")
def page(chromium: Browser) -> Iterator[Page]:
    """A page from a server of its own."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Empty) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        page = chromium.page()
        page.open(f"http://127.0.0.1:{server.server_port}/", width=800)
        yield page
        page.call("Page.navigate", url="about:blank")
        server.shutdown()
        thread.join()


def fetch(page: Page, url: str, **options: Any) -> dict[str, Any]:
    answer: dict[str, Any] = page.value(f"({ASKING})({json.dumps([url, options])})")
    return answer


def labels(answer: dict[str, Any]) -> list[str]:
    assert answer.get("status") == 200, answer
    return [row["label"]["value"] for row in json.loads(answer["body"])["results"]["bindings"]]


def encoded(**parameters: str) -> str:
    return str(httpx.QueryParams(parameters))


def test_a_page_asks_by_get_and_by_both_posts(page: Page, writable: Writable) -> None:
    assert labels(fetch(page, f"{writable.sparql}?{encoded(query=LABELS)}")) == LABEL_VALUES
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert labels(fetch(page, writable.sparql, method="POST", headers=form, body=encoded(query=LABELS))) == LABEL_VALUES
    direct = {"Content-Type": "application/sparql-query", "Accept": "application/sparql-results+json"}
    assert labels(fetch(page, writable.sparql, method="POST", headers=direct, body=LABELS)) == LABEL_VALUES
    network = fetch(page, writable.sparql, method="POST", headers=direct | {"Accept": "text/turtle"}, body=NETWORK)
    assert "castellon" in network["body"]


def test_a_page_reads_the_release_and_the_tag(page: Page, writable: Writable) -> None:
    answer = fetch(page, f"{writable.sparql}?{encoded(query=LABELS)}")
    assert answer["headers"]["etag"]
    assert "districtgraph-release" in answer["headers"]
    known = {"If-None-Match": answer["headers"]["etag"]}
    assert fetch(page, f"{writable.sparql}?{encoded(query=LABELS)}", headers=known, cache="no-store")["status"] == 304


def test_a_page_reads_what_went_wrong(page: Page, writable: Writable) -> None:
    for answer, status, detail in (
        (fetch(page, f"{writable.sparql}?{encoded(query='SELECT * { oops')}"), 400, "line 1"),
        (fetch(page, writable.sparql, headers={"Accept": "image/png"}), 406, "image/png"),
        (fetch(page, f"{writable.graph_store}?{encoded(graph=EX)}"), 404, EX),
        (fetch(page, writable.update, method="POST", body="x"), 401, "token"),
    ):
        assert answer.get("status") == status, answer
        assert detail in json.loads(answer["body"])["detail"]


def test_a_page_with_a_token_updates(page: Page, writable: Writable) -> None:
    headers = {"Authorization": writable.bearer, "Content-Type": "application/sparql-update"}
    for operation, there in (("INSERT", True), ("DELETE", False)):
        triple = f"GRAPH <{EX}page> {{ <{EX}a> <{EX}b> 'ü' }}"
        answer = fetch(page, writable.update, method="POST", headers=headers, body=f"{operation} DATA {{ {triple} }}")
        assert answer.get("status") in (200, 204), answer
        assert writable.holds(triple) is there


def test_a_page_with_a_token_puts_patches_and_deletes_a_graph(page: Page, writable: Writable) -> None:
    address = f"{writable.graph_store}?{encoded(graph=NEW)}"
    headers = {"Authorization": writable.bearer, "Content-Type": "text/turtle"}
    patch = {"Authorization": writable.bearer, "Content-Type": "application/sparql-update"}
    assert fetch(page, address, method="PUT", headers=headers, body=TURTLE)["status"] == 201
    tag = fetch(page, address)["headers"]["etag"]
    change = "INSERT DATA { <http://example.org/page> <http://example.org/n> 1 }"
    assert fetch(page, address, method="PATCH", headers=patch, body=change)["status"] == 204
    stale = fetch(page, address, method="PUT", headers=headers | {"If-Match": tag}, body=TURTLE)
    assert stale["status"] == 412
    assert fetch(page, address, method="DELETE", headers=headers)["status"] == 204
    assert fetch(page, address, method="HEAD")["status"] == 404


def test_a_page_reads_the_name_of_the_graph_that_it_made(page: Page, writable: Writable) -> None:
    headers = {"Authorization": writable.bearer, "Content-Type": "text/turtle"}
    made = fetch(page, writable.graph_store, method="POST", headers=headers, body=TURTLE)
    assert made["status"] == 201, made
    assert writable.holds(f"GRAPH <{made['headers']['location']}> {{ ex:page ex:title 'Seite'@de }}")


def test_every_header_that_a_page_may_need_is_exposed(writable: Writable) -> None:
    answer = httpx.get(writable.sparql, params={"query": "ASK {}"}, headers={"Origin": "https://example.org"})
    exposed = {name.strip().lower() for name in answer.headers["access-control-expose-headers"].split(",")}
    assert {name.lower() for name in EXPOSED} <= exposed


def test_no_page_gets_an_answer_by_the_credentials_of_its_reader(page: Page, writable: Writable) -> None:
    """A wildcard with credentials is refused by browsers, and no other origin is echoed with leave for them."""
    url = f"{writable.sparql}?{encoded(query=LABELS)}"
    assert "refused" in fetch(page, url, credentials="include")
    assert labels(fetch(page, url, credentials="omit")) == LABEL_VALUES
    for method in ("GET", "OPTIONS"):
        for cookie in ({}, {"Cookie": "session=1"}):
            asking = {"Origin": "https://example.org", "Access-Control-Request-Method": "POST", **cookie}
            answer = httpx.request(method, url, headers=asking)
            assert answer.headers["access-control-allow-origin"] == "*"
            assert "access-control-allow-credentials" not in answer.headers


def test_a_page_without_an_origin_may_ask_too(page: Page, writable: Writable) -> None:
    """What is opened in a sandbox, or from a file, has the origin `null`."""
    direct = {"method": "POST", "headers": {"Content-Type": "application/sparql-query"}, "body": LABELS}
    asking = f"({ASKING})({json.dumps([writable.sparql, direct])}).then(a => parent.postMessage([origin, a], '*'))"
    frame = json.dumps(f"<script>{asking}</script>")
    origin, answer = page.value(f"""new Promise(told => {{
      addEventListener("message", event => told(event.data), {{once: true}});
      const frame = document.createElement("iframe");
      frame.sandbox = "allow-scripts";
      frame.srcdoc = {frame};
      document.body.append(frame);
    }})""")
    assert origin == "null"
    assert labels(answer) == LABEL_VALUES


def test_the_graph_store_is_read_by_a_page(page: Page, writable: Writable) -> None:
    address = f"{writable.graph_store}?{encoded(graph=PLACES)}"
    answer = fetch(page, address, headers={"Accept": "application/n-triples"})
    assert answer["status"] == 200
    assert len(answer["body"].splitlines()) == TRIPLES_OF_PLACES
    assert answer["headers"]["etag"]
