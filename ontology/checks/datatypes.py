"""Checks datatypes and values: those that OWL 2 knows, in their lexical space, one a property, years as integers."""

from collections.abc import Iterator

from rdflib import Literal, URIRef
from rdflib.namespace import OWL, RDF, RDFS, XSD
from rdflib.term import Node

from ontology.checks.checked import Checked, Flaw, is_reserved, members
from ontology.checks.uses import uses
from ontology.findings import Severity
from ontology.iris import compress

_ERROR = Severity.ERROR
_HAS_VALUE = OWL.hasValue

# https://www.w3.org/TR/owl2-syntax/#Datatype_Maps
_NUMBERS = {OWL.real, OWL.rational, XSD.decimal, XSD.integer, XSD.nonNegativeInteger, XSD.nonPositiveInteger}
_NUMBERS |= {XSD.positiveInteger, XSD.negativeInteger, XSD.long, XSD.int, XSD.short, XSD.byte, XSD.unsignedLong}
_NUMBERS |= {XSD.unsignedInt, XSD.unsignedShort, XSD.unsignedByte, XSD.double, XSD.float}
_STRINGS = {XSD.string, XSD.normalizedString, XSD.token, XSD.language, XSD.Name, XSD.NCName, XSD.NMTOKEN}
_BINARIES = {XSD.hexBinary, XSD.base64Binary, XSD.anyURI}
_TIMES = {XSD.dateTime, XSD.dateTimeStamp}
BUILT_IN: frozenset[Node] = frozenset(
    _NUMBERS
    | _STRINGS
    | _BINARIES
    | _TIMES
    | {XSD.boolean, RDF.XMLLiteral, RDF.PlainLiteral, RDF.langString, RDFS.Literal}
)

_LANGUAGE_RANGE = URIRef(str(RDF) + "langRange")
_ORDER = {XSD.minInclusive, XSD.maxInclusive, XSD.minExclusive, XSD.maxExclusive}
_LENGTH = {XSD.length, XSD.minLength, XSD.maxLength}
_FACETS: dict[Node, set[URIRef]] = {
    **dict.fromkeys(_NUMBERS | _TIMES, _ORDER),
    **dict.fromkeys(_STRINGS, _LENGTH | {XSD.pattern}),
    **dict.fromkeys(_BINARIES, _LENGTH | {XSD.pattern}),
    RDF.PlainLiteral: _LENGTH | {XSD.pattern, _LANGUAGE_RANGE},
}
_INSTEAD = {
    XSD.gYear: "write years as xsd:integer",
    XSD.date: "split it into year and month as xsd:integer, or use xsd:dateTime",
    XSD.duration: "write the number as xsd:decimal, and its unit in the name or a property",
}


def datatypes(checked: Checked) -> Iterator[Flaw]:
    """Each datatype is one of the OWL 2 datatype map, or defined; reasoners refuse others, such as xsd:gYear."""
    said: set[tuple[str, Node, Node]] = set()
    for use in uses(checked):
        unknown = RDFS.Datatype in use.kinds and is_reserved(use.term) and use.term not in BUILT_IN
        owner = checked.owner(use.subject) or use.term
        if unknown and str(use.term).startswith((str(XSD), str(RDF))) and (use.module.iri, use.term, owner) not in said:
            said.add((use.module.iri, use.term, owner))
            message = f"has the datatype {compress(use.term)}, which OWL 2 does not have; reasoners stop at it"
            way_out = _INSTEAD.get(use.term, "use one that it has, such as xsd:string, xsd:integer, xsd:decimal")
            yield Flaw(_ERROR, use.module.file, owner, message, way_out, mention=use.term)


def values(checked: Checked) -> Iterator[Flaw]:
    """Each value with a datatype is written as that datatype is."""
    for (subject, _, value), module in checked.stated_in.items():
        if isinstance(value, Literal) and value.ill_typed and value.datatype in BUILT_IN:
            owner = str(checked.owner(subject) or value.datatype)
            message = f"has the value {str(value)!r}, which is no {compress(str(value.datatype))}"
            yield Flaw(_ERROR, module.file, owner, message, "correct the value or its datatype", mention=str(value))


def ranges(checked: Checked) -> Iterator[Flaw]:
    """Each data property has one datatype as its range, so that a value can be read and written in one way."""
    for property_ in checked.of_kind(OWL.DatatypeProperty):
        found = list(checked.graph.objects(property_, RDFS.range))
        if len(found) > 1:
            names = (
                " and ".join(sorted(compress(str(r)) for r in found if isinstance(r, URIRef))) or "several data ranges"
            )
            yield checked.flaw(_ERROR, property_, f"has more than one range, {names}", "keep one datatype")
        elif found and not str(found[0]).startswith(str(XSD)):
            name = compress(str(found[0])) if isinstance(found[0], URIRef) else "a data range without a name"
            message = f"has {name} as its range"
            yield checked.flaw(_ERROR, property_, message, "give it one datatype of XML Schema, such as xsd:string")


def facets(checked: Checked) -> Iterator[Flaw]:
    """Each restriction of a datatype uses facets that the datatype has."""
    for (subject, predicate, datatype), module in checked.stated_in.items():
        if predicate != OWL.onDatatype:
            continue
        owner = str(checked.owner(subject) or datatype)
        for facet, value in _facets(checked, subject):
            if facet not in _FACETS.get(datatype, set()) or not isinstance(value, Literal):
                message = (
                    f"restricts {compress(str(datatype))} by {compress(str(facet))}, which that datatype does not have"
                )
                way_out = "use xsd:minInclusive and the like for numbers, xsd:pattern and lengths for texts"
                yield Flaw(_ERROR, module.file, owner, message, way_out, mention=str(facet))


def property_values(checked: Checked) -> Iterator[Flaw]:
    """Each object property joins things, and each data property gives values."""
    joining, giving = set(checked.of_kind(OWL.ObjectProperty)), set(checked.of_kind(OWL.DatatypeProperty))
    for (subject, predicate, object_), module in checked.stated_in.items():
        property_ = checked.graph.value(subject, OWL.onProperty) if predicate == _HAS_VALUE else predicate
        if property_ not in (giving if not isinstance(object_, Literal) else joining):
            continue
        owner = str(checked.owner(subject) or property_)
        if isinstance(object_, Literal):
            message = f"is an object property and has the text {str(object_)!r} in what is said of {compress(owner)}"
            yield Flaw(_ERROR, module.file, str(property_), message, "give the IRI of a thing", owner, str(property_))
        else:
            name = compress(str(object_)) if isinstance(object_, URIRef) else "something without a name"
            message = f"is a data property and has {name} as its value in what is said of {compress(owner)}"
            yield Flaw(_ERROR, module.file, str(property_), message, "give a value", owner, str(property_))


def _facets(checked: Checked, node: Node) -> Iterator[tuple[Node, Node]]:
    for head in checked.graph.objects(node, OWL.withRestrictions):
        for restriction in members(checked.graph, head):
            yield from checked.graph.predicate_objects(restriction)
