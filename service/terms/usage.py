"""Counts how much of the current release each term of the ontology carries, source by source."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from loaders.graphs import ALIGNMENTS, ONTOLOGY
from ontology.iris import GRAPH, PREFIXES, RDF, TERM
from service.questions import SOLUTIONS_JSON
from service.reader import Reader
from service.store.evaluation import Query
from service.tables import Table, Term

# The ontology and its alignments speak of terms, and a dg:Fact repeats a statement: none of them uses a term.
_USING = f"FILTER(?graph NOT IN ({ONTOLOGY}, {ALIGNMENTS}, <{GRAPH}release>))"
STATES = f"GRAPH ?graph {{ ?thing ?property ?value }} {_USING}"
"""The pattern of a statement with ?property that counts as a use of it."""
MENTIONS = f"""GRAPH ?graph {{ ?thing ?property ?value }} {_USING}
    FILTER(?property NOT IN (<{TERM}factSubject>, <{TERM}factObject>, <{RDF}type>))
    FILTER(!STRSTARTS(STR(?property), "{PREFIXES["skos"]}"))"""
"""The pattern of a statement about ?value, a concept, that counts as a use of it; SKOS joins concepts to each other."""
IS_OF = f"GRAPH ?graph {{ ?thing <{RDF}type> ?value }} FILTER(isIRI(?thing))"
"""The pattern of a ?thing of the class ?value; concepts, which the ontology has, are things too."""
_TERMS = f"""{{ SELECT DISTINCT ?term WHERE {{
    GRAPH {ONTOLOGY} {{ ?term <{RDF}type> ?class }} FILTER(isIRI(?term)) }} }}"""
_TYPES = f"""SELECT ?types (COUNT(*) AS ?count) WHERE {{
    {{ SELECT ?thing (GROUP_CONCAT(DISTINCT STR(?value); SEPARATOR=" ") AS ?types) WHERE {{ %s {IS_OF} }}
       GROUP BY ?thing }} }} GROUP BY ?types"""
_SOURCES = f"""SELECT ?graph ?label ?doi WHERE {{ %s
    GRAPH ?graph {{ ?source <{PREFIXES["rdfs"]}label> ?label OPTIONAL {{ ?source <{TERM}doi> ?doi }} }}
    FILTER(STRSTARTS(STR(?graph), "{GRAPH}") && STRENDS(STR(?source), CONCAT("/id/", STRAFTER(STR(?graph), "{GRAPH}"))))
}} ORDER BY ?label"""


@dataclass(frozen=True)
class Source:
    """A source of the release: its name, its label, and its DOI where it has one."""

    name: str
    label: str
    doi: str | None = None


@dataclass(frozen=True)
class Count:
    """How often a term is used: in all, and in each source by its name, `inferred` being one."""

    total: int = 0
    by_source: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Usage:
    """The sources of a release by name, and what uses each term: things, statements or mentions, by its IRI.

    `types` tells how many things are of just these classes.
    """

    sources: Mapping[str, Source]
    things: Mapping[str, Count]
    statements: Mapping[str, Count]
    mentions: Mapping[str, Count]
    types: Mapping[frozenset[str], int]

    def alone(self, class_: str, below: Iterable[str]) -> int:
        """Return how many things of a class are of none of those `below` it."""
        others = frozenset(below)
        return sum(count for types, count in self.types.items() if class_ in types and not types & others)


async def usage(reader: Reader) -> Usage:
    """Return what the current release uses of the ontology. Raises ReleaseError or EngineError."""
    release = await reader.release()
    loaded = [source for source in release.loaded if source.graph.value not in reader.hidden]
    counted = release.manifest()["counts"]["triples_by_graph"].keys() - {each.graph.value for each in release.loaded}
    of_core = f"VALUES ?graph {{ {' '.join(f'<{graph}>' for graph in sorted(counted))} }}"
    sources: dict[str, Source] = {each.name: Source(each.name, each.about["title"]) for each in loaded}
    for row in await _rows(reader, _SOURCES % of_core):
        name = _source_name(row)
        doi = row["doi"]["value"] if "doi" in row else None
        sources.setdefault(name, Source(name, row["label"]["value"], doi))
    things, statements, mentions, types = await asyncio.gather(
        _counts(reader, f"{of_core} {IS_OF}", "?value"),
        _counts(reader, f"{of_core} {STATES}", "?property"),
        _counts(reader, f"{of_core} {MENTIONS}", "?value"),
        _types(reader, of_core),
    )
    for source in loaded:
        _add(things, source.name, source.about["things_by_class"])
        _add(statements, source.name, source.about["statements_by_property"])
        for classes, count in source.about["things_by_types"]:
            types[frozenset(classes)] = types.get(frozenset(classes), 0) + count
    return Usage(sources, things, statements, mentions, types)


def _add(counts: dict[str, Count], source: str, more: Mapping[str, int]) -> None:
    """Add the counts of a loaded source, which the loader made; what other sources state too counts in each."""
    for term, number in more.items():
        before = counts.get(term, Count())
        counts[term] = Count(before.total + number, {**before.by_source, source: number})


async def _types(reader: Reader, graphs: str) -> dict[frozenset[str], int]:
    counts: dict[frozenset[str], int] = defaultdict(int)
    for row in await _rows(reader, _TYPES % graphs):
        counts[frozenset(row["types"]["value"].split())] += int(row["count"]["value"])
    return counts


async def _counts(reader: Reader, pattern: str, term: str) -> dict[str, Count]:
    """Return how often the variable `term` of a pattern is each term of the ontology."""
    inside = f"{_TERMS.replace('?term', term)} {pattern}"
    distinct = f"{{ SELECT DISTINCT ?thing ?property ?value WHERE {{ {inside} }} }}"
    counted = f"SELECT ({term} AS ?term) %s (COUNT(*) AS ?count) WHERE {{ %s }} GROUP BY {term} %s"
    totals = await _rows(reader, counted % ("", distinct, ""))
    parts = await _rows(reader, counted % ("?graph", inside, "?graph"))
    by_source: dict[str, dict[str, int]] = defaultdict(dict)
    for row in parts:
        by_source[row["term"]["value"]][_source_name(row)] = int(row["count"]["value"])
    return {row["term"]["value"]: Count(int(row["count"]["value"]), by_source[row["term"]["value"]]) for row in totals}


async def _rows(reader: Reader, query: str) -> tuple[Mapping[str, Term], ...]:
    return Table.parse((await reader.answer(Query(query, SOLUTIONS_JSON))).content).rows


def _source_name(row: Mapping[str, Term]) -> str:
    return row["graph"]["value"].removeprefix(GRAPH)
