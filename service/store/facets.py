"""Counts how many things of a list have each value, in one pass for the most common ones and how many there are."""

from dataclasses import dataclass

import pyoxigraph as ox

from ontology.iris import OWL
from service.store.dataset import Dataset
from service.store.labels import label_of
from service.store.selection import Literal, solutions, value_of

_MOST_VALUES = 50
_NAMED_INDIVIDUAL = ox.NamedNode(OWL + "NamedIndividual")


@dataclass(frozen=True)
class Counted:
    """How many things have a value; `label` is that of a thing."""

    value: str | Literal
    label: str | None
    count: int


@dataclass(frozen=True)
class Counts:
    """The most common values, of which there are `total`."""

    values: list[Counted]
    total: int


def counts(query: str, dataset: Dataset) -> Counts:
    """Return what a query for ?value and ?count finds, the most common first, but for blank nodes.

    Raises QueryRefusedError or QueryAbortedError.
    """
    merged, _ = dataset.everything.default_graph()
    found, total = list[Counted](), 0
    for value, count in solutions(query, dataset):
        if isinstance(value, ox.BlankNode) or value == _NAMED_INDIVIDUAL:
            continue
        total += 1
        if total <= _MOST_VALUES and (plain := value_of(value)) is not None:
            label = label_of(dataset, merged, value) if isinstance(value, ox.NamedNode) else None
            found.append(Counted(plain, label, int(count.value)))
    return Counts(found, total)
