"""Copies the store of a release, to be brought to what the next one has.

The default graph of a release merges all graphs. What is computed of the others, is of other vocabularies, or describes
the release leaves it first, so that what is left is what is stated and what follows; at the end all is merged again.
"""

from collections.abc import Collection, Iterable
from pathlib import Path

import pyoxigraph as ox

from loaders.graphs import ALIGNMENTS, COMPUTED, INFERRED, RELEASE, merged

_APART = (COMPUTED, ALIGNMENTS, RELEASE)
_OF_NOBODY = {*_APART, INFERRED, ox.DefaultGraph()}


class WorkingCopy:
    """The store of a release in a folder of its own, of which the files are shared until they change."""

    def __init__(self, store: Path, folder: Path) -> None:
        """Copy `store` to `folder`, which must not be there yet. Raises OSError."""
        ox.Store.read_only(str(store)).backup(str(folder))
        self.store = ox.Store(str(folder))
        apart = {quad.triple for graph in _APART for quad in self.store.quads_for_pattern(None, None, None, graph)}
        self._unmerge(triple for triple in apart if not self._graphs(triple) - {*_APART})
        self.store.remove_graph(RELEASE)

    def restate(
        self, removed: Collection[ox.Quad], added: Collection[ox.Quad]
    ) -> tuple[set[ox.Triple], set[ox.Triple]]:
        """Change what is stated in named graphs; return the triples that nobody states now, and nobody stated before.

        Neither their merge nor what follows is changed.
        """
        new = {quad.triple for quad in added if not self._is_stated(quad.triple)}
        self.replace(removed, ())
        gone = {quad.triple for quad in removed if not self._is_stated(quad.triple)}
        self.store.extend(added)
        return {triple for triple in gone if not self._is_stated(triple)}, new

    def replace(self, removed: Collection[ox.Quad], added: Collection[ox.Quad]) -> None:
        """Change what a named graph has, but for the merge."""
        for quad in removed:
            self.store.remove(quad)
        self.store.extend(added)

    def merge(self) -> None:
        """Make the default graph the merge of all graphs again, forget graphs that are empty, and close the store."""
        for graph in _APART:
            self.store.extend(merged(self.store.quads_for_pattern(None, None, None, graph)))
        for name in list(self.store.named_graphs()):
            if not any(True for _ in self.store.quads_for_pattern(None, None, None, name)):
                self.store.remove_graph(name)
        self.store.flush()
        del self.store

    def _unmerge(self, triples: Iterable[ox.Triple]) -> None:
        for triple in triples:
            self.store.remove(ox.Quad(triple.subject, triple.predicate, triple.object))

    def _graphs(self, triple: ox.Triple) -> set[ox.NamedNode | ox.BlankNode | ox.DefaultGraph]:
        quads = self.store.quads_for_pattern(triple.subject, triple.predicate, triple.object, None)
        return {quad.graph_name for quad in quads} - {ox.DefaultGraph()}

    def _is_stated(self, triple: ox.Triple) -> bool:
        return bool(self._graphs(triple) - _OF_NOBODY)
