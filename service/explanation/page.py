"""Renders the explanation of a triple as HTML."""

from loaders.graphs import ONTOLOGY
from service.addresses import address
from service.explanation.schema import Explanation, Reference
from service.templating import template


def explanation_page(document: Explanation) -> bytes:
    """Return the page of an explanation."""
    page = template("explanation.html").render(
        document=document,
        at="&" if "?" in document.href else "?",
        href=address,
        ontology=ONTOLOGY.value,
        graphs=[Reference(id=graph, label=graph) for graph in document.graphs],
    )
    return page.encode()
