"""Reads what an ontology states of each term, in words that depend neither on blank nodes nor on the order of sets."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

import pyoxigraph as ox
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.namespace import OWL, RDF, RDFS, SKOS
from rdflib.term import Node

from ontology.aspects import ASPECTS, CHARACTERISTICS, DEFINING, KINDS, PAIRWISE, SYMMETRIC
from ontology.expressions import AXIOM_PREDICATES, Expressions, list_items, manchester, name, quoted
from ontology.hierarchy import below, stated_below

_Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
_ANNOTATED = (OWL.annotatedSource, OWL.annotatedProperty, OWL.annotatedTarget)
_NEGATIVE = (OWL.sourceIndividual, OWL.assertionProperty, OWL.targetIndividual, OWL.targetValue)


@dataclass(frozen=True, order=True)
class Statement:
    """One thing that is stated of a term: the aspect, such as `label (en)` or `superclass`, and the value in words."""

    aspect: str
    value: str

    def __str__(self) -> str:
        return f"{self.aspect} {self.value}"


@dataclass(frozen=True)
class Description:
    """A term: what it is, its English label, and all that is stated of it."""

    kind: str
    label: str
    statements: frozenset[Statement]


@dataclass(frozen=True)
class StatedAxioms:
    """What an ontology states.

    `pairs` are statements that hold both ways, as (aspect, IRI, IRI); `unnamed` are axioms of which no term is the
    subject; `stated_below` and `below` pair the IRIs of a narrower and a wider term.
    """

    terms: dict[str, Description]
    pairs: frozenset[tuple[str, str, str]]
    unnamed: frozenset[str]
    stated_below: frozenset[tuple[str, str]]
    below: frozenset[tuple[str, str]]


def read_axioms(triples: Iterable[ox.Triple]) -> StatedAxioms:
    """Return what `triples` state (https://www.w3.org/TR/owl2-mapping-to-rdf/, section 3).

    Every triple counts; what is no axiom of OWL 2 is written as Turtle would.
    """
    graph = Graph()
    nodes: dict[_Term, Node] = {}
    for triple in triples:
        terms = (triple.subject, triple.predicate, triple.object)
        subject, predicate, object_ = (nodes.get(t) or nodes.setdefault(t, _node(t)) for t in terms)
        graph.add((subject, predicate, object_))
    return _Reading(graph).axioms()


def _node(term: _Term) -> Node:
    """Return `term` for rdflib, which takes five times as long to parse it."""
    if isinstance(term, ox.NamedNode):
        return URIRef(term.value)
    if isinstance(term, ox.BlankNode):
        return BNode(term.value)
    if isinstance(term, ox.Literal):
        language = term.language.lower() if term.language else None
        return Literal(term.value, language, None if language else term.datatype.value)
    return Literal(str(term))


class _Reading:
    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._expressions = Expressions(graph)
        self._statements: defaultdict[str, set[Statement]] = defaultdict(set)
        self._pairs: set[tuple[str, str, str]] = set()
        self._unnamed: set[str] = set()

    def axioms(self) -> StatedAxioms:
        referred_to = {o for _, p, o in self._graph if isinstance(o, BNode) and p != OWL.annotatedSource}
        for subject in set(self._graph.subjects()):
            if isinstance(subject, URIRef):
                self._read_term(subject)
            else:
                self._read_unnamed(subject, subject not in referred_to)
        terms = {
            iri: Description(self._kind(URIRef(iri)), self._label(URIRef(iri)), frozenset(statements))
            for iri, statements in self._statements.items()
        }
        return StatedAxioms(
            terms, frozenset(self._pairs), frozenset(self._unnamed), stated_below(self._graph), below(self._graph)
        )

    def _read_term(self, term: URIRef) -> None:
        for predicate, value in self._graph.predicate_objects(term):
            if predicate in SYMMETRIC:
                self._add_both_ways(SYMMETRIC[predicate], term, value)
            elif predicate == RDF.type and value in KINDS:
                self._statements[str(term)]  # a term, even if nothing else is stated of it
            else:
                self._state(term, self._statement(predicate, value))

    def _read_unnamed(self, node: Node, is_root: bool) -> None:
        """Read the axioms about a blank node: a class expression, or an axiom that is a node itself."""
        about = list(self._graph.predicate_objects(node))
        types = {o for p, o in about if p == RDF.type}
        for predicate, value in about:
            if predicate in SYMMETRIC and predicate in AXIOM_PREDICATES:
                self._add_both_ways(SYMMETRIC[predicate], node, value)
            elif predicate in AXIOM_PREDICATES:
                self._unnamed.add(f"{self._words(node)}: {self._statement(predicate, value)}")
        if types & PAIRWISE.keys():
            self._read_pairwise(node, next(aspect for type_, aspect in PAIRWISE.items() if type_ in types))
        elif OWL.Axiom in types and isinstance(self._graph.value(node, OWL.annotatedSource), URIRef):
            self._read_annotated(node)
        elif OWL.NegativePropertyAssertion in types:
            self._read_negative(node)
        elif is_root and not any(p in AXIOM_PREDICATES for p, _ in about):
            self._unnamed.add(self._words(node))

    def _read_pairwise(self, node: Node, aspect: str) -> None:
        for head in (*self._graph.objects(node, OWL.members), *self._graph.objects(node, OWL.distinctMembers)):
            for one, other in combinations(list_items(self._graph, head) or [], 2):
                self._add_both_ways(aspect, one, other)

    def _read_annotated(self, node: Node) -> None:
        """Read the annotations of an axiom as statements about its subject (section 3.2.2 of the mapping)."""
        source, predicate, target = (self._graph.value(node, part) for part in _ANNOTATED)
        if source is None or predicate is None or target is None:
            return
        aspect = f"on {SYMMETRIC.get(predicate) or self._aspect(predicate, target)} {self._value(predicate, target)}: "
        for annotation, value in self._graph.predicate_objects(node):
            if annotation not in (*_ANNOTATED, RDF.type):
                said = self._statement(annotation, value)
                self._state(source, Statement(aspect + said.aspect, said.value))

    def _read_negative(self, node: Node) -> None:
        source, property_, individual, literal = (self._graph.value(node, part) for part in _NEGATIVE)
        target = literal if individual is None else individual
        if source is not None and property_ is not None and target is not None:
            self._state(source, Statement(f"not {self._words(property_)}", self._words(target)))

    def _add_both_ways(self, aspect: str, one: Node, other: Node) -> None:
        if isinstance(one, URIRef) and isinstance(other, URIRef):
            first, second = sorted((str(one), str(other)))
            self._pairs.add((aspect, first, second))
        elif isinstance(one, URIRef):
            self._state(one, Statement(aspect, self._words(other)))
        elif isinstance(other, URIRef):
            self._state(other, Statement(aspect, self._words(one)))
        else:
            self._unnamed.add(f" {aspect} ".join(sorted((self._words(one), self._words(other)))))

    def _state(self, term: Node, statement: Statement) -> None:
        if isinstance(term, URIRef):
            self._statements[str(term)].add(statement)
        else:
            self._unnamed.add(f"{self._words(term)}: {statement}")

    def _statement(self, predicate: Node, value: Node) -> Statement:
        return Statement(self._aspect(predicate, value), self._value(predicate, value))

    def _aspect(self, predicate: Node, value: Node) -> str:
        if predicate == RDF.type:
            return "characteristic" if value in CHARACTERISTICS else "type"
        language = f" ({value.language})" if isinstance(value, Literal) and value.language else ""
        return (ASPECTS.get(predicate) or name(str(predicate))) + language

    def _value(self, predicate: Node, value: Node) -> str:
        if predicate == OWL.propertyChainAxiom:
            return manchester(self._expressions.sequence(value, " o "))
        if predicate in (OWL.hasKey, OWL.disjointUnionOf):
            return manchester(self._expressions.set(value))
        if isinstance(value, Literal):
            return quoted(value)
        if predicate == RDF.type and value in CHARACTERISTICS:
            return CHARACTERISTICS[value]
        defined = self._expressions.combination(predicate, value) if predicate in DEFINING else None
        return manchester(defined) if defined else self._words(value)

    def _words(self, node: Node) -> str:
        return manchester(self._expressions.phrase(node))

    def _kind(self, term: URIRef) -> str:
        types = set(self._graph.objects(term, RDF.type))
        kinds = [kind for type_, kind in KINDS.items() if type_ in types]
        return " and ".join(kinds) or ("individual" if types else "undeclared term")

    def _label(self, term: URIRef) -> str:
        labels = [o for p in (RDFS.label, SKOS.prefLabel) for o in self._graph.objects(term, p)]
        return min(map(str, _in_english(labels) or labels), default="")


def _in_english(labels: list[Node]) -> list[Node]:
    return [label for label in labels if isinstance(label, Literal) and label.language == "en"]
