"""Asks a server a query and reads its solutions in a form that can be compared with those of another server."""

import json
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.error import URLError
from urllib.request import Request, urlopen

from ontology.iris import XSD
from service.bench.errors import ServerError

# Those of walk.lua too.
_HEADERS = {"Accept": "application/sparql-results+json", "Accept-Encoding": "identity"}

Solution = tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Answer:
    """The solutions of a query, in no order, and how long the server took."""

    solutions: "Counter[Solution]"
    seconds: float


def ask(endpoint: str, query_string: str, timeout: float) -> Answer:
    """Return the answer of the server. Raises ServerError."""
    request = Request(f"{endpoint}?{query_string}", headers=_HEADERS)
    started = time.perf_counter()
    try:
        with urlopen(request, timeout=timeout) as response:
            content = response.read()
        seconds = time.perf_counter() - started
        rows = json.loads(content)["results"]["bindings"]
        return Answer(Counter(map(_solution, rows)), seconds)
    except TimeoutError:
        raise ServerError(f"no answer in {timeout:g} s") from None
    except (URLError, OSError, ValueError, KeyError, TypeError) as error:
        raise ServerError(f"no answer: {_reason(error)}") from error


def difference(first: Answer, second: Answer) -> list[str]:
    """Return up to three solutions of each that the other lacks, for reading."""
    only_first, only_second = first.solutions - second.solutions, second.solutions - first.solutions
    return [f"- {solution}" for solution in sorted(only_first)[:3]] + [
        f"+ {solution}" for solution in sorted(only_second)[:3]
    ]


def _solution(row: Mapping[str, Mapping[str, str]]) -> Solution:
    return tuple(sorted((name, *_term(term)) for name, term in row.items()))


def _term(term: Mapping[str, Any]) -> tuple[str, str, str, str]:
    """Return kind, value, language and datatype, past what servers write differently and SPARQL takes as the same."""
    kind = "literal" if term["type"] == "typed-literal" else str(term["type"])
    datatype = str(term.get("datatype", ""))
    return (
        kind,
        str(term["value"]),
        str(term.get("xml:lang", "")).lower(),
        "" if datatype == XSD + "string" else datatype,
    )


def _reason(error: Exception) -> str:
    body = getattr(error, "read", bytes)()[:200].decode(errors="replace")
    return " ".join(f"{error} {body}".split())
