"""The cells of a table as pages show them: what each says, where it leads, and whether it is a figure."""

from collections.abc import Collection
from dataclasses import dataclass

from ontology.iris import BASE, GRAPH, RELEASE, TERM, THING
from service.tables import Table, Term

# What the service itself answers at, below its own address.
_SERVED = (THING, TERM, GRAPH, RELEASE)


@dataclass(frozen=True)
class Cell:
    """What a cell says; `href` is what it leads to, None where it is no link, `label` what the thing is called."""

    text: str
    href: str | None = None
    is_figure: bool = False
    label: str | None = None
    language: str | None = None


def cells(table: Table) -> list[list[Cell]]:
    """Return the rows of a table, without the columns of labels."""
    return [
        [Cell(*cell) for cell in zip(texts, (_path(row.get(name)) for name in table.shown), figures, strict=True)]
        for row, texts, figures in zip(table.rows, table.texts(), table.figures(), strict=True)
    ]


def narrowed(table: Table, without: Collection[str]) -> Table:
    """Return a table without some columns, and without those that have nothing in any row."""
    return Table(
        tuple(name for name in table.columns if name not in without and any(name in r for r in table.rows)), table.rows
    )


def _path(term: Term | None) -> str | None:
    return link_of(term["value"]) if term and term["type"] == "uri" else None


def link_of(iri: str) -> str | None:
    """Return what an IRI links to: a path of this service, an address on the web, or nothing."""
    if iri.startswith(_SERVED):
        return "/" + iri.removeprefix(BASE)
    return iri if iri.startswith(("http://", "https://")) else None
