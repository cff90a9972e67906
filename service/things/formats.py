"""Serialises things: JSON-LD for clients, RDF in every syntax, CSV for lists."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pyoxigraph as ox

from ontology.graphs import turtle
from ontology.iris import PREFIXES
from ontology.keys import LABELS, Keys
from service.sparql.negotiation import GRAPHS
from service.store.selection import Value
from service.things.asking import Facet, Found
from service.things.description import EVIDENCE, TYPE, Description, Named, local_name
from service.things.document import CONTEXT, Shown, literal_json, reference, thing_document
from service.things.parameters import Wanted

_SEPARATOR = " | "


def expanded(found: Found, keys: Keys, shown: Shown) -> dict[str, dict[str, Any]]:
    """Return the documents of the things around: first the passages, which stand in the others."""
    whole = Shown(inferred=shown.inferred)
    passages = {iri for one in (*found.things, *found.around.values()) for iri in one.iris(EVIDENCE)}
    inner = {iri: thing_document(found.around[iri], keys, whole) for iri in passages if iri in found.around}
    others = {iri: one for iri, one in found.around.items() if iri not in inner}
    return inner | {iri: thing_document(one, keys, whole, inner) for iri, one in others.items()}


def thing_json(found: Found, keys: Keys, shown: Shown) -> dict[str, Any]:
    """Return one thing as a JSON-LD document."""
    return {"@context": CONTEXT} | thing_document(found.things[0], keys, shown, expanded(found, keys, shown))


def list_json(found: Found, keys: Keys, wanted: Wanted, next_: str | None) -> dict[str, Any]:
    """Return a page of things as a JSON-LD document; `next_` is where the next page is."""
    shown = Shown(wanted.fields, "inferred" in wanted.include)
    around = expanded(found, keys, shown)
    items = [thing_document(one, keys, shown, around) for one in found.things]
    if wanted.fields is not None:
        items = [{key: value for key, value in item.items() if _is_kept(key, wanted.fields)} for item in items]
    document: dict[str, Any] = {"@context": CONTEXT, "total": found.total, "next": next_, "items": items}
    if found.facets:
        document["facets"] = {name: [_facet(one, keys) for one in counts] for name, counts in found.facets.items()}
    return document


def list_csv(found: Found, keys: Keys, wanted: Wanted) -> bytes:
    """Return a page of things as CSV (RFC 4180): a row a thing, values of one property beside each other."""
    chosen = [keys.of(iri) for iri in found.predicates if iri not in (TYPE, EVIDENCE)]
    columns = [key for key in sorted(set(chosen)) if wanted.fields is None or key in wanted.fields]
    columns = [key for key in columns if key != LABELS]
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(["id", "label", "type", *columns])
    for one in found.things:
        by_key = {keys.of(iri): named for iri, named in one.stated.items()}
        types = _SEPARATOR.join(sorted(keys.of(iri) for iri, _ in one.stated.get(TYPE, ()) if isinstance(iri, str)))
        writer.writerow([one.iri, one.label, types, *(_cell(by_key.get(key, ())) for key in columns)])
    return text.getvalue().encode()


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
        yield from (ox.Triple(ox.NamedNode(str(other)), ox.NamedNode(property_), subject) for other, _ in others)


def term_of(value: Value) -> ox.NamedNode | ox.Literal:
    """Return a value of a row as a term."""
    if isinstance(value, str):
        return ox.NamedNode(value)
    assert value is not None
    text, datatype, language = value
    return ox.Literal(text, language=language) if language else ox.Literal(text, datatype=ox.NamedNode(datatype))


def _facet(facet: Facet, keys: Keys) -> Mapping[str, Any]:
    if isinstance(facet.value, str):
        key = keys.of(facet.value)
        value = reference(facet.value, facet.label) if key == facet.value else {"id": key, "label": facet.label or key}
        return value | {"count": facet.count}
    return {"value": literal_json(facet.value, None), "count": facet.count}


def _cell(values: Iterable[Named]) -> str:
    shown = [local_name(value) if isinstance(value, str) else value[0] for value, _ in values if value is not None]
    return _SEPARATOR.join(sorted(shown))


def _is_kept(key: str, fields: frozenset[str]) -> bool:
    return key in fields or key in ("id", "href", "inferred", "inverse", "more", "evidence") or key.startswith("@")
