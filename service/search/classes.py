"""Finds the class that a parameter names: by local name, prefixed name, IRI, or the name of its collection."""

from collections.abc import Iterable
from typing import NamedTuple

from ontology.collections import collection_name
from ontology.iris import TERM, expand
from ontology.nearest import did_you_mean
from service.errors import RequestParameterError


class Class(NamedTuple):
    """A class of the index, with the number of the graphs that tell of it."""

    id: int
    iri: str
    name: str
    origin: int


class Classes:
    """The classes of an index. Where one of our own and another share a name, it means the former."""

    def __init__(self, classes: Iterable[Class]) -> None:
        self._classes = sorted(classes, key=lambda class_: (not class_.iri.startswith(TERM), class_.iri))

    def named(self, name: str, hidden: frozenset[int]) -> Class:
        """Return a class of which not all origins are `hidden`. Raises RequestParameterError."""
        known = [class_ for class_ in self._classes if class_.origin not in hidden]
        iri = expand(name)
        for is_named in (
            lambda class_: class_.iri == iri,
            lambda class_: class_.name == name,
            lambda class_: class_.iri.startswith(TERM) and collection_name(class_.name) == name,
        ):
            if (found := next(filter(is_named, known), None)) is not None:
                return found
        near = did_you_mean(name[:100], sorted(class_.name for class_ in known))
        raise RequestParameterError(f"no class {name[:100]!r} in the release{near}")
