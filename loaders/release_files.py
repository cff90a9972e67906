"""Writes the store and the manifest of a release."""

import json
from collections.abc import Collection
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from loaders.graphs import divided_by_blank_nodes, merged, merged_lines


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


def with_most_verified(manifest: dict[str, Any], before: dict[str, Any]) -> dict[str, Any]:
    """Return a manifest with what an earlier one of the same release says of evidence, if that verified no less."""
    if manifest["checks"]["evidence"]["passed"] > before["checks"]["evidence"]["passed"]:
        return manifest
    checks = manifest["checks"] | {"evidence": before["checks"]["evidence"]}
    return manifest | {"built": before["built"], "checks": checks}


def as_json(document: dict[str, Any]) -> bytes:
    """Return a JSON document as the bytes of a file."""
    return (json.dumps(document, indent=2, ensure_ascii=False) + "\n").encode()
