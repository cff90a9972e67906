"""Turns expressions into triples: rows for expressions of OWL 2 Mapping to RDF Graphs, section 2.1, table 1."""

from collections.abc import Mapping, Sequence

import pyoxigraph as ox

from ontology.iris import OWL, RDF, RDFS
from ontology.syntaxes.structure import Argument, Expression, NotInSyntaxError

Term = ox.NamedNode | ox.BlankNode | ox.Literal


def rdf(name: str) -> ox.NamedNode:
    """Return a term of the RDF vocabulary."""
    return ox.NamedNode(RDF + name)


def rdfs(name: str) -> ox.NamedNode:
    """Return a term of the RDF Schema vocabulary."""
    return ox.NamedNode(RDFS + name)


def owl(name: str) -> ox.NamedNode:
    """Return a term of the OWL vocabulary."""
    return ox.NamedNode(OWL + name)


ENTITIES = {
    "Class": owl("Class"),
    "Datatype": rdfs("Datatype"),
    "ObjectProperty": owl("ObjectProperty"),
    "DataProperty": owl("DatatypeProperty"),
    "AnnotationProperty": owl("AnnotationProperty"),
    "NamedIndividual": owl("NamedIndividual"),
}
_CLASS, _DATATYPE, _RESTRICTION = owl("Class"), rdfs("Datatype"), owl("Restriction")
_LISTS = {
    "ObjectIntersectionOf": (_CLASS, owl("intersectionOf")),
    "ObjectUnionOf": (_CLASS, owl("unionOf")),
    "ObjectOneOf": (_CLASS, owl("oneOf")),
    "DataIntersectionOf": (_DATATYPE, owl("intersectionOf")),
    "DataUnionOf": (_DATATYPE, owl("unionOf")),
    "DataOneOf": (_DATATYPE, owl("oneOf")),
}
_OF_ONE = {
    "ObjectComplementOf": (_CLASS, owl("complementOf")),
    "DataComplementOf": (_DATATYPE, owl("datatypeComplementOf")),
    "ObjectInverseOf": (None, owl("inverseOf")),
}
_RESTRICTIONS = {
    f"{kind}{name}": owl(name[0].lower() + name[1:])
    for kind in ("Object", "Data")
    for name in ("SomeValuesFrom", "AllValuesFrom", "HasValue")
}
_CARDINALITIES = {  # the predicate without and with a filler, and the filler's
    f"{kind}{name}Cardinality": (owl(bare), owl(qualified), owl(filler))
    for kind, filler in {"Object": "onClass", "Data": "onDataRange"}.items()
    for name, bare, qualified in (
        ("Min", "minCardinality", "minQualifiedCardinality"),
        ("Max", "maxCardinality", "maxQualifiedCardinality"),
        ("Exact", "cardinality", "qualifiedCardinality"),
    )
}


