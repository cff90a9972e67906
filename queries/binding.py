"""Turns the values that a person or a client gives for parameters into RDF terms."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pyoxigraph as ox

from ontology.iris import TERM, THING, XSD, expand
from ontology.nearest import did_you_mean
from queries.errors import ParameterError
from queries.named_query import NamedQuery, Parameter

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
    terms = {}
    for name, value in values.items():
        if name not in query.parameters:
            near = did_you_mean(name, query.parameters)
            known = ", ".join(query.parameters) or "none"
            raise ParameterError(f"{query.name!r} has no parameter {name!r}{near} (it has: {known})")
        if len(value) > MAX_VALUE_LENGTH:
            raise ParameterError(f"the value of {name!r} is longer than {MAX_VALUE_LENGTH} characters")
        terms[name] = str(_term(query.parameters[name], value, candidates))
    return query.sparql(terms)


def _term(parameter: Parameter, value: str, candidates: Candidates) -> ox.NamedNode | ox.Literal:
    if parameter.type == "string":
        return ox.Literal(value)
    if parameter.type == "integer":
        if not re.fullmatch(r"[+-]?[0-9]{1,18}", value):
            raise ParameterError(f"{parameter.name!r} wants a whole number, not {value!r}")
        return ox.Literal(value, datatype=ox.NamedNode(XSD + "integer"))
    return ox.NamedNode(_thing(parameter, value, candidates(parameter.type)))


def _thing(parameter: Parameter, value: str, known: list[Candidate]) -> str:
    iris = {candidate.iri for candidate in known}
    for iri in (expand(value), THING + value, TERM + value):
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
