"""Generates the JSON-LD context in which a curated file's keys are the ontology's terms."""

from typing import Any

from ontology.iris import TERM, THING
from ontology.vocabulary import Kind, Property, Vocabulary


def jsonld_context(vocabulary: Vocabulary) -> dict[str, Any]:
    """Return a JSON-LD 1.1 context for all terms of the ontology.

    `id` names the node; values of object properties are ids, values of data properties have the datatype of
    the property's range, and annotations are English where no language is given.
    """
    context: dict[str, Any] = {"@version": 1.1, "@base": THING, "@vocab": TERM, "id": "@id", "type": "@type"}
    for name, term in sorted(vocabulary.classes.items()):
        context[name] = term.iri
    for name, property_ in sorted(vocabulary.properties.items()):
        context[name] = {"@id": property_.iri, **_coercion(property_)}
    return context


def _coercion(property_: Property) -> dict[str, Any]:
    if property_.kind is Kind.OBJECT:
        return {"@type": "@id"}
    if property_.kind is Kind.ANNOTATION:
        return {"@language": "en"}
    return {"@type": property_.datatype}
