"""Renders a thing as a page: what is said of it, each statement with the way to its evidence, and how to cite it."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

from service.explanation.reading import LONGEST_VALUE
from service.templating import embedded, template
from service.things.description import local_name
from service.things.document import explanation
from service.things.model import Model
from service.things.pages import address, named_by
from service.things.wording import Wording, in_language

# Keys that the head of a page shows, or that are no properties.
_HEAD = frozenset({"id", "type", "label", "href", "labels", "inferred", "inverse", "more", "prefLabel", "altLabel"})
_PUBLICATION = "Publication"
_DEFINING = ("definition", "description", "summary")
_COMPUTED = "computed--"
# What a thing has of itself rather than from a passage.
_WITHOUT_EVIDENCE = ("source", "evidence")


@dataclass(frozen=True)
class Statement:
    """A value of a property, where it is explained, the statement in words, and whether it was inferred."""

    value: Any
    explanation: str | None
    words: str
    is_inferred: bool


@dataclass(frozen=True)
class Row:
    """A property, by label, with where it is explained, its statements, and where all are if these are not."""

    label: Markup
    at: str | None
    statements: list[Statement]
    more: Mapping[str, Any] | None = None


def thing_page(document: Mapping[str, Any], model: Model, wording: Wording, citation: str | None) -> bytes:
    """Return the page of a thing; `citation` is how the release that it is of is cited, None where there is none."""
    inferred = document.get("inferred", {})
    iri, heading = document["id"], _heading(document, inferred, wording.language)
    page = template("thing.html").render(
        document=document,
        heading=heading,
        wording=wording,
        names=_names(document, inferred, heading[0]),
        types=[_type(key, document, model, wording, is_inferred=False) for key in document.get("type", ())]
        + [_type(key, document, model, wording, is_inferred=True) for key in inferred.get("type", ())],
        texts=_texts(document),
        rows=list(_rows(document, model, wording)),
        inverse=list(_inverse(document, model, wording)),
        is_publication=_PUBLICATION in (*document.get("type", ()), *inferred.get("type", ())),
        is_computed=local_name(iri).startswith(_COMPUTED),
        citation=f"“{document['label']}”. {iri}. In: {citation}" if citation else None,
        data=embedded(document),
        href=address,
    )
    return page.encode()


def _type(key: str, document: Mapping[str, Any], model: Model, wording: Wording, *, is_inferred: bool) -> Statement:
    label, iri, at = named_by(key, model)
    why = explanation(document["id"], "type", key)
    return Statement(
        {"label": wording.name(iri, label), "at": at}, why, f"{document['label']} is a {label}", is_inferred
    )


def _rows(document: Mapping[str, Any], model: Model, wording: Wording) -> Iterator[Row]:
    """Yield the properties of a thing, what is stated before what was inferred."""
    parts = (document, document.get("inferred", {}))
    for key in dict.fromkeys(key for part in parts for key in part):
        if key in _HEAD or key.startswith("@") or _is_at_the_head(key, document.get(key, ())):
            continue
        label, iri, at = named_by(key, model)
        statements = [
            _statement(document, key, label, value, is_inferred=part is not document)
            for part in parts
            for value in _values(part.get(key, ()))
        ]
        if statements:
            yield Row(wording.name(iri, label), at, statements)


def _values(values: Any) -> list[Any]:
    """Return the values of a property; texts by language come as values with a language."""
    if isinstance(values, Mapping):
        return [{"@value": text, "@language": language} for language, texts in values.items() for text in texts]
    return list(values) if isinstance(values, Sequence) and not isinstance(values, str) else []


def _statement(document: Mapping[str, Any], key: str, label: str, value: Any, *, is_inferred: bool) -> Statement:
    written, words = _as_written(value), value["label"] if isinstance(value, Mapping) and "label" in value else None
    has_evidence = key not in _WITHOUT_EVIDENCE and "@language" not in (value if isinstance(value, Mapping) else ())
    is_explained = (has_evidence or is_inferred) and len(written) <= LONGEST_VALUE
    why = explanation(document["id"], key, written) if is_explained else None
    return Statement(value, why, f"{document['label']} {label} {words or written}", is_inferred)


def _as_written(value: Any) -> str:
    """Return a value as an explanation is asked for it."""
    if isinstance(value, Mapping):
        return str(value.get("id") or value.get("@value"))
    return value if isinstance(value, str) else json.dumps(value)


def _inverse(document: Mapping[str, Any], model: Model, wording: Wording) -> Iterator[Row]:
    """Yield what refers to a thing, by property."""
    for key, others in document.get("inverse", {}).items():
        label, iri, at = named_by(key, model)
        statements = [
            Statement(
                other,
                other.get("explanation") or explanation(other["id"], key, document["id"]),
                f"{other['label']} {label} {document['label']}",
                other.get("basis") == "inferred",
            )
            for other in others
        ]
        yield Row(wording.name(iri, label), at, statements, document.get("more", {}).get(key))


def _texts(document: Mapping[str, Any]) -> list[str]:
    """Return what a thing is said to be: in English, or without a language."""
    found: list[str] = []
    for key in _DEFINING:
        texts = document.get(key, ())
        if isinstance(texts, Mapping):
            texts = [*texts.get("en", ()), *texts.get("@none", ())]
        found += [text for text in texts if isinstance(text, str)]
    return found


def _is_at_the_head(key: str, values: Any) -> bool:
    """Tell whether a property has been shown already, with all its values."""
    return key in _DEFINING and (not isinstance(values, Mapping) or values.keys() <= {"en", "@none"})


def _heading(document: Mapping[str, Any], inferred: Mapping[str, Any], language: str) -> tuple[str, Markup]:
    """Return what a thing is called in a language, or else its label; and the same as HTML."""
    for part in (document, inferred):
        for text in part.get("labels", {}).get(language, ()):
            return text, in_language(text, language)
    return document["label"], escape(document["label"])


def _names(document: Mapping[str, Any], inferred: Mapping[str, Any], shown: str) -> list[tuple[str, str]]:
    """Return the names of a thing beside the one that it is shown by, each with its language."""
    found: dict[tuple[str, str], None] = {}
    for part in (document, inferred):
        for key in ("labels", "prefLabel", "altLabel"):
            for language, texts in part.get(key, {}).items():
                found |= {(text, language): None for text in texts if text != shown}
    return sorted(found, key=lambda name: (name[1] != "en", name[1], name[0]))
