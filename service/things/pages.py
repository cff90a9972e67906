"""Renders a thing, or a page of a collection, as HTML, with its JSON-LD in it."""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlencode

from markupsafe import Markup

from ontology.collections import THINGS
from ontology.iris import TERM, THING
from ontology.vocabulary import Term
from service.templating import template
from service.things.description import local_name
from service.things.document import quoted
from service.things.model import Model

# Keys that the head of a page shows, or that are no properties.
_HEAD = frozenset({"id", "type", "label", "href", "labels", "inferred", "inverse", "more", "prefLabel", "altLabel"})
_PUBLICATION = "Publication"
_DEFINING = ("definition", "description", "summary")


def thing_page(document: Mapping[str, Any], model: Model) -> bytes:
    """Return the page of a thing."""
    inferred = document.get("inferred", {})
    page = template("thing.html").render(
        document=document,
        names=_names(document, inferred),
        types=[(*_term(key, model), False) for key in document.get("type", ())]
        + [(*_term(key, model), True) for key in inferred.get("type", ())],
        texts=_texts(document),
        stated=_groups(document, model),
        inferred=_groups(inferred, model),
        inverse=_groups(document.get("inverse", {}), model),
        more=document.get("more", {}),
        is_publication=_PUBLICATION in (*document.get("type", ()), *inferred.get("type", ())),
        data=_embedded(document),
        href=address,
    )
    return page.encode()


def collections_page(listed: Sequence[Mapping[str, Any]]) -> bytes:
    """Return the page of all collections that have things."""
    with_things = [one for one in listed if one["total"]]
    return template("collections.html").render(collections=with_things).encode()


def collection_page(
    name: str, class_: Term | None, document: Mapping[str, Any], parameters: Sequence[tuple[str, str]]
) -> bytes:
    """Return the page of a page of a collection."""
    formats = [
        (form, f"?{urlencode([*_without(parameters, 'format'), ('format', form)])}") for form in ("json", "csv", "ttl")
    ]
    page = template("collection.html").render(
        name=name,
        title=class_.label if class_ else THINGS,
        definition=class_.definition if class_ else "Everything that has a name.",
        term=f"/ontology#{class_.name}" if class_ and class_.iri.startswith(TERM) else None,
        document=document,
        q=dict(parameters).get("q", ""),
        kept=_without(parameters, "q", "cursor", "format"),
        formats=formats,
        facets=_narrower(document.get("facets", {}), _without(parameters, "cursor")),
        href=address,
    )
    return page.encode()


def _narrower(
    facets: Mapping[str, Mapping[str, Any]], parameters: Sequence[tuple[str, str]]
) -> dict[str, list[tuple[str, str, int]]]:
    """Return for each facet its values, with the queries for the things that have them, and how many these are."""
    return {
        name: [
            (one.get("label", value), f"?{urlencode([*parameters, (name, value)])}", one["count"])
            for one in facet["values"]
            if (value := _as_value(one)) is not None
        ]
        for name, facet in facets.items()
    }


def _as_value(counted: Mapping[str, Any]) -> str | None:
    """Return a value of a facet as a filter by it has it, or None where it is a literal that no filter takes."""
    if "id" in counted:
        return quoted(counted["id"])
    value = counted["value"]
    return None if isinstance(value, dict) else value if isinstance(value, str) else json.dumps(value)


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


def _groups(part: Mapping[str, Any], model: Model) -> list[tuple[str, str | None, str, list[Any]]]:
    """Return the properties with label, address, key and values; texts by language come as values with a language."""
    groups = []
    for key, values in part.items():
        if key in _HEAD or _is_at_the_head(key, values) or key.startswith("@") or not isinstance(values, list | dict):
            continue
        shown = (
            values
            if isinstance(values, list)
            else [{"@value": t, "@language": k} for k, v in values.items() for t in v]
        )
        groups.append((*_term(key, model), key, shown))
    return groups


def _term(key: str, model: Model) -> tuple[str, str | None]:
    """Return the label of a term by its key, and where it is explained."""
    term = model.keys.properties.get(key) or model.keys.classes.get(key)
    if term is None:
        return key, None
    return term.label, f"/ontology#{term.name}" if term.iri.startswith(TERM) else None


def address(iri: str) -> str | None:
    """Return where a page about an IRI is, here or on the web; None for what is no address."""
    if iri.startswith(THING):
        return f"/page/{quote(local_name(iri), safe='')}"
    if iri.startswith(TERM):
        return f"/ontology#{iri.removeprefix(TERM)}"
    return iri if iri.startswith(("http://", "https://")) else None


def _without(parameters: Sequence[tuple[str, str]], *names: str) -> list[tuple[str, str]]:
    return [(name, value) for name, value in parameters if name not in names]


def _embedded(document: Mapping[str, Any]) -> Markup:
    """Return JSON-LD that can stand in a script element, which nothing in it can end."""
    text = json.dumps(document, ensure_ascii=False).replace("<", "\\u003c").replace("\u2028", "\\u2028")
    return Markup(text)
