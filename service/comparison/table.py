"""Makes of a comparison a table to be read: values as text, numbered sources, and notes on what the signs mean."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from ontology.iris import RELEASE
from service.comparison.cells import BASES, Basis, Comparison, Entry, Passage
from service.comparison.explanations import explanation_path
from service.comparison.figures import figure_text
from service.comparison.words import BACK, Told, Words
from service.store.selection import Literal, integer_in
from service.things.description import local_name

GAP = "\N{EN DASH}"
NOTES = (
    "Square brackets have the numbers of sources, and their sections. Round brackets tell how a value is joined to the "
    f"case, where the row does not: by which property ({BACK}: from the value to the case), and after a semicolon "
    "through what. "
    + "; ".join(f"{basis}: {meaning}" for basis, meaning in BASES.items() if basis is not Basis.STATED)
    + f". {GAP}: the graph has nothing."
)
"""What the signs in a table mean."""


@dataclass(frozen=True)
class Mark:
    """A source by its number, and the sections that are cited of it."""

    number: int
    sections: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.number}: {', '.join(self.sections)}"


@dataclass(frozen=True)
class Shown:
    """A value as a table shows it.

    `words` are how it is joined, each with the labels of what this leads through; `joined` is what is said of that.
    """

    value: str | Literal
    label: str
    figure: Mapping[str, Literal]
    basis: Basis
    words: Sequence[tuple[str, str]]
    joined: str
    cited: tuple[Mark, ...]
    explanation: str | None

    @property
    def iri(self) -> str | None:
        """The value, where it is a thing."""
        return self.value if isinstance(self.value, str) else None

    @property
    def name(self) -> str:
        """The label with the figure of a statistic."""
        return f"{self.label}{figure_text(self.figure, self.label) if self.figure else ''}"

    @property
    def aside(self) -> str:
        """The basis where it is not that the value is stated, and how it is joined."""
        basis = "" if self.basis is Basis.STATED else self.basis.value
        return ": ".join(filter(None, (basis, self.joined)))

    @property
    def source(self) -> str:
        """The numbers and sections of the sources."""
        return "; ".join(map(str, self.cited))

    @property
    def text(self) -> str:
        """All of it."""
        aside = f" ({self.aside})" if self.aside else ""
        return f"{self.name}{aside}{f' [{self.source}]' if self.cited else ''}"


@dataclass(frozen=True)
class Line:
    """A row of a table: the cells of a dimension, in the order of the heads."""

    dimension: str
    label: str
    cells: Sequence[Sequence[Shown]]


@dataclass(frozen=True)
class Table:
    """A comparison as it is read: the cases with their labels, the rows, and the references by number."""

    cases: Sequence[str]
    heads: Sequence[str]
    rows: Sequence[Line]
    references: Sequence[str]
    release: str


def table_of(comparison: Comparison, words: Words) -> Table:
    """Return the table of a comparison."""
    told = {
        (one.name, case): [(entry, words.told(one, entry)) for entry in comparison.entries(one, case)]
        for one in comparison.dimensions
        for case in comparison.cases
    }
    cited = {place.source for cell in told.values() for entry, how in cell for place in _places(entry, how)}
    numbers = {iri: number for number, iri in enumerate(comparison.ordered(cited), 1)}
    rows = [
        Line(
            one.name,
            one.label,
            [
                [_shown(comparison, words, entry, how, numbers) for entry, how in told[one.name, case]]
                for case in comparison.cases
            ],
        )
        for one in comparison.dimensions
    ]
    heads = [comparison.label_of(case) for case in comparison.cases]
    references = [comparison.reference_of(iri) for iri in numbers]
    return Table(comparison.cases, heads, rows, references, RELEASE + comparison.release)


def page_of(iri: str) -> str:
    """Return where the page of a thing is."""
    return f"/page/{quote(local_name(iri), safe='')}"


def _shown(comparison: Comparison, words: Words, entry: Entry, told: Told, numbers: Mapping[str, int]) -> Shown:
    pairs = [
        (", ".join(of_one), ", ".join(map(comparison.label_of, through))) for of_one, through in told.words.items()
    ]
    sections: dict[int, set[str]] = {}
    for place in _places(entry, told):
        sections.setdefault(numbers[place.source], set()).add(place.section)
    return Shown(
        entry.value,
        " ".join(comparison.label_of(entry.value).split()),
        comparison.figures.get(entry.value, {}) if isinstance(entry.value, str) else {},
        entry.basis,
        pairs,
        " / ".join("; ".join(filter(None, pair)) for pair in pairs) if told.needs_words else "",
        tuple(Mark(number, tuple(sorted(found, key=_counted))) for number, found in sorted(sections.items())),
        explanation_path(told.relations[0], words.vocabulary),
    )


def _places(entry: Entry, told: Told) -> list[Passage]:
    return [place for one in told.relations for place in entry.passages[one]]


def _counted(section: str) -> list[tuple[bool, int, str]]:
    """Return the key of an order in which section 10 comes after 2."""
    parts = re.split(r"([0-9]{1,9})", section)
    numbers = [integer_in(part) for part in parts]
    return [(number is None, number or 0, part) for number, part in zip(numbers, parts, strict=True)]
