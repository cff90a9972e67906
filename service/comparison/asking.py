"""Finds what stands in the cells of a comparison: what is joined to a case, by which statements, in which passages.

A case is joined to what it has as a property or is a property of; to what its activities (policies, projects, events
at it) and the situations that it or they are part of have so; and, as mentioned only, to what claims and citations
about it are about.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ontology.vocabulary import Kind, Vocabulary
from service.comparison import queries
from service.comparison.cells import Comparison, Entry, Relation
from service.comparison.dimensions import Dimension
from service.comparison.words import leads_anywhere
from service.reader import Reader
from service.store.selection import Literal, Row, Selects, Value


@dataclass(frozen=True)
class _Part:
    """Something with properties that count as those of a case, and what it is reached through, if not the case."""

    iri: str
    through: str | None
    is_claim: bool


@dataclass(frozen=True)
class _Case:
    """A case with its parts, and its peers: what shares a class with it."""

    iri: str
    parts: Sequence[_Part]
    peers: frozenset[str]


async def compare(
    reader: Reader, vocabulary: Vocabulary, cases: Sequence[str], dimensions: Sequence[Dimension]
) -> Comparison:
    """Return the comparison of cases by dimensions, without words and evidence. Raises ReleaseError or EngineError."""
    answer = await reader.answer(Selects((queries.parts_query(cases), queries.peers_query(cases))))
    found = _cases(cases, *answer.content)
    parts = sorted({part.iri for case in found for part in case.parts})
    (rows,) = (await reader.answer(Selects((queries.neighbours_query(parts, dimensions),)))).content
    values = sorted({value for _, _, value, _ in rows if isinstance(value, str)})
    (typed,) = (await reader.answer(Selects((queries.classes_query(values, dimensions),)))).content
    classes: dict[Value, set[str]] = defaultdict(set)
    for value, class_ in typed:
        classes[value].add(str(class_))
    matter = frozenset(one.iri for one in vocabulary.properties.values() if leads_anywhere(one))
    comparison = Comparison(cases, dimensions, {}, answer.version, answer.release)
    for dimension in dimensions:
        by_part: dict[str, list[Row]] = defaultdict(list)
        for row in rows:
            if _stands_in(dimension, row, classes[row[2]]):
                by_part[str(row[0])].append(row)
        for case in found:
            comparison.cells[dimension.name, case.iri] = _entries(case, dimension, by_part, matter)
    return comparison


def _cases(cases: Iterable[str], parts: Iterable[Row], peers: Iterable[Row]) -> list[_Case]:
    """Return the cases; a part counts once, as the nearest that it is: of the case itself, and no mere claim."""
    nearest: dict[str, dict[str, tuple[bool, bool, str]]] = defaultdict(dict)
    for case, part, through, is_claim in parts:
        distance, known = (_is_true(is_claim), through != case, str(through)), nearest[str(case)]
        known[str(part)] = min(distance, known.get(str(part), distance))
    peers_of: dict[str, set[str]] = defaultdict(set)
    for case, peer in peers:
        peers_of[str(case)].add(str(peer))
    return [
        _Case(
            case,
            [
                _Part(part, through if is_far else None, is_claim)
                for part, (is_claim, is_far, through) in nearest[case].items()
            ],
            frozenset(peers_of[case]),
        )
        for case in cases
    ]


def _stands_in(dimension: Dimension, row: Row, classes: set[str]) -> bool:
    """Tell whether a neighbour of a part of a case stands in the row of a dimension."""
    _, property_, _, forward = row
    if any(one.iri == property_ for one in dimension.properties) and _is_true(forward):
        return True
    return property_ not in queries.NO_RELATION and any(one.iri in classes for one in dimension.classes)


def _entries(
    case: _Case, dimension: Dimension, by_part: Mapping[str, Iterable[Row]], matter: frozenset[str]
) -> list[Entry]:
    """Return the values of a cell; `matter` are the properties that say what a statement is about."""
    entries: dict[str | Literal, Entry] = {}
    of_row = {one.iri for one in dimension.properties}
    of_itself = {one.iri for one in dimension.properties if one.kind is not Kind.OBJECT}
    for part in case.parts:
        is_of_case = part.iri == case.iri
        for _, property_, value, forward in by_part.get(part.iri, ()):
            is_mention = not is_of_case and property_ in matter and _is_true(forward)
            if value is None or value == case.iri or (property_ in of_itself and not is_of_case):
                continue
            if is_mention and (value in case.peers or part.through not in (None, part.iri)):
                continue
            if part.is_claim and not is_mention and not (property_ in of_row and _is_true(forward)):
                continue
            entry = entries.setdefault(value, Entry(value))
            relation = _relation(case, part, str(property_), value, _is_true(forward), is_mention)
            if relation not in entry.relations:
                entry.relations.append(relation)
    for entry in entries.values():
        entry.relations.sort(key=lambda one: (one.via or "", one.property, one.subject, str(one.object)))
    return list(entries.values())


def _relation(
    case: _Case, part: _Part, property_: str, value: str | Literal, is_forward: bool, is_mention: bool
) -> Relation:
    is_own = part.iri in (case.iri, value)
    # What has the same part in a situation as the case stands beside it, and is not what the case has.
    through = part.iri if part.through is None and value in case.peers else part.through
    return Relation(
        part.iri if is_forward else str(value),
        property_,
        value if is_forward else part.iri,
        is_forward,
        None if is_own else part.iri,
        None if is_own else through,
        is_mention,
    )


def _is_true(value: Value) -> bool:
    return isinstance(value, tuple) and value[0] == "true"
