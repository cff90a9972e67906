"""The types of problems: the status and the title of each, and what to do about it."""

from collections.abc import Mapping
from dataclasses import dataclass

from loaders.errors import LoaderError, ReleaseError, UnknownReleaseError
from ontology.errors import OntologyError
from ontology.iris import BASE
from queries.errors import ParameterError, QueryError, UnknownQueryError
from service import errors

PATH = "/problem"


@dataclass(frozen=True)
class ProblemType:
    """A type of problem; its status is None where each problem of the type tells its own."""

    name: str
    status: int | None
    title: str
    advice: str

    @property
    def iri(self) -> str:
        """What `type` of a problem document says."""
        return f"{BASE}{PATH[1:]}/{self.name}"


_NAMES = "Take one of the names that the detail gives, or look it up in the list."
_LOG = "Nothing to change in the request: whoever runs the service finds the reason in its log."
_LATER = "Ask again after a moment, or after the seconds in Retry-After where that is given."
_LESS = "Ask for less: add a LIMIT, name the graph, begin the pattern with what is rare."
_PARAMETER = ProblemType(
    "parameter", 400, "A parameter of the request does not fit", "Change, add or leave out what the detail names."
)

# The nearest class of an error counts.
PROBLEMS: Mapping[type[Exception], ProblemType] = {
    errors.QuerySyntaxError: ProblemType(
        "query-syntax", 400, "The query is not SPARQL", "Mend the query at the line and column that are given."
    ),
    errors.NotOfferedError: ProblemType(
        "not-offered",
        403,
        "The query asks for what is not offered here",
        "Leave out the function or the other server, or evaluate that part where it is offered.",
    ),
    errors.QueryRefusedError: ProblemType(
        "query-refused", 400, "The query cannot be answered as it stands", "Change the query as the detail says."
    ),
    errors.NotAcceptableError: ProblemType(
        "not-acceptable", 406, "No format fits", "Ask in Accept, or by format, for one that the detail lists."
    ),
    errors.MediaTypeError: ProblemType(
        "unsupported-media-type",
        415,
        "The body is of a kind that is not read here",
        "Send one of the media types that the detail lists, uncompressed, and name it in Content-Type.",
    ),
    errors.TooLargeError: ProblemType("too-large", 413, "The request is too long", "Send less, or in parts."),
    errors.SlowRequestError: ProblemType(
        "slow-request", 408, "The request takes too long to come", "Send it again, in parts where it is long."
    ),
    errors.UploadError: ProblemType(
        "upload", 400, "The triples cannot be read", "Mend them where the detail says, or name their format."
    ),
    errors.UnknownGraphError: ProblemType("unknown-graph", 404, "There is no such graph", _NAMES),
    errors.UnknownThingError: ProblemType("unknown-thing", 404, "There is no such thing or collection", _NAMES),
    errors.UnknownTripleError: ProblemType(
        "unknown-triple", 404, "The graph does not say so", "Take one of the triples that the detail names."
    ),
    errors.RequestParameterError: _PARAMETER,
    errors.UnknownFileError: ProblemType("unknown-file", 404, "The release has no such file", _NAMES),
    errors.RangeError: ProblemType(
        "range", 416, "The range lies beyond the file", "Ask for bytes within the length that Content-Range gives."
    ),
    errors.PreconditionError: ProblemType(
        "precondition", 412, "The graph is not as expected", "Read the graph again, and write with its present ETag."
    ),
    errors.AccessError: ProblemType(
        "unauthorized", 401, "This needs a token", "Send a bearer token that whoever runs the service has made."
    ),
    errors.ForbiddenError: ProblemType(
        "forbidden", 403, "This is not allowed", "Send a token that allows it, or ask for what the detail leaves."
    ),
    errors.ReadOnlyError: ProblemType(
        "read-only", 501, "Nothing is written here", "Write where the detail says, or ask whoever runs the service."
    ),
    errors.RateError: ProblemType(
        "rate", 429, "Too much has been asked for", "Wait as many seconds as Retry-After says, then ask again."
    ),
    errors.UnknownOntologyError: ProblemType(
        "unknown-ontology", 404, "There is no such module, version or term of the ontology", _NAMES
    ),
    errors.UnknownRuleError: ProblemType("unknown-rule", 404, "There is no such rule of the domain", _NAMES),
    errors.UnknownPublicationError: ProblemType("unknown-publication", 404, "There is no such publication", _NAMES),
    errors.ClientGoneError: ProblemType(
        "client-gone", 499, "The client went away", "Keep the connection open until the answer is there."
    ),
    errors.RequestError: ProblemType(
        "bad-request", 400, "The request cannot be answered as it stands", "Change it as the detail says."
    ),
    errors.EngineBusyError: ProblemType("busy", 503, "Every worker is at work", _LATER),
    errors.RemoteEngineError: ProblemType(
        "remote-engine", 503, "The engine behind the service did not answer as it should", f"{_LATER} {_LOG}"
    ),
    errors.QueryTimeoutError: ProblemType("query-timeout", 503, "The query ran into its deadline", _LESS),
    errors.QueryAbortedError: ProblemType("query-aborted", 503, "The query was ended", _LESS),
    errors.ResultTooLargeError: ProblemType("result-too-large", 503, "The answer is too long", _LESS),
    errors.BrokenQueriesError: ProblemType("broken-queries", 503, "The named queries cannot be read", _LOG),
    errors.JournalError: ProblemType("journal", 503, "Nothing can be written", _LOG),
    errors.TokenFileError: ProblemType("tokens", 503, "Tokens cannot be read", _LOG),
    errors.SearchIndexError: ProblemType("search-index", 503, "There is nothing to search in", _LOG),
    errors.EngineError: ProblemType("engine", 503, "The engine cannot answer", _LATER),
    errors.ServiceError: ProblemType("service", 500, "The service failed", _LOG),
    UnknownQueryError: ProblemType("unknown-query", 404, "There is no such named query", _NAMES),
    ParameterError: _PARAMETER,
    QueryError: ProblemType("query", 500, "A named query is broken", _LOG),
    UnknownReleaseError: ProblemType("unknown-release", 404, "There is no such release", _NAMES),
    ReleaseError: ProblemType("no-release", 503, "There is no release to answer from", f"{_LATER} {_LOG}"),
    LoaderError: ProblemType("loader", 500, "A source is broken", _LOG),
    OntologyError: ProblemType("ontology", 500, "The ontology is broken", _LOG),
}
ROUTING = ProblemType(
    "http", None, "The request leads nowhere", "Take a path of /api/docs, by a method that Allow lists."
)
INTERNAL = ProblemType("internal", 500, "The service failed", _LOG)
NOT_READY = ProblemType("not-ready", 503, "The service cannot answer queries", _LATER)

BY_NAME: Mapping[str, ProblemType] = {
    type_.name: type_
    for type_ in sorted({*PROBLEMS.values(), ROUTING, INTERNAL, NOT_READY}, key=lambda type_: type_.name)
}


def type_of(error: Exception) -> ProblemType:
    """Return the type of the problem that an error is."""
    return next((PROBLEMS[class_] for class_ in type(error).__mro__ if class_ in PROBLEMS), INTERNAL)
