"""Asks a SPARQL 1.1 endpoint over HTTP; whatever is not plainly a whole answer is an error and never an answer."""

import os
import ssl
from collections.abc import Generator, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

import httpx
import pyoxigraph as ox

from service.errors import EngineError, RemoteEngineError, ResultTooLargeError

SOLUTIONS = "application/sparql-results+json"
TRIPLES = "application/n-triples"
USER, PASSWORD, TOKEN = "DISTRICTGRAPH_ENGINE_USER", "DISTRICTGRAPH_ENGINE_PASSWORD", "DISTRICTGRAPH_ENGINE_TOKEN"
_CONNECT_SECONDS = 5.0
_SIGNS_OF_CUTTING = ("x-sql-state", "x-sql-message", "x-exec-milliseconds")
_MOST_ROWS = "x-sparql-maxrows"


class Endpoint:
    """One connection to an endpoint, by its IRI.

    `most_bytes` bounds an answer; `seconds` how long the endpoint may be silent, None where others see to that.
    """

    def __init__(self, iri: str, most_bytes: int, seconds: float | None = None) -> None:
        self._iri, self._most_bytes = iri, most_bytes
        self._client = httpx.Client(
            auth=_credentials(),
            timeout=httpx.Timeout(seconds, connect=_CONNECT_SECONDS),
            trust_env=False,
            verify=ssl.create_default_context() if urlsplit(iri).scheme == "https" else False,
        )

    def close(self) -> None:
        """Leave the connection."""
        self._client.close()

    def select(self, query: str, variables: Sequence[str]) -> list[list[Any]]:
        """Return the solutions of a SELECT query as terms, in the order of `variables`, which must be its own.

        Raises EngineError.
        """
        content, most_rows = self._asked([("query", query)], SOLUTIONS)
        solutions = _parsed(content, ox.QuerySolutions)
        if {variable.value for variable in solutions.variables} != set(variables):
            raise RemoteEngineError("the engine answers with other variables than it was asked for")
        try:
            rows = [[solution[name] for name in variables] for solution in solutions]
        except (SyntaxError, ValueError) as error:
            raise _broken() from error
        _require_all(len(rows), most_rows)
        return rows

    def results(
        self,
        query: str,
        like: Any,
        default_graphs: Sequence[str],
        named_graphs: Sequence[str],
        most: int | None = None,
    ) -> Any:
        """Return the results of a query on the graphs that are named, which must be of the kind that `like` is.

        There must be `most` solutions at most, where that is given.

        Raises EngineError.
        """
        form = [("query", query), *(("default-graph-uri", iri) for iri in default_graphs)]
        form += [("named-graph-uri", iri) for iri in named_graphs]
        if isinstance(like, ox.QueryTriples):
            return _as_results(self._asked(form, TRIPLES)[0])
        content, most_rows = self._asked(form, SOLUTIONS)
        if isinstance(like, ox.QueryBoolean):
            return _parsed(content, ox.QueryBoolean)
        solutions = _parsed(content, ox.QuerySolutions)
        if solutions.variables != like.variables:
            raise RemoteEngineError("the engine answers with other variables than it was asked for")
        count = _counted(solutions)
        _require_all(count, most_rows)
        if most is not None and count > most:
            raise RemoteEngineError(f"the engine answers with {count} solutions where {most} were asked for")
        return _parsed(content, ox.QuerySolutions)

    def server(self) -> str:
        """Return what the endpoint calls its software, "" where it does not tell. Raises RemoteEngineError."""
        headers, _ = self.send("POST", self._iri, data={"query": "ASK {}"}, headers={"Accept": SOLUTIONS})
        return str(headers.get("server", ""))

    def send(self, method: str, iri: str, allowed: tuple[int, ...] = (), **options: Any) -> tuple[httpx.Headers, bytes]:
        """Send a request, and return the headers and the body of an answer that is whole. Raises EngineError.

        `allowed` are statuses that are none of success and all the same no failure; `options` are those of httpx.
        """
        try:
            with self._client.stream(method, iri, **options) as answer:
                body = bytearray()
                for piece in answer.iter_bytes():
                    body += piece
                    if len(body) > self._most_bytes:
                        raise ResultTooLargeError(f"the engine sends more than {self._most_bytes} bytes; ask for less")
        except httpx.HTTPError as error:
            raise _failure(error) from error
        if answer.status_code in allowed:
            return answer.headers, bytes(body)
        if answer.status_code in (401, 403):
            raise RemoteEngineError(f"the engine does not let the service in; set {USER} and {PASSWORD}, or {TOKEN}")
        if not 200 <= answer.status_code < 300 or answer.status_code == 206:
            raise RemoteEngineError(f"the engine answers with status {answer.status_code}")
        is_ended = "content-length" in answer.headers or "chunked" in answer.headers.get("transfer-encoding", "")
        if body and not is_ended:
            raise RemoteEngineError("the engine does not tell where its answer ends")
        return answer.headers, bytes(body)

    def _asked(self, form: list[tuple[str, str]], media_type: str) -> tuple[bytes, int | None]:
        """Return the body of an answer, and at how many rows the engine cuts it, if it tells so."""
        fields: dict[str, list[str]] = {}
        for name, value in form:
            fields.setdefault(name, []).append(value)
        headers, body = self.send("POST", self._iri, data=fields, headers={"Accept": media_type})
        told = headers.get("content-type", "").partition(";")[0].strip().lower()
        if told != media_type:
            raise RemoteEngineError(f"the engine answers with {told[:80] or 'nothing that it names'}, not {media_type}")
        if any(sign in headers for sign in _SIGNS_OF_CUTTING):
            raise RemoteEngineError("the engine says that its answer is not whole")
        most = headers.get(_MOST_ROWS, "")
        return body, int(most) if most.isdecimal() else None


