"""What was inferred is proved over HTTP and on the command line: as a tree, a text, a picture and a page."""

import json
import random
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import httpx
import pyoxigraph as ox
import pytest
from conftest import Service, run, serving
from test_service_explain import DG, DGI, GRAPH, explained, places, solutions

from loaders.reasoning.domain_rules import DomainRule
from loaders.reasoning.minimal_proofs import Proof
from loaders.reasoning.rules import Axiom, Rule, Step, pattern, patterns
from ontology.graphs import as_graph
from service.explanation.proof_document import ProofWriter, papers_behind
from service.explanation.proving import Proven
from service.explanation.reasoning import reasoning_of
from service.explanation.schema import Reference

SVG = "{http://www.w3.org/2000/svg}"
BROKERS = {"subject": "aiju", "property": "brokers", "object": "drones"}
CLOSED = f"{GRAPH}hervas-oliver-2021"
Tree = dict[str, Any]


def nodes(tree: Tree) -> list[Tree]:
    return [tree, *(node for premise in tree["premises"] for node in nodes(premise))]


def leaves(tree: Tree) -> list[Tree]:
    return [node for node in nodes(tree) if not node["rules"]]


def triple(tree: Tree) -> tuple[str, str, str]:
    return tree["subject"]["id"], tree["property"]["id"], tree["object"]["id"]


def test_a_chain_is_proved_down_to_the_passages(service: Service) -> None:
    document = explained(service, *BROKERS.values())
    assert (document["stated"], document["inferred"], document["proofs_are_complete"]) == (False, True, True)
    assert "unproven" not in document and document["situations"] == document["facts"] == []
    (proof,) = document["proofs"]  # type: ignore[misc]
    situation = f"{DGI}brokerage-aiju-toy-valley"
    assert triple(proof) == (f"{DGI}aiju", f"{DG}brokers", f"{DGI}drones")
    assert [rule["name"] for rule in proof["rules"]] == ["prp-spo2"]
    (axiom,) = proof["axioms"]
    assert axiom["manchester"] == "dg:brokers SubPropertyChain: dg:brokerOf o dg:technology"
    assert axiom["label"] == '"brokers" follows from "broker of" then "technology"'
    assert axiom["term"] == {"id": f"{DG}brokers", "label": "brokers", "href": "/ontology#brokers"}
    cited = {(one["source"]["id"], one["section"]) for one in axiom["sources"]}
    sources = solutions(service, "SELECT ?s { dg:brokers <http://purl.org/dc/terms/source> ?s }")
    assert cited == {(DGI + s["s"]["value"].split(", ")[0], s["s"]["value"].split(", ")[1]) for s in sources}
    inverse, technology = proof["premises"]
    assert [rule["name"] for rule in inverse["rules"]] == ["prp-inv1"]
    assert [triple(leaf) for leaf in leaves(proof)] == [
        (situation, f"{DG}broker", f"{DGI}aiju"),
        (situation, f"{DG}technology", f"{DGI}drones"),
    ]
    assert technology["graphs"] == [CLOSED]
    assert {place[2] for place in places(technology["facts"])} == {"4.1", "4.2"}
    assert service.get(axiom["term"]["href"].partition("#")[0]).status_code == 200


def test_a_class_is_proved_by_the_words_of_its_definition(service: Service) -> None:
    document = explained(service, "toy-valley", "type", "DigitalisedDistrict")
    proof = document["proofs"][0]  # type: ignore[index]
    assert [rule["name"] for rule in proof["rules"]] == ["cax-eqc2", "cls-int1", "cls-svf1"]
    (axiom,) = proof["axioms"]
    assert axiom["label"] == "digitalised district is equivalent to industrial district and (place of some brokerage)"
    assert axiom["manchester"].startswith("dg:DigitalisedDistrict EquivalentTo: dg:IndustrialDistrict and (")
    assert all(leaf["facts"] for leaf in leaves(proof))


def test_what_a_gazetteer_or_the_ontology_states_has_a_graph_and_no_fact(service: Service) -> None:
    proofs = explained(service, "aiju", "activeIn", "spain")["proofs"]
    by_gazetteer = [[(leaf["graphs"], bool(leaf["facts"])) for leaf in leaves(proof)] for proof in proofs]  # type: ignore[attr-defined]
    assert [([CLOSED], True), ([CLOSED], True), ([f"{GRAPH}places"], False)] in by_gazetteer
    subclass = explained(service, "dg:DigitalisedDistrict", "rdfs:subClassOf", "dg:Agglomeration")
    (proof,) = subclass["proofs"]  # type: ignore[misc]
    assert {graph for leaf in leaves(proof) for graph in leaf["graphs"]} == {f"{GRAPH}ontology"}
    unnamed = next(node["object"] for node in nodes(proof) if "id" not in node["object"])
    assert unnamed["label"] == "industrial district and (place of some brokerage)"
    assert unnamed["manchester"] == "dg:IndustrialDistrict and (dg:placeOf some dg:Brokerage)"
    text = service.get(f"{subclass['href']}&format=text").text
    assert "stated by the ontology" in text and "urn:" not in text


