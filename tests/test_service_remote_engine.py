"""A service over an engine that another server runs: the same answers as the embedded one, and never a wrong one."""

import json
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
from conftest import Service, run, serving
from engines import oxigraph, publish, until, virtuoso

from queries.named_query import askable, load_queries
from service.bench.servers.server import HOST, free_port

pytestmark = pytest.mark.slow

SOLUTIONS = "application/sparql-results+json"
GRAPH = "https://w3id.org/districtgraph/graph/"
QUERIES = {
    "a count": "SELECT (COUNT(*) AS ?n) { ?s a ?class }",
    "closed": f"ASK {{ GRAPH <{GRAPH}places> {{ ?s ?p ?o }} }}",
    "closed merged": "SELECT * { dgi:valencia-region ?p ?o }",
    "graphs": "SELECT DISTINCT ?g { GRAPH ?g { ?s a dg:Broker } }",
    "named": "SELECT ?g { GRAPH ?g { } }",
    "two FROM": f"SELECT (COUNT(*) AS ?n) FROM <{GRAPH}inferred> FROM <{GRAPH}gotz-2019> {{ ?s a ?c }}",
    "FROM NAMED": f"SELECT (COUNT(*) AS ?n) FROM NAMED <{GRAPH}ontology> {{ GRAPH ?g {{ ?s a ?c }} }}",
    "no FROM": f"SELECT * FROM <{GRAPH}nothing> {{ ?s ?p ?o }}",
    "booleans": "SELECT ?s { ?s dg:anonymous true } ORDER BY ?s",
    "values": "SELECT ?x { VALUES ?x { true 1.0 '' 'a'@en '2020-01-01'^^xsd:date UNDEF } } ORDER BY ?x",
    "languages": "SELECT ?l { dgi:aiju rdfs:label ?l FILTER(LANG(?l) = 'en' && ISLITERAL(?l)) }",
    "optional": "SELECT ?s ?b { ?s a dg:Brokerage OPTIONAL { ?s dg:beneficiary ?b FILTER(?b != dgi:aiju) } }",
    "minus": "SELECT ?s { ?s a dg:CollectiveActor MINUS { ?s dg:brokers ?t } } ORDER BY ?s",
    "a path": "SELECT ?x { ?x rdfs:subClassOf* dg:Actor } ORDER BY ?x",
    "a path to itself": "SELECT * { VALUES ?x { dgi:aiju dgi:nobody } ?x dg:locatedIn* ?y } ORDER BY ?x ?y",
    "no path": "SELECT (COUNT(*) AS ?n) { dgi:aiju !(rdf:type|rdfs:label) ?y }",
    "blank": "SELECT (COUNT(*) AS ?n) { ?s owl:unionOf ?list FILTER(ISBLANK(?list)) }",
    "typed": "SELECT ?n (DATATYPE(?n) AS ?t) { ?s dg:year ?n } ORDER BY ?n ?s LIMIT 5",
    "numbers": "SELECT (SUM(?n) AS ?sum) (AVG(?n) AS ?mean) (MAX(?n) AS ?most) { ?s dg:year ?n }",
    "a graph": "CONSTRUCT { ?s rdfs:label ?l } { ?s a dg:CollectiveActor ; rdfs:label ?l }",
    "a description": "DESCRIBE dgi:aiju",
    "described": "DESCRIBE ?x { ?x a dg:LivingLab }",
    "ASK": "ASK { dgi:aiju dg:brokers ?x }",
}
PLACES = (
    "/api/collective-actors?limit=5",
    "/api/claims?limit=3",
    "/api/search?q=living+lab",
    "/api/compare?items=castellon,toy-valley",
    "/api/networks",
    "/api/explain?subject=aiju&property=brokers&object=drones",
    "/api/stats",
    "/id/aiju",
)


