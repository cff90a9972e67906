"""Finds what the values of conditions mean: things by id, prefixed name, IRI or label; texts, numbers and ranges."""

import re

import pyoxigraph as ox

from ontology.iris import PREFIXES, THING, XSD, expand
from ontology.nearest import did_you_mean
from ontology.vocabulary import Kind, Property
from service.errors import RequestParameterError
from service.reader import Reader
from service.store.selection import Selects
from service.things.description import FACT_PROPERTIES, LABEL
from service.things.parameters import NUMERIC, Condition
from service.things.patterns import Bound, Range, Text

_NAMES = f"<{LABEL}>|<{PREFIXES['skos']}altLabel>"
_MOST_NAMES = 20_000
_NUMBER = r"-?\d{1,15}(\.\d{1,15})?"
_RANGE = re.compile(rf"(?P<least>{_NUMBER})?\.\.(?P<most>{_NUMBER})?", re.ASCII)


async def bound_values(conditions: tuple[Condition, ...], reader: Reader) -> dict[Condition, tuple[Bound, ...]]:
    """Return what the values of each condition mean. Raises RequestParameterError, which names the near ones."""
    return {
        condition: tuple([await _bound(condition, value, reader) for value in condition.values])
        for condition in conditions
    }


async def _bound(condition: Condition, value: str, reader: Reader) -> Bound:
    name, property_ = condition.reach.name, condition.reach.path[-1]
    if property_.kind is Kind.OBJECT or property_.iri in FACT_PROPERTIES:
        return await _thing(name, property_, value, reader)
    if property_.kind is Kind.ANNOTATION:
        return Text(value)
    if property_.datatype in NUMERIC:
        return _numbers(name, value)
    if property_.datatype == XSD + "boolean":
        if value not in ("true", "false"):
            raise RequestParameterError(f"{name!r} is true or false, not {value[:50]!r}")
        return ox.Literal(value, datatype=ox.NamedNode(property_.datatype))
    return Text(value)


def _numbers(name: str, value: str) -> Range:
    if re.fullmatch(_NUMBER, value, re.ASCII):
        return Range(value, value)
    found = _RANGE.fullmatch(value)
    if found is None or (found["least"] is None and found["most"] is None):
        wanted = "a number, or a range as in 2015..2018, 2015.. or ..2018"
        raise RequestParameterError(f"{name!r} is {wanted}, not {value[:50]!r}")
    return Range(found["least"], found["most"])


async def _thing(name: str, property_: Property, value: str, reader: Reader) -> ox.NamedNode:
    """Return the thing that `value` names: one that is there, or one of that label among the values of the property."""
    iri = iri_of(value)
    label = ox.Literal(value.lower())
    there = f"SELECT ?there WHERE {{ BIND(true AS ?there) FILTER(EXISTS {{ <{iri}> ?p ?o }}) }}"
    used = f"{{ SELECT DISTINCT ?thing WHERE {{ ?subject <{property_.iri}> ?thing }} }} ?thing {_NAMES} ?name"
    labelled = f"SELECT DISTINCT ?thing WHERE {{ {used} FILTER(LCASE(STR(?name)) = {label}) }} ORDER BY ?thing LIMIT 1"
    if iri and (await reader.answer(Selects((there,)))).content[0]:
        return ox.NamedNode(iri)
    (by_label,) = (await reader.answer(Selects((labelled,)))).content
    if by_label:
        return ox.NamedNode(str(by_label[0][0]))
    query = f"SELECT ?thing ?name WHERE {{ {used} }} LIMIT {_MOST_NAMES}"
    (names,) = (await reader.answer(Selects((query,)))).content
    known = {str(thing).removeprefix(THING) for thing, _ in names}
    known |= {text[0] for _, text in names if isinstance(text, tuple)}
    raise RequestParameterError(f"{name!r} has no value {value[:100]!r}{did_you_mean(value, known)}")


def iri_of(name: str) -> str | None:
    """Return the IRI that an id, a prefixed name or an IRI stands for, or None where it can be none."""
    iri = expand(name)
    if iri == name and not re.match(r"[a-z][a-z0-9+.-]*:", name, re.IGNORECASE):
        iri = THING + name
    try:
        return ox.NamedNode(iri).value
    except ValueError:
        return None
