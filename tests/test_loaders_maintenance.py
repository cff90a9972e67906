"""What follows from facts that change is kept the same as if it were worked out anew."""

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loaders.inference import infer, reason
from loaders.reasoning.compiling import rules_about_things
from loaders.reasoning.engines import KNOWN, Embedded, Graph
from loaders.reasoning.maintenance import maintain
from loaders.reasoning.stated import axioms_in, named

NS = "http://example.org/"
FOLLOWING = ox.NamedNode("urn:following")
SCHEMA = """
@prefix : <http://example.org/> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
:A rdfs:subClassOf :B . :B rdfs:subClassOf :C .
:narrow rdfs:subPropertyOf :wide . :wide rdfs:domain :A . :wide rdfs:range :D .
:within a owl:TransitiveProperty . :beside a owl:SymmetricProperty .
:brokerOf owl:inverseOf :broker . :brokers owl:propertyChainAxiom ( :brokerOf :about ) .
:D owl:equivalentClass [ owl:intersectionOf ( :A [ owl:onProperty :beside ; owl:someValuesFrom :B ] ) ] .
:E rdfs:subClassOf [ owl:onProperty :within ; owl:hasValue :home ] .
:code a owl:InverseFunctionalProperty .
:F owl:disjointWith :D .
"""
THINGS = st.sampled_from([ox.NamedNode(NS + name) for name in "uvwxyz"])
PROPERTIES = st.sampled_from(
    [
        ox.NamedNode(NS + name)
        for name in ("narrow", "wide", "within", "beside", "broker", "brokerOf", "about", "brokers", "code")
    ]
)
TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
FACTS = st.sets(
    st.one_of(
        st.builds(ox.Triple, THINGS, PROPERTIES, THINGS),
        st.builds(ox.Triple, THINGS, st.just(TYPE), st.sampled_from([ox.NamedNode(NS + name) for name in "ABCDEF"])),
    ),
    max_size=14,
)
AXIOMS = {named(quad, KNOWN).triple for quad in ox.parse(SCHEMA.encode(), format=ox.RdfFormat.TURTLE)}


def in_graph(triples: set[ox.Triple], graph: Graph) -> list[ox.Quad]:
    return [ox.Quad(t.subject, t.predicate, t.object, graph) for t in triples]


def following(facts: set[ox.Triple]) -> set[ox.Triple]:
    return {quad.triple for quad in infer(in_graph(AXIOMS | facts, KNOWN))}


def contradicted(facts: set[ox.Triple]) -> bool:
    return bool(reason(in_graph(AXIOMS | facts, KNOWN)).contradictions)


@pytest.mark.slow
@settings(max_examples=20, deadline=None)
@given(FACTS, FACTS, FACTS, st.sampled_from([KNOWN, ox.DefaultGraph()]))
def test_a_change_is_followed_as_if_all_were_worked_out_anew(
    kept: set[ox.Triple], before: set[ox.Triple], after: set[ox.Triple], known: Graph
) -> None:
    old, new = kept | before, kept | after
    store = ox.Store()
    store.extend(in_graph(AXIOMS | old | following(old), known) + in_graph(following(old), FOLLOWING))
    engine = Embedded(store, known)
    maintained = maintain(engine, rules_about_things(axioms_in(engine, known)), old - new, new - old, FOLLOWING)
    stored = {quad.triple for quad in store.quads_for_pattern(None, None, None, FOLLOWING)}
    assert stored == following(new)
    assert maintained.added == following(new) - following(old)
    assert maintained.removed == following(old) - following(new)
    assert {quad.triple for quad in store.quads_for_pattern(None, None, None, known)} == AXIOMS | new | stored
    assert set(store.named_graphs()) <= {KNOWN, FOLLOWING}
    if not contradicted(old):
        assert maintained.contradicted == contradicted(new)
