"""Which constraints look at nothing but the triples of their focus node, and are so asked of what changed alone."""

import pytest

from ontology.constraint_reach import is_local, is_local_as_parsed, is_of_axiom
from ontology.iris import SH
from ontology.shapes import read_constraints

PREFIXES = """PREFIX : <urn:> PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> """
LOCAL = [
    "SELECT $this { $this :p ?v ; :q ?w . ?x :r $this }",
    "SELECT $this { $this (:p|^:q) ?v }",
    "SELECT $this { $this a/rdfs:subClassOf* :C }",
    "SELECT $this { ?c rdfs:subClassOf* :C . $this a ?c }",
    "SELECT $this { $this :p ?x OPTIONAL { $this :q ?z } MINUS { $this :r 1 } }",
    "SELECT $this { $this :p ?x { SELECT * { $this :q ?y } } }",
    "SELECT $this { $this a ?c , ?d . ?c owl:disjointWith ?d }",
    "SELECT $this { $this ?p ?v , ?w . ?p a owl:FunctionalProperty }",
]
FAR = [
    "SELECT $this { $this :p/:q ?w }",
    "SELECT $this { $this :p ?v . ?v :q ?w }",
    "SELECT $this { $this :p+ ?x }",
    "SELECT $this { $this :p ?x . ?x ?y $this . ?x ?y ?z }",
    "SELECT $this { $this :p [ :q 3 ] }",
    "SELECT $this { $this :p ?x MINUS { ?x :q 1 } }",
    "SELECT $this { $this :p ?x FILTER(NOT EXISTS { $this :q ?y FILTER(EXISTS { ?y :r :C }) }) }",
    "SELECT $this { $this :p ?x FILTER(EXISTS { ?x a/rdfs:subClassOf* :C }) }",
    "SELECT $this { $this :p ?x { SELECT ?y { $this :q ?y } } }",
    "SELECT $this { $this :p ?x } GROUP BY $this HAVING(COUNT(?x) > 1)",
    "SELECT $this (COUNT(?x) AS ?n) { $this :p ?x }",
    "SELECT $this { $this :p ?x } LIMIT 1",
    "SELECT $this { GRAPH ?g { $this :p ?x } }",
    "SELECT $this { $this :p ?x . ?y a owl:Thing }",
    "SELECT $this { $this :p ?x . ?x rdfs:subClassOf* ?y }",
    "SELECT $this { $this rdfs:subClassOf*/:p ?x }",
    "SELECT $this { ?x :p/rdfs:subClassOf* $this }",
]


@pytest.mark.parametrize("query", LOCAL)
def test_a_query_about_the_triples_of_a_node_is_local(query: str) -> None:
    assert is_local_as_parsed(PREFIXES + query)


@pytest.mark.parametrize("query", FAR)
def test_a_query_that_looks_further_is_not(query: str) -> None:
    assert not is_local_as_parsed(PREFIXES + query)


@pytest.mark.slow
def test_what_the_text_of_a_constraint_tells_is_what_its_parsed_query_does() -> None:
    compiled = [each for each in read_constraints() if each.component != SH + "SPARQLConstraintComponent"]
    found = {each.query: (is_local(each), is_local_as_parsed(each.query)) for each in compiled}
    assert [query for query, (by_text, as_parsed) in found.items() if by_text != as_parsed] == []
    assert {True, False} == {by_text for by_text, _ in found.values()}


def test_axioms_are_told_from_what_is_said_of_things() -> None:
    owl, rdfs = "http://www.w3.org/2002/07/owl#", "http://www.w3.org/2000/01/rdf-schema#"
    rdf_type = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
    assert is_of_axiom(rdfs + "subClassOf", "urn:C")
    assert is_of_axiom(rdf_type, owl + "TransitiveProperty")
    assert is_of_axiom(owl + "inverseOf", "urn:p")
    assert not is_of_axiom(rdf_type, owl + "NamedIndividual")
    assert not is_of_axiom(owl + "sameAs", "urn:x")
    assert not is_of_axiom(rdfs + "label", "Subclass")
