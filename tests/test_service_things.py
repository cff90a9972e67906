"""Collections and things over REST: what they say is what the graph says, every page once, and near names for slips."""

import base64
import csv
import json
import re
import socket
import unicodedata
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote, unquote

import httpx
import pyoxigraph as ox
import pytest
import rdflib
from clients import written
from conftest import Service, serving
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

DG = "https://w3id.org/districtgraph/ontology#"
DGI = "https://w3id.org/districtgraph/id/"
INFERRED = "https://w3id.org/districtgraph/graph/inferred"
PREFIXES = f"""PREFIX dg: <{DG}> PREFIX dgi: <{DGI}> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX owl: <http://www.w3.org/2002/07/owl#> PREFIX skos: <http://www.w3.org/2004/02/skos/core#> """
KINDS = ("aiju", "castellon", "augmented-reality", "brokerage-aiju-toy-valley", "hervas-oliver-2021", "spain",
         "stat-castellon-tile-firms-2018", "claim-toy-valley-technologies-integrated", "york-2016")  # fmt: skip


def solutions(service: Service, query: str) -> list[dict[str, str]]:
    answer = service.get("/sparql", params={"query": PREFIXES + query}, headers={"Accept": "application/json"})
    assert answer.status_code == 200, answer.text
    rows = answer.json()["results"]["bindings"]
    return [{name: term["value"] for name, term in row.items()} for row in rows]


def turtle(service: Service, query: str) -> set[ox.Triple]:
    headers = {"Accept": "application/n-triples"}
    answer = service.get("/sparql", params={"query": PREFIXES + query}, headers=headers)
    return {quad.triple for quad in ox.parse(answer.content, format=ox.RdfFormat.N_TRIPLES)}


def items(service: Service, path: str) -> list[dict[str, object]]:
    answer = service.get(path)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


def labels(service: Service, path: str) -> list[str]:
    return [str(item["label"]) for item in items(service, path)]


def collated(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text.lower())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


@pytest.fixture(scope="module")
def context(service: Service) -> dict[str, object]:
    return dict(service.get("/api/context.jsonld").json()["@context"])


def as_triples(document: dict[str, object], context: dict[str, object]) -> set[ox.Triple]:
    content = json.dumps(document | {"@context": context})
    return {quad.triple for quad in ox.parse(content, format=ox.RdfFormat.JSON_LD)}


def by_value(triples: set[ox.Triple]) -> set[tuple[str, str, object]]:
    """Numbers by what they are worth: JSON has one kind."""

    def worth(term: object) -> object:
        if isinstance(term, ox.Literal) and term.datatype.value.rpartition("#")[2] in ("decimal", "double", "integer"):
            return Decimal(str(float(term.value)))
        return str(term)

    return {(str(triple.subject), str(triple.predicate), worth(triple.object)) for triple in triples}


@pytest.mark.parametrize("name", KINDS)
def test_a_thing_as_json_says_what_the_graph_says(name: str, service: Service, context: dict[str, object]) -> None:
    document = service.get(f"/api/things/{name}").json()
    assert document["@context"] == "/api/context.jsonld"
    said = by_value(as_triples(document, context))
    pattern = f"dgi:{name} ?p ?o FILTER(?p != dg:evidence && ?o != owl:NamedIndividual && !isBLANK(?o))"
    outgoing = by_value(turtle(service, f"CONSTRUCT {{ dgi:{name} ?p ?o }} WHERE {{ {pattern} }}"))
    incoming = by_value(turtle(service, f"CONSTRUCT {{ ?s ?p dgi:{name} }} WHERE {{ ?s ?p dgi:{name} }}"))
    about = {triple for triple in said if triple[0] == f"<{DGI}{name}>"}
    assert about == outgoing
    assert said - about <= incoming


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph")
@pytest.mark.parametrize("name", KINDS)
def test_rdflib_reads_the_same_from_the_json(name: str, service: Service, context: dict[str, object]) -> None:
    document = service.get(f"/api/things/{name}").json()
    graph = rdflib.Graph()
    graph.parse(data=json.dumps(document | {"@context": context}), format="json-ld")
    iris = {tuple(map(str, t)) for t in graph if all(isinstance(term, rdflib.URIRef) for term in t)}
    ours = {
        (t.subject.value, t.predicate.value, t.object.value)  # type: ignore[union-attr]
        for t in as_triples(document, context)
        if isinstance(t.object, ox.NamedNode)
    }
    assert iris == ours


@pytest.mark.parametrize("name", KINDS)
def test_what_is_inferred_stands_apart(name: str, service: Service, context: dict[str, object]) -> None:
    document = service.get(f"/api/things/{name}").json()
    inferred = document.pop("inferred", {})
    document.pop("inverse", None)
    graph = f"GRAPH <{INFERRED}> {{ dgi:{name} ?p ?o }}"
    follows = turtle(service, f"CONSTRUCT {{ dgi:{name} ?p ?o }} WHERE {{ {graph} }}")
    assert by_value(as_triples({"id": DGI + name} | inferred, context)) == by_value(follows)
    assert not by_value(as_triples(document, context)) & by_value(follows)


