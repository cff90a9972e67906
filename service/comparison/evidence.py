"""Adds to a comparison where its relations stand: passages, what is inferred, labels, figures and publications."""

from collections import defaultdict

import pyoxigraph as ox

from ontology.iris import TERM
from service.comparison import queries
from service.comparison.cells import Basis, Comparison, Passage, Relation
from service.comparison.queries import MODALITY, NUMBERS, Triple
from service.errors import RequestParameterError
from service.literature.questions import TYPES, Selection, described
from service.literature.works import read
from service.questions import SOLUTIONS_JSON
from service.reader import Reader
from service.store.both import Both
from service.store.evaluation import Queries, Query
from service.store.selection import Literal, Selects, Value, integer_in
from service.tables import Table

_MOST_RELATIONS = 5_000


async def add_evidence(reader: Reader, comparison: Comparison) -> None:
    """Add the basis and the passages of each relation.

    Raises RequestParameterError where there are too many relations, ReleaseError or EngineError.
    """
    entries = [entry for cell in comparison.cells.values() for entry in cell]
    relations = {one: _triple(one) for entry in entries for one in entry.relations}
    triples = sorted(set(relations.values()), key=str)
    if len(triples) > _MOST_RELATIONS:
        raise RequestParameterError(
            f"{len(triples)} statements join these cases to values, {_MOST_RELATIONS} are the most; "
            "compare fewer cases, or fewer rows with 'by'"
        )
    if not triples:
        return
    asked = (queries.passages_query(triples), queries.inferred_query(triples))
    rows, inferred = (await reader.answer(Selects(asked))).content
    places: dict[Triple, list[Passage]] = defaultdict(list)
    for subject, property_, object_, iri, source, section, start, end in rows:
        first, last = integer_in(_text(start)), integer_in(_text(end))
        if first is not None and last is not None:
            place = Passage(str(iri), str(source), _text(section), first, last)
            places[str(subject), str(property_), object_].append(place)
    follows = {(str(subject), str(property_), object_) for subject, property_, object_ in inferred}
    for entry in entries:
        for one in entry.relations:
            found = places.get(relations[one], ())
            entry.passages[one] = sorted(found, key=lambda place: (place.source, place.start, place.end))
            basis = Basis.INFERRED if relations[one] in follows else Basis.STATED
            entry.bases[one] = Basis.MENTIONED if one.is_mention else basis


async def add_words(reader: Reader, comparison: Comparison) -> None:
    """Add labels, the modality of claims, figures, and the publications that are cited.

    Raises ReleaseError or EngineError.
    """
    works = [ox.NamedNode(iri) for iri in comparison.sources()]
    literature = (*described(Selection(works=works)), TYPES) if works else ()
    asked = Both(
        Selects(queries.words_queries(sorted(_things(comparison)))),
        Queries(tuple(Query(query, SOLUTIONS_JSON) for query in literature)),
    )
    (labels, rows), told = (await reader.answer(asked)).content
    # Of several labels, the first by the alphabet.
    comparison.labels = {str(thing): _text(label) for thing, label in sorted(labels, key=str, reverse=True)}
    marks: dict[str, dict[str, Literal]] = defaultdict(dict)
    for thing, property_, value, label in rows:
        mark = value if isinstance(value, tuple) else label
        if isinstance(mark, tuple):
            marks[str(thing)][str(property_).removeprefix(TERM)] = mark
    comparison.modalities = {thing: of_it[MODALITY][0] for thing, of_it in marks.items() if MODALITY in of_it}
    comparison.figures = {thing: of_it for thing, of_it in marks.items() if not of_it.keys().isdisjoint(NUMBERS)}
    if told:
        comparison.works = read(*(Table.parse(content).rows for content in told))


def _things(comparison: Comparison) -> set[str]:
    things = {*comparison.cases}
    for cell in comparison.cells.values():
        for entry in cell:
            things |= {entry.value} if isinstance(entry.value, str) else set()
            things |= {iri for one in entry.relations for iri in (one.via, one.through) if iri}
            things |= {place.source for places in entry.passages.values() for place in places}
    return things


def _triple(one: Relation) -> Triple:
    return one.subject, one.property, one.object


def _text(value: Value) -> str:
    return value[0] if isinstance(value, tuple) else str(value)
