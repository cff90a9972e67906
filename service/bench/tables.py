"""Prints measurements as tables, under a line on the machine and the versions."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

_WIDTH = 140


def header(document: Mapping[str, Any]) -> str:
    """Return on what machine and with which versions was measured."""
    on = document["machine"]
    versions = ", ".join(f"{name} {one or 'not installed'}" for name, one in document.get("versions", {}).items())
    return f"{on['processor']}, {on['cores']} cores, load {on['load_average']}\n{versions}".strip()


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]], left: Collection[str] = ()) -> Table:
    """Return a table of figures; the columns of names stand to the `left`."""
    made = Table(title=title)
    for column in columns:
        made.add_column(column, justify="left" if column in left else "right")
    for row in rows:
        made.add_row(*row)
    return made


def printed(*tables: Table) -> str:
    """Return tables as text."""
    console = Console(width=_WIDTH)
    with console.capture() as captured:
        for each in tables:
            console.print(each)
    return captured.get()
