"""Writes the store of a release that has loaded sources beside what it is built of."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from loaders.bulk_loading import bulk_load
from loaders.loading.source import LoadedSource
from loaders.progress import Pace, Tell, nobody


@dataclass(frozen=True)
class Before:
    """The stores of a release with loaded sources, and without them, and how many quads the former should have."""

    store: Path
    core: Path
    loaded: Sequence[LoadedSource]
    quads: int


def write_index(
    folder: Path, core: Path, loaded: Sequence[LoadedSource], before: Before | None, progress: Tell = nobody
) -> int:
    """Write the store of a release that has sources beside `core`, and return how many quads it has.

    Where the release `before` has the same sources, it is made from that. Raises OSError, or ReleaseError where a
    source is damaged.
    """
    if before is not None and identities(before.loaded) == identities(loaded):
        revised = _revised(folder, core, before)
        if revised is not None:
            return revised
    return write_anew(folder, core, loaded, progress)


def identities(loaded: Sequence[LoadedSource]) -> list[str]:
    """Return what of sources the id of a release is made of."""
    return [source.identity for source in loaded]


def write_anew(folder: Path, store: Path, loaded: Sequence[LoadedSource], progress: Tell = nobody) -> int:
    """Write the store of a release that has sources beside `store`, and return how many quads it has.

    Raises OSError, or ReleaseError where a source is damaged.
    """
    ox.Store.read_only(str(store)).backup(str(folder))
    index = ox.Store(str(folder))
    for source in loaded:
        _add(index, source, progress)
    progress("putting the store into few files")
    index.optimize()
    index.flush()
    return len(index)


def _add(index: ox.Store, source: LoadedSource, progress: Tell) -> None:
    """Add a source to its graph and to the merge of all."""
    megabytes = source.about["bytes"] // 1_000_000
    pace = Pace(progress, lambda done: f"{source.name} into the store: {done // 1_000_000} of {megabytes} MB")
    with source.opened(pace.add) as triples:
        bulk_load(index, triples, (source.graph, ox.DefaultGraph()))


def _revised(folder: Path, core: Path, before: Before) -> int | None:
    """Write the store of a release from that of one `before` with the same sources, where only the core is another.

    The files that do not change are shared. Return how many quads it has, or None where the one before has not as many
    as it should: then nothing is written.
    """
    try:
        ox.Store.read_only(str(before.store)).backup(str(folder))
        index = ox.Store(str(folder))
        old, new = (set(ox.Store.read_only(str(each))) for each in (before.core, core))
        removed = old - new
        for quad in removed:
            if quad.graph_name != ox.DefaultGraph():
                index.remove(quad)
        gone = [quad for quad in removed if quad.graph_name == ox.DefaultGraph() and not _is_in_a_graph(index, quad)]
        for quad in gone:
            index.remove(quad)
        named = sum(quad.graph_name != ox.DefaultGraph() for quad in removed)
        added = [quad for quad in new - old if quad not in index]
        index.extend(added)
        for name in {quad.graph_name for quad in removed} - {ox.DefaultGraph()}:
            if not any(True for _ in index.quads_for_pattern(None, None, None, name)):
                index.remove_graph(name)
        index.flush()
        if (quads := len(index)) == before.quads - named - len(gone) + len(added):
            return quads
    except OSError:  # it is damaged, or not there
        pass
    shutil.rmtree(folder, ignore_errors=True)
    return None


def _is_in_a_graph(index: ox.Store, quad: ox.Quad) -> bool:
    stating = index.quads_for_pattern(quad.subject, quad.predicate, quad.object, None)
    return any(each.graph_name != ox.DefaultGraph() for each in stating)