@dataclass(frozen=True)
class Both:
    """The embedded service, and one over an engine."""

    embedded: Service
    remote: Service
    publication: str

    def get(self, path: str, **options: Any) -> tuple[httpx.Response, httpx.Response]:
        with ThreadPoolExecutor(2) as at_once:
            first, second = at_once.map(lambda one: one.get(path, **options), (self.embedded, self.remote))
        return first, second


@pytest.fixture(scope="module", params=["oxigraph", "virtuoso"])
def both(
    request: pytest.FixtureRequest, excerpt_state: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Both]:
    """The release in an engine of its own process, with a closed graph, and embedded."""
    closed = {"DISTRICTGRAPH_CLOSED_GRAPHS": f'["{GRAPH}places"]', "DISTRICTGRAPH_QUERY_SECONDS": "60"}
    start = oxigraph if request.param == "oxigraph" else virtuoso
    with start(tmp_path_factory.mktemp(request.param)) as (engine, graph_store):
        done = publish(excerpt_state, engine, graph_store, **closed)
        assert done.returncode == 0, done.stderr
        with (
            serving(excerpt_state, **closed) as embedded,
            serving(excerpt_state, DISTRICTGRAPH_ENGINE=engine, **closed) as remote,
        ):
            yield Both(embedded, remote, done.stderr)


def test_publishing_tells_what_it_does_and_no_password(both: Both) -> None:
    assert "published release" in both.publication
    assert "dba" not in both.publication


def test_the_service_answers_every_named_query_alike(both: Both) -> None:
    apart = {}
    for name in askable(load_queries(), ()):
        answers = both.get(f"/api/queries/{name}", headers={"Accept": "application/json"})
        rows = [rows_of(answer) for answer in answers]
        if rows[0] != rows[1]:
            apart[name] = [answer.text[:200] for answer in answers]
    assert apart == {}


def rows_of(answer: httpx.Response) -> Counter[str]:
    """Return the rows of a table, in no order; nor are texts that an aggregate puts together in any."""
    assert answer.status_code == 200, answer.text[:500]
    return Counter("".join(sorted(json.dumps(row))) for row in answer.json()["rows"])


@pytest.mark.parametrize("name", QUERIES)
def test_a_query_has_the_same_answer(name: str, both: Both) -> None:
    text = "\n".join(f"PREFIX {prefix}" for prefix in PREFIXES_OF_ALL) + QUERIES[name]
    accept = "application/n-triples" if QUERIES[name][:3] in ("CON", "DES") else SOLUTIONS
    first, second = both.get("/sparql", params={"query": text}, headers={"Accept": accept})
    assert first.status_code == second.status_code == 200, (first.text, second.text)
    if accept == SOLUTIONS:
        assert solutions(first) == solutions(second)
    else:
        assert Counter(first.text.splitlines()) == Counter(second.text.splitlines())
        assert first.text


PREFIXES_OF_ALL = (
    "dg: <https://w3id.org/districtgraph/ontology#>",
    "dgi: <https://w3id.org/districtgraph/id/>",
    "rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>",
    "rdfs: <http://www.w3.org/2000/01/rdf-schema#>",
    "owl: <http://www.w3.org/2002/07/owl#>",
    "xsd: <http://www.w3.org/2001/XMLSchema#>\n",
)


def solutions(answer: httpx.Response) -> object:
    document = answer.json()
    if "boolean" in document:
        return document["boolean"]
    rows = document["results"]["bindings"]
    return document["head"]["vars"], Counter(json.dumps(row, sort_keys=True) for row in rows)


@pytest.mark.parametrize(
    "accept", ["text/csv", "text/tab-separated-values", "application/sparql-results+xml", "text/html"]
)
def test_every_format_is_there(accept: str, both: Both) -> None:
    query = "SELECT ?l { <https://w3id.org/districtgraph/id/aiju> ?p ?l FILTER(ISLITERAL(?l)) } ORDER BY ?l"
    first, second = both.get("/sparql", params={"query": query}, headers={"Accept": accept})
    assert first.text == second.text


