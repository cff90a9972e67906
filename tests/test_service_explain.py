"""Why a triple is in the graph: explanations say just what the graph says, and slips are told with near names."""

import json
import random
import re
from pathlib import Path
from urllib.parse import parse_qsl, quote

import clients
import httpx
import pyoxigraph as ox
import pytest
from conftest import Service, run
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

DG = "https://w3id.org/districtgraph/ontology#"
DGI = "https://w3id.org/districtgraph/id/"
GRAPH = "https://w3id.org/districtgraph/graph/"
PREFIXES = f"PREFIX dg: <{DG}> PREFIX dgi: <{DGI}> PREFIX oa: <http://www.w3.org/ns/oa#> "
HOSTED = {"subject": "toy-valley-living-lab", "property": "hostedBy", "object": "vicedo-marti"}
Terms = dict[str, dict[str, str]]


def solutions(service: Service, query: str) -> list[Terms]:
    headers = {"Accept": "application/sparql-results+json"}
    answer = service.get("/sparql", params={"query": PREFIXES + query}, headers=headers)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["results"]["bindings"])


def explained(service: Service, subject: str, property_: str, object_: str) -> dict[str, object]:
    answer = service.get("/api/explain", params={"subject": subject, "property": property_, "object": object_})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def places(facts: object) -> set[tuple[str, ...]]:
    """The places of facts: fact, its source, and section, start, end and digest of each passage."""
    assert isinstance(facts, list)
    return {
        (fact["id"], fact["source"]["id"], one["section"], str(one["start"]), str(one["end"]), one["digest"])
        for fact in facts
        for one in fact["evidence"]
    }


def written(term: dict[str, str]) -> str:
    return f"{term['value']}@{term['xml:lang']}" if "xml:lang" in term else term["value"]


@pytest.fixture(scope="module")
def stated(service: Service) -> dict[tuple[str, str, str], set[tuple[str, ...]]]:
    """The places of the facts of every stated triple, by subject, property and object as they are written."""
    rows = solutions(
        service,
        """SELECT * { ?fact a dg:Fact ; dg:factSubject ?s ; dg:factProperty ?p ; dg:factObject ?o ; dg:source ?source ;
        dg:evidence ?e . ?e dg:section ?section ; oa:start ?start ; oa:end ?end ; dg:digest ?digest }""",
    )
    found: dict[tuple[str, str, str], set[tuple[str, ...]]] = {}
    columns = ("fact", "source", "section", "start", "end", "digest")
    for row in rows:
        triple = (row["s"]["value"], row["p"]["value"], written(row["o"]))
        found.setdefault(triple, set()).add(tuple(row[column]["value"] for column in columns))
    return found


def sample(stated: dict[tuple[str, str, str], set[tuple[str, ...]]], count: int) -> list[tuple[str, str, str]]:
    """Triples in the order of chance, but each property at least once as long as there is room."""
    triples = sorted(stated)
    random.Random(6).shuffle(triples)
    seen: set[str] = set()
    first = [triple for triple in triples if not (triple[1] in seen or seen.add(triple[1]))]  # type: ignore[func-returns-value]
    return [*first, *triples][:count]


@pytest.mark.slow
def test_each_fact_of_a_sample_is_explained_by_what_sparql_finds(
    service: Service, stated: dict[tuple[str, str, str], set[tuple[str, ...]]]
) -> None:
    several = next(triple for triple in sorted(stated) if len({place[0] for place in stated[triple]}) > 1)
    asked = [several, *sample(stated, 120)]
    assert len({triple[1] for triple in asked}) > 60
    with httpx.Client(base_url=service.url, timeout=60) as client:
        for triple in asked:
            answer = client.get("/api/explain", params=dict(zip(HOSTED, triple, strict=True)))
            assert answer.status_code == 200, (triple, answer.text)
            document = answer.json()
            assert document["stated"] and not document["inferred"], triple
            assert (document["subject"]["id"], document["property"]["id"]) == triple[:2]
            assert places(document["facts"]) == stated[triple]
            again = client.get(document["href"]).json()
            assert places(again["facts"]) == stated[triple], document["href"]
            fact = client.get(document["facts"][0]["href"]).json()
            assert fact.pop("id") == document["facts"][0]["id"]
            assert fact | {"href": ""} == document | {"href": ""}


