"""Writes the table of a comparison in LaTeX: a long table whose lines have what several cases share side by side."""

import re
from collections.abc import Iterator, Sequence

from pylatexenc.latexencode import UnicodeToLatexEncoder  # type: ignore[import-untyped]

from service.comparison.table import NOTES, Line, Table
from service.things.description import local_name

_ENCODER = UnicodeToLatexEncoder(
    replacement_latex_protection="braces-all", unknown_char_policy="keep", unknown_char_warning=False
)
_NOT_IN_A_LABEL = re.compile(r"[^A-Za-z0-9]+")
_GAP = "--"
_OF_THE_FIRST = 0.13


def latex_of(table: Table) -> bytes:
    """Return the table with its caption, and below it notes, references and release."""
    lines = [
        *_opening(table),
        *(line for row in table.rows for line in _row(row)),
        r"\end{longtable}",
        r"\sloppy",
        rf"\noindent {_tex(NOTES)} Release: {_tex(table.release)}",
        *_references(table.references),
        r"\endgroup",
        "",
    ]
    return "\n".join(lines).encode()


def _opening(table: Table) -> Iterator[str]:
    width = (1 - _OF_THE_FIRST) / len(table.heads)
    columns = "".join(_column(share) for share in (_OF_THE_FIRST, *[width] * len(table.heads)))
    heads = " & ".join(["", *(rf"\textbf{{{_tex(head)}}}" for head in table.heads)])
    name = _NOT_IN_A_LABEL.sub("-", "-".join(map(local_name, table.cases))).strip("-")
    yield r"% \usepackage{longtable,booktabs,array}"
    yield r"\begingroup\footnotesize\setlength{\tabcolsep}{3pt}"
    yield rf"\begin{{longtable}}{{@{{}}{columns}@{{}}}}"
    yield rf"\caption{{{_tex(', '.join(table.heads))} compared}}\label{{tab:{name}}}\\"
    yield from (r"\toprule", rf"{heads} \\", r"\midrule", r"\endfirsthead")
    yield from (r"\toprule", rf"{heads} \\", r"\midrule", r"\endhead")
    yield from (r"\bottomrule", r"\endfoot")


def _column(share: float) -> str:
    return rf">{{\raggedright\arraybackslash}}p{{\dimexpr {share:.4f}\linewidth-2\tabcolsep\relax}}"


def _row(row: Line) -> Iterator[str]:
    """Yield the lines of a row: each value on one of its own, those that several cases share first."""
    by_case = [{one.value: one for one in cell} for cell in row.cells]
    places = {one.value: (place, rank) for place, cell in enumerate(row.cells) for rank, one in enumerate(cell)}
    values = sorted(places, key=lambda value: (-sum(value in cell for cell in by_case), places[value]))
    lines = [[_tex(cell[value].text) if value in cell else "" for cell in by_case] for value in values]
    lines = lines or [[""] * len(by_case)]
    lines[0] = [text if cell else _GAP for text, cell in zip(lines[0], by_case, strict=True)]
    for number, line in enumerate(lines):
        yield rf"{' & '.join(['' if number else f'{{{_tex(row.label)}}}', *line])} \\"
    yield r"\addlinespace"


def _references(references: Sequence[str]) -> Iterator[str]:
    if references:
        yield r"\begin{enumerate}\renewcommand{\labelenumi}{[\arabic{enumi}]}"
        yield from (rf"\item {{}}{_tex(reference)}" for reference in references)
        yield r"\end{enumerate}"


def _tex(text: str) -> str:
    encoded: str = _ENCODER.unicode_to_latex(" ".join(text.split()))
    return encoded