def test_a_bound_is_told(service: Service) -> None:
    document = explained(service, "aiju", "type", "Actor")
    assert document["proofs_are_complete"] is False
    assert "and there may be more" in service.get(f"{document['href']}&format=text").text
    assert "There may be more proofs" in service.get(f"{document['href']}&format=html").text


def test_what_is_stated_has_no_proof(service: Service) -> None:
    document = explained(service, "toy-valley-living-lab", "hostedBy", "vicedo-marti")
    assert document["proofs"] == [] and document.keys().isdisjoint({"proofs_are_complete", "unproven"})


def test_a_proof_as_text_has_a_line_a_step_and_a_line_a_place(service: Service) -> None:
    answer = service.get("/api/explain", params=BROKERS | {"format": "text"})
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    lines = answer.text.splitlines()
    start = lines.index("proof 1 of 1")
    shown = [re.sub(r"\[.*\] ", "", line) for line in lines[start + 1 : start + 9]]
    situation = "AIJU brokers six technologies in the Toy Valley through the living lab"
    assert shown[:4] == [
        "  AIJU · brokers · drones",
        '    follows, as "brokers" follows from "broker of" then "technology" (prp-spo2)',
        f"    AIJU · broker of · {situation}",
        '      follows, as "broker" is the inverse of "broker of" (prp-inv1)',
    ]
    assert shown[4] == f"      {situation} · broker · AIJU"
    assert re.fullmatch(r" {8}Hervas-Oliver \(2021\), section 4\.1, \d+-\d+", shown[5])
    assert shown[6] == f"    {situation} · technology · drones"


def test_a_proof_as_a_picture_says_in_words_what_it_shows(service: Service) -> None:
    answer = service.get("/api/explain", params=BROKERS | {"format": "svg"})
    assert answer.headers["content-type"] == "image/svg+xml"
    assert answer.content == service.get("/api/explain", params=BROKERS | {"format": "svg"}).content
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    svg = ElementTree.fromstring(answer.content)
    assert svg.findtext(f"{SVG}title") == "Why it follows that AIJU · brokers · drones"
    assert 'as "brokers" follows from "broker of" then "technology"' in (svg.findtext(f"{SVG}desc") or "")
    assert "prefers-color-scheme: dark" in (svg.findtext(f"{SVG}style") or "")
    boxes = svg.findall(f"{SVG}rect")
    assert [box.get("class") for box in boxes].count("fact") == 2
    assert [box.get("class") for box in boxes].count("rule") == 2 and len(boxes) == 6
    assert len([path for path in svg.findall(f"{SVG}path") if path.get("marker-end")]) == 5
    links = {link.get("href") for link in svg.iter(f"{SVG}a")}
    assert {"/page/aiju", "/page/drones", "/ontology#brokers"} <= links
    xs = {"".join(t.itertext()).strip(): float(t.get("x") or 0) for t in svg.findall(f"{SVG}text")}
    assert xs["broker"] < xs["prp-inv1"] < xs["broker of"] < xs["prp-spo2"] < xs["brokers"]


def test_no_box_of_a_picture_lies_upon_another(service: Service) -> None:
    answer = service.get("/api/explain?subject=toy-valley&property=type&object=DigitalisedDistrict&format=svg")
    rects = [
        tuple(float(box.get(key) or 0) for key in ("x", "y", "width", "height"))
        for box in ElementTree.fromstring(answer.content).findall(f"{SVG}rect")
    ]
    for index, (x, y, width, height) in enumerate(rects):
        for other_x, other_y, other_width, other_height in rects[index + 1 :]:
            is_beside = x + width <= other_x or other_x + other_width <= x
            assert is_beside or y + height <= other_y or other_y + other_height <= y


def test_what_has_no_proof_has_a_picture_of_its_own(service: Service) -> None:
    stated = service.get("/api/explain?subject=valencia-region&property=locatedIn&object=spain&format=svg")
    assert ElementTree.fromstring(stated.content).findtext(f"{SVG}title", "").startswith("What is known of")
    fact = explained(service, "toy-valley-living-lab", "hostedBy", "vicedo-marti")["facts"][0]  # type: ignore[index]
    for form in ("svg", "text"):
        assert "Hervas-Oliver (2021), section 4.2" in service.get(f"{fact['href']}?format={form}").text


