"""Renders the collections, and a page of one of them; says where the page of anything is."""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from markupsafe import Markup

from ontology.collections import THINGS
from ontology.iris import TERM, compress
from ontology.vocabulary import Term
from service.addresses import TERM_PATH, address
from service.templating import template
from service.things.document import quoted
from service.things.model import Model
from service.things.wording import Wording


def collections_page(listed: Sequence[Mapping[str, Any]], model: Model, wording: Wording) -> bytes:
    """Return the page of all collections that have things."""
    with_things = [
        {**one, "label": wording.name(model.collections[one["name"]].iri, one["label"])}
        for one in listed
        if one["total"]
    ]
    return template("collections.html").render(collections=with_things).encode()


def collection_page(
    name: str,
    class_: Term | None,
    document: Mapping[str, Any],
    parameters: Sequence[tuple[str, str]],
    wording: Wording,
) -> bytes:
    """Return the page of a page of a collection."""
    formats = [
        (form, f"?{urlencode([*_without(parameters, 'format'), ('format', form)])}") for form in ("json", "csv", "ttl")
    ]
    page = template("collection.html").render(
        name=name,
        title=wording.name(class_.iri, class_.label) if class_ else THINGS,
        wording=wording,
        definition=class_.definition if class_ else "Everything that has a name.",
        term=TERM_PATH + class_.name if class_ and class_.iri.startswith(TERM) else None,
        document=document,
        q=dict(parameters).get("q", ""),
        kept=_without(parameters, "q", "cursor", "format"),
        formats=formats,
        facets=_narrower(document.get("facets", {}), _without(parameters, "cursor"), wording),
        href=address,
    )
    return page.encode()


def _narrower(
    facets: Mapping[str, Mapping[str, Any]], parameters: Sequence[tuple[str, str]], wording: Wording
) -> dict[str, list[tuple[Markup, str, int]]]:
    """Return for each facet its values, with the queries for the things that have them, and how many these are."""
    return {
        name: [
            (
                wording.name(one.get("id"), one.get("label", value)),
                f"?{urlencode([*parameters, (name, value)])}",
                one["count"],
            )
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


def named_by(key: str, model: Model) -> tuple[str, str | None, str | None]:
    """Return the label of a term by its key, its IRI, and where it is explained."""
    term = model.property_of(key) or model.keys.classes.get(key)
    if term is None:
        return compress(key), None, None  # a term of others whose name means one of ours is by its IRI
    return term.label, term.iri, TERM_PATH + term.name if term.iri.startswith(TERM) else None


def _without(parameters: Sequence[tuple[str, str]], *names: str) -> list[tuple[str, str]]:
    return [(name, value) for name, value in parameters if name not in names]
