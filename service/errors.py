"""What can go wrong between a request and its answer.

ServiceError
├── RequestError               the request is not one that can be answered as it stands
│   ├── QueryRefusedError      the query is not SPARQL, or asks for what is not offered
│   ├── NotAcceptableError     no format that the client accepts fits the answer
│   ├── MediaTypeError         the body of the request is of a kind that is not read here
│   ├── TooLargeError          the request is longer than the limit
│   ├── UnknownOntologyError   the ontology has no such module or version
│   └── ClientGoneError        nobody waits for the answer any more
└── EngineError                the request is in order, and the engine did not answer it
    ├── EngineBusyError        every worker is at work; try again later
    ├── QueryTimeoutError      the query ran into its deadline
    ├── QueryAbortedError      the worker died of the query, by its memory limit or a crash
    └── ResultTooLargeError    the answer is longer than the limit
"""


class ServiceError(Exception):
    """Anything that keeps a request from being answered."""


class RequestError(ServiceError):
    """The request cannot be answered as it stands; the message says what to change."""


class QueryRefusedError(RequestError):
    """The query is not SPARQL, or asks for what is not offered."""


class NotAcceptableError(RequestError):
    """No format that the client accepts fits the answer."""


class MediaTypeError(RequestError):
    """The body of the request is of a kind that is not read here."""


class TooLargeError(RequestError):
    """The request is longer than the limit."""


class UnknownOntologyError(RequestError):
    """The ontology of the served release has no such module or version; the message names what it has."""


class ClientGoneError(RequestError):
    """Nobody waits for the answer any more."""


class EngineError(ServiceError):
    """The request is in order, and the engine did not answer it."""


class EngineBusyError(EngineError):
    """Every worker is at work; try again later."""


class QueryTimeoutError(EngineError):
    """The query ran into its deadline."""


class QueryAbortedError(EngineError):
    """The worker died of the query."""


class ResultTooLargeError(EngineError):
    """The answer is longer than the limit."""
