"""What owlrl, a naive implementation of the rules of OWL 2 RL, finds: the closure, and what contradicts."""

from collections.abc import Iterable
from dataclasses import dataclass

import owlrl
import pyoxigraph as ox
import rdflib
from owlrl.Namespaces import ERRNS
from rl_cases import is_trivial

from ontology.iris import OWL, RDF, RDFS, XSD

_LANGUAGES = (OWL, RDF, RDFS, XSD)


@dataclass(frozen=True)
class Closure:
    """The triples that follow, as `comparable` leaves them, what contradicts, and literals said to be the same."""

    triples: frozenset[ox.Triple]
    errors: tuple[str, ...]
    merges_literals: bool


def closure(text: str) -> Closure:
    """Return what owlrl finds in an ontology in Turtle: its triples, those of the text too."""
    graph = rdflib.Graph().parse(data=text, format="turtle")
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics, axiomatic_triples=False, datatype_axioms=False).expand(graph)
    errors = tuple(sorted(str(message) for message in graph.objects(None, ERRNS.error)))
    literals = (pair for pair in graph.subject_objects(rdflib.OWL.sameAs) if isinstance(pair[0], rdflib.Literal))
    merges_literals = any(isinstance(other, rdflib.Literal) and one != other for one, other in literals)
    return Closure(frozenset(comparable(_triples(graph))), errors, merges_literals)


def _triples(graph: rdflib.Graph) -> Iterable[ox.Triple]:
    """Return the triples of `graph` that RDF allows."""
    proper = rdflib.Graph()
    for subject, predicate, object_ in graph:
        if not isinstance(subject, rdflib.Literal) and isinstance(predicate, rdflib.URIRef):
            proper.add((subject, predicate, object_))
    text = proper.serialize(format="nt", encoding="utf-8")
    return (quad.triple for quad in ox.parse(text, format=ox.RdfFormat.N_TRIPLES))


def comparable(triples: Iterable[ox.Triple]) -> Iterable[ox.Triple]:
    """Leave out what holds of everything, what has blank nodes, and what is said of the terms of the languages."""
    for triple in triples:
        named = not any(isinstance(term, ox.BlankNode) for term in triple)
        if named and not is_trivial(triple) and not triple.subject.value.startswith(_LANGUAGES):
            yield triple
