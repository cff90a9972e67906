"""Says in words how a value is joined to its case: by which properties, and through what.

The word is left out where it says nothing that the row does not: where the row is made of the property, where the
property has the name of the row's class (`technology` of Technology), or where it joins the things of the row to
anything at all (`about` of a figure).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ontology.iris import local_name
from ontology.vocabulary import Property, Vocabulary
from service.comparison.cells import Basis, Entry, Relation
from service.comparison.dimensions import Dimension

BACK = "\N{LEFTWARDS ARROW}"
"""Stands before a property that leads from the value to the case, or to what the value is joined through."""


@dataclass(frozen=True)
class Told:
    """How a value is told to be joined: the relations that this is read from, and words with what they lead through.

    `needs_words` tells whether the words say more than the row.
    """

    relations: Sequence[Relation]
    words: Mapping[tuple[str, ...], Sequence[str]]
    needs_words: bool


def leads_anywhere(property_: Property) -> bool:
    """Tell whether a property of certain things joins them to anything at all, as `about` does."""
    return bool(property_.domain) and not property_.range


class Words:
    """The words of an ontology for relations."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self._properties = {one.iri: one for one in vocabulary.properties.values()}

    def label_of(self, property_: str) -> str:
        """Return the label of a property."""
        return self._properties[property_].label if property_ in self._properties else local_name(property_)

    def told(self, dimension: Dimension, entry: Entry) -> Told:
        """Return how a value is joined: by the relations that give it its basis.

        Those through something else are left out where the case has the value itself, or a situation that it takes part
        in says of it just what the row does.
        """
        basis = entry.basis
        relations = [one for one in entry.relations if entry.bases[one] is basis]
        near = [one for one in relations if one.through is None]
        if any(one.via is None or self._is_said(dimension, one) for one in near):
            relations = near
        if basis is Basis.MENTIONED:
            return Told(relations, {}, needs_words=False)
        by_through: dict[str, dict[str, None]] = {}
        for one in relations:
            word = self.label_of(one.property) if one.is_forward else f"{BACK} {self.label_of(one.property)}"
            by_through.setdefault(one.through or "", {})[word] = None
        words: dict[tuple[str, ...], list[str]] = {}
        for through, found in by_through.items():
            words.setdefault(tuple(found), []).extend([through] if through else [])
        needs_words = any(one.through or not self._is_said(dimension, one) for one in relations)
        return Told(relations, words, needs_words)

    def _is_said(self, dimension: Dimension, one: Relation) -> bool:
        """Tell whether the row says already what a relation does."""
        property_ = self._properties.get(one.property)
        if property_ is None:
            return False
        if one.is_forward:
            names = {class_.name.casefold() for class_ in dimension.classes}
            return property_ in dimension.properties or property_.name.casefold() in names
        classes = [class_.iri for class_ in dimension.classes]
        return leads_anywhere(property_) and self.vocabulary.is_a(classes, property_.domain)
