"""What the page of a thing shows beside what is said of it: figures, literature, and what may be asked about it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import pyoxigraph as ox

from ontology.iris import RDFS, TERM, THING
from queries.named_query import NamedQuery
from service.paging import path_of
from service.reader import Reader
from service.store.evaluation import Query
from service.store.selection import Selects
from service.table_cells import Cell, cells, narrowed
from service.tables import Table, words
from service.things.description import local_name
from service.things.questions_about import Question, questions_about

_FIGURES, _LITERATURE = "figures", "publications-about"
_SOLUTIONS = "application/sparql-results+json"
_THING = "thing"
_MOST_FIGURES = 50
_MODALITY, _LABEL = f"{TERM}modality", f"{RDFS}label"


@dataclass(frozen=True)
class Answered:
    """The rows of a named query about a thing, of which there are `total`, and where all of it is."""

    columns: list[str]
    rows: list[list[Cell]]
    total: int
    href: str


@dataclass(frozen=True)
class Source:
    """A publication that states something about a thing: how many facts, from how many passages."""

    iri: str
    label: str
    title: str
    facts: str
    passages: str


@dataclass(frozen=True)
class Beside:
    """Figures of a thing, what states something about it, what may be asked about it.

    `sure` tells of claims around it how sure they are, by IRI.
    """

    figures: Answered | None = None
    literature: Sequence[Source] = ()
    questions: Sequence[Question] = ()
    sure: Mapping[str, str] = field(default_factory=dict)


async def beside(
    reader: Reader, queries: Mapping[str, NamedQuery], iri: str, types: Iterable[str], around: Iterable[str]
) -> Beside:
    """Return what is shown beside a thing of some classes; `around` are the IRIs of what refers to it.

    Raises ReleaseError or EngineError.
    """
    if not iri.startswith(THING):
        return Beside(sure=await _sure(reader, around))
    return Beside(
        _figures(await _asked(reader, queries, _FIGURES, iri), iri),
        _literature(await _asked(reader, queries, _LITERATURE, iri)),
        questions_about(queries.values(), iri, types),
        await _sure(reader, around),
    )


async def _asked(reader: Reader, queries: Mapping[str, NamedQuery], name: str, iri: str) -> Table:
    """Return the answer to a named query about a thing; no row where the release is older than the question."""
    if name not in queries or _THING not in queries[name].parameters:
        return Table((), ())
    sparql = queries[name].sparql({_THING: str(ox.NamedNode(iri))})
    return Table.parse((await reader.answer(Query(sparql, _SOLUTIONS))).content)


def _figures(table: Table, iri: str) -> Answered | None:
    if not table.rows:
        return None
    shown = narrowed(Table(table.columns, table.rows[:_MOST_FIGURES]), (_THING, f"{_THING}Label"))
    columns = [words(name) for name in shown.shown]
    href = path_of(f"/api/queries/{_FIGURES}", {_THING: local_name(iri)})
    return Answered(columns, cells(shown), len(table.rows), href)


def _literature(table: Table) -> list[Source]:
    found = []
    for row in table.rows:
        texts = {name: term["value"] for name, term in row.items()}
        label, title = texts["publicationLabel"], texts.get("title", "")
        found.append(Source(texts["publication"], label, title, texts["facts"], texts["passages"]))
    return found


async def _sure(reader: Reader, around: Iterable[str]) -> dict[str, str]:
    """Return how sure the claims among some things are, in English."""
    among = " ".join(sorted({str(ox.NamedNode(iri)) for iri in around if not iri.startswith("_:")}))
    if not among:
        return {}
    query = f"""SELECT ?claim ?sure WHERE {{ VALUES ?claim {{ {among} }} ?claim <{_MODALITY}>/<{_LABEL}> ?sure
        FILTER(LANG(?sure) = "en") }}"""
    rows = (await reader.answer(Selects((query,)))).content[0]
    return {str(claim): sure[0] for claim, sure in rows if isinstance(sure, tuple)}