@pytest.mark.parametrize("path", PLACES)
def test_rest_and_pages_are_the_same(path: str, both: Both) -> None:
    for accept in ("application/json", "text/html"):
        first, second = both.get(path, headers={"Accept": accept}, follow_redirects=True)
        assert first.status_code == second.status_code, second.text[:500]
        assert first.status_code in (200, 404, 406)
        assert sorted(first.text) == sorted(second.text)


def test_what_is_not_sparql_is_told_in_the_same_words(both: Both) -> None:
    for query in (
        "SELECT * { ?s ?p",
        "define input:inference 'x' SELECT * { ?s ?p ?o }",
        "SELECT (<bif:rand>(1) AS ?x) {}",
    ):
        first, second = both.get("/sparql", params={"query": query})
        assert first.status_code == second.status_code
        assert first.text == second.text


def test_nothing_is_written_through_a_service_over_an_engine(both: Both) -> None:
    token = run("token", "create", "--role", "admin", "--state", both.remote.state).stdout.strip()
    sent = httpx.post(
        f"{both.remote.url}/update",
        data={"update": "INSERT DATA { <http://a/> <http://b/> 1 }"},
        headers={"Authorization": f"Bearer {token}"},
    )
    assert sent.status_code == 501, sent.text
    assert "publish" in sent.json()["detail"]


@dataclass
class Fake:
    """An engine that answers each request as it is told to, or passes it on to a real one."""

    behind: str
    fault: str = ""
    port: int = 0

    def answered(self, body: bytes, accept: str) -> tuple[int, dict[str, str], bytes]:
        sent = httpx.post(
            self.behind, content=body, headers={"Accept": accept, "Content-Type": "application/x-www-form-urlencoded"}
        )
        headers, content = {"Content-Type": sent.headers["content-type"]}, sent.content
        if b"published" in body:  # what the engine holds
            return sent.status_code, headers, content
        match self.fault:
            case "rows are cut":
                headers["X-SPARQL-MaxRows"] = "1"
            case "it says that it is not whole":
                headers["X-SQL-State"] = "S1TAT"
            case "a part":
                return 206, headers, content
            case "an error in HTML":
                return 200, {"Content-Type": "text/html"}, b"<html>down for maintenance</html>"
            case "HTML that is called JSON":
                return 200, headers, b"<html>down for maintenance</html>"
            case "a failure":
                return 500, headers, b"Virtuoso 37000 Error at /srv/secret"
            case "other variables":
                content = b'{"head":{"vars":["other"]},"results":{"bindings":[]}}'
            case "another kind":
                content = b'{"head":{},"boolean":true}'
            case "JSON without its end":
                content = content[:-20]
            case "too many rows":
                document = json.loads(content)
                document["results"]["bindings"] *= 2
                content = json.dumps(document).encode()
        return 200, headers, content


