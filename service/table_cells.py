"""The cells of a table as pages show them: what each says, where it leads, and whether it is a figure."""

from collections.abc import Collection
from dataclasses import dataclass

from service.addresses import address
from service.tables import Table, Term


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
        [
            Cell(text, _path(row.get(name)), is_figure, language=row.get(name, {}).get("xml:lang"))
            for name, text, is_figure in zip(table.shown, texts, figures, strict=True)
        ]
        for row, texts, figures in zip(table.rows, table.texts(), table.figures(), strict=True)
    ]


def narrowed(table: Table, without: Collection[str]) -> Table:
    """Return a table without some columns, and without those that have nothing in any row."""
    return Table(
        tuple(name for name in table.columns if name not in without and any(name in r for r in table.rows)), table.rows
    )


def _path(term: Term | None) -> str | None:
    return address(term["value"]) if term and term["type"] == "uri" else None
