"""Turns the reference list of a paper, CSL-JSON, into publications that the paper cites."""

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

import pyoxigraph as ox

from loaders.corpus import SourceFile, is_id
from loaders.errors import Fault
from loaders.facts import quads_of_document
from loaders.located import Mapping as LocatedMapping
from loaders.located import plain
from loaders.selectors import Sections, check_evidence, evidence_node
from ontology.nearest import did_you_mean

# https://docs.citationstyles.org/en/stable/specification.html#appendix-iii-types
CLASSES = {
    "article-journal": "Article",
    "article-magazine": "Article",
    "book": "Book",
    "chapter": "BookChapter",
    "paper-conference": "ConferencePaper",
    "report": "Report",
    "document": "Publication",
}
# The fields of CSL-JSON that hold one text, and the properties that they are read into.
PROPERTIES = {
    "title": "title",
    "container-title": "venue",
    "volume": "volume",
    "issue": "issue",
    "page": "pages",
    "publisher": "publisher",
    "DOI": "doi",
    "URL": "website",
    "note": "note",
}
_KNOWN = {*PROPERTIES, "id", "type", "author", "issued", "custom"}


def check_reference(file: SourceFile, item: LocatedMapping, sections: Sections, faults: list[Fault]) -> None:
    """Add to `faults` what is wrong with a reference of the list in `file`."""

    def fault(line: int, message: str) -> None:
        faults.append(Fault(file.name, line, message))

    if not is_id(item.text("id") or ""):
        fault(item.line, "a reference needs an 'id' of lower-case letters, digits and hyphens")
    for key, (line, _) in item.items.items():
        if key not in _KNOWN:
            fault(line, f"no field {key!r} of CSL-JSON is known here{did_you_mean(key, _KNOWN)}")
    if (type_ := item.text("type") or "") not in CLASSES:
        fault(item.line, f"no type {type_!r} of CSL-JSON is known here{did_you_mean(type_, CLASSES)}")
    for key in PROPERTIES:
        if item.get(key) is not None and item.text(key) is None:
            fault(item.line, f"{key!r} must be a text")
    if not _is_list_of_names(plain(item.get("author"))):
        fault(item.line, "'author' must be a list of {family, given}")
    if item.get("issued") is not None and _year(item) is None:
        fault(item.line, "'issued' must be {date-parts: [[year]]}")
    if (evidence := reference_evidence(item)) is None:
        fault(item.line, "the reference lacks its passage, custom: {evidence: {section, start, end, digest}}")
    else:
        check_evidence(file.name, evidence, sections, faults)


def quads_of_reference(
    source: str, item: LocatedMapping, context: Mapping[str, Any], papers: Collection[str]
) -> Iterator[ox.Quad]:
    """Yield a checked reference of the paper `source` as a publication, and the fact that the paper cites it.

    A reference to one of `papers`, the papers of the corpus, is described by that paper's own record.
    """
    evidence = reference_evidence(item)
    assert evidence is not None
    reference, passage = item.text("id") or "", evidence_node(source, evidence)
    yield from quads_of_document(source, {"id": source, "cites": reference, "evidence": passage}, context)
    if reference not in papers:
        yield from quads_of_document(source, {**_publication(item), "evidence": passage}, context)


def reference_evidence(item: LocatedMapping) -> LocatedMapping | None:
    """Return the passage that a reference stands in: CSL-JSON keeps what it does not define in `custom`."""
    custom = item.get("custom")
    evidence = custom.get("evidence") if isinstance(custom, LocatedMapping) else None
    return evidence if isinstance(evidence, LocatedMapping) else None


def properties_of(item: LocatedMapping) -> LocatedMapping:
    """Return the fields of a reference under the names of the properties that are read from them."""
    fields = {name: key for key, name in PROPERTIES.items()} | {
        "byline": "author",
        "authorName": "author",
        "label": "author",
        "year": "issued",
    }
    return LocatedMapping(item.line, {name: item.items[key] for name, key in fields.items() if key in item.items})


def _publication(item: LocatedMapping) -> dict[str, Any]:
    fields, year = plain(item), _year(item)
    authors = fields.get("author", [])
    document = {"id": fields["id"], "type": CLASSES[fields["type"]]}
    document["label"] = f"{_short_names(authors)} ({year or 'no year'})"
    document |= {name: fields[key] for key, name in PROPERTIES.items() if key in fields}
    if authors:
        names = [", ".join(filter(None, (author["family"], author.get("given")))) for author in authors]
        document |= {"byline": "; ".join(names), "authorName": names}
    if year:
        document["year"] = year
    return document


def _short_names(authors: list[dict[str, str]]) -> str:
    match [author["family"] for author in authors]:
        case []:
            return "Anonymous"
        case [only]:
            return only
        case [first, second]:
            return f"{first} and {second}"
        case [first, *_]:
            return f"{first} et al."
        case _:
            raise AssertionError(authors)


def _year(item: LocatedMapping) -> str | None:
    match plain(item.get("issued")):
        case {"date-parts": [[str(year), *_]]} if re.fullmatch(r"[0-9]{4}", year):
            return year
    return None


def _is_list_of_names(authors: Any) -> bool:
    return authors is None or (
        isinstance(authors, list)
        and all(isinstance(author, dict) for author in authors)
        and all(isinstance(part, str) for author in authors for part in author.values())
        and all(author.get("family", "").strip() for author in authors)
    )
