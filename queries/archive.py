"""Packs the named queries into one file, as a release keeps them."""

from importlib import resources
from importlib.resources.abc import Traversable

from ontology.archive import unpack, zipped
from queries.columns import columns
from queries.named_query import NamedQuery, load_queries, query_files


def pack_queries(directory: Traversable | None = None) -> bytes:
    """Return a ZIP file of the named queries in `directory`, by default the packaged ones; equal files, equal bytes.

    Raises QueryFileError for the first file that is broken.
    """
    directory = directory or resources.files("queries")
    files = {f"{group}/{file.name}".lstrip("/"): file.read_bytes() for group, file in query_files(directory)}
    packed = zipped(files)
    unpack_queries(packed)
    return packed


def unpack_queries(content: bytes) -> dict[str, NamedQuery]:
    """Return the named queries in the ZIP file `content`.

    Raises zipfile.BadZipFile, or QueryFileError for the first file that is broken.
    """
    return sound(load_queries(unpack(content)))


def sound(queries: dict[str, NamedQuery]) -> dict[str, NamedQuery]:
    """Return `queries`, each of which is SPARQL. Raises QueryFileError for the first that is not."""
    for query in queries.values():
        columns(query)
    return queries
