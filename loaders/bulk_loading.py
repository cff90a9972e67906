"""Loads triples into a store on the disk, in pieces that fit into memory, some at a time."""

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import BinaryIO

import pyoxigraph as ox

# The engine needs some ten times as much memory while it loads as many bytes. The first pieces are small, lest one core
# alone loads a small file.
_FIRST_PIECE = 8_000_000
_LARGEST_PIECE = 64_000_000
_MOST_AT_ONCE = 4


def bulk_load(store: ox.Store, triples: BinaryIO, graphs: Sequence[ox.NamedNode | ox.DefaultGraph]) -> None:
    """Load a file of N-Triples, each triple on a line of its own and without blank nodes, into each of some graphs.

    A core loads a piece while another loads the next, which a single bulk load of the engine does for a part of its
    work only. Raises OSError, or SyntaxError where a line is not N-Triples; what was loaded until then stays.
    """

    def load(graph: ox.NamedNode | ox.DefaultGraph, piece: bytes) -> None:
        store.bulk_load(piece, format=ox.RdfFormat.N_TRIPLES, to_graph=graph)

    at_once = min(os.cpu_count() or 1, _MOST_AT_ONCE)
    with ThreadPoolExecutor(at_once) as pool:
        size = _FIRST_PIECE
        while several := list(islice(_pieces(triples, size), at_once)):
            for done in [pool.submit(load, graph, piece) for graph in graphs for piece in several]:
                done.result()
            size = min(2 * size, _LARGEST_PIECE)


def _pieces(triples: BinaryIO, size: int) -> Iterator[bytes]:
    while piece := triples.read(size):
        yield piece + triples.readline()
