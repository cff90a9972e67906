"""Evaluates SELECT queries on one state of the dataset, for whoever shapes their rows."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from sys import intern
from typing import Any

import pyoxigraph as ox

from service.errors import QueryAbortedError, ResultTooLargeError
from service.store.dataset import Dataset
from service.store.evaluation import Query
from service.store.functions import FUNCTIONS

# Plain values, which take a third of the time that objects take between processes.
Literal = tuple[str, str, str | None]
"""The lexical form of a literal, its datatype, and its language."""

Value = str | Literal | None
"""An IRI or a blank node, which begins with `_:`; a literal; or None for what is unbound."""

Row = tuple[Value, ...]


@dataclass(frozen=True)
class Selects:
    """SELECT queries that are answered together, about all that there is."""

    queries: tuple[str, ...]

    def run(self, dataset: Dataset, max_bytes: int) -> tuple[list[Row], ...]:
        """Return the rows of each query. Raises QueryRefusedError, QueryAbortedError or ResultTooLargeError."""
        left = max_bytes
        answers = []
        for query in self.queries:
            rows = [tuple(map(value_of, solution)) for solution in _limited(solutions(query, dataset), left)]
            left -= BYTES_OF_A_ROW * len(rows)
            answers.append(rows)
        return tuple(answers)


_INTEGER = re.compile(r"[+-]?[0-9]{1,18}")
BYTES_OF_A_ROW = 200
"""What a row of plain values takes, by and large."""


def solutions(query: str, dataset: Dataset) -> Iterator[Any]:
    """Yield the solutions of a SELECT query. Raises QueryRefusedError or QueryAbortedError."""
    try:
        yield from Query(query, "").results(dataset, FUNCTIONS)
    except (ValueError, OSError, RuntimeError) as error:
        raise QueryAbortedError("the query failed while it was answered") from error


def _limited(solutions: Iterator[Any], max_bytes: int) -> Iterator[Any]:
    for number, solution in enumerate(solutions):
        if number * BYTES_OF_A_ROW > max_bytes:
            raise ResultTooLargeError("the answer is too long; ask for less of it")
        yield solution


def integer_in(text: str) -> int | None:
    """Return the integer that a text is, None where it is none or a very long one: what is written may be anything."""
    return int(text) if _INTEGER.fullmatch(text) else None


def value_of(term: Any) -> Value:
    """Return a term as a plain value."""
    if isinstance(term, ox.NamedNode):
        return term.value
    if isinstance(term, ox.Literal):
        return term.value, intern(term.datatype.value), term.language
    return None if term is None else str(term)
