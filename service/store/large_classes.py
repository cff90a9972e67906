"""Lists the things of a class of very many as the store has them: to put them in order would take seconds each time."""

from collections.abc import Iterator
from itertools import islice

import pyoxigraph as ox

from ontology.iris import RDF
from service.errors import QueryRefusedError
from service.store.dataset import DEFAULT, Dataset
from service.store.selection import solutions

_MOST_ORDERED = 100_000
_TYPE = ox.NamedNode(RDF + "type")


def members_of(dataset: Dataset, class_: str) -> int:
    """Return how many things there are of a class that has more of them than are put in order, 0 for another one.

    The default graph of the dataset is the merge of all.
    """
    if class_ not in dataset.sizes:
        query = f"SELECT (COUNT(*) AS ?n) WHERE {{ ?thing {_TYPE} {ox.NamedNode(class_)} FILTER(isIRI(?thing)) }}"
        count = next(int(solution["n"].value) for solution in solutions(query, dataset))
        dataset.sizes[class_] = count if count > _MOST_ORDERED else 0
    return dataset.sizes[class_]


def things_after(dataset: Dataset, class_: str, after: str | None, most: int) -> list[str]:
    """Return the IRIs of so many things of a class that come after one, or first of all.

    Raises QueryRefusedError where that one is not there any more.
    """
    things = _things(dataset, class_)
    if after is not None and after not in things:  # which goes on to behind it
        raise QueryRefusedError("what this page comes after is not in the list any more; begin the list again")
    return list(islice(things, most))


def _things(dataset: Dataset, class_: str) -> Iterator[str]:
    merged, _ = dataset.default_graph()
    for quad in merged.quads_for_pattern(None, _TYPE, ox.NamedNode(class_), DEFAULT):
        if isinstance(quad.subject, ox.NamedNode):
            yield quad.subject.value
