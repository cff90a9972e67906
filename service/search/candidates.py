"""Chooses the texts to be ranked: all that have a word, or where words are in very many texts, those that come first.

The texts of a loaded source stand in the index in the order of their rank, as far as that does not depend on what is
searched: so the first ones with all words are read, and the others are not.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from loaders.search_tables import FIRST_OF_SOURCES
from service.search.words import Term, Wanted, phrase_expression

# So many texts can be ranked in a few milliseconds.
_MOST_TEXTS = 3000
# How many come from each range, of each way to be found.
_MOST_OF_RANGE = 400

Range = tuple[int, int]
_OF_PAPERS = (1, FIRST_OF_SOURCES - 1)


@dataclass(frozen=True)
class Candidates:
    """The texts to be ranked.

    They are all that there are where `are_all`; where they are not, all things with a rare word are among them if they
    `have_rarest`.
    """

    texts: Sequence[int]
    are_all: bool
    have_rarest: bool = False


@dataclass(frozen=True)
class Lists:
    """Lists texts in the order of their ids: found in `column`, where `condition` holds for the row in `texts`."""

    connection: sqlite3.Connection
    column: str
    condition: str
    values: Sequence[object]
    left_out: Sequence[tuple[str, ...]]

    def having(self, expression: str, within: Iterable[Range], most: int = -1) -> Iterator[int]:
        """Yield the texts that an expression of FTS5 finds, at most so many within each range."""
        without = "".join(f" NOT {phrase_expression(phrase)}" for phrase in self.left_out)
        joined = f"CROSS JOIN texts ON texts.id = found.rowid AND {self.condition}" if self.condition else ""
        statement = f"""SELECT found.rowid FROM found {joined}
            WHERE found MATCH ? AND found.rowid BETWEEN ? AND ? ORDER BY found.rowid LIMIT ?"""
        for first, last in within:
            bound = *self.values, f"{self.column}({expression}){without}", first, last, most
            yield from (id_ for (id_,) in self.connection.execute(statement, bound))


def candidates(wanted: Wanted, lists: Lists, ranges: Sequence[Range]) -> Candidates:
    """Return the texts to be ranked, of papers and of sources, which are in `ranges` of ids."""
    terms = sorted(wanted.terms, key=lambda term: term.texts)
    any_term = " OR ".join(term.expression for term in terms)
    if not ranges or sum(term.texts for term in terms) <= _MOST_TEXTS:
        return Candidates([*lists.having(any_term, [_OF_PAPERS, *ranges])], are_all=True)
    of_papers = [*lists.having(any_term, [_OF_PAPERS])]
    if terms[0].texts <= _MOST_TEXTS:
        rare = [*lists.having(terms[0].expression, ranges)]
        found = _of_same_things(lists.connection, [*of_papers, *rare]) if len(terms) > 1 else rare
        return Candidates([*dict.fromkeys([*of_papers, *found])], are_all=False, have_rarest=True)
    for count in range(len(terms), 0, -1):
        if found := _first(wanted, terms[:count], lists, ranges):
            break
    return Candidates([*dict.fromkeys([*of_papers, *found])], are_all=False)


def _first(wanted: Wanted, terms: Sequence[Term], lists: Lists, ranges: Sequence[Range]) -> list[int]:
    """Return the first texts that have all terms, and of these the first that have them in the ways that count most."""
    every = " AND ".join(term.expression for term in terms)
    found = [*lists.having(every, ranges, _MOST_OF_RANGE)]
    if len(found) < _MOST_OF_RANGE:
        return found
    exact = " AND ".join(term.exact_expression for term in terms)
    begins = " OR ".join(f'^ "{spelling}"' for spelling in wanted.spellings)
    for expression in {exact, begins, _going_on(wanted)} - {"", every}:
        found += lists.having(expression, ranges, _MOST_OF_RANGE)
    return found


def _going_on(wanted: Wanted) -> str:
    """Return what finds the names that begin with what was written, where it is to go on."""
    last = wanted.terms[-1]
    if last.beginning and not last.continued:
        return " OR ".join(f'^ "{spelling}"*' for spelling in wanted.spellings)
    before = wanted.spellings[0].rpartition(" ")[0]
    return " OR ".join(f'^ "{before} {word}"' for word in last.continued)


def _of_same_things(connection: sqlite3.Connection, texts: Sequence[int]) -> Iterator[int]:
    """Yield these texts and all others of the same things."""
    statement = """SELECT DISTINCT other.id FROM texts AS one JOIN texts AS other ON other.thing = one.thing
        WHERE one.id IN (SELECT value FROM json_each(?))"""
    return (id_ for (id_,) in connection.execute(statement, (str(list(texts)),)))