@pytest.mark.parametrize(
    ("subject", "property_", "object_"),
    [
        ("toy-valley-living-lab", "hosted_by", "Vicedo Martí"),
        ("dgi:toy-valley-living-lab", "dg:hostedBy", "dgi:vicedo-marti"),
        (f"{DGI}toy-valley-living-lab", f"{DG}hostedBy", f"{DGI}vicedo-marti"),
        ("industry 4.0 LIVING LAB of the toy valley", "hosted by", "vicedo martí"),
    ],
)
def test_a_triple_may_be_written_in_many_ways(subject: str, property_: str, object_: str, service: Service) -> None:
    document = explained(service, subject, property_, object_)
    assert document == explained(service, *HOSTED.values())
    assert document["subject"] == {
        "id": f"{DGI}toy-valley-living-lab",
        "label": "Industry 4.0 living lab of the Toy Valley",
        "href": "/api/things/toy-valley-living-lab",
    }
    assert document["property"] == {"id": f"{DG}hostedBy", "label": "hosted by", "href": "/ontology#hostedBy"}
    assert document["graphs"] == [f"{GRAPH}hervas-oliver-2021"]
    assert {place[2:5] for place in places(document["facts"])} == {("4.2", "35694", "35950")}


def test_what_is_claimed_about_both_ends_comes_with_who_says_it_and_how_sure(service: Service) -> None:
    document = explained(service, *HOSTED.values())
    about = "dg:about dgi:toy-valley-living-lab, dgi:vicedo-marti"
    rows = solutions(
        service,
        f"SELECT * {{ ?claim a dg:Claim ; {about} ; dg:modality ?modality ; dg:claimKind ?kind ; dg:summary ?text }}",
    )
    claims = document["claims"]
    assert isinstance(claims, list)
    found = {(one["id"], one["modality"]["id"], one["claimKind"]["id"], one["summary"]) for one in claims}
    assert found == {tuple(row[name]["value"] for name in ("claim", "modality", "kind", "text")) for row in rows}
    assert found and all(one["claimant"] and one["evidence"][0]["section"] for one in claims)


@pytest.mark.slow
def test_claims_that_are_many_are_cut_and_counted(tmp_path: Path) -> None:
    claims = "".join(f"dgi:claim-{n} a dg:Claim ; dg:about dgi:one, dgi:other . " for n in range(60))
    update = f"PREFIX dg: <{DG}> PREFIX dgi: <{DGI}> INSERT DATA {{ dgi:one dg:cooperatesWith dgi:other . {claims} }}"
    with clients.written(tmp_path / "state") as writable:
        headers = {"Authorization": writable.bearer, "Content-Type": "application/sparql-update"}
        assert httpx.post(writable.update, content=update, headers=headers).status_code == 204
        document = writable.service.get("/api/explain?subject=one&property=cooperatesWith&object=other").json()
    assert (document["more"]["claims"]["total"], len(document["claims"])) == (60, 50)
    assert document["more"]["claims"]["href"] == "/api/claims?about=one&about=other"


def test_claims_of_a_literal_are_those_in_the_passages_that_state_it(service: Service) -> None:
    document = explained(service, "toy-valley-living-lab", "fromYear", "2019")
    assert (document["stated"], document["object"]) == (True, 2019)
    rows = solutions(
        service,
        """SELECT DISTINCT ?claim { ?fact dg:factSubject dgi:toy-valley-living-lab ; dg:factProperty dg:fromYear ;
            dg:evidence [ dg:source ?source ; oa:start ?start ; oa:end ?end ] .
            ?claim a dg:Claim ; dg:about dgi:toy-valley-living-lab ;
            dg:evidence [ dg:source ?source ; oa:start ?from ; oa:end ?to ] FILTER(?from < ?end && ?start < ?to) }""",
    )
    claims = document["claims"]
    assert isinstance(claims, list)
    assert {one["id"] for one in claims} == {row["claim"]["value"] for row in rows}


def test_who_disagrees_is_told(service: Service) -> None:
    claim, other = f"{DGI}claim-norway-no-separate-unit", f"{DGI}claim-norway-separate-units"
    (about,) = solutions(service, f"SELECT (MIN(?o) AS ?about) {{ <{claim}> dg:about ?o }}")
    document = explained(service, claim, "about", about["about"]["value"])
    claims, disagreements = document["claims"], document["disagreements"]
    assert isinstance(claims, list) and isinstance(disagreements, list)
    assert claims[0]["id"] == claim
    assert {(one["claim"]["id"], one["disagreesWith"]["id"]) for one in disagreements} >= {(claim, other)}
    assert all(one["disagreesWith"]["evidence"] for one in disagreements)


def test_an_inferred_triple_is_told_as_such_with_the_facts_that_it_follows_from(service: Service) -> None:
    document = explained(service, "aiju", "brokers", "drones")
    assert (document["stated"], document["inferred"], document["facts"]) == (False, True, [])
    assert document["graphs"] == [f"{GRAPH}inferred"]
    assert document["proofs"] and document["situations"] == []
    inverse = explained(service, "vicedo-marti", "hosts", "toy-valley-living-lab")
    assert inverse["inferred"] and not inverse["stated"]
    (proof,) = inverse["proofs"]  # type: ignore[misc]
    (premise,) = proof["premises"]
    assert premise["property"]["id"] == f"{DG}hostedBy"
    assert {place[2:5] for place in places(premise["facts"])} == {("4.2", "35694", "35950")}


