"""Shows a comparison as JSON: rows of cells, each value with what joins it to the case and where that is said."""

from collections.abc import Mapping
from typing import Any

from ontology.iris import RELEASE
from ontology.keys import Keys
from service.comparison.cells import BASES, Comparison, Entry, Passage, Relation
from service.comparison.dimensions import Dimension
from service.comparison.explanations import explanation_path
from service.comparison.queries import APPROXIMATION
from service.comparison.schema import (
    ComparedCases,
    ComparedCell,
    ComparedEvidence,
    ComparedPart,
    ComparedRelation,
    ComparedRow,
    ComparedSource,
    ComparedValue,
    Figure,
)
from service.comparison.words import Words
from service.explanation.schema import Reference
from service.store.selection import Literal
from service.things.document import href, literal_json, reference


class Writer:
    """Writes a comparison with the keys and words of an ontology."""

    def __init__(self, comparison: Comparison, keys: Keys, words: Words) -> None:
        self._comparison = comparison
        self._keys = keys
        self._words = words

    def document(self) -> ComparedCases:
        """Return the comparison."""
        comparison = self._comparison
        return ComparedCases(
            release=RELEASE + comparison.release,
            items=[Reference(**self._reference(iri)) for iri in comparison.cases],
            bases=BASES,
            rows=[self._row(dimension) for dimension in comparison.dimensions],
            parts=[
                ComparedPart(**self._reference(iri), modality=comparison.modalities.get(iri))
                for iri in comparison.parts()
            ],
            sources=[
                ComparedSource(number=number, reference=comparison.reference_of(iri), **self._reference(iri))
                for number, iri in enumerate(comparison.sources(), 1)
            ],
        )

    def _row(self, dimension: Dimension) -> ComparedRow:
        cells = [
            ComparedCell(item=case, values=[self._value(one) for one in self._comparison.entries(dimension, case)])
            for case in self._comparison.cases
        ]
        terms = [Reference(**reference(one.iri, one.label)) for one in (*dimension.classes, *dimension.properties)]
        return ComparedRow(dimension=dimension.name, label=dimension.label, terms=terms, cells=cells)

    def _value(self, entry: Entry) -> ComparedValue:
        relations = [self._relation(one, entry) for one in entry.relations]
        if isinstance(entry.value, tuple):
            value = literal_json(entry.value, None)
            return ComparedValue(label=entry.value[0], value=value, basis=entry.basis, relations=relations)
        found = self._comparison.figures.get(entry.value)
        figure = _figure(found) if found else None
        return ComparedValue(**self._reference(entry.value), figure=figure, basis=entry.basis, relations=relations)

    def _relation(self, one: Relation, entry: Entry) -> ComparedRelation:
        return ComparedRelation(
            subject=one.subject,
            property=self._keys.of(one.property),
            label=self._words.label_of(one.property),
            object=_plain(one.object) if isinstance(one.object, tuple) else one.object,
            basis=entry.bases[one],
            via=one.via,
            evidence=[_evidence(place) for place in entry.passages[one]],
            explanation=explanation_path(one, self._words.vocabulary),
        )

    def _reference(self, iri: str) -> dict[str, Any]:
        return reference(iri, self._comparison.labels.get(iri))


def _evidence(place: Passage) -> ComparedEvidence:
    return ComparedEvidence(
        id=place.iri,
        href=href(place.iri),
        source=place.source,
        section=place.section,
        start=place.start,
        end=place.end,
    )


def _figure(found: Mapping[str, Literal]) -> Figure:
    texts = {name: value[0] for name, value in found.items() if name in ("unit", APPROXIMATION)}
    return Figure(**{name: _plain(value) for name, value in found.items()} | texts)


def _plain(value: Literal) -> Any:
    return literal_json(value, None)
