"""Shows what is cited for what as a table: a page for readers, CSV for spreadsheets."""

import csv
import io
from collections.abc import Iterator, Mapping

from ontology.iris import THING
from service.literature.citations import CitationInText, CitedWork, CitedWorks
from service.literature.works import page_href
from service.templating import template

_COLUMNS = ("id", "label", "title", "year", "byline", "doi", "citation", "cited_as", "purpose", "about", "about_ids")
_PLACE = ("section", "start", "end")
_SEPARATOR = "; "


def cited_csv(page: CitedWorks) -> bytes:
    """Return a page as CSV (RFC 4180): a row for each place in the text, or for a work that the text does not cite."""
    columns = [*_COLUMNS, *_PLACE, *(["reference"] if any(work.reference for work in page.works) else [])]
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns, extrasaction="ignore")
    writer.writeheader()
    for work in page.works:
        writer.writerows(_rows(work))
    return text.getvalue().encode()


def cited_page(page: CitedWorks, title: str, formats: Mapping[str, str]) -> bytes:
    """Return a page as HTML, with links to the same in other formats."""
    return (
        template("citations.html")
        .render(title=title, page=page, formats=formats, href=page_href, local=lambda iri: iri.removeprefix(THING))
        .encode()
    )


def _rows(work: CitedWork) -> Iterator[dict[str, object]]:
    own = work.model_dump(exclude={"citations"})
    if not work.citations:
        yield own
    for citation in work.citations:
        for passage in [place.model_dump() for place in citation.evidence] or [{}]:
            yield own | _said(citation) | passage


def _said(citation: CitationInText) -> dict[str, object]:
    return {
        "citation": citation.id,
        "cited_as": citation.cited_as,
        "purpose": citation.purpose,
        "about": _SEPARATOR.join(thing.label for thing in citation.about),
        "about_ids": _SEPARATOR.join(thing.id for thing in citation.about),
    }
