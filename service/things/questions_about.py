"""Finds the named queries that can be asked about a thing: those with a parameter that takes things of its class."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from ontology.iris import TERM
from queries.named_query import NamedQuery, Parameter
from service.paging import path_of
from service.things.description import local_name


@dataclass(frozen=True)
class Question:
    """What a named query asks, and where it is asked about a thing."""

    summary: str
    limit: str
    href: str


def questions_about(queries: Iterable[NamedQuery], iri: str, types: Iterable[str]) -> list[Question]:
    """Return the questions about a thing of these classes, those that stand on the home page first."""
    names = {type_.removeprefix(TERM) for type_ in types}
    asked = sorted(queries, key=lambda query: (query.sentence is None, query.group, query.name))
    return [
        Question(
            query.summary,
            parameter.summary,
            path_of(f"/api/queries/{query.name}", {parameter.name: local_name(iri)}),
        )
        for query in asked
        for parameter in _taking(query.parameters, names)
    ]


def _taking(parameters: Mapping[str, Parameter], types: set[str]) -> Iterator[Parameter]:
    """Yield the parameters that take things of one of these classes."""
    return (parameter for parameter in parameters.values() if parameter.type in types)