@pytest.mark.parametrize("accept", ["text/turtle", "application/n-triples", "application/rdf+xml"])
def test_a_thing_as_rdf_says_what_the_json_says(accept: str, service: Service, context: dict[str, object]) -> None:
    document = service.get("/api/collective-actors/aiju").json()
    answer = service.get("/api/collective-actors/aiju", headers={"Accept": accept})
    assert answer.headers["content-type"].partition(";")[0] == accept
    graph = rdflib.Graph().parse(data=answer.content, format=accept)
    assert len(graph) == len(as_triples(document, context))


def test_a_browser_gets_a_page_with_the_json_in_it(service: Service) -> None:
    answer = service.get("/id/vicedo-marti", headers={"Accept": "text/html,*/*;q=0.8"}, follow_redirects=True)
    assert [(one.status_code, one.headers["location"]) for one in answer.history] == [(303, "/page/vicedo-marti")]
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "script-src 'self';" in answer.headers["content-security-policy"]
    (embedded,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', answer.text, re.DOTALL)
    assert json.loads(embedded) == service.get("/api/things/vicedo-marti").json()
    assert "<h1>Vicedo Martí</h1>" in answer.text


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("industrial-districts?located_in=valencia-region&technology=augmented-reality", ["Toy Valley"]),
        ("industrial-districts?technology=extended-reality", ["Toy Valley"]),
        ("industrial-districts?technology=Realidad%20aumentada", ["Toy Valley"]),
        ("industrial-districts?technology=dgi:augmented-reality", ["Toy Valley"]),
        (f"industrial-districts?technology={quote(DGI, safe='')}augmented-reality", ["Toy Valley"]),
        ("industrial-districts?q=CERAMIC", ["Castellon ceramic tile district"]),
        ("industrial-districts?altLabel=castellon%20mid", ["Castellon ceramic tile district"]),
        ("statistics?about=castellon&value=119..121&type=Statistic", ["Tile firms of Castellon in 2018: around 120"]),
        ("publications?doi=10.1080/00343404.2021.1939861", ["Hervas-Oliver (2021)"]),
    ],
)
def test_a_filter_finds_what_it_says(path: str, expected: list[str], service: Service) -> None:
    assert labels(service, f"/api/{path}") == expected


FILTERS = {
    "brokerages?technology=drones": "?x a dg:Brokerage ; dg:technology/skos:broaderTransitive? dgi:drones",
    "brokerages?place=spain": "?x a dg:Brokerage ; dg:place/dg:locatedIn? dgi:spain",
    "claims?claimant.year=2019&modality=certain": "?x a dg:Claim ; dg:claimant/dg:year 2019 ; dg:modality dgi:certain",
    "claims?about=aiju&about=toy-valley-living-lab": "?x a dg:Claim ; dg:about dgi:aiju, dgi:toy-valley-living-lab",
    "claims?about=aiju,itc": "?x a dg:Claim ; dg:about ?a VALUES ?a { dgi:aiju dgi:itc }",
    "claims?year=2021": "?x a dg:Claim ; dg:source/dg:year 2021",
    "technologies?modality=hedged": "?x a dg:Technology . ?c dg:about ?x ; dg:modality dgi:hedged",
    "agglomerations?source=gotz-2019": "?x a dg:Agglomeration ; dg:source dgi:gotz-2019",
    "actors?type=Firm,university": "?x a dg:Actor, ?t VALUES ?t { dg:Firm dg:University }",
    "actors?anonymous=true": "?x a dg:Actor ; dg:anonymous true",
    "publications?year=..2000": "?x a dg:Publication ; dg:year ?y FILTER(?y <= 2000)",
    "things?hostedBy=vicedo-marti": "?x dg:hostedBy dgi:vicedo-marti",
}


@pytest.mark.parametrize("path", FILTERS)
def test_a_filter_finds_what_sparql_finds(path: str, service: Service) -> None:
    path_ = path.replace("university", "universities")
    expected = {row["x"] for row in solutions(service, f"SELECT DISTINCT ?x {{ {FILTERS[path]} }}")}
    found = service.get(f"/api/{path_}&limit=1000&fields=label").json()
    assert {item["id"] for item in found["items"]} == expected
    assert found["total"] == len(expected) > 0


