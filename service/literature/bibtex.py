"""Writes references in BibTeX, in ASCII as far as LaTeX has a command for a character."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from urllib.parse import quote

from pylatexenc.latexencode import (  # type: ignore[import-untyped]
    RULE_DICT,
    RULE_REGEX,
    UnicodeToLatexConversionRule,
    UnicodeToLatexEncoder,
    get_builtin_conversion_rules,
)

from service.literature.csl import Item

MEDIA_TYPE = "application/x-bibtex"
# BibTeX counts braces whether or not there is a backslash before them, and LaTeX makes a curly quote of a straight one.
_SPECIAL = {ord("{"): r"\textbraceleft", ord("}"): r"\textbraceright", ord('"'): r"\textquotedbl"}
# Of two of these, one after another, LaTeX makes one character.
_LIGATURES = [(re.compile(r"(?<=-)-|(?<=')'|(?<=[`?!])`|(?<=<)<|(?<=>)>|(?<=,),"), r"{}\g<0>")]
_ENCODER = UnicodeToLatexEncoder(
    conversion_rules=[
        UnicodeToLatexConversionRule(RULE_DICT, _SPECIAL),
        UnicodeToLatexConversionRule(RULE_REGEX, _LIGATURES, "none"),
        *get_builtin_conversion_rules("defaults"),
    ],
    replacement_latex_protection="braces-all",
    unknown_char_policy="keep",
    unknown_char_warning=False,
)
_TYPES = {
    "article-journal": "article",
    "article-magazine": "article",
    "article-newspaper": "article",
    "book": "book",
    "chapter": "incollection",
    "paper-conference": "inproceedings",
    "report": "techreport",
    "thesis": "phdthesis",
}
_VENUES = {"article": "journal", "incollection": "booktitle", "inproceedings": "booktitle", "misc": "howpublished"}
_PUBLISHERS = {"techreport": "institution", "phdthesis": "school"}
_NOT_IN_A_KEY = re.compile(r"[^A-Za-z0-9_:./-]+")
_DASH = re.compile(r"(?<=\w)\s*[-\u2013\u2014]+\s*(?=\w)")
_ET_AL = re.compile(r"(?P<name>.+?),? et al\.?")
# These two are read as they stand, and so have no escape for a brace.
_VERBATIM = {"DOI": "doi", "URL": "url"}
_PERCENT = {ord("{"): "%7B", ord("}"): "%7D", ord("\\"): "%5C"}


def bibtex(items: Iterable[Item]) -> str:
    """Return the references, each under the id of its publication."""
    return "\n".join(_entry(item) for item in items)


def _entry(item: Item) -> str:
    type_ = _TYPES.get(item["type"], "misc")
    fields = "".join(f"  {name} = {{{value}}},\n" for name, value in _fields(type_, item))
    key = _NOT_IN_A_KEY.sub(lambda found: quote(found[0], safe="").replace("%", "_"), item["id"])
    return f"@{type_}{{{key},\n{fields}}}\n"


def _fields(type_: str, item: Item) -> Iterator[tuple[str, str]]:
    if "author" in item:
        yield "author", _names(item["author"])
    if "title" in item:
        yield "title", _title(item["title"])
    if "issued" in item:
        yield "year", str(item["issued"]["date-parts"][0][0])
    for field, name in (
        ("container-title", _VENUES.get(type_, "series")),
        ("volume", "volume"),
        ("issue", "number"),
        ("page", "pages"),
        ("publisher", _PUBLISHERS.get(type_, "publisher")),
        ("note", "note"),
    ):
        if field in item:
            yield name, _pages(item[field]) if field == "page" else _encoded(item[field])
    for field, name in _VERBATIM.items():
        if field in item:
            yield name, item[field].translate(_PERCENT)


def _names(names: Sequence[Mapping[str, str]]) -> str:
    """Return the authors; at the end of the list `others` is what BibTeX has for "et al."."""
    *_, last = names
    if (shortened := _ET_AL.fullmatch(last.get("literal", ""))) is not None:
        names = [*names[:-1], {"literal": shortened["name"]}]
    return " and ".join([*map(_name, names), *(["others"] if shortened else [])])


def _name(name: Mapping[str, str]) -> str:
    """Return a name; braces keep BibTeX from taking apart what is printed as one."""
    if "literal" in name:
        return f"{{{_encoded(name['literal'])}}}"
    return f"{_whole(name['family'])}, {_whole(name['given'])}"


def _whole(part: str) -> str:
    encoded = _encoded(part)
    return f"{{{encoded}}}" if "and" in part.lower().split() else encoded


def _title(title: str) -> str:
    """Return a title; braces keep the capitals of its words, but the first of all, from becoming small letters."""
    words = title.split(" ")
    return " ".join(
        f"{{{_encoded(word)}}}" if any(map(str.isupper, word[1:] if first else word)) else _encoded(word)
        for first, word in ((position == 0, word) for position, word in enumerate(words))
    )


def _pages(pages: str) -> str:
    return "--".join(map(_encoded, _DASH.split(pages)))


def _encoded(text: str) -> str:
    encoded: str = _ENCODER.unicode_to_latex(text)
    return encoded