class ExpressionMapping:
    """Collects triples, those of expressions first of all."""

    def __init__(self) -> None:
        self.triples: list[ox.Triple] = []

    def node(self, argument: Argument) -> Term:
        """Return the term of an expression and add the triples that describe it. Raises NotInSyntaxError."""
        if not isinstance(argument, Expression):
            return argument
        name = argument.name
        if name in ENTITIES:
            return self.node(*exactly(argument, 1))
        if name in _LISTS:
            type_, predicate = _LISTS[name]
            return self._described(argument, type_, {predicate: self.list_of(at_least(argument, 1))})
        if name in _OF_ONE:
            kind, predicate = _OF_ONE[name]
            return self._described(argument, kind, {predicate: self.node(*exactly(argument, 1))})
        if name == "DatatypeRestriction":
            return self._datatype_restriction(argument)
        return self._described(argument, _RESTRICTION, self._restriction(argument))

    def list_of(self, arguments: Sequence[Argument]) -> Term:
        """Return the first cell of an RDF list of expressions."""
        head: Term = rdf("nil")
        for item in reversed([self.node(argument) for argument in arguments]):
            cell = ox.BlankNode()
            self.triples += [ox.Triple(cell, rdf("first"), item), ox.Triple(cell, rdf("rest"), head)]
            head = cell
        return head

    def typed(self, type_: ox.NamedNode) -> ox.BlankNode:
        """Return a new node of a type."""
        node = ox.BlankNode()
        self.triples.append(ox.Triple(node, rdf("type"), type_))
        return node

    def add(self, expression: Expression, subject: Term, predicate: Term, object_: Term) -> None:
        """Add a triple that `expression` says. Raises NotInSyntaxError where it cannot be one."""
        if isinstance(subject, ox.Literal):
            raise NotInSyntaxError(f"{expression.name} is about a thing, not about the text {subject}", expression.line)
        if not isinstance(predicate, ox.NamedNode):
            raise NotInSyntaxError(f"{expression.name} takes a named property, not {predicate}", expression.line)
        self.triples.append(ox.Triple(subject, predicate, object_))

    def _restriction(self, expression: Expression) -> Mapping[ox.NamedNode, Term]:
        name, on_property = expression.name, owl("onProperty")
        if name == "ObjectHasSelf":
            (property_,) = map(self.node, exactly(expression, 1))
            return {on_property: property_, owl("hasSelf"): ox.Literal(True)}
        if name in _RESTRICTIONS:
            property_, filler = map(self.node, exactly(expression, 2))
            return {on_property: property_, _RESTRICTIONS[name]: filler}
        if name in _CARDINALITIES:
            bare, qualified, on_filler = _CARDINALITIES[name]
            number, property_, *fillers = map(self.node, at_least(expression, 2))
            if not isinstance(number, ox.Literal) or not number.value.isdecimal() or len(fillers) > 1:
                raise NotInSyntaxError(f"{name} takes a number, a property and at most one more", expression.line)
            filled = {on_property: property_, qualified: number, on_filler: fillers[0]} if fillers else {}
            return filled or {on_property: property_, bare: number}
        raise NotInSyntaxError(f"{name} is no expression of OWL 2", expression.line)

    def _datatype_restriction(self, expression: Expression) -> ox.BlankNode:
        datatype, *facets = map(self.node, at_least(expression, 3))
        if len(facets) % 2:
            raise NotInSyntaxError(
                "DatatypeRestriction takes a datatype, then facets and their values", expression.line
            )
        pairs = zip(facets[::2], facets[1::2], strict=True)
        restrictions = []
        for facet, value in pairs:
            restrictions.append(ox.BlankNode())
            self.add(expression, restrictions[-1], facet, value)
        described = {owl("onDatatype"): datatype, owl("withRestrictions"): self.list_of(restrictions)}
        return self._described(expression, _DATATYPE, described)

    def _described(
        self, expression: Expression, type_: ox.NamedNode | None, objects: Mapping[ox.NamedNode, Term]
    ) -> ox.BlankNode:
        node = self.typed(type_) if type_ else ox.BlankNode()
        for predicate, object_ in objects.items():
            self.add(expression, node, predicate, object_)
        return node


def exactly(expression: Expression, count: int) -> tuple[Argument, ...]:
    """Return the arguments of an expression that has `count` of them. Raises NotInSyntaxError."""
    if len(expression.arguments) != count:
        given = len(expression.arguments)
        raise NotInSyntaxError(f"{expression.name} takes {count} arguments, not {given}", expression.line)
    return expression.arguments


def at_least(expression: Expression, count: int) -> tuple[Argument, ...]:
    """Return the arguments of an expression that has `count` of them or more. Raises NotInSyntaxError."""
    if len(expression.arguments) < count:
        given = len(expression.arguments)
        raise NotInSyntaxError(f"{expression.name} takes {count} arguments or more, not {given}", expression.line)
    return expression.arguments
