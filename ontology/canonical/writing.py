"""Writes the frames of an ontology on a page, in the sections of the OWL API."""

from collections import defaultdict, deque
from collections.abc import Sequence

import pyoxigraph as ox

from ontology.canonical.entities import EntityKind
from ontology.canonical.frames import Axiom, Frame, Frames
from ontology.canonical.graph import OwlGraph
from ontology.canonical.names import iri_key
from ontology.canonical.order import Order
from ontology.canonical.page import Page
from ontology.canonical.terms import FIRST, LIST, NIL, REST, TYPE, Node, Term
from ontology.iris import OWL, PREFIXES

_SECTIONS = {
    EntityKind.ANNOTATION_PROPERTY: "Annotation properties",
    EntityKind.DATATYPE: "Datatypes",
    EntityKind.OBJECT_PROPERTY: "Object Properties",
    EntityKind.DATA_PROPERTY: "Data properties",
    EntityKind.CLASS: "Classes",
    EntityKind.INDIVIDUAL: "Individuals",
}
_ANNOTATIONS, _GENERAL = "Annotations", "General axioms"
TITLES = (*_SECTIONS.values(), _ANNOTATIONS, _GENERAL)
"""The headings of the sections."""

_ONE_OF = ox.NamedNode(OWL + "oneOf")
_XML = "http://www.w3.org/XML/1998/namespace"
_MAX_CELLS = 50

_Items = tuple[Term, ...]
_Object = Term | _Items


