"""Says what things are called, of the labels that they have in the store."""

from collections.abc import Iterable

import pyoxigraph as ox

from ontology.iris import PREFIXES
from service.store.dataset import DEFAULT, Dataset

LABEL = PREFIXES["rdfs"] + "label"
_LABEL = ox.NamedNode(LABEL)
_MOST_LABELS = 20_000


def label_of(dataset: Dataset, merged: ox.Store, thing: ox.NamedNode) -> str | None:
    """Return the label of a thing, where it has one.

    `merged` is the store of the dataset in which the default graph has all; a label that was asked for is kept.
    """
    kept = dataset.labels
    if thing.value in kept:
        return kept[thing.value]
    terms = (quad.object for quad in merged.quads_for_pattern(thing, _LABEL, None, DEFAULT))
    if len(kept) >= _MOST_LABELS:
        kept.clear()
    return kept.setdefault(
        thing.value, preferred((term.value, term.language) for term in terms if isinstance(term, ox.Literal))
    )


def preferred(labels: Iterable[tuple[str, str | None]]) -> str | None:
    """Return the label to show: an English one, else one without language, else any; the first by the alphabet."""
    ordered = min(
        ((language != "en", language is not None, language or "", text) for text, language in labels), default=None
    )
    return None if ordered is None else ordered[-1]