def test_the_page_has_the_first_proof_in_lists_and_the_others_folded(service: Service) -> None:
    document = explained(service, "aiju", "activeIn", "spain")
    page = service.get(f"{document['href']}&format=html").text
    proofs = document["proofs"]
    assert isinstance(proofs, list) and len(proofs) > 1
    assert page.count("<details>") == len(proofs) - 1
    first = page.partition("<details>")[0]
    for node in nodes(proofs[0]):
        for part in (node["subject"], node["object"]):
            assert part["href"].replace("/api/things/", "/page/") in first
    assert f'<img src="{document["href"].replace("&", "&amp;")}&amp;format=svg" alt="' in page
    assert proofs[0]["axioms"][0]["term"]["href"] in first


def test_openapi_has_the_tree(service: Service) -> None:
    document = service.get("/api/openapi.json").json()
    proof = document["components"]["schemas"]["Proof"]["properties"]
    assert proof["premises"]["items"] == {"$ref": "#/components/schemas/Proof"}
    tree = explained(service, *BROKERS.values())["proofs"][0]  # type: ignore[index]
    assert tree.keys() == proof.keys()
    content = document["paths"]["/api/explain"]["get"]["responses"]["200"]["content"]
    assert {"text/plain", "image/svg+xml"} <= content.keys()


@pytest.mark.slow
def test_the_command_line_writes_the_same_text_and_picture(service: Service) -> None:
    for form, path in (("text", "text"), ("svg", "svg"), ("json", "json")):
        told = run("explain", *BROKERS.values(), "--format", form, "--state", service.state)
        assert told.returncode == 0, told.stderr
        answer = service.get("/api/explain", params=BROKERS | {"format": path})
        assert (json.loads(told.stdout) == answer.json()) if form == "json" else told.stdout == answer.text


@dataclass(frozen=True)
class Closed:
    """A service in which the graph of a paper is closed to who has no token."""

    service: Service
    headers: dict[str, str]

    def explained(self, names: dict[str, str], with_token: bool = False) -> httpx.Response:
        return self.service.get("/api/explain", params=names, headers=self.headers if with_token else {})


def with_token(state: Path, folder: Path) -> tuple[Path, dict[str, str]]:
    copy = folder / "state"
    shutil.copytree(state, copy, symlinks=True)
    token = run("token", "create", "--role", "admin", "--name", "ana", "--state", copy)
    assert token.returncode == 0, token.stderr
    return copy, {"Authorization": f"Bearer {token.stdout.strip()}"}


@pytest.fixture(scope="module")
def closed(state: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Closed]:
    copy, headers = with_token(state, tmp_path_factory.mktemp("closed"))
    with serving(copy, DISTRICTGRAPH_CLOSED_GRAPHS=json.dumps([CLOSED])) as running:
        yield Closed(running, headers)


@pytest.mark.slow
def test_what_only_closed_graphs_prove_is_told_without_naming_them(closed: Closed) -> None:
    for form in ("json", "text", "svg", "html"):
        answer = closed.explained(BROKERS | {"format": form})
        assert answer.status_code == 200
        assert "not open to you" in " ".join(re.sub(r"<[^>]*>", " ", answer.text).split())
        assert "hervas-oliver-2021" not in answer.text and "living lab" not in answer.text
    document = closed.explained(BROKERS).json()
    assert document["proofs"] == [] and document["inferred"]
    assert closed.explained(BROKERS, with_token=True).json()["proofs"]


@pytest.mark.slow
def test_no_proof_shows_what_a_closed_graph_states(closed: Closed) -> None:
    rows = solutions(
        closed.service,
        f"SELECT ?s ?p ?o {{ GRAPH <{GRAPH}inferred> {{ ?s ?p ?o }} FILTER(isIRI(?o)) }} ORDER BY ?s ?p ?o",
    )
    hidden = 0
    for row in random.Random(3).sample(rows, 150):
        names = {"subject": row["s"]["value"], "property": row["p"]["value"], "object": row["o"]["value"]}
        open_ = closed.explained(names).json()
        for leaf in (leaf for proof in open_["proofs"] for leaf in leaves(proof)):
            assert leaf["graphs"] and CLOSED not in leaf["graphs"], names
            assert all(place[1] != f"{DGI}hervas-oliver-2021" for place in places(leaf["facts"]))
        assert bool(open_["proofs"]) != ("unproven" in open_)
        hidden += not open_["proofs"]
        all_ = closed.explained(names, with_token=True).json()["proofs"]
        assert open_["proofs"] or all(CLOSED in str(proof) for proof in all_), names
    assert 20 < hidden < 130


