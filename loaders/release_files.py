"""Writes the store and the manifest of a release."""

import json
import shutil
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from loaders.graphs import divided_by_blank_nodes, merged, merged_lines
from loaders.loading.source import LoadedSource


def write_store(folder: Path, content: bytes, description: Collection[ox.Quad], ready: Path | None) -> None:
    """Write the store of canonical N-Quads, or move the one that is `ready`, and add the description."""
    if ready is not None:
        ready.rename(folder)
    store = ox.Store(str(folder))
    if ready is None:
        ground, others = divided_by_blank_nodes(content)
        store.bulk_load(ground, format=ox.RdfFormat.N_QUADS)
        store.bulk_load(merged_lines(ground), format=ox.RdfFormat.N_TRIPLES)
        with_blank_nodes = list(ox.parse(others, format=ox.RdfFormat.N_QUADS))
        store.bulk_extend(with_blank_nodes)  # loaded from a text, each would get two names: one of them in the merge
        store.bulk_extend(merged(with_blank_nodes))
    store.extend(description)
    store.extend(merged(description))
    store.optimize()  # into few files, as workers can open no more of them once they are at work
    store.flush()


def write_index(folder: Path, store: Path, loaded: Sequence[LoadedSource]) -> int:
    """Write the store of a release that has sources beside `store`, and return how many quads it has.

    Raises OSError, or ReleaseError where a source is damaged.
    """
    ox.Store.read_only(str(store)).backup(str(folder))
    index = ox.Store(str(folder))
    for source in loaded:
        for graph in (source.graph, ox.DefaultGraph()):
            with source.opened() as triples:
                index.bulk_load(triples, format=ox.RdfFormat.N_TRIPLES, to_graph=graph)
    index.optimize()
    index.flush()
    return len(index)


def revised_index(folder: Path, core: Path, before: Path, core_before: Path, quads_before: int) -> int | None:
    """Write the store of a release from that of one `before` with the same sources, where only the core is another.

    The files that do not change are shared. Return how many quads it has, or None where the one before has not as many
    as it should: then nothing is written.
    """
    try:
        ox.Store.read_only(str(before)).backup(str(folder))
        index = ox.Store(str(folder))
        old, new = (set(ox.Store.read_only(str(each))) for each in (core_before, core))
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
        if (quads := len(index)) == quads_before - named - len(gone) + len(added):
            return quads
    except OSError:  # it is damaged, or not there
        pass
    shutil.rmtree(folder, ignore_errors=True)
    return None


def _is_in_a_graph(index: ox.Store, quad: ox.Quad) -> bool:
    stating = index.quads_for_pattern(quad.subject, quad.predicate, quad.object, None)
    return any(each.graph_name != ox.DefaultGraph() for each in stating)


def with_most_verified(manifest: dict[str, Any], before: dict[str, Any]) -> dict[str, Any]:
    """Return a manifest with what an earlier one of the same release says of evidence, if that verified no less."""
    if manifest["checks"]["evidence"]["passed"] > before["checks"]["evidence"]["passed"]:
        return manifest
    checks = manifest["checks"] | {"evidence": before["checks"]["evidence"]}
    return manifest | {"built": before["built"], "checks": checks}


def as_json(document: dict[str, Any]) -> bytes:
    """Return a JSON document as the bytes of a file."""
    return (json.dumps(document, indent=2, ensure_ascii=False) + "\n").encode()
