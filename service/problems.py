"""Maps every error of every floor to a problem document (RFC 9457), in this one place."""

from collections.abc import Mapping

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from loaders.errors import LoaderError, ReleaseError
from ontology.errors import OntologyError
from ontology.iris import BASE
from queries.errors import ParameterError, QueryError, UnknownQueryError
from service import errors

# The nearest class of an error counts; problem type, status, title.
PROBLEMS: Mapping[type[Exception], tuple[str, int, str]] = {
    errors.QueryRefusedError: ("query-refused", 400, "The query cannot be answered as it stands"),
    errors.NotAcceptableError: ("not-acceptable", 406, "No format fits"),
    errors.MediaTypeError: ("unsupported-media-type", 415, "The body is of a kind that is not read here"),
    errors.TooLargeError: ("too-large", 413, "The request is too long"),
    errors.UnknownOntologyError: ("unknown-ontology", 404, "There is no such module or version of the ontology"),
    errors.ClientGoneError: ("client-gone", 499, "The client went away"),
    errors.RequestError: ("bad-request", 400, "The request cannot be answered as it stands"),
    errors.EngineBusyError: ("busy", 503, "Every worker is at work"),
    errors.QueryTimeoutError: ("query-timeout", 503, "The query ran into its deadline"),
    errors.QueryAbortedError: ("query-aborted", 503, "The query was ended"),
    errors.ResultTooLargeError: ("result-too-large", 503, "The answer is too long"),
    errors.EngineError: ("engine", 503, "The engine cannot answer"),
    errors.ServiceError: ("service", 500, "The service failed"),
    UnknownQueryError: ("unknown-query", 404, "There is no such named query"),
    ParameterError: ("parameter", 400, "A parameter does not fit"),
    QueryError: ("query", 500, "A named query is broken"),
    ReleaseError: ("no-release", 503, "There is no release to answer from"),
    LoaderError: ("loader", 500, "A source is broken"),
    OntologyError: ("ontology", 500, "The ontology is broken"),
}
_RETRY = {"busy": "5", "no-release": "30"}
# Messages of these may name folders of the server.
_UNTOLD = {"no-release", "loader", "ontology", "query"}


def problem(status: int, type_: str, title: str, detail: str | None) -> Response:
    """Return a problem document as the answer to a request."""
    document = {"type": f"{BASE}problem/{type_}", "title": title, "status": status}
    if detail:
        document["detail"] = detail
    headers = {"Retry-After": _RETRY[type_]} if type_ in _RETRY else None
    return JSONResponse(document, status, headers, media_type="application/problem+json")


async def on_error(request: Request, error: Exception) -> Response:
    """Answer an error of any floor."""
    for class_ in type(error).__mro__:
        if class_ in PROBLEMS:
            type_, status, title = PROBLEMS[class_]
            return problem(status, type_, title, None if type_ in _UNTOLD else str(error))
    return problem(500, "internal", "The service failed", None)


async def on_http_error(request: Request, error: Exception) -> Response:
    """Answer what the routing refuses: an unknown path, or a method that a path does not have."""
    assert isinstance(error, HTTPException)
    response = problem(error.status_code, "http", error.detail, None)
    response.headers.update(error.headers or {})
    return response
