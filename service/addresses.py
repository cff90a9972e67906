"""Says where the page about an IRI is: here, or on the web."""

from urllib.parse import quote

from ontology.iris import BASE, GRAPH, RELEASE, TERM, THING

TERM_PATH = "/ontology/term/"
"""Where the pages of terms are, each by its anchor at /ontology."""


def address(iri: str) -> str | None:
    """Return where a page about an IRI is, here or on the web; None for what is no address."""
    if iri.startswith(THING):
        return f"/page/{quote(iri.removeprefix(THING), safe='')}"
    if iri.startswith(TERM):
        return TERM_PATH + quote(iri.removeprefix(TERM), safe="")
    if iri.startswith((GRAPH, RELEASE)):
        return "/" + iri.removeprefix(BASE)
    return iri if iri.startswith(("http://", "https://")) else None
