"""Asks for examples of a term: things of a class, statements with a property, statements about a concept."""

from collections.abc import Sequence
from dataclasses import dataclass

from ontology.entries import Entry, Kind
from ontology.iris import PREFIXES, compress
from service.reader import Reader
from service.store.selection import Row, Selects, Value
from service.terms.usage import IS_OF, MENTIONS, STATES
from service.things.description import local_name

MOST = 8
_LABEL = PREFIXES["rdfs"] + "label"


@dataclass(frozen=True)
class Named:
    """A thing by its IRI, or a literal without one, as it is shown."""

    iri: str | None
    text: str
    language: str | None = None


@dataclass(frozen=True)
class Example:
    """A thing, or the statement that it has a value of a property."""

    thing: Named
    property: str | None = None
    value: Named | None = None


async def examples(reader: Reader, entry: Entry, language: str) -> list[Example]:
    """Return some examples of a term, with labels in a language where there are some. Raises what a reader does."""
    if entry.kind in (Kind.SCHEME, Kind.DATATYPE):
        return []
    (rows,) = (await reader.answer(Selects((_query(entry, language),)))).content
    of_each = {row[0]: row for row in reversed(rows)}  # a thing may have two labels in a language
    return [_example(row) for row in reversed(of_each.values())]


def _query(entry: Entry, language: str) -> str:
    """Return the query for things with their values, one of each thing, those with names first."""
    term = f"<{entry.iri}>"
    labelled_values = _labelled("of", "ofLabel", "en") + _labelled("of", "ofOwn", language)
    if entry.kind is Kind.CLASS:
        chosen, labelled_values = f"SELECT DISTINCT ?thing WHERE {{ {IS_OF.replace('?value', term)} }}", ""
    elif entry.kind is Kind.INDIVIDUAL:
        inside = f"{MENTIONS.replace('?value', term)} FILTER(isIRI(?thing))"
        chosen = f"SELECT ?thing (MIN(?property) AS ?by) ({term} AS ?of) WHERE {{ {inside} }} GROUP BY ?thing"
    else:
        inside = f"{STATES.replace('?property', term)} FILTER(isIRI(?thing) && !isBLANK(?value))"
        chosen = f"SELECT ?thing ({term} AS ?by) (MIN(?value) AS ?of) WHERE {{ {inside} }} GROUP BY ?thing"
    return f"""SELECT ?thing ?label ?own ?by ?of ?ofLabel ?ofOwn WHERE {{
        {{ SELECT * WHERE {{ {{ {chosen} }} {_labelled("thing", "label", "en")} }}
            ORDER BY DESC(BOUND(?label)) ?label ?thing LIMIT {MOST} }}
        {_labelled("thing", "own", language)} {labelled_values} }} ORDER BY DESC(BOUND(?label)) ?label ?thing"""


def _labelled(thing: str, label: str, language: str) -> str:
    return f'OPTIONAL {{ ?{thing} <{_LABEL}> ?{label} FILTER(LANG(?{label}) = "{language}") }}'


def _example(row: Row) -> Example:
    thing, label, own, by, of, of_label, of_own = row
    value = None if of is None else _named(of, (of_own, of_label))
    return Example(_named(thing, (own, label)), by if isinstance(by, str) else None, value)


def _named(value: Value, labels: Sequence[Value]) -> Named:
    if isinstance(value, tuple):
        return Named(None, value[0], value[2])
    assert value is not None
    for label in labels:
        if isinstance(label, tuple):
            return Named(value, label[0], label[2])
    return Named(value, compress(local_name(value)))
