"""Evaluates a query on an open store and serialises the answer, within a limit of its length."""

import io
import re
from pathlib import Path

import pyoxigraph as ox

from service.errors import QueryAbortedError, QueryRefusedError, ResultTooLargeError

_PLACE = re.compile(r"error at (?P<line>\d+):(?P<column>\d+)")


class _Limited(io.BytesIO):
    """A buffer that refuses to grow beyond `limit` bytes."""

    def __init__(self, limit: int) -> None:
        super().__init__()
        self._limit = limit

    def write(self, content: bytes, /) -> int:  # type: ignore[override]
        if self.tell() + len(content) > self._limit:
            raise ResultTooLargeError(f"the answer is longer than {self._limit} bytes; ask for less of it")
        return super().write(content)


def open_release(store: Path) -> ox.Store:
    """Open the indexed quads of a release, read-only."""
    return ox.Store.read_only(str(store))


def evaluate(store: ox.Store, query: str, media_type: str, base_iri: str, max_bytes: int) -> bytes:
    """Return the answer to `query` over the union of all graphs, serialised as `media_type`.

    Raises QueryRefusedError, QueryAbortedError or ResultTooLargeError.
    """
    try:
        results = store.query(query, base_iri=base_iri, use_default_graph_as_union=True)
    except SyntaxError as error:
        raise QueryRefusedError(_syntax_message(query, error)) from error
    except (ValueError, OSError, RuntimeError) as error:
        raise QueryRefusedError(f"the query cannot be evaluated: {error}") from error
    buffer = _Limited(max_bytes)
    try:
        if isinstance(results, ox.QueryTriples):
            results.serialize(buffer, format=_rdf_format(media_type))
        else:
            results.serialize(buffer, format=_results_format(media_type))
    except (ValueError, OSError, RuntimeError) as error:
        raise QueryAbortedError(f"the query failed while it was answered: {error}") from error
    return buffer.getvalue()


def _rdf_format(media_type: str) -> ox.RdfFormat:
    format_ = ox.RdfFormat.from_media_type(media_type)
    assert format_ is not None, media_type
    return format_


def _results_format(media_type: str) -> ox.QueryResultsFormat:
    format_ = ox.QueryResultsFormat.from_media_type(media_type)
    assert format_ is not None, media_type
    return format_


def _syntax_message(query: str, error: SyntaxError) -> str:
    """Return the line and column where the query breaks, and the line itself."""
    place = _PLACE.search(str(error))
    if place is None:
        return f"not SPARQL: {str(error)[:200]}"
    line, column = int(place["line"]), int(place["column"])
    text = (query.splitlines() or [""])[min(line, len(query.splitlines())) - 1].strip()[:200]
    why = "a prefix is used that is not declared" if "Prefix not found" in str(error) else "not SPARQL"
    return f"line {line}, column {column}: {why}: {text}"
