"""Writes a comparison as a table: CSV, Markdown, LaTeX and HTML, with its sources numbered below."""

import csv
import io
from dataclasses import dataclass
from urllib.parse import quote

from ontology.iris import RELEASE
from service.comparison.asking import STATED, Comparison, Entry
from service.comparison.document import cited_sources, entries, label_of
from service.templating import template
from service.things.description import local_name

_GAP = "\N{EN DASH}"
_LATEX = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    "\N{EN DASH}": "--",
    **{sign: f"\\{sign}" for sign in "&%$#_{}"},
}


@dataclass(frozen=True)
class Shown:
    """A value as a table shows it: its label, how it stands, and the sources with their sections."""

    label: str
    basis: str
    cited: str
    iri: str | None

    @property
    def text(self) -> str:
        """All of it; what is stated needs no word for that."""
        basis = "" if self.basis == STATED else f" ({self.basis})"
        return f"{self.label}{basis}{f' [{self.cited}]' if self.cited else ''}"


@dataclass(frozen=True)
class Table:
    """A comparison as it is read: heads, rows of cells of values, and the sources by number."""

    heads: list[str]
    rows: list[tuple[str, list[list[Shown]]]]
    sources: list[str]
    release: str

    @classmethod
    def of(cls, comparison: Comparison) -> "Table":
        """Return the table of a comparison."""
        sources = cited_sources(comparison)
        numbers = {iri: number for number, iri in enumerate(sources, 1)}
        rows = [
            (
                one.label,
                [
                    [_shown(comparison, entry, numbers) for entry in entries(comparison, one.name, case)]
                    for case in comparison.cases
                ],
            )
            for one in comparison.dimensions
        ]
        heads = [comparison.labels.get(case, local_name(case)) for case in comparison.cases]
        named = [f"{comparison.labels.get(iri, iri)}, {iri}" for iri in sources]
        return cls(heads, rows, named, RELEASE + comparison.release)

    def csv(self) -> bytes:
        """Return the table as CSV (RFC 4180)."""
        text = io.StringIO(newline="")
        writer = csv.writer(text)
        writer.writerow(["", *self.heads])
        for label, cells in self.rows:
            writer.writerow([label, *("; ".join(value.text for value in cell) for cell in cells)])
        return text.getvalue().encode()

    def markdown(self) -> bytes:
        """Return the table in GitHub-flavoured Markdown, with the sources below."""
        lines = [_line(["", *self.heads]), _line(["---"] * (len(self.heads) + 1))]
        for label, cells in self.rows:
            lines.append(_line([label, *("; ".join(value.text for value in cell) or _GAP for cell in cells)]))
        notes = [f"{number}. {_escaped(source)}" for number, source in enumerate(self.sources, 1)]
        return "\n".join([*lines, "", *notes, "", f"Release: <{self.release}>", ""]).encode()

    def latex(self) -> bytes:
        """Return the table in LaTeX; it wants the packages booktabs and tabularx."""
        width = len(self.heads)
        lines = [
            rf"\begin{{tabularx}}{{\textwidth}}{{l*{{{width}}}{{>{{\raggedright\arraybackslash}}X}}}}",
            r"\toprule",
        ]
        lines.append(" & ".join(["", *map(_tex, self.heads)]) + r" \\")
        lines.append(r"\midrule")
        for label, cells in self.rows:
            texts = ["; ".join(_tex(value.text) for value in cell) or "--" for cell in cells]
            lines.append(" & ".join([_tex(label), *texts]) + r" \\")
        lines += [r"\bottomrule", r"\end{tabularx}", ""]
        lines += [f"% [{number}] {' '.join(source.split())}" for number, source in enumerate(self.sources, 1)]
        return "\n".join([*lines, f"% {self.release}", ""]).encode()

    def html(self, formats: list[tuple[str, str]]) -> bytes:
        """Return the table as a page, with links to its other formats."""
        page = template("comparison.html").render(table=self, formats=formats, gap=_GAP, href=_address)
        return page.encode()


def _shown(comparison: Comparison, entry: Entry, numbers: dict[str, int]) -> Shown:
    sections: dict[int, dict[str, None]] = {}
    for places in entry.passages.values():
        for place in places:
            sections.setdefault(numbers[place.source], {})[place.section] = None
    cited = "; ".join(f"{number}: {', '.join(sorted(found))}" for number, found in sorted(sections.items()))
    iri = entry.value if isinstance(entry.value, str) else None
    return Shown(label_of(comparison, entry) + _figure(comparison, entry), entry.basis, cited, iri)


def _figure(comparison: Comparison, entry: Entry) -> str:
    """Return the figure of a statistic, where its label does not tell it."""
    figure = comparison.figures.get(entry.value, {}) if isinstance(entry.value, str) else {}
    numbers = [figure[name][0] for name in ("value", "minimumValue", "maximumValue") if name in figure]
    digits = label_of(comparison, entry).replace(",", "")
    if not numbers or any(number in digits for number in numbers):
        return ""
    unit = f" {figure['unit'][0]}" if "unit" in figure else ""
    years = "-".join(sorted({figure[name][0] for name in ("fromYear", "toYear") if name in figure}))
    return f": {' to '.join(numbers)}{unit}" + (f" ({years})" if years else "")


def _address(iri: str) -> str:
    return f"/page/{quote(local_name(iri), safe='')}"


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(map(_escaped, cells))} |"


def _escaped(text: str) -> str:
    return " ".join(text.split()).replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;")


def _tex(text: str) -> str:
    return "".join(_LATEX.get(sign, sign) for sign in " ".join(text.split()))
