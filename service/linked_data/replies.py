"""Replies at an IRI of ours: the format is negotiated, or told by a suffix, and each format names the others."""

import hashlib
from collections.abc import Collection, Mapping
from urllib.parse import quote

from service.http.exchange import Headers, Reply, Request
from service.http.validators import is_known
from service.linked_data.pages import up
from service.sparql.negotiation import choose, content_type
from service.store.html import HTML
from service.templating import PAGE_POLICY

SUFFIXES: Mapping[str, str] = {
    "ttl": "text/turtle",
    "jsonld": "application/ld+json",
    "nt": "application/n-triples",
    "rdf": "application/rdf+xml",
}
# What people call the media types.
NAMES: Mapping[str, str] = {
    "text/turtle": "Turtle",
    "application/ld+json": "JSON-LD",
    "application/n-triples": "N-Triples",
    "application/rdf+xml": "RDF/XML",
    "application/trig": "TriG",
    "application/n-quads": "N-Quads",
}


def split_suffix(name: str, suffixes: Mapping[str, str]) -> tuple[str, str | None]:
    """Return a name without its suffix, and the media type that this stands for; None where it has none of them."""
    stem, _, suffix = name.rpartition(".")
    return (stem, suffixes[suffix]) if stem and suffix in suffixes else (name, None)


def negotiated(request: Request, offered: Mapping[str, str]) -> str:
    """Return the media type to answer in, of those that each accepted one stands for. Raises NotAcceptableError."""
    return offered[choose(request.header("accept"), tuple(offered))]


def links(request: Request, iri: str, path: str, suffixes: Mapping[str, str], *others: str) -> str:
    """Return the Link header (RFC 8288) of what is at `path`: its canonical IRI, its other formats, and `others`."""
    here = up(request.path) + _ascii(path)
    alternates = [f'<{here}.{suffix}>; rel="alternate"; type="{type_}"' for suffix, type_ in suffixes.items()]
    page = f'<{here}>; rel="alternate"; type="{HTML}"'
    return ", ".join([f'<{_ascii(iri)}>; rel="canonical"', page, *alternates, *others])


def described(request: Request, content: bytes, media_type: str, link: str, more: Collection[tuple[str, str]]) -> Reply:
    """Return the reply with this content, or that the client has it already."""
    tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    headers: Headers = [
        ("etag", tag),
        ("vary", "Accept, Authorization"),
        ("cache-control", "no-cache"),
        ("link", link),
        *more,
    ]
    if is_known(request.header("if-none-match"), tag):
        return Reply(304, headers)
    headers += [("content-type", content_type(media_type)), ("x-content-type-options", "nosniff")]
    if media_type == HTML:
        headers.append(("content-security-policy", PAGE_POLICY))
    return Reply(200, headers, content)


def _ascii(iri: str) -> str:
    """Return an IRI as a URI (RFC 3987, section 3.1), which is what a header can hold."""
    return quote(iri, safe="%/:?#[]@!$&'()*+,;=~")
