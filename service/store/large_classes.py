"""Lists the things of a class of very many as the store has them: to put them in order would take seconds each time."""

from dataclasses import dataclass
from itertools import islice

import pyoxigraph as ox

from ontology.iris import RDF
from service.errors import QueryRefusedError
from service.store.dataset import DEFAULT, Dataset
from service.store.labels import LABEL
from service.store.selection import solutions

_MOST_ORDERED = 100_000
_TYPE, _LABEL = ox.NamedNode(RDF + "type"), ox.NamedNode(LABEL)

ALL_NAMED = ""
"""What stands for the class of all things that have a label."""


@dataclass(frozen=True)
class IsLarge:
    """Whether a class has very many things."""

    class_: str

    def run(self, dataset: Dataset, max_bytes: int) -> bool:
        """Return whether it has. Raises QueryRefusedError or QueryAbortedError."""
        return members_of(dataset.everything, self.class_) > 0


def members_of(dataset: Dataset, class_: str) -> int:
    """Return how many things there are of a class that has more of them than are put in order, 0 for another one.

    The default graph of the dataset is the merge of all.
    """
    if class_ not in dataset.sizes:
        property_, value = _pattern(class_)
        pattern = f"?thing {property_} {value or '?value'} FILTER(isIRI(?thing))"
        query = f"SELECT (COUNT({'*' if value else 'DISTINCT ?thing'}) AS ?n) WHERE {{ {pattern} }}"
        count = next(int(solution["n"].value) for solution in solutions(query, dataset))
        dataset.sizes[class_] = count if count > _MOST_ORDERED else 0
    return dataset.sizes[class_]


def things_after(dataset: Dataset, class_: str, after: str | None, most: int) -> list[str]:
    """Return the IRIs of so many things of a class that come after one, or first of all.

    Raises QueryRefusedError where that one is not there any more.
    """
    merged, _ = dataset.default_graph()
    quads = merged.quads_for_pattern(None, *_pattern(class_), DEFAULT)
    if after is not None and not any(quad.subject == ox.NamedNode(after) and _is_place(merged, quad) for quad in quads):
        raise QueryRefusedError("what this page comes after is not in the list any more; begin the list again")
    places = (quad.subject for quad in quads if _is_place(merged, quad))  # behind that one, if there is one
    return list(islice((thing.value for thing in places if isinstance(thing, ox.NamedNode)), most))


def _is_place(merged: ox.Store, quad: ox.Quad) -> bool:
    """Tell whether a thing has its place where this quad is: of several labels, at the first by the alphabet."""
    if quad.predicate == _TYPE:
        return True
    labels = merged.quads_for_pattern(quad.subject, quad.predicate, None, DEFAULT)
    return quad.object == min((label.object for label in labels), key=str)


def _pattern(class_: str) -> tuple[ox.NamedNode, ox.NamedNode | None]:
    return (_TYPE, ox.NamedNode(class_)) if class_ != ALL_NAMED else (_LABEL, None)
