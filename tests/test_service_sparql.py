"""SPARQL over HTTP, as researchers' clients speak it, and as those do who mean harm or do not know better."""

import asyncio
import concurrent.futures
import csv
import io
import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import httpx
import pyoxigraph as ox
import pytest
import SPARQLWrapper
from conftest import COMMAND, Service, serving
from rdflib.plugins.stores.sparqlstore import SPARQLStore

from service.engine.processes import Template, result_of, settled
from service.engine.worker import Limits
from service.errors import ServiceError
from service.store.dataset import Sources
from service.store.evaluation import Query

SELECT = """PREFIX dg: <https://w3id.org/districtgraph/ontology#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?label WHERE { ?x a dg:IndustrialDistrict ; rdfs:label ?label } ORDER BY ?label"""
CONSTRUCT = """PREFIX dg: <https://w3id.org/districtgraph/ontology#>
CONSTRUCT { ?x a dg:IndustrialDistrict } WHERE { ?x a dg:IndustrialDistrict }"""
FLAGSHIP = """PREFIX dg: <https://w3id.org/districtgraph/ontology#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT DISTINCT ?broker ?technology ?district ?host ?policy ?source ?section WHERE {
  ?brokerage a dg:Brokerage ; dg:broker/rdfs:label ?broker ; dg:technology ?brokered ;
     dg:place/rdfs:label ?district ; dg:host/rdfs:label ?host ; dg:policy/rdfs:label ?policy .
  ?brokered rdfs:label ?technology .
  ?fact dg:factSubject ?brokerage ; dg:factProperty dg:technology ; dg:factObject ?brokered ;
     dg:source/rdfs:label ?source ; dg:evidence/dg:section ?section }"""
LAB = ("Toy Valley", "Vicedo Martí", "Industry 4.0 living lab of the Toy Valley", "Hervas-Oliver (2021)", "4.1")
PLATFORM = ("Castellon ceramic tile district", "Colorker", "CEBRA+", "Hervas-Oliver et al. (2019)", "3.3")
TECHNOLOGIES = ("augmented reality", "3D printing", "IoT sensors", "data analytics", "drones", "artificial vision")
FLAGSHIP_ROWS = {("AIJU", technology, *LAB) for technology in TECHNOLOGIES} | {
    (broker, "digital manufacturing platform", *PLATFORM) for broker in ("ITC", "ASCER")
}
COLUMNS = ("broker", "technology", "district", "host", "policy", "source", "section")


def labels_of(media_type: str, content: str) -> list[str]:
    match media_type:
        case "application/sparql-results+json":
            return [row["label"]["value"] for row in json.loads(content)["results"]["bindings"]]
        case "application/sparql-results+xml":
            ns = "{http://www.w3.org/2005/sparql-results#}"
            return [node.text or "" for node in ElementTree.fromstring(content).iter(f"{ns}literal")]
        case "text/csv":
            return [row["label"] for row in csv.DictReader(io.StringIO(content))]
        case _:
            return [line.partition('"')[2].partition('"')[0] for line in content.splitlines()[1:]]


@pytest.mark.parametrize(
    ("accept", "sent"),
    [
        (None, "application/sparql-results+json"),
        ("*/*", "application/sparql-results+json"),
        ("application/json", "application/sparql-results+json"),
        ("application/sparql-results+xml", "application/sparql-results+xml"),
        ("text/xml", "application/sparql-results+xml"),
        ("text/csv", "text/csv"),
        ("text/tab-separated-values", "text/tab-separated-values"),
        ("text/csv;q=0.5, application/sparql-results+xml;q=0.9", "application/sparql-results+xml"),
        ("text/csv, application/sparql-results+json;q=0", "text/csv"),
        ("text/csv; charset=utf-8", "text/csv"),
        ("text/*;q=0.3, text/csv;q=0.8, text/tab-separated-values;q=0.9", "text/tab-separated-values"),
    ],
)
def test_solutions_in_every_format(accept: str | None, sent: str, service: Service) -> None:
    headers = {} if accept is None else {"Accept": accept}
    with httpx.Client(headers={"Accept": ""}) as client:
        if accept is None:
            del client.headers["Accept"]
        answer = client.get(f"{service.url}/sparql", params={"query": SELECT}, headers=headers)
    assert (answer.status_code, answer.headers["content-type"].partition(";")[0]) == (200, sent)
    labels = labels_of(sent, answer.text)
    assert {"Toy Valley", "Castellon ceramic tile district"} <= set(labels)
    assert labels == sorted(labels)
    if sent == "text/csv":
        assert b"\r\n" in answer.content


