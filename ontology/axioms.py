"""Says where a class or property stands: what is above and below it, and every axiom that names it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from rdflib import BNode, Graph, URIRef
from rdflib.namespace import OWL, RDF, RDFS
from rdflib.term import Node

from ontology.aspects import CHARACTERISTICS
from ontology.expressions import Expressions, Name, Phrase, Text, list_items


@dataclass(frozen=True)
class Row:
    """One thing that is said of a term: how it is called, and what is said."""

    name: str
    values: tuple[Phrase, ...]


class Axioms:
    """The axioms of an ontology, arranged by the term that they are about.

    `label` names a term; what a row lists is in the order of its names.
    """

    def __init__(self, graph: Graph, label: Callable[[str], str]) -> None:
        self._graph = graph
        self._expressions = Expressions(graph)
        self._label = label
        self._groups = {
            axiom: [
                list_items(graph, head) or []
                for node in graph.subjects(RDF.type, axiom)
                for head in graph.objects(node, OWL.members)
            ]
            for axiom in (OWL.AllDisjointClasses, OWL.AllDisjointProperties)
        }
        self._ends = {axis: self._named_by(axis) for axis in (RDFS.domain, RDFS.range)}

    def of_class(self, iri: str) -> list[Row]:
        """Return what the ontology says of the class `iri`."""
        node, graph = URIRef(iri), self._graph
        above = set(graph.objects(node, RDFS.subClassOf))
        same = {*graph.objects(node, OWL.equivalentClass), *graph.subjects(OWL.equivalentClass, node)}
        parts = [part for head in graph.objects(node, OWL.disjointUnionOf) for part in list_items(graph, head) or []]
        return self._rows(
            ("Equivalent to", self._phrases(same - {node})),
            ("Superclasses", self._phrases(self._named(above))),
            ("Restrictions", self._phrases(above - set(self._named(above)))),
            ("Subclasses", self._phrases(graph.subjects(RDFS.subClassOf, node))),
            ("Disjoint with", self._phrases(self._apart(node, OWL.disjointWith, OWL.AllDisjointClasses))),
            ("Disjoint union of", self._phrases(parts)),
            ("Key", [self._expressions.set(head) for head in graph.objects(node, OWL.hasKey)]),
            ("Domain of", self._phrases(self._ends[RDFS.domain].get(node, ()))),
            ("Range of", self._phrases(self._ends[RDFS.range].get(node, ()))),
        )

    def of_property(self, iri: str) -> list[Row]:
        """Return what the ontology says of the property `iri`."""
        node, graph = URIRef(iri), self._graph
        inverse = {*graph.objects(node, OWL.inverseOf), *self._named(graph.subjects(OWL.inverseOf, node))}
        same = {*graph.objects(node, OWL.equivalentProperty), *graph.subjects(OWL.equivalentProperty, node)}
        types = set(graph.objects(node, RDF.type))
        apart = self._apart(node, OWL.propertyDisjointWith, OWL.AllDisjointProperties)
        return self._rows(
            ("Domain", self._phrases(graph.objects(node, RDFS.domain))),
            ("Range", self._phrases(graph.objects(node, RDFS.range))),
            ("Characteristics", [(word,) for type_, word in CHARACTERISTICS.items() if type_ in types]),
            ("Inverse", self._phrases(inverse)),
            ("Equivalent to", self._phrases(same - {node})),
            ("Superproperties", self._phrases(graph.objects(node, RDFS.subPropertyOf))),
            ("Subproperties", self._phrases(self._named(graph.subjects(RDFS.subPropertyOf, node)))),
            (
                "Follows from",
                [self._expressions.sequence(c, " then ") for c in graph.objects(node, OWL.propertyChainAxiom)],
            ),
            ("Disjoint with", self._phrases(apart)),
        )

    def label_of(self, phrase: Phrase) -> str:
        """Return `phrase` as plain text, with the labels of what it names."""
        return "".join(self._word(part) for part in phrase)

    def _word(self, part: str | Name | Text) -> str:
        if isinstance(part, Name):
            return self._label(part.iri)
        return part.value if isinstance(part, Text) else part

    def _rows(self, *rows: tuple[str, list[Phrase]]) -> list[Row]:
        return [Row(name, tuple(phrases)) for name, phrases in rows if phrases]

    def _phrases(self, nodes: Iterable[Node]) -> list[Phrase]:
        phrases = {self._expressions.phrase(node) for node in nodes}
        return sorted(phrases, key=lambda phrase: (self.label_of(phrase).casefold(), str(phrase)))

    def _apart(self, node: Node, predicate: URIRef, group: URIRef) -> set[Node]:
        """Return what is disjoint with `node`, pair by pair or as a member of a group."""
        apart = {*self._graph.objects(node, predicate), *self._named(self._graph.subjects(predicate, node))}
        unions = [list_items(self._graph, head) or [] for head in self._graph.objects(None, OWL.disjointUnionOf)]
        for together in self._groups[group] + unions:
            if node in together:
                apart.update(together)
        return apart - {node}

    def _named_by(self, axis: URIRef) -> dict[Node, set[Node]]:
        """Return the properties of which each class is the domain or range, by itself or within a union."""
        found: dict[Node, set[Node]] = {}
        for property_, end in self._graph.subject_objects(axis):
            union = self._graph.value(end, OWL.unionOf)
            for class_ in (list_items(self._graph, union) or []) if union is not None else [end]:
                found.setdefault(class_, set()).add(property_)
        return found

    @staticmethod
    def _named(nodes: Iterable[Node]) -> Iterator[Node]:
        return (node for node in nodes if not isinstance(node, BNode))
