"""Asks for things: a page of a collection, or one thing with all that stands around it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from ontology.vocabulary import Kind
from service.errors import RequestParameterError, UnknownThingError
from service.reader import Reader
from service.store.both import Both
from service.store.facets import Counted
from service.store.incoming import Incoming, Other
from service.store.large_classes import IsLarge
from service.store.listing import Listing, Place
from service.store.said import Said
from service.store.selection import Selects
from service.things.description import (
    ABOUT,
    CLAIM,
    EVIDENCE,
    FACT_SUBJECT,
    PROVENANCE,
    TYPE,
    Description,
    described,
    facts_query,
)
from service.things.model import Model
from service.things.naming import named_things
from service.things.patterns import Patterns
from service.things.values import bound_values
from service.things.wanted import Reach, Wanted

MOST_INCOMING = 50
_MOST_EXPANDED = 1_000
_MOST_WITH_INCOMING = 100


@dataclass(frozen=True)
class Facet:
    """The most common values at the end of a way, of which there are `total`; they are of `datatype`, if of one."""

    values: list[Counted]
    total: int
    datatype: str | None


@dataclass
class Found:
    """Things, those that stand around them and are shown as a whole, and from which state of the dataset they are.

    `predicates` are the properties by which something is stated of any thing of the list, `inferred` those by which
    something is inferred.
    """

    things: list[Description]
    around: dict[str, Description]
    version: str
    release: str
    total: int = 0
    next: Place | None = None
    facets: dict[str, Facet] = field(default_factory=dict)
    predicates: frozenset[str] = frozenset()
    inferred: frozenset[str] = frozenset()


async def page(
    reader: Reader, model: Model, wanted: Wanted, with_inferred: bool = False, with_predicates: bool = False
) -> Found:
    """Return a page of a collection. Raises RequestParameterError, ReleaseError or EngineError."""
    bound = await bound_values(wanted.conditions, model.vocabulary, reader)
    patterns = Patterns(model.vocabulary, wanted, bound, await _named(reader, wanted), await _is_large(reader, wanted))
    listing = Listing(
        keys=patterns.keys(),
        most=wanted.limit,
        after=wanted.after,
        is_descending=wanted.order.descending,
        is_numeric=wanted.order.is_numeric,
        facets=tuple(patterns.facet(facet) for _, facet in wanted.facets),
        others=patterns.predicates() if with_predicates else (),
        without=_without(wanted.include),
        with_inferred=with_inferred,
        whole=patterns.whole(),
    )
    answer = await reader.answer(listing)
    places, total, told, facets, others = answer.content
    found = Found(list(described(told).values()), {}, answer.version, answer.release, total)
    found.facets = {
        name: Facet(counts.values, counts.total, _datatype(facet))
        for (name, facet), counts in zip(wanted.facets, facets, strict=True)
    }
    if with_predicates:
        found.predicates, found.inferred = (frozenset(str(row[0]) for row in rows) for rows in others)
    if len(places) > wanted.limit:
        found.next = places[wanted.limit - 1]
    if wanted.include & {"inverse", "claims"}:
        await _add_incoming(reader, found.things)
    await _look_around(reader, found, wanted.include)
    return found


async def _is_large(reader: Reader, wanted: Wanted) -> bool:
    """Return whether what narrows a list narrows very many things."""
    if not (wanted.types or wanted.conditions or wanted.text):
        return False
    return (await reader.answer(IsLarge(wanted.class_iri))).content


async def _named(reader: Reader, wanted: Wanted) -> list[str]:
    """Return the IRIs of the things that are named. Raises RequestParameterError, which names near ones."""
    try:
        return await named_things(reader, wanted.named) if wanted.named else []
    except UnknownThingError as error:
        raise RequestParameterError(str(error)) from error


def _without(include: frozenset[str]) -> frozenset[str]:
    return frozenset() if "evidence" in include else frozenset({EVIDENCE})


async def thing(reader: Reader, iri: str, include: frozenset[str]) -> Found:
    """Return one thing with what leads to it. Raises UnknownThingError, ReleaseError or EngineError."""
    answer = await reader.answer(Both(Said((iri,), _without(include)), _incoming([iri])))
    told, incoming = answer.content
    description = described(told)[iri]
    description.incoming_totals, description.incoming = incoming[iri]
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
            description.incoming[FACT_SUBJECT] = [Other(str(row[0]), None, False) for row in facts]
            around += [str(row[0]) for row in facts]
    if "claims" in include:
        around += [other.iri for one in found.things for other in one.incoming.get(ABOUT, ())]
    if len(around) > _MOST_EXPANDED:
        raise RequestParameterError(f"this includes more than {_MOST_EXPANDED} facts and claims; ask for fewer things")
    if around:
        found.around = await describe(reader, around)
        found.around = {iri: one for iri, one in found.around.items() if _is_wanted(one, include)}
    passages = [iri for one in (*found.things, *found.around.values()) for iri in one.iris(EVIDENCE)]
    if passages:
        found.around |= await describe(reader, list(dict.fromkeys(passages)))


async def _add_incoming(reader: Reader, things: Sequence[Description]) -> None:
    """Put into each description what leads to the thing. Raises RequestParameterError where they are too many."""
    if len(things) > _MOST_WITH_INCOMING:
        raise RequestParameterError(f"what leads to things is for pages of {_MOST_WITH_INCOMING}; set limit")
    incoming = (await reader.answer(_incoming([one.iri for one in things]))).content
    for description in things:
        description.incoming_totals, description.incoming = incoming[description.iri]


def _incoming(iris: Sequence[str]) -> Incoming:
    return Incoming(tuple(iris), frozenset(PROVENANCE), MOST_INCOMING)


async def describe(reader: Reader, iris: Sequence[str]) -> dict[str, Description]:
    """Return what is said of things. Raises ReleaseError or EngineError."""
    return described((await reader.answer(Said(tuple(iris)))).content) if iris else {}


def _is_wanted(one: Description, include: frozenset[str]) -> bool:
    return CLAIM in one.iris(TYPE) or "evidence" in include


def _datatype(facet: Reach | str) -> str | None:
    """Return the datatype of the values of a facet, if they are literals."""
    last = facet.path[-1] if isinstance(facet, Reach) else None
    return last.datatype if last and last.kind is Kind.DATA else None
