"""What a publication cites, or is cited by, a page at a time, and what each work is cited for."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from ontology.iris import RELEASE
from service.engine.engine import Answer
from service.http.links import Pages
from service.literature.csl import item_of
from service.literature.formatted import Style, formatted_text
from service.literature.questions import TYPES as CSL_TYPES
from service.literature.questions import Selection, cited_for, counted, described, publication
from service.literature.turns import formatted
from service.literature.works import Rows, Work, href, label_of, one_line, read, require, require_about, tables
from service.reader import Reader
from service.tables import Term


class _Model(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, frozen=True)


class Named(_Model):
    """A thing: its IRI and its label."""

    id: str = Field(examples=["https://w3id.org/districtgraph/id/living-labs"])
    label: str


class Passage(_Model):
    """Where in the text of the citing publication a citation stands; positions are those of its normalised text."""

    section: str | None
    start: int | None
    end: int | None


class CitationInText(_Model):
    """A place where a work is cited: the key that is printed there, what for, and what about."""

    id: str
    label: str
    cited_as: str | None = Field(examples=["Bellandi et al., 2020"])
    purpose: str | None
    about: list[Named]
    evidence: list[Passage]


class CitedWork(_Model):
    """A publication and the citations that join it to the one that was asked for."""

    id: str = Field(examples=["https://w3id.org/districtgraph/id/cooke-2001"])
    label: str = Field(examples=["Cooke (2001)"])
    href: str | None = Field(examples=["/api/publications/cooke-2001"])
    title: str | None
    year: int | None
    byline: str | None = Field(description="The authors as printed, in order, separated by semicolons.")
    doi: str | None
    cited_in_text: bool = Field(description="Whether a citation in the text is known, or the reference list alone.")
    reference: str | None = Field(None, description="The reference in the style that was asked for.")
    citations: list[CitationInText]


class Subject(Named):
    """The publication that was asked for."""

    href: str | None


class CitedWorks(_Model):
    """A page of the publications that one cites, or is cited by."""

    publication: Subject
    release: str
    total: int = Field(description="How many publications there are on all pages.")
    next: str | None = Field(description="Where the next page is.")
    works: list[CitedWork]


async def cited_works(
    reader: Reader, selection: Selection, pages: Pages, limit: int, style: Style | None
) -> tuple[CitedWorks, Answer[tuple[bytes, ...]]]:
    """Return a page of the publications of `selection`, in the order of a reference list, also in a style.

    Raises UnknownPublicationError; ParameterError where nothing is known that it could be about; ReleaseError or
    EngineError.
    """
    work, offset = selection.cited_by or selection.cites, pages.offset()
    assert work is not None
    asked = (counted(selection), *described(selection, limit, offset), CSL_TYPES, *cited_for(selection, limit, offset))
    (found, total, *rows), answer = await tables(reader, (publication(work), *asked))
    await require(reader, work, found)
    order, told, classes, types, *citations = rows
    count = int(total[0]["total"]["value"])
    if selection.about is not None and not count:
        await require_about(reader, selection)
    label = label_of(work.value, _labels(found))
    by_work, listed = _citations(*citations), read(order, told, classes, types)
    references = {} if style is None else await _references(reader, listed, style)
    page = CitedWorks(
        publication=Subject(id=work.value, label=label, href=href(work.value)),
        release=RELEASE + answer.release,
        total=count,
        next=pages.next(offset + len(listed), count) if listed else None,
        works=[_cited(work, by_work.get(work.iri, []), references.get(work.iri)) for work in listed],
    )
    return page, answer


async def _references(reader: Reader, listed: Sequence[Work], style: Style) -> dict[str, str]:
    return await formatted(
        reader, listed, lambda: {work.iri: formatted_text(item_of(work), work.label, style) for work in listed}
    )


def _cited(work: Work, citations: list[CitationInText], reference: str | None) -> CitedWork:
    year = work.value("year")
    return CitedWork(
        id=work.iri,
        label=work.label,
        href=href(work.iri),
        title=work.value("title"),
        year=_number(year),
        byline=work.value("byline"),
        doi=work.value("doi"),
        cited_in_text=bool(citations),
        reference=reference,
        citations=citations,
    )


def _citations(told: Rows, about: Rows, evidence: Rows) -> dict[str, list[CitationInText]]:
    """Return the citations of each work, in the order of the text."""
    subjects: dict[str, dict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
    for row in about:
        labels = subjects[row["citation"]["value"]][row["about"]["value"]]
        labels += [row["label"]] if "label" in row else []
    passages: dict[str, list[Passage]] = defaultdict(list)
    for row in evidence:
        passages[row["citation"]["value"]].append(_passage(row))
    rows: dict[tuple[str, str], list[Mapping[str, Term]]] = defaultdict(list)
    for row in told:
        rows[row["work"]["value"], row["citation"]["value"]].append(row)
    found: dict[str, list[CitationInText]] = defaultdict(list)
    for (work, citation), of_it in rows.items():
        found[work].append(
            CitationInText(
                id=citation,
                label=label_of(citation, _labels(of_it)),
                cited_as=_first(of_it, "citedAs"),
                purpose=_first(of_it, "purpose"),
                about=sorted(
                    (Named(id=iri, label=label_of(iri, labels)) for iri, labels in subjects[citation].items()),
                    key=lambda thing: (thing.label.casefold(), thing.id),
                ),
                evidence=sorted(passages[citation], key=_place),
            )
        )
    for citations in found.values():
        citations.sort(key=lambda citation: ([_place(passage) for passage in citation.evidence], citation.id))
    return found


def _passage(row: Mapping[str, Term]) -> Passage:
    return Passage(
        section=_first([row], "section"),
        start=_number(_first([row], "start")),
        end=_number(_first([row], "end")),
    )


def _place(passage: Passage) -> tuple[int, int, str]:
    return passage.start or 0, passage.end or 0, passage.section or ""


def _labels(rows: Rows) -> list[Term]:
    return [row["label"] for row in rows if "label" in row]


def _first(rows: Rows, name: str) -> str | None:
    return min((one_line(row[name]["value"]) for row in rows if name in row), default=None)


def _number(text: str | None) -> int | None:
    try:
        return None if text is None else int(text)
    except ValueError:
        return None
