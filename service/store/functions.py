"""Functions that queries of REST may call and SPARQL of others may not, each with the IRI that it is called by."""

from collections.abc import Callable
from functools import lru_cache

import pyoxigraph as ox

from loaders.words import folded_text
from ontology.iris import BASE

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
Functions = dict[ox.NamedNode, Callable[..., Term | None]]

FOLDED = ox.NamedNode(f"{BASE}function#folded")
"""The words of a text without case and marks, with a space between them."""


def _folded(*terms: Term) -> Term | None:
    (term,) = terms
    return _literal(term.value) if isinstance(term, ox.Literal) else None


@lru_cache(50_000)
def _literal(text: str) -> ox.Literal:
    return ox.Literal(folded_text(text))


FUNCTIONS: Functions = {FOLDED: _folded}
