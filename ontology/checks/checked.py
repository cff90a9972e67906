"""The modules under check: their statements in one graph, what each term is declared as, and where it stands."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from warnings import catch_warnings

import pyoxigraph as ox
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.namespace import OWL, RDF, RDFS, XSD
from rdflib.term import Node

from ontology.aspects import KINDS
from ontology.checks.text_file import TextFile
from ontology.errors import OntologyFileError, RuleFileError
from ontology.findings import Severity
from ontology.iris import TERM, THING, compress
from ontology.modules import Module
from ontology.rule_files import RuleFile

# For the same reason as in checked_module.
logging.getLogger("rdflib").addHandler(logging.NullHandler())

Statement = tuple[Node, Node, Node]

_RESERVED = tuple(map(str, (OWL, RDF, RDFS, XSD)))
PROPERTIES = frozenset({OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty})
DECLARATIONS = PROPERTIES | {OWL.Class, RDFS.Datatype, OWL.NamedIndividual}
NAMES_OF_KINDS: Mapping[Node, str] = {kind: name for kind, name in KINDS.items() if kind in DECLARATIONS}


@dataclass(frozen=True)
class CheckedModule:
    """A module: its ontology IRI, its file, the IRIs that it imports, and its statements, as triples too."""

    iri: str
    file: TextFile
    imports: tuple[str, ...]
    statements: tuple[Statement, ...]
    triples: tuple[ox.Triple, ...]


@dataclass(frozen=True)
class Catalog:
    """The catalog: its file, and the file that it names for each ontology IRI.

    `beside` are the ontology files beside it, those that it does not name with the ontology IRI that they have.
    """

    file: TextFile
    entries: Mapping[str, str]
    beside: Mapping[str, str]


@dataclass(frozen=True)
class Flaw:
    """What a check finds: of which `term`, what is wrong, and the way out.

    It stands in `file`, on `line`, or else where `subject` is spoken of and `mention` occurs; both default to the term.
    """

    severity: Severity
    file: TextFile
    term: str
    message: str
    way_out: str
    subject: str = ""
    mention: str = ""
    line: int = 0


@dataclass(frozen=True, eq=False)
class Checked:
    """All modules that could be read, and all rules of the domain; `unread` names the modules that could not."""

    modules: tuple[CheckedModule, ...]
    catalog: Catalog
    unread: tuple[str, ...] = ()
    rules: tuple[RuleFile, ...] = ()
    broken_rules: tuple[RuleFileError, ...] = ()
    _owners: dict[Node, URIRef | None] = field(default_factory=dict)

    @cached_property
    def graph(self) -> Graph:
        """The statements of all modules."""
        graph = Graph()
        for module in self.modules:
            for statement in module.statements:
                graph.add(statement)
        return graph

    @cached_property
    def kinds(self) -> Mapping[Node, frozenset[Node]]:
        """What each term is declared as, of DECLARATIONS; a thing with a class is an individual."""
        kinds: dict[Node, set[Node]] = {}
        for term, type_ in self.graph.subject_objects(RDF.type):
            if isinstance(term, URIRef):
                if type_ in DECLARATIONS:
                    kinds.setdefault(term, set()).add(type_)
                elif isinstance(type_, URIRef) and not is_reserved(type_):
                    kinds.setdefault(term, set()).add(OWL.NamedIndividual)
        return {term: frozenset(found) for term, found in kinds.items()}

    @cached_property
    def ours(self) -> tuple[URIRef, ...]:
        """Every declared term of districtgraph's own namespaces, in order."""
        return tuple(sorted(t for t in self.kinds if isinstance(t, URIRef) and is_ours(t)))

    def of_kind(self, *kinds: Node) -> list[URIRef]:
        """Return every term that is declared as one of `kinds`, in order."""
        wanted = frozenset(kinds)
        return sorted(t for t, found in self.kinds.items() if isinstance(t, URIRef) and found & wanted)

    @cached_property
    def homes(self) -> Mapping[Node, CheckedModule]:
        """The module in which each term is declared, or the first that says anything of it."""
        homes: dict[Node, CheckedModule] = {}
        declared: dict[Node, CheckedModule] = {}
        for module in self.modules:
            for subject, predicate, object_ in module.statements:
                homes.setdefault(subject, module)
                if predicate == RDF.type and object_ in DECLARATIONS:
                    declared.setdefault(subject, module)
        return homes | declared

    @cached_property
    def stated_in(self) -> Mapping[Statement, CheckedModule]:
        """The module in which each statement stands."""
        return {statement: module for module in self.modules for statement in module.statements}

    @cached_property
    def closures(self) -> Mapping[str, frozenset[str]]:
        """The modules that each module imports, directly or not, and itself."""
        imports = {module.iri: module.imports for module in self.modules}
        closures = {}
        for module in self.modules:
            reached, waiting = {module.iri}, [module.iri]
            while waiting:
                new = [iri for iri in imports.get(waiting.pop(), ()) if iri not in reached]
                reached.update(new)
                waiting += new
            closures[module.iri] = frozenset(reached)
        return closures

    def owner(self, node: Node) -> URIRef | None:
        """Return the term of which `node`, a blank one, says something, or None where there is none."""
        if isinstance(node, URIRef):
            return node
        if node not in self._owners:
            self._owners[node] = None
            above = (self.owner(subject) for subject in self.graph.subjects(None, node))
            self._owners[node] = next((owner for owner in above if owner is not None), None)
        return self._owners[node]

    def flaw(self, severity: Severity, term: Node, message: str, way_out: str, mention: str = "") -> Flaw:
        """Return a flaw of `term` itself, in the module where it is declared."""
        file = self.homes[term].file if term in self.homes else self.catalog.file
        return Flaw(severity, file, str(term), message, way_out, mention=mention)


