"""Renders the results of a query as an HTML page, for somebody who looks at them in a browser."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

import pyoxigraph as ox

from ontology.iris import compress
from service.errors import ResultTooLargeError
from service.templating import template

HTML = "text/html"
_MOST_ROWS = 1000
_Shown = dict[str, str] | str
# Rendered here once, so that all that it is made of is read: a worker opens no file.
_PAGE = template("results.html")
_PAGE.render(names=[], rows=[], is_cut=False, most=0)


def page_of(results: Any, max_bytes: int) -> bytes:
    """Return a page with the first rows of `results`, which says where it shows not all. Raises ResultTooLargeError."""
    rows: Iterator[list[_Shown]]
    if isinstance(results, ox.QueryBoolean):
        rows, names = iter([["yes" if results else "no"]]), ["answer"]
    elif isinstance(results, ox.QueryTriples):
        rows = ([_shown(t.subject), _shown(t.predicate), _shown(t.object)] for t in results)
        names = ["subject", "predicate", "object"]
    else:
        rows = ([_shown(term) for term in solution] for solution in results)
        names = [variable.value for variable in results.variables]
    shown = list(islice(rows, _MOST_ROWS))
    page = _PAGE.render(names=names, rows=shown, is_cut=next(rows, None) is not None, most=_MOST_ROWS).encode()
    if len(page) > max_bytes:
        raise ResultTooLargeError(f"the answer is longer than {max_bytes} bytes; ask for less of it")
    return page


def _shown(term: Any) -> _Shown:
    """Return what the template shows of a term: its text, with a link where it is an IRI of the web."""
    if term is None:
        return ""
    if isinstance(term, ox.NamedNode):
        is_link = term.value.startswith(("http://", "https://"))
        return {"text": compress(term.value), "href": term.value if is_link else "", "language": ""}
    if isinstance(term, ox.Literal):
        return {"text": term.value, "href": "", "language": term.language or ""}
    return str(term)
