"""Whatever a reference says, its formats can be read again: texts that mean something to BibTeX, RIS, LaTeX or HTML."""

import html
import re

import pytest
import rispy
from hypothesis import given, settings
from hypothesis import strategies as st
from pybtex.database import Person, parse_string
from pylatexenc.latex2text import LatexNodes2Text

from loaders.bibliography import CLASSES
from service.literature.bibtex import bibtex
from service.literature.csl import name_of
from service.literature.formatted import Style, formatted_html, formatted_text
from service.literature.ris import ris
from service.literature.works import one_line

Item = dict[str, object]

# Letters with and without accents, scripts that LaTeX has no commands for, and all that means something to a format.
TEXTS = st.lists(
    st.sampled_from(["a", "B", "é", "Ö", "ł", "ß", "中", "–", " ", "\n", "\u2028", "\0", "-", "'", "`", "?", ",", "."])
    | st.sampled_from([*'{}\\$%&#_^~<>@"=/;:|()[]*', "and", " et al.", "TY  - ", "ER  - ", "\ue000", "\ue001", "”"]),
    min_size=1,
    max_size=25,
).map(lambda parts: one_line("".join(parts)))
FILLED = TEXTS.filter(bool)
NAMES = FILLED.map(lambda text: name_of(text.replace(";", "")) if text.strip("; ") else {"literal": "x"})
ITEMS = st.fixed_dictionaries(
    {"id": st.just("x"), "type": st.sampled_from([*CLASSES, "thesis", "webpage", "patent", "no such type"])},
    optional={
        "title": FILLED,
        "author": st.lists(NAMES, min_size=1, max_size=4),
        "issued": st.integers(1, 2100).map(lambda year: {"date-parts": [[year]]}),
        "container-title": FILLED,
        "volume": FILLED,
        "issue": FILLED,
        "page": FILLED,
        "publisher": FILLED,
        "note": FILLED,
        "DOI": FILLED,
        "URL": FILLED,
    },
)


# What the reader of LaTeX makes of commands that it does not know, or knows for other characters.
MISREAD = {r"\textbraceleft": "{", r"\textbraceright": "}", r"\textquotedbl": '"', r"\textasciicircum": "^"}


def plain(latex: str) -> str:
    """Return LaTeX as text."""
    for place, command in enumerate(MISREAD):
        latex = re.sub(re.escape(command) + "(?![a-z])", chr(0x2780 + place), latex)
    text = str(LatexNodes2Text(keep_comments=True).latex_to_text(latex))
    return text.translate({0x2780 + place: character for place, character in enumerate(MISREAD.values())})


@given(ITEMS)
def test_any_reference_can_be_read_from_bibtex(item: Item) -> None:
    entries = parse_string(bibtex([item]), "bibtex")
    assert [*entries.entries] == ["x"]
    if "title" in item:
        assert plain(entries.entries["x"].fields["title"]) == item["title"]
    authors = item.get("author", [])
    persons = [str(person) for person in entries.entries["x"].persons.get("author", [])]
    shortened = persons[-1:] == ["others"]
    assert len(persons) == len(authors) + shortened  # type: ignore[arg-type]
    for name, person in zip(authors, persons, strict=False):  # type: ignore[call-overload]
        if "family" in name:
            parts = Person(person)
            family = " ".join([*parts.prelast_names, *parts.last_names])
            assert plain(family) == name["family"]


@given(ITEMS)
def test_any_reference_can_be_read_from_ris(item: Item) -> None:
    text = ris([item])
    assert [re.match(r"[A-Z][A-Z0-9]  - ", line) is not None for line in text.split("\r\n")[:-1]].count(False) == 0
    [told] = rispy.loads(text)
    for key, field in (("title", "title"), ("doi", "DOI"), ("secondary_title", "container-title")):
        assert told.get(key) == item.get(field)
    assert len(told.get("authors", [])) == len(item.get("author", []))  # type: ignore[arg-type]


@pytest.mark.slow
@settings(deadline=None, max_examples=150)
@given(ITEMS, st.sampled_from(Style))
def test_any_reference_can_be_formatted_and_is_harmless(item: Item, style: Style) -> None:
    text = formatted_text(item, "label", style)
    assert text, (item, style)
    page = formatted_html(item, "label", style)
    marked = re.sub(
        r'</?(?:i|b|u|sup|sub|span(?: class="small-caps")?|a(?: href="https://doi\.org/[^"<>]*")?)>', "", page
    )
    assert "<" not in marked
    assert ">" not in marked
    assert html.unescape(marked) == text
