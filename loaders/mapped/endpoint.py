"""Asks a SPARQL endpoint of others: one request after another, no faster than it can bear, each answer whole."""

import time
import warnings
from collections.abc import Iterator, Sequence
from http.client import HTTPException, HTTPResponse
from importlib.metadata import version
from typing import cast
from urllib.error import HTTPError, URLError

import pyoxigraph as ox

from loaders.errors import EndpointError
from loaders.mapped.asking import TooMuchError
from loaders.mapped.constructing import variables_of
from loaders.mapped.mapping import Step
from loaders.progress import Progress

with warnings.catch_warnings():  # SPARQLWrapper 2.0 asks rdflib for what rdflib 7 calls deprecated
    warnings.simplefilter("ignore", DeprecationWarning)
    from SPARQLWrapper import JSON, POST, SPARQLWrapper
    from SPARQLWrapper.SPARQLExceptions import EndPointInternalError, SPARQLWrapperException

_AGENT = f"districtgraph/{version('districtgraph')} (loads a source once; SPARQLWrapper/{version('sparqlwrapper')})"
_SECONDS_TO_ANSWER, _SECONDS_TO_READ = 60, 300
_LARGEST = 50_000_000
_ATTEMPTS = 6
_MOST_SECONDS_TO_WAIT = 600
_BUSY, _TOO_MUCH = (429, 503), (408, 413, 500, 502, 504)


class _BusyError(Exception):
    """The endpoint asks to come again, after so many seconds where it says how many."""

    def __init__(self, message: str, seconds: float | None = None) -> None:
        super().__init__(message)
        self.seconds = seconds


class Endpoint:
    """An endpoint, which is asked after a pause of so many seconds each time."""

    def __init__(self, address: str, pause: float, progress: Progress) -> None:
        self._address, self._pause, self._progress = address, pause, progress
        self._asked = 0.0

    def things(self, step: Step, after: str, most: int) -> Sequence[str]:
        """Return the first IRIs of things behind `after`. Raises TooMuchError, or EndpointError."""
        name = step.variable
        beyond = f"FILTER(STR(?{name}) > {ox.Literal(after)})" if after else ""
        query = step.all_things(beyond, f"ORDER BY STR(?{name}) LIMIT {most}")
        found = [row[0] for row in self._rows(query)]
        if not all(isinstance(each, ox.NamedNode) for each in found):
            raise EndpointError(f"{self._address} answers with what is no IRI where one was asked for")
        return [cast(ox.NamedNode, each).value for each in found]

    def made(self, step: Step, things: Sequence[str]) -> Sequence[ox.Triple]:
        """Return what a step makes of some things.

        What the endpoint finds is counted by a query of its own, as an endpoint may cut an answer and not say so; the
        template is filled here. Raises TooMuchError, or EndpointError.
        """
        variables = variables_of(step.template)
        columns, pattern = " ".join(f"?{name}" for name in variables), step.bound(things)
        rows = self._rows(f"{step.prefixes}SELECT {columns} WHERE {pattern}")
        (count,) = (row[0] for row in self._rows(f"{step.prefixes}SELECT (COUNT(*) AS ?rows) WHERE {pattern}"))
        if not (isinstance(count, ox.Literal) and count.value == str(len(rows))):
            raise TooMuchError(f"{self._address} has {_value(count)} rows and sent {len(rows)}")
        return list(_filled(step, columns, rows, self._address))

    def _rows(self, query: str) -> list[ox.QuerySolution]:
        """Ask a SELECT, again where the endpoint is busy or does not answer."""
        for attempt in range(_ATTEMPTS):
            try:
                return self._answer(query)
            except _BusyError as busy:
                seconds = busy.seconds if busy.seconds is not None else self._pause * 2**attempt
                if attempt + 1 == _ATTEMPTS or seconds > _MOST_SECONDS_TO_WAIT:
                    raise EndpointError(f"{busy}; what it has answered is kept, load again later to go on") from busy
                self._progress.step(f"{busy}; waiting {seconds:g} s")
                time.sleep(seconds)
        raise AssertionError("the last attempt returns or raises")

    def _answer(self, query: str) -> list[ox.QuerySolution]:
        wait = self._asked + self._pause - time.monotonic()
        time.sleep(max(0.0, wait))
        try:
            body, type_ = self._body(query)
        except EndPointInternalError as error:
            raise TooMuchError(f"{self._address} fails (500): {_words(str(error.msg))}") from error
        except SPARQLWrapperException as error:
            raise EndpointError(f"{self._address}: {_words(str(error))}") from error
        except HTTPError as error:
            raise self._refused(error) from error
        except TimeoutError as error:
            raise TooMuchError(f"{self._address} does not answer in time") from error
        except HTTPException as error:
            raise TooMuchError(f"{self._address} breaks off its answer ({type(error).__name__})") from error
        except (URLError, OSError) as error:
            if isinstance(getattr(error, "reason", None), TimeoutError):
                raise TooMuchError(f"{self._address} does not answer in time") from error
            raise _BusyError(f"{self._address} cannot be reached ({getattr(error, 'reason', error)})") from error
        finally:
            self._asked = time.monotonic()
        try:
            return list(cast(ox.QuerySolutions, ox.parse_query_results(body, format=ox.QueryResultsFormat.JSON)))
        except (SyntaxError, TypeError) as error:
            if body.lstrip()[:1] == b"{":
                raise TooMuchError(f"{self._address} breaks off its answer ({_words(str(error))})") from error
            what = f"{type_ or 'no type'}: {body[:60].decode(errors='replace').strip()!r}"
            raise EndpointError(f"{self._address} does not answer in SPARQL's JSON, but {what}") from error

    def _body(self, query: str) -> tuple[bytes, str]:
        wrapper = SPARQLWrapper(self._address, returnFormat=JSON, agent=_AGENT)
        wrapper.setMethod(POST)
        wrapper.setTimeout(_SECONDS_TO_ANSWER)
        wrapper.setQuery(query)
        result = wrapper.query()
        response: HTTPResponse = result.response
        with response:
            return _whole(response, self._address), response.headers.get("Content-Type", "")

    def _refused(self, error: HTTPError) -> Exception:
        with error:
            message = f"{self._address} answers {error.code}: {_words(error.read(1000).decode(errors='replace'))}"
        if error.code in _BUSY:
            return _BusyError(message, _seconds(error.headers.get("Retry-After")))
        return TooMuchError(message) if error.code in _TOO_MUCH else EndpointError(message)


