"""What a comparison consists of: cells of values, each with what joins it to the case and where that is said."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from service.comparison.dimensions import Dimension
from service.literature.works import Work
from service.store.selection import Literal
from service.things.document import reference


class Basis(StrEnum):
    """How a value stands in the graph, the surest first."""

    STATED = "stated"
    INFERRED = "inferred"
    MENTIONED = "mentioned"


BASES = {
    Basis.STATED: "is stated",
    Basis.INFERRED: "follows from what is stated",
    Basis.MENTIONED: "a claim or a citation is about both the case and the value, which does not join them",
}
"""What each basis means, for who reads a table."""

_ORDER = list(Basis)


@dataclass(frozen=True)
class Passage:
    """Where a source says something."""

    iri: str
    source: str
    section: str
    start: int
    end: int


@dataclass(frozen=True)
class Relation:
    """A triple that joins a case to a value: one of the case itself, or of what is part of the case (`via`).

    `through` is what stands between the two: the activity or the claim; nothing does where the case itself takes part
    in the situation that the triple is of, unless case and value are peers, which stand in it beside each other.
    """

    subject: str
    property: str
    object: str | Literal
    is_forward: bool
    via: str | None
    through: str | None
    is_mention: bool


@dataclass
class Entry:
    """A value in a cell: what joins it to the case, how each of these stands in the graph, and where it is said."""

    value: str | Literal
    relations: list[Relation] = field(default_factory=list)
    bases: dict[Relation, Basis] = field(default_factory=dict)
    passages: dict[Relation, list[Passage]] = field(default_factory=dict)

    @property
    def basis(self) -> Basis:
        """How the value stands in the graph: as the surest of its relations does."""
        return min(self.bases.values(), key=_ORDER.index)


@dataclass
class Comparison:
    """Cells by row and case, the labels of all things in them, the modality of claims, figures, and the sources.

    `works` are the sources that are publications, `references` what they are cited as, by IRI.
    """

    cases: Sequence[str]
    dimensions: Sequence[Dimension]
    cells: dict[tuple[str, str], list[Entry]]
    version: str
    release: str
    labels: Mapping[str, str] = field(default_factory=dict)
    modalities: Mapping[str, str] = field(default_factory=dict)
    figures: dict[str, dict[str, Literal]] = field(default_factory=dict)
    works: list[Work] = field(default_factory=list)
    references: Mapping[str, str] = field(default_factory=dict)

    def entries(self, dimension: Dimension, case: str) -> list[Entry]:
        """Return the values of a cell, the surest first, and each kind by label."""
        cell = self.cells[dimension.name, case]
        return sorted(cell, key=lambda entry: (_ORDER.index(entry.basis), self.label_of(entry.value).casefold()))

    def label_of(self, value: str | Literal) -> str:
        """Return what a value is called."""
        if isinstance(value, tuple):
            return value[0]
        return str(reference(value, self.labels.get(value))["label"])

    def reference_of(self, source: str) -> str:
        """Return the reference to a source, or its label and IRI where it is no publication."""
        return self.references.get(source) or f"{self.label_of(source)}, {source}"

    def parts(self) -> list[str]:
        """Return what the cases are joined to values through, in the order of IRIs."""
        relations = (one for cell in self.cells.values() for entry in cell for one in entry.relations)
        return sorted({one.via for one in relations if one.via})

    def sources(self) -> list[str]:
        """Return the sources of all relations, in the order of their labels."""
        passages = (places for cell in self.cells.values() for entry in cell for places in entry.passages.values())
        return self.ordered(place.source for places in passages for place in places)

    def ordered(self, sources: Iterable[str]) -> list[str]:
        """Return sources, each once, in the order of their labels."""
        return sorted(set(sources), key=lambda iri: (self.label_of(iri).casefold(), iri))
