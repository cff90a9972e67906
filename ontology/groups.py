"""Tells in which group a statement stands on the page of a thing, by what the ontology says of its property."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from ontology.vocabulary import Kind, Property, Vocabulary

_LAST = 1_000_000


@dataclass(frozen=True, order=True)
class Group:
    """A group; the one with the lowest rank comes first."""

    rank: int
    name: str


DETAILS = Group(-1, "Details")
"""The values that a thing has of itself, where the ontology does not group them."""
NOTES = Group(_LAST + 1, "Notes")
"""What else is said of a thing in words."""
OTHERS = Group(_LAST, "Others")
"""What no class tells."""


class Groups:
    """The groups that an ontology makes: those of its terms, by `dg:groupedAs`."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        ranks = vocabulary.grouped.items()
        self._groups = {term: Group(_LAST if rank is None else rank, name) for term, (name, rank) in ranks}
        self._vocabulary = vocabulary

    def of(self, property_: Property, types: Iterable[str], *, is_inverse: bool = False) -> Group:
        """Return the group of what a thing of these class IRIs has by a property, or of what has it by that property.

        The property's own group counts before that of the classes at its other end. Where these have several, it is
        the one that the thing would be in itself, as parts are mostly like the whole, or else the most common one.
        """
        if property_.iri in self._groups:
            return self._groups[property_.iri]
        if property_.kind is not Kind.OBJECT and not is_inverse:
            return DETAILS if property_.kind is Kind.DATA else NOTES
        found = Counter(filter(None, map(self._of_class, property_.domain if is_inverse else property_.range)))
        own = {*map(self._of_class, types)}
        return min(found, key=lambda group: (group not in own, -found[group], group), default=OTHERS)

    def _of_class(self, class_: str) -> Group | None:
        """Return the group of a class, or of the most special class above it that has one."""
        above = self._vocabulary.above(class_) & self._groups.keys()
        nearest = max(above, key=lambda iri: (len(self._vocabulary.above(iri)), iri), default=None)
        return self._groups[nearest] if nearest else None