@pytest.mark.parametrize("sort", ["label", "-label", "id", "-id", "year", "-year"])
def test_the_pages_of_a_list_hold_everything_once_and_in_order(sort: str, service: Service) -> None:
    found: list[dict[str, object]] = []
    path: str | None = f"/api/publications?limit=37&sort={sort}&fields=label,year"
    while path:
        answer = service.get(path)
        document = answer.json()
        found += document["items"]
        path = document["next"]
        following = re.search(r'<([^>]*)>; rel="next"', answer.headers["link"])
        assert (following[1] if following else None) == path
        assert int(answer.headers["x-total-count"]) == document["total"]
    ids = [item["id"] for item in found]
    expected = {row["x"] for row in solutions(service, "SELECT ?x { ?x a dg:Publication }")}
    assert len(ids) == len(set(ids)) and set(ids) == expected
    key = sort.removeprefix("-")
    values = [collated(str(item[key])) if key != "year" else item.get(key, [None])[0] for item in found]  # type: ignore[index]
    given_ = [value for value in values if value is not None]
    assert given_ == sorted(given_, reverse=sort.startswith("-"))
    assert values[: len(given_)] == given_, "what has no value comes last"


def test_facets_count_what_sparql_counts(service: Service) -> None:
    facets = service.get("/api/publications?facets=year,type,cites&limit=1&q=e").json()["facets"]
    named = 'FILTER EXISTS { ?x rdfs:label|skos:altLabel|skos:prefLabel ?l FILTER(CONTAINS(LCASE(STR(?l)), "e")) }'
    rows = solutions(service, f"SELECT DISTINCT ?x ?y {{ ?x a dg:Publication ; dg:year ?y {named} }}")
    years = facets["year"]["values"]
    assert {one["value"]: one["count"] for one in years} == Counter(int(row["y"]) for row in rows)
    assert [one["count"] for one in years] == sorted((one["count"] for one in years), reverse=True)
    assert {"id", "label", "count"} <= facets["type"]["values"][0].keys()
    assert all(one["href"].startswith("/api/things/") for one in facets["cites"]["values"])


def test_a_facet_tells_how_many_values_there_are(service: Service) -> None:
    (about,) = service.get("/api/claims?facets=about&limit=1").json()["facets"].values()
    (row,) = solutions(service, "SELECT (COUNT(DISTINCT ?o) AS ?n) { ?c a dg:Claim ; dg:about ?o }")
    assert (about["total"], len(about["values"])) == (int(row["n"]), 50)


def test_a_facet_has_the_name_that_it_was_asked_for_by(service: Service) -> None:
    facets = service.get("/api/publications?facets=located_in,keyword,anonymous").status_code
    assert facets == 400, "publications have no place"
    facets = service.get("/api/organisations?facets=located_in,anonymous,year&limit=1").json()["facets"]
    assert list(facets) == ["located_in", "anonymous", "year"]
    values = {json.dumps(one["value"]) for one in facets["anonymous"]["values"]}
    assert values and values <= {"true", "false"}


def test_texts_that_a_filter_does_not_tell_apart_are_counted_together(service: Service) -> None:
    for one in service.get("/api/publications?facets=keyword&limit=1").json()["facets"]["keyword"]["values"]:
        found = service.get("/api/publications", params={"keyword": one["value"], "limit": 1}).json()
        assert found["total"] == one["count"], one


def test_a_list_as_csv_has_a_row_for_each_thing_and_the_same_columns_on_each_page(service: Service) -> None:
    first = service.get("/api/publications?limit=100", headers={"Accept": "text/csv"})
    rows = list(csv.DictReader(first.text.splitlines()))
    following = re.search(r'<([^>]*)>; rel="next"', first.headers["link"])
    assert following
    second = service.get(following[1], headers={"Accept": "text/csv"})
    assert first.text.splitlines()[0] == second.text.splitlines()[0]
    rows += csv.DictReader(second.text.splitlines())
    assert len(rows) == int(first.headers["x-total-count"])
    (york,) = [row for row in rows if row["id"] == f"{DGI}york-2016"]
    assert (york["year"], york["doi"], york["type"]) == ("2016", "10.5465/amj.2013.0657", "Article")


def test_evidence_and_claims_come_where_they_are_wanted(service: Service) -> None:
    plain = service.get("/api/things/toy-valley-living-lab").json()
    assert "factSubject" not in plain["inverse"]
    assert "evidence" not in plain
    full = service.get("/api/things/toy-valley-living-lab?include=evidence,claims").json()
    (host,) = [fact for fact in full["inverse"]["factSubject"] if fact["factProperty"][0]["id"] == f"{DG}hostedBy"]
    assert [one["id"] for one in host["factObject"]] == [f"{DGI}vicedo-marti"]
    (passage,) = host["evidence"]
    assert (passage["section"], passage["start"], passage["end"]) == (["4.2"], [35694], [35950])
    assert passage["source"][0]["label"] == "Hervas-Oliver (2021)"
    claims = [one for one in full["inverse"]["about"] if "Claim" in one.get("type", ())]
    assert len(claims) > 10
    assert all(claim["summary"] and claim["evidence"][0]["section"] for claim in claims)


