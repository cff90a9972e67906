"""Shows a comparison as JSON: rows of cells, each value with what joins it to the case and where that is said."""

from typing import Any

from ontology.iris import RELEASE
from ontology.keys import Keys
from service.comparison.asking import CLAIMED, STATED, Comparison, Entry, Passage, Relation
from service.store.selection import Literal
from service.things.document import literal_json, reference

_ORDER = (STATED, "inferred", CLAIMED)


def comparison_document(comparison: Comparison, keys: Keys) -> dict[str, Any]:
    """Return the comparison; a cell without values is a gap."""
    sources = cited_sources(comparison)
    return {
        "release": RELEASE + comparison.release,
        "items": [_reference(comparison, iri) for iri in comparison.cases],
        "rows": [
            {
                "dimension": dimension.name,
                "label": dimension.label,
                "terms": [reference(one.iri, one.label) for one in (*dimension.classes, *dimension.properties)],
                "cells": [
                    {
                        "item": case,
                        "values": [
                            _value(comparison, entry, keys) for entry in entries(comparison, dimension.name, case)
                        ],
                    }
                    for case in comparison.cases
                ],
            }
            for dimension in comparison.dimensions
        ],
        "sources": [{"number": number, **_reference(comparison, iri)} for number, iri in enumerate(sources, 1)],
    }


def entries(comparison: Comparison, dimension: str, case: str) -> list[Entry]:
    """Return the values of a cell: those stated first, then those inferred, then those claimed, each by label."""
    cell = comparison.cells[dimension, case]
    return sorted(cell, key=lambda entry: (_ORDER.index(entry.basis), label_of(comparison, entry).casefold()))


def label_of(comparison: Comparison, entry: Entry) -> str:
    """Return what a value is called."""
    if isinstance(entry.value, tuple):
        return entry.value[0]
    return comparison.labels.get(entry.value) or str(reference(entry.value, None)["label"])


def cited_sources(comparison: Comparison) -> list[str]:
    """Return the sources of all cells, in the order in which the table cites them."""
    found = {
        place.source: None
        for dimension in comparison.dimensions
        for case in comparison.cases
        for entry in entries(comparison, dimension.name, case)
        for places in entry.passages.values()
        for place in places
    }
    return sorted(found, key=lambda iri: comparison.labels.get(iri, iri))


def _value(comparison: Comparison, entry: Entry, keys: Keys) -> dict[str, Any]:
    if isinstance(entry.value, tuple):
        shown: dict[str, Any] = {"value": literal_json(entry.value, None)}
    else:
        shown = _reference(comparison, entry.value)
        if figure := comparison.figures.get(entry.value):
            shown["figure"] = {name: _plain(value) for name, value in sorted(figure.items())}
    relations = [_relation(comparison, one, entry.passages.get(one, []), keys) for one in entry.relations]
    return shown | {"basis": entry.basis, "relations": relations}


def _relation(comparison: Comparison, one: Relation, places: list[Passage], keys: Keys) -> dict[str, Any]:
    shown: dict[str, Any] = {"subject": one.subject, "property": keys.of(one.property), "object": one.object}
    if one.via:
        shown["via"] = _reference(comparison, one.via)
        if one.via in comparison.modalities:
            shown["via"]["modality"] = comparison.modalities[one.via]
    shown["evidence"] = [
        {**reference(place.iri, place.iri.rpartition("/")[2]), "source": _reference(comparison, place.source)}
        | {"section": place.section, "start": place.start, "end": place.end}
        for place in places
    ]
    return shown


def _reference(comparison: Comparison, iri: str) -> dict[str, Any]:
    return reference(iri, comparison.labels.get(iri))


def _plain(value: Literal) -> Any:
    return literal_json(value, None)
