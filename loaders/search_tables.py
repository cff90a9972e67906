"""The tables of the index that the labels, titles and other texts of a release are searched in: SQLite with FTS5.

    graphs    which sets of graphs state something together; an `origin` is such a set
    things    what can be found; `standing` tells how far it comes behind others that fit as well
    classes   what it may belong to, by local name
    types     what it belongs to, the best class first
    texts     what is called or said, in which language, by which origin, its folded words, with the parts of those in
              camel case, and how much each counts; of a name of few words also their stems
    counts    how many names, and texts in all, each origin has
    words     the folded words and their stems, with how many texts of an origin have them, in names and in all
    found     the full-text index: rows are those of `texts`, a word is found in `name` or in `body`
    ranges    the texts of loaded sources, from `first` to `last`, better ones first
    made_of   which sources, read in which way, the latter are

So whoever may not read a graph can be kept from what only that graph states, its words included.

A text of a loaded source has an id that tells where it comes among all: what has a word and comes first can be read
without reading what comes later. The first ids are left to the texts of the papers, in no such order.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import pairwise
from pathlib import Path

from loaders.search_rows import Folded, weight
from loaders.search_texts import Text

# To be raised with every change of the tables or of what is written into them.
FORMAT = 4

_TABLES = f"""
PRAGMA page_size = 4096;
PRAGMA user_version = {FORMAT};
CREATE TABLE graphs (origin INTEGER NOT NULL, graph TEXT NOT NULL, PRIMARY KEY (origin, graph)) WITHOUT ROWID;
CREATE TABLE things (id INTEGER PRIMARY KEY, iri TEXT NOT NULL, standing INTEGER NOT NULL);
CREATE TABLE classes (id INTEGER PRIMARY KEY, iri TEXT NOT NULL, name TEXT NOT NULL, origin INTEGER NOT NULL);
CREATE TABLE types (
    thing INTEGER NOT NULL, place INTEGER NOT NULL, class INTEGER NOT NULL, origin INTEGER NOT NULL,
    PRIMARY KEY (thing, place)
) WITHOUT ROWID;
CREATE TABLE texts (
    id INTEGER PRIMARY KEY, thing INTEGER NOT NULL, place INTEGER NOT NULL, property TEXT NOT NULL,
    language TEXT NOT NULL, text TEXT NOT NULL, is_name INTEGER NOT NULL, folded TEXT NOT NULL, parts TEXT, stems TEXT,
    weight REAL NOT NULL, origin INTEGER NOT NULL
);
CREATE TABLE counts (origin INTEGER PRIMARY KEY, names INTEGER NOT NULL, texts INTEGER NOT NULL);
CREATE TABLE words (
    word TEXT NOT NULL, stem TEXT NOT NULL, origin INTEGER NOT NULL, names INTEGER NOT NULL, texts INTEGER NOT NULL,
    PRIMARY KEY (word, origin)
) WITHOUT ROWID;
CREATE TABLE ranges (first INTEGER NOT NULL, last INTEGER NOT NULL, origin INTEGER NOT NULL);
CREATE TABLE made_of (key TEXT NOT NULL);
CREATE VIRTUAL TABLE found USING fts5 (
    name, body, content = '', prefix = '1 2 3', tokenize = 'unicode61 remove_diacritics 2'
);
INSERT INTO found (found, rank) VALUES ('hashsize', {1 << 26});
CREATE INDEX texts_by_thing ON texts (thing);
CREATE INDEX words_by_stem ON words (stem);
"""
_FOUND = """
INSERT INTO found (rowid, name, body)
SELECT id, iif(is_name, words, NULL), iif(is_name, NULL, words)
FROM (SELECT id, is_name, folded || coalesce(' ' || parts, '') AS words FROM texts WHERE id BETWEEN ? AND ? ORDER BY id)
"""

_SOURCE, _QUALITY = 34, 28
# Names by standing and number of words, then other texts by how much their words count.
_MOST_WORDS, _STANDINGS, _OTHERS, _LEVELS, _MOST_WEIGHT = 16, 3, 48, 16, 4.0
FIRST_OF_SOURCES = 1 << _SOURCE
"""The ids of texts of loaded sources begin here, and their things are numbered from here on."""


def quality(text: Text, words: Folded, standing: int) -> int:
    """Return how far behind others a text of a source comes, from 0 to 63."""
    if text.is_name():
        return standing * _MOST_WORDS + min(max(len(words.words), 1), _MOST_WORDS) - 1
    return _OTHERS + min(int(_LEVELS * (1 - weight(text, words) / _MOST_WEIGHT)), _LEVELS - 1)


def first_id(source: int, of_quality: int) -> int:
    """Return the id of the first text of such a quality in a source, which are counted from 1."""
    return (source << _SOURCE) + (of_quality << _QUALITY)


def ranges_of(source: int) -> Iterator[tuple[int, int]]:
    """Yield the first and the last id of what a source has: names by the standing of their things, other texts."""
    bounds = [*range(0, _OTHERS, _MOST_WORDS), _OTHERS, _OTHERS + _LEVELS]
    for first, end in pairwise(bounds):
        yield first_id(source, first), first_id(source, end) - 1


@contextmanager
def written(path: Path, *, is_new: bool) -> Iterator[sqlite3.Connection]:
    """Open the file of an index to write into it, in one transaction; a new one gets its tables.

    Nothing is done for the case that it is interrupted: then it is not used.
    """
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -65536;")
        if is_new:
            connection.executescript(_TABLES)
        connection.execute("BEGIN")
        yield connection
        connection.execute("COMMIT")


def index_words(connection: sqlite3.Connection, first: int, last: int) -> None:
    """Make texts with these ids found by their words."""
    connection.execute(_FOUND, (first, last))
