"""Puts in order the things that have what is wanted."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from service.search.candidates import Lists, Range, candidates
from service.search.words import Term, Wanted

# The folded words of a text and the parts of those in camel case, with a space before, between and behind them.
_WORDS = "' ' || {0}.folded || coalesce(' ' || {0}.parts, '') || ' '"
# A text has the last bits of a number that tells which one of a thing is shown, and of the first ones what it lacks.
_BITS_OF_TEXT, _BITS_OF_PLACE = 40, 8


class Ranked(NamedTuple):
    """A thing that was found, its best text, and what it and that text have of what is wanted."""

    text: int
    thing: int
    held_by_text: int
    held: int


@dataclass(frozen=True)
class Ranking:
    """A page of things, how many there are on all pages, and whether these are all."""

    page: Sequence[Ranked]
    total: int
    is_all: bool


@dataclass(frozen=True)
class Bounds:
    """Which texts are searched: none of the origins `hidden`, of things of one of `classes`, in `language`, if any.

    Those of loaded sources are in `ranges`. A page begins after `offset` things.
    """

    hidden: frozenset[int]
    ranges: Sequence[Range]
    classes: Sequence[int]
    language: str | None
    only_names: bool
    limit: int
    offset: int

    @property
    def visible(self) -> str:
        """The condition on an origin that the client may know of."""
        return f"NOT IN ({', '.join(map(str, sorted(self.hidden)))})"


def ranked(connection: sqlite3.Connection, wanted: Wanted, bounds: Bounds) -> Ranking:
    """Return a page of things, best first: those with all terms, or else those with half of what the best has or more.

    First come those of which one text has all that the thing has. Of these first what is called just what was asked
    for, then names that begin so or are it in other inflections, other names, other texts; and then, in this order,
    those in which a word goes on behind the one asked for; what is not of ours is one behind. Of each what is spoken of
    comes before what says it; and then what has rarer words in shorter texts. Ties go by IRI.

    Shown is the text that has most and fits best, or a name in English that has as much in whole words. Where words are
    in very many texts, the best things are ranked alone.
    """
    narrow, narrow_values = _narrow(bounds)
    column = "name : " if bounds.only_names else ""
    chosen = candidates(wanted, Lists(connection, column, narrow, narrow_values, wanted.left_out), bounds.ranges)
    every = sum(term.need for term in wanted.terms)
    told, strings = _told(wanted.terms)
    fit, names = _fit(wanted)
    conditions, searched = _conditions(wanted, bounds, narrow, narrow_values)
    statement = f"""
        WITH searched AS MATERIALIZED (
            SELECT texts.id AS hit, thing, {_WORDS.format("texts")} AS words, folded, stems, is_name, weight,
                is_name AND (language = '' OR language || '-' LIKE 'en-%') AS is_shown_first
            FROM json_each(?) AS candidate CROSS JOIN texts ON texts.id = candidate.value WHERE {conditions}
        ),
        told AS MATERIALIZED (SELECT *, {told} FROM searched),
        fitting AS MATERIALIZED (
            SELECT *, {every} - ({_held(wanted.terms, "value{} > 0")}) AS lack,
                ({" + ".join(f"value{number}" for number in range(len(wanted.terms)))}) * weight AS score,
                {fit} AS fit, {_is_whole(wanted.terms)} AS whole
            FROM told
        ),
        best AS MATERIALIZED (
            SELECT thing, max(score) AS score, min((lack << {_BITS_OF_PLACE}) | fit) AS place,
                min((lack << {_BITS_OF_TEXT + _BITS_OF_PLACE})
                    | ((16 - 16 * whole + iif(is_shown_first, 0, 1 + fit)) << {_BITS_OF_TEXT}) | hit) AS shown,
                {_held(wanted.terms, "max(value{}) > 0")} AS held
            FROM fitting WHERE lack < {every} GROUP BY thing
        )
        SELECT shown & {(1 << _BITS_OF_TEXT) - 1}, thing, {every} - (place >> {_BITS_OF_PLACE}), held, count(*) OVER ()
        FROM best JOIN things ON things.id = thing, (SELECT max(held) AS most FROM best)
        WHERE held = {every} OR (most < {every} AND 2 * held >= most)
        ORDER BY held DESC, place >> {_BITS_OF_PLACE} > {every} - held, (place & {(1 << _BITS_OF_PLACE) - 1}) +
            (standing = 2), standing, score DESC, thing
        LIMIT ? OFFSET ?"""
    bound = (str(list(chosen.texts)), *searched, *strings, *names, bounds.limit, bounds.offset)
    rows = connection.execute(statement, bound).fetchall()
    page = [Ranked(*row[:-1]) for row in rows]
    is_all = chosen.are_all or (chosen.have_rarest and all(row.held == every for row in page))
    return Ranking(page, rows[0][-1] if rows else 0, is_all)


def _told(terms: Sequence[Term]) -> tuple[str, list[object]]:
    """Return what tells how much a text has of each term, with the values that are bound in it."""
    columns, strings = list[str](), list[object]()
    for number, term in enumerate(terms):
        cases = ""
        for way in term.ways():
            cases += f" WHEN {' OR '.join(['instr(words, ?)'] * len(way.strings))} THEN {way.value}"
            strings += way.strings
        columns.append(f"CASE{cases} ELSE 0 END AS value{number}")
    return ", ".join(columns), strings


def _held(terms: Sequence[Term], has: str) -> str:
    """Return what is held of the terms, where an expression tells whether one is."""
    return " + ".join(f"{term.need} * ({has.format(number)})" for number, term in enumerate(terms))


def _is_whole(terms: Sequence[Term]) -> str:
    """Return whether all that a text has of the terms are whole words."""
    parts = [
        f"value{number} <> {way.value}" for number, term in enumerate(terms) for way in term.ways() if not way.is_whole
    ]
    return f"({' AND '.join(parts) or 'true'})"


def _fit(wanted: Wanted) -> tuple[str, list[object]]:
    """Return how well a text fits as an expression, 0 for best, with the values that are bound in it."""
    spellings = wanted.spellings
    begins = " OR ".join(["substr(folded, 1, length(?)) = ?"] * len(spellings))
    expression = f"""CASE WHEN folded IN ({", ".join("?" * len(spellings))}) THEN NOT is_name
        WHEN is_name AND ({begins} OR stems = ?) THEN 1
        WHEN {_is_whole(wanted.terms)} THEN 3 - is_name WHEN is_name AND ({begins}) THEN 4 ELSE 6 - is_name END"""
    end = "" if any(term.is_open for term in wanted.terms) else " "
    words = [spelling + end for spelling in spellings for _ in range(2)]
    beginnings = [spelling for spelling in spellings for _ in range(2)]
    return expression, [*spellings, *words, wanted.stems, *beginnings]


def _narrow(bounds: Bounds) -> tuple[str, list[object]]:
    """Return which language and classes are searched, with the values that are bound in it; nothing where all are."""
    conditions, values = list[str](), list[object]()
    if bounds.language:
        # Basic filtering of RFC 4647, section 3.3.1: `de` finds `de-at` too.
        conditions.append("(texts.language || '-') LIKE ?")
        values.append(f"{bounds.language.lower()}-%")
    if bounds.classes:
        places = ", ".join("?" * len(bounds.classes))
        conditions.append(f"""EXISTS (SELECT 1 FROM types
            WHERE types.thing = texts.thing AND class IN ({places}) AND types.origin {bounds.visible})""")
        values += bounds.classes
    return " AND ".join(conditions), values


def _conditions(
    wanted: Wanted, bounds: Bounds, narrow: str, narrow_values: Sequence[object]
) -> tuple[str, list[object]]:
    """Return which texts are ranked, with the values that are bound in it."""
    conditions = [f"texts.origin {bounds.visible}", *([narrow] if narrow else [])]
    values = [*narrow_values]
    if bounds.only_names:
        conditions.append("is_name")
    having = f"""EXISTS (SELECT 1 FROM texts AS others WHERE others.thing = texts.thing
        AND others.origin {bounds.visible} AND instr({_WORDS.format("others")}, ?))"""
    for phrase in (term.phrase for term in wanted.terms if term.phrase):
        conditions.append(having)
        values.append(f" {' '.join(phrase)} ")
    for phrase in wanted.left_out:
        conditions.append(f"NOT {having}")
        values.append(f" {' '.join(phrase)} ")
    return " AND ".join(conditions), values