@pytest.mark.parametrize(
    ("accept", "sent"),
    [
        ("*/*", "text/turtle"),
        ("application/n-triples", "application/n-triples"),
        ("application/ld+json", "application/ld+json"),
        ("application/rdf+xml", "application/rdf+xml"),
    ],
)
def test_graphs_in_every_format(accept: str, sent: str, service: Service) -> None:
    answer = service.get("/sparql", params={"query": CONSTRUCT}, headers={"Accept": accept})
    assert answer.headers["content-type"].partition(";")[0] == sent
    format_ = ox.RdfFormat.from_media_type(sent)
    triples = {quad.triple for quad in ox.parse(answer.content, format=format_)}
    assert ox.NamedNode("https://w3id.org/districtgraph/id/toy-valley") in {triple.subject for triple in triples}


def test_get_and_both_posts_answer_alike(service: Service) -> None:
    url, headers = f"{service.url}/sparql", {"Accept": "text/csv"}
    got = httpx.get(url, params={"query": SELECT}, headers=headers)
    form = httpx.post(url, data={"query": SELECT}, headers=headers)
    direct = {**headers, "Content-Type": "application/sparql-query; charset=UTF-8"}
    assert got.text == form.text == httpx.post(url, content=SELECT, headers=direct).text
    assert "Toy Valley" in got.text


def test_ask_in_json_and_xml(service: Service) -> None:
    for accept, expected in (("application/json", '"boolean":true'), ("text/xml", "<boolean>true</boolean>")):
        assert expected in service.get("/sparql", params={"query": "ASK {}"}, headers={"Accept": accept}).text


GRAPH = "https://w3id.org/districtgraph/graph/"
COUNT = "SELECT (COUNT(*) AS ?n) {} WHERE {{ ?s ?p ?o }}"
COUNT_NAMED = "SELECT (COUNT(*) AS ?n) {} WHERE {{ GRAPH ?g {{ ?s ?p ?o }} }}"


def count(service: Service, query: str, **parameters: str) -> int:
    answer = service.get("/sparql", params={"query": query, **parameters}, headers={"Accept": "text/csv"})
    assert answer.status_code == 200, answer.text
    return int(answer.text.split()[1])


def test_the_dataset_of_a_query_and_of_a_request(service: Service) -> None:
    """SPARQL 1.1 Protocol, 2.1.4: the request's dataset comes before FROM; without either all graphs are one."""
    places, nowhere = f"<{GRAPH}places>", "<http://example.org/nowhere>"
    everything, of_places = count(service, COUNT.format("")), count(service, COUNT_NAMED.format(f"FROM NAMED {places}"))
    assert everything > 20_000 > of_places > 100
    assert count(service, COUNT.format(f"FROM {places}")) == of_places
    assert count(service, COUNT.format(f"FROM {nowhere}")) == 0
    assert count(service, COUNT.format(f"FROM NAMED {places}")) == 0
    asked = {"default-graph-uri": f"{GRAPH}places"}
    assert count(service, COUNT.format(""), **asked) == of_places
    assert count(service, COUNT.format(f"FROM {nowhere}"), **asked) == of_places
    assert count(service, COUNT_NAMED.format(""), **asked) == 0
    asked = {"named-graph-uri": f"{GRAPH}places"}
    assert count(service, COUNT.format(""), **asked) == 0
    assert count(service, COUNT_NAMED.format(""), **asked) == of_places


