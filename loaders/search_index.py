"""Writes the index that the labels, titles and other texts of a release are searched in: an SQLite file with FTS5.

    graphs    which sets of graphs state something together; an `origin` is such a set
    things    what can be found; `standing` tells how far it comes behind others that fit as well
    classes   what it may belong to, by local name
    types     what it belongs to, the best class first
    texts     what is called or said, in which language, by which origin, its folded words, and how much each counts; of
              a name also their stems
    words     the folded words and their stems, with how many texts of an origin have them, in names and in all
    found     the full-text index: rows are those of `texts`, a word is found in `name` or in `body`, one in camel case
              by its parts, too

So whoever may not read a graph can be kept from what only that graph states, its words included.
"""

import math
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import TypeVar

import pyoxigraph as ox

from loaders.search_stems import stems
from loaders.search_texts import Searchable, Text, searchable
from loaders.search_types import Graphs, standings
from loaders.words import folded_text, parts_of_words
from ontology.iris import local_name

T = TypeVar("T")

# To be raised with every change of the tables or of what is written into them.
FORMAT = 2

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
    id INTEGER PRIMARY KEY, thing INTEGER NOT NULL, property TEXT NOT NULL, language TEXT NOT NULL,
    text TEXT NOT NULL, is_name INTEGER NOT NULL, folded TEXT NOT NULL, stems TEXT, weight REAL NOT NULL,
    origin INTEGER NOT NULL
);
CREATE TABLE words (
    word TEXT NOT NULL, stem TEXT NOT NULL, origin INTEGER NOT NULL, names INTEGER NOT NULL, texts INTEGER NOT NULL,
    PRIMARY KEY (word, origin)
) WITHOUT ROWID;
CREATE VIRTUAL TABLE found USING fts5 (
    name, body, content = '', prefix = '1 2 3', tokenize = 'unicode61 remove_diacritics 2'
);
"""
_INDEXES = """
CREATE INDEX types_by_class ON types (class, thing, origin);
CREATE INDEX texts_by_thing ON texts (thing);
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
    folded = {text: _Folded(folded_text(text.value).split(), parts_of_words(text.value)) for text in found.texts}
    stem_of = stems(sorted({word for each in folded.values() for word in each.searched()}))
    rows = _rows(found, classes, numbers) | {
        "texts": _text_rows(found, numbers, folded, stem_of),
        "words": _word_rows(found, numbers, folded, stem_of),
    }
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        connection.executescript(_TABLES)
        connection.execute("BEGIN")
        for table, of_table in rows.items():
            for row in of_table:
                connection.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(row))})", row)
        for id_, (text, words) in enumerate(folded.items(), 1):
            column, content = "name" if text.is_name() else "body", " ".join(words.searched())
            connection.execute(f"INSERT INTO found (rowid, {column}) VALUES (?, ?)", (id_, content))
        connection.execute("COMMIT")
        connection.executescript(_INDEXES)
        return connection.serialize()


@dataclass(frozen=True)
class _Numbers:
    """The number of each set of graphs, of each thing and of each class."""

    origins: Mapping[Graphs, int]
    things: Mapping[str, int]
    classes: Mapping[str, int]


@dataclass(frozen=True)
class _Folded:
    """The folded words of a text, and the parts of those in camel case."""

    words: Sequence[str]
    parts: Sequence[str]

    def searched(self) -> list[str]:
        """Return the words by which the text is found."""
        return [*self.words, *self.parts]


def _classes(found: Searchable) -> dict[str, Graphs]:
    """Return every class of the ontology and every other that something belongs to, with the graphs that tell of it."""
    classes = dict(found.declared)
    for type_, graphs in found.types.items():
        classes[type_.class_] = classes.get(type_.class_, frozenset()) | graphs
    return classes


def _rows(found: Searchable, classes: Mapping[str, Graphs], numbers: _Numbers) -> dict[str, Iterable[Sequence[object]]]:
    standing = standings(found.types, numbers.things)
    return {
        "graphs": ((number, graph) for origin, number in numbers.origins.items() for graph in sorted(origin)),
        "things": ((number, iri, standing[iri]) for iri, number in numbers.things.items()),
        "classes": ((n, iri, local_name(iri), numbers.origins[classes[iri]]) for iri, n in numbers.classes.items()),
        "types": _type_rows(found, numbers),
    }


def _text_rows(
    found: Searchable, numbers: _Numbers, folded: Mapping[Text, _Folded], stem_of: Mapping[str, str]
) -> Iterator[Sequence[object]]:
    """Yield the texts; a word counts the more, the fewer there are beside it."""
    for id_, (text, graphs) in enumerate(found.texts.items(), 1):
        words = folded[text].words
        stemmed = " ".join(stem_of[word] for word in words) if text.is_name() else None
        weight = round(text.weight() / math.sqrt(len(words) or 1), 3)
        told = numbers.things[text.thing], local_name(text.property), text.language, text.value
        yield id_, *told, text.is_name(), " ".join(words), stemmed, weight, numbers.origins[graphs]


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


def _word_rows(
    found: Searchable, numbers: _Numbers, folded: Mapping[Text, _Folded], stem_of: Mapping[str, str]
) -> Iterator[Sequence[object]]:
    in_names: Counter[tuple[str, int]] = Counter()
    in_all: Counter[tuple[str, int]] = Counter()
    for text, graphs in found.texts.items():
        uses = {(word, numbers.origins[graphs]) for word in folded[text].searched()}
        in_all.update(uses)
        if text.is_name():
            in_names.update(uses)
    for (word, origin), texts in sorted(in_all.items()):
        yield word, stem_of[word], origin, in_names[word, origin], texts


def _numbered(items: Iterable[T]) -> dict[T, int]:
    return {item: number for number, item in enumerate(items, 1)}
