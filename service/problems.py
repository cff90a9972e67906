"""Maps every error of every floor to a problem document (RFC 9457), in this one place."""

import json
from collections.abc import Mapping

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header

from loaders.errors import LoaderError, ReleaseError, UnknownReleaseError
from ontology.errors import OntologyError
from ontology.iris import BASE
from queries.errors import ParameterError, QueryError, UnknownQueryError
from service import errors
from service.http.exchange import Reply

# The nearest class of an error counts; problem type, status, title.
PROBLEMS: Mapping[type[Exception], tuple[str, int, str]] = {
    errors.QuerySyntaxError: ("query-syntax", 400, "The query is not SPARQL"),
    errors.NotOfferedError: ("not-offered", 403, "The query asks for what is not offered here"),
    errors.QueryRefusedError: ("query-refused", 400, "The query cannot be answered as it stands"),
    errors.NotAcceptableError: ("not-acceptable", 406, "No format fits"),
    errors.MediaTypeError: ("unsupported-media-type", 415, "The body is of a kind that is not read here"),
    errors.TooLargeError: ("too-large", 413, "The request is too long"),
    errors.SlowRequestError: ("slow-request", 408, "The request takes too long to come"),
    errors.UploadError: ("upload", 400, "The triples cannot be read"),
    errors.UnknownGraphError: ("unknown-graph", 404, "There is no such graph"),
    errors.UnknownThingError: ("unknown-thing", 404, "There is no such thing or collection"),
    errors.UnknownTripleError: ("unknown-triple", 404, "The graph does not say so"),
    errors.RequestParameterError: ("parameter", 400, "A parameter of the request does not fit"),
    errors.UnknownFileError: ("unknown-file", 404, "The release has no such file"),
    errors.RangeError: ("range", 416, "The range lies beyond the file"),
    errors.PreconditionError: ("precondition", 412, "The graph is not as expected"),
    errors.AccessError: ("unauthorized", 401, "This needs a token"),
    errors.ForbiddenError: ("forbidden", 403, "This is not allowed"),
    errors.RateError: ("rate", 429, "Too much has been asked for"),
    errors.UnknownOntologyError: ("unknown-ontology", 404, "There is no such module or version of the ontology"),
    errors.UnknownPublicationError: ("unknown-publication", 404, "There is no such publication"),
    errors.ClientGoneError: ("client-gone", 499, "The client went away"),
    errors.RequestError: ("bad-request", 400, "The request cannot be answered as it stands"),
    errors.EngineBusyError: ("busy", 503, "Every worker is at work"),
    errors.QueryTimeoutError: ("query-timeout", 503, "The query ran into its deadline"),
    errors.QueryAbortedError: ("query-aborted", 503, "The query was ended"),
    errors.ResultTooLargeError: ("result-too-large", 503, "The answer is too long"),
    errors.BrokenQueriesError: ("broken-queries", 503, "The named queries cannot be read"),
    errors.JournalError: ("journal", 503, "Nothing can be written"),
    errors.TokenFileError: ("tokens", 503, "Tokens cannot be read"),
    errors.SearchIndexError: ("search-index", 503, "There is nothing to search in"),
    errors.EngineError: ("engine", 503, "The engine cannot answer"),
    errors.ServiceError: ("service", 500, "The service failed"),
    UnknownQueryError: ("unknown-query", 404, "There is no such named query"),
    ParameterError: ("parameter", 400, "A parameter of the request does not fit"),
    QueryError: ("query", 500, "A named query is broken"),
    UnknownReleaseError: ("unknown-release", 404, "There is no such release"),
    ReleaseError: ("no-release", 503, "There is no release to answer from"),
    LoaderError: ("loader", 500, "A source is broken"),
    OntologyError: ("ontology", 500, "The ontology is broken"),
}
_PROBLEM = "application/problem+json"
_FORMATS = (_PROBLEM, "application/json", "text/plain")
_LONGEST_ACCEPT = 8_000
_RETRY = {"busy": "5", "no-release": "30"}
# Messages of these may name folders of the server.
_UNTOLD = {"journal", "tokens", "no-release", "loader", "ontology", "query"}


def problem(
    status: int, type_: str, title: str, detail: str | None, members: Mapping[str, object] | None = None
) -> Response:
    """Return a problem document as the answer to a request; `members` are those that only this type has."""
    document: dict[str, object] = {"type": f"{BASE}problem/{type_}", "title": title, "status": status}
    if detail:
        document["detail"] = detail
    headers = {"Retry-After": _RETRY[type_]} if type_ in _RETRY else {}
    if status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return JSONResponse(document | dict(members or {}), status, headers, media_type=_PROBLEM)


def problem_of(error: Exception) -> Response:
    """Return the problem document for an error of any floor."""
    for class_ in type(error).__mro__:
        if class_ in PROBLEMS:
            type_, status, title = PROBLEMS[class_]
            members = {}
            if isinstance(error, errors.QuerySyntaxError) and error.line is not None:
                members = {"line": error.line, "column": error.column}
            response = problem(status, type_, title, None if type_ in _UNTOLD else str(error), members)
            if isinstance(error, errors.RateError):
                response.headers["Retry-After"] = str(error.seconds)
            if isinstance(error, errors.RangeError):
                response.headers["Content-Range"] = f"bytes */{error.size}"
            return response
    return problem(500, "internal", "The service failed", None)


def type_of(error: Exception) -> str:
    """Return the type of the problem that an error is."""
    return next((PROBLEMS[class_][0] for class_ in type(error).__mro__ if class_ in PROBLEMS), "internal")


def problem_reply(error: Exception, accept: str) -> Reply:
    """Return the same as a reply outside the web framework: JSON, or text for who wants that."""
    response = problem_of(error)
    return as_text_for(accept, Reply(response.status_code, list(response.headers.items()), bytes(response.body)))


def as_text_for(accept: str, reply: Reply) -> Reply:
    """Return a problem document as text where the client prefers that."""
    accepted = parse_accept_header(accept[:_LONGEST_ACCEPT], MIMEAccept)
    if accepted.best_match(_FORMATS) != "text/plain":
        return reply
    document = json.loads(reply.body)
    body = f"{document['title']}\n{document.get('detail', '')}".strip().encode() + b"\n"
    kept = [(name, value) for name, value in reply.headers if name not in ("content-type", "content-length")]
    return Reply(reply.status, [*kept, ("content-type", "text/plain; charset=utf-8")], body)


def refusal(status: int, detail: str) -> Reply:
    """Return the problem document for what the routing refuses."""
    response = problem(status, "http", detail, None)
    return Reply(status, list(response.headers.items()), bytes(response.body))


async def on_error(request: Request, error: Exception) -> Response:
    """Answer an error of any floor."""
    return problem_of(error)


async def on_invalid(request: Request, error: Exception) -> Response:
    """Answer parameters that are not of the type, or not within the bounds, that OpenAPI tells of."""
    assert isinstance(error, RequestValidationError)
    told = (f"{found['loc'][-1]!r}: {found['msg']}, not {str(found['input'])[:100]!r}" for found in error.errors())
    return problem_of(ParameterError("; ".join(told)))


async def on_http_error(request: Request, error: Exception) -> Response:
    """Answer what the routing refuses: an unknown path, or a method that a path does not have."""
    assert isinstance(error, HTTPException)
    response = problem(error.status_code, "http", error.detail, None)
    response.headers.update(error.headers or {})
    return response
