"""Evaluates a query on an open store and serialises the answer, within a limit of its length."""

import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pyoxigraph as ox

from ontology.iris import BASE, prologue
from service.errors import NotOfferedError, QueryAbortedError, QueryRefusedError, QuerySyntaxError, ResultTooLargeError
from service.store.dataset import Dataset
from service.store.functions import Functions
from service.store.offline import offline
from service.store.rdf_dataset import DatasetClause, arguments

_FUNCTION = re.compile(r"(?<=custom function )<[^>]*>")
# A query without this names no graph; what has it may still name none. An escape may stand for any letter.
_NAMING = re.compile(r"(?<!district)graph|from|\\", re.IGNORECASE)
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


@dataclass(frozen=True)
class Query:
    """A query, the media type to answer in, and the dataset that it is about.

    `dataset` is that of the request; None for that of the query. The default graph is the merge of all, or, with
    `as_set`, what the service is set to, which may be one of its own.
    """

    query: str
    media_type: str
    dataset: DatasetClause | None = None
    base_iri: str = BASE
    as_set: bool = False

    def run(self, dataset: Dataset, max_bytes: int) -> bytes:
        """Return the answer, serialised. Raises QueryRefusedError, QueryAbortedError or ResultTooLargeError."""
        return self.written(dataset, lambda results: self._serialized(results, max_bytes))

    def written(self, dataset: Dataset, write: Callable[[Any], bytes]) -> bytes:
        """Return what `write` makes of the results. Raises QueryRefusedError, QueryAbortedError, or as `write` does."""
        results = self.results(dataset)
        try:
            return write(results)
        except (ValueError, OSError, RuntimeError) as error:
            raise QueryAbortedError("the query failed while it was answered") from error

    def results(self, dataset: Dataset, functions: Functions | None = None) -> Any:
        """Return the results as the engine gives them, one after another. Raises QueryRefusedError."""
        store, graphs = self._asked_of(dataset)
        try:
            return store.query(self.query, base_iri=self.base_iri, custom_functions=functions, **graphs)
        except SyntaxError as error:
            raise syntax_error(self.query, error) from error
        except (ValueError, OSError, RuntimeError) as error:
            raise _refusal(error) from error

    def _serialized(self, results: Any, max_bytes: int) -> bytes:
        buffer = _Limited(max_bytes)
        kind = ox.RdfFormat if isinstance(results, ox.QueryTriples) else ox.QueryResultsFormat
        format_ = kind.from_media_type(self.media_type)
        assert format_ is not None, self.media_type
        results.serialize(buffer, format=format_)
        return buffer.getvalue()

    def _asked_of(self, dataset: Dataset) -> tuple[ox.Store, dict[str, Any]]:
        if not self.as_set:
            dataset = dataset.everything
        if self.dataset is None and not _NAMING.search(self.query):
            return dataset.default_graph()
        return arguments(dataset.open(), self.dataset, self.base_iri)


@dataclass(frozen=True)
class Queries:
    """Several queries, all answered from one state of the dataset."""

    queries: tuple[Query, ...]

    def run(self, dataset: Dataset, max_bytes: int) -> tuple[bytes, ...]:
        """Return the answers in order, which together are within the limit. Raises what Query.run raises."""
        answers: list[bytes] = []
        for query in self.queries:
            answers.append(query.run(dataset, max_bytes - sum(map(len, answers))))
        return tuple(answers)


def require_sparql(query: str, base_iri: str) -> None:
    """Raise QuerySyntaxError where the query is not SPARQL; it is asked of no quads."""
    try:
        with offline():
            ox.Store().query(query, base_iri=base_iri)
    except SyntaxError as error:
        raise syntax_error(query, error) from error
    except (ValueError, OSError, RuntimeError):
        return


def _refusal(error: Exception) -> QueryRefusedError:
    """Return what to say of a query that the engine takes for SPARQL and does not answer."""
    if (unknown := _FUNCTION.search(str(error))) is not None:
        return NotOfferedError(f"there is no function {unknown[0]} here")
    return QueryRefusedError("the engine does not answer this query")


def syntax_error(query: str, error: SyntaxError) -> QuerySyntaxError:
    """Return where the query breaks, with the line itself."""
    place = _PLACE.search(str(error))
    if place is None:
        return QuerySyntaxError(f"not SPARQL: {str(error)[:200]}")
    line, column = int(place["line"]), int(place["column"])
    text = (query.splitlines() or [""])[min(line, len(query.splitlines())) - 1].strip()[:200]
    if "Prefix not found" in str(error):
        ours = prologue(query).strip()
        way_out = f"; put before it:\n{ours}" if ours else ""
        message = f"line {line}, column {column}: a prefix is used that is not declared: {text}{way_out}"
    else:
        message = f"line {line}, column {column}: not SPARQL: {text}"
    return QuerySyntaxError(message, line, column)
