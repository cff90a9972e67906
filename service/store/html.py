"""Renders the page of SPARQL: a query to edit, and its results or what is wrong with it, for a browser."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any
from urllib.parse import urlencode

import pyoxigraph as ox

from ontology.iris import THING, compress
from service.addresses import address
from service.errors import ResultTooLargeError
from service.store.rdf_dataset import DatasetClause
from service.table_cells import Cell
from service.tables import FIGURES
from service.templating import template

HTML = "text/html"
_MOST_ROWS = 1000
# A longer query cannot stand in an address that everything on its way takes.
_LONGEST_LINK = 8_000
# The formats that an answer is offered in, by its form: what `format` says, and what a reader calls it.
_FORMATS = {
    "solutions": {"csv": "CSV", "tsv": "TSV", "json": "JSON", "xml": "XML"},
    "triples": {"ttl": "Turtle", "jsonld": "JSON-LD", "nt": "N-Triples", "rdf": "RDF/XML"},
    "boolean": {"json": "JSON", "xml": "XML"},
}
_PAGE = template("sparql.html")


def editor(query: str = "", dataset: DatasetClause | None = None, problem: Mapping[str, Any] | None = None) -> bytes:
    """Return a page with a query to edit, and with `problem` what is wrong with it (a problem document).

    `dataset` is that of the request, if it names one.
    """
    return _PAGE.render(query=query, kept=_kept(dataset), problem=problem, answer=None).encode()


def page_of(
    query: str,
    dataset: DatasetClause | None,
    results: Any,
    label: Callable[[ox.NamedNode], str | None],
    max_bytes: int,
) -> bytes:
    """Return a page with a query and the first rows of its results, which says where it shows not all.

    `dataset` is that of the request, if it names one; `label` is asked what a thing is called.
    Raises ResultTooLargeError.
    """
    rows: Iterator[Sequence[Any]]
    if isinstance(results, ox.QueryBoolean):
        form, names, rows = "boolean", ["answer"], iter([[ox.Literal("yes" if results else "no")]])
    elif isinstance(results, ox.QueryTriples):
        form, names, rows = "triples", ["subject", "predicate", "object"], iter(results)
    else:
        form, names, rows = "solutions", [variable.value for variable in results.variables], iter(results)
    shown = [[_cell(term, label) for term in row] for row in islice(rows, _MOST_ROWS)]
    asked = [("query", query), *_kept(dataset)]
    is_long = len(urlencode(asked)) > _LONGEST_LINK
    answer = {
        "form": form,
        "names": names,
        "rows": shown,
        "is_cut": next(rows, None) is not None,
        "formats": _FORMATS[form],
        "link": None if is_long else f"/sparql?{urlencode(asked)}",
    }
    page = _PAGE.render(query=query, kept=_kept(dataset), problem=None, answer=answer).encode()
    if len(page) > max_bytes:
        raise ResultTooLargeError(f"the answer is longer than {max_bytes} bytes; ask for less of it")
    return page


def _kept(dataset: DatasetClause | None) -> list[tuple[str, str]]:
    """Return the parameters by which a dataset is asked for again."""
    if dataset is None:
        return []
    defaults = [("default-graph-uri", iri) for iri in dataset.default_graphs]
    return [*defaults, *(("named-graph-uri", iri) for iri in dataset.named_graphs)]


def _cell(term: Any, label: Callable[[ox.NamedNode], str | None]) -> Cell:
    """Return what is shown of a term: its text, with a link where it is an IRI of ours or of the web."""
    if isinstance(term, ox.NamedNode):
        called = label(term) if term.value.startswith(THING) else None
        return Cell(compress(term.value), address(term.value), label=called)
    if isinstance(term, ox.Literal):
        return Cell(term.value, is_figure=term.datatype.value in FIGURES, language=term.language)
    return Cell("" if term is None else str(term))


# Rendered here once, so that all that it is made of is read: a worker opens no file.
editor()
