"""Writes quads as the bytes that a release is named by."""

import hashlib
from collections.abc import Iterable, Sequence

import pyoxigraph as ox

_ID_LENGTH = 16


def canonical(quads: Iterable[ox.Quad]) -> bytes:
    """Return `quads` as sorted N-Quads with canonical blank nodes (RDFC-1.0): equal datasets, equal bytes."""
    ground: list[ox.Quad] = []
    with_blank_nodes = ox.Dataset()  # no other quad bears on their names (RDFC-1.0, 4.4.3)
    for quad in quads:
        has_one = isinstance(quad.subject, ox.BlankNode) or isinstance(quad.object, ox.BlankNode)
        (with_blank_nodes.add if has_one else ground.append)(quad)
    with_blank_nodes.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    content = ox.serialize([*ground, *with_blank_nodes], format=ox.RdfFormat.N_QUADS)
    assert content is not None
    return b"".join(sorted(set(content.splitlines(keepends=True))))


def release_id(content: bytes, loaded: Sequence[str] = ()) -> str:
    """Return the id of the release with the canonical N-Quads `content`, and with sources of these identities."""
    return id_of_digest(hashlib.sha256(content).hexdigest(), loaded)


def id_of_digest(digest: str, loaded: Sequence[str]) -> str:
    """Return the same by the SHA-256 of the content."""
    if loaded:
        digest = hashlib.sha256("".join([digest + "\n", *loaded]).encode()).hexdigest()
    return digest[:_ID_LENGTH]
