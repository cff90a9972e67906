"""What keeps a measurement from being made."""

from service.errors import ServiceError


class BenchError(ServiceError):
    """Nothing can be measured: the message says what is missing and how to get it."""


class ServerError(BenchError):
    """A server did not start, did not load the graph, or did not answer."""
