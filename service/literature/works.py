"""Reads what the graph says of publications: which there are, in which order, and what their references are made of."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

import pyoxigraph as ox

from ontology.iris import RDFS, THING
from ontology.nearest import did_you_mean
from queries.errors import ParameterError
from service.engine.engine import Answer
from service.errors import UnknownPublicationError
from service.literature.questions import NAMES, TYPES, Selection, described, publication, subjects, thing
from service.questions import SOLUTIONS_JSON
from service.reader import Reader
from service.store.evaluation import Queries, Query
from service.tables import Table, Term

Rows = Sequence[Mapping[str, Term]]

# What may be cited and is of no class that says more.
DOCUMENT = "document"


@dataclass(frozen=True)
class Work:
    """A publication: its IRI, its English label or else another, its CSL type, and its values by property name."""

    iri: str
    label: str
    csl_type: str
    values: Mapping[str, tuple[str, ...]]

    @property
    def id(self) -> str:
        """The id of a thing of ours, or the IRI of another."""
        return self.iri.removeprefix(THING)

    def value(self, property_: str) -> str | None:
        """Return a value of the property with this local name; of several, always the same one."""
        return min(self.values.get(property_, ()), default=None)


def href(iri: str) -> str | None:
    """Return the address of a publication of ours in REST."""
    return f"/api/publications/{quote(iri.removeprefix(THING))}" if iri.startswith(THING) else None


def page_href(iri: str) -> str:
    """Return the address of the page of a thing of ours, or of one of others that the web may have; "" for none."""
    if iri.startswith(THING):
        return f"/id/{quote(iri.removeprefix(THING))}"
    return iri if iri.startswith(("http://", "https://")) else ""


async def tables(reader: Reader, queries: Iterable[str]) -> tuple[list[Rows], Answer[tuple[bytes, ...]]]:
    """Return the solutions of each query, all from one state of the dataset. Raises ReleaseError or EngineError."""
    answer = await reader.answer(Queries(tuple(Query(query, SOLUTIONS_JSON) for query in queries)))
    return [Table.parse(content).rows for content in answer.content], answer


async def works(reader: Reader, selection: Selection) -> tuple[list[Work], Answer[tuple[bytes, ...]]]:
    """Return the publications of a selection in the order of a reference list.

    Raises UnknownPublicationError where it names one that is not there, ParameterError where nothing is known that it
    could be about, ReleaseError or EngineError.
    """
    named = [work for work in (selection.cited_by, selection.cites) if work is not None]
    rows, answer = await tables(reader, (*map(publication, named), *described(selection), TYPES))
    for work, found in zip(named, rows, strict=False):
        await require(reader, work, found)
    chosen = read(*rows[len(named) :])
    if not chosen:
        await require_about(reader, selection)
    if len(chosen) < len(set(selection.works)):
        (there,), _ = await tables(reader, described(Selection(works=selection.works))[:1])
        known = {row["work"]["value"] for row in there}
        for work in selection.works:
            if work.value not in known:
                raise await unknown(reader, work.value)
    return chosen, answer


async def require_about(reader: Reader, selection: Selection) -> None:
    """Raise ParameterError where the graph says nothing of the thing that citations are to be about."""
    about = selection.about
    if about is None:
        return
    told = f"SELECT ?property WHERE {{ {about} ?property ?value }} LIMIT 1"
    (said, known), _ = await tables(reader, (told, subjects(selection)))
    if not said:
        name = about.value.removeprefix(THING)[:200]
        near = did_you_mean(name, (row["about"]["value"].removeprefix(THING) for row in known))
        raise ParameterError(f"no thing {name!r} for 'about' in this release{near}")


async def require(reader: Reader, work: ox.NamedNode, found: Rows) -> None:
    """Raise UnknownPublicationError where the query for a publication has `found` none."""
    if not found:
        raise await unknown(reader, work.value)


async def unknown(reader: Reader, name: str) -> UnknownPublicationError:
    """Return what to say of a publication that is not there. Raises ReleaseError or EngineError."""
    name = name.removeprefix(THING)[:200]
    rows, _ = await tables(reader, [NAMES])
    near = did_you_mean(name, (row["work"]["value"].removeprefix(THING) for row in rows[0]))
    return UnknownPublicationError(f"no publication {name!r} in this release{near}")


async def named(reader: Reader, name: str) -> ox.NamedNode:
    """Return the IRI that `name` stands for. Raises UnknownPublicationError where it can stand for none."""
    if (work := thing(name)) is None:
        raise await unknown(reader, name)
    return work


def read(order: Rows, told: Rows, classes: Rows, types: Rows) -> list[Work]:
    """Return publications from the solutions of the queries for them, and of TYPES."""
    values: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    labels: dict[str, list[Term]] = defaultdict(list)
    for row in told:
        iri, property_, value = row["work"]["value"], row["property"]["value"], row["value"]
        if property_ == f"{RDFS}label":
            labels[iri].append(value)
        elif text := one_line(value["value"]):
            values[iri][property_.rpartition("#")[2]].add(text)
    narrowest = _narrowest(classes, types)
    return [
        Work(
            iri,
            label_of(iri, labels[iri]),
            narrowest.get(iri, DOCUMENT),
            {property_: tuple(sorted(texts)) for property_, texts in values[iri].items()},
        )
        for iri in (row["work"]["value"] for row in order)
    ]


def label_of(iri: str, labels: Iterable[Term]) -> str:
    """Return the English label of a thing, or else another one, or else the last part of its IRI."""
    ranked = sorted((label.get("xml:lang") != "en", one_line(label["value"])) for label in labels)
    return next((text for _, text in ranked if text), iri.removeprefix(THING))


def one_line(text: str) -> str:
    """Return a text without line breaks, runs of spaces and characters that nobody sees."""
    return " ".join("".join(c for c in text if c.isspace() or c.isprintable()).split())


def _narrowest(classes: Rows, types: Rows) -> dict[str, str]:
    """Return the CSL type of each publication: of its classes, the one with the most above it says so."""
    ranks = {row["class"]["value"]: (int(row["above"]["value"]), row["type"]["value"]) for row in types}
    found: dict[str, tuple[int, str]] = {}
    for row in classes:
        iri, rank = row["work"]["value"], ranks[row["class"]["value"]]
        found[iri] = max(rank, found.get(iri, rank))
    return {iri: type_ for iri, (_, type_) in found.items()}
