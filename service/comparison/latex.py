"""Writes the table of a comparison in LaTeX: a long table whose lines have what several cases share side by side."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import zip_longest

from pylatexenc.latexencode import (  # type: ignore[import-untyped]
    RULE_DICT,
    UnicodeToLatexConversionRule,
    UnicodeToLatexEncoder,
    get_builtin_conversion_rules,
)

from service.comparison.table import NOTES, Line, Table
from service.comparison.words import BACK
from service.store.selection import Literal
from service.things.description import local_name

# The arrow for texts is in no font that every LaTeX has.
_SPECIAL = {ord(BACK): r"\ensuremath{\leftarrow}"}
_ENCODER = UnicodeToLatexEncoder(
    conversion_rules=[UnicodeToLatexConversionRule(RULE_DICT, _SPECIAL), *get_builtin_conversion_rules("defaults")],
    replacement_latex_protection="braces-all",
    unknown_char_policy="keep",
    unknown_char_warning=False,
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
        r"\raggedright",
        rf"\noindent {_tex(NOTES)} What several cases share stands first, on one line. Release: {_tex(table.release)}",
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
    yield rf"\caption{{Comparison of {_tex(_listed(table.heads))}}}\label{{tab:{name}}}\\"
    yield from (r"\toprule", rf"{heads} \\", r"\midrule", r"\endfirsthead")
    yield from (r"\toprule", rf"{heads} \\", r"\midrule", r"\endhead")
    yield from (r"\bottomrule", r"\endfoot")


def _column(share: float) -> str:
    return rf">{{\raggedright\arraybackslash}}p{{\dimexpr {share:.4f}\linewidth-2\tabcolsep\relax}}"


def _listed(names: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def _row(row: Line) -> Iterator[str]:
    """Yield the lines of a row: first what several cases share, side by side, then what each has alone."""
    shared = _shared(row)
    alone = ([one for one in cell if one.value not in shared] for cell in row.cells)
    lines = [
        *([next((one for one in cell if one.value == value), None) for cell in row.cells] for value in shared),
        *zip_longest(*alone),
    ]
    texts = [["" if one is None else _tex(one.text) for one in line] for line in lines] or [[""] * len(row.cells)]
    texts[0] = [text if cell else _GAP for text, cell in zip(texts[0], row.cells, strict=True)]
    for number, line in enumerate(texts):
        yield rf"{' & '.join(['' if number else f'{{{_tex(row.label)}}}', *line])} \\"
    yield r"\addlinespace"


def _shared(row: Line) -> list[str | Literal]:
    """Return the values that several cases have, those that most have first."""
    counts = Counter(one.value for cell in row.cells for one in cell)
    return [value for value, count in counts.most_common() if count > 1]


def _references(references: Sequence[str]) -> Iterator[str]:
    if references:
        yield r"\begin{enumerate}\renewcommand{\labelenumi}{[\arabic{enumi}]}"
        yield from (rf"\item {{}}{_tex(reference)}" for reference in references)
        yield r"\end{enumerate}"


def _tex(text: str) -> str:
    encoded: str = _ENCODER.unicode_to_latex(" ".join(text.split()))
    return encoded
