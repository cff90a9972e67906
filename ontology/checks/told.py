"""What follows from the axioms as they are told, by looking at names alone: what is above what, and what is disjoint.

Less than a reasoner finds, but at once, without Java, and with the reason.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

from rdflib import BNode, Graph, URIRef
from rdflib.namespace import OWL, RDF, RDFS
from rdflib.term import Node

from ontology.checks.checked import Checked, in_order, members
from ontology.iris import compress

Path = tuple[Node, ...]


@dataclass(frozen=True)
class Clash:
    """Two disjoint classes that something belongs to, and the ways by which it does."""

    ways: tuple[Path, Path]

    def __str__(self) -> str:
        one, other = (_spoken(way) for way in self.ways)
        return f"{one} and {other}, and the two are disjoint"


@dataclass(frozen=True)
class Told:
    """What `graph` tells: disjoint classes, the properties right above each, and the disjoint unions of each class."""

    graph: Graph
    disjoint: Mapping[Node, set[Node]]
    wider: Mapping[Node, set[Node]]
    unions: Mapping[Node, set[Node]]
    _ways: dict[Node, dict[Node, Path]]

    def ways_up(self, class_: Node) -> Mapping[Node, Path]:
        """Return every class above `class_`, and itself, with the shortest way there."""
        if class_ not in self._ways:
            found: dict[Node, Path] = {class_: (class_,)}
            waiting = [class_]
            while waiting:
                low = waiting.pop(0)
                for high in in_order({*_above(self.graph, low), *self.unions.get(low, ())}):
                    if high not in found:
                        found[high] = (*found[low], high)
                        waiting.append(high)
            self._ways[class_] = found
        return self._ways[class_]

    def clash(self, expressions: Iterable[Node]) -> Clash | None:
        """Return two disjoint classes to which whatever belongs to all `expressions` belongs, or None.

        Of a union, alternatives that clash with what is certain are struck out; the last one left is certain too.
        """
        open_: list[list[list[Node]]] = []
        certain: list[Node] = []
        for expression in expressions:
            alternatives = _alternatives(self.graph, expression)
            if len(alternatives) == 1:
                certain += alternatives[0]
            else:
                open_.append(alternatives)
        clash = self._clash_of_names(certain)
        while open_ and clash is None:
            left = [[a for a in union if self._clash_of_names(certain + a) is None] for union in open_]
            for union, remaining in zip(open_, left, strict=True):
                if not remaining:
                    return self._clash_of_names(certain + union[0])
            if all(len(remaining) > 1 for remaining in left):
                return None
            certain += [name for remaining in left if len(remaining) == 1 for name in remaining[0]]
            open_ = [remaining for remaining in left if len(remaining) > 1]
            clash = self._clash_of_names(certain)
        return clash

    def ends(self, property_: Node) -> tuple[list[Node], list[Node]]:
        """Return the told domains and ranges of an object property, of those above it and of inverses."""
        domains: list[Node] = []
        ranges: list[Node] = []
        for wide, is_turned in self.properties_up(property_):
            axes = (RDFS.range, RDFS.domain) if is_turned else (RDFS.domain, RDFS.range)
            domains += self.graph.objects(wide, axes[0])
            ranges += self.graph.objects(wide, axes[1])
        return domains, ranges

    def properties_up(self, property_: Node) -> list[tuple[Node, bool]]:
        """Return every property that follows from `property_`, and itself; True where it joins the other way round."""
        found = [(property_, False)]
        for current, is_turned in found:
            steps = [(above, is_turned) for above in in_order(self.wider.get(current, ()))]
            steps += [(other, not is_turned) for other in in_order(_inverses(self.graph, current))]
            found += [step for step in steps if step not in found]
        return found

    def _clash_of_names(self, names: list[Node]) -> Clash | None:
        ways: dict[Node, Path] = {}
        for name in names:
            for above, way in self.ways_up(name).items():
                ways.setdefault(above, way)
        clashes = [(ways[a], ways[b]) for a in ways for b in self.disjoint.get(a, ()) if b in ways and str(a) <= str(b)]
        return Clash(min(clashes, key=lambda pair: (len(pair[0]) + len(pair[1]), pair))) if clashes else None


@lru_cache(maxsize=2)
def told(checked: Checked) -> Told:
    """Return what the modules tell."""
    return told_of(checked.graph)


def told_of(graph: Graph) -> Told:
    """Return what the axioms of `graph` tell."""
    disjoint: dict[Node, set[Node]] = defaultdict(set)
    for one, other in _disjoint_pairs(graph):
        disjoint[one].add(other)
        disjoint[other].add(one)
    wider: dict[Node, set[Node]] = defaultdict(set)
    for low, high in graph.subject_objects(RDFS.subPropertyOf):
        wider[low].add(high)
    for one, other in graph.subject_objects(OWL.equivalentProperty):
        wider[one].add(other)
        wider[other].add(one)
    unions: dict[Node, set[Node]] = defaultdict(set)
    for class_, head in graph.subject_objects(OWL.disjointUnionOf):
        for member in members(graph, head):
            unions[member].add(class_)
    return Told(graph, disjoint, wider, unions, {})


def restrictions(graph: Graph, class_: Node) -> Iterator[tuple[Node, Node]]:
    """Yield property and filler of what each member of `class_` is told to have at least one of."""
    for expression in _necessary(graph, class_):
        property_ = graph.value(expression, OWL.onProperty)
        filler = graph.value(expression, OWL.someValuesFrom)
        if isinstance(property_, URIRef) and filler is not None:
            yield property_, filler


def _above(graph: Graph, class_: Node) -> Iterator[Node]:
    yield from (expression for expression in _necessary(graph, class_) if isinstance(expression, URIRef))
    yield from (sub for sub in graph.subjects(OWL.equivalentClass, class_) if isinstance(sub, URIRef))


def _necessary(graph: Graph, class_: Node) -> Iterator[Node]:
    """Yield the names and expressions that `class_` is told to be below, conjunctions taken apart."""
    waiting = [*graph.objects(class_, RDFS.subClassOf), *graph.objects(class_, OWL.equivalentClass)]
    seen: set[Node] = set()
    while waiting:
        expression = waiting.pop(0)
        if expression in seen:
            continue
        seen.add(expression)
        intersection = graph.value(expression, OWL.intersectionOf) if isinstance(expression, BNode) else None
        if intersection is not None:
            waiting += members(graph, intersection)
        else:
            yield expression


def _disjoint_pairs(graph: Graph) -> Iterator[tuple[Node, Node]]:
    yield from graph.subject_objects(OWL.disjointWith)
    for node in graph.subjects(RDF.type, OWL.AllDisjointClasses):
        for head in graph.objects(node, OWL.members):
            yield from combinations(members(graph, head), 2)
    for head in graph.objects(None, OWL.disjointUnionOf):
        yield from combinations(members(graph, head), 2)
    for expression, other in graph.subject_objects(OWL.complementOf):
        for predicate in (RDFS.subClassOf, OWL.equivalentClass):
            yield from ((class_, other) for class_ in graph.subjects(predicate, expression))


def _alternatives(graph: Graph, expression: Node) -> list[list[Node]]:
    """Return the conjunctions of names in whose union `expression` lies; one without names says nothing."""
    if isinstance(expression, URIRef):
        return [[expression]]
    if (union := graph.value(expression, OWL.unionOf)) is not None:
        return [choice for member in members(graph, union) for choice in _alternatives(graph, member)] or [[]]
    if (intersection := graph.value(expression, OWL.intersectionOf)) is not None:
        parts = (_alternatives(graph, member) for member in members(graph, intersection))
        return [[name for part in parts if len(part) == 1 for name in part[0]]]
    return [[]]


def _inverses(graph: Graph, property_: Node) -> Iterator[Node]:
    yield from (other for other in graph.objects(property_, OWL.inverseOf) if isinstance(other, URIRef))
    yield from (other for other in graph.subjects(OWL.inverseOf, property_) if isinstance(other, URIRef))


def _spoken(way: Path) -> str:
    names = [compress(str(name)) for name in way]
    return names[-1] if len(names) == 1 else f"{names[-1]} ({' → '.join(names)})"
