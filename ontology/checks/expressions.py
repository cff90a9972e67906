"""Checks that class expressions, data ranges and lists are whole, and that nothing without a name is left over.

https://www.w3.org/TR/owl2-mapping-to-rdf/#Mapping_from_RDF_Graphs_to_the_Structural_Specification, tables 13 and 16.
"""

from collections.abc import Iterator, Mapping

from rdflib import BNode, Graph, Literal
from rdflib.namespace import OWL, RDF, RDFS, XSD
from rdflib.term import Node

from ontology.checks.checked import Checked, Flaw
from ontology.findings import Severity
from ontology.iris import compress

_ERROR = Severity.ERROR
_COUNTS = {OWL.cardinality, OWL.minCardinality, OWL.maxCardinality}
_QUALIFIED = {OWL.qualifiedCardinality, OWL.minQualifiedCardinality, OWL.maxQualifiedCardinality}
_FILLERS = {OWL.someValuesFrom, OWL.allValuesFrom, OWL.hasValue, OWL.hasSelf} | _COUNTS | _QUALIFIED
_CONSTRUCTORS = {OWL.unionOf, OWL.intersectionOf, OWL.complementOf, OWL.oneOf, OWL.datatypeComplementOf, OWL.onDatatype}
_TWO_OR_MORE = {OWL.unionOf, OWL.intersectionOf, OWL.members, OWL.distinctMembers, OWL.propertyChainAxiom}
_TWO_OR_MORE |= {OWL.disjointUnionOf}
_LISTS = _TWO_OR_MORE | {OWL.oneOf, OWL.hasKey, OWL.withRestrictions}
_AXIOMS: Mapping[Node, set[Node]] = {
    OWL.AllDisjointClasses: {OWL.members},
    OWL.AllDisjointProperties: {OWL.members},
    OWL.AllDifferent: {OWL.members, OWL.distinctMembers},
    OWL.NegativePropertyAssertion: {OWL.sourceIndividual},
    OWL.Axiom: {OWL.annotatedSource},
    OWL.Annotation: {OWL.annotatedSource},
}
# Axioms may be about an expression that nothing points to.
_ABOUT_EXPRESSIONS = {RDFS.subClassOf, OWL.equivalentClass, OWL.disjointWith, RDFS.subPropertyOf, OWL.disjointUnionOf}
_AGAIN = "make it again in Protégé's class expression editor"


def expressions(checked: Checked) -> Iterator[Flaw]:
    """Each restriction has a property and a filler, each expression one constructor, and each list its members."""
    for node in _blank_nodes(checked):
        for message, way_out in _wrong(checked.graph, node):
            yield _flaw(checked, node, message, way_out)
    for (subject, predicate, head), module in checked.stated_in.items():
        if predicate in _LISTS and (wrong := _wrong_list(checked.graph, predicate, head)):
            owner = checked.owner(subject) or _first_name(checked.graph, subject) or head
            mention = str(predicate)
            yield Flaw(_ERROR, module.file, str(owner), f"has {compress(mention)} {wrong}", _AGAIN, mention=mention)


def dangling(checked: Checked) -> Iterator[Flaw]:
    """No expression, list or annotation without a name is left over from an axiom that was removed."""
    pointed = {object_ for _, _, object_ in checked.stated_in if isinstance(object_, BNode)}
    for node in _blank_nodes(checked):
        predicates = set(checked.graph.predicates(node))
        types = set(checked.graph.objects(node, RDF.type))
        if node in pointed or predicates & _ABOUT_EXPRESSIONS or types & _AXIOMS.keys():
            continue
        if _is_description(predicates) or not types:
            yield _flaw(
                checked, node, "has an expression that belongs to no axiom", "remove it, or make its axiom again"
            )


