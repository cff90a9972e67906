"""References in the formats that are offered: data for reference managers, text and HTML for readers."""

import json
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum

from markupsafe import Markup

from service.literature import bibtex, csl, ris
from service.literature.csl import item_of
from service.literature.formatted import Style, formatted_html, formatted_text
from service.literature.works import Work, page_href
from service.templating import template


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
    """Return the references to publications; `style` is for those formats that have one."""
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
    entries = [
        (work.id, Markup(formatted_html(item_of(work), work.label, style)), page_href(work.iri)) for work in works
    ]
    title = works[0].label if len(works) == 1 else "References"
    return template("bibliography.html").render(title=title, style=style.value, entries=entries)


_WRITERS: Mapping[Format, Callable[[Sequence[Work], Style], str]] = {
    Format.CSL: _csl,
    Format.BIBTEX: _bibtex,
    Format.RIS: _ris,
    Format.TEXT: _text,
    Format.HTML: _html,
}