def test_a_situation_says_a_property_of_those_that_it_joins(service: Service) -> None:
    document = explained(service, "aiju", "technology", "drones")
    assert (document["stated"], document["inferred"], document["graphs"]) == (False, False, [])
    assert [one["id"] for one in document["situations"]] == [f"{DGI}brokerage-aiju-toy-valley"]  # type: ignore[attr-defined]
    (figure,) = explained(service, "castellon", "value", "120.0")["situations"]  # type: ignore[misc]
    assert figure["id"] == f"{DGI}stat-castellon-tile-firms-2018"
    assert {fact["property"]["label"] for fact in figure["facts"]} == {"value", "about"}
    hedged = explained(service, "industry-4-0", "modality", "hedged")
    claims = solutions(service, "SELECT ?c { ?c a dg:Claim ; dg:about dgi:industry-4-0 ; dg:modality dgi:hedged }")
    ids = {row["c"]["value"] for row in claims}
    found = {one["id"] for one in hedged["claims"]}  # type: ignore[attr-defined]
    assert found <= ids and len(found) == min(50, len(ids))
    if len(ids) > 50:
        assert hedged["more"] == {"claims": {"total": len(ids)}}


def test_what_our_gazetteer_says_has_a_graph_and_no_fact(service: Service) -> None:
    document = explained(service, "valencia-region", "locatedIn", "spain")
    assert (document["stated"], document["facts"], document["graphs"]) == (True, [], [f"{GRAPH}places"])
    page = service.get(f"{document['href']}&format=html").text
    assert "No passage is given for it. It stands in" in page


def test_a_fact_is_there_in_every_form(service: Service) -> None:
    (fact,) = explained(service, *HOSTED.values())["facts"]  # type: ignore[misc]
    page = service.get(fact["href"], headers={"Accept": "text/html"})
    assert "Vicedo Martí" in page.text and "35694–35950" in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]
    turtle = service.get(fact["href"], headers={"Accept": "text/turtle"})
    triples = {quad.triple for quad in ox.parse(turtle.content, format=ox.RdfFormat.TURTLE)}
    subject = ox.NamedNode(fact["id"])
    assert ox.Triple(subject, ox.NamedNode(f"{DG}factProperty"), ox.NamedNode(f"{DG}hostedBy")) in triples
    assert any(triple.predicate.value.endswith("#digest") for triple in triples)
    linked = service.get(f"{fact['href']}?format=jsonld").json()
    context = service.get("/api/context.jsonld").json()["@context"]
    content = json.dumps(linked | {"@context": context})
    assert {quad.triple for quad in ox.parse(content, format=ox.RdfFormat.JSON_LD)} == triples
    lines = service.get(f"{fact['href']}?format=nt")
    assert {quad.triple for quad in ox.parse(lines.content, format=ox.RdfFormat.N_TRIPLES)} == triples


def test_an_explanation_as_a_page_shows_what_the_json_says(service: Service) -> None:
    answer = service.get("/api/explain", params=HOSTED, headers={"Accept": "text/html,*/*;q=0.8"})
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    document = explained(service, *HOSTED.values())
    for claim in document["claims"]:  # type: ignore[attr-defined]
        assert claim["href"].replace("/api/things/", "/page/") in answer.text
    assert answer.text.count("<script") == 1  # ours


@pytest.mark.parametrize(
    ("query", "status", "detail"),
    [
        ("", 400, "lacks subject and property and object"),
        ("subject=aiju&object=drones", 400, "lacks property"),
        ("subject=aiju&property=&object=drones", 400, "lacks property"),
        ("subject=aiju&property=brokers&objekt=drones", 400, "did you mean 'object'"),
        ("subject=aiju&subject=aiju&property=brokers&object=drones", 400, "given twice"),
        ("subject=aiju&property=brokrs&object=drones", 400, "did you mean 'brokers'"),
        ("subject=aiju&property=dg:brokrs&object=drones", 400, "did you mean 'brokers'"),
        ("subject=aijuu&property=brokers&object=drones", 404, "did you mean 'aiju'"),
        ("subject=aiju&property=brokers&object=dornes", 404, "did you mean 'drones'"),
        ("subject=toy-valley-living-lab&property=hostedBy&object=ivace", 404, "it has 'Vicedo Martí'"),
        ("subject=toy-valley-living-lab&property=hostedBy&object=ivace", 404, "'designedBy'"),
        ("subject=vicedo-marti&property=hostedBy&object=toy-valley-living-lab", 404, "what joins the two is 'hosts'"),
        ("subject=vicedo-marti&property=hostedBy&object=toy-valley-living-lab", 404, "'hostedBy' (backwards)"),
        ("subject=toy-valley&property=hostedBy&object=x", 404, "it has no 'hostedBy' at all, but"),
        ("subject=aiju&property=type&object=Brokerage", 404, "'CollectiveActor'|'collective actor'"),
        ("subject=public-private partnership&property=type&object=x", 400, "things; give the id: instrument-public-"),
        ("subject=aiju&property=brokers&object=drones&format=ttl", 400, "there are: json, html, text, svg"),
        ("subject=" + "0" * 1000 + "&property=brokers&object=drones", 404, "there is no thing '000"),
        ("subject=aiju&property=" + "a" * 1000 + "&object=drones", 400, "the ontology has no property 'aaa"),
        ("subject=" + "x" * 1001 + "&property=brokers&object=drones", 400, "longer than 1000"),
    ],
)
def test_a_slip_is_told_with_what_is_near(query: str, status: int, detail: str, service: Service) -> None:
    answer = service.get("/api/explain", params=parse_qsl(query, keep_blank_values=True))
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    told = answer.json()["detail"]
    assert any(one in told for one in detail.split("|")), told


