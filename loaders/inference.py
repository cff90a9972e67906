"""Adds what follows from the facts by the ontology's axioms, in a graph of its own."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import pyoxigraph as ox

from loaders.graphs import INFERRED, merged
from ontology.iris import OWL, RDF, RDFS

_PREFIXES = f"PREFIX owl: <{OWL}> PREFIX rdf: <{RDF}> PREFIX rdfs: <{RDFS}>\n"

# The triples of the last round, for the next one to work on.
_LAST = ox.NamedNode("urn:districtgraph:last-round")

# From an intersection to its parts: a list that is walked once for each thing takes hundreds of times as long.
_PART = ox.NamedNode("urn:districtgraph:part")
_PARTS = f"CONSTRUCT {{ ?all {_PART} ?class }} WHERE {{ ?all owl:intersectionOf/rdf:rest*/rdf:first ?class }}"

# What makes a class without a name worth knowing the members of: something follows from membership.
_YIELDS = "FILTER(isIRI(?wide) || EXISTS { ?wide owl:hasValue|owl:intersectionOf|owl:equivalentClass ?part })"
_IS_ASKED_FOR = "FILTER EXISTS { ?some rdfs:subClassOf|owl:equivalentClass|^owl:equivalentClass|^rdf:first ?use }"


class Rule(NamedTuple):
    """`conclusion` follows where the ontology has `axioms` and each pattern of `facts` has a match."""

    conclusion: str
    axioms: str
    facts: tuple[str, ...]
    condition: str = ""


# Named as in https://www.w3.org/TR/owl2-profiles/#Reasoning_in_OWL_2_RL_and_RDF_Graphs_using_Rules
RULES = {
    "prp-spo1": Rule("?x ?wide ?y", "?narrow rdfs:subPropertyOf+ ?wide", ("?x ?narrow ?y",)),
    "prp-inv": Rule("?y ?inverse ?x", "?p owl:inverseOf|^owl:inverseOf ?inverse", ("?x ?p ?y",)),
    "prp-symp": Rule("?y ?p ?x", "?p a owl:SymmetricProperty", ("?x ?p ?y",)),
    "prp-spo2": Rule("?x ?p ?z", "?p owl:propertyChainAxiom ( ?first ?second )", ("?x ?first ?y", "?y ?second ?z")),
    "prp-trp": Rule("?x ?p ?z", "?p a owl:TransitiveProperty", ("?x ?p ?y", "?y ?p ?z")),
    "prp-dom": Rule("?x a ?class", "?p rdfs:domain ?class . FILTER(isIRI(?class))", ("?x ?p ?y",)),
    "prp-rng": Rule(
        "?y a ?class", "?p rdfs:range ?class . FILTER(isIRI(?class)) ?p a owl:ObjectProperty", ("?x ?p ?y",)
    ),
    "cls-hv1": Rule("?x ?p ?value", "?has owl:hasValue ?value ; owl:onProperty ?p", ("?x a ?has",)),
    "cls-hv2": Rule("?x a ?has", "?has owl:hasValue ?value ; owl:onProperty ?p", ("?x ?p ?value",)),
    "cls-svf1": Rule(
        "?x a ?some",
        f"?some owl:someValuesFrom ?class ; owl:onProperty ?p . {_IS_ASKED_FOR}",
        ("?x ?p ?y", "?y a ?class"),
    ),
    "cls-uni": Rule(
        "?x a ?any",
        """?any owl:unionOf/rdf:rest*/rdf:first ?class .
        FILTER NOT EXISTS { ?property rdfs:domain|rdfs:range ?any }""",
        ("?x a ?class",),
    ),
    "cls-int1": Rule(
        "?x a ?all",
        f"?all {_PART} ?class",
        ("?x a ?class",),
        f"FILTER NOT EXISTS {{ ?all {_PART} ?other . FILTER NOT EXISTS {{ ?x a ?other }} }}",
    ),
    "cls-int2": Rule("?x a ?class", f"?all {_PART} ?class", ("?x a ?all",)),
    "cax-sco": Rule("?x a ?wide", f"?narrow rdfs:subClassOf+ ?wide . {_YIELDS}", ("?x a ?narrow",)),
    "cax-eqc": Rule("?x a ?other", "?class owl:equivalentClass|^owl:equivalentClass ?other", ("?x a ?class",)),
}


def infer(quads: Iterable[ox.Quad]) -> set[ox.Quad]:
    """Return, in the graph `inferred`, every triple that RULES yield from `quads` and that is not in them.

    `quads` must hold the ontology too. The rules run in rounds until one adds nothing; after the first, a rule is
    asked only for what has a match among the triples of the last round (semi-naive evaluation). That a thing belongs
    to a class without a name is a step on the way, and left out of the answer.
    """
    store = ox.Store()
    store.bulk_extend(merged(quads))
    store.bulk_extend(merged(_constructed(store, _PARTS)))
    inferred: set[ox.Triple] = set()
    last = {triple for rule in RULES.values() for triple in _concluded(store, rule, rule.facts)}
    while last:
        inferred |= last
        store.bulk_extend(merged(last))
        store.clear_graph(_LAST)
        store.bulk_extend(ox.Quad(triple.subject, triple.predicate, triple.object, _LAST) for triple in last)
        last = {triple for rule in RULES.values() for triple in _of_last_round(store, rule)}
    named = (triple for triple in inferred if not isinstance(triple.object, ox.BlankNode))
    return {ox.Quad(triple.subject, triple.predicate, triple.object, INFERRED) for triple in named}


def _of_last_round(store: ox.Store, rule: Rule) -> Iterator[ox.Triple]:
    """Yield the conclusions that need a triple of the last round."""
    for fact in rule.facts:
        others = (other for other in rule.facts if other != fact)
        yield from _concluded(store, rule, (f"GRAPH {_LAST} {{ {fact} }}", *others))


def _concluded(store: ox.Store, rule: Rule, facts: Iterable[str]) -> ox.QueryTriples:
    """Return the conclusions of a rule, with its facts matched as `facts` says, that `store` does not have yet."""
    where = f"{rule.axioms} . {' . '.join(facts)} . {rule.condition} FILTER NOT EXISTS {{ {rule.conclusion} }}"
    return _constructed(store, f"CONSTRUCT {{ {rule.conclusion} }} WHERE {{ {where} }}")


def _constructed(store: ox.Store, query: str) -> ox.QueryTriples:
    results = store.query(_PREFIXES + query)
    assert isinstance(results, ox.QueryTriples)
    return results
