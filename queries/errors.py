"""What can go wrong between a question and the query that answers it.

QueryError
├── QueryFileError         a `.rq` file has a broken header, or its text does not fit it
├── UnknownQueryError      there is no named query of that name; names the nearest
└── ParameterError         an unknown parameter, or a value that does not fit its type; names the nearest
"""


class QueryError(Exception):
    """Anything that keeps a named query from being asked."""


class QueryFileError(QueryError):
    """A named query's file is broken; the message begins with `file:line:`."""


class UnknownQueryError(QueryError):
    """There is no named query of that name."""


class ParameterError(QueryError):
    """A parameter that the query does not have, or a value that it cannot take."""