class _Challenged(httpx.Auth):
    """The way of authentication that the endpoint asks for: Digest, or else Basic."""

    def __init__(self, user: str, password: str) -> None:
        self._digest, self._basic = httpx.DigestAuth(user, password), httpx.BasicAuth(user, password)

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        response = yield request
        if response.status_code == 401:
            wanted = response.headers.get("www-authenticate", "").lower()
            yield from (self._digest if wanted.startswith("digest") else self._basic).auth_flow(request)


class _Bearer(httpx.Auth):
    """A token that is sent at once."""

    def __init__(self, token: str) -> None:
        self._token = token

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.headers["Authorization"] = f"Bearer {self._token}"
        yield request


def _credentials() -> httpx.Auth | None:
    environment: Mapping[str, str] = os.environ
    if token := environment.get(TOKEN):
        return _Bearer(token)
    if user := environment.get(USER):
        return _Challenged(user, environment.get(PASSWORD, ""))
    return None


def _failure(error: httpx.HTTPError) -> EngineError:
    """Return what to say of an answer that did not come; the text of the error may name addresses."""
    if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout):
        return RemoteEngineError("the engine cannot be reached")
    if isinstance(error, httpx.TimeoutException):
        return RemoteEngineError("the engine takes too long")
    return RemoteEngineError("the engine broke off before its answer was whole")


def _broken() -> RemoteEngineError:
    return RemoteEngineError("the engine sends what is not a whole answer in the format that it names")


def _parsed(content: bytes, kind: type) -> Any:
    try:
        results = ox.parse_query_results(content, format=ox.QueryResultsFormat.JSON)
    except (SyntaxError, ValueError) as error:
        raise _broken() from error
    if not isinstance(results, kind):
        raise RemoteEngineError("the engine answers another kind of question than it was asked")
    return results


def _counted(solutions: Any) -> int:
    try:
        count = 0
        for _ in solutions:
            count += 1
        return count
    except (SyntaxError, ValueError) as error:
        raise _broken() from error


def _require_all(rows: int, most: int | None) -> None:
    if most is not None and rows >= most:
        raise RemoteEngineError(f"the engine cuts answers at {most} rows (Virtuoso: raise ResultSetMaxRows)")


def _as_results(content: bytes) -> Any:
    """Return N-Triples as results of the engine of this process."""
    store = ox.Store()
    try:
        store.extend(ox.parse(content, format=ox.RdfFormat.N_TRIPLES))
    except (SyntaxError, ValueError) as error:
        raise _broken() from error
    return store.query("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }")
