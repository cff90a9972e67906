"""Renders a thing as a page: what is said of it, in groups, with the way to its evidence, and how to cite it."""

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup, escape

from service.addresses import address
from service.paging import path_of
from service.templating import embedded, template
from service.things.beside import Beside
from service.things.description import local_name
from service.things.model import Model
from service.things.thing_rows import DEFINING, Said
from service.things.wording import Wording, in_language

_PUBLICATION = "Publication"
_COMPUTED = "computed--"


def thing_page(
    document: Mapping[str, Any], model: Model, wording: Wording, beside: Beside, citation: str | None
) -> bytes:
    """Return the page of a thing; `citation` is how the release that it is of is cited, None where there is none."""
    inferred, said = document.get("inferred", {}), Said(document, model, wording, beside)
    iri, heading = document["id"], _heading(document, inferred, wording.language)
    page = template("thing.html").render(
        document=document,
        heading=heading,
        names=_names(document, inferred, heading[0]),
        types=said.types(),
        texts=_texts(document),
        groups=said.groups(),
        beside=beside,
        references=_references(beside),
        facts=path_of("/api/queries/facts", {"thing": local_name(iri)}),
        is_publication=_PUBLICATION in (*document.get("type", ()), *inferred.get("type", ())),
        is_computed=local_name(iri).startswith(_COMPUTED),
        citation=f"“{document['label']}”. {iri}. In: {citation}" if citation else None,
        data=embedded(document),
        href=address,
        named=lambda thing: wording.name(thing["id"], _named(thing)),
    )
    return page.encode()


def _named(thing: Mapping[str, Any]) -> str:
    """Return the label of a thing; what is computed has none, and is named by the parts of its IRI."""
    label, name = str(thing["label"]), local_name(thing["id"])
    return " · ".join(name.split("--")[1:]) if label == name and name.startswith(_COMPUTED) else label


def _references(beside: Beside) -> str:
    """Return where the publications are that state something about a thing."""
    return path_of("/api/bibliography", {"ids": ",".join(local_name(source.iri) for source in beside.literature)})


def _texts(document: Mapping[str, Any]) -> list[str]:
    """Return what a thing is said to be: in English, or without a language."""
    found: list[str] = []
    for key in DEFINING:
        texts = document.get(key, ())
        if isinstance(texts, Mapping):
            texts = [*texts.get("en", ()), *texts.get("@none", ())]
        found += [text for text in texts if isinstance(text, str)]
    return found


def _heading(document: Mapping[str, Any], inferred: Mapping[str, Any], language: str) -> tuple[str, Markup]:
    """Return what a thing is called in a language, or else its label; and the same as HTML."""
    for part in (document, inferred):
        for text in part.get("labels", {}).get(language, ()):
            return text, in_language(text, language)
    return _named(document), escape(_named(document))


def _names(document: Mapping[str, Any], inferred: Mapping[str, Any], shown: str) -> list[tuple[str, str]]:
    """Return the names of a thing beside the one that it is shown by, each with its language."""
    found: dict[tuple[str, str], None] = {}
    for part in (document, inferred):
        for key in ("labels", "prefLabel", "altLabel"):
            for language, texts in part.get(key, {}).items():
                found |= {(text, language): None for text in texts if text != shown}
    return sorted(found, key=lambda name: (name[1] != "en", name[1], name[0]))