@pytest.fixture(scope="module")
def behind(excerpt_state: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Service, Fake]]:
    """A service over an engine that may be told to go wrong."""
    with oxigraph(tmp_path_factory.mktemp("faulty")) as (engine, graph_store):
        assert publish(excerpt_state, engine, graph_store).returncode == 0
        fake = Fake(engine)

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status, headers, content = fake.answered(body, self.headers["Accept"])
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                is_data = b"published" not in body
                if not (is_data and fake.fault == "no end is told"):
                    self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                if is_data and fake.fault == "it is silent":
                    threading.Event().wait(3)
                cut = 10 if is_data and fake.fault == "the body is cut" else 0
                self.wfile.write(content[: len(content) - cut])
                self.close_connection = is_data and fake.fault in ("the body is cut", "no end is told")

            def log_message(self, *_: object) -> None:
                pass

        server = ThreadingHTTPServer((HOST, 0), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            address = f"http://{HOST}:{server.server_port}/sparql"
            with serving(excerpt_state, DISTRICTGRAPH_ENGINE=address, DISTRICTGRAPH_QUERY_SECONDS="2") as service:
                yield service, fake
        finally:
            server.shutdown()
            server.server_close()


FAULTS = (
    "rows are cut",
    "it says that it is not whole",
    "a part",
    "an error in HTML",
    "HTML that is called JSON",
    "a failure",
    "other variables",
    "another kind",
    "JSON without its end",
    "too many rows",
    "no end is told",
    "the body is cut",
    "it is silent",
)


@pytest.mark.parametrize("fault", FAULTS)
def test_an_engine_that_goes_wrong_gives_a_problem_and_never_an_answer(
    fault: str, behind: tuple[Service, Fake]
) -> None:
    service, fake = behind
    asked = {"query": f"SELECT ?s {{ ?s ?p ?o }} LIMIT {2 + FAULTS.index(fault)}"}
    fake.fault = fault
    try:
        wrong = service.get("/sparql", params=asked)
    finally:
        fake.fault = ""
    assert wrong.status_code == 503, wrong.text
    problem = wrong.json()
    assert problem["type"].rpartition("/")[2] in ("remote-engine", "query-timeout")
    assert "secret" not in wrong.text and HOST not in wrong.text
    right = service.get("/sparql", params=asked, headers={"Accept": SOLUTIONS})
    assert len(right.json()["results"]["bindings"]) == 2 + FAULTS.index(fault)


def test_an_engine_that_is_written_to_or_holds_another_release_is_not_answered_from(
    excerpt_state: Path, state: Path, tmp_path: Path
) -> None:
    count = {"query": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"}
    with oxigraph(tmp_path) as (engine, graph_store), serving(state, DISTRICTGRAPH_ENGINE=engine) as service:
        empty = service.get("/sparql", params=count)
        assert empty.status_code == 503
        assert "publish" in empty.json()["detail"]
        assert service.get("/health/ready").status_code == 503
        assert publish(state, engine, graph_store).returncode == 0
        until(lambda: service.get("/sparql", params=count).status_code == 200)
        assert publish(excerpt_state, engine, graph_store).returncode == 0
        other = service.get("/sparql", params={"query": "SELECT (COUNT(?s) AS ?n) { ?s ?p ?o }"})
        assert other.status_code == 503, other.text
        assert "publish" in other.json()["detail"]


def test_an_engine_that_is_down_is_not_ready_and_one_that_is_started_again_is(
    excerpt_state: Path, tmp_path: Path
) -> None:
    port = free_port()
    with oxigraph(tmp_path, port) as (engine, graph_store):
        assert publish(excerpt_state, engine, graph_store).returncode == 0
    with serving(excerpt_state, DISTRICTGRAPH_ENGINE=engine) as service:
        assert service.get("/health/ready").status_code == 503
        for number in range(2):
            asked = {"query": f"SELECT ?s {{ ?s a ?class }} LIMIT {number + 1}"}
            with oxigraph(tmp_path, port):
                until(lambda: service.get("/health/ready").status_code == 200)
                assert service.get("/sparql", params=asked).status_code == 200
            assert service.get("/health/ready").status_code == 503
            down = service.get("/sparql", params={"query": f"SELECT ?s {{ ?s a ?class }} LIMIT {number + 10}"})
            assert down.status_code == 503, down.text


def test_who_is_asked_before_a_release_is_replaced_may_say_no(excerpt_state: Path, state: Path, tmp_path: Path) -> None:
    with oxigraph(tmp_path) as (engine, graph_store):
        assert publish(excerpt_state, engine, graph_store).returncode == 0
        kept = run("publish", "--state", state, "--engine", engine, "--graph-store", graph_store)
        assert kept.returncode != 0
        with serving(excerpt_state, DISTRICTGRAPH_ENGINE=engine) as service:
            assert service.get("/sparql", params={"query": "ASK { ?s ?p ?o }"}).status_code == 200
