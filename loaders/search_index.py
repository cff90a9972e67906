"""Writes the index that the labels, titles and other texts of a release are searched in: an SQLite file with FTS5.

    graphs    which sets of graphs state something together; an `origin` is such a set
    things    what can be found; `is_ours` where its IRI is below our base
    classes   what it may belong to, by local name
    types     what it belongs to, the best class first
    texts     what is called or said, in which language, by which origin; `name` is the folded text of a name
    words     the folded words, with how many texts of an origin have them, in names and in all
    found     the full-text index: rows are those of `texts`, a word is found in `name` or in `body`

So whoever may not read a graph can be kept from what only that graph states, its words included.
"""

import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import TypeVar

import pyoxigraph as ox

from loaders.search_texts import NAMES, Graphs, Searchable, searchable
from loaders.words import folded_text, words
from ontology.iris import BASE, local_name

T = TypeVar("T")

# To be raised with every change of the tables or of what is written into them.
FORMAT = 1

_TABLES = f"""
PRAGMA page_size = 4096;
PRAGMA user_version = {FORMAT};
CREATE TABLE graphs (origin INTEGER NOT NULL, graph TEXT NOT NULL, PRIMARY KEY (origin, graph)) WITHOUT ROWID;
CREATE TABLE things (id INTEGER PRIMARY KEY, iri TEXT NOT NULL, is_ours INTEGER NOT NULL);
CREATE TABLE classes (id INTEGER PRIMARY KEY, iri TEXT NOT NULL, name TEXT NOT NULL, origin INTEGER NOT NULL);
CREATE TABLE types (
    thing INTEGER NOT NULL, place INTEGER NOT NULL, class INTEGER NOT NULL, origin INTEGER NOT NULL,
    PRIMARY KEY (thing, place)
) WITHOUT ROWID;
CREATE TABLE texts (
    id INTEGER PRIMARY KEY, thing INTEGER NOT NULL, property TEXT NOT NULL, language TEXT NOT NULL,
    text TEXT NOT NULL, name TEXT, origin INTEGER NOT NULL
);
CREATE TABLE words (
    word TEXT NOT NULL, origin INTEGER NOT NULL, names INTEGER NOT NULL, texts INTEGER NOT NULL,
    PRIMARY KEY (word, origin)
) WITHOUT ROWID;
CREATE VIRTUAL TABLE found USING fts5 (
    name, body, content = '', prefix = '1 2 3', tokenize = 'unicode61 remove_diacritics 2'
);
"""
_INDEXES = """
CREATE INDEX types_by_class ON types (class, thing, origin);
CREATE INDEX texts_by_thing ON texts (thing);
CREATE INDEX texts_by_name ON texts (name, thing, origin) WHERE name IS NOT NULL;
INSERT INTO found (found) VALUES ('optimize');
ANALYZE;
VACUUM;
"""


def search_index(quads: Iterable[ox.Quad]) -> bytes:
    """Return the index of `quads` as the bytes of an SQLite file; equal quads, equal bytes."""
    found = searchable(quads)
    classes = _classes(found)
    stating = {*found.texts.values(), *found.types.values(), *classes.values()}
    numbers = _Numbers(
        origins=_numbered(sorted(stating, key=sorted)),
        things=_numbered(dict.fromkeys(text.thing for text in found.texts)),
        classes=_numbered(sorted(classes)),
    )
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        connection.executescript(_TABLES)
        connection.execute("BEGIN")
        for table, rows in _rows(found, classes, numbers).items():
            for row in rows:
                connection.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(row))})", row)
        for id_, text in enumerate(found.texts, 1):
            name, body = (text.value, "") if text.property in NAMES else ("", text.value)
            row = (id_, folded_text(name), folded_text(body))
            connection.execute("INSERT INTO found (rowid, name, body) VALUES (?, ?, ?)", row)
        connection.execute("COMMIT")
        connection.executescript(_INDEXES)
        return connection.serialize()


@dataclass(frozen=True)
class _Numbers:
    """The number of each set of graphs, of each thing and of each class."""

    origins: Mapping[Graphs, int]
    things: Mapping[str, int]
    classes: Mapping[str, int]


def _classes(found: Searchable) -> dict[str, Graphs]:
    """Return every class of the ontology and every other that something belongs to, with the graphs that tell of it."""
    classes = dict(found.declared)
    for type_, graphs in found.types.items():
        classes[type_.class_] = classes.get(type_.class_, frozenset()) | graphs
    return classes


def _rows(found: Searchable, classes: Mapping[str, Graphs], numbers: _Numbers) -> dict[str, Iterable[Sequence[object]]]:
    return {
        "graphs": ((number, graph) for origin, number in numbers.origins.items() for graph in sorted(origin)),
        "things": ((number, iri, iri.startswith(BASE)) for iri, number in numbers.things.items()),
        "classes": ((n, iri, local_name(iri), numbers.origins[classes[iri]]) for iri, n in numbers.classes.items()),
        "types": _type_rows(found, numbers),
        "texts": (
            (
                id_,
                numbers.things[text.thing],
                local_name(text.property),
                text.language,
                text.value,
                folded_text(text.value) if text.property in NAMES else None,
                numbers.origins[graphs],
            )
            for id_, (text, graphs) in enumerate(found.texts.items(), 1)
        ),
        "words": _word_rows(found, numbers),
    }


def _type_rows(found: Searchable, numbers: _Numbers) -> Iterator[Sequence[object]]:
    """Yield the types of what has a text; where one of them is of the ontology, the others tell nothing more."""
    of_ontology = {type_.thing for type_ in found.types if type_.class_ in found.declared}
    places: Counter[str] = Counter()
    for type_, graphs in found.types.items():
        tells = type_.class_ in found.declared or type_.thing not in of_ontology
        if tells and type_.thing in numbers.things:
            places[type_.thing] += 1
            thing, class_ = numbers.things[type_.thing], numbers.classes[type_.class_]
            yield thing, places[type_.thing], class_, numbers.origins[graphs]


def _word_rows(found: Searchable, numbers: _Numbers) -> Iterator[Sequence[object]]:
    in_names: Counter[tuple[str, int]] = Counter()
    in_all: Counter[tuple[str, int]] = Counter()
    for text, graphs in found.texts.items():
        uses = {(word.folded, numbers.origins[graphs]) for word in words(text.value)}
        in_all.update(uses)
        if text.property in NAMES:
            in_names.update(uses)
    return ((word, origin, in_names[word, origin], texts) for (word, origin), texts in sorted(in_all.items()))


def _numbered(items: Iterable[T]) -> dict[T, int]:
    return {item: number for number, item in enumerate(items, 1)}
