"""Names terms as keys of JSON, and makes the JSON-LD context in which such JSON says just what the graph does.

A thing as a document:

    {"@context": …, "id": IRI, "type": [class, …], "label": for reading, "labels": {"en": ["…"]},
     "activeIn": [{"id": IRI, "label": for reading}], "fromYear": [2017],
     "inferred": {"type": [class, …], property: […]}, "inverse": {property: [thing, …]}}
"""

from collections.abc import Mapping
from functools import cached_property
from typing import Any, TypeVar

from ontology.iris import PREFIXES, TERM, XSD
from ontology.vocabulary import Kind, Property, Term, Vocabulary

T = TypeVar("T", bound=Term)

LABELS = "labels"
_RDFS_LABEL = PREFIXES["rdfs"] + "label"
# Keys that are no terms; None are for reading and say nothing in RDF.
_OWN: Mapping[str, Any] = {
    "id": "@id",
    "type": "@type",
    "inferred": "@nest",
    "inverse": "@reverse",
    "label": None,
    "href": None,
    "basis": None,
    "explanation": None,
    "collections": None,
    "more": None,
    "total": None,
    "next": None,
    "facets": None,
    "release": None,
    "items": "@graph",
    LABELS: {"@id": _RDFS_LABEL, "@container": "@language"},
}
# JSON has one kind of number, and a decimal written as such would not have the form that XML Schema wants.
_PLAIN_NUMBERS = frozenset({XSD + "decimal", XSD + "integer", XSD + "nonNegativeInteger", XSD + "double"})


class Keys:
    """The keys that terms have: their local names, as in the curated files."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.classes = _keyed(vocabulary.classes)
        self.properties = _keyed(vocabulary.properties)
        self._keys: dict[str, str] = {term.iri: key for key, term in {**self.classes, **self.properties}.items()}
        self._keys[_RDFS_LABEL] = LABELS
        self._texts = frozenset({LABELS, *(key for key, property_ in self.properties.items() if _is_text(property_))})

    def of(self, iri: str) -> str:
        """Return the key of a class or property: its own, or the IRI itself where it has none."""
        return self._keys.get(iri, iri)

    def is_text(self, key: str) -> bool:
        """Tell whether the values of a property are texts by language; they are those of annotations of others."""
        return key in self._texts

    @cached_property
    def context(self) -> dict[str, Any]:
        """The JSON-LD 1.1 context of documents with these keys."""
        context: dict[str, Any] = {"@version": 1.1, **_OWN}
        context |= {key: class_.iri for key, class_ in self.classes.items()}
        context |= {key: _definition(property_) for key, property_ in self.properties.items()}
        return dict(sorted(context.items()))


def _keyed(terms: Mapping[str, T]) -> dict[str, T]:
    return {name: term for name, term in terms.items() if name not in _OWN and term.iri != _RDFS_LABEL}


def _is_text(property_: Property) -> bool:
    return property_.kind is Kind.ANNOTATION and not property_.iri.startswith(TERM)


def _definition(property_: Property) -> dict[str, str]:
    if property_.kind is Kind.OBJECT:
        return {"@id": property_.iri, "@type": "@id"}
    if property_.kind is Kind.DATA and property_.datatype not in _PLAIN_NUMBERS:
        return {"@id": property_.iri, "@type": property_.datatype}
    return {"@id": property_.iri} | ({"@container": "@language"} if _is_text(property_) else {})
