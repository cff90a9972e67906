"""Finds the stems of English words, by which `brokers` and `brokering`, `organisation` and `organization` are alike."""

import re
import sqlite3
from collections.abc import Iterable
from contextlib import closing

# What the stemmer of Porter, which SQLite has, does not know: spellings of British English, and what is named by -age.
_SPELLINGS = (
    (re.compile(r"(?<=\w{3})is(?=(?:e|es|ed|er|ers|ing|ation|ations|ational)$)"), "iz"),
    (re.compile(r"(?<=\w{3})our(?=(?:s|ed|ing|al)?$)"), "or"),
    (re.compile(r"(?<=\w{3})tre(?=s?$)"), "ter"),
    (re.compile(r"(?<=\w{4})mme(?=s?$)"), "m"),
)
_NAMED_BY = re.compile(r"(?<=\w{6})ages?$")
_TABLES = """
CREATE VIRTUAL TABLE written USING fts5 (word, tokenize = 'porter unicode61');
CREATE VIRTUAL TABLE stems USING fts5vocab (written, 'instance');
"""


def stems(words: Iterable[str]) -> dict[str, str]:
    """Return the stem of each of the folded `words`: words that differ in English endings alone have the same."""
    listed = list(words)
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(_TABLES)
        plain = ((number, _NAMED_BY.sub("", american(word))) for number, word in enumerate(listed))
        connection.executemany("INSERT INTO written (rowid, word) VALUES (?, ?)", plain)
        found = dict(connection.execute("SELECT doc, term FROM stems WHERE offset = 0"))
    return {word: found.get(number, word) for number, word in enumerate(listed)}


def american(word: str) -> str:
    """Return a folded word in one spelling for British and American, which need not be that of a dictionary."""
    for spelling, other in _SPELLINGS:
        word = spelling.sub(other, word)
    return word