@pytest.mark.slow
def test_no_axiom_is_shown_where_the_ontology_is_closed(state: Path, tmp_path: Path) -> None:
    copy, headers = with_token(state, tmp_path)
    with serving(copy, DISTRICTGRAPH_CLOSED_GRAPHS=json.dumps([f"{GRAPH}ontology"])) as service:
        document = explained(service, *BROKERS.values())
        assert document["proofs"] == [] and "rules" in str(document["unproven"])
        answer = service.get("/api/explain", params=BROKERS, headers=headers)
        assert answer.json()["proofs"]


@pytest.mark.slow
def test_what_is_written_is_a_fact_and_nothing_is_claimed_to_follow_from_it(state: Path, tmp_path: Path) -> None:
    copy, headers = with_token(state, tmp_path)
    prefixes = f"PREFIX dg: <{DG}> PREFIX dgi: <{DGI}> "
    stating = "dgi:newcomer dg:activeIn dgi:toy-valley . dgi:aiju dg:brokers dgi:drones"
    update = f"{prefixes}INSERT DATA {{ GRAPH <urn:own> {{ {stating} }} }}"
    with serving(copy) as service:
        sent = httpx.post(f"{service.url}/update", data={"update": update}, headers=headers, timeout=60)
        assert sent.status_code == 204, sent.text
        own = explained(service, "newcomer", "activeIn", "toy-valley")
        assert (own["stated"], own["inferred"], own["proofs"]) == (True, False, [])
        nowhere = service.get("/api/explain?subject=newcomer&property=activeIn&object=spain")
        assert nowhere.status_code == 404
        both = explained(service, *BROKERS.values())
        assert (both["stated"], both["inferred"]) == (True, True)
        assert both["graphs"] == [f"{GRAPH}inferred", "urn:own"]
        (proof,) = both["proofs"]  # type: ignore[misc]
        assert proof["rules"] and len(leaves(proof)) == 2


def test_what_a_rule_of_the_domain_concludes_is_proved_by_it(service: Service) -> None:
    told = explained(service, "colorker", "type", "FrontRunnerByConduct")
    assert told["inferred"] is True
    proof = told["proofs"][0]  # type: ignore[index]
    (rule,) = proof["rules"]
    assert (rule["name"], rule["href"]) == ("front-runner-by-conduct", "/ontology#rule-front-runner-by-conduct")
    assert rule["sources"] and rule["sources"][0]["section"]
    page = service.get("/ontology", headers={"Accept": "text/html"}).text
    assert f'id="{rule["href"].removeprefix("/ontology#")}"' in page
    assert all(leaf["facts"] for leaf in leaves(proof))


def test_a_rule_of_the_domain_is_told_by_its_name_its_summary_and_its_source() -> None:
    premises, conclusion = patterns("?x dg:brokerOf ?y . ?y dg:place ?z"), pattern("?x dg:worksFor ?z")
    rule = Rule(("who-brokers-where",), premises, conclusion, (), (Axiom((), ()),))
    summary = "Who brokers in a situation works for its place."
    domain = DomainRule("who-brokers-where", summary, ("hervas-oliver-2021, 4.1",), "", "", "", (rule,))
    reasoning = reasoning_of([], as_graph([]), [domain])
    one, other = (ox.Triple(ox.NamedNode(DGI + n), ox.NamedNode(DG + "p"), ox.NamedNode(DGI + "x")) for n in "ab")
    proof = Proof(one, Step(("who-brokers-where",), Axiom((), ()), (other,)), (Proof(other),))
    proven = Proven((proof,))
    paper = f"{DGI}hervas-oliver-2021"
    assert papers_behind(proven, reasoning) == {paper}
    writer = ProofWriter(
        proven,
        reasoning,
        {paper: "Hervas-Oliver (2021)"},
        lambda named, _: Reference(id=str(named[0]), label=named[1] or ""),
        lambda _: pytest.fail("no fact states it"),
        lambda iri: Reference(id=iri, label=iri),
    )
    document = writer.proof(proof)
    ((rule,), axioms) = document.rules, document.axioms
    assert (rule.name, rule.summary, rule.href, axioms) == (
        domain.name,
        domain.summary,
        "/ontology#rule-who-brokers-where",
        [],
    )
    assert [(c.source.label if c.source else "", c.section) for c in rule.sources] == [("Hervas-Oliver (2021)", "4.1")]
