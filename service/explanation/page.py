"""Renders the explanation of a triple as HTML."""

from service.explanation.schema import Explanation, Reference
from service.things.pages import ENVIRONMENT, address


def explanation_page(document: Explanation) -> bytes:
    """Return the page of an explanation."""
    page = ENVIRONMENT.get_template("explanation.html").render(
        document=document,
        at="&" if "?" in document.href else "?",
        href=address,
        graphs=[Reference(id=graph, label=graph) for graph in document.graphs],
    )
    return page.encode()
