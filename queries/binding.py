"""Turns the values that a person or a client gives for parameters into RDF terms."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pyoxigraph as ox

from ontology.iris import TERM, THING, expand
from ontology.nearest import did_you_mean
from queries.errors import ParameterError
from queries.named_query import LITERAL_TYPES, NamedQuery, Parameter, literal

MAX_VALUE_LENGTH = 1000


@dataclass(frozen=True)
class Candidate:
    """A thing that a parameter can take: its IRI, and one of its names."""

    iri: str
    label: str


Candidates = Callable[[str], list[Candidate]]


def bind(query: NamedQuery, values: Mapping[str, str], candidates: Candidates) -> str:
    """Return the SPARQL text of `query` with `values` bound as RDF terms.

    `candidates` gives the things of a class by its name. A thing may be named by id, prefixed name, IRI or
    label. Raises ParameterError for a parameter that is not there or a value that does not fit.
    """
    check(query, values)
    return query.sparql({name: str(_term(query.parameters[name], v, candidates)) for name, v in values.items()})


def check(query: NamedQuery, values: Mapping[str, str]) -> None:
    """Hold `values` against the parameters of `query`, as far as no graph need be asked. Raises ParameterError."""
    for name, value in values.items():
        if name not in query.parameters:
            near = did_you_mean(name, query.parameters)
            known = ", ".join(query.parameters) or "none"
            raise ParameterError(f"{query.name!r} has no parameter {name!r}{near} (it has: {known})")
        if len(value) > MAX_VALUE_LENGTH:
            raise ParameterError(f"the value of {name!r} is longer than {MAX_VALUE_LENGTH} characters")
        if query.parameters[name].type in LITERAL_TYPES:
            _term(query.parameters[name], value, lambda _: [])


def possible_iris(value: str) -> tuple[str, ...]:
    """Return the IRIs that `value` can be meant as: an IRI or a prefixed name, the id of a thing, a term's name."""
    return tuple(iri for iri in (expand(value), THING + value, TERM + value) if _is_iri(iri))


def _term(parameter: Parameter, value: str, candidates: Candidates) -> ox.NamedNode | ox.Literal:
    if parameter.type not in LITERAL_TYPES:
        return ox.NamedNode(_thing(parameter, value, candidates(parameter.type)))
    try:
        return literal(parameter.type, value)
    except ValueError as error:
        raise ParameterError(f"{parameter.name!r} wants a whole number, not {value!r}") from error


def _is_iri(text: str) -> bool:
    try:
        ox.NamedNode(text)
    except ValueError:
        return False
    return True


def _thing(parameter: Parameter, value: str, known: list[Candidate]) -> str:
    iris = {candidate.iri for candidate in known}
    for iri in possible_iris(value):
        if iri in iris:
            return iri
    named = {candidate.iri for candidate in known if candidate.label.casefold() == value.casefold()}
    if len(named) == 1:
        return named.pop()
    if named:
        ids = ", ".join(sorted(iri.removeprefix(THING) for iri in named))
        raise ParameterError(f"{value!r} names several things; use one of the ids {ids} for {parameter.name!r}")
    names = sorted(iri.removeprefix(THING).removeprefix(TERM) for iri in iris)
    raise ParameterError(
        f"no {parameter.type} {value!r} for {parameter.name!r} in this release{did_you_mean(value, names)}"
    )
