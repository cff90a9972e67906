"""The JSON of a comparison, as OpenAPI describes it; the keys that are terms are those of the ontology."""

from pydantic import BaseModel, Field

from service.comparison.cells import Basis
from service.explanation.schema import Reference, TypedValue

Plain = TypedValue | bool | int | float | str


class ComparedSource(BaseModel):
    """A source with the number that it has here, and its reference with DOI in the style of the APA."""

    number: int
    id: str
    label: str
    href: str | None = None
    reference: str


class ComparedEvidence(BaseModel):
    """Where something stands: in which section of which source, from and to which position of its normalised text."""

    id: str
    href: str | None = None
    source: str = Field(description="The IRI of one of `sources`.")
    section: str
    start: int
    end: int


class ComparedPart(Reference):
    """What counts as part of a case: an activity at it, a situation that it is part of, a claim with how sure it is."""

    modality: str | None = None


class ComparedRelation(BaseModel):
    """A triple that joins the case, or what is part of it (`via`), to the value.

    `label` is that of the property; `explanation` is where it is told why the triple is in the graph.
    """

    subject: str
    property: str
    label: str
    object: Plain
    basis: Basis
    via: str | None = Field(None, description="The IRI of one of `parts`.")
    evidence: list[ComparedEvidence]
    explanation: str | None = None


class Figure(BaseModel):
    """The figure of a statistic: a value or a range, its unit, its period, and how close it is meant to be."""

    value: Plain | None = None
    minimumValue: Plain | None = None  # noqa: N815 - a term of the ontology
    maximumValue: Plain | None = None  # noqa: N815 - a term of the ontology
    unit: str | None = None
    fromYear: Plain | None = None  # noqa: N815 - a term of the ontology
    toYear: Plain | None = None  # noqa: N815 - a term of the ontology
    approximation: str | None = None


class ComparedValue(BaseModel):
    """A thing, or a literal (`value`), with all that joins it to the case; its basis is the surest of these."""

    id: str | None = None
    label: str
    href: str | None = None
    value: Plain | None = None
    figure: Figure | None = None
    basis: Basis
    relations: list[ComparedRelation]


class ComparedCell(BaseModel):
    """What a case has in a row; a cell without values is a gap."""

    item: str
    values: list[ComparedValue]


class ComparedRow(BaseModel):
    """A dimension: things of classes, or values of properties (`terms`), and a cell for each case."""

    dimension: str
    label: str
    terms: list[Reference]
    cells: list[ComparedCell]


class ComparedCases(BaseModel):
    """Cases side by side; `bases` tells what each basis means."""

    release: str
    items: list[Reference]
    bases: dict[Basis, str]
    rows: list[ComparedRow]
    parts: list[ComparedPart]
    sources: list[ComparedSource]

    def json_bytes(self) -> bytes:
        """Return the document as JSON, without what is not known."""
        return self.model_dump_json(by_alias=True, exclude_none=True).encode()
