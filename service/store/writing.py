"""Works out what a write changes, in a worker on its copy of the dataset: nothing is written before that is known."""

from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO

import pyoxigraph as ox

from service.errors import (
    NotOfferedError,
    PreconditionError,
    QueryRefusedError,
    QuerySyntaxError,
    UnknownGraphError,
)
from service.store.dataset import DEFAULT, Dataset, Graph
from service.store.evaluation import syntax_error
from service.store.offline import offline
from service.store.patch import Patch, Rows, lines_in, name_of
from service.store.uploads import Upload


@dataclass(frozen=True)
class Update:
    """A SPARQL 1.1 Update request.

    `only_inserts` tells whether it has no operation but INSERT DATA, `may_dial` whether it may ask another server.
    """

    text: str
    only_inserts: bool
    base_iri: str
    may_dial: bool

    def run(self, dataset: Dataset, max_bytes: int) -> Rows:
        """Return what the update changes; of one that changes graphs of the release, only which ones.

        Raises QueryRefusedError or QueryAbortedError.
        """
        if self.only_inserts:
            inserted = ox.Store()
            _update(inserted, self.text, self.base_iri)
            new = tuple(graph for graph in _named(inserted) if not dataset.has_graph(ox.NamedNode(graph)))
            return Patch(added=tuple(_lines(inserted)), created=new).rows()
        if not dataset.is_writable:
            raise QueryRefusedError(
                "this dataset is too large for updates of this kind; write by INSERT DATA, or graph by graph at "
                "/graph-store"
            )
        store = dataset.open()
        before, stated = _graphs(store), dataset.stated(DEFAULT)
        _update(store, self.text, self.base_iri)
        after = _graphs(store)
        changed = {graph for graph in before.keys() | after.keys() if before.get(graph) != after.get(graph)}
        owned = dataset.owned.intersection(map(name_of, changed))
        if owned:
            return Rows(b"", owned, created=False)
        return _difference(changed, before, after, stated).rows()


def _difference(
    changed: Iterable[Graph], before: dict[Graph, bytes], after: dict[Graph, bytes], stated: frozenset[bytes]
) -> Patch:
    """Return what leads from the content of these graphs before to that after, each as N-Triples.

    What is merged into the default graph, and not `stated` there, cannot be taken from it.
    """
    added: list[bytes] = []
    removed: list[bytes] = []
    for graph in changed:
        old, new = (frozenset(content.get(graph, b"").splitlines(keepends=True)) for content in (before, after))
        gone = old - new
        removed += lines_in(graph, gone & stated if graph == DEFAULT else gone)
        added += lines_in(graph, new - old)
    return Patch(
        added=tuple(added),
        removed=tuple(removed),
        created=tuple(name_of(graph) for graph in changed if graph not in before),
        dropped=tuple(name_of(graph) for graph in changed if graph not in after),
    )


@dataclass(frozen=True)
class RefusedUpdate:
    """An update that asks for what is not offered, if it is one: what is no SPARQL is told so instead."""

    text: str
    refusal: NotOfferedError
    base_iri: str

    def run(self, dataset: Dataset, max_bytes: int) -> Rows:
        """Raise QuerySyntaxError, or else the refusal."""
        try:
            with offline():
                _update(ox.Store(), self.text, self.base_iri)
        except QuerySyntaxError:
            raise
        except QueryRefusedError as error:
            raise self.refusal from error
        raise self.refusal


@dataclass(frozen=True)
class GraphUpdate:
    """The Graph Store Protocol's PATCH: an update for which one graph is all that there is, as the default graph."""

    text: str
    graph: Graph
    if_match: tuple[str, ...] | None
    base_iri: str

    def run(self, dataset: Dataset, max_bytes: int) -> Rows:
        """Return what the update changes. Raises RequestError, or QueryAbortedError."""
        if not dataset.has_graph(self.graph):
            raise UnknownGraphError(f"there is no graph {self.graph}")
        _expect(dataset, self.graph, self.if_match)
        before = dataset.stated(self.graph)
        store = ox.Store()
        store.bulk_extend(ox.parse(b"".join(before), format=ox.RdfFormat.N_TRIPLES))
        with offline():
            _update(store, self.text, self.base_iri)
        if any(store.named_graphs()):
            raise QueryRefusedError("a PATCH changes the graph that it is sent to, and no other")
        after = frozenset(_lines(store))
        return Patch(
            added=tuple(lines_in(self.graph, after - before)), removed=tuple(lines_in(self.graph, before - after))
        ).rows()


@dataclass(frozen=True)
class Replacement:
    """The Graph Store Protocol's PUT, POST and DELETE of one graph.

    `upload` is its new content, None to drop it; `adds` keeps what it has. `if_match` are the entity tags of which
    the graph must have one, None where any state will do.
    """

    graph: Graph
    upload: Upload | None
    adds: bool = False
    if_match: tuple[str, ...] | None = None

    def run(self, dataset: Dataset, max_bytes: int) -> Rows:
        """Return what the request changes. Raises UploadError, UnknownGraphError or PreconditionError."""
        _expect(dataset, self.graph, self.if_match)
        is_there = dataset.has_graph(self.graph)
        if self.upload is None and not is_there:
            raise UnknownGraphError(f"there is no graph {self.graph}")
        before = dataset.stated(self.graph)
        after = frozenset(self.upload.triples() if self.upload else ())
        named = (self.graph.value,) if isinstance(self.graph, ox.NamedNode) else ()
        return Patch(
            added=tuple(lines_in(self.graph, after - before)),
            removed=() if self.adds else tuple(lines_in(self.graph, before - after)),
            created=() if is_there else named,
            dropped=named if self.upload is None else (),
        ).rows()


def _update(store: ox.Store, text: str, base_iri: str) -> None:
    try:
        store.update(text, base_iri=base_iri)
    except SyntaxError as error:
        raise syntax_error(text, error) from error
    except (ValueError, OSError, RuntimeError) as error:
        raise QueryRefusedError(f"the update cannot be carried out: {str(error)[:200]}") from error


def _expect(dataset: Dataset, graph: Graph, tags: tuple[str, ...] | None) -> None:
    """Hold a graph against the entity tags of which it must have one."""
    if tags is None:
        return
    if not dataset.has_graph(graph) or ("*" not in tags and dataset.graph_tag(graph) not in tags):
        raise PreconditionError(f"{graph} has changed since, or is not there")


def _named(store: ox.Store) -> Iterable[str]:
    return (graph.value for graph in store.named_graphs() if isinstance(graph, ox.NamedNode))


def _lines(store: ox.Store) -> Iterable[bytes]:
    content = store.dump(format=ox.RdfFormat.N_QUADS)
    assert content is not None
    return BytesIO(content)


def _graphs(store: ox.Store) -> dict[Graph, bytes]:
    """Return the content of each graph as N-Triples."""
    graphs: list[Graph] = [DEFAULT, *map(ox.NamedNode, _named(store))]
    return {graph: store.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=graph) or b"" for graph in graphs}
