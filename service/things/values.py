"""Finds what the values of conditions mean: things by id, prefixed name, IRI or label; texts, numbers and ranges."""

import re
from decimal import Decimal

import pyoxigraph as ox

from ontology.iris import PREFIXES, THING, compress, expand
from ontology.nearest import did_you_mean
from ontology.vocabulary import Kind, Property, Vocabulary
from service.errors import RequestParameterError
from service.reader import Reader
from service.store.selection import Selects
from service.things.description import FACT_PROPERTIES, LABEL, TYPE
from service.things.patterns import Bound, Range, Text, path_around
from service.things.wanted import NUMERIC, Condition

_NAMES = f"<{LABEL}>|<{PREFIXES['skos']}altLabel>"
_MOST_NAMES = 20_000
_NUMBER = r"-?\d{1,15}(\.\d{1,15})?"
_RANGE = re.compile(rf"(?P<least>{_NUMBER})?\.\.(?P<most>{_NUMBER})?", re.ASCII)


async def bound_values(
    conditions: tuple[Condition, ...], vocabulary: Vocabulary, reader: Reader
) -> dict[Condition, tuple[Bound, ...]]:
    """Return what the values of each condition mean. Raises RequestParameterError, which names the near ones."""
    return {
        condition: tuple([await _bound(condition, value, vocabulary, reader) for value in condition.values])
        for condition in conditions
    }


async def _bound(condition: Condition, value: str, vocabulary: Vocabulary, reader: Reader) -> Bound:
    name, property_ = condition.reach.name, condition.reach.path[-1]
    if property_.kind is Kind.OBJECT or property_.iri in FACT_PROPERTIES:
        return await _thing(name, property_, value, vocabulary, reader)
    if condition.reach.leads_to_text:
        return await _text(name, property_, value, reader)
    if property_.datatype in NUMERIC:
        return _numbers(name, value)
    if value not in ("true", "false"):
        raise RequestParameterError(f"{name!r} is true or false, not {value[:50]!r}")
    return ox.Literal(value, datatype=ox.NamedNode(property_.datatype))


async def _text(name: str, property_: Property, value: str, reader: Reader) -> Text:
    """Return a text that something has, in whichever language and case."""
    wanted = ox.Literal(value.lower())
    has = f"?subject <{property_.iri}> ?text"
    query = f"SELECT ?text WHERE {{ {has} FILTER(LCASE(STR(?text)) = {wanted}) }} LIMIT 1"
    if (await reader.answer(Selects((query,)))).content[0]:
        return Text(value)
    (texts,) = (await reader.answer(Selects((f"SELECT DISTINCT ?text WHERE {{ {has} }} LIMIT {_MOST_NAMES}",)))).content
    near = did_you_mean(value, [text[0] for (text,) in texts if isinstance(text, tuple)])
    raise RequestParameterError(f"{name!r} is nowhere {value[:100]!r}{near}")


def _numbers(name: str, value: str) -> Range:
    if re.fullmatch(_NUMBER, value, re.ASCII):
        return Range(value, value)
    found = _RANGE.fullmatch(value)
    if found is None or (found["least"] is None and found["most"] is None):
        wanted = "a number, or a range as in 2015..2018, 2015.. or ..2018"
        raise RequestParameterError(f"{name!r} is {wanted}, not {value[:50]!r}")
    least, most = found["least"], found["most"]
    if least is not None and most is not None and Decimal(least) > Decimal(most):
        raise RequestParameterError(
            f"{name!r} is a range from {least} up to {most}, which is less; write {most}..{least}"
        )
    return Range(least, most)


async def _thing(name: str, property_: Property, value: str, vocabulary: Vocabulary, reader: Reader) -> Bound:
    """Return the thing that `value` names: one that is there, or one of that label among the values of the property.

    A property that a fact is about may be named as in a filter, and an object of a fact may be a text or a number.
    """
    wanted = ox.Literal(value.lower())
    is_of_fact = property_.iri in FACT_PROPERTIES
    iri = vocabulary.properties[value].iri if is_of_fact and value in vocabulary.properties else iri_of(value)
    of = f"?subject <{property_.iri}> ?thing"
    used = f"{{ SELECT DISTINCT ?thing WHERE {{ {of} }} }} ?thing {_NAMES} ?name"
    labelled = f"SELECT DISTINCT ?thing WHERE {{ {used} FILTER(LCASE(STR(?name)) = {wanted}) }} ORDER BY ?thing LIMIT 1"
    if iri and (types := (await reader.answer(Selects((_types_query(iri),)))).content[0]):
        found = [str(type_) for (type_,) in types if type_ is not None]
        is_one = vocabulary.is_a(found, property_.range) or await _is_around_a_value(iri, property_, vocabulary, reader)
        if found and not is_one:
            kinds = ", ".join(sorted({compress(one) for one in property_.range}))
            raise RequestParameterError(f"{name!r} is one of {kinds}, and {value[:100]!r} is none of these")
        return ox.NamedNode(iri)
    (by_label,) = (await reader.answer(Selects((labelled,)))).content
    if by_label:
        return ox.NamedNode(str(by_label[0][0]))
    if is_of_fact:
        literal = f"SELECT ?thing WHERE {{ {of} FILTER(isLiteral(?thing) && LCASE(STR(?thing)) = {wanted}) }} LIMIT 1"
        if (await reader.answer(Selects((literal,)))).content[0]:
            return Text(value)
    (names,) = (await reader.answer(Selects((f"SELECT ?thing ?name WHERE {{ {used} }} LIMIT {_MOST_NAMES}",)))).content
    known = {str(thing).removeprefix(THING) for thing, _ in names}
    known |= {text[0] for _, text in names if isinstance(text, tuple)}
    raise RequestParameterError(f"{name!r} has no value {value[:100]!r}{did_you_mean(value, known)}")


async def _is_around_a_value(iri: str, property_: Property, vocabulary: Vocabulary, reader: Reader) -> bool:
    around = path_around(vocabulary, property_)
    if not around:
        return False
    query = f"SELECT ?value WHERE {{ ?subject <{property_.iri}> ?value . ?value {around} {ox.NamedNode(iri)} }} LIMIT 1"
    return bool((await reader.answer(Selects((query,)))).content[0])


def _types_query(iri: str) -> str:
    """Return the query that has solutions where something is said of a thing: its types, as far as it has some."""
    thing = ox.NamedNode(iri)
    return f"""SELECT DISTINCT ?type WHERE {{ FILTER(EXISTS {{ {thing} ?property ?value }})
        OPTIONAL {{ {thing} <{TYPE}> ?type FILTER(isIRI(?type)) }} }}"""


def iri_of(name: str) -> str | None:
    """Return the IRI that an id, a prefixed name or an IRI stands for, or None where it can be none."""
    iri = expand(name)
    if iri == name and not re.match(r"[a-z][a-z0-9+.-]*:", name, re.IGNORECASE):
        iri = THING + name
    try:
        return ox.NamedNode(iri).value
    except ValueError:
        return None
