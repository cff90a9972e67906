"""Finds what stands in the cells of a comparison: what is joined to a case, by which statements, in which passages.

A case is joined to what it has as a property or is a property of; to what its activities (policies, projects, events
at it) and the situations that it or they are part of have so; and, as claimed only, to what claims about it are about.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from ontology.iris import TERM
from service.comparison.dimensions import Dimension
from service.reader import Reader
from service.store.selection import Literal, Row, Selects, Value
from service.things.description import ABOUT, CLAIM, EVIDENCE, FACT_PROPERTIES, LABEL, PROVENANCE, SOURCE, TYPE

STATED, INFERRED, CLAIMED = "stated", "inferred", "claimed"
_ACTIVITY, _SITUATION, _POLICY = TERM + "Activity", TERM + "Situation", TERM + "policy"
_MODALITY = TERM + "modality"
_FIGURE = tuple(TERM + name for name in ("value", "minimumValue", "maximumValue", "unit", "fromYear", "toYear"))
_MOST_RELATIONS = 20_000
# What joins a thing to a value, and says nothing of what they have to do with each other.
_NO_RELATION = (*PROVENANCE, TYPE)


@dataclass(frozen=True)
class Passage:
    """Where a source says something."""

    iri: str
    source: str
    section: str
    start: int
    end: int


@dataclass(frozen=True)
class Relation:
    """What joins a case to a value: a triple with the case itself, or with what is part of the case (`via`)."""

    via: str | None
    subject: str
    property: str
    object: str
    is_claim: bool


@dataclass
class Entry:
    """A value in a cell, with what joins it to the case and where that is said."""

    value: str | Literal
    relations: list[Relation] = field(default_factory=list)
    passages: dict[Relation, list[Passage]] = field(default_factory=dict)

    @property
    def basis(self) -> str:
        """How the value stands in the graph: stated by a source, inferred, or only claimed together with the case."""
        if any(not one.is_claim and self.passages.get(one) for one in self.relations):
            return STATED
        return CLAIMED if all(one.is_claim for one in self.relations) else INFERRED


@dataclass
class Comparison:
    """Cells by row and case, the labels of all things in them, the modality of claims, the figures of statistics."""

    cases: list[str]
    dimensions: list[Dimension]
    cells: dict[tuple[str, str], list[Entry]]
    labels: dict[str, str]
    modalities: dict[str, str]
    figures: dict[str, dict[str, Literal]]
    version: str
    release: str


async def compare(reader: Reader, cases: Sequence[str], dimensions: Sequence[Dimension]) -> Comparison:
    """Return the comparison of cases by dimensions. Raises ReleaseError or EngineError."""
    (parts,) = (await reader.answer(Selects((_parts_query(cases),)))).content
    of_case: dict[str, dict[str, bool]] = defaultdict(dict)
    for case, part, is_claim in parts:
        of_case[str(case)][str(part)] = _is_true(is_claim) and of_case[str(case)].get(str(part), True)
    everything = sorted({part for of_one in of_case.values() for part in of_one})
    answer = await reader.answer(Selects((_neighbours_query(everything, dimensions),)))
    values = sorted({str(value) for _, _, value, _ in answer.content[0] if isinstance(value, str)})
    (typed,) = (await reader.answer(Selects((_classes_query(values, dimensions),)))).content
    classes: dict[Value, set[str]] = defaultdict(set)
    for value, class_ in typed:
        classes[value].add(str(class_))
    cells: dict[tuple[str, str], list[Entry]] = {}
    for dimension in dimensions:
        by_part: dict[str, list[Row]] = defaultdict(list)
        for row in answer.content[0]:
            if _stands_in(dimension, row, classes[row[2]]):
                by_part[str(row[0])].append(row)
        for case in cases:
            cells[dimension.name, case] = _entries(case, of_case[case], by_part)
    comparison = Comparison(list(cases), list(dimensions), cells, {}, {}, {}, answer.version, answer.release)
    await _add_passages(reader, comparison)
    await _add_words(reader, comparison)
    return comparison


def _stands_in(dimension: Dimension, row: Row, classes: set[str]) -> bool:
    """Tell whether a neighbour of a part of a case stands in the row of a dimension."""
    _, property_, _, forward = row
    if any(one.iri == property_ for one in dimension.properties) and _is_true(forward):
        return True
    return property_ not in _NO_RELATION and any(one.iri in classes for one in dimension.classes)


def _entries(case: str, parts: dict[str, bool], by_part: dict[str, list[Row]]) -> list[Entry]:
    entries: dict[str | Literal, Entry] = {}
    for part, is_claim in parts.items():
        for _, property_, value, forward in by_part.get(part, ()):
            if value is None or value == case or (is_claim and not _is_true(forward)):
                continue
            entry = entries.setdefault(value, Entry(value))
            ends = (part, str(value)) if _is_true(forward) else (str(value), part)
            via = None if part in (case, value) else part
            relation = Relation(via, ends[0], str(property_), ends[1], is_claim)
            if relation not in entry.relations:
                entry.relations.append(relation)
    return list(entries.values())


async def _add_passages(reader: Reader, comparison: Comparison) -> None:
    relations = {one for cell in comparison.cells.values() for entry in cell for one in entry.relations}
    triples = sorted({(one.subject, one.property, one.object) for one in relations})[:_MOST_RELATIONS]
    if not triples:
        return
    (rows,) = (await reader.answer(Selects((_passages_query(triples),)))).content
    found: dict[tuple[str, str, str], list[Passage]] = defaultdict(list)
    for subject, property_, object_, iri, source, section, start, end in rows:
        place = Passage(str(iri), str(source), _text(section), int(_text(start)), int(_text(end)))
        found[str(subject), str(property_), str(object_)].append(place)
    for cell in comparison.cells.values():
        for entry in cell:
            for one in entry.relations:
                places = found.get((one.subject, one.property, one.object), [])
                entry.passages[one] = sorted(places, key=lambda place: (place.source, place.start, place.end))


async def _add_words(reader: Reader, comparison: Comparison) -> None:
    """Add labels, the modality of claims, and figures."""
    things = {*comparison.cases}
    for cell in comparison.cells.values():
        for entry in cell:
            things |= {entry.value} if isinstance(entry.value, str) else set()
            things |= {one.via for one in entry.relations if one.via}
            things |= {place.source for places in entry.passages.values() for place in places}
    values = f"VALUES ?thing {{ {_iris(sorted(things))} }}"
    labels = f'SELECT ?thing ?label WHERE {{ {values} ?thing <{LABEL}> ?label FILTER(LANG(?label) IN ("en", "")) }}'
    modalities = f"""SELECT ?thing ?label WHERE {{ {values} ?thing <{_MODALITY}> ?modality .
        ?modality <{LABEL}> ?label FILTER(LANG(?label) = "en") }}"""
    of_figure = f"VALUES ?property {{ {_iris(_FIGURE)} }}"
    figures = f"SELECT ?thing ?property ?value WHERE {{ {values} {of_figure} ?thing ?property ?value }}"
    answer = await reader.answer(Selects((labels, modalities, figures)))
    comparison.labels = {str(thing): _text(label) for thing, label in sorted(answer.content[0], key=str, reverse=True)}
    comparison.modalities = {str(thing): _text(label) for thing, label in answer.content[1]}
    for thing, property_, value in answer.content[2]:
        if isinstance(value, tuple):
            comparison.figures.setdefault(str(thing), {})[str(property_).removeprefix(TERM)] = value


def _parts_query(cases: Sequence[str]) -> str:
    """Return the query for the parts of cases: case, part, and whether the part is only a claim about it."""
    cased = f"VALUES ?case {{ {_iris(cases)} }}"
    joined = f"FILTER(?way NOT IN ({_list(PROVENANCE)}))"
    no_claim, is_claim = "BIND(false AS ?isClaim)", "BIND(true AS ?isClaim)"
    return f"""SELECT DISTINCT ?case ?part ?isClaim WHERE {{
        {{ {cased} BIND(?case AS ?part) {no_claim} }}
        UNION {{ {cased} ?part ?way ?case ; <{TYPE}> <{_ACTIVITY}> {joined} {no_claim} }}
        UNION {{ {cased} ?part ?way ?case ; <{TYPE}> <{_SITUATION}> {joined} {no_claim} }}
        UNION {{ {cased} ?activity ?way ?case ; <{TYPE}> <{_ACTIVITY}> {joined}
            ?part ?other ?activity ; <{TYPE}> <{_SITUATION}> {no_claim} }}
        UNION {{ {cased} ?situation ?way ?case ; <{_POLICY}> ?part {joined} {no_claim} }}
        UNION {{ {cased} ?part <{ABOUT}> ?case ; <{TYPE}> <{CLAIM}> {is_claim} }}
        FILTER(isIRI(?part)) }}"""


def _neighbours_query(parts: Sequence[str], dimensions: Sequence[Dimension]) -> str:
    """Return the query for what is joined to parts: part, property, value, and whether the value is the object."""
    wanted = {one.iri for dimension in dimensions for one in dimension.properties}
    values, left_out = f"VALUES ?part {{ {_iris(parts)} }}", _list(one for one in _NO_RELATION if one not in wanted)
    return f"""SELECT DISTINCT ?part ?property ?value ?forward WHERE {{
        {{ {values} ?part ?property ?value BIND(true AS ?forward) }}
        UNION {{ {values} ?value ?property ?part BIND(false AS ?forward) }}
        FILTER(!isBLANK(?value) && ?property NOT IN ({left_out})) }} ORDER BY ?part ?property ?value"""


def _classes_query(things: Sequence[str], dimensions: Sequence[Dimension]) -> str:
    """Return the query for the classes of things, as far as dimensions are about them."""
    classes = _list(one.iri for dimension in dimensions for one in dimension.classes)
    return f"""SELECT ?thing ?class WHERE {{
        VALUES ?thing {{ {_iris(things)} }} ?thing <{TYPE}> ?class FILTER(?class IN ({classes})) }}"""


def _passages_query(triples: Sequence[tuple[str, str, str]]) -> str:
    values = " ".join(f"(<{s}> <{p}> <{o}>)" for s, p, o in triples if not o.startswith("("))
    subject, property_, object_ = FACT_PROPERTIES
    oa = "http://www.w3.org/ns/oa#"
    return f"""SELECT DISTINCT ?s ?p ?o ?evidence ?source ?section ?start ?end WHERE {{
        VALUES (?s ?p ?o) {{ {values} }}
        ?fact <{subject}> ?s ; <{property_}> ?p ; <{object_}> ?o ; <{EVIDENCE}> ?evidence .
        ?evidence <{SOURCE}> ?source ; <{TERM}section> ?section ; <{oa}start> ?start ; <{oa}end> ?end }}"""


def _iris(iris: Iterable[str]) -> str:
    return " ".join(f"<{iri}>" for iri in iris)


def _list(iris: Iterable[str]) -> str:
    return ", ".join(f"<{iri}>" for iri in iris)


def _text(value: Value) -> str:
    return value[0] if isinstance(value, tuple) else str(value)


def _is_true(value: Value) -> bool:
    return isinstance(value, tuple) and value[0] == "true"
