"""Renders the explanation of a triple as HTML."""

from loaders.graphs import ONTOLOGY
from service.addresses import address
from service.explanation.schema import Explanation, Reference
from service.templating import template
from service.things.wording import Wording


def explanation_page(document: Explanation, wording: Wording) -> bytes:
    """Return the page of an explanation, in which `wording` names terms and concepts."""
    page = template("explanation.html").render(
        document=document,
        wording=wording,
        at="&" if "?" in document.href else "?",
        href=address,
        ontology=ONTOLOGY.value,
        graphs=[Reference(id=graph, label=graph) for graph in document.graphs],
    )
    return page.encode()
