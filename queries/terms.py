"""Finds the terms that the text of a query names."""

import re

from ontology.iris import TERM
from queries.named_query import ANY_CLASS, ANY_THING, LITERAL_TYPES, NamedQuery

_PREFIX = re.compile(r"PREFIX\s+(?P<prefix>[\w.-]*):\s*<(?P<namespace>[^<>\s]*)>", re.IGNORECASE)

# Strings and comments come first, since what stands in them names nothing (SPARQL 1.1, section 19.8).
_TOKEN = re.compile(
    r"""\"{3}.*?\"{3} | '{3}.*?'{3} | "(?:[^"\\\n]|\\.)*" | '(?:[^'\\\n]|\\.)*' | \#[^\n]*
      | <(?P<iri>[^<>"{}|^`\\\s]*)>
      | (?P<prefix>[\w.-]*):(?P<local>[\w.:-]*[\w:-]|)""",
    re.VERBOSE | re.DOTALL,
)


def types_of_parameters(query: NamedQuery) -> dict[str, str]:
    """Return the class IRI of each parameter of `query` that takes the things of a class."""
    no_class = (ANY_CLASS, ANY_THING, *LITERAL_TYPES)
    return {name: TERM + p.type for name, p in query.parameters.items() if p.type not in no_class}


def terms_named(query: NamedQuery) -> frozenset[str]:
    """Return every IRI that the text of `query` or the type of one of its parameters names."""
    text = query.sparql({})
    namespaces = {match["prefix"]: match["namespace"] for match in _PREFIX.finditer(text)}
    found = set(types_of_parameters(query).values())
    for token in _TOKEN.finditer(text):
        if token["iri"] is not None:
            found.add(token["iri"])
        elif token["prefix"] in namespaces:
            found.add(namespaces[token["prefix"]] + token["local"])
    return frozenset(found)
