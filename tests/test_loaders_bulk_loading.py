"""A store has every triple of a file, in however many pieces it is loaded."""

from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loaders import bulk_loading

GRAPHS = [ox.NamedNode("https://example.org/graph"), ox.DefaultGraph()]
LINES = [f'<https://example.org/{n}> <https://example.org/says> "{"word " * (n % 7)}" .\n' for n in range(40)]


@settings(deadline=None, max_examples=30)
@given(first=st.integers(1, 1000), largest=st.integers(1, 4000), many=st.integers(0, len(LINES)), ends=st.booleans())
def test_no_triple_is_lost_between_pieces(first: int, largest: int, many: int, ends: bool) -> None:
    content = "".join(LINES[:many]).encode()
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(bulk_loading, "_FIRST_PIECE", first)
        patch.setattr(bulk_loading, "_LARGEST_PIECE", largest)
        store = ox.Store(folder)
        bulk_loading.bulk_load(store, BytesIO(content if ends else content.rstrip()), GRAPHS)
        triples = [quad.triple for quad in ox.parse(content, format=ox.RdfFormat.N_TRIPLES)]
        assert set(store) == {ox.Quad(*triple, graph) for triple in triples for graph in GRAPHS}
        del store


def test_a_line_that_is_none_ends_it(tmp_path: Path) -> None:
    with pytest.raises(SyntaxError):
        bulk_loading.bulk_load(ox.Store(str(tmp_path)), BytesIO(LINES[0].encode() + b"nothing"), GRAPHS)
