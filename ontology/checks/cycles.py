"""Checks that nothing is above itself: no class, property or concept."""

from collections.abc import Iterable, Iterator

from rdflib import URIRef
from rdflib.namespace import RDFS, SKOS
from rdflib.term import Node

from ontology.checks.checked import Checked, Flaw
from ontology.findings import Severity
from ontology.iris import compress


def cycles(checked: Checked) -> Iterator[Flaw]:
    """No class, property or concept is above itself."""
    narrower = [(narrow, broad) for broad, narrow in checked.graph.subject_objects(SKOS.narrower)]
    for predicate, pairs in (
        (RDFS.subClassOf, checked.graph.subject_objects(RDFS.subClassOf)),
        (RDFS.subPropertyOf, checked.graph.subject_objects(RDFS.subPropertyOf)),
        (SKOS.broader, [*checked.graph.subject_objects(SKOS.broader), *narrower]),
    ):
        yield from _cycles(checked, predicate, pairs)


def _cycles(checked: Checked, predicate: URIRef, pairs: Iterable[tuple[Node, Node]]) -> Iterator[Flaw]:
    above: dict[Node, list[Node]] = {}
    for low, high in sorted(pairs, key=str):
        if isinstance(low, URIRef) and isinstance(high, URIRef):
            above.setdefault(low, []).append(high)
    told: set[Node] = set()
    for start in above:
        if start not in told and (way := _way_back(above, start)):
            told.update(way)
            spoken = " → ".join(compress(str(node)) for node in way)
            message = f"is above itself by {compress(str(predicate))}: {spoken}"
            yield checked.flaw(Severity.ERROR, start, message, "remove one of these steps", str(way[1]))


def _way_back(above: dict[Node, list[Node]], start: Node) -> tuple[Node, ...]:
    """Return the shortest way from `start` up to itself, or nothing."""
    ways: list[tuple[Node, ...]] = [(start,)]
    seen: set[Node] = set()
    while ways:
        way = ways.pop(0)
        for high in above.get(way[-1], ()):
            if high == start:
                return (*way, start)
            if high not in seen:
                seen.add(high)
                ways.append((*way, high))
    return ()
