"""Finds the triple that is asked about, and tells what is near to one that the graph does not have."""

from collections.abc import Sequence

from ontology.iris import THING
from ontology.nearest import did_you_mean
from service.errors import RequestParameterError, UnknownTripleError
from service.explanation import queries
from service.explanation.asking import Triple
from service.explanation.reading import Asked, Written
from service.reader import Reader
from service.store.selection import Selects, Value
from service.things.description import INDIVIDUAL, LABEL, TYPE, local_name
from service.things.model import Model
from service.things.unknown import near_things

_MOST_TOLD = 10
_MOST_PROPERTIES = 30


async def resolve(asked: Asked, reader: Reader, model: Model) -> Triple:
    """Return the triple that is asked about.

    One that only situations or statements say of its ends comes with these. Raises UnknownThingError where there is no
    such subject, RequestParameterError where a label is that of several things, and UnknownTripleError otherwise, each
    with what is near; and ReleaseError or EngineError.
    """
    subject = await _subject(asked.subject, reader)
    own, *others = (await reader.answer(Selects(queries.object_queries(subject, asked)))).content
    if own:
        return Triple(subject, asked.property, _one([row[0] for row in own], asked.object))
    rows = others[0] if others else []
    if not rows:
        raise await _unknown(subject, asked, reader, model)
    value = _one([row[0] for row in rows], asked.object)
    joining = {str(row[1]): _is_true(row[2]) for row in rows if row[0] == value and _is_iri(row[1])}
    return Triple(
        subject,
        asked.property,
        value,
        tuple(sorted(iri for iri, is_claim in joining.items() if not is_claim)),
        tuple(sorted(iri for iri, is_claim in joining.items() if is_claim)),
    )


async def _subject(written: Written, reader: Reader) -> str:
    """Return the thing that is meant: the one of that IRI, else one of ours before others, a label before a synonym."""
    there_query, named_query = queries.subject_queries(written)
    (there,) = (await reader.answer(Selects((there_query,)))).content
    if there:
        return str(there[0][0])
    (named,) = (await reader.answer(Selects((named_query,)))).content
    ranks: dict[str, tuple[bool, bool]] = {}
    for row in named:
        thing, rank = str(row[0]), (not str(row[0]).startswith(THING), row[1] != LABEL)
        ranks[thing] = min(rank, ranks.get(thing, rank))
    if not ranks:
        raise await near_things(reader, written.text, None)
    best = sorted(thing for thing, rank in ranks.items() if rank == min(ranks.values()))
    return _only(best, written)


def _one(values: Sequence[Value], written: Written) -> Value:
    """Return the value that is meant: the IRI itself before a label, English before another language."""
    if exact := [value for value in values if isinstance(value, str) and value in written.iris]:
        return min(exact, key=written.iris.index)
    if literals := [value for value in values if isinstance(value, tuple)]:
        return min(literals, key=lambda one: (one[0] != written.text, one[2] not in ("en", None), one[2] or "", one))
    return _only(sorted({str(value) for value in values}), written)


def _only(iris: Sequence[str], written: Written) -> str:
    """Return the only thing of a name. Raises RequestParameterError where there are several."""
    if len(iris) > 1:
        told = ", ".join(local_name(iri) for iri in iris[:_MOST_TOLD])
        raise RequestParameterError(f"{written.text[:100]!r} is the name of several things; give the id: {told}")
    return iris[0]


async def _unknown(subject: str, asked: Asked, reader: Reader, model: Model) -> UnknownTripleError:
    """Return the error for a triple that is not there, with the values that there are, or the properties."""
    wanted = (
        queries.values_query(subject, asked.property),
        queries.ways_query(subject, asked.object),
        queries.properties_query(subject),
        queries.label_query([subject]),
    )
    values, ways, properties, labels = (await reader.answer(Selects(wanted))).content
    name = next((label[0] for _, label in labels if isinstance(label, tuple)), local_name(subject))
    property_, object_ = _key(model, asked.property), asked.object.text[:100]
    message = f"the graph does not say that {name[:200]!r} has {property_!r} {object_!r}"
    names = sorted({_name(value, label) for value, label in values if value != INDIVIDUAL})
    near, told = did_you_mean(object_, names), []
    if names:
        more = f" and {len(names) - _MOST_TOLD} more" if len(names) > _MOST_TOLD else ""
        told.append("it has " + ", ".join(repr(name[:100]) for name in names[:_MOST_TOLD]) + more)
    if ways:
        joins = (repr(_key(model, str(way))) + (" (backwards)" if _is_true(back) else "") for way, back in ways)
        told.append(f"what joins the two is {', '.join(joins)}")
    if not told:
        keys = sorted(_key(model, str(row[0])) for row in properties)
        near = did_you_mean(property_, keys)
        told.append(f"it has no {property_!r} at all, but {', '.join(keys[:_MOST_PROPERTIES])}")
    return UnknownTripleError(f"{message}{near} ({'; '.join(told)})")


def _key(model: Model, iri: str) -> str:
    return "type" if iri == TYPE else model.keys.of(iri)


def _name(value: Value, label: Value) -> str:
    if isinstance(label, tuple):
        return label[0]
    return value[0] if isinstance(value, tuple) else local_name(str(value))


def _is_true(value: Value) -> bool:
    return isinstance(value, tuple) and value[0] == "true"


def _is_iri(value: Value) -> bool:
    return isinstance(value, str) and not value.startswith("_:")