def test_what_leads_to_a_thing_by_many_ways_is_cut_and_says_so(service: Service) -> None:
    document = service.get("/api/things/industry-4-0").json()
    cut = document["more"]["about"]
    assert len(document["inverse"]["about"]) == 50 < cut["total"]
    assert service.get(cut["href"]).json()["total"] == cut["total"]


@pytest.mark.parametrize(
    ("path", "status", "detail"),
    [
        ("industrial-district", 404, "did you mean 'industrial-districts'"),
        ("things/aijuu", 404, "did you mean 'aiju'"),
        ("things/%3E%20%7D", 404, "there is no thing"),
        ("firms/aiju", 404, "is at /api/things/aiju"),
        ("industrial-districts?locatdIn=spain", 400, "did you mean 'locatedIn'"),
        ("industrial-districts?locatedIn=spian", 400, "did you mean 'Spain'"),
        ("industrial-districts?locatedIn=", 400, "is empty"),
        ("firms?volume=13&limit=1", 200, None),
        ("publications?year=recent", 400, "a range as in 2015..2018"),
        ("publications?anonymous=true", 400, "no property of a thing of 'publication', but of dg:Actor"),
        ("actors?anonymous=yes", 400, "true or false"),
        ("actors?type=Frim", 400, "did you mean 'Firm'"),
        ("actors?limit=0", 400, "from 1 to 1000"),
        ("actors?limit=1e3", 400, "from 1 to 1000"),
        ("actors?sort=industry", 400, "there is no order 'industry' of these"),
        ("actors?sort=lable", 400, "did you mean 'label'"),
        ("actors?fields=label,lable", 400, "did you mean 'label'"),
        ("actors?facets=industri", 400, "did you mean 'industry'"),
        ("actors?include=evidense", 400, "did you mean 'evidence'"),
        ("actors?include=inverse&limit=500", 400, "for pages of 100"),
        ("actors?cursor=xx", 400, "the cursor is not one that a page gave"),
        ("actors?cursor=WyJpZCIsbnVsbCwieCJd", 400, "another order"),
        ("actors?limit=1&limit=2", 400, "given twice"),
        ("actors?format=pdf", 400, "there are: json"),
        ("things/aiju?format=csv", 400, "there are: json"),
        ("things/aiju?field=label", 400, "takes fields, format, include, not 'field'; did you mean 'fields'"),
        ("things/aiju?include=claims&include=evidence", 400, "given twice"),
        ("actors?fields=limit", 400, "there is no field 'limit'"),
        (
            "industrial-districts?fields=year",
            400,
            "the field 'year' is no property of a thing of 'industrial district'",
        ),
        ("industrial-districts?sort=value", 400, "there is no order 'value' of these"),
        ("industrial-districts?located_in=augmented-reality", 400, "is none of these"),
        ("publications?year=2020..2010", 400, "write 2010..2020"),
        ("actors?technology=%22drones", 400, "quotation marks"),
        ("publications?venue=Regional%20Studes", 400, "did you mean 'Regional Studies'"),
        ("technologies?q=visión", 200, None),
        ("actors?broker.typ=x", 400, "there is no parameter 'typ'"),
        ("actors?a.b.c.d=1", 400, "more than 3 steps"),
        ("actors?=1", 400, "there is no parameter ''"),
        ("actors?located_in..year=1", 400, "there is no parameter ''"),
        ("actors?q=" + "x" * 1001, 400, "longer than 1000"),
    ],
)
def test_a_slip_is_told_with_the_near_names(path: str, status: int, detail: str | None, service: Service) -> None:
    answer = service.get(f"/api/{path}")
    assert answer.status_code == status, answer.text
    if detail:
        assert detail in answer.json()["detail"]
        assert answer.headers["content-type"] == "application/problem+json"


