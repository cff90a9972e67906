"""Adds what follows from the facts by the ontology's axioms, in a graph of its own."""

from collections.abc import Iterable

import pyoxigraph as ox

from ontology.iris import GRAPH, OWL, RDF, RDFS

INFERRED = ox.NamedNode(GRAPH + "inferred")

_PREFIXES = f"PREFIX owl: <{OWL}> PREFIX rdf: <{RDF}> PREFIX rdfs: <{RDFS}>\n"

# Named as in the OWL 2 RL/RDF rules, https://www.w3.org/TR/owl2-profiles/#Reasoning_in_OWL_2_RL_and_RDF_Graphs_using_Rules
RULES = {
    "cax-sco": """CONSTRUCT { ?x a ?wide } WHERE {
        ?narrow rdfs:subClassOf+ ?wide . ?x a ?narrow }""",
    "cax-eqc": """CONSTRUCT { ?x a ?other } WHERE {
        { ?class owl:equivalentClass ?other } UNION { ?other owl:equivalentClass ?class } ?x a ?class }""",
    "cls-int1": """CONSTRUCT { ?x a ?all } WHERE {
        ?all owl:intersectionOf ?list . ?list rdf:first ?class . ?x a ?class .
        FILTER NOT EXISTS { ?list rdf:rest+/rdf:first ?other . FILTER NOT EXISTS { ?x a ?other } } }""",
    "cls-int2": """CONSTRUCT { ?x a ?class } WHERE {
        ?all owl:intersectionOf/rdf:rest*/rdf:first ?class . ?x a ?all }""",
    "cls-uni": """CONSTRUCT { ?x a ?any } WHERE { ?any owl:unionOf/rdf:rest*/rdf:first ?class . ?x a ?class }""",
    "cls-svf1": """CONSTRUCT { ?x a ?some } WHERE {
        ?some owl:someValuesFrom ?class ; owl:onProperty ?p . ?x ?p ?y . ?y a ?class }""",
    "cls-hv1": """CONSTRUCT { ?x ?p ?value } WHERE { ?has owl:hasValue ?value ; owl:onProperty ?p . ?x a ?has }""",
    "cls-hv2": """CONSTRUCT { ?x a ?has } WHERE { ?has owl:hasValue ?value ; owl:onProperty ?p . ?x ?p ?value }""",
    "prp-dom": """CONSTRUCT { ?x a ?class } WHERE { ?p rdfs:domain ?class . ?x ?p ?y }""",
    "prp-rng": """CONSTRUCT { ?y a ?class } WHERE {
        ?p rdfs:range ?class . ?p a owl:ObjectProperty . ?x ?p ?y }""",
    "prp-spo1": """CONSTRUCT { ?x ?wide ?y } WHERE {
        ?narrow rdfs:subPropertyOf+ ?wide . FILTER(?narrow != ?wide) ?x ?narrow ?y }""",
    "prp-inv": """CONSTRUCT { ?y ?inverse ?x } WHERE {
        { ?p owl:inverseOf ?inverse } UNION { ?inverse owl:inverseOf ?p } ?x ?p ?y }""",
    "prp-symp": """CONSTRUCT { ?y ?p ?x } WHERE { ?p a owl:SymmetricProperty . ?x ?p ?y }""",
    "prp-trp": """CONSTRUCT { ?x ?p ?z } WHERE { ?p a owl:TransitiveProperty . ?x ?p ?y . ?y ?p ?z }""",
    "prp-spo2": """CONSTRUCT { ?x ?p ?z } WHERE {
        ?p owl:propertyChainAxiom ( ?first ?second ) . ?x ?first ?y . ?y ?second ?z }""",
}


def infer(quads: Iterable[ox.Quad]) -> set[ox.Quad]:
    """Return, in the graph `inferred`, every triple that RULES yield from `quads` and that is not in them.

    `quads` must hold the ontology too. The rules run until they add nothing more. That a thing belongs to a class
    without a name is a step on the way, and left out of the answer.
    """
    store = ox.Store()
    store.extend(quads)
    inferred: set[ox.Quad] = set()
    while True:
        new = {
            ox.Quad(triple.subject, triple.predicate, triple.object, INFERRED)
            for rule in RULES.values()
            for triple in _construct(store, rule)
            if not _holds(store, triple)
        }
        if not new:
            return {quad for quad in inferred if not isinstance(quad.object, ox.BlankNode)}
        store.extend(new)
        inferred |= new


def _construct(store: ox.Store, rule: str) -> ox.QueryTriples:
    results = store.query(_PREFIXES + rule, use_default_graph_as_union=True)
    assert isinstance(results, ox.QueryTriples)
    return results


def _holds(store: ox.Store, triple: ox.Triple) -> bool:
    """Tell whether the triple stands in any graph."""
    found = store.quads_for_pattern(triple.subject, triple.predicate, triple.object, None)
    return next(found, None) is not None
