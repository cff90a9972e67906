"""Serialises things: JSON-LD for clients, RDF in every syntax, CSV for lists."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import pyoxigraph as ox

from ontology.graphs import turtle
from ontology.iris import PREFIXES
from ontology.keys import LABELS, Keys
from service.sparql.negotiation import GRAPHS
from service.store.facets import Counted
from service.store.selection import Value
from service.things.asking import Facet, Found
from service.things.description import EVIDENCE, TYPE, Description, Named, local_name
from service.things.document import CONTEXT, Shown, explanation, literal_json, reference, thing_document
from service.things.wanted import Wanted

_SEPARATOR = " | "
_ALWAYS = frozenset({"id", "href", "evidence"})
_AROUND = frozenset({"inverse", "more"})
# What is included so stands in what leads to the thing.
_LEADING_AROUND = frozenset({"inverse", "claims", "evidence"})


def expanded(found: Found, keys: Keys, shown: Shown) -> dict[str, dict[str, Any]]:
    """Return the documents of the things around: first the passages, which stand in the others."""
    whole = Shown(inferred=shown.inferred)
    passages = {iri for one in (*found.things, *found.around.values()) for iri in one.iris(EVIDENCE)}
    inner = {iri: thing_document(found.around[iri], keys, whole) for iri in passages if iri in found.around}
    others = {iri: one for iri, one in found.around.items() if iri not in inner}
    return inner | {iri: thing_document(one, keys, whole, inner) for iri, one in others.items()}


def thing_json(found: Found, keys: Keys, shown: Shown) -> dict[str, Any]:
    """Return one thing as a JSON-LD document; what is inferred comes with where it is told why."""
    (one,) = found.things
    document = thing_document(one, keys, shown, expanded(found, keys, shown))
    inferred = document.get("inferred", {})
    for key, values in inferred.items():
        if key != "type" and isinstance(values, list):
            inferred[key] = [_explained(one.iri, key, value) for value in values]
    return {"@context": CONTEXT} | document


def _explained(subject: str, key: str, value: Any) -> Any:
    if not isinstance(value, dict) or "id" not in value:
        return value
    return value | {"explanation": explanation(subject, key, value["id"])}


def list_json(found: Found, keys: Keys, wanted: Wanted, next_: str | None) -> dict[str, Any]:
    """Return a page of things as a JSON-LD document; `next_` is where the next page is."""
    shown = Shown(wanted.fields, wanted.has_inferred)
    around = expanded(found, keys, shown)
    items = [only(thing_document(one, keys, shown, around), wanted) for one in found.things]
    document: dict[str, Any] = {"@context": CONTEXT, "total": found.total, "next": next_, "items": items}
    if found.facets:
        document["facets"] = {name: _facet(facet, keys) for name, facet in found.facets.items()}
    return document


def only(document: dict[str, Any], wanted: Wanted) -> dict[str, Any]:
    """Return the document of a thing with the keys that are wanted, what names it, and what is included."""
    if wanted.fields is None:
        return document
    keys = wanted.fields | _ALWAYS | (_AROUND if wanted.include & _LEADING_AROUND else frozenset())
    kept = {key: value for key, value in document.items() if key in keys or key.startswith("@")}
    inferred = {key: value for key, value in document.get("inferred", {}).items() if key in wanted.fields}
    return kept | ({"inferred": inferred} if inferred else {})


def narrowed(found: Found, fields: frozenset[str] | None, keys: Keys) -> Found:
    """Return what was found with the properties of these keys only."""
    if fields is None:
        return found
    wanted = fields | ({LABELS} if "label" in fields else set())
    own = {TYPE: "type"}

    def kept(said: Mapping[str, list[Named]]) -> dict[str, list[Named]]:
        return {iri: values for iri, values in said.items() if own.get(iri, keys.of(iri)) in wanted}

    things = [replace(one, stated=kept(one.stated), inferred=kept(one.inferred)) for one in found.things]
    return replace(found, things=things)


def list_csv(found: Found, keys: Keys, wanted: Wanted) -> bytes:
    """Return a page of things as CSV (RFC 4180): a row a thing, values of one property beside each other.

    What is inferred stands in columns of its own, where it is wanted.
    """
    stated = _columns(found.predicates, keys, wanted.fields)
    inferred = _columns(found.inferred, keys, wanted.fields) if wanted.has_inferred else []
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(["id", "label", "type", *stated, *(f"inferred.{key}" for key in inferred)])
    for one in found.things:
        types = _SEPARATOR.join(sorted(keys.of(iri) for iri, _ in one.stated.get(TYPE, ()) if isinstance(iri, str)))
        cells = [*_cells(one.stated, stated, keys), *_cells(one.inferred, inferred, keys)]
        writer.writerow([one.iri, one.label, types, *cells])
    return text.getvalue().encode()


def _columns(properties: Iterable[str], keys: Keys, fields: frozenset[str] | None) -> list[str]:
    found = {keys.of(iri) for iri in properties if iri not in (TYPE, EVIDENCE)} - {LABELS}
    return sorted(key for key in found if fields is None or key in fields)


def _cells(said: Mapping[str, list[Named]], columns: Iterable[str], keys: Keys) -> list[str]:
    by_key = {keys.of(iri): named for iri, named in said.items()}
    return [_cell(by_key.get(key, ())) for key in columns]


def rdf(found: Found, media_type: str) -> bytes:
    """Return what is said of the things, and of those around them, in a syntax of RDF."""
    triples = list(dict.fromkeys(triple for one in _all(found) for triple in _triples(one)))
    syntax = GRAPHS[media_type]
    if syntax == "text/turtle":
        return turtle(triples)
    content = ox.serialize(triples, format=ox.RdfFormat.from_media_type(syntax), prefixes=_prefixes(syntax))
    assert content is not None
    return content


def _prefixes(syntax: str) -> dict[str, str] | None:
    return None if syntax in ("application/n-triples", "application/n-quads") else PREFIXES


def _all(found: Found) -> Iterator[Description]:
    yield from found.things
    yield from found.around.values()


def _triples(one: Description) -> Iterator[ox.Triple]:
    subject = ox.NamedNode(one.iri)
    for said in (one.stated, one.inferred):
        for property_, values in said.items():
            yield from (ox.Triple(subject, ox.NamedNode(property_), term_of(value)) for value, _ in values)
    for property_, others in one.incoming.items():
        yield from (ox.Triple(ox.NamedNode(other.iri), ox.NamedNode(property_), subject) for other in others)


def term_of(value: Value) -> ox.NamedNode | ox.Literal:
    """Return a value of a row as a term."""
    if isinstance(value, str):
        return ox.NamedNode(value)
    assert value is not None
    text, datatype, language = value
    return ox.Literal(text, language=language) if language else ox.Literal(text, datatype=ox.NamedNode(datatype))


def _facet(facet: Facet, keys: Keys) -> dict[str, Any]:
    return {"total": facet.total, "values": [_counted(one, facet.datatype, keys) for one in facet.values]}


def _counted(one: Counted, datatype: str | None, keys: Keys) -> Mapping[str, Any]:
    if not isinstance(one.value, str):
        return {"value": literal_json(one.value, datatype), "count": one.count}
    key = keys.of(one.value)
    is_term = key != one.value
    shown = {"id": key, "label": one.label or key} if is_term else reference(one.value, one.label)
    return shown | {"count": one.count}


def _cell(values: Iterable[Named]) -> str:
    shown = [local_name(value) if isinstance(value, str) else value[0] for value, _ in values if value is not None]
    return _SEPARATOR.join(sorted(shown))
