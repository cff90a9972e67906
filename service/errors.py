"""What can go wrong between a request and its answer.

ServiceError
├── RequestError               the request is not one that can be answered as it stands
│   ├── QueryRefusedError      the query cannot be answered as it stands
│   │   ├── QuerySyntaxError   the query is not SPARQL
│   │   └── NotOfferedError    the query is SPARQL, and asks for another server or a function that is not here
│   ├── NotAcceptableError     no format that the client accepts fits the answer
│   ├── MediaTypeError         the body of the request is of a kind that is not read here
│   ├── TooLargeError          the request is longer than the limit
│   ├── SlowRequestError       the request takes too long to come
│   ├── UploadError            triples that were sent are not in the format that they are said to be in
│   ├── UnknownGraphError      there is no such graph
│   ├── UnknownThingError      there is no such thing, or no such collection of things
│   ├── UnknownTripleError     the graph has no such triple, nor a situation that says it
│   ├── RequestParameterError  a parameter is not there, or does not take this value
│   ├── UnknownFileError       the release has no such file
│   ├── RangeError             no byte of the file is within the range that is asked for
│   ├── PreconditionError      the graph is not as the client takes it to be
│   ├── AccessError            the request has no token, or none that is known
│   ├── ForbiddenError         the token does not allow it
│   ├── ReadOnlyError          what is served is not written here
│   ├── RateError              the client has asked for too much in too short a time
│   ├── UnknownOntologyError   the ontology has no such module, version or term
│   ├── UnknownRuleError       the ontology has no such rule of the domain
│   ├── UnknownPublicationError  there is no such publication
│   └── ClientGoneError        nobody waits for the answer any more
├── EngineError                the request is in order, and the engine did not answer it
│   ├── EngineBusyError        every worker is at work; try again later
│   ├── DatasetLostError       the process that holds the dataset has ended
│   ├── RemoteEngineError      the engine behind the service is down, or does not answer as it should
│   ├── QueryTimeoutError      the query ran into its deadline
│   ├── QueryAbortedError      the worker died of the query, by its memory limit or a crash
│   ├── BrokenQueriesError     the named queries of the release cannot be read
│   ├── JournalError           what was written before cannot be read, or what is written now cannot be kept
│   ├── TokenFileError         the tokens cannot be read
│   ├── SearchIndexError       there is no index to search in, or it is damaged
│   └── ResultTooLargeError    the answer is longer than the limit
└── BackupError                a file is no backup, or a state folder cannot be backed up or restored
"""


class ServiceError(Exception):
    """Anything that keeps a request from being answered."""


class RequestError(ServiceError):
    """The request cannot be answered as it stands; the message says what to change."""


class QueryRefusedError(RequestError):
    """The query is not SPARQL, or asks for what is not offered."""


class QuerySyntaxError(QueryRefusedError):
    """The query is not SPARQL: the message, and the line and column where it breaks, None where that is not known."""

    def __init__(self, message: str, line: int | None = None, column: int | None = None) -> None:
        super().__init__(message, line, column)
        self.line = line
        self.column = column

    def __str__(self) -> str:
        return str(self.args[0])


class NotOfferedError(QueryRefusedError):
    """The query is SPARQL, and asks for another server or a function that is not here."""


class NotAcceptableError(RequestError):
    """No format that the client accepts fits the answer."""


class MediaTypeError(RequestError):
    """The body of the request is of a kind that is not read here."""


class TooLargeError(RequestError):
    """The request is longer than the limit."""


class SlowRequestError(RequestError):
    """The request takes too long to come."""


class UploadError(RequestError):
    """Triples that were sent are not in the format that they are said to be in."""


class UnknownGraphError(RequestError):
    """There is no such graph."""


class UnknownThingError(RequestError):
    """There is no such thing or collection; the message names the near ones."""


class UnknownTripleError(RequestError):
    """The graph has no such triple, nor a situation that says it; the message names what is near."""


class RequestParameterError(RequestError):
    """A parameter of a request is not there, or does not take this value; the message names the near ones."""


class UnknownFileError(RequestError):
    """The release has no such file; the message names those that it has."""


class RangeError(RequestError):
    """No byte of the file is within the range that is asked for; `size` is how many it has."""

    def __init__(self, message: str, size: int) -> None:
        super().__init__(message, size)
        self.size = size

    def __str__(self) -> str:
        return str(self.args[0])


class PreconditionError(RequestError):
    """The graph is not as the client takes it to be."""


class AccessError(RequestError):
    """The request has no token, or none that is known."""


class ForbiddenError(RequestError):
    """The token does not allow it."""


class ReadOnlyError(RequestError):
    """What is served is not written here."""


class RateError(RequestError):
    """The client has asked for too much in too short a time, and may come back in some seconds."""

    def __init__(self, message: str, seconds: int) -> None:
        super().__init__(message, seconds)
        self.seconds = seconds

    def __str__(self) -> str:
        return str(self.args[0])


class UnknownOntologyError(RequestError):
    """The ontology of the served release has no such module, version or term; the message names what it has."""


class UnknownRuleError(RequestError):
    """The ontology of the served release has no such rule of the domain; the message names the nearest."""


class UnknownPublicationError(RequestError):
    """There is no such publication; the message names the nearest."""


class ClientGoneError(RequestError):
    """Nobody waits for the answer any more."""


class EngineError(ServiceError):
    """The request is in order, and the engine did not answer it."""


class EngineBusyError(EngineError):
    """Every worker is at work; try again later."""


class DatasetLostError(EngineError):
    """The process that holds the dataset has ended."""


class RemoteEngineError(EngineError):
    """The engine behind the service is down, or does not answer as it should; the message names no address of it."""


class QueryTimeoutError(EngineError):
    """The query ran into its deadline."""


class QueryAbortedError(EngineError):
    """The worker died of the query."""


class ResultTooLargeError(EngineError):
    """The answer is longer than the limit."""


class BrokenQueriesError(EngineError):
    """The named queries of the release cannot be read; the message names the file and what is wrong with it."""


class JournalError(EngineError):
    """What was written before cannot be read, or what is written now cannot be kept."""


class TokenFileError(EngineError):
    """The tokens cannot be read."""


class SearchIndexError(EngineError):
    """There is no index to search in, or it is damaged."""


class BackupError(ServiceError):
    """A file is no backup, or a state folder cannot be backed up or restored."""
