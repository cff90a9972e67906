"""Packs the named queries into one file, as a release keeps them."""

from collections.abc import Collection, Mapping
from importlib import resources
from importlib.resources.abc import Traversable

from ontology.archive import unpack, zipped
from queries.columns import in_total_order
from queries.named_query import NamedQuery, askable, load_queries, query_files


def pack_queries(directory: Traversable | None = None, sources: Collection[str] = ()) -> bytes:
    """Return a ZIP file of the named queries in `directory`, by default the packaged ones; equal files, equal bytes.

    Those that ask of a source which is not among `sources` are left out. Raises QueryFileError for the first file that
    is broken.
    """
    directory = directory or resources.files("queries")
    asked = {f"{name}.rq" for name in askable(load_queries(directory), sources)}
    files = {
        f"{group}/{file.name}".lstrip("/"): file.read_bytes()
        for group, file in query_files(directory)
        if file.name in asked
    }
    packed = zipped(files)
    unpack_queries(packed)
    return packed


def unpack_queries(content: bytes) -> dict[str, NamedQuery]:
    """Return the named queries in the ZIP file `content`.

    Raises zipfile.BadZipFile, or QueryFileError for the first file that is broken.
    """
    return paged(load_queries(unpack(content)))


def paged(queries: Mapping[str, NamedQuery]) -> dict[str, NamedQuery]:
    """Return `queries` in a total order of their rows. Raises QueryFileError for the first that is not SPARQL."""
    return {name: in_total_order(query) for name, query in queries.items()}
