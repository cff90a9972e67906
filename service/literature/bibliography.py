"""References in the formats that are offered: data for reference managers, text and HTML for readers."""

import json
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from urllib.parse import quote

from markupsafe import Markup

from queries.errors import ParameterError
from service.literature import bibtex, csl, ris
from service.literature.csl import item_of
from service.literature.formatted import Style, formatted_html, formatted_text
from service.literature.works import Work
from service.templating import template

MOST_FORMATTED = 500


class Format(StrEnum):
    """The formats by the names that `format` takes."""

    CSL = "csl"
    BIBTEX = "bibtex"
    RIS = "ris"
    TEXT = "text"
    HTML = "html"


MEDIA_TYPES: Mapping[Format, str] = {
    Format.CSL: csl.MEDIA_TYPE,
    Format.BIBTEX: bibtex.MEDIA_TYPE,
    Format.RIS: ris.MEDIA_TYPE,
    Format.TEXT: "text/plain",
    Format.HTML: "text/html",
}
STYLED = (Format.TEXT, Format.HTML)


def written(works: Sequence[Work], format_: Format, style: Style) -> str:
    """Return the references to publications; `style` is for those formats that have one.

    Raises ParameterError where these are too many to be formatted.
    """
    if format_ in STYLED and len(works) > MOST_FORMATTED:
        raise ParameterError(
            f"{len(works)} references are too many to be formatted at once, {MOST_FORMATTED} are the most; "
            "ask for less with 'ids', 'cited_by' or 'cites', or for another format"
        )
    return _WRITERS[format_](works, style)


def _csl(works: Sequence[Work], style: Style) -> str:
    return json.dumps(list(map(item_of, works)), ensure_ascii=False, indent=2) + "\n"


def _bibtex(works: Sequence[Work], style: Style) -> str:
    return bibtex.bibtex(map(item_of, works))


def _ris(works: Sequence[Work], style: Style) -> str:
    return ris.ris(map(item_of, works))


def _text(works: Sequence[Work], style: Style) -> str:
    return "".join(f"{formatted_text(item_of(work), work.label, style)}\n" for work in works)


def _html(works: Sequence[Work], style: Style) -> str:
    """Return the references as a page, with the classes that CSL processors give them."""
    entries = [(work.id, Markup(formatted_html(item_of(work), work.label, style)), _page_of(work)) for work in works]
    title = works[0].label if len(works) == 1 else "References"
    return template("bibliography.html").render(title=title, style=style.value, entries=entries)


def _page_of(work: Work) -> str:
    """Return the address of the page of a publication, or of what is not ours its IRI."""
    return f"/id/{quote(work.id)}" if work.is_ours else work.iri


_WRITERS: Mapping[Format, Callable[[Sequence[Work], Style], str]] = {
    Format.CSL: _csl,
    Format.BIBTEX: _bibtex,
    Format.RIS: _ris,
    Format.TEXT: _text,
    Format.HTML: _html,
}
