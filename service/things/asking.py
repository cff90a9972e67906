"""Asks for things: a page of a collection, or one thing with all that stands around it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from service.errors import RequestParameterError, UnknownThingError
from service.reader import Reader
from service.store.selection import Literal, Row, Selects, Value
from service.things.description import (
    ABOUT,
    CLAIM,
    EVIDENCE,
    FACT_SUBJECT,
    TYPE,
    Description,
    add_incoming,
    described,
    facts_query,
    incoming_queries,
    outgoing_queries,
)
from service.things.model import Model
from service.things.parameters import Place, Reach, Wanted
from service.things.patterns import Patterns
from service.things.values import bound_values

MOST_INCOMING = 50
_MOST_EXPANDED = 1_000
_MOST_WITH_INCOMING = 100


@dataclass(frozen=True)
class Facet:
    """How many of the things have a value; `label` is that of a thing."""

    value: str | Literal
    label: str | None
    count: int


@dataclass
class Found:
    """Things, those that stand around them and are shown as a whole, and from which state of the dataset they are."""

    things: list[Description]
    around: dict[str, Description]
    version: str
    release: str
    total: int = 0
    next: Place | None = None
    facets: dict[str, list[Facet]] = field(default_factory=dict)
    predicates: list[str] = field(default_factory=list)


async def page(reader: Reader, model: Model, wanted: Wanted, with_predicates: bool = False) -> Found:
    """Return a page of a collection. Raises RequestParameterError, ReleaseError or EngineError."""
    bound = await bound_values(wanted.conditions, reader)
    patterns = Patterns(model.vocabulary, wanted, bound)
    asked = [patterns.page(), patterns.total(), *map(patterns.facet, wanted.facets)]
    if with_predicates:
        asked.append(patterns.predicates())
    answer = await reader.answer(Selects(tuple(asked)))
    rows, ((total,),), *others = answer.content
    found = Found([], {}, answer.version, answer.release, _number(total))
    if with_predicates:
        found.predicates = sorted(str(row[0]) for row in others.pop())
    found.facets = {_name(facet): _facet(counts) for facet, counts in zip(wanted.facets, others, strict=True)}
    if len(rows) > wanted.limit:
        iri, key = rows[wanted.limit - 1]
        found.next = Place(key[0] if isinstance(key, tuple) else None, str(iri))
    iris = [str(row[0]) for row in rows[: wanted.limit]]
    without = () if "evidence" in wanted.include else (EVIDENCE,)
    descriptions = await describe(reader, iris, without)
    found.things = [descriptions[iri] for iri in iris]
    if wanted.include & {"inverse", "claims"}:
        await _add_incoming(reader, found.things)
    await _look_around(reader, found, wanted.include)
    return found


async def thing(reader: Reader, iri: str, include: frozenset[str]) -> Found:
    """Return one thing with what leads to it. Raises UnknownThingError, ReleaseError or EngineError."""
    without = () if "evidence" in include else (EVIDENCE,)
    answer = await reader.answer(Selects((*outgoing_queries([iri], without), *incoming_queries(iri))))
    *outgoing, totals, incoming = answer.content
    description = described([iri], outgoing)[iri]
    add_incoming(description, totals, incoming, MOST_INCOMING)
    if description.is_empty:
        raise UnknownThingError(f"there is no thing {iri[:200]!r}")
    found = Found([description], {}, answer.version, answer.release, total=1)
    await _look_around(reader, found, include)
    return found


async def _look_around(reader: Reader, found: Found, include: frozenset[str]) -> None:
    """Describe the facts and claims about the things, and the passages behind all of them, where these are wanted."""
    around: list[str] = []
    if "evidence" in include:
        asked = tuple(facts_query(description.iri) for description in found.things)
        answers = (await reader.answer(Selects(asked))).content
        for description, facts in zip(found.things, answers, strict=True):
            description.incoming[FACT_SUBJECT] = [(row[0], None) for row in facts]
            around += [str(row[0]) for row in facts]
    if "claims" in include:
        around += [str(iri) for one in found.things for iri, _ in one.incoming.get(ABOUT, ())]
    if len(around) > _MOST_EXPANDED:
        raise RequestParameterError(f"this includes more than {_MOST_EXPANDED} facts and claims; ask for fewer things")
    if around:
        found.around = await describe(reader, around, ())
        found.around = {iri: one for iri, one in found.around.items() if _is_wanted(one, include)}
    passages = [iri for one in (*found.things, *found.around.values()) for iri in one.iris(EVIDENCE)]
    if passages:
        found.around |= await describe(reader, list(dict.fromkeys(passages)), ())


async def _add_incoming(reader: Reader, things: Sequence[Description]) -> None:
    """Put into each description what leads to the thing. Raises RequestParameterError where they are too many."""
    if len(things) > _MOST_WITH_INCOMING:
        raise RequestParameterError(f"what leads to things is for pages of {_MOST_WITH_INCOMING}; set limit")
    asked = tuple(query for one in things for query in incoming_queries(one.iri))
    answers = (await reader.answer(Selects(asked))).content
    for number, description in enumerate(things):
        add_incoming(description, answers[2 * number], answers[2 * number + 1], MOST_INCOMING)


async def describe(reader: Reader, iris: Sequence[str], without: Sequence[str] = ()) -> dict[str, Description]:
    """Return what is said of things, but for the properties `without`. Raises ReleaseError or EngineError."""
    if not iris:
        return {}
    answer = await reader.answer(Selects(outgoing_queries(iris, without)))
    return described(iris, answer.content)


def _is_wanted(one: Description, include: frozenset[str]) -> bool:
    return CLAIM in one.iris(TYPE) or "evidence" in include


def _facet(rows: Sequence[Row]) -> list[Facet]:
    return [
        Facet(value, label[0] if isinstance(label, tuple) else None, _number(count))
        for value, count, label in rows
        if value is not None
    ]


def _name(facet: Reach | str) -> str:
    return facet.name if isinstance(facet, Reach) else facet


def _number(value: Value) -> int:
    assert isinstance(value, tuple)
    return int(value[0])
