"""Replies at an IRI of ours: the format is negotiated, or told by a suffix, and each format names the others."""

from collections.abc import Mapping

from service.http.conditional import tagged_reply
from service.http.exchange import Reply, Request
from service.http.links import as_uri, canonical_link
from service.linked_data.pages import up
from service.sparql.negotiation import choose
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
    here = up(request.path) + as_uri(path)
    alternates = [f'<{here}.{suffix}>; rel="alternate"; type="{type_}"' for suffix, type_ in suffixes.items()]
    page = f'<{here}>; rel="alternate"; type="{HTML}"'
    return ", ".join([canonical_link(iri), page, *alternates, *others])


def described(request: Request, content: bytes, media_type: str, link: str, more: Mapping[str, str]) -> Reply:
    """Return the reply with this content, or that the client has it already."""
    policy = {"content-security-policy": PAGE_POLICY} if media_type == HTML else {}
    return tagged_reply(request, content, media_type, {"link": link, **policy, **more})
