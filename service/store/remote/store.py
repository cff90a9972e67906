"""What jobs read of a remote engine, as they read a store of their own."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

import pyoxigraph as ox

from loaders.graphs import INFERRED
from service.errors import QueryRefusedError
from service.store.dataset import DEFAULT, Graph, View
from service.store.functions import Functions
from service.store.remote.endpoint import Endpoint
from service.store.remote.fragments import Fragments, Graphs
from service.store.remote.names import GENID, NOWHERE, OWN, Published
from service.store.remote.patterns import Group, Patterns, Step, patterns_of

_APART = re.compile(r"service|function#|\bfrom\b|\\u", re.IGNORECASE)
_DESCRIBE = re.compile(r"\bDESCRIBE\b[^{]*", re.IGNORECASE)
_LIMIT = re.compile(r"\bLIMIT\s+(\d{1,9})(?:\s+OFFSET\s+\d+)?\s*$", re.IGNORECASE)


class RemoteStore:
    """The part of pyoxigraph's store that jobs read, over what an endpoint holds, without what is `hidden`.

    `is_whole` tells whether the engine is asked whole queries, and not for triples alone.
    """

    def __init__(self, endpoint: Endpoint, published: Published, hidden: View, is_union: bool, is_whole: bool) -> None:
        self._endpoint, self._is_whole = endpoint, is_whole
        self._fragments = Fragments(endpoint)
        self._is_coded = not published.plain
        self._named = tuple(sorted(published.graphs - hidden))
        merge = tuple(part for part, closed in sorted(published.parts.items()) if not closed or closed - hidden)
        self._default = merge if is_union else (OWN,)
        self._graphs = Graphs(self._default, self._named)

    def named_graphs(self) -> Iterator[ox.NamedNode]:
        """Yield the named graphs."""
        return map(ox.NamedNode, self._named)

    def contains_named_graph(self, graph: Any) -> bool:
        """Tell whether there is such a graph."""
        return isinstance(graph, ox.DefaultGraph) or graph.value in self._named

    def quads_for_pattern(self, subject: Any, predicate: Any, object: Any, graph: Any = None) -> Iterator[ox.Quad]:
        """Yield the quads that match, in any graph where that is None. Raises EngineError."""
        sought = (subject, predicate, object)
        written: list[Any] = [self._written(term, f"?{place}") for place, term in zip("spo", sought, strict=True)]
        step = Step(*written)
        if not step.variables():
            step = Step(step.subject, "?p", step.object, (step.predicate,))
        wanted = ["", "?g"] if graph is None else [""] if graph == DEFAULT else [str(graph)]
        store = self._fragments.of([Group(each, loose=[step]) for each in wanted], self._graphs)
        yield from store.quads_for_pattern(subject, predicate, object, graph)

    def foresee(self, things: Iterable[str], property_: str | None) -> None:
        """Fetch what is said of things together, or by one property, for `quads_for_pattern`. Raises EngineError."""
        subjects = [f"<{iri}>" for iri in things]
        for graph in ["", str(INFERRED)] if property_ is None else [""]:
            self._fragments.foresee(subjects, "" if property_ is None else f"<{property_}>", graph, self._graphs)

    def dump(self, output: Any = None, format: ox.RdfFormat | None = None, *, from_graph: Graph | None = None) -> Any:
        """Return a graph, or all of them, as a store serialises them. Raises EngineError."""
        quads = self.quads_for_pattern(None, None, None, from_graph)
        content = quads if from_graph is None else (quad.triple for quad in quads)
        return ox.serialize(content, output, format)

    def query(
        self,
        query: str,
        *,
        base_iri: str,
        custom_functions: Functions | None = None,
        default_graph: Any = None,
        named_graphs: Iterable[ox.NamedNode] | None = None,
        use_default_graph_as_union: bool = False,
    ) -> Any:
        """Return the results of a query, as pyoxigraph does, and with the same errors. Raises EngineError as well."""
        # What is no SPARQL, or asks for a function that is not here, is found out on no triples.
        if "service" not in query.lower():
            like = ox.Store().query(query, base_iri=base_iri, custom_functions=custom_functions)
        graphs = self._asked_of(default_graph, named_graphs)
        if self._is_whole and not _APART.search(query) and graphs.default in (self._default, graphs.default[:1]):
            return self._whole(query, like, base_iri, graphs)
        patterns = patterns_of(query, base_iri)
        if named_graphs is None and default_graph is None and patterns.dataset is not None:
            graphs = self._visible(*patterns.dataset)
        store = self._fragments.of(patterns.groups, graphs)
        options: dict[str, Any] = {
            "base_iri": base_iri,
            "custom_functions": custom_functions,
            "default_graph": DEFAULT,
            "named_graphs": [*map(ox.NamedNode, graphs.named)],
        }
        if patterns.things or patterns.variables:
            self._describe(query, patterns, store, graphs, options)
        return store.query(query, **options)

    def _whole(self, query: str, like: Any, base_iri: str, graphs: Graphs) -> Any:
        text = f"BASE <{base_iri}>\n{query}"
        named = graphs.named or (NOWHERE,)
        limit = _LIMIT.search(query)
        most = int(limit[1]) if limit else None
        return self._endpoint.results(text, like, graphs.default or (NOWHERE,), named, most)

    def _describe(
        self, query: str, patterns: Patterns, store: ox.Store, graphs: Graphs, options: dict[str, Any]
    ) -> None:
        """Add to a store what is said of the things that a query describes, and of the blank nodes in that."""
        things: set[Any] = {ox.NamedNode(iri) for iri in patterns.things}
        if patterns.variables:
            variables = " ".join(patterns.variables)
            try:
                found: Any = store.query(_DESCRIBE.sub(f"SELECT {variables} WHERE ", query, count=1), **options)
            except SyntaxError as error:
                raise QueryRefusedError("write the query as a CONSTRUCT for the engine behind the service") from error
            things |= {term for row in found for term in row if isinstance(term, ox.NamedNode | ox.BlankNode)}
        known: set[Any] = set()
        while things:
            known |= things
            steps = [Step(self._written(thing, "?s"), "?p", "?o") for thing in things]
            more = self._fragments.of([Group("", loose=steps)], graphs)
            store.extend(more)
            things = {quad.object for quad in more if isinstance(quad.object, ox.BlankNode)} - known

    def _asked_of(self, default_graph: Any, named_graphs: Iterable[Any] | None) -> Graphs:
        if default_graph is None and named_graphs is None:
            return self._graphs
        defaults = default_graph if isinstance(default_graph, list) else [default_graph]
        return self._visible((graph.value for graph in defaults), (graph.value for graph in named_graphs or ()))

    def _visible(self, defaults: Iterable[str], named: Iterable[str]) -> Graphs:
        return Graphs(
            tuple(dict.fromkeys(iri for iri in defaults if iri in self._named)),
            tuple(dict.fromkeys(iri for iri in named if iri in self._named)),
        )

    def _written(self, term: Any, variable: str) -> str:
        """Return a term of a pattern; a literal, or a blank node that has no name, is looked for among all."""
        if isinstance(term, ox.NamedNode):
            return str(term)
        if isinstance(term, ox.BlankNode) and self._is_coded:
            return f"<{GENID}{term.value}>"
        return variable