def test_an_answer_names_its_release_and_is_not_sent_twice(service: Service) -> None:
    first = service.get("/sparql", params={"query": SELECT})
    assert first.headers["DistrictGraph-Release"] == (service.state / "current").readlink().name
    again = service.get("/sparql", params={"query": SELECT}, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    other = {"If-None-Match": first.headers["ETag"], "Accept": "text/csv"}
    assert service.get("/sparql", params={"query": SELECT}, headers=other).status_code == 200


def test_a_page_of_another_origin_may_ask(service: Service) -> None:
    answer = service.get("/sparql", params={"query": "ASK {}"}, headers={"Origin": "https://example.org"})
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "DistrictGraph-Release" in answer.headers["access-control-expose-headers"]
    assert "access-control-allow-credentials" not in answer.headers


@pytest.mark.parametrize(
    ("request_", "status", "detail"),
    [
        ({"params": {"format": "json"}}, 400, "exactly one 'query'"),
        ({"params": [("query", "ASK {}"), ("query", "ASK {}")]}, 400, "exactly one 'query'"),
        ({"params": {"query": ""}}, 400, "no SELECT, ASK, CONSTRUCT or DESCRIBE"),
        ({"params": {"query": "SELECT * {\n ?s ?p"}}, 400, "line 2, column 7: not SPARQL: ?s ?p"),
        ({"params": {"query": "SELECT * { ?s a foo:Bar }"}}, 400, "a prefix is used that is not declared"),
        ({"params": {"query": "INSERT DATA { <a:a> <a:b> <a:c> }"}}, 400, "no SELECT"),
        ({"params": {"query": "SELECT * { SERVICE <http://127.0.0.1:1/> {} }"}}, 403, "SERVICE is not offered"),
        ({"params": {"query": "SELECT * { SERV\\u0049CE <http://127.0.0.1:1/> {} }"}}, 400, "not SPARQL"),
        ({"params": {"query": "ASK " + "{" * 5000 + "}" * 5000}}, 400, "nested deeper than 100"),
        ({"params": {"query": "ASK {}", "default-graph-uri": "a b"}}, 400, "wants an absolute IRI"),
        ({"params": {"query": "ASK {}"}, "headers": {"Accept": "image/png"}}, 406, "not as image/png"),
        ({"content": "ASK {}", "headers": {"Content-Type": "text/plain"}}, 415, "application/sparql-query"),
        ({"content": "ASK {}"}, 415, "application/sparql-query"),
        ({"content": b"\xff", "headers": {"Content-Type": "application/sparql-query"}}, 400, "not UTF-8"),
        ({"content": "query=%FF", "headers": {"Content-Type": "application/x-www-form-urlencoded"}}, 400, "UTF-8"),
        ({"content": " " * 1_000_001, "headers": {"Content-Type": "application/sparql-query"}}, 413, "1000000 bytes"),
    ],
)  # fmt: skip
def test_a_bad_request_is_explained(request_: dict[str, object], status: int, detail: str, service: Service) -> None:
    method = "POST" if "content" in request_ else "GET"
    answer = httpx.request(method, f"{service.url}/sparql", **request_)  # type: ignore[arg-type]
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    problem = answer.json()
    assert problem["status"] == status
    assert detail in problem["detail"]


def test_a_method_that_is_not_there_names_those_that_are(service: Service) -> None:
    answer = httpx.delete(f"{service.url}/sparql")
    assert (answer.status_code, set(answer.headers["allow"].split(", "))) == (405, {"GET", "HEAD", "OPTIONS", "POST"})


def test_keywords_in_strings_iris_and_comments_mean_nothing(service: Service) -> None:
    query = "# SERVICE {{{\nSELECT ?x { VALUES ?x { \"SERVICE {\" '''a\"{''' <http://example.org/SERVICE> } }"
    answer = service.get("/sparql", params={"query": query}, headers={"Accept": "text/csv"})
    assert answer.status_code == 200
    assert "SERVICE {" in answer.text


def test_sparqlwrapper_answers_the_flagship_question(service: Service) -> None:
    client = SPARQLWrapper.SPARQLWrapper(f"{service.url}/sparql")
    client.setQuery(FLAGSHIP)
    client.setReturnFormat(SPARQLWrapper.JSON)
    for method in (SPARQLWrapper.GET, SPARQLWrapper.POST):
        client.setMethod(method)
        bindings = client.queryAndConvert()["results"]["bindings"]
        assert {tuple(row[column]["value"] for column in COLUMNS) for row in bindings} >= FLAGSHIP_ROWS


def test_rdflibs_sparqlstore_answers_the_flagship_question(service: Service) -> None:
    store = SPARQLStore(f"{service.url}/sparql")
    assert {tuple(map(str, row)) for row in store.query(FLAGSHIP)} >= FLAGSHIP_ROWS


@pytest.fixture(scope="module")
def small_service(state: Path) -> Iterator[Service]:
    """A service whose queries have three seconds, little memory and little to say."""
    with serving(
        state,
        DISTRICTGRAPH_QUERY_SECONDS="3",
        DISTRICTGRAPH_QUERY_MEGABYTES="400",
        DISTRICTGRAPH_RESULT_MEGABYTES="1",
    ) as running:
        yield running


def test_a_triple_of_two_graphs_counts_once(service: Service) -> None:
    counts = "SELECT (COUNT(*) AS ?all) (COUNT(DISTINCT ?skill) AS ?different) { ?skill a dg:Skill }"
    everything = "SELECT (COUNT(*) AS ?all) { ?s ?p ?o }"
    merged = "SELECT (COUNT(*) AS ?different) { SELECT DISTINCT ?s ?p ?o { GRAPH ?g { ?s ?p ?o } } }"
    prefix = "PREFIX dg: <https://w3id.org/districtgraph/ontology#> "
    sent = {"headers": {"Accept": "text/csv"}}
    skills = service.get("/sparql", params={"query": prefix + counts}, **sent).text.split()[1].split(",")
    assert skills[0] == skills[1] != "0"
    numbers = [service.get("/sparql", params={"query": q}, **sent).text.split()[1] for q in (everything, merged)]
    assert numbers[0] == numbers[1]


VALUES = " ".join(map(str, range(200)))
CROSS = f"SELECT (COUNT(*) AS ?n) {{ {' '.join(f'VALUES ?{name} {{ {VALUES} }}' for name in 'abcde')} }}"


@pytest.mark.parametrize(
    ("query", "type_"),
    [
        pytest.param(CROSS, "query-timeout", marks=pytest.mark.slow),
        ("SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?a ?d", "query-aborted"),
        ("SELECT * { ?a ?b ?c }", "result-too-large"),
    ],
)
def test_a_query_that_takes_too_much_is_ended(query: str, type_: str, small_service: Service) -> None:
    answer = small_service.get("/sparql", params={"query": query})
    assert answer.status_code == 503
    assert answer.json()["type"] == f"https://w3id.org/districtgraph/problem/{type_}"
    assert small_service.get("/sparql", params={"query": "ASK {}"}).status_code == 200


@pytest.mark.slow
def test_others_are_answered_while_a_query_runs_away(state: Path) -> None:
    with serving(state, DISTRICTGRAPH_QUERY_SECONDS="15") as service, concurrent.futures.ThreadPoolExecutor() as pool:
        slow = pool.submit(service.get, "/sparql", params={"query": CROSS})
        time.sleep(0.2)
        quick = [service.get("/sparql", params={"query": "ASK {}"}).status_code for _ in range(10)]
        assert quick == [200] * 10
        assert not slow.done()
        assert slow.result().status_code == 503


@pytest.mark.slow
def test_a_worker_that_died_while_idle_costs_nobody_an_answer(state: Path) -> None:
    with serving(state) as service:
        assert service.get("/sparql?query=ASK%7B%7D").status_code == 200
        os.kill(service.workers()[-1], signal.SIGKILL)
        time.sleep(0.2)
        answers = [service.get("/sparql", params={"query": "ASK {}"}).status_code for _ in range(3)]
        assert answers == [200] * 3


@pytest.mark.slow
def test_a_query_ends_with_its_client(state: Path) -> None:
    with serving(state, DISTRICTGRAPH_QUERY_SECONDS="60", DISTRICTGRAPH_WORKERS="1") as service:
        for _ in range(2):
            with pytest.raises(httpx.ReadTimeout):
                httpx.get(f"{service.url}/sparql", params={"query": CROSS}, timeout=1)
        started = time.monotonic()
        assert service.get("/sparql", params={"query": "ASK {}"}).status_code == 200
        assert time.monotonic() - started < 10


BYPASSES = (
    "ASK {{ ?s ?p ex:.SERVICE <{url}> {{}} }}",
    "ASK {{ FILTER(1<2)SERVICE#>\n<{url}> {{}} }}",
    "ASK {{ FILTER(1<2)SERVICE#(>\n<{url}> {{}} }}",
    "ASK {{ ?s ex:a\\' ?o SERVICE <{url}> {{}} }}",
    "ASK {{ ?s ex:a\\# ?o SERVICE <{url}> {{}} }}",
    'ASK {{ ?s ?p "\\u005C" SERVICE <{url}> {{}} }}',
    "ASK {{ # \\u000A '''\n SERVICE <{url}> {{}} }}",
    "ASK {{ <http://x/()#> ?p ?o . SERVICE <{url}> {{}} }}",
    "ASK FROM <{url}> {{ ?s ?p ?o }}",
)


@pytest.mark.parametrize("query", BYPASSES)
def test_no_query_makes_the_server_dial_out(query: str, service: Service) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.5)
        url = f"http://127.0.0.1:{listening.getsockname()[1]}/"
        answer = service.get("/sparql", params={"query": "PREFIX ex: <http://x/> " + query.format(url=url)})
        with pytest.raises(TimeoutError):
            listening.accept()
    assert ("FROM" in query) == (answer.status_code == 200), answer.text