def _whole(response: HTTPResponse, address: str) -> bytes:
    """Return a body, all of it. Raises TooMuchError where it is too long, too slow or cut."""
    body = bytearray()
    until = time.monotonic() + _SECONDS_TO_READ
    while block := response.read1(1 << 16):
        body += block
        if len(body) > _LARGEST:
            raise TooMuchError(f"{address} answers with more than {_LARGEST} bytes")
        if time.monotonic() > until:
            raise TooMuchError(f"{address} takes more than {_SECONDS_TO_READ} s for an answer")
    if response.length:
        raise TooMuchError(f"{address} breaks off its answer")
    return bytes(body)


def _filled(step: Step, columns: str, rows: Sequence[ox.QuerySolution], address: str) -> Iterator[ox.Triple]:
    """Yield the triples that rows make of the template of a step."""
    if not rows:
        return
    for row in rows:
        if any(isinstance(value, ox.BlankNode) for value in row):
            raise EndpointError(f"{address} has a thing without a name; have {step.file} make it one, or leave it out")
    values = "\n".join(f"({' '.join('UNDEF' if value is None else str(value) for value in row)})" for row in rows)
    query = f"{step.prefixes}CONSTRUCT {step.template} WHERE {{ VALUES ({columns}) {{ {values} }} }}"
    yield from cast(ox.QueryTriples, ox.Store().query(query))


def _seconds(retry_after: str | None) -> float | None:
    return float(retry_after) if retry_after and retry_after.isdecimal() else None


def _value(count: object) -> str:
    return count.value if isinstance(count, ox.Literal) else "an unknown number of"


def _words(text: str) -> str:
    return " ".join(text.split())[:200]
