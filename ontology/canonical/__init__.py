"""The canonical Turtle of an ontology: what the OWL API 5.1.20 writes, and so Protégé.

A save by Protégé of such a file adds its closing comment and changes nothing else. That holds for what OWL 2 DL has;
where the OWL API is no guide (anonymous individuals, SWRL, shapes, what OWL has no place for) the text is determined
by the triples alone.
"""

from collections.abc import Iterable

import pyoxigraph as ox

from ontology.canonical.entities import Entities
from ontology.canonical.frames import Framing
from ontology.canonical.graph import OwlGraph
from ontology.canonical.order import Order
from ontology.canonical.ranks import ranks
from ontology.canonical.writing import Writing

__all__ = ["canonical_turtle"]


def canonical_turtle(triples: Iterable[ox.Triple], imported: Iterable[ox.Triple] = ()) -> str:
    """Return the canonical Turtle of an ontology: one text, whatever the order and the blank nodes' labels.

    `imported` are the triples of what the ontology imports: their declarations tell what its terms are.
    """
    graph = OwlGraph(triples)
    entities = Entities(graph, imported)
    order = Order(graph, entities, ranks(graph))
    return Writing(graph, order).text(Framing(graph, entities, order).frames())
