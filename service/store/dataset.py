"""The quads that queries are answered from: those of a release, and those written since."""

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from loaders.graphs import merged
from service.store.orders import Orders
from service.store.patch import Patch, lines_in

DEFAULT = ox.DefaultGraph()

Graph = ox.NamedNode | ox.DefaultGraph

# The IRIs of the graphs that a client may not read.
View = frozenset[str]


@dataclass(frozen=True)
class Sources:
    """What a dataset is made of.

    `release` is the folder of a release, or None for an empty dataset; `journal` the folder of what was written;
    `memory_bytes` up to which size of these the dataset is held in memory; `union` whether the default graph is the
    merge of all graphs or one of its own; `engine` the endpoint that holds the same, if one does, with the graphs that
    are `closed` in mind.
    """

    release: Path | None
    journal: Path
    memory_bytes: int
    union: bool
    engine: str | None = None
    closed: View = frozenset()


class Dataset(ABC):
    """The quads of a release and what was written since; in memory or on the disk.

    `is_writable` tells whether the open store may be changed, as a copy of this process's own; `written` counts the
    writes, `owned` are the graphs of the release; `orders` are those in which its things were listed,
    `labels` those of things that were mentioned, None for none, `sizes` how many things classes of very many have.
    """

    is_writable = True
    written = 0
    owned: frozenset[str] = frozenset()

    def __init__(self, union: bool) -> None:
        self.union = union
        # What was written to the default graph itself, which its merge with the others does not tell.
        self._own: set[ox.Triple] = set()
        self.orders = Orders()
        self.labels: dict[str, str | None] = {}
        self.sizes: dict[str, int] = {}

    @property
    def everything(self) -> "Dataset":
        """The same quads as a dataset whose default graph is the merge of all graphs."""
        return self

    @abstractmethod
    def open(self) -> ox.Store:
        """Return the store, to be read in a worker. Raises EngineError where it is damaged."""

    def default_graph(self) -> tuple[ox.Store, dict[str, Any]]:
        """Return a store for what asks of the default graph alone, and what tells it so. Raises as `open` does."""
        return self.open(), {}

    @abstractmethod
    def apply(self, patch: Patch) -> None:
        """Take up what was written. Raises EngineError where it cannot be kept."""

    @abstractmethod
    def without(self, view: View) -> "Dataset":
        """Return the dataset without the graphs that `view` hides, to be used in a process of its own."""

    def open_files(self) -> int:
        """Return how many files the open store may still have to open."""
        return 0

    def cache_bytes(self) -> int:
        """Return how much memory the open store may yet take for what it keeps of what it reads."""
        return 0

    def require_same(self) -> None:  # noqa: B027 - most are a copy of their own
        """Raise DatasetLostError where what was read since it was opened may be of several states."""

    def foresee(self, things: Iterable[str], property_: str | None = None) -> None:  # noqa: B027 - most read at once
        """Be told what is asked for next, one after the other: what is said of things, or by which property."""

    def close(self) -> None:  # noqa: B027 - most have nothing to leave
        """Remove what stands on the disk for this process alone."""

    def has_graph(self, graph: Graph) -> bool:
        """Tell whether there is such a graph, be it empty; there always is a default graph."""
        return isinstance(graph, ox.DefaultGraph) or self.open().contains_named_graph(graph)

    def graph_tag(self, graph: Graph) -> str:
        """Return the entity tag of a graph: equal content, equal tag."""
        return hashlib.sha256(b"".join(sorted(_triples(self.open(), graph)))).hexdigest()[:32]

    def stated(self, graph: Graph) -> frozenset[bytes]:
        """Return the triples of `graph` as lines; of the default graph only its own, not those merged into it."""
        if self.union and graph == DEFAULT:
            content = ox.serialize(self._own, format=ox.RdfFormat.N_TRIPLES)
            assert content is not None
            return frozenset(content.splitlines(keepends=True))
        return frozenset(_triples(self.open(), graph))

    def _change(self, store: ox.Store, patch: Patch) -> None:
        """Carry out `patch` in `store`, with what follows from it for a default graph that merges the others."""
        for graph in patch.dropped:
            store.remove_graph(ox.NamedNode(graph))
        removed = list(patch.quads_removed())
        for quad in removed:
            if not (self.union and quad.graph_name == DEFAULT):
                store.remove(quad)
        for graph in patch.created:
            store.add_graph(ox.NamedNode(graph))
        store.bulk_extend(patch.quads_added())
        if self.union:
            store.bulk_extend(merged(patch.quads_added()))
            self._unmerge(store, removed)

    def _remember(self, patch: Patch) -> None:
        """Keep what the patch says of the default graph itself."""
        self.written += 1
        self.orders.clear()
        self.labels.clear()
        self.sizes.clear()
        if self.union:
            self._own.difference_update(q.triple for q in patch.quads_removed() if q.graph_name == DEFAULT)
            self._own.update(q.triple for q in patch.quads_added() if q.graph_name == DEFAULT)

    def _unmerge(self, store: ox.Store, removed: Iterable[ox.Quad]) -> None:
        """Take triples from the default graph where no other graph has them any more."""
        for quad in removed:
            held = store.quads_for_pattern(quad.subject, quad.predicate, quad.object, None)
            if quad.triple not in self._own and all(other.graph_name == DEFAULT for other in held):
                store.remove(ox.Quad(quad.subject, quad.predicate, quad.object, DEFAULT))


def dropping(store: ox.Store, view: View) -> Patch:
    """Return what takes the graphs that `view` hides from `store`."""
    graphs = [graph for graph in map(ox.NamedNode, sorted(view)) if store.contains_named_graph(graph)]
    removed = [line for graph in graphs for line in lines_in(graph, _triples(store, graph))]
    return Patch(removed=tuple(removed), dropped=tuple(graph.value for graph in graphs))


def _triples(store: ox.Store, graph: Graph) -> list[bytes]:
    content = store.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=graph)
    assert content is not None
    return content.splitlines(keepends=True)
