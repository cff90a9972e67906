"""The rules of the domain over HTTP: in REST, on the page of the ontology, and what follows by them in the graph."""

import html5lib
import pytest
from conftest import Service, serving

from loaders.reasoning.domain_rules import domain_rules

pytestmark = pytest.mark.slow

RULES = {rule.name: rule for rule in domain_rules()}
NAME = "visitor-sees-technology"
XHTML = "{http://www.w3.org/1999/xhtml}"


def test_rest_lists_the_rules_and_each_of_them(service: Service) -> None:
    listed = service.get("/api/rules").json()["rules"]
    assert [one["name"] for one in listed] == list(RULES)
    (one,) = (one for one in listed if one["name"] == NAME)
    assert service.get(one["href"]).json() == one
    assert one["summary"] == RULES[NAME].summary
    assert one["source"] == ["hervas-oliver-2019, 3.3.4", "hervas-oliver-2021, 4.1"]
    assert one["concludes"] == ["dg:showsTechnologyTo", "dg:sawAtWork"]
    assert service.get(one["page"]).status_code == 200


@pytest.mark.parametrize("name", RULES)
def test_what_a_rule_says_by_its_text_is_in_the_graph(name: str, service: Service) -> None:
    """The SPARQL that REST shows concludes something, and all of it is in the release."""
    text = service.get(f"/api/rules/{name}").json()["text"]
    concluded = service.get("/sparql", params={"query": text}, headers={"Accept": "application/n-triples"}).text
    assert concluded
    for triple in concluded.splitlines():
        asked = service.get("/sparql", params={"query": f"ASK {{ {triple} }}"}, headers={"Accept": "text/csv"})
        assert asked.text.strip() == "true", triple


def test_nothing_that_only_rules_conclude_is_stated(service: Service) -> None:
    terms = {iri for rule in RULES.values() for iri in rule.concluded}
    for term in terms:
        patterns = f"{{ ?x <{term}> ?y }} UNION {{ ?x a <{term}> }} UNION {{ ?fact ?p ?x . ?fact ?q <{term}> }}"
        query = f"SELECT DISTINCT ?g {{ GRAPH ?g {{ {patterns} }} FILTER(!CONTAINS(STR(?g), 'graph/ontology')) }}"
        found = service.get("/sparql", params={"query": query}, headers={"Accept": "text/csv"}).text.split()
        assert found[1:] == ["https://w3id.org/districtgraph/graph/inferred"], (term, found)


def test_a_rule_that_is_not_there_is_named_after_the_nearest(service: Service) -> None:
    answer = service.get("/api/rules/visitor-sees-tecnology")
    assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (404, "unknown-rule")
    assert f"did you mean '{NAME}'" in answer.json()["detail"]
    assert service.get("/api/rules?name=x").status_code == 400
    assert service.get("/api/rules", headers={"Accept": "text/csv"}).status_code == 406


def test_the_page_shows_each_rule_and_that_of_a_term_its_rules(service: Service) -> None:
    answer = service.get("/ontology", headers={"Accept": "text/html"})
    page = html5lib.HTMLParser(strict=True).parse(answer.content, transport_encoding="utf-8")
    articles = {a.get("id"): " ".join("".join(a.itertext()).split()) for a in page.iter(f"{XHTML}article")}
    for name, rule in RULES.items():
        shown = articles[f"rule-{name}"]
        assert rule.summary in shown
        assert " ".join(rule.text.split()) in shown
    assert "Hervas-Oliver" in articles[f"rule-{NAME}"]
    term = service.get("/ontology/term/sawAtWork", headers={"Accept": "text/html"}).text
    assert f'<dt>Follows by rule</dt><dd><a href="../../ontology#rule-{NAME}">{NAME}</a></dd>' in term
    assert "Ours, because" in articles["rule-districts-share-broker"]


def test_rules_are_read_by_who_may_read_the_ontology(state: pytest.TempPathFactory) -> None:
    closed = '["https://w3id.org/districtgraph/graph/ontology"]'
    with serving(state, DISTRICTGRAPH_CLOSED_GRAPHS=closed) as service:  # type: ignore[arg-type]
        assert service.get("/api/rules").status_code == 403
        assert service.get(f"/api/rules/{NAME}").status_code == 403
