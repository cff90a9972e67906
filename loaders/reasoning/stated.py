"""The triples of an ontology by their subjects, so that the lists and expressions in them can be walked."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from loaders.reasoning.engines import Engine, Graph, inside
from loaders.reasoning.rules import StatedTriple, Term
from ontology.iris import OWL, RDF, RDFS

TYPE = ox.NamedNode(RDF + "type")
THING = ox.NamedNode(OWL + "Thing")
NOTHING = ox.NamedNode(OWL + "Nothing")
SAME_AS = ox.NamedNode(OWL + "sameAs")
_FIRST, _REST, _NIL = (ox.NamedNode(RDF + name) for name in ("first", "rest", "nil"))
_INVERSE_OF = ox.NamedNode(OWL + "inverseOf")

# What blank nodes are called while rules are at work, as SPARQL cannot name one that it found before.
_ANONYMOUS = "urn:districtgraph:anonymous:"


# The predicates that axioms are made of.
_OF_AXIOMS = (
    *(RDFS + name for name in ("subClassOf", "subPropertyOf", "domain", "range")),
    *(RDF + name for name in ("first", "rest")),
    *(OWL + name for name in ("equivalentClass", "equivalentProperty", "disjointWith", "propertyDisjointWith")),
    *(OWL + name for name in ("inverseOf", "propertyChainAxiom", "hasKey", "members", "distinctMembers")),
    *(OWL + name for name in ("sourceIndividual", "assertionProperty", "targetIndividual", "targetValue")),
    *(OWL + name for name in ("intersectionOf", "unionOf", "oneOf", "complementOf", "onProperty", "onClass")),
    *(OWL + name for name in ("someValuesFrom", "allValuesFrom", "hasValue", "onDataRange")),
    *(OWL + name for name in ("maxCardinality", "maxQualifiedCardinality")),
)

# The classes that say of properties what they are like, and of axioms which they are.
_OF_TERMS = tuple(
    f"<{OWL}{name}>"
    for name in (
        *("FunctionalProperty", "InverseFunctionalProperty", "TransitiveProperty", "SymmetricProperty"),
        *("AsymmetricProperty", "IrreflexiveProperty", "AllDisjointClasses", "AllDisjointProperties", "AllDifferent"),
    )
)


def axioms_in(engine: Engine, graph: Graph) -> Iterator[StatedTriple]:
    """Yield the triples of a graph that axioms are made of, for `Stated`; blank nodes in it must have names."""
    nodes: set[Term] = set()
    for predicate in map(ox.NamedNode, _OF_AXIOMS):
        for subject, object_ in engine.select(f"SELECT ?s ?o WHERE {{ {inside(graph, f'?s {predicate} ?o')} }}"):
            assert isinstance(subject, ox.NamedNode)
            yield StatedTriple(subject, predicate, object_)
            nodes |= {subject} if is_anonymous(subject) else set()
    for class_ in sorted((*_OF_TERMS, *map(str, nodes))):
        for (subject,) in engine.select(f"SELECT ?s WHERE {{ {inside(graph, f'?s a {class_}')} }}"):
            assert isinstance(subject, ox.NamedNode)
            yield StatedTriple(subject, TYPE, ox.NamedNode(class_.strip("<>")))


class Stated:
    """What an ontology states; blank nodes in it have names by which they can be asked for."""

    def __init__(self, triples: Iterable[StatedTriple]) -> None:
        self._objects: dict[Term, dict[ox.NamedNode, list[Term]]] = defaultdict(lambda: defaultdict(list))
        self._subjects: dict[ox.NamedNode, list[StatedTriple]] = defaultdict(list)
        for triple in triples:
            self._objects[triple.subject][triple.predicate].append(triple.object)
            self._subjects[triple.predicate].append(triple)

    def having(self, predicate: str) -> list[StatedTriple]:
        """Return the triples with a predicate of OWL or RDF Schema, by its prefixed name."""
        return self._subjects.get(owl(predicate), [])

    def members_of(self, class_: str) -> Iterator[StatedTriple]:
        """Yield the triples which say that something is of a class of OWL, by its name there."""
        wanted = ox.NamedNode(OWL + class_)
        return (triple for triple in self._subjects.get(TYPE, ()) if triple.object == wanted)

    def objects(self, subject: Term, predicate: str) -> list[Term]:
        """Return what a subject has by a predicate of OWL or RDF Schema."""
        found = self._objects.get(subject)
        return found.get(owl(predicate), []) if found is not None else []

    def one(self, subject: Term, predicate: str) -> Term | None:
        """Return what a subject has by a predicate, None where there is nothing or more than one."""
        found = self.objects(subject, predicate)
        return found[0] if len(found) == 1 else None

    def items(self, head: Term) -> list[Term] | None:
        """Return the items of a list, or None where it is none: broken, forked or without an end."""
        items: list[Term] = []
        seen: set[Term] = set()
        while head != _NIL:
            node = self._objects.get(head, {})
            first, rest = node.get(_FIRST, []), node.get(_REST, [])
            if head in seen or len(first) != 1 or len(rest) != 1:
                return None
            seen.add(head)
            items.append(first[0])
            head = rest[0]
        return items

    def role(self, property_: Term) -> tuple[ox.NamedNode, bool] | None:
        """Return a property and whether it is read backwards, for the expression of one; None where it is none."""
        is_backwards = False
        while is_anonymous(property_):
            inner = self.one(property_, "owl:inverseOf")
            if inner is None:
                return None
            property_, is_backwards = inner, not is_backwards
        return (property_, is_backwards) if isinstance(property_, ox.NamedNode) else None


def owl(name: str) -> ox.NamedNode:
    """Return a term of OWL, RDF Schema or RDF by its prefixed name."""
    prefix, _, local = name.partition(":")
    return ox.NamedNode({"owl": OWL, "rdfs": RDFS, "rdf": RDF}[prefix] + local)


def is_anonymous(term: Term | ox.Triple | ox.Variable) -> bool:
    """Tell whether a term stands for a blank node."""
    return isinstance(term, ox.NamedNode) and term.value.startswith(_ANONYMOUS)


def named(quad: ox.Quad, graph: ox.NamedNode) -> ox.Quad:
    """Return a quad with names for its blank nodes, in another graph."""
    subject, object_ = _named(quad.subject), _named(quad.object)
    assert isinstance(subject, ox.NamedNode)
    return ox.Quad(subject, quad.predicate, object_, graph)


def unnamed(triple: ox.Triple) -> ox.Triple:
    """Return a triple with its blank nodes again."""
    if not (is_anonymous(triple.subject) or is_anonymous(triple.object)):
        return triple
    subject, object_ = _unnamed(triple.subject), _unnamed(triple.object)
    assert not isinstance(subject, ox.Literal | ox.Triple)
    return ox.Triple(subject, triple.predicate, object_)


def is_about_expression(triple: ox.Triple) -> bool:
    """Tell whether a triple is of an expression without a name, or says that something is a member of one."""
    is_axiom = triple.predicate.value in _OF_AXIOMS
    is_type = triple.predicate == TYPE and isinstance(triple.object, ox.BlankNode)
    is_unnamed = isinstance(triple.subject, ox.BlankNode) or isinstance(triple.object, ox.BlankNode)
    return is_type or (is_axiom and is_unnamed)


def _named(term: Term | ox.Triple) -> Term | ox.Triple:
    return ox.NamedNode(_ANONYMOUS + term.value) if isinstance(term, ox.BlankNode) else term


def _unnamed(term: Term | ox.Triple) -> Term | ox.Triple:
    if isinstance(term, ox.NamedNode) and is_anonymous(term):
        return ox.BlankNode(term.value.removeprefix(_ANONYMOUS))
    return term
