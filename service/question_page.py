"""Renders the named queries as HTML pages: the list of them, and each with a form, its answer and its SPARQL text."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby

from queries.named_query import NamedQuery
from service.paging import path_of
from service.question_formats import PagedTable
from service.table_cells import cells
from service.tables import words
from service.templating import PAGE_POLICY, template

MOST_ROWS = 500
HEADERS: Mapping[str, str] = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": PAGE_POLICY,
    "X-Content-Type-Options": "nosniff",
}


@dataclass(frozen=True)
class Paths:
    """Where a page of an answer leads to: the next and the previous page, None where there is none; other formats.

    `editor` is where the same is asked in SPARQL, None where that would be about another default graph.
    """

    next: str | None
    previous: str | None
    formats: Mapping[str, str]
    editor: str | None


def list_page(queries: Iterable[NamedQuery]) -> bytes:
    """Return the page that lists the named queries, which come in the order of their groups."""
    groups = [(group, list(asked)) for group, asked in groupby(queries, key=lambda query: query.group)]
    return template("questions.html").render(groups=groups).encode()


def answer_page(
    query: NamedQuery,
    values: Mapping[str, str],
    paged: PagedTable,
    sparql: str,
    release: str,
    paths: Paths,
    labels: Mapping[str, str],
) -> bytes:
    """Return the page of a named query with the rows of one page of its answer.

    `labels` are those of properties, for columns and parameters that have the name of one.
    """
    rows = cells(paged.table)
    answer = {
        "columns": [labels.get(column) or words(column) for column in paged.table.shown],
        "rows": rows,
        "first": paged.page.offset + 1,
        "last": paged.page.offset + len(rows),
        "total": paged.total,
        "sparql": sparql,
        "release": release,
        "paths": paths,
    }
    return _page(query, values, answer, None, labels)


def refusal_page(query: NamedQuery, values: Mapping[str, str], message: str, labels: Mapping[str, str]) -> bytes:
    """Return the page of a named query that tells, above the form, why the values cannot be taken."""
    return _page(query, values, None, message, labels)


def _page(
    query: NamedQuery,
    values: Mapping[str, str],
    answer: Mapping[str, object] | None,
    refused: str | None,
    labels: Mapping[str, str],
) -> bytes:
    examples = {name: path_of(query.name, {name: parameter.example}) for name, parameter in query.parameters.items()}
    page = template("question.html").render(
        query=query,
        values={**query.defaults, **values},
        labels={name: labels.get(name) or words(name) for name in query.parameters},
        examples=examples,
        answer=answer,
        refused=refused,
    )
    return page.encode()