@pytest.mark.parametrize(
    ("path", "status", "detail"),
    [
        ("fact-0000", 404, "there is no thing 'fact-0000'"),
        ("aiju", 404, "is no fact, but is at /api/things/aiju"),
        ("%3E%20%7D", 404, "there is no thing"),
        ("fact-f9fe70adf167ff6e?include=evidence", 400, "it has: format"),
        ("fact-f9fe70adf167ff6e?format=csv", 400, "there are: json, jsonld"),
    ],
)
def test_a_slip_at_facts_is_told(path: str, status: int, detail: str, service: Service) -> None:
    answer = service.get(f"/api/facts/{path}")
    assert answer.status_code == status, answer.text
    assert detail in answer.json()["detail"]


def test_an_answer_is_known_again(service: Service) -> None:
    answer = service.get("/api/explain", params=HOSTED)
    assert "Authorization" in answer.headers["vary"] and answer.headers["districtgraph-release"]
    known = {"If-None-Match": answer.headers["etag"]}
    assert service.get("/api/explain", params=HOSTED, headers=known).status_code == 304
    assert service.get("/api/explain", params=HOSTED | {"object": "ivace"}, headers=known).status_code == 404


def test_openapi_describes_both_with_examples_that_are_true(service: Service) -> None:
    document = service.get("/api/openapi.json").json()
    explain = document["paths"]["/api/explain"]["get"]
    fact = document["paths"]["/api/facts/{id}"]["get"]
    assert (explain["operationId"], fact["operationId"]) == ("explain", "get_fact")
    examples = {one["name"]: one["example"] for one in explain["parameters"] if one.get("required")}
    answer = service.get("/api/explain", params=examples)
    assert answer.status_code == 200
    (name,) = (one["schema"]["examples"][0] for one in fact["parameters"] if one["in"] == "path")
    assert service.get(f"/api/facts/{name}").json()["facts"] == answer.json()["facts"]
    for operation in (explain, fact):
        schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
        properties = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]["properties"]
        assert answer.json().keys() <= properties.keys()


@pytest.mark.slow
def test_the_command_line_gives_the_same_answer(service: Service) -> None:
    told = run("explain", *HOSTED.values(), "--format", "json", "--state", service.state)
    assert told.returncode == 0, told.stderr
    assert json.loads(told.stdout) == explained(service, *HOSTED.values())
    text = run("explain", "aiju", "brokers", "drones", "--state", service.state).stdout
    assert text.startswith("AIJU · brokers · drones\ninferred\n")
    assert re.search(r"section 4\.2, \d+-\d+", text)
    slip = run("explain", "aiju", "brokrs", "drones", "--state", service.state)
    assert (slip.returncode, slip.stdout) == (2, "") and "did you mean 'brokers'" in slip.stderr


TEXTS = st.sampled_from(["aiju", "brokers", "type", "120", "a@en", "<x>", '"', "http://[", "dg:", "-", "\\"])
TEXTS |= st.text(max_size=40)


@pytest.mark.slow
@given(
    values=st.fixed_dictionaries({"subject": TEXTS, "property": TEXTS, "object": TEXTS}),
    real=st.sets(st.sampled_from(sorted(HOSTED))),
)
@settings(deadline=None, max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nothing_that_is_asked_breaks_it(values: dict[str, str], real: set[str], service: Service) -> None:
    sent = {name: value.encode("utf-8", "replace").decode() for name, value in values.items()}
    sent |= {name: HOSTED[name] for name in real}
    answer = service.get("/api/explain", params=sent)
    assert answer.status_code in (200, 400, 404), answer.text
    at_facts = service.get(f"/api/facts/{quote(sent['subject'], safe='')}")
    assert at_facts.status_code in (200, 307, 404, 405), at_facts.text
