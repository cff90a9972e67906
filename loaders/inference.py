"""Adds what follows from the facts by the ontology's axioms, in a graph of its own."""

from collections.abc import Iterable

import pyoxigraph as ox

from loaders.graphs import INFERRED
from ontology.iris import OWL, RDF, RDFS

_PREFIXES = f"PREFIX owl: <{OWL}> PREFIX rdf: <{RDF}> PREFIX rdfs: <{RDFS}>\n"

# Conclusion and condition, in an order in which few rounds reach the end, named as in the OWL 2 RL/RDF rules,
# https://www.w3.org/TR/owl2-profiles/#Reasoning_in_OWL_2_RL_and_RDF_Graphs_using_Rules
RULES = {
    "prp-spo1": ("?x ?wide ?y", "?narrow rdfs:subPropertyOf+ ?wide . ?x ?narrow ?y"),
    "prp-inv": ("?y ?inverse ?x", "?p owl:inverseOf|^owl:inverseOf ?inverse . ?x ?p ?y"),
    "prp-symp": ("?y ?p ?x", "?p a owl:SymmetricProperty . ?x ?p ?y"),
    "prp-spo2": ("?x ?p ?z", "?p owl:propertyChainAxiom ( ?first ?second ) . ?x ?first ?y . ?y ?second ?z"),
    "prp-trp": ("?x ?p ?z", "?p a owl:TransitiveProperty . ?x ?p ?y . ?y ?p ?z"),
    "prp-dom": ("?x a ?class", "?p rdfs:domain ?class . FILTER(isIRI(?class)) ?x ?p ?y"),
    "prp-rng": (
        "?y a ?class",
        "?p rdfs:range ?class . FILTER(isIRI(?class)) ?p a owl:ObjectProperty . ?x ?p ?y",
    ),
    "cls-hv2": ("?x a ?has", "?has owl:hasValue ?value ; owl:onProperty ?p . ?x ?p ?value"),
    "cax-sco": ("?x a ?wide", "?narrow rdfs:subClassOf+ ?wide . ?x a ?narrow"),
    "cls-uni": (
        "?x a ?any",
        """?any owl:unionOf/rdf:rest*/rdf:first ?class . ?x a ?class .
        FILTER NOT EXISTS { ?property rdfs:domain|rdfs:range ?any }""",
    ),
    "cls-svf1": ("?x a ?some", "?some owl:someValuesFrom ?class ; owl:onProperty ?p . ?x ?p ?y . ?y a ?class"),
    "cls-int1": (
        "?x a ?all",
        """{ SELECT ?all (COUNT(?class) AS ?asked) WHERE { ?all owl:intersectionOf/rdf:rest*/rdf:first ?class }
          GROUP BY ?all }
        { SELECT ?all ?x (COUNT(?class) AS ?met) WHERE {
            ?all owl:intersectionOf/rdf:rest*/rdf:first ?class . { SELECT DISTINCT ?x ?class { ?x a ?class } } }
          GROUP BY ?all ?x }
        FILTER(?met = ?asked)""",
    ),
    "cax-eqc": ("?x a ?other", "?class owl:equivalentClass|^owl:equivalentClass ?other . ?x a ?class"),
    "cls-int2": ("?x a ?class", "?all owl:intersectionOf/rdf:rest*/rdf:first ?class . ?x a ?all"),
    "cls-hv1": ("?x ?p ?value", "?has owl:hasValue ?value ; owl:onProperty ?p . ?x a ?has"),
}


def infer(quads: Iterable[ox.Quad]) -> set[ox.Quad]:
    """Return, in the graph `inferred`, every triple that RULES yield from `quads` and that is not in them.

    `quads` must hold the ontology too. The rules run until they add nothing more. That a thing belongs to a class
    without a name is a step on the way, and left out of the answer.
    """
    store = ox.Store()
    store.extend(quads)
    inferred: set[ox.Quad] = set()
    is_closed = False
    while not is_closed:
        is_closed = True
        for conclusion, condition in RULES.values():
            triples = _new(store, conclusion, condition)
            if new := {ox.Quad(t.subject, t.predicate, t.object, INFERRED) for t in triples}:
                is_closed = False
                store.extend(new)  # at once, so that the rules below have it in the same round
                inferred |= new
    return {quad for quad in inferred if not isinstance(quad.object, ox.BlankNode)}


def _new(store: ox.Store, conclusion: str, condition: str) -> ox.QueryTriples:
    """Return the conclusions of a rule that no graph has yet."""
    rule = f"CONSTRUCT {{ {conclusion} }} WHERE {{ {condition} FILTER NOT EXISTS {{ {conclusion} }} }}"
    results = store.query(_PREFIXES + rule, use_default_graph_as_union=True)
    assert isinstance(results, ox.QueryTriples)
    return results
