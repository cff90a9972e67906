"""Counts how much of the current release each term of the ontology carries, source by source."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from loaders.graphs import ALIGNMENTS, ONTOLOGY
from ontology.iris import GRAPH, PREFIXES, RDF, TERM
from service.questions import SOLUTIONS_JSON
from service.reader import Reader
from service.store.evaluation import Query
from service.tables import Table, Term

# The ontology and its alignments speak of terms, and a dg:Fact repeats a statement: none of them uses a term.
_NOT_A_SOURCE = f"FILTER(?graph NOT IN ({ONTOLOGY}, {ALIGNMENTS}, <{GRAPH}release>))"
_NOT_A_COPY = f"FILTER(?property NOT IN (<{TERM}factSubject>, <{TERM}factObject>, <{RDF}type>))"
# What a use of a term is, by what it counts.
_USES = {
    "things": f"?thing <{RDF}type> ?term",
    "statements": "?thing ?term ?value",
    "mentions": f"?thing ?property ?term . {_NOT_A_COPY}",
}
_IS_TERM = f"GRAPH {ONTOLOGY} {{ ?term <{RDF}type> ?kind }} FILTER(isIRI(?term))"
_SOURCES = f"""SELECT ?graph ?label ?doi WHERE {{
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
    """The sources of a release by name, and what uses each term: things, statements or mentions, by its IRI."""

    sources: Mapping[str, Source]
    things: Mapping[str, Count]
    statements: Mapping[str, Count]
    mentions: Mapping[str, Count]


async def usage(reader: Reader) -> Usage:
    """Return what the current release uses of the ontology. Raises ReleaseError or EngineError."""
    sources: dict[str, Source] = {}
    for row in await _rows(reader, _SOURCES):
        name = _source_name(row)
        doi = row["doi"]["value"] if "doi" in row else None
        sources.setdefault(name, Source(name, row["label"]["value"], doi))
    counts = {use: await _counts(reader, pattern) for use, pattern in _USES.items()}
    return Usage(sources, **counts)


async def _counts(reader: Reader, pattern: str) -> dict[str, Count]:
    terms = f"{{ SELECT DISTINCT ?term WHERE {{ {_IS_TERM} }} }}"
    inside = f"{terms} GRAPH ?graph {{ {pattern} }} {_NOT_A_SOURCE}"
    distinct = f"{{ SELECT DISTINCT ?term ?thing ?property ?value WHERE {{ {inside} }} }}"
    totals = await _rows(reader, f"SELECT ?term (COUNT(*) AS ?count) WHERE {{ {distinct} }} GROUP BY ?term")
    parts = await _rows(reader, f"SELECT ?term ?graph (COUNT(*) AS ?count) WHERE {{ {inside} }} GROUP BY ?term ?graph")
    by_source: dict[str, dict[str, int]] = defaultdict(dict)
    for row in parts:
        by_source[row["term"]["value"]][_source_name(row)] = int(row["count"]["value"])
    return {row["term"]["value"]: Count(int(row["count"]["value"]), by_source[row["term"]["value"]]) for row in totals}


async def _rows(reader: Reader, query: str) -> tuple[Mapping[str, Term], ...]:
    return Table.parse((await reader.answer(Query(query, SOLUTIONS_JSON))).content).rows


def _source_name(row: Mapping[str, Term]) -> str:
    return row["graph"]["value"].removeprefix(GRAPH)
