"""What is said of a thing as rows of its page: a property each, in groups, and each statement with its evidence."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from ontology.groups import NOTES, Group
from service.explanation.reading import LONGEST_VALUE
from service.things.beside import Beside
from service.things.document import explanation
from service.things.model import Model
from service.things.pages import named_by
from service.things.wording import Wording

DEFINING = ("definition", "description", "summary")
"""The properties whose texts stand at the head of the page."""
# Keys that the head of a page shows, or that are no properties.
_HEAD = frozenset({"id", "type", "label", "href", "labels", "inferred", "inverse", "more", "prefLabel", "altLabel"})
# What a thing has of itself rather than from a passage.
_SOURCE = "source"
_WITHOUT_EVIDENCE = (_SOURCE, "evidence")


@dataclass(frozen=True)
class Statement:
    """A value of a property, where it is explained, the statement in words, and whether it was inferred.

    `sure` tells of a claim how sure who claims it is.
    """

    value: Any
    explanation: str | None
    words: str
    is_inferred: bool
    sure: str | None = None


@dataclass(frozen=True)
class Row:
    """A property, by label, with where it is explained, its statements, and where all are if these are not.

    `is_inverse` is true for what has the thing as a value.
    """

    group: Group
    label: Markup
    at: str | None
    statements: list[Statement]
    is_inverse: bool = False
    more: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Said:
    """What is said of a thing: its document, what its keys mean, what they are called, and what is shown beside it."""

    document: Mapping[str, Any]
    model: Model
    wording: Wording
    beside: Beside

    @property
    def parts(self) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
        """What is stated, and what was inferred."""
        return self.document, self.document.get("inferred", {})

    def types(self) -> list[Statement]:
        """Return the classes of the thing, stated ones first."""
        return [self._type(key, part is not self.document) for part in self.parts for key in part.get("type", ())]

    def groups(self) -> list[tuple[str, list[Row]]]:
        """Return the rows by group, in the order of these; what a thing has comes before what has it."""
        found: dict[Group, list[Row]] = {}
        for row in (*self._rows(), *self._inverse()):
            found.setdefault(row.group, []).append(row)
        return [(group.name, found[group]) for group in sorted(found)]

    def _type(self, key: str, is_inferred: bool) -> Statement:
        label, iri, at = named_by(key, self.model)
        why = explanation(self.document["id"], "type", key)
        words = f"{self.document['label']} is a {label}"
        return Statement({"label": self.wording.name(iri, label), "at": at}, why, words, is_inferred)

    def _group(self, key: str, is_inverse: bool = False) -> Group:
        property_, classes = self.model.property_of(key), self.model.keys.classes
        types = [classes[type_].iri for type_ in self.document.get("type", ()) if type_ in classes]
        return self.model.groups.of(property_, types, is_inverse=is_inverse) if property_ else NOTES

    def _rows(self) -> Iterator[Row]:
        """Yield the properties of the thing, what is stated before what was inferred."""
        told = {source.iri for source in self.beside.literature}  # there, with how much they say
        for key in dict.fromkeys(key for part in self.parts for key in part):
            if key in _HEAD or key.startswith("@") or _is_at_the_head(key, self.document.get(key, ())):
                continue
            label, iri, at = named_by(key, self.model)
            statements = [
                self._statement(key, label, value, is_inferred=part is not self.document)
                for part in self.parts
                for value in _values(part.get(key, ()))
                if key != _SOURCE or _as_written(value) not in told
            ]
            if statements:
                yield Row(self._group(key), self.wording.name(iri, label), at, statements)

    def _statement(self, key: str, label: str, value: Any, *, is_inferred: bool) -> Statement:
        written, words = _as_written(value), value["label"] if isinstance(value, Mapping) and "label" in value else None
        has_evidence = key not in _WITHOUT_EVIDENCE and "@language" not in (value if isinstance(value, Mapping) else ())
        is_explained = (has_evidence or is_inferred) and len(written) <= LONGEST_VALUE
        why = explanation(self.document["id"], key, written) if is_explained else None
        return Statement(value, why, f"{self.document['label']} {label} {words or written}", is_inferred)

    def _inverse(self) -> Iterator[Row]:
        """Yield what refers to the thing, by property, but for what its own properties say in the other direction."""
        for key, others in self.document.get("inverse", {}).items():
            if {other["id"] for other in others} <= self._said_by_inverse(key):
                continue
            label, iri, at = named_by(key, self.model)
            statements = [
                Statement(
                    other,
                    other.get("explanation") or explanation(other["id"], key, self.document["id"]),
                    f"{other['label']} {label} {self.document['label']}",
                    other.get("basis") == "inferred",
                    self.beside.sure.get(other["id"]),
                )
                for other in others
            ]
            more, name = self.document.get("more", {}).get(key), self.wording.name(iri, label)
            yield Row(self._group(key, is_inverse=True), name, at, statements, is_inverse=True, more=more)

    def _said_by_inverse(self, key: str) -> set[str]:
        """Return the things that the thing has as values of the inverse of a property."""
        property_ = self.model.property_of(key)
        inverse = self.model.vocabulary.inverses.get(property_.iri) if property_ else None
        if inverse is None:
            return set()
        values: Iterable[Any] = [value for part in self.parts for value in part.get(self.model.keys.of(inverse), ())]
        return {value["id"] for value in values if isinstance(value, Mapping) and "id" in value}


def _values(values: Any) -> list[Any]:
    """Return the values of a property; texts by language come as values with a language."""
    if isinstance(values, Mapping):
        return [{"@value": text, "@language": language} for language, texts in values.items() for text in texts]
    return list(values) if isinstance(values, Sequence) and not isinstance(values, str) else []


def _as_written(value: Any) -> str:
    """Return a value as an explanation is asked for it."""
    if isinstance(value, Mapping):
        return str(value.get("id") or value.get("@value"))
    return value if isinstance(value, str) else json.dumps(value)


def _is_at_the_head(key: str, values: Any) -> bool:
    """Tell whether a property has been shown already, with all its values."""
    return key in DEFINING and (not isinstance(values, Mapping) or values.keys() <= {"en", "@none"})
