"""The canonical Turtle of an ontology: what the OWL API 5.1.20 writes, and so Protégé.

A save by Protégé of such a file adds its closing comment and changes nothing else. That holds for what OWL 2 DL has;
where the OWL API is no guide (anonymous individuals, SWRL, shapes, what OWL has no place for) the text is determined
by the triples alone.
"""

from collections import Counter
from collections.abc import Iterable

import pyoxigraph as ox

from ontology.canonical.entities import Entities
from ontology.canonical.frames import Framing
from ontology.canonical.graph import OwlGraph
from ontology.canonical.order import Key, Order
from ontology.canonical.ranks import ranks
from ontology.canonical.writing import Writing

__all__ = ["canonical_turtle", "difference"]


def canonical_turtle(triples: Iterable[ox.Triple], imported: Iterable[ox.Triple] = ()) -> str:
    """Return the canonical Turtle of an ontology: one text, whatever the order and the blank nodes' labels.

    `imported` are the triples of what the ontology imports: their declarations tell what its terms are.
    """
    graph = OwlGraph(triples)
    entities = Entities(graph, imported)
    order = Order(graph, entities, ranks(graph))
    return Writing(graph, order).text(Framing(graph, entities, order).frames())


def difference(before: Iterable[ox.Triple], after: Iterable[ox.Triple]) -> tuple[int, int]:
    """Return how many statements `after` has more and less than `before`.

    A blank node is what is said of it, so that its label makes no difference, and what is within an expression makes
    a difference to the statement that has it.
    """
    left, right = _statements(before), _statements(after)
    return (right - left).total(), (left - right).total()


def _statements(triples: Iterable[ox.Triple]) -> Counter[Key]:
    graph = OwlGraph(triples)
    order = Order(graph, Entities(graph, ()), ranks(graph))
    return Counter((order.key(s), order.key(p), order.key(o)) for s, p, o in graph.triples())
