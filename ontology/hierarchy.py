"""Finds what lies below what: classes and properties, as far as hierarchy, `and`, `or` and equivalence tell."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from rdflib import Graph, URIRef
from rdflib.namespace import OWL, RDFS
from rdflib.term import Node

from ontology.expressions import list_items

_BELOW = (RDFS.subClassOf, RDFS.subPropertyOf)
_EQUIVALENT = (OWL.equivalentClass, OWL.equivalentProperty)
_TOP = (OWL.Thing, OWL.topObjectProperty, OWL.topDataProperty)


def stated_below(graph: Graph) -> frozenset[tuple[str, str]]:
    """Return each pair of a named term and a named wider one that the ontology states as such."""
    pairs = (pair for predicate in _BELOW for pair in graph.subject_objects(predicate))
    return frozenset((str(narrow), str(wide)) for narrow, wide in pairs if _are_named(narrow, wide))


def below(graph: Graph) -> frozenset[tuple[str, str]]:
    """Return each pair of a named term and a named wider one, stated or not.

    These are scm-sco, -spo, -eqc, -eqp, -int and -uni of the OWL 2 RL rules. What only a reasoner finds, for instance
    by restrictions, is not among them.
    """
    wider: defaultdict[Node, set[Node]] = defaultdict(set)
    for narrow, wide in _steps(graph):
        wider[narrow].add(wide)
    return frozenset(
        (str(term), str(above))
        for term in list(wider)
        for above in _reached(term, wider)
        if above not in (term, *_TOP) and _are_named(term, above)
    )


def _steps(graph: Graph) -> Iterator[tuple[Node, Node]]:
    """Yield each node, a blank one too, with one that is just above it."""
    for predicate in _BELOW:
        yield from graph.subject_objects(predicate)
    for predicate in _EQUIVALENT:
        for one, other in graph.subject_objects(predicate):
            yield from ((one, other), (other, one))
    for whole, operands in graph.subject_objects(OWL.intersectionOf):
        yield from ((whole, operand) for operand in list_items(graph, operands) or [])
    for predicate in (OWL.unionOf, OWL.disjointUnionOf):
        for whole, operands in graph.subject_objects(predicate):
            yield from ((operand, whole) for operand in list_items(graph, operands) or [])


def _reached(term: Node, wider: Mapping[Node, set[Node]]) -> set[Node]:
    found: set[Node] = set()
    left = {term}
    while left:
        found |= left
        left = {above for node in left for above in wider.get(node, ())} - found
    return found


def _are_named(*nodes: Node) -> bool:
    return all(isinstance(node, URIRef) for node in nodes)
