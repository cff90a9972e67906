"""Asks the index which things have what is wanted, and puts them in order."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from service.search.words import Wanted, phrase_expression

# Which thing has which terms, in any of its texts; where there is but one term, all have it.
_TERMS = "SELECT DISTINCT thing, term, need FROM fitting JOIN told USING (hit)"
_TERM = "SELECT thing, need FROM best, (SELECT need FROM told LIMIT 1)"


class Ranked(NamedTuple):
    """A thing that was found, its best text, what it and that text have, and how many things there are on all pages."""

    text: int
    thing: int
    held_by_text: int
    held: int
    total: int


@dataclass(frozen=True)
class Bounds:
    """Which texts are searched: none of the origins `hidden`, of things of one of `classes`, in `language`, if any.

    A page begins after `offset` things.
    """

    hidden: frozenset[int]
    classes: Sequence[int]
    language: str | None
    only_names: bool
    limit: int
    offset: int

    @property
    def visible(self) -> str:
        """The condition on an origin that the client may know of."""
        return f"NOT IN ({', '.join(map(str, sorted(self.hidden)))})"


def ranked(connection: sqlite3.Connection, wanted: Wanted, bounds: Bounds) -> list[Ranked]:
    """Return a page of things, best first: those with all terms, or else those with half of what the best has or more.

    First come those of which one text has all that the thing has. Of these first what is called just what was asked
    for, then names that begin so or are it in other inflections, other names, other texts; and then, in this order,
    those in which a word goes on behind the one asked for; what is not of ours is one behind. Of each what is spoken of
    comes before what says it; and then what has rarer words in shorter texts. Ties go by IRI.

    Shown is the text that has most and fits best, or a name in English that has as much in whole words.
    """
    every = sum(term.need for term in wanted.terms)
    hits, found = _hits(wanted, bounds.only_names)
    fit, names = _fit(wanted)
    conditions, searched = _conditions(wanted, bounds)
    statement = f"""
        WITH hits (hit, term, need, value, is_whole) AS ({hits}),
        told AS MATERIALIZED (
            SELECT hit, term, need, max(value) AS value, max(is_whole) AS is_whole FROM hits GROUP BY hit, term
        ),
        by_text AS (
            SELECT hit, {every} - sum(need) AS lack, sum(value) AS value, min(is_whole) AS is_whole
            FROM told GROUP BY hit
        ),
        fitting AS MATERIALIZED (
            SELECT hit, thing, value * weight AS score, lack, {fit} AS fit, is_whole,
                is_name AND (language = '' OR language || '-' LIKE 'en-%') AS is_shown_first
            FROM by_text CROSS JOIN texts ON texts.id = hit WHERE {conditions}
        ),
        best AS (
            SELECT thing, max(score) AS score, min((lack << 8) | fit) AS place,
                min((lack << 40) | (16 - 16 * is_whole + iif(is_shown_first, 0, 1 + fit) << 32) | hit) AS shown
            FROM fitting GROUP BY thing
        ),
        by_term AS ({_TERMS if len(wanted.terms) > 1 else _TERM}),
        by_thing AS (SELECT thing, sum(need) AS held FROM by_term GROUP BY thing)
        SELECT shown & 0xFFFFFFFF, thing, {every} - (place >> 8), held, count(*) OVER ()
        FROM best JOIN by_thing USING (thing) JOIN things ON things.id = thing,
            (SELECT max(held) AS most FROM by_thing)
        WHERE held = {every} OR (most < {every} AND 2 * held >= most)
        ORDER BY held DESC, place >> 8 > {every} - held, (place & 255) + (standing = 2), standing, score DESC, thing
        LIMIT ? OFFSET ?"""
    bound = (*found, *names, *searched, bounds.limit, bounds.offset)
    return [Ranked(*row) for row in connection.execute(statement, bound)]


def _hits(wanted: Wanted, only_names: bool) -> tuple[str, list[object]]:
    """Return what finds the texts of each term in each way, with the values that are bound in it."""
    column = "name : " if only_names else ""
    selects, values = list[str](), list[object]()
    for number, term in enumerate(wanted.terms):
        for way in term.ways():
            selects.append(
                f"SELECT rowid, {number}, {term.need}, {way.value}, {way.is_whole:d} FROM found WHERE found MATCH ?"
            )
            values.append(f"{column}({way.expression})")
    return " UNION ALL ".join(selects), values


def _fit(wanted: Wanted) -> tuple[str, list[object]]:
    """Return how well a text fits as an expression, 0 for best, with the values that are bound in it."""
    spellings = wanted.spellings
    begins = " OR ".join(["substr(folded, 1, length(?)) = ?"] * len(spellings))
    expression = f"""CASE WHEN folded IN ({", ".join("?" * len(spellings))}) THEN NOT is_name
        WHEN is_name AND ({begins} OR stems = ?) THEN 1
        WHEN is_whole THEN 3 - is_name WHEN is_name AND ({begins}) THEN 4 ELSE 6 - is_name END"""
    end = "" if any(term.is_open for term in wanted.terms) else " "
    words = [spelling + end for spelling in spellings for _ in range(2)]
    beginnings = [spelling for spelling in spellings for _ in range(2)]
    return expression, [*spellings, *words, wanted.stems, *beginnings]


def _conditions(wanted: Wanted, bounds: Bounds) -> tuple[str, list[object]]:
    """Return which texts are searched, with the values that are bound in it."""
    conditions, values = [f"texts.origin {bounds.visible}"], list[object]()
    if bounds.language:
        # Basic filtering of RFC 4647, section 3.3.1: `de` finds `de-at` too.
        conditions.append("(texts.language || '-') LIKE ?")
        values.append(f"{bounds.language.lower()}-%")
    if bounds.classes:
        places = ", ".join("?" * len(bounds.classes))
        conditions.append(
            f"texts.thing IN (SELECT thing FROM types WHERE class IN ({places}) AND origin {bounds.visible})"
        )
        values += bounds.classes
    having = f"""(SELECT others.thing FROM found JOIN texts AS others ON others.id = found.rowid
        WHERE found MATCH ? AND others.origin {bounds.visible})"""
    for phrase in (term.phrase for term in wanted.terms if term.phrase):
        conditions.append(f"texts.thing IN {having}")
        values.append(phrase_expression(phrase))
    for phrase in wanted.left_out:
        conditions.append(f"texts.thing NOT IN {having}")
        values.append(phrase_expression(phrase))
    return " AND ".join(conditions), values
