"""Names the collections of things that classes make: those of IndustrialDistrict are `industrial-districts`."""

import re
from collections.abc import Iterable, Mapping
from functools import cache

import inflection

from ontology.vocabulary import Term

THINGS = "things"
# What stands beside the collections, and so cannot be the name of one.
RESERVED = frozenset(
    {
        "bibliography",
        "compare",
        "context",
        "docs",
        "explain",
        "networks",
        "openapi",
        "prefixes",
        "queries",
        "releases",
        "rules",
        "search",
    }
    | {"stats", "suggest", THINGS}
)
_NEXT_WORD = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


@cache
def collection_name(class_name: str) -> str:
    """Return the name of the collection of the class with this local name: its plural, in lower case with hyphens."""
    *words, last = _NEXT_WORD.sub("-", class_name).lower().split("-")
    return "-".join([*words, inflection.pluralize(last)])


def collection_of(class_: Term) -> str | None:
    """Return the name of the collection of a class, None where it can have none."""
    name = collection_name(class_.name)
    return None if name in RESERVED else name


def collections(classes: Iterable[Term]) -> Mapping[str, Term]:
    """Return the classes by the names of their collections. Where two have one, the first in order of IRI keeps it."""
    named: dict[str, Term] = {}
    for class_ in sorted(classes, key=lambda class_: class_.iri):
        if name := collection_of(class_):
            named.setdefault(name, class_)
    return named
