"""Chooses the main classes of the ontology, and the object properties between them, for a picture.

A class is main where object properties attach to it or to what is below it, it stands above at most half of all
classes, and no class above it is main; the twenty that most properties join to others are shown, each with the kinds
below it. A property goes from the main class above its domain to the one above its range, unless there are more than
two such pairs: what is so general says little of any. Of two inverse properties the one that follows from a chain is
shown, or else the one with the shorter name.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product

from rdflib import Graph, URIRef
from rdflib.namespace import OWL, RDFS
from rdflib.term import Node

from ontology.documentation import Documentation
from ontology.entries import Kind
from ontology.expressions import list_items

_MOST_BOXES = 20
_MOST_KINDS = 8
_MOST_BELOW_KIND = 4
_MOST_PROPERTIES = 6
_MOST_PAIRS = 2


@dataclass(frozen=True)
class Shown:
    """A term in the picture; `follows` tells of a property whether it follows from a chain of others."""

    iri: str
    label: str
    follows: bool = False


@dataclass(frozen=True)
class KindOf:
    """A class below a main one with those right below itself; `left_out` is how many more there are."""

    term: Shown
    below: tuple[Shown, ...]
    left_out: int


@dataclass(frozen=True)
class Box:
    """A main class: the kinds of it, how many more there are, and the properties that join it to itself."""

    iri: str
    label: str
    kinds: tuple[KindOf, ...]
    left_out: int
    loops: tuple[Shown, ...]


@dataclass(frozen=True)
class Arrow:
    """The properties from one main class to another: those that are shown, and how many are left out."""

    source: str
    target: str
    properties: tuple[Shown, ...]
    left_out: int


@dataclass(frozen=True)
class Diagram:
    """What the picture shows, and the properties that join too many classes to be drawn."""

    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    general: tuple[Shown, ...]

    def sentences(self) -> Iterator[str]:
        """Yield what the arrows say: `actor: faces, overcomes → barrier`."""
        labels = {box.iri: box.label for box in self.boxes}
        for arrow in self.arrows:
            names = ", ".join(property_.label for property_ in arrow.properties)
            yield f"{labels[arrow.source]}: {names} → {labels[arrow.target]}"


def diagram(documentation: Documentation) -> Diagram:
    """Return the main classes of the ontology and the properties between them."""
    graph = documentation.graph
    classes = {entry.iri for entry in documentation.of_kind(Kind.CLASS)}
    properties = _one_of_inverses(graph, [entry.iri for entry in documentation.of_kind(Kind.OBJECT_PROPERTY)])
    above = {iri: _above(graph, iri) & classes for iri in classes}
    ends = {iri: (_ends(graph, iri, RDFS.domain), _ends(graph, iri, RDFS.range)) for iri in properties}
    joins, general = _joins(ends, above, _topmost(above, ends))
    main = _busiest(joins)

    def shown(iris: Iterable[str]) -> tuple[Shown, ...]:
        terms = (Shown(iri, documentation.label(iri), _follows(graph, iri)) for iri in iris)
        return tuple(sorted(terms, key=lambda term: (term.follows, term.label.casefold())))

    def kind(term: Shown) -> KindOf:
        below = shown(_below(graph, term.iri) & classes)
        return KindOf(term, below[:_MOST_BELOW_KIND], len(below[_MOST_BELOW_KIND:]))

    def box(iri: str) -> Box:
        below, loops = shown(_below(graph, iri) & classes), shown(joins.get((iri, iri), ()))
        kinds = tuple(map(kind, below[:_MOST_KINDS]))
        return Box(iri, documentation.label(iri), kinds, len(below[_MOST_KINDS:]), loops[:_MOST_PROPERTIES])

    def arrow(source: str, target: str) -> Arrow:
        joining = shown(joins[source, target])
        return Arrow(source, target, joining[:_MOST_PROPERTIES], len(joining[_MOST_PROPERTIES:]))

    pairs = [pair for pair in sorted(joins) if pair[0] != pair[1] and main.issuperset(pair)]
    return Diagram(tuple(map(box, sorted(main))), tuple(arrow(*pair) for pair in pairs), shown(general))


_Ends = dict[str, tuple[set[str], set[str]]]
_Joins = dict[tuple[str, str], set[str]]


def _topmost(above: Mapping[str, set[str]], ends: _Ends) -> set[str]:
    """Return the most general classes that properties attach to and that stand above at most half of all classes."""
    attached = {class_ for domain, range_ in ends.values() for end in domain | range_ for class_ in above.get(end, ())}
    sizes = Counter(ancestor for ancestors in above.values() for ancestor in ancestors)
    fitting = {class_ for class_ in attached if sizes[class_] * 2 <= len(above)}
    return {class_ for class_ in fitting if not (above[class_] - {class_}) & fitting}


def _joins(ends: _Ends, above: Mapping[str, set[str]], topmost: set[str]) -> tuple[_Joins, set[str]]:
    """Return the properties that join each pair of classes, and those that join too many pairs."""
    joins: _Joins = defaultdict(set)
    general: set[str] = set()
    for iri, sides in ends.items():
        sources, targets = ({c for end in side for c in above.get(end, set()) & topmost} for side in sides)
        if len(sources) * len(targets) > _MOST_PAIRS:
            general.add(iri)
            continue
        for pair in product(sources, targets):
            joins[pair].add(iri)
    return joins, general


def _busiest(joins: _Joins) -> set[str]:
    """Return the classes that most properties join to another one."""
    busy = Counter(
        class_ for (one, other), iris in joins.items() if one != other for class_ in (one, other) for _ in iris
    )
    return set(sorted(busy, key=lambda class_: (-busy[class_], class_))[:_MOST_BOXES])


def _one_of_inverses(graph: Graph, properties: Iterable[str]) -> list[str]:
    """Return the properties without those whose inverse has a shorter name."""
    left: list[str] = []
    for iri in sorted(properties, key=lambda iri: (not _follows(graph, iri), len(iri), iri)):
        node = URIRef(iri)
        inverse = {*graph.objects(node, OWL.inverseOf), *graph.subjects(OWL.inverseOf, node)} - {node}
        if not inverse & {URIRef(other) for other in left}:
            left.append(iri)
    return left


def _above(graph: Graph, iri: str) -> set[str]:
    return {str(node) for node in graph.transitive_objects(URIRef(iri), RDFS.subClassOf)}


def _below(graph: Graph, iri: str) -> set[str]:
    return {str(node) for node in graph.subjects(RDFS.subClassOf, URIRef(iri))}


def _ends(graph: Graph, property_: str, axis: URIRef) -> set[str]:
    ends: set[Node] = set()
    for end in graph.objects(URIRef(property_), axis):
        union = graph.value(end, OWL.unionOf)
        ends.update((list_items(graph, union) or []) if union is not None else [end])
    return {str(end) for end in ends}


def _follows(graph: Graph, iri: str) -> bool:
    return graph.value(URIRef(iri), OWL.propertyChainAxiom) is not None
