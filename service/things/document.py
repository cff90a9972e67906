"""Shows what is said of a thing as JSON, which with its context is JSON-LD."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import quote, urlencode

from ontology.collections import collection_of
from ontology.iris import TERM, THING, XSD, compress
from ontology.keys import Keys
from ontology.vocabulary import Kind
from service.store.incoming import Other
from service.store.selection import Literal, Value, integer_in
from service.things.description import TYPE, Description, Named, local_name

CONTEXT = "/api/context.jsonld"
INTEGERS = frozenset({XSD + "integer", XSD + "nonNegativeInteger"})
NUMBERS = frozenset({XSD + "decimal", XSD + "double"})
_LARGEST = 2**53
_EVIDENCE = "evidence"
_STRING, _LANGUAGE_STRING = XSD + "string", "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"


@dataclass(frozen=True)
class Shown:
    """What of a thing is shown: only `fields` of its keys where these are given, and what is `inferred`."""

    fields: frozenset[str] | None = None
    inferred: bool = True

    def has(self, key: str) -> bool:
        """Tell whether a property is shown; the passages are not asked for unless they are wanted."""
        return self.fields is None or key in self.fields or key == _EVIDENCE


@lru_cache(maxsize=50_000)
def href(iri: str) -> str | None:
    """Return where a thing is found here, or a term of the ontology; None for what is not ours."""
    if iri.startswith(THING):
        return f"/api/things/{quote(local_name(iri), safe='')}"
    return f"/ontology#{iri.removeprefix(TERM)}" if iri.startswith(TERM) else None


def thing_document(
    description: Description,
    keys: Keys,
    shown: Shown,
    expanded: Mapping[str, Mapping[str, Any]] | None = None,
) -> dict[str, Any]:
    """Return a thing as a document, without a context; the things of `expanded` stand in it as a whole."""
    document: dict[str, Any] = {"id": description.iri, **_types(description.stated, keys), "label": description.label}
    document["href"] = f"/api/things/{quote(_name_in_path(description.iri), safe='')}"
    document |= _properties(description.stated, keys, shown, expanded or {})
    if shown.inferred:
        inferred: dict[str, Any] = _types(description.inferred, keys)
        inferred |= _properties(description.inferred, keys, shown, expanded or {})
        if inferred:
            document["inferred"] = inferred
    if description.incoming:
        document |= _incoming(description, keys, expanded or {})
    return document


def _name_in_path(iri: str) -> str:
    return compress(iri) if iri.startswith(TERM) else local_name(iri)


def reference(iri: str, label: str | None) -> dict[str, Any]:
    """Return a thing as another document mentions it: its IRI, its label, and where it is found here."""
    mention = {"id": iri, "label": label or local_name(iri)}
    at = href(iri)
    return mention | ({"href": at} if at else {})


def _types(said: Mapping[str, list[Named]], keys: Keys) -> dict[str, list[str]]:
    types = sorted(keys.of(value) for value, _ in said.get(TYPE, ()) if isinstance(value, str))
    return {"type": types} if types else {}


def _properties(
    said: Mapping[str, list[Named]], keys: Keys, shown: Shown, expanded: Mapping[str, Mapping[str, Any]]
) -> dict[str, Any]:
    document: dict[str, Any] = {}
    for property_ in sorted(said, key=keys.of):
        key = keys.of(property_)
        if property_ == TYPE or not shown.has(key):
            continue
        if keys.is_text(key):
            texts = [value for value, _ in said[property_] if _is_text(value)]
            rest = [named for named in said[property_] if not _is_text(named[0])]
            if texts:
                document[key] = _by_language(texts)
            if rest:
                document[property_] = [_value(named, None, keys, expanded) for named in _ordered(rest)]
        else:
            document[key] = [_value(named, key, keys, expanded) for named in _ordered(said[property_])]
    return document


def _incoming(description: Description, keys: Keys, expanded: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    inverse, more = {}, {}
    for property_ in sorted(description.incoming, key=keys.of):
        key, others = keys.of(property_), description.incoming[property_]
        inverse[key] = [expanded.get(other.iri) or _other(other, key, description.iri) for other in others]
        if (total := description.incoming_totals.get(property_, 0)) > len(others):
            more[key] = {"total": total, "href": _all_at(property_, description.iri, keys)}
    return ({"inverse": inverse} if inverse else {}) | ({"more": more} if more else {})


def _other(other: Other, key: str, iri: str) -> dict[str, Any]:
    mention = reference(other.iri, other.label)
    if not other.is_inferred:
        return mention
    return mention | {"basis": "inferred", "explanation": explanation(other.iri, key, iri)}


def _all_at(property_: str, iri: str, keys: Keys) -> str:
    """Return the list of all things that have a thing as a value."""
    if property_ == TYPE and (class_ := keys.classes.get(keys.of(iri))) and (collection := collection_of(class_)):
        return f"/api/{collection}"
    way = {"type": iri} if property_ == TYPE else {keys.of(property_): quoted(local_name(iri))}
    return f"/api/things?{urlencode(way)}"


def quoted(name: str) -> str:
    """Return a name as it stands in a list of alternatives, which commas part (RFC 4180)."""
    return '"' + name.replace('"', '""') + '"' if set(name) & set(',"') else name


def explanation(subject: str, key: str, object_: str) -> str:
    """Return where it is told why a triple is in the graph."""
    triple = {"subject": local_name(subject), "property": key, "object": local_name(object_)}
    return f"/api/explain?{urlencode(triple)}"


def _value(named: Named, key: str | None, keys: Keys, expanded: Mapping[str, Mapping[str, Any]]) -> Any:
    value, label = named
    if isinstance(value, str):
        return expanded.get(value) or reference(value, label)
    assert value is not None
    property_ = keys.properties.get(key) if key else None
    datatype = property_.datatype if property_ and property_.kind is Kind.DATA else None
    return literal_json(value, datatype)


def literal_json(literal: Literal, datatype: str | None) -> Any:
    """Return a literal as JSON has it where the context says the same, else with its datatype or language."""
    text, own, language = literal
    if own in INTEGERS and (integer := integer_in(text)) is not None and abs(integer) < _LARGEST:
        return integer
    if own in NUMBERS and (number := _number(text)) is not None:
        return number
    if own == datatype:
        return text == "true" if own == XSD + "boolean" and text in ("true", "false") else text
    if own == _STRING and datatype is None:
        return text
    return {"@value": text, "@language": language} if language else {"@value": text, "@type": own}


def _number(text: str) -> int | float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    if number.is_integer() and abs(number) < _LARGEST:
        return int(number)
    return number if abs(number) < float("inf") else None


def _is_text(value: Value) -> bool:
    return isinstance(value, tuple) and value[1] in (_STRING, _LANGUAGE_STRING)


def _by_language(texts: Iterable[Value]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for text, _, language in sorted(text for text in texts if isinstance(text, tuple)):
        found.setdefault(language or "@none", []).append(text)
    return dict(sorted(found.items()))


def _ordered(values: Iterable[Named]) -> list[Named]:
    found = list(values)
    if len(found) > 1:
        found.sort(key=lambda named: (named[1] or "", _sortable(named[0])))
    return found


def _sortable(value: Value) -> tuple[float, str]:
    if isinstance(value, tuple):
        number = _number(value[0]) if value[1] in INTEGERS | NUMBERS else None
        return (number if number is not None else 0.0, value[0])
    return (0.0, str(value))