def checked_module(module: Module) -> CheckedModule:
    """Return `module` with its statements as rdflib's terms, whose IRIs are strings. Raises OntologyFileError."""
    terms: dict[object, Node] = {}

    def term(of: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> Node:
        if of not in terms:
            terms[of] = _rdflib_term(of, module.name)
        return terms[of]

    with catch_warnings(action="ignore"):  # a check finds values that do not fit their datatype
        statements = tuple((term(t.subject), term(t.predicate), term(t.object)) for t in module.triples)
    imports = tuple(sorted(str(o) for _, p, o in statements if p == OWL.imports))
    return CheckedModule(module.iri, TextFile(module.name, module.content), imports, statements, module.triples)


def is_reserved(iri: Node) -> bool:
    """Tell whether `iri` is in a namespace that OWL keeps for itself, OWL 2 Structural Specification, 2.4."""
    return str(iri).startswith(_RESERVED)


def is_ours(iri: Node) -> bool:
    """Tell whether `iri` is in a namespace of districtgraph's own terms and things."""
    return str(iri).startswith((TERM, THING))


def in_order(nodes: Iterable[Node]) -> list[Node]:
    """Return `nodes` as a list that is the same every time."""
    return sorted(nodes, key=str)


def named(iris: Iterable[Node]) -> str:
    """Return prefixed names as a list in words."""
    names = [compress(str(iri)) for iri in iris]
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]])) if names else ""


def members(graph: Graph, head: Node) -> Iterator[Node]:
    """Yield the members of an RDF list, as far as it is well-formed."""
    seen: set[Node] = set()
    node: Node | None = head
    while node is not None and node != RDF.nil and node not in seen:
        seen.add(node)
        first = graph.value(node, RDF.first)
        if first is not None:
            yield first
        node = graph.value(node, RDF.rest)


def _rdflib_term(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple, name: str) -> Node:
    match term:
        case ox.NamedNode():
            return URIRef(term.value)
        case ox.BlankNode():
            return BNode(term.value)
        case ox.Literal() if term.language:
            return Literal(term.value, lang=term.language)
        case ox.Literal():
            return Literal(term.value, datatype=URIRef(term.datatype.value), normalize=False)
        case _:
            raise OntologyFileError(f"{name}:1: says something of a statement as RDF 1.2 does, which OWL 2 cannot")
