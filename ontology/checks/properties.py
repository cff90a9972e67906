"""Checks the two global restrictions on object properties that keep OWL 2 DL decidable.

https://www.w3.org/TR/owl2-syntax/#Global_Restrictions_on_Axioms_in_OWL_2_DL
Directions do not matter for either, so a property and its inverse count as one name here, save in a chain's ends.
"""

from collections.abc import Iterator
from functools import lru_cache

from rdflib import BNode, URIRef
from rdflib.namespace import OWL, RDF, RDFS
from rdflib.term import Node

from ontology.checks.checked import Checked, Flaw, members
from ontology.findings import Severity
from ontology.iris import compress

_ERROR = Severity.ERROR
_CARDINALITIES = {OWL.cardinality, OWL.minCardinality, OWL.maxCardinality, OWL.hasSelf}
_CARDINALITIES |= {OWL.qualifiedCardinality, OWL.minQualifiedCardinality, OWL.maxQualifiedCardinality}
_SIMPLE_TYPES: dict[Node, str] = {
    OWL.FunctionalProperty: "functional",
    OWL.InverseFunctionalProperty: "inverse functional",
    OWL.AsymmetricProperty: "asymmetric",
    OWL.IrreflexiveProperty: "irreflexive",
}
_TELLING = {RDF.type, OWL.onProperty, OWL.propertyDisjointWith, OWL.members}
_WAY_OUT = "drop one of the two, or say it of a property beside it that is neither transitive nor a chain"

Edges = dict[Node, set[Node]]


def not_simple(checked: Checked) -> Iterator[Flaw]:
    """No property that is transitive or a chain, or has such a one below it, is counted, functional or disjoint."""
    why = _composite(checked)
    for (subject, predicate, object_), module in checked.stated_in.items():
        if predicate not in _TELLING:
            continue
        if predicate == RDF.type and object_ in _SIMPLE_TYPES and _named(checked, subject) in why:
            property_, said = _named(checked, subject), _SIMPLE_TYPES[object_]
        elif predicate == OWL.onProperty and _named(checked, object_) in why and _is_counted(checked, subject):
            property_, said = _named(checked, object_), f"counted in what is said of {_owner(checked, subject)}"
        elif (
            predicate == OWL.propertyDisjointWith and {_named(checked, subject), _named(checked, object_)} & why.keys()
        ):
            property_ = next(p for p in (_named(checked, subject), _named(checked, object_)) if p in why)
            said = "disjoint with another property"
        elif predicate == OWL.members and (subject, RDF.type, OWL.AllDisjointProperties) in checked.graph:
            listed = [_named(checked, member) for member in members(checked.graph, object_)]
            property_ = next((p for p in listed if p in why), OWL.members)
            said = "disjoint with other properties"
            if property_ not in why:
                continue
        else:
            continue
        message = f"is {said}, which OWL 2 DL forbids: {why[property_]}"
        owner = str(checked.owner(subject) or property_)
        mention = str(object_) if predicate == RDF.type else str(property_)
        yield Flaw(_ERROR, module.file, str(property_), message, _WAY_OUT, owner, mention)


def irregular(checked: Checked) -> Iterator[Flaw]:
    """Property chains define a property by others that do not depend on it in turn."""
    upward = _upward(checked)
    needs: Edges = {}
    for property_, chain in _chains(checked):
        needs.setdefault(_named(checked, property_), set()).update(
            _named(checked, part) for part in _to_be_lower(checked, property_, chain)
        )
    for property_ in sorted(needs, key=str):
        lower = _reached(needs, property_)
        culprits = {part for part in lower if part == property_ or part in _reached(upward, property_)}
        for part in sorted(culprits, key=str):
            message = (
                f"is defined by a chain in which {compress(str(part))} stands, "
                f"and {compress(str(part))} follows from {compress(str(property_))} in turn"
            )
            if part == property_:
                message = "is defined by a chain that needs the property itself, in a place where OWL 2 DL forbids it"
            way_out = (
                "the property itself may be the first or the last of a chain, or both of two; else use another property"
            )
            yield checked.flaw(_ERROR, property_, message, way_out, str(OWL.propertyChainAxiom))
            break


def _chains(checked: Checked) -> Iterator[tuple[Node, list[Node]]]:
    for property_, head in checked.graph.subject_objects(OWL.propertyChainAxiom):
        yield property_, list(members(checked.graph, head))


def _to_be_lower(checked: Checked, property_: Node, chain: list[Node]) -> list[Node]:
    """Return the parts of `chain` that must come before `property_` in the order of section 11.2."""
    if chain == [property_, property_]:
        return []
    if chain and chain[0] == property_:
        return chain[1:]
    if chain and chain[-1] == property_:
        return chain[:-1]
    return chain


@lru_cache(maxsize=1)
def _upward(checked: Checked) -> Edges:
    """Return for each property those that follow from it in one step."""
    upward: Edges = {}

    def add(low: Node, high: Node) -> None:
        upward.setdefault(_named(checked, low), set()).add(_named(checked, high))

    for low, high in checked.graph.subject_objects(RDFS.subPropertyOf):
        add(low, high)
    for predicate in (OWL.equivalentProperty, OWL.inverseOf):
        for one, other in checked.graph.subject_objects(predicate):
            if isinstance(one, URIRef) or predicate == OWL.equivalentProperty:
                add(one, other)
                add(other, one)
    return upward


def _composite(checked: Checked) -> dict[Node, str]:
    """Return each property that is not simple, with the reason."""
    why: dict[Node, str] = {}
    upward = _upward(checked)
    chained = {_named(checked, property_) for property_, _ in _chains(checked)}
    transitive = {_named(checked, p) for p in checked.graph.subjects(RDF.type, OWL.TransitiveProperty)}
    for kind, found in (("transitive", transitive), ("a chain", chained)):
        for property_ in sorted(found, key=str):
            why.setdefault(property_, f"it is {kind}")
            for above in sorted(_reached(upward, property_), key=str):
                why.setdefault(above, f"{compress(str(property_))}, from which it follows, is {kind}")
    return why


def _reached(edges: Edges, start: Node) -> set[Node]:
    found: set[Node] = set()
    waiting = [start]
    while waiting:
        new = edges.get(waiting.pop(), set()) - found
        found |= new
        waiting += new
    return found


def _named(checked: Checked, property_: Node) -> Node:
    """Return the name in a property expression: a property, or the one that it is the inverse of."""
    if isinstance(property_, BNode):
        return checked.graph.value(property_, OWL.inverseOf) or property_
    return property_


def _is_counted(checked: Checked, restriction: Node) -> bool:
    return any(predicate in _CARDINALITIES for predicate in checked.graph.predicates(restriction))


def _owner(checked: Checked, node: Node) -> str:
    owner = checked.owner(node)
    return compress(owner) if owner is not None else "something without a name"
