"""Reads what is shown of a thing that was found: its label, its types, and the texts that have the words."""

import sqlite3
from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import quote

from loaders.words import parts_of_words
from ontology.iris import BASE, THING, local_name
from service.search.answers import Found, Match, highlight
from service.search.ranking import Bounds, Ranked
from service.search.words import Term, Wanted


def shown(connection: sqlite3.Connection, wanted: Wanted, bounds: Bounds, row: Ranked) -> Found:
    """Return a thing as one that was found, as far as the client may know of it."""
    (iri,) = connection.execute("SELECT iri FROM things WHERE id = ?", (row.thing,)).fetchone()
    named = f"SELECT text FROM texts WHERE thing = ? AND is_name AND origin {bounds.visible} ORDER BY place, id LIMIT 1"
    label = connection.execute(named, (row.thing,)).fetchone()
    of_thing = f"""SELECT name FROM types JOIN classes ON classes.id = types.class
        WHERE thing = ? AND types.origin {bounds.visible} ORDER BY place"""
    types = [name for (name,) in connection.execute(of_thing, (row.thing,))]
    best, others, missing = _texts(connection, wanted, bounds, row)
    return Found(
        id=iri,
        label=label[0] if label else local_name(iri),
        type=types[0] if types else None,
        types=types,
        href=_href(iri),
        matched=best.matched,
        language=best.language,
        highlight=best.highlight,
        others=others,
        missing=missing,
    )


def _texts(
    connection: sqlite3.Connection, wanted: Wanted, bounds: Bounds, row: Ranked
) -> tuple[Match, list[Match], list[str]]:
    """Return the best text, others with terms that it lacks, each with one more, and the words that none has."""
    best = _Text(*connection.execute(f"{_TEXT} WHERE id = ?", (row.text,)).fetchone())
    if row.held_by_text == sum(term.need for term in wanted.terms):
        return best.match(wanted), [], list(wanted.missing)
    left, others = best.lacking(wanted.terms), list[Match]()
    names = "AND is_name" if bounds.only_names else ""
    of_thing = f"{_TEXT} WHERE thing = ? AND origin {bounds.visible} {names} ORDER BY place, id"
    for text in (_Text(*each) for each in connection.execute(of_thing, (row.thing,))):
        if len(lacking := text.lacking(left)) < len(left):
            left = lacking
            others.append(text.match(wanted))
    missing = dict.fromkeys([*(term.written for term in left), *wanted.missing])
    return best.match(wanted), others, list(missing)


_TEXT = "SELECT property, language, text, folded FROM texts"


class _Text(NamedTuple):
    """A text as it is written, and its folded words."""

    property: str
    language: str
    text: str
    folded: str

    def lacking(self, terms: Sequence[Term]) -> list[Term]:
        """Return the terms that it has not."""
        words = [*self.folded.split(), *parts_of_words(self.text)]
        return [term for term in terms if not term.is_in(words)]

    def match(self, wanted: Wanted) -> Match:
        """Return it with the words marked that are looked for."""
        segments = highlight(self.text, wanted.fits)
        return Match(matched=self.property, language=self.language or None, highlight=segments)


def _href(iri: str) -> str:
    if iri.startswith(THING):
        return f"/api/things/{quote(iri.removeprefix(THING), safe='')}"
    return f"/{iri.removeprefix(BASE)}" if iri.startswith(BASE) else iri
