"""The formats that the answer to a named query can be had in, and the answer as each of them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pyoxigraph as ox

from queries.errors import ParameterError
from service.paging import Page
from service.questions import SOLUTIONS_JSON
from service.result_set import result_set
from service.sparql.negotiation import choose
from service.store.html import HTML
from service.tables import Table

JSON, MARKDOWN, SPARQL, TURTLE = "application/json", "text/markdown", "application/sparql-query", "text/turtle"
# What `format` may be, and the media type that the answer then has; first what is sent where nothing is asked for.
FORMATS: Mapping[str, str] = {
    "json": JSON,
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "ttl": TURTLE,
    "md": MARKDOWN,
    "srj": SOLUTIONS_JSON,
    "xml": "application/sparql-results+xml",
    "html": HTML,
    "rq": SPARQL,
}
# What a reader is offered them as.
TITLES: Mapping[str, str] = {
    "json": "JSON",
    "csv": "CSV",
    "tsv": "TSV",
    "ttl": "Turtle",
    "md": "Markdown",
    "srj": "SPARQL results in JSON",
    "xml": "SPARQL results in XML",
    "rq": "the SPARQL text",
}
LIST_FORMATS: Mapping[str, str] = {"json": JSON, "html": HTML}


@dataclass(frozen=True)
class PagedTable:
    """The rows of a page, with the number of those of all pages."""

    table: Table
    page: Page
    total: int

    @classmethod
    def cut(cls, solutions: bytes, page: Page) -> "PagedTable":
        """Return a page of the solutions, which are SPARQL results in JSON."""
        table = Table.parse(solutions)
        return cls(Table(table.columns, tuple(page.rows(table.rows))), page, len(table.rows))


def media_type_of(format_: str | None, accept: str, formats: Mapping[str, str]) -> str:
    """Return the media type to answer in: that of the format, or the best that the client accepts.

    Raises ParameterError for a format that is not offered, and NotAcceptableError.
    """
    if format_ is None:
        return choose(accept, tuple(formats.values()))
    if format_ not in formats:
        raise ParameterError(f"no format {format_[:50]!r} (there are {', '.join(formats)})")
    return formats[format_]


def written(paged: PagedTable, media_type: str) -> bytes:
    """Return the rows as one of the formats of SPARQL results, or as Markdown."""
    table = paged.table
    if media_type == MARKDOWN:
        return table.markdown().encode()
    document: dict[str, Any] = {"head": {"vars": table.columns}, "results": {"bindings": table.rows}}
    content = json.dumps(document, ensure_ascii=False).encode()
    if media_type == SOLUTIONS_JSON:
        return content
    solutions = ox.parse_query_results(content, format=ox.QueryResultsFormat.JSON)
    assert not isinstance(solutions, ox.QueryBoolean)
    if media_type == TURTLE:
        return result_set(solutions)
    format_ = ox.QueryResultsFormat.from_media_type(media_type)
    assert format_ is not None, media_type
    serialized = solutions.serialize(format=format_)
    assert serialized is not None
    return serialized
