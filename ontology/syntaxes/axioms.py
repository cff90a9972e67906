"""Turns axioms and annotations into triples: OWL 2 Mapping to RDF Graphs, section 2."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

import pyoxigraph as ox

from ontology.syntaxes.expressions import ENTITIES, ExpressionMapping, Term, at_least, exactly, owl, rdf, rdfs
from ontology.syntaxes.structure import Argument, Document, Expression, NotInSyntaxError

_PAIRS = {  # axioms of a subject and an object
    "SubClassOf": rdfs("subClassOf"),
    "SubObjectPropertyOf": rdfs("subPropertyOf"),
    "SubDataPropertyOf": rdfs("subPropertyOf"),
    "SubAnnotationPropertyOf": rdfs("subPropertyOf"),
    "ObjectPropertyDomain": rdfs("domain"),
    "DataPropertyDomain": rdfs("domain"),
    "AnnotationPropertyDomain": rdfs("domain"),
    "ObjectPropertyRange": rdfs("range"),
    "DataPropertyRange": rdfs("range"),
    "AnnotationPropertyRange": rdfs("range"),
    "InverseObjectProperties": owl("inverseOf"),
    "DatatypeDefinition": owl("equivalentClass"),
}
_CHARACTERISTICS = {
    f"{name}ObjectProperty": owl(f"{name}Property")
    for name in (
        *("Functional", "InverseFunctional", "Reflexive", "Irreflexive"),
        *("Symmetric", "Asymmetric", "Transitive"),
    )
} | {"FunctionalDataProperty": owl("FunctionalProperty")}
_CHAINS = {  # axioms of two or more, joined each to the next
    "EquivalentClasses": owl("equivalentClass"),
    "EquivalentObjectProperties": owl("equivalentProperty"),
    "EquivalentDataProperties": owl("equivalentProperty"),
    "SameIndividual": owl("sameAs"),
}
_DISJOINT = {  # axioms of two, or of a list of more
    "DisjointClasses": (owl("disjointWith"), owl("AllDisjointClasses"), owl("members")),
    "DisjointObjectProperties": (owl("propertyDisjointWith"), owl("AllDisjointProperties"), owl("members")),
    "DisjointDataProperties": (owl("propertyDisjointWith"), owl("AllDisjointProperties"), owl("members")),
    "DifferentIndividuals": (owl("differentFrom"), owl("AllDifferent"), owl("distinctMembers")),
}
_NEGATIVE = {
    "NegativeObjectPropertyAssertion": owl("targetIndividual"),
    "NegativeDataPropertyAssertion": owl("targetValue"),
}
_WITH_LIST = {"DisjointUnion": owl("disjointUnionOf"), "HasKey": owl("hasKey")}
_ASSERTIONS = ("ObjectPropertyAssertion", "DataPropertyAssertion", "AnnotationAssertion")


def triples_of(document: Document) -> tuple[ox.Triple, ...]:
    """Return the triples of an ontology. Raises NotInSyntaxError with the line of what is no OWL 2."""
    mapping = _Mapping()
    mapping.add_document(document)
    return tuple(mapping.triples)


class _Mapping(ExpressionMapping):
    def add_document(self, document: Document) -> None:
        ontology = document.iri or ox.BlankNode()
        self.triples.append(ox.Triple(ontology, rdf("type"), owl("Ontology")))
        if document.version:
            self.triples.append(ox.Triple(ontology, owl("versionIRI"), document.version))
        self.triples += [ox.Triple(ontology, owl("imports"), imported) for imported in document.imports]
        for expression in document.content:
            if expression.name == "Annotation":
                self._annotate(ontology, [expression])
            else:
                self._add_axiom(expression)

    def _add_axiom(self, annotated: Expression) -> None:
        axiom, annotations = _without_annotations(annotated)
        if axiom.name in _DISJOINT and len(axiom.arguments) > 2:
            _, type_, members = _DISJOINT[axiom.name]
            node = self.typed(type_)
            self.add(axiom, node, members, self.list_of(axiom.arguments))
            self._annotate(node, annotations)
        elif axiom.name in _NEGATIVE:
            self._annotate(self._negative(axiom), annotations)
        else:
            for subject, predicate, object_ in self._statements(axiom):
                self.add(axiom, subject, predicate, object_)
                self._reify("Axiom", (subject, predicate, object_), annotations)

    def _statements(self, axiom: Expression) -> Iterator[tuple[Term, Term, Term]]:
        """Yield the triples that state an axiom; its annotations are about each of them."""
        name = axiom.name
        if name in _PAIRS:
            first, second = exactly(axiom, 2)
            if isinstance(first, Expression) and first.name == "ObjectPropertyChain":
                yield self.node(second), owl("propertyChainAxiom"), self.list_of(at_least(first, 2))
            else:
                yield self.node(first), _PAIRS[name], self.node(second)
        elif name in _CHARACTERISTICS:
            yield self.node(*exactly(axiom, 1)), rdf("type"), _CHARACTERISTICS[name]
        elif name in _CHAINS or name in _DISJOINT:
            predicate = _CHAINS.get(name) or _DISJOINT[name][0]
            for left, right in pairwise(map(self.node, at_least(axiom, 2))):
                yield left, predicate, right
        elif name in _WITH_LIST:
            class_, *members = at_least(axiom, 2)
            yield self.node(class_), _WITH_LIST[name], self.list_of(members)
        else:
            yield self._assertion(axiom)

    def _assertion(self, axiom: Expression) -> tuple[Term, Term, Term]:
        name = axiom.name
        if name == "Declaration":
            (entity,) = exactly(axiom, 1)
            if not isinstance(entity, Expression) or entity.name not in ENTITIES:
                raise NotInSyntaxError(f"Declaration takes one of {', '.join(ENTITIES)}", axiom.line)
            return self.node(entity), rdf("type"), ENTITIES[entity.name]
        if name == "ClassAssertion":
            class_, individual = exactly(axiom, 2)
            return self.node(individual), rdf("type"), self.node(class_)
        if name in _ASSERTIONS:
            property_, subject, object_ = exactly(axiom, 3)
            if isinstance(property_, Expression) and property_.name == "ObjectInverseOf":
                (property_,), subject, object_ = exactly(property_, 1), object_, subject
            return self.node(subject), self.node(property_), self.node(object_)
        if name == "DLSafeRule":
            raise NotInSyntaxError("rules (SWRL) are not read from this syntax; save as Turtle", axiom.line)
        raise NotInSyntaxError(f"{name} is no axiom of OWL 2", axiom.line)

    def _negative(self, axiom: Expression) -> ox.BlankNode:
        property_, source, target = map(self.node, exactly(axiom, 3))
        node = self.typed(owl("NegativePropertyAssertion"))
        self.add(axiom, node, owl("sourceIndividual"), source)
        self.add(axiom, node, owl("assertionProperty"), property_)
        self.add(axiom, node, _NEGATIVE[axiom.name], target)
        return node

    def _annotate(self, subject: Term, annotations: Iterable[Expression]) -> None:
        for annotated in annotations:
            annotation, nested = _without_annotations(annotated)
            property_, value = map(self.node, exactly(annotation, 2))
            self.add(annotation, subject, property_, value)
            self._reify("Annotation", (subject, property_, value), nested)

    def _reify(self, type_: str, triple: Sequence[Term], annotations: Sequence[Expression]) -> None:
        if not annotations:
            return
        node = self.typed(owl(type_))
        for part, term in zip(("annotatedSource", "annotatedProperty", "annotatedTarget"), triple, strict=True):
            self.triples.append(ox.Triple(node, owl(part), term))
        self._annotate(node, annotations)


def _without_annotations(expression: Expression) -> tuple[Expression, list[Expression]]:
    """Return an expression without those of its arguments that annotate it, and these."""
    annotations: list[Expression] = []
    operands: list[Argument] = []
    for argument in expression.arguments:
        if isinstance(argument, Expression) and argument.name == "Annotation":
            annotations.append(argument)
        else:
            operands.append(argument)
    return Expression(expression.name, tuple(operands), expression.line), annotations
