"""Renders a thing as a page: what is said of it, in groups, with the way to its evidence, and how to cite it."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ontology.groups import NOTES, Group
from service.explanation.reading import LONGEST_VALUE
from service.paging import path_of
from service.templating import embedded, template
from service.things.beside import Beside
from service.things.description import local_name
from service.things.document import explanation
from service.things.model import Model
from service.things.pages import address, label_and_address

# Keys that the head of a page shows, or that are no properties.
_HEAD = frozenset({"id", "type", "label", "href", "labels", "inferred", "inverse", "more", "prefLabel", "altLabel"})
_PUBLICATION = "Publication"
_DEFINING = ("definition", "description", "summary")
_COMPUTED = "computed--"
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
    label: str
    at: str | None
    statements: list[Statement]
    is_inverse: bool = False
    more: Mapping[str, Any] | None = None


def thing_page(document: Mapping[str, Any], model: Model, beside: Beside, citation: str | None) -> bytes:
    """Return the page of a thing; `citation` is how the release that it is of is cited, None where there is none."""
    inferred = document.get("inferred", {})
    iri = document["id"]
    page = template("thing.html").render(
        document=document,
        names=_names(document, inferred),
        types=[_type(key, document, model, is_inferred=False) for key in document.get("type", ())]
        + [_type(key, document, model, is_inferred=True) for key in inferred.get("type", ())],
        texts=_texts(document),
        groups=_grouped([*_rows(document, model, beside), *_inverse(document, model, beside)]),
        beside=beside,
        references=_references(beside),
        facts=path_of("/api/queries/facts", {"thing": local_name(iri)}),
        is_publication=_PUBLICATION in (*document.get("type", ()), *inferred.get("type", ())),
        is_computed=local_name(iri).startswith(_COMPUTED),
        citation=f"“{document['label']}”. {iri}. In: {citation}" if citation else None,
        data=embedded(document),
        href=address,
        named=_named,
    )
    return page.encode()


def _type(key: str, document: Mapping[str, Any], model: Model, *, is_inferred: bool) -> Statement:
    label, at = label_and_address(key, model)
    why = explanation(document["id"], "type", key)
    return Statement({"label": label, "at": at}, why, f"{document['label']} is a {label}", is_inferred)


def _named(thing: Mapping[str, Any]) -> str:
    """Return the label of a thing; what is computed has none, and is named by the parts of its IRI."""
    label, name = str(thing["label"]), local_name(thing["id"])
    return " · ".join(name.split("--")[1:]) if label == name and name.startswith(_COMPUTED) else label


def _grouped(rows: Iterable[Row]) -> list[tuple[str, list[Row]]]:
    """Return the rows by group, in the order of these; what a thing has comes before what has it."""
    found: dict[Group, list[Row]] = {}
    for row in rows:
        found.setdefault(row.group, []).append(row)
    return [(group.name, found[group]) for group in sorted(found)]


def _references(beside: Beside) -> str:
    """Return where the publications are that state something about a thing."""
    return path_of("/api/bibliography", {"ids": ",".join(local_name(source.iri) for source in beside.literature)})


def _group(key: str, document: Mapping[str, Any], model: Model, *, is_inverse: bool = False) -> Group:
    property_ = model.property_of(key)
    types = [model.keys.classes[type_].iri for type_ in document.get("type", ()) if type_ in model.keys.classes]
    return model.groups.of(property_, types, is_inverse=is_inverse) if property_ else NOTES


def _rows(document: Mapping[str, Any], model: Model, beside: Beside) -> Iterator[Row]:
    """Yield the properties of a thing, what is stated before what was inferred."""
    parts = (document, document.get("inferred", {}))
    for key in dict.fromkeys(key for part in parts for key in part):
        if key in _HEAD or key.startswith("@") or _is_at_the_head(key, document.get(key, ())):
            continue
        if key == _SOURCE and beside.literature:  # which has them with how much they say
            continue
        label, at = label_and_address(key, model)
        statements = [
            _statement(document, key, label, value, is_inferred=part is not document)
            for part in parts
            for value in _values(part.get(key, ()))
        ]
        if statements:
            yield Row(_group(key, document, model), label, at, statements)


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


def _inverse(document: Mapping[str, Any], model: Model, beside: Beside) -> Iterator[Row]:
    """Yield what refers to a thing, by property, but for what its own properties say in the other direction."""
    for key, others in document.get("inverse", {}).items():
        if {other["id"] for other in others} <= _said_by_inverse(key, document, model):
            continue
        label, at = label_and_address(key, model)
        statements = [
            Statement(
                other,
                other.get("explanation") or explanation(other["id"], key, document["id"]),
                f"{other['label']} {label} {document['label']}",
                other.get("basis") == "inferred",
                beside.sure.get(other["id"]),
            )
            for other in others
        ]
        more = document.get("more", {}).get(key)
        yield Row(_group(key, document, model, is_inverse=True), label, at, statements, is_inverse=True, more=more)


def _said_by_inverse(key: str, document: Mapping[str, Any], model: Model) -> set[str]:
    """Return the things that a thing has as values of the inverse of a property."""
    property_ = model.property_of(key)
    inverse = model.vocabulary.inverses.get(property_.iri) if property_ else None
    if inverse is None:
        return set()
    parts = (document, document.get("inferred", {}))
    values = [value for part in parts for value in part.get(model.keys.of(inverse), ())]
    return {value["id"] for value in values if isinstance(value, Mapping) and "id" in value}


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


def _names(document: Mapping[str, Any], inferred: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the names of a thing beside the one that it is shown by, each with its language."""
    found: dict[tuple[str, str], None] = {}
    for part in (document, inferred):
        for key in ("labels", "prefLabel", "altLabel"):
            for language, texts in part.get(key, {}).items():
                found |= {(text, language): None for text in texts if text != document["label"]}
    return sorted(found, key=lambda name: (name[1] != "en", name[1], name[0]))
