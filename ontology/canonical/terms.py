"""The terms of RDF and OWL that the layout of an ontology turns on."""

import pyoxigraph as ox

from ontology.canonical.names import iri_key
from ontology.iris import OWL, RDF, RDFS

Node = ox.NamedNode | ox.BlankNode
Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
Objects = dict[ox.NamedNode, list[Term]]

TYPE = ox.NamedNode(RDF + "type")
FIRST = ox.NamedNode(RDF + "first")
REST = ox.NamedNode(RDF + "rest")
NIL = ox.NamedNode(RDF + "nil")
LIST = ox.NamedNode(RDF + "List")
DATATYPE = ox.NamedNode(RDFS + "Datatype")
INVERSE_OF = ox.NamedNode(OWL + "inverseOf")
SOURCE = ox.NamedNode(OWL + "annotatedSource")
PROPERTY = ox.NamedNode(OWL + "annotatedProperty")
TARGET = ox.NamedNode(OWL + "annotatedTarget")

SYMMETRIC = {
    ox.NamedNode(OWL + name)
    for name in ("equivalentClass", "disjointWith", "equivalentProperty", "propertyDisjointWith", "sameAs")
} | {ox.NamedNode(OWL + "differentFrom"), INVERSE_OF}

SETS = {  # the properties whose values are lists of which the order means nothing
    ox.NamedNode(OWL + name)
    for name in ("intersectionOf", "unionOf", "oneOf", "withRestrictions", "members", "distinctMembers")
} | {ox.NamedNode(OWL + "disjointUnionOf"), ox.NamedNode(OWL + "hasKey")}
AXIOMS = {  # the axioms that are blank nodes
    ox.NamedNode(OWL + name)
    for name in ("Axiom", "AllDisjointClasses", "AllDisjointProperties", "AllDifferent", "NegativePropertyAssertion")
}


def is_backwards(subject: Term, predicate: Term, object_: Term) -> bool:
    """Tell whether a symmetric axiom is the wrong way round: the smaller IRI comes first, before any expression."""
    if predicate not in SYMMETRIC or not isinstance(object_, ox.NamedNode):
        return False
    if isinstance(subject, ox.NamedNode):
        return iri_key(object_.value) < iri_key(subject.value)
    return isinstance(subject, ox.BlankNode) and predicate != INVERSE_OF
