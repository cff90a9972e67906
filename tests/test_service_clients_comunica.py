"""Comunica, which asks from a browser or from Node, one service or several at once."""

import json
import subprocess
from collections.abc import Callable, Iterator

import npm
import pytest
from clients import CITY, EX, FIGURES_TURTLE, LABEL_VALUES, LABELS, NETWORK, NOTE, NOTES, PREFIXES, Writable, written
from rdflib import RDF, Graph, URIRef

JSON = "application/sparql-results+json"

pytestmark = pytest.mark.slow

Comunica = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def comunica(pytestconfig: pytest.Config) -> Comunica:
    """Comunica as tests/comunica/package-lock.json has it."""
    packages = npm.installed(pytestconfig, "comunica")

    def ask(*arguments: str) -> subprocess.CompletedProcess[str]:
        program = packages / "@comunica/query-sparql/bin/query.js"
        command = ["node", str(program), *arguments]
        return subprocess.run(command, capture_output=True, text=True, timeout=120)

    return ask


@pytest.fixture(scope="module")
def writable(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Writable]:
    with written(tmp_path_factory.mktemp("comunica")) as running:
        yield running


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Writable]:
    """A second service, which alone knows how many people live where."""
    with written(tmp_path_factory.mktemp("other")) as running:
        running.put(f"{EX}graph/people", FIGURES_TURTLE.replace("ex:firms 400", "ex:people 26000"))
        yield running


def rows(done: subprocess.CompletedProcess[str]) -> list[dict[str, str]]:
    assert done.returncode == 0, done.stderr
    bindings = json.loads(done.stdout)["results"]["bindings"]
    return [{name: term["value"] for name, term in row.items()} for row in bindings]


def test_a_select_gives_every_value(comunica: Comunica, writable: Writable) -> None:
    found = rows(comunica(f"sparql@{writable.sparql}", LABELS, "-t", JSON))
    assert [row["label"] for row in found] == LABEL_VALUES
    notes = {row["place"]: row.get("note") for row in rows(comunica(f"sparql@{writable.sparql}", NOTES, "-t", JSON))}
    assert notes == {f"{EX}castellon": NOTE, f"{EX}toy-valley": None, f"{EX}shenzhen": None}


def test_a_construct_gives_the_graph(comunica: Comunica, writable: Writable) -> None:
    done = comunica(f"sparql@{writable.sparql}", NETWORK, "-t", "text/turtle")
    assert done.returncode == 0, done.stderr
    graph = Graph().parse(data=done.stdout, format="turtle")
    assert len(graph) == 7
    assert (URIRef(f"{EX}castellon"), RDF.type, URIRef(f"{EX}District")) in graph


def test_ask_and_describe(comunica: Comunica, writable: Writable) -> None:
    source = f"sparql@{writable.sparql}"
    done = comunica(source, f"ASK {{ <{EX}castellon> a <{EX}District> }}", "-t", JSON)
    assert json.loads(done.stdout)["boolean"] is True, done.stderr
    described = comunica(source, f"DESCRIBE <{EX}shenzhen>", "-t", "application/n-triples")
    assert CITY in {str(value) for value in Graph().parse(data=described.stdout, format="nt").objects()}


def test_two_services_are_asked_as_one(comunica: Comunica, writable: Writable, other: Writable) -> None:
    query = f"{PREFIXES}SELECT DISTINCT ?firms ?people {{ ?place ex:firms ?firms ; ex:people ?people }}"
    assert rows(comunica(f"sparql@{writable.sparql}", query, "-t", JSON)) == []
    found = rows(comunica(f"sparql@{writable.sparql}", f"sparql@{other.sparql}", query, "-t", JSON))
    assert found == [{"firms": "400", "people": "26000"}]


def test_a_service_clause_is_refused_where_it_is_handed_on(
    comunica: Comunica, writable: Writable, other: Writable
) -> None:
    """Of a single source Comunica asks the whole query; given both as sources it needs no SERVICE."""
    query = f"{PREFIXES}SELECT * {{ ?place ex:firms ?n SERVICE <{other.sparql}> {{ ?place ex:people ?people }} }}"
    done = comunica(f"sparql@{writable.sparql}", query, "-t", JSON)
    assert "SERVICE" in done.stderr
    assert "HTTP status 403" in done.stderr


def test_the_service_description_leads_to_the_endpoint(comunica: Comunica, writable: Writable) -> None:
    """Without `sparql@` Comunica reads the service description and asks where that says the endpoint is."""
    assert [row["label"] for row in rows(comunica(writable.sparql, LABELS, "-t", JSON))] == LABEL_VALUES