class Writing:
    """Writes frames. Blank nodes are numbered as the OWL API does: its order of them is by number, as text."""

    def __init__(self, graph: OwlGraph, order: Order) -> None:
        self._graph = graph
        self._order = order
        self._cell_lists = {
            head
            for _, predicate, head in graph.triples()
            if predicate == _ONE_OF and any(isinstance(item, ox.Literal) for item in graph.items(head))
        }
        self._numbers: dict[ox.BlankNode, int] = {}
        self._number = 0
        self._statements: dict[Node, list[tuple[ox.NamedNode, _Object]]] = defaultdict(list)
        self._roots: list[ox.BlankNode] = []
        self._postponed: deque[ox.BlankNode] = deque()
        self._deferred: deque[ox.BlankNode] = deque()
        self._written: set[ox.BlankNode] = set()

    def text(self, frames: Frames) -> str:
        """Return the whole file."""
        self._begin(list(frames.header))
        for node in sorted(frames.header, key=self._order.key):
            self._frame(node, frames.header[node])
        for kind, title in _SECTIONS.items():
            self._section(title, frames.entities[kind], commented=True)
        self._section(_ANNOTATIONS, frames.annotations, commented=False)
        self._general(frames.general)
        return str(self._page)

    def _begin(self, ontologies: Sequence[ox.NamedNode]) -> None:
        prefixes = {**PREFIXES, "xml": _XML}
        base = OWL
        if ontologies:
            base = min(ontology.value for ontology in ontologies)
            base += "" if base.endswith("/") or "#" in base else "#"
            prefixes[""] = base
        in_order = dict(sorted(prefixes.items(), key=lambda item: (len(item[0]), item[0])))
        self._page: Page[_Object] = Page(in_order, frozenset(o.value for o in ontologies), self._write_object)
        for prefix, namespace in in_order.items():
            self._page.write(f"@prefix {prefix}: <{namespace}> .\n")
        self._page.write(f"@base <{base}> .\n\n")

    def _section(self, title: str, frames: Frame, commented: bool) -> None:
        if frames:
            self._page.banner(title)
        for node in sorted(frames, key=lambda node: iri_key(node.value)):
            if commented:
                self._page.write(f"###  {node.value}\n")
            self._frame(node, frames[node])
            self._page.write("\n")

    def _general(self, axioms: list[Axiom]) -> None:
        """Write what is about no IRI, and last the blank nodes that only lead to each other."""
        has_banner = False
        rest = [node for node in self._graph.blank_nodes() if self._graph.height(node) == float("inf")]
        for node in [axiom.subject for axiom in sorted(axioms)] + sorted(rest, key=self._order.key):
            if not isinstance(node, ox.BlankNode) or node in self._numbers:
                continue
            if not has_banner:
                self._page.banner(_GENERAL)
            has_banner = True
            self._visit(node)
            self._visit_postponed()
            self._write_roots(self._roots)
            if node in self._graph.labelled and node not in self._written:
                self._write_roots([node])
            self._page.write("\n")

    def _frame(self, subject: ox.NamedNode, axioms: list[Axiom]) -> None:
        statements: list[tuple[ox.NamedNode, _Object]] = []
        for axiom in sorted(axioms):
            if axiom.predicate is None or axiom.object is None:
                self._visit(axiom.subject)
            else:
                self._visit(axiom.object)
                statements.append((axiom.predicate, axiom.object))
                self._visit_annotations(subject, axiom.predicate, axiom.object)
            self._visit_postponed()
        self._write_subject(subject, statements)
        self._write_roots(self._roots)

    def _visit(self, term: Term) -> None:
        """Give a blank node its number, note what is said of it, and visit what is below it."""
        if not isinstance(term, ox.BlankNode) or term in self._numbers:
            return
        if self._graph.is_root(term):
            self._roots.append(term)
        if self._graph.is_deep(term):
            self._numbers[term] = self._next_number()
            self._postponed.append(term)
        elif term in self._graph.lists:
            self._visit_list(term)
        else:
            self._numbers[term] = self._next_number()
            self._visit_statements(term)

    def _visit_list(self, head: ox.BlankNode) -> None:
        """Give the first cell of a list its number: the OWL API begins with the last one."""
        items = self._order.items(head)
        for item in reversed(items):
            self._numbers[head] = self._next_number()
            self._visit(item)
        self._statements[head] = [(TYPE, LIST), (FIRST, items[0]), (REST, tuple(items[1:]) or NIL)]

    def _visit_statements(self, node: ox.BlankNode) -> None:
        for predicate, object_ in self._order.statements(node):
            self._visit(object_)
            self._statements[node].append((predicate, object_))
            self._visit_annotations(node, predicate, object_)

    def _visit_annotations(self, subject: Node, predicate: ox.NamedNode, object_: Term) -> None:
        for node in self._order.sorted(self._graph.annotations_of(subject, predicate, object_)):
            self._visit(node)

    def _visit_postponed(self) -> None:
        """Visit what is too deep to be visited from within."""
        while self._postponed:
            node = self._postponed.popleft()
            if node in self._graph.lists:
                self._visit_list(node)
            else:
                self._visit_statements(node)

    def _next_number(self) -> int:
        self._number += 1
        return self._number

    def _write_roots(self, roots: Sequence[ox.BlankNode]) -> None:
        self._write_deferred()
        for node in sorted(roots, key=lambda node: str(self._numbers[node])):
            self._written.add(node)
            self._write_subject(node, self._statements[node])
            self._write_deferred()
        self._roots = []

    def _write_deferred(self) -> None:
        while self._deferred:
            node = self._deferred.popleft()
            if self._statements[node]:
                self._write_subject(node, self._statements[node])

    def _write_subject(self, subject: Node, statements: Sequence[tuple[ox.NamedNode, _Object]]) -> None:
        if not statements:
            return
        if isinstance(subject, ox.NamedNode) or subject in self._graph.labelled:
            self._page.write(self._label(subject) + " ")
            self._page.statements(statements)
        else:
            self._page.bracketed(statements)
        self._page.write(" .\n\n")

    def _label(self, node: Node) -> str:
        return self._page.iri(node) if isinstance(node, ox.NamedNode) else f"_:genid{self._numbers[node]}"

    def _write_object(self, object_: _Object) -> None:
        if isinstance(object_, tuple):
            self._write_items(object_, as_cells=any(isinstance(item, ox.Literal) for item in object_))
        elif isinstance(object_, ox.Literal):
            self._page.write(self._page.literal(object_))
        elif isinstance(object_, ox.BlankNode):
            self._write_blank_node(object_)
        else:
            self._page.write(self._page.iri(object_) if isinstance(object_, ox.NamedNode) else str(object_))

    def _write_blank_node(self, node: ox.BlankNode) -> None:
        if node in self._graph.labelled:
            self._page.write(self._label(node))
            if node not in self._written:
                self._written.add(node)
                self._deferred.append(node)
        elif node in self._graph.lists:
            self._write_items(tuple(self._order.items(node)), as_cells=node in self._cell_lists)
        else:
            self._page.bracketed(self._statements[node])

    def _write_items(self, items: _Items, as_cells: bool) -> None:
        """Write a list; the OWL API writes values of a datatype one cell within the other."""
        if as_cells and len(items) <= _MAX_CELLS:
            self._page.bracketed([(TYPE, LIST), (FIRST, items[0]), (REST, items[1:] or NIL)])
        else:
            self._page.parenthesised(items)
