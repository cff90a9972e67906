"""Chooses the media type of an answer from what the client accepts."""

from collections.abc import Mapping
from functools import lru_cache

from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header

from service.errors import NotAcceptableError
from service.sparql.query_form import Form
from service.store.html import HTML

# What a client may ask for, first the default, and the media type that the answer then has.
SOLUTIONS: Mapping[str, str] = {
    "application/sparql-results+json": "application/sparql-results+json",
    "application/sparql-results+xml": "application/sparql-results+xml",
    "text/csv": "text/csv",
    "text/tab-separated-values": "text/tab-separated-values",
    "application/json": "application/sparql-results+json",
    "application/xml": "application/sparql-results+xml",
    "text/xml": "application/sparql-results+xml",
    HTML: HTML,
}
GRAPHS: Mapping[str, str] = {
    "text/turtle": "text/turtle",
    "application/n-triples": "application/n-triples",
    "application/ld+json": "application/ld+json",
    "application/rdf+xml": "application/rdf+xml",
    "application/json": "application/ld+json",
    "text/plain": "application/n-triples",
    "application/trig": "application/trig",
    "application/n-quads": "application/n-quads",
    HTML: HTML,
}
# What `format` may be, and the Accept header that it stands for.
FORMATS: Mapping[str, str] = {
    "json": "application/json",
    "xml": "application/sparql-results+xml, application/rdf+xml",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "ttl": "text/turtle",
    "jsonld": "application/ld+json",
    "nt": "application/n-triples",
    "rdf": "application/rdf+xml",
    "trig": "application/trig",
    "nq": "application/n-quads",
    "html": HTML,
}
_TEXT = ("text/", "application/n-triples", "application/n-quads", "application/trig")
_REMEMBERED = 1_000


def media_type_for(form: Form, accept: str | None) -> str:
    """Return the media type to answer a query of `form` in. Raises NotAcceptableError."""
    offered = GRAPHS if form.is_graph else SOLUTIONS
    return offered[choose(accept, tuple(offered))]


@lru_cache(_REMEMBERED)
def choose(accept: str | None, offered: tuple[str, ...]) -> str:
    """Return the best of `offered` by the Accept header `accept` (RFC 9110, section 12.5.1); ties go first.

    Raises NotAcceptableError, which lists what is offered.
    """
    if not accept or not accept.strip():
        return offered[0]
    wanted = [(type_.partition(";")[0].strip(), quality) for type_, quality in parse_accept_header(accept, MIMEAccept)]
    best = MIMEAccept(wanted).best_match(offered)
    if best is None:
        raise NotAcceptableError(f"the answer can be had as {', '.join(offered)}, not as {accept[:200]}")
    return best


def accept_of(header: str, format_: str) -> str:
    """Return the Accept header of a request that has `header` and names `format_`.

    Who follows a link cannot choose a header: the format counts where there is none, or where it would like a page.
    Clients that send both say the same by them, in words of their own for the format, and `*/*` where it does not fit.
    """
    is_open = not header or choose(header, (*SOLUTIONS, *GRAPHS)) == HTML
    return FORMATS.get(format_, header) if is_open else header


def content_type(media_type: str) -> str:
    """Return the Content-Type header for `media_type`: text is in UTF-8."""
    return f"{media_type}; charset=utf-8" if media_type.startswith(_TEXT) else media_type