def _wrong(graph: Graph, node: Node) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with the description of a node without a name, and the way out."""
    predicates = list(graph.predicates(node))
    types = set(graph.objects(node, RDF.type))
    if OWL.onProperty in predicates or OWL.Restriction in types:
        yield from _wrong_restriction(graph, node, predicates)
    elif constructors := [predicate for predicate in predicates if predicate in _CONSTRUCTORS]:
        if len(constructors) > 1:
            yield (
                f"has an expression with {' and '.join(sorted(compress(str(c)) for c in constructors))} at once",
                _AGAIN,
            )
        if not types & {OWL.Class, RDFS.Datatype}:
            yield "has an expression that is neither owl:Class nor rdfs:Datatype", "add its type, or " + _AGAIN
    for axiom in types & _AXIOMS.keys():
        if not _AXIOMS[axiom] & set(predicates):
            parts = " or ".join(sorted(compress(str(part)) for part in _AXIOMS[axiom]))
            yield f"has an {compress(str(axiom))} without {parts}", "remove it, or make it again"
    is_class = types & {OWL.Class, RDFS.Datatype} and not _is_description(set(predicates))
    if is_class and any(p in _ABOUT_EXPRESSIONS | {RDFS.domain, RDFS.range} for p in graph.predicates(None, node)):
        yield "has a class without a name and without an expression", _AGAIN


def _wrong_restriction(graph: Graph, node: Node, predicates: list[Node]) -> Iterator[tuple[str, str]]:
    fillers = [predicate for predicate in predicates if predicate in _FILLERS]
    if predicates.count(OWL.onProperty) != 1:
        yield f"has a restriction with {predicates.count(OWL.onProperty)} properties", _AGAIN
    if len(fillers) != 1:
        names = ", ".join(sorted(compress(str(filler)) for filler in fillers)) or "none"
        yield f"has a restriction that needs one of some, only, value, self, min, max, exactly, and has {names}", _AGAIN
    if (node, RDF.type, OWL.Restriction) not in graph:
        yield "has a restriction that is no owl:Restriction by its type", "add a owl:Restriction, or " + _AGAIN
    qualified = {OWL.onClass, OWL.onDataRange} & set(predicates)
    if bool(qualified) != any(filler in _QUALIFIED for filler in fillers):
        yield "has a qualified count without a class, or a class without a qualified count", _AGAIN
    for filler in fillers:
        for value in graph.objects(node, filler):
            if filler in _COUNTS | _QUALIFIED and not _is_count(value):
                message = f"has a restriction that counts to {str(value)!r}"
                yield message, "give a whole number, 0 or more, as xsd:nonNegativeInteger"
            if filler in (OWL.someValuesFrom, OWL.allValuesFrom) and isinstance(value, Literal):
                yield (
                    f"has a restriction to the text {str(value)!r} in the place of a class",
                    "give a class or datatype",
                )
            if filler == OWL.hasSelf and str(value) != "true":
                yield f"has owl:hasSelf {str(value)!r}", "write true as xsd:boolean"


def _wrong_list(graph: Graph, predicate: Node, head: Node) -> str:
    """Return what is wrong with a list, or nothing."""
    seen: set[Node] = set()
    node = head
    while node != RDF.nil:
        firsts, rests = list(graph.objects(node, RDF.first)), list(graph.objects(node, RDF.rest))
        if node in seen or len(firsts) != 1 or len(rests) != 1:
            return "with a broken list"
        seen.add(node)
        node = rests[0]
    if predicate in _TWO_OR_MORE and len(seen) < 2:
        return f"with {'a single member' if seen else 'no members'}, where OWL 2 wants two or more"
    return "" if seen else "with no members"


def _is_count(value: Node) -> bool:
    return isinstance(value, Literal) and value.datatype == XSD.nonNegativeInteger and str(value).strip("+").isdigit()


def _is_description(predicates: set[Node]) -> bool:
    described = _CONSTRUCTORS | _FILLERS | {OWL.onProperty, OWL.inverseOf, RDF.first}
    return bool(predicates & described)


def _blank_nodes(checked: Checked) -> list[BNode]:
    return sorted({subject for subject, _, _ in checked.stated_in if isinstance(subject, BNode)})


def _flaw(checked: Checked, node: Node, message: str, way_out: str) -> Flaw:
    module = checked.homes[node]
    owner = checked.owner(node) or _first_name(checked.graph, node)
    return Flaw(_ERROR, module.file, str(owner or module.iri), message, way_out)


def _first_name(graph: Graph, node: Node) -> Node | None:
    """Return a term that stands in an expression, to find it by where no term owns it."""
    waiting, seen = [node], {node}
    while waiting:
        for predicate, object_ in sorted(graph.predicate_objects(waiting.pop(0)), key=str):
            if isinstance(object_, BNode) and object_ not in seen:
                seen.add(object_)
                waiting.append(object_)
            elif predicate not in (RDF.type, RDF.rest) and not isinstance(object_, BNode | Literal):
                return object_
    return None
