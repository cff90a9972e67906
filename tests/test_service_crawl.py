"""Linked data: every IRI of ours that stands in the graph answers, in HTML, Turtle and JSON-LD."""

import json
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote, urldefrag

import httpx
import pytest
from conftest import Service, copy_project, run, serving

pytestmark = pytest.mark.slow

BASE = "https://w3id.org/districtgraph/"
EVERY = f"""SELECT DISTINCT ?iri WHERE {{
    {{ GRAPH ?g {{ ?iri ?p ?o }} }} UNION {{ GRAPH ?g {{ ?s ?iri ?o }} }} UNION {{ GRAPH ?g {{ ?s ?p ?iri }} }}
    UNION {{ GRAPH ?iri {{ ?s ?p ?o }} }}
    FILTER(isIRI(?iri) && STRSTARTS(STR(?iri), "{BASE}")) }} ORDER BY ?iri"""
TYPES = ("text/html", "text/turtle", "application/ld+json")


def iris(service: Service) -> list[str]:
    rows = service.get("/sparql", params={"query": EVERY}, headers={"Accept": "text/csv"})
    return rows.text.splitlines()[1:]


@pytest.fixture(scope="module")
def excerpt(excerpt_state: Path) -> Iterator[Service]:
    with serving(excerpt_state) as running:
        yield running


def wrong(service: Service, documents: list[tuple[str, tuple[str, ...]]]) -> list[tuple[str, str, int]]:
    """The documents that do not answer as they should, each in these media types."""
    with httpx.Client(base_url=service.url, follow_redirects=True, timeout=60) as client:

        def look(asked: tuple[str, tuple[str, ...]]) -> list[tuple[str, str, int]]:
            iri, types = asked
            path = "/" + quote(iri.removeprefix(BASE), safe="/")
            found = []
            for type_ in types:
                answer = client.get(path, headers={"Accept": type_})
                if answer.status_code != 200 or answer.headers["content-type"].partition(";")[0] != type_:
                    found.append((iri, type_, answer.status_code))
            return found

        with ThreadPoolExecutor(4) as pool:
            return [one for found in pool.map(look, documents) for one in found]


@pytest.mark.slow
def test_every_iri_of_an_excerpt_answers_in_every_form(excerpt: Service) -> None:
    everything = iris(excerpt)
    areas = {iri.removeprefix(BASE).partition("/")[0].partition("#")[0] for iri in everything}
    assert {"id", "ontology", "graph", "release"} <= areas
    documents = sorted({urldefrag(iri).url for iri in everything})
    assert wrong(excerpt, [(iri, TYPES) for iri in documents[:: max(1, len(documents) // 500)]]) == []


@pytest.mark.slow
def test_every_iri_of_the_corpus_answers(service: Service) -> None:
    """Each in one form, the next in the next; of the facts, which are all alike, one in a hundred."""
    documents = sorted({urldefrag(iri).url for iri in iris(service)})
    assert len(documents) > 20_000
    facts = [iri for iri in documents if "/id/fact-" in iri]
    others = [iri for iri in documents if "/id/fact-" not in iri]
    asked = enumerate([*others, *facts[::100]])
    assert wrong(service, [(iri, (TYPES[number % len(TYPES)],)) for number, iri in asked]) == []


def test_every_term_of_the_ontology_is_on_its_page(excerpt: Service) -> None:
    page = excerpt.get("/ontology", headers={"Accept": "text/html"}).text
    anchors = set(re.findall(r'id="([^"]+)"', page))
    terms = {urldefrag(iri).fragment for iri in iris(excerpt) if iri.startswith(f"{BASE}ontology#")}
    assert terms - {""} <= anchors


CLASS = """
###  https://w3id.org/districtgraph/ontology#FabLab
dg:FabLab rdf:type owl:Class ;
    rdfs:subClassOf dg:CollectiveActor ;
    dcterms:source "hervas-oliver-2021, 4.1" ;
    rdfs:label "fab lab"@en ;
    skos:definition "A collective actor that runs a workshop with digital tools."@en .
"""
QUERY = """#+ summary: Which fab labs are there?
SELECT ?lab ?labLabel WHERE { ?lab a dg:FabLab ; rdfs:label ?labLabel } ORDER BY ?labLabel
"""


@pytest.mark.slow
def test_a_class_and_a_question_of_a_librarian_are_served_after_a_build(tmp_path: Path) -> None:
    copy_project(tmp_path)
    actors = tmp_path / "ontology/actors.ttl"
    actors.write_text(actors.read_text() + CLASS)
    (tmp_path / "queries/actors/fab-labs.rq").write_text(QUERY)
    file = next(tmp_path.glob("loaders/corpus/hervas-oliver-2021/actors-1.yaml"))
    text = file.read_text()
    assert "TechnologyTransferOrganisation" in text
    file.write_text(text.replace("TechnologyTransferOrganisation", "FabLab", 1))
    built = run("build", "--state", "state", cwd=tmp_path)
    assert built.returncode == 0, built.stderr
    with serving(tmp_path / "state") as service:
        (listed,) = [one for one in service.get("/api").json()["collections"] if one["name"] == "fab-labs"]
        assert (listed["label"], listed["total"]) == ("fab lab", 1)
        assert [one["label"] for one in service.get("/api/fab-labs").json()["items"]] == ["AIJU"]
        assert [one["id"] for one in service.get("/api/collective-actors?q=aiju").json()["items"]] == [f"{BASE}id/aiju"]
        assert [row["lab"]["label"] for row in service.get("/api/queries/fab-labs").json()["rows"]] == ["AIJU"]
        found = service.get("/api/search?q=fab%20lab").json()["results"]
        assert f"{BASE}ontology#FabLab" in [one["id"] for one in found]
        assert [one["label"] for one in service.get("/api/suggest?q=ai&type=FabLab").json()["results"]] == ["AIJU"]
        document = service.get("/api/openapi.json").json()
        assert {"/api/fab-labs", "/api/fab-labs/{id}", "/api/queries/fab-labs"} <= document["paths"].keys()
        assert json.dumps(document).count("list_fab_labs") == 1
