"""Evaluates a query on an open store and serialises the answer, within a limit of its length."""

import io
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from ontology.iris import BASE
from queries.named_query import prologue
from service.errors import EngineError, QueryAbortedError, QueryRefusedError, ResultTooLargeError

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
    """Open the indexed quads of a release, read-only. Raises EngineError where they are damaged."""
    try:
        return ox.Store.read_only(str(store))
    except (OSError, RuntimeError, ValueError) as error:
        raise EngineError(f"release {store.parent.name} is damaged; build it again") from error


@dataclass(frozen=True)
class Job:
    """A query, the media type to answer in, and the graphs that it is about.

    `default_graphs` and `named_graphs` are those of the request, None where it names none; then the query's
    own FROM and FROM NAMED count, and without those the default graph is the merge of all, which a release keeps.
    """

    query: str
    media_type: str
    default_graphs: tuple[str, ...] | None = None
    named_graphs: tuple[str, ...] | None = None

    @property
    def dataset(self) -> dict[str, Any]:
        """The arguments for the dataset (SPARQL 1.1 Protocol, section 2.1.4), as the store takes them."""
        if self.default_graphs is None and self.named_graphs is None:
            return {}
        return {
            "default_graph": [ox.NamedNode(graph) for graph in self.default_graphs or ()],
            "named_graphs": [ox.NamedNode(graph) for graph in self.named_graphs or ()],
        }


def evaluate(store: ox.Store, job: Job, max_bytes: int) -> bytes:
    """Return the answer to `job`. Raises QueryRefusedError, QueryAbortedError or ResultTooLargeError."""
    try:
        results = store.query(job.query, base_iri=BASE, **job.dataset)
    except SyntaxError as error:
        raise QueryRefusedError(_syntax_message(job.query, error)) from error
    except (ValueError, OSError, RuntimeError) as error:
        raise QueryRefusedError("the engine does not answer this query") from error
    buffer = _Limited(max_bytes)
    try:
        if isinstance(results, ox.QueryTriples):
            results.serialize(buffer, format=_rdf_format(job.media_type))
        else:
            results.serialize(buffer, format=_results_format(job.media_type))
    except (ValueError, OSError, RuntimeError) as error:
        raise QueryAbortedError("the query failed while it was answered") from error
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
    if "Prefix not found" in str(error):
        ours = prologue(query).strip()
        way_out = f"; put before it:\n{ours}" if ours else ""
        return f"line {line}, column {column}: a prefix is used that is not declared: {text}{way_out}"
    return f"line {line}, column {column}: not SPARQL: {text}"
