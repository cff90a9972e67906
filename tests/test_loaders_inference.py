"""What follows from the facts: the same as owlrl finds, for the axioms that the rules are for."""

import owlrl
import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st

from loaders.graphs import INFERRED
from loaders.inference import infer

NS = "http://example.org/"
ASSERTED = ox.NamedNode(NS + "asserted")
SCHEMA = """
@prefix : <http://example.org/> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
:A rdfs:subClassOf :B . :B rdfs:subClassOf :C .
:narrow rdfs:subPropertyOf :middle . :middle rdfs:subPropertyOf :wide .
:within a owl:ObjectProperty, owl:TransitiveProperty .
:beside a owl:ObjectProperty, owl:SymmetricProperty .
:brokerOf a owl:ObjectProperty ; owl:inverseOf :broker .
:broker a owl:ObjectProperty . :about a owl:ObjectProperty .
:brokers a owl:ObjectProperty ; owl:propertyChainAxiom ( :brokerOf :about ) ; rdfs:subPropertyOf :middle .
:beside rdfs:domain :A . :about rdfs:range [ owl:unionOf ( :B :E ) ] ; rdfs:domain :E .
:D owl:equivalentClass [ owl:intersectionOf ( :A [ owl:onProperty :beside ; owl:someValuesFrom :B ] ) ] .
:Pointed owl:equivalentClass [ owl:onProperty :about ; owl:hasValue :z ] .
:E rdfs:subClassOf [ owl:onProperty :within ; owl:hasValue :y ] .
:U owl:equivalentClass [ owl:unionOf ( :D :Pointed ) ] .
"""
THINGS = st.sampled_from([rdflib.URIRef(NS + name) for name in "uvwxyz"])
PROPERTIES = [
    rdflib.URIRef(NS + n) for n in ("narrow", "middle", "wide", "within", "beside", "broker", "brokerOf", "about")
]
FACTS = st.lists(
    st.one_of(
        st.tuples(THINGS, st.sampled_from(PROPERTIES), THINGS),
        st.tuples(THINGS, st.just(rdflib.RDF.type), st.sampled_from([rdflib.URIRef(NS + c) for c in "ABCDEU"])),
    ),
    max_size=12,
)


@settings(max_examples=60, deadline=None)
@given(FACTS)
@pytest.mark.slow
def test_the_rules_find_what_owlrl_finds(facts: list[tuple[rdflib.URIRef, rdflib.URIRef, rdflib.URIRef]]) -> None:
    graph = rdflib.Graph().parse(data=SCHEMA, format="turtle")
    for fact in facts:
        graph.add(fact)
    quads = [
        ox.Quad(quad.subject, quad.predicate, quad.object, ASSERTED)
        for quad in ox.parse(graph.serialize(format="nt").encode(), format=ox.RdfFormat.N_TRIPLES)
    ]
    inferred = infer(quads)
    assert all(quad.graph_name == INFERRED for quad in inferred)
    ours = {(q.subject.value, q.predicate.value, q.object.value) for q in inferred if about_things(q.subject.value)}
    before = {tuple(map(str, triple)) for triple in graph}
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(graph)
    properties = {str(p) for p in [*PROPERTIES, rdflib.URIRef(NS + "brokers"), rdflib.RDF.type]}
    theirs = {
        triple
        for triple in (tuple(map(str, t)) for t in graph)
        if about_things(triple[0]) and triple[1] in properties and triple[2].startswith(NS) and triple not in before
    }
    assert ours == theirs


def about_things(iri: str) -> bool:
    return iri.removeprefix(NS) in "uvwxyz"