def test_a_worker_cannot_dial_out_even_past_the_lexer(state: Path) -> None:
    async def asking(query: Query) -> None:
        template = await Template.start()
        await template.load(Sources((state / "current").resolve(), state / "journal", memory_bytes=0, union=True))
        worker = await template.fork(Limits(seconds=5, memory_bytes=500_000_000, result_bytes=1_000_000))
        try:
            result_of(await settled(worker.start(query)))
        finally:
            worker.end()
            template.end()

    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.5)
        url = f"http://127.0.0.1:{listening.getsockname()[1]}/"
        with pytest.raises(ServiceError):
            asyncio.run(asking(Query(f"ASK {{ SERVICE <{url}> {{}} }}", "application/sparql-results+json")))
        with pytest.raises(TimeoutError):
            listening.accept()


@pytest.mark.parametrize("hostile", ["1" * 900_000, '\\"' * 400_000, "<" * 900_000, "<()" * 200_000])
def test_a_megabyte_of_nonsense_holds_nobody_up(hostile: str, service: Service) -> None:
    headers = {"Content-Type": "application/sparql-query"}
    started = time.monotonic()
    answer = httpx.post(f"{service.url}/sparql", content=f"ASK {{}} {hostile}", headers=headers, timeout=60)
    assert answer.status_code in (400, 503)
    assert time.monotonic() - started < 30


@pytest.mark.parametrize("signal_", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.slow
def test_a_signal_stops_the_service_and_its_workers(signal_: signal.Signals, state: Path) -> None:
    with serving(state) as service:
        assert service.get("/sparql?query=ASK%7B%7D").status_code == 200
        before = service.workers()
        assert before
        service.process.send_signal(signal_)
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline and any(Path(f"/proc/{pid}").exists() for pid in before):
            time.sleep(0.1)
        assert not any(Path(f"/proc/{pid}").exists() for pid in before)


def test_a_port_that_is_taken_is_explained(service: Service) -> None:
    port = service.url.rpartition(":")[2]
    second = subprocess.run(
        [*COMMAND, "serve", "--state", str(service.state), "--port", port], capture_output=True, text=True, timeout=60
    )
    assert second.returncode == 2
    assert f"cannot serve on 127.0.0.1 port {port}" in second.stderr
