"""Puts single axioms into words: in Manchester syntax, and as a sentence with the labels of what they name."""

from collections.abc import Mapping

import pyoxigraph as ox
from rdflib import BNode, Graph, URIRef
from rdflib.namespace import DCTERMS, OWL, RDF, RDFS
from rdflib.term import Node

from ontology.aspects import CHARACTERISTICS, DEFINING
from ontology.entries import name_of
from ontology.expressions import Expressions, Name, Phrase, Text, manchester, name
from ontology.graphs import node_of

# The keyword of https://www.w3.org/TR/owl2-manchester-syntax/ for a predicate, and how a sentence says it.
_SAID: Mapping[Node, tuple[str, str]] = {
    RDFS.subClassOf: ("SubClassOf", "is a subclass of"),
    OWL.equivalentClass: ("EquivalentTo", "is equivalent to"),
    RDFS.subPropertyOf: ("SubPropertyOf", "is a subproperty of"),
    OWL.equivalentProperty: ("EquivalentTo", "is equivalent to"),
    OWL.inverseOf: ("InverseOf", "is the inverse of"),
    RDFS.domain: ("Domain", "has the domain"),
    RDFS.range: ("Range", "has the range"),
    OWL.propertyChainAxiom: ("SubPropertyChain", "follows from"),
    OWL.hasKey: ("HasKey", "has the key"),
    OWL.disjointUnionOf: ("DisjointUnionOf", "is the disjoint union of"),
    OWL.disjointWith: ("DisjointWith", "is disjoint with"),
    OWL.propertyDisjointWith: ("DisjointWith", "is disjoint with"),
    OWL.sameAs: ("SameAs", "is the same as"),
    OWL.differentFrom: ("DifferentFrom", "is different from"),
    RDF.type: ("Types", "is of the class"),
    **dict.fromkeys(DEFINING, ("EquivalentTo", "is equivalent to")),
}
# What joins properties; they often have the names of classes, and stand in quotation marks.
_BETWEEN_PROPERTIES = frozenset(
    {
        *(RDFS.subPropertyOf, OWL.equivalentProperty, OWL.inverseOf, OWL.propertyChainAxiom),
        *(OWL.propertyDisjointWith, OWL.hasKey),
    }
)
_OF_PROPERTIES = frozenset({*_BETWEEN_PROPERTIES, RDFS.domain, RDFS.range}) - {OWL.hasKey}


class AxiomWords:
    """The words for what an ontology states, which is in `graph`."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._expressions = Expressions(graph)

    def manchester(self, axiom: ox.Triple) -> str:
        """Return a triple of the ontology as an axiom in Manchester syntax."""
        subject, predicate, object_ = map(node_of, axiom)
        if self._is_expression(subject, predicate):
            return self.expression(axiom.subject)[0]
        if predicate == RDF.type and object_ in CHARACTERISTICS:
            characteristic = CHARACTERISTICS[object_].title().replace(" ", "")
            return f"{self._written(subject)} Characteristics: {characteristic}"
        keyword, _ = _SAID.get(predicate, (name(str(predicate)), ""))
        return f"{self._written(subject)} {keyword}: {manchester(self._object(predicate, object_, ' o '))}"

    def sentence(self, axiom: ox.Triple) -> str:
        """Return a triple of the ontology as a sentence without its full stop, with labels."""
        subject, predicate, object_ = map(node_of, axiom)
        if self._is_expression(subject, predicate):
            return self.expression(axiom.subject)[1]
        if predicate == RDF.type and object_ in CHARACTERISTICS:
            return (
                f"{self._labelled(self._expressions.phrase(subject), is_property=True)} is {CHARACTERISTICS[object_]}"
            )
        _, said = _SAID.get(predicate, ("", name_of(self._graph, str(predicate))))
        first = self._labelled(self._expressions.phrase(subject), is_property=predicate in _OF_PROPERTIES)
        second = self._object(predicate, object_, " then ")
        return f"{first} {said} {self._labelled(second, is_property=predicate in _BETWEEN_PROPERTIES)}"

    def expression(self, term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> tuple[str, str]:
        """Return a class or property with or without a name, in Manchester syntax and with labels."""
        phrase = self._expressions.phrase(node_of(term))
        return manchester(phrase), self._labelled(phrase)

    def sources(self, iri: str) -> list[str]:
        """Return where a term is taken from."""
        return sorted(map(str, self._graph.objects(URIRef(iri), DCTERMS.source)))

    def label(self, iri: str) -> str:
        """Return the English label of a term, or what its IRI ends in."""
        return name_of(self._graph, iri)

    def _is_expression(self, subject: Node, predicate: Node) -> bool:
        """Tell whether a triple is part of an expression, rather than an axiom."""
        return isinstance(subject, BNode) and (predicate not in _SAID or predicate in DEFINING)

    def _object(self, predicate: Node, object_: Node, between: str) -> Phrase:
        if predicate == OWL.propertyChainAxiom:
            return self._expressions.sequence(object_, between)
        if predicate in (OWL.hasKey, OWL.disjointUnionOf):
            return self._expressions.set(object_)
        defined = self._expressions.combination(predicate, object_) if predicate in DEFINING else None
        return defined or self._expressions.phrase(object_)

    def _written(self, node: Node) -> str:
        return manchester(self._expressions.phrase(node))

    def _labelled(self, phrase: Phrase, is_property: bool = False) -> str:
        return "".join(self._word(part, is_property) for part in phrase)

    def _word(self, part: str | Name | Text, is_property: bool) -> str:
        if isinstance(part, Name):
            return f'"{self.label(part.iri)}"' if is_property else self.label(part.iri)
        return part.value if isinstance(part, Text) else part
