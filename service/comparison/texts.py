"""Writes the table of a comparison as tidy CSV, as Markdown and as a page."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence

from service.comparison.queries import APPROXIMATION, FIGURES
from service.comparison.table import GAP, NOTES, Shown, Table, page_of
from service.templating import template
from service.things.wording import Wording

_FIGURES = (*FIGURES, APPROXIMATION)
_COLUMNS = (
    *("dimension", "item", "value", "id", "basis", "relation", "via"),
    *(f"figure.{name}" for name in _FIGURES),
    *("sources", "references", "release"),
)
# A backslash before a bracket would begin a formula in many readers of Markdown; without a target it is no link.
_MARKUP = re.compile(r"[\\|*_`]|(?<=\])[(:]")


def csv_of(table: Table) -> bytes:
    """Return the table as CSV (RFC 4180): a row a value, and one for each gap."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(_COLUMNS)
    writer.writerows(_tidy_rows(table))
    return text.getvalue().encode()


def _tidy_rows(table: Table) -> Iterator[list[str]]:
    for row in table.rows:
        for head, cell in zip(table.heads, row.cells, strict=True):
            for one in cell:
                yield [row.dimension, head, *_tidy(one, table)]
            if not cell:
                yield [row.dimension, head, *[""] * (len(_COLUMNS) - 3), table.release]


def _tidy(one: Shown, table: Table) -> Iterator[str]:
    yield from (one.label, one.iri or "", one.basis.value)
    yield " / ".join(words for words, _ in one.words)
    yield " / ".join(via for _, via in one.words).strip(" /")
    yield from (one.figure[name][0] if name in one.figure else "" for name in _FIGURES)
    yield from (one.source, " ".join(table.references[mark.number - 1] for mark in one.cited), table.release)


def markdown_of(table: Table) -> bytes:
    """Return the table in GitHub-flavoured Markdown, with notes, references and release below."""
    lines = [_line(["", *map(_escaped, table.heads)]), _line(["---"] * (len(table.heads) + 1))]
    for row in table.rows:
        cells = ("<br>".join(_escaped(one.text) for one in cell) or GAP for cell in row.cells)
        lines.append(_line([_escaped(row.label), *cells]))
    numbered = [f"{number}. {_escaped(reference)}" for number, reference in enumerate(table.references, 1)]
    parts = [
        "\n".join(lines),
        _escaped(NOTES),
        *(["\n".join(numbered)] if numbered else []),
        f"Release: <{table.release}>",
    ]
    return "\n\n".join([*parts, ""]).rstrip("\n").encode() + b"\n"


def page_of_table(
    table: Table,
    wording: Wording,
    formats: Iterable[tuple[str, str]],
    names: Sequence[str],
    kept: Sequence[tuple[str, str]],
) -> bytes:
    """Return the table as a page, with links to its other formats, and a form for other cases.

    `names` are what the cases were called, `kept` the other parameters that the table was asked for by.
    """
    page = template("comparison.html").render(
        table=table, notes=NOTES, formats=formats, gap=GAP, href=page_of, names=names, kept=kept, wording=wording
    )
    return page.encode()


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _escaped(text: str) -> str:
    return _MARKUP.sub(r"\\\g<0>", " ".join(text.split())).replace("<", "&lt;")
