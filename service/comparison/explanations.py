"""Leads from a relation to its explanation."""

from urllib.parse import urlencode

from ontology.iris import THING
from ontology.vocabulary import Vocabulary
from service.comparison.cells import Relation
from service.explanation.reading import LONGEST_VALUE, PARAMETERS
from service.store.selection import Literal


def explanation_path(one: Relation, vocabulary: Vocabulary) -> str | None:
    """Return where the triple of a relation is explained, None where its value is longer than may be asked for."""
    parts = (_name(one.subject), _property(one.property, vocabulary), _name(one.object))
    if any(len(part) > LONGEST_VALUE for part in parts):
        return None
    return f"/api/explain?{urlencode(dict(zip(PARAMETERS, parts, strict=True)))}"


def _name(value: str | Literal) -> str:
    if isinstance(value, tuple):
        return value[0]
    name = value.removeprefix(THING)
    return value if ":" in name else name


def _property(iri: str, vocabulary: Vocabulary) -> str:
    name = iri.rpartition("#")[2].rpartition("/")[2]
    known = vocabulary.properties.get(name)
    return name if known is not None and known.iri == iri else iri
