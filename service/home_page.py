"""Renders the home page: what may be asked, who is active in which districts, and what the release holds."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from markupsafe import Markup

from ontology.iris import GRAPH
from queries.named_query import NamedQuery
from service.addresses import address
from service.linked_data.published import Published
from service.tables import Table
from service.templating import template
from service.things.model import Model
from service.things.wording import Wording

DISTRICTS = "district-actors"
"""The named query whose answer the page draws."""
_MOST_CLASSES = 16


@dataclass(frozen=True)
class District:
    """A district or cluster, how many actors are active in it, and the collective actors among them."""

    thing: Mapping[str, str]
    actors: int
    collective: list[Mapping[str, str]]


@dataclass(frozen=True)
class Holding:
    """A graph: its triples, and how many more they are than in the release before, if there is one."""

    name: str
    label: str
    triples: int
    more: int | None


def home_page(
    summary: str,
    model: Model,
    queries: Iterable[NamedQuery],
    districts: Table | None,
    releases: Sequence[Published],
    places: Sequence[tuple[str, str, str]],
    wording: Wording,
) -> bytes:
    """Return the page; `releases` begin with the one that is served and the one before it, where there is one.

    The questions that join most things come first.
    """
    page = template("home.html").render(
        summary=summary,
        sentences=sorted(filter(attrgetter("sentence"), queries), key=lambda query: -len(query.sentence_parts)),
        districts=_districts(districts) if districts else [],
        href=address,
        release=releases[0] if releases else None,
        before=releases[1] if len(releases) > 1 else None,
        holdings=_holdings(releases),
        classes=_classes(releases[0], model, wording) if releases else [],
        places=places,
    )
    return page.encode()


def _districts(table: Table) -> list[District]:
    """Return the districts, those with most actors first."""
    found: dict[str, District] = {}
    for row in table.documents():
        district = found.setdefault(row["district"]["iri"], District(row["district"], row["actors"], []))
        if row["actor"]:
            district.collective.append(row["actor"])
    return sorted(found.values(), key=lambda district: -district.actors)


def _holdings(releases: Sequence[Published]) -> list[Holding]:
    """Return the graphs of the first release beside those of the second, sources before what is made of them."""
    if not releases:
        return []
    sources, now = releases[0].sources(), releases[0].graphs
    before = releases[1].graphs if len(releases) > 1 else None
    found = [
        Holding(
            graph.removeprefix(GRAPH),
            _label(graph, sources),
            now.get(graph, 0),
            None if before is None else now.get(graph, 0) - before.get(graph, 0),
        )
        for graph in sorted({*now, *(before or ())})
    ]
    return sorted(found, key=lambda held: (held.label == held.name, held.label.casefold()))


def _label(graph: str, sources: Mapping[str, Mapping[str, Any]]) -> str:
    """Return what a paper is called, or else the name of the graph."""
    record = sources.get(graph, {}).get("record") or {}
    return str(record.get("label", graph.removeprefix(GRAPH)))


def _classes(release: Published, model: Model, wording: Wording) -> list[tuple[str, Markup, int]]:
    """Return the classes with most things: collection, label and how many; none where a graph is hidden."""
    counts: Mapping[str, int] = release.manifest["counts"].get("things_by_class", {})
    collections = {term.name: (name, wording.name(term.iri, term.label)) for name, term in model.collections.items()}
    most = sorted(((count, name) for name, count in counts.items() if name in collections), key=lambda one: -one[0])
    return [(*collections[name], count) for count, name in most[:_MOST_CLASSES]]