def test_answers_are_known_again_and_compressed(service: Service) -> None:
    answer = service.get("/api/claims?limit=20", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.json()["total"] > 1000
    known = {"If-None-Match": answer.headers["etag"], "Accept-Encoding": "gzip"}
    assert service.get("/api/claims?limit=20", headers=known).status_code == 304
    assert service.get("/api/claims?limit=21", headers=known).status_code == 200
    head = httpx.head(f"{service.url}/api/claims?limit=20", headers={"Accept-Encoding": "gzip"})
    assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", answer.headers["etag"])


@pytest.mark.slow
def test_every_class_has_a_collection_with_all_of_its_things(service: Service) -> None:
    listed = service.get("/api").json()["collections"]
    counts = {
        row["c"]: int(row["n"]) for row in solutions(service, "SELECT ?c (COUNT(*) AS ?n) { ?x a ?c } GROUP BY ?c")
    }
    names = {one["name"] for one in listed}
    assert {"industrial-districts", "collective-actors", "technologies", "skills", "policies", "people"} <= names
    for one in listed:
        assert one["total"] == counts.get(DG + one["class"], one["total"])
        assert one["definition"]
        if one["class"] not in ("Fact", "Evidence"):
            assert service.get(f"{one['href']}?limit=1").json()["total"] == one["total"], one
    page = service.get("/api", headers={"Accept": "text/html"})
    assert page.headers["content-type"].startswith("text/html")
    assert '<a href="/api/industrial-districts">' in page.text


NAMES = st.sampled_from(["locatedIn", "technology", "year", "q", "sort", "limit", "fields", "facets", "type", "cursor",
                         "include", "format", "claimant.year", "dg:about"]) | st.text(max_size=20)  # fmt: skip
VALUES = st.sampled_from(["spain", "2015..", "label", "10", "inverse"]) | st.text(max_size=40)


@pytest.mark.slow
@given(
    parameters=st.lists(st.tuples(NAMES, VALUES), max_size=4),
    name=st.sampled_from(["claims", "brokerages", "industrial-districts"]),
)
@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_parameter_breaks_a_list(parameters: list[tuple[str, str]], name: str, service: Service) -> None:
    sent = [(key, value.encode("utf-8", "replace").decode()) for key, value in parameters]
    answer = service.get(f"/api/{name}", params=[("limit", "3"), *sent])
    assert answer.status_code in (200, 400, 406), answer.text


@pytest.mark.slow
@given(name=st.text(min_size=1, max_size=60))
@settings(deadline=None, max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_name_breaks_a_thing(name: str, service: Service) -> None:
    path = quote(name.encode("utf-8", "replace"), safe="")
    for area in ("api/things", "page", "id"):
        answer = service.get(f"/{area}/{path}")
        assert answer.status_code in (200, 303, 404, 405, 307), answer.text


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: Counter[str] = Counter()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1


@pytest.fixture(scope="module")
def iris(service: Service) -> Iterator[list[str]]:
    """Every tenth thing of the graph."""
    rows = solutions(service, f'SELECT DISTINCT ?x {{ ?x a ?c FILTER(STRSTARTS(STR(?x), "{DGI}")) }} ORDER BY ?x')
    yield [row["x"] for row in rows][::100]


def test_things_are_at_their_iris_in_every_form(iris: list[str], service: Service) -> None:
    with httpx.Client(base_url=service.url, follow_redirects=True, timeout=60) as client:
        for iri in iris:
            for accept in ("text/html", "text/turtle", "application/ld+json"):
                answer = client.get(f"/id/{quote(iri.removeprefix(DGI), safe='')}", headers={"Accept": accept})
                assert (answer.status_code, answer.headers["content-type"].partition(";")[0]) == (200, accept)
                assert iri.rpartition("/")[2].rpartition(".")[2] in answer.text


@pytest.mark.slow
def test_the_facets_of_a_page_lead_to_as_many_things_as_they_say(service: Service) -> None:
    path = "/api/collective-actors"
    page = service.get(
        f"{path}?facets=type,active_in,technology,anonymous,from_year", headers={"Accept": "text/html"}
    ).text
    values = re.findall(r'<li><a href="(\?[^"]+)">[^<]+</a> <small>(\d+)</small>', page)
    assert len(values) > 20
    for at, count in values:
        found = service.get(path + at.replace("&amp;", "&"), headers={"Accept": "application/json"}).json()
        assert found["total"] == int(count), at


@pytest.mark.slow
@pytest.mark.parametrize("sort", ["value", "-value"])
def test_what_is_no_number_breaks_no_list(sort: str, tmp_path: Path) -> None:
    numbers = [f'"{text}"^^xsd:decimal' for text in ("10", "9", "7")]
    values = ['"NaN"^^xsd:double', '"-INF"^^xsd:double', *numbers[:2], '"x"', "<urn:iri>", numbers[2]]
    things = "".join(f'<urn:{n}> rdfs:label "{n}" ; dg:value {value} . ' for n, value in enumerate(values))
    update = f"{PREFIXES} PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> INSERT DATA {{ {things} }}"
    with written(tmp_path / "state") as writable:
        headers = {"Authorization": writable.bearer, "Content-Type": "application/sparql-update"}
        assert httpx.post(writable.update, content=update, headers=headers).status_code == 204
        at, found = f"/api/things?limit=2&sort={sort}", []
        while at:
            answer = writable.service.get(at).json()
            found += [item["id"].removeprefix("urn:") for item in answer["items"] if item["id"].startswith("urn:")]
            at = answer["next"]
    of_key = ["1", "6", "3", "2", "0", "4"]
    assert found == [*(of_key if sort == "value" else reversed(of_key)), "5"]


def test_who_asks_by_a_deprecated_term_is_told_so(service: Service) -> None:
    answer = service.get("/api/actors?interested_in=industry-4-0")
    assert answer.headers["deprecation"] == "@1795219200"  # 2026-11-21, as the ontology says
    assert '</ontology#interestedIn>; rel="deprecation"' in answer.headers["link"]
    assert '</ontology#focusesOn>; rel="successor-version"' in answer.headers["link"]
    assert "deprecation" not in service.get("/api/actors?focuses_on=industry-4-0").headers
    parameters = service.get("/api/openapi.json").json()["components"]["parameters"]
    assert [name for name, one in parameters.items() if one.get("deprecated")] == ["by-interestedIn"]


@pytest.mark.slow
def test_rest_is_about_all_graphs_whatever_the_default_graph_is(excerpt_state: Path) -> None:
    with serving(excerpt_state, DISTRICTGRAPH_DEFAULT_GRAPH="strict") as strict:
        districts = labels(strict, "/api/industrial-districts?located_in=spain&industry=ceramic-tiles")
        assert districts == ["Castellon ceramic tile district"]
        document = strict.get("/api/things/aiju").json()
        assert "CollectiveActor" in document["type"] and "Organisation" in document["inferred"]["type"]
        assert strict.get("/api/queries/collective-actors").json()["rows"]
        assert strict.get("/sparql", params={"query": f"ASK {{ <{DGI}aiju> ?p ?o }}"}).json()["boolean"] is False


def test_a_client_that_has_an_answer_is_told_so_where_there_is_one(service: Service) -> None:
    answer = service.get("/api/things/aiju")
    for tags in (["*"], ['"other"', answer.headers["etag"]], [f'"other", {answer.headers["etag"]}']):
        headers = [("If-None-Match", tag) for tag in tags]
        again = httpx.get(f"{service.url}/api/things/aiju", headers=headers)
        assert (again.status_code, again.headers["etag"]) == (304, answer.headers["etag"])
        assert again.headers["cache-control"] == answer.headers["cache-control"]
        assert again.headers["vary"] == answer.headers["vary"]
    assert service.get("/api/things/nobody", headers={"If-None-Match": "*"}).status_code == 404


def test_types_said_twice_must_both_hold(service: Service) -> None:
    either = items(service, "/api/organisations?type=Firm,CollectiveActor&fields=type&limit=1000")
    both = items(service, "/api/organisations?type=Firm&type=CollectiveActor&fields=type&limit=1000")
    query = "SELECT DISTINCT ?x { ?x a dg:Organisation, dg:Firm, dg:CollectiveActor }"
    assert {one["id"] for one in both} == {row["x"] for row in solutions(service, query)}
    assert len(either) > len(both)


def test_things_can_be_named(service: Service) -> None:
    found = labels(service, "/api/things?id=aiju,dgi:castellon,Toy Valley&sort=id")
    assert found == ["AIJU", "Castellon ceramic tile district", "Toy Valley"]
    assert labels(service, "/api/actors?id=aiju,castellon") == ["AIJU"]
    refused = service.get("/api/actors?id=aijuu")
    assert (refused.status_code, "did you mean 'aiju'" in refused.json()["detail"]) == (400, True)


def test_fields_are_those_keys_whether_stated_or_inferred(service: Service) -> None:
    (aiju,) = items(service, "/api/actors?id=aiju&fields=label,brokers")
    assert aiju.keys() == {"id", "href", "label", "inferred"}
    assert aiju["inferred"].keys() == {"brokers"}  # type: ignore[attr-defined]
    (stated,) = items(service, "/api/actors?id=aiju&fields=label&include=inferred")
    assert stated.keys() == {"id", "href", "label"}
    one = service.get("/api/things/aiju?fields=label,brokers").json()
    assert one.keys() == {"@context", "id", "href", "label", "inferred"}
    assert "inverse" in service.get("/api/things/aiju?fields=label&include=inverse").json()
    graph = rdflib.Graph().parse(data=service.get("/api/actors?id=aiju&fields=label,brokers&format=ttl").text)
    properties = {str(predicate).rpartition("#")[2] for predicate in graph.predicates()}
    assert properties == {"label", "brokers"}


def test_a_list_as_csv_has_what_is_inferred_in_columns_of_its_own(service: Service) -> None:
    def rows(query: str) -> list[dict[str, str]]:
        return list(csv.DictReader(service.get(f"/api/actors?format=csv&limit=1000{query}").text.splitlines()))

    plain = rows("")
    empty = [column for column in plain[0] if not any(row[column] for row in plain)]
    assert not empty, "a column in which nothing stands says that there is nothing"
    whole = rows("&include=inferred")
    assert whole[0].keys() > plain[0].keys()
    (aiju,) = [row for row in rows("&fields=label,brokers") if row["id"] == f"{DGI}aiju"]
    assert aiju.keys() == {"id", "label", "type", "inferred.brokers"}
    assert "augmented-reality" in aiju["inferred.brokers"].split(" | ")
    assert service.get("/api/actors?format=csv&include=claims").status_code == 400


def test_what_is_inferred_leads_to_why(service: Service) -> None:
    document = service.get("/api/things/aiju").json()
    drones = next(one for one in document["inferred"]["brokers"] if one["id"] == f"{DGI}drones")
    assert service.get(drones["explanation"]).json()["inferred"] is True
    back = service.get("/api/things/drones").json()["inverse"]["brokers"]
    (aiju,) = [one for one in back if one["id"] == f"{DGI}aiju"]
    assert (aiju["basis"], aiju["explanation"]) == ("inferred", drones["explanation"])
    stated = service.get("/api/things/toy-valley").json()["inverse"]["place"]
    assert stated and not any("basis" in one for one in stated)


def test_words_of_a_name_are_found_whatever_their_accents_and_order(service: Service) -> None:
    assert "Vicedo Martí" in labels(service, "/api/organisations?q=MARTI vicedo")
    assert labels(service, "/api/industrial-districts?q=valley toy") == ["Toy Valley"]


def test_letters_with_marks_are_ordered_as_those_without(service: Service) -> None:
    found = labels(service, "/api/things?limit=1000&q=m")
    assert any(not label.isascii() for label in found)
    assert list(map(collated, found)) == sorted(map(collated, found))


def test_a_value_with_a_comma_stands_in_quotation_marks(service: Service) -> None:
    (row, *_) = solutions(
        service,
        """SELECT ?l ?t { ?c a dg:Claim ; dg:about ?t . ?t rdfs:label ?l
        FILTER(CONTAINS(?l, ",") && LANG(?l) IN ("en", "")) } ORDER BY ?l LIMIT 1""",
    )
    found = service.get("/api/claims", params={"about": f'"{row["l"]}"', "limit": 1}).json()
    (count,) = solutions(service, f"SELECT (COUNT(DISTINCT ?c) AS ?n) {{ ?c a dg:Claim ; dg:about <{row['t']}> }}")
    assert found["total"] == int(count["n"]) > 0


def test_facts_are_found_by_the_property_and_the_value_that_they_state(service: Service) -> None:
    for filters, pattern in {
        "fact_property=locatedIn": "dg:factProperty dg:locatedIn",
        "fact_property=year&fact_object=2019": "dg:factProperty dg:year ; dg:factObject 2019",
    }.items():
        (count,) = solutions(service, f"SELECT (COUNT(DISTINCT ?f) AS ?n) {{ ?f a dg:Fact ; {pattern} }}")
        assert service.get(f"/api/facts?{filters}&limit=1").json()["total"] == int(count["n"]) > 0


def test_claims_are_ordered_by_the_year_of_their_source(service: Service) -> None:
    found = [one["id"] for one in items(service, "/api/claims?sort=-year&fields=label&limit=1000")]
    rows = solutions(service, "SELECT ?c (MAX(?y) AS ?last) { ?c a dg:Claim ; dg:source/dg:year ?y } GROUP BY ?c")
    years = {row["c"]: int(row["last"]) for row in rows}
    of_claims = [years[str(one)] for one in found if one in years]
    assert len(set(of_claims)) > 1 and of_claims == sorted(of_claims, reverse=True)


def test_a_way_leads_to_what_is_written_beside_it(service: Service) -> None:
    moved = service.get("/api/industrial-districts/")
    assert (moved.status_code, moved.headers["location"]) == (308, "/api/industrial-districts")
    seen = service.get("/id/aiju?format=ttl")
    assert seen.headers["location"] == "/api/things/aiju?format=ttl"
    more = service.get(f"/api/things/{quote('http://www.w3.org/2004/02/skos/core#Concept', safe='')}").json()["more"]
    for told in more.values():
        assert service.get(told["href"]).json()["total"] == told["total"]


def test_the_page_of_a_publication_leads_to_its_literature(service: Service) -> None:
    page = service.get("/page/hervas-oliver-2021").text
    links = re.findall(r'href="(/api/publications/hervas-oliver-2021/[^"]+)"', page)
    assert len(links) == 4
    assert all(service.get(link).status_code == 200 for link in links)
    assert "/api/publications/" not in service.get("/page/aiju").text


def test_who_wants_rdf_of_the_api_gets_the_description_of_the_service(service: Service) -> None:
    answer = service.get("/api", headers={"Accept": "text/turtle"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/.well-known/void")
    assert "DataService" in service.get("/.well-known/void", headers={"Accept": "text/turtle"}).text


@pytest.mark.slow
def test_names_with_commas_and_quotation_marks_lead_back(tmp_path: Path) -> None:
    thing = "<https://w3id.org/districtgraph/id/a,b>"
    others = "".join(f'<urn:x:{n}> rdfs:label "{n}" ; dg:cooperatesWith {thing} . ' for n in range(51))
    update = f"{PREFIXES} INSERT DATA {{ {thing} a dg:Firm ; rdfs:label 'a, \"b' . {others} }}"
    with written(tmp_path / "state") as writable:
        headers = {"Authorization": writable.bearer, "Content-Type": "application/sparql-update"}
        answer = httpx.post(writable.update, content=update, headers=headers)
        assert answer.status_code == 204, answer.text
        more = writable.service.get("/api/things/a,b").json()["more"]["cooperatesWith"]
        assert (more["total"], writable.service.get(more["href"]).json()["total"]) == (51, 51)
        page = writable.service.get("/api/things?facets=cooperates_with&format=html").text
        (at,) = re.findall(r'<li><a href="([^"]+)">a, &#34;b</a> <small>51</small>', page)
        at = at.replace("&amp;", "&").replace("format=html", "format=json")
        assert writable.service.get(f"/api/things{at}").json()["total"] == 51
        assert writable.service.get("/api/openapi.json").status_code == 200


def test_what_a_client_does_not_encode_is_read_all_the_same(service: Service) -> None:
    address = httpx.URL(service.url)
    for query in ("/api/search?q=visión", "/api/suggest?q=Götz", "/api/things?q=visión"):
        with socket.create_connection((address.host, address.port), timeout=60) as connection:
            connection.sendall(f"GET {query} HTTP/1.0\r\n\r\n".encode())
            head, _, body = connection.makefile("rb").read().partition(b"\r\n\r\n")
        assert (b" 200 " in head, json.loads(body)) == (True, service.get(quote(query, safe="/?=")).json())


@pytest.mark.slow
def test_what_is_written_may_be_anything(tmp_path: Path) -> None:
    odd = '"²"^^xsd:integer, "--5"^^xsd:integer, "%s"^^xsd:integer' % ("9" * 5000)
    update = f"""{PREFIXES} PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> INSERT DATA {{
        dgi:łódź a dg:Firm ; rdfs:label "Fabryka"@de ; dg:year {odd} ; dg:cooperatesWith dgi:other .
        dgi:other a dg:Firm ; rdfs:label "without", "English"@en ; dg:cooperatesWith dgi:łódź .
        dgi:figure a dg:Statistic ; rdfs:label "figure" ; dg:about dgi:other ; dg:value {odd} }}"""
    with written(tmp_path / "state") as writable:
        headers = {"Authorization": writable.bearer, "Content-Type": "application/sparql-update"}
        assert httpx.post(writable.update, content=update.encode(), headers=headers).status_code == 204
        service = writable.service
        for path in ("firms", "firms?format=html", "things/łódź", "things/łódź?format=ttl", "things?facets=year,value",
                     "compare?items=other", "explain?subject=other&property=cooperatesWith&object=łódź"):  # fmt: skip
            answer = service.get(f"/api/{path}")
            assert answer.status_code == 200, (path, answer.text[:300])
        assert service.get("/page/łódź").status_code == 200
        assert service.get("/", headers={"Accept": "text/html"}).status_code == 200
        (fabryka,) = service.get("/api/things/other").json()["cooperatesWith"]
        (other,) = service.get("/api/things/łódź").json()["cooperatesWith"]
        assert (fabryka["label"], other["label"]) == ("Fabryka", "English")


@pytest.mark.slow
def test_what_is_repeated_costs_no_more(service: Service) -> None:
    once = service.get("/api/claims?about=aiju,itc&year=2010..2021&q=a&limit=1").json()["total"]
    values, words = ",".join(["aiju", "itc"] * 20), " ".join("a" * 400)
    often = f"{'about=' + values}&" * 6 + "year=2010..2021&" * 6 + "type=Claim,Statement&" * 6
    answer = service.get(f"/api/claims?{often}q={words}&limit=1")
    assert answer.json()["total"] == once > 0


@pytest.mark.slow
@pytest.mark.parametrize(
    "facet", ["claims?facets=source", "collective-actors?facets=memberOf", "countries?facets=source"]
)
def test_each_value_of_a_facet_is_one_that_its_filter_takes(facet: str, service: Service) -> None:
    collection, name = facet.split("?facets=")
    ((_, counted),) = service.get(f"/api/{facet}&limit=1").json()["facets"].items()
    for one in counted["values"]:
        found = service.get(f"/api/{collection}", params={name: one["id"], "limit": 1})
        assert found.json().get("total") == one["count"], (one, found.text[:300])


def test_all_of_what_is_of_a_class_are_where_it_says(service: Service) -> None:
    for name in ("dg:Fact", "dg:Evidence", "dg:Claim"):
        for told in service.get(f"/api/things/{name}").json()["more"].values():
            assert service.get(told["href"]).json()["total"] == told["total"]


def test_a_made_up_cursor_is_refused(service: Service) -> None:
    for path in ("publications/gotz-2019/references", "search?q=robot"):
        first = service.get(f"/api/{path}{'&' if '?' in path else '?'}limit=1").json()["next"]
        at, _, cursor = first.rpartition("cursor=")
        text = base64.urlsafe_b64decode(unquote(cursor) + "==").decode()
        far = base64.urlsafe_b64encode(re.sub(r"\b1\b", "1" + "0" * 30, text, count=1).encode()).decode().rstrip("=")
        answer = service.get(f"{at}cursor={far}")
        assert (answer.status_code, "SELECT" in answer.text) == (400, False)
