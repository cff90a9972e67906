"""Finds the line of a rule of the domain on which something stands, strings and comments apart."""

import re

# Strings, IRIs and comments, in which brackets and words mean nothing.
_QUIET = re.compile(r'"""(?:[^"\\]|\\.|"(?!""))*"""|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'|<[^<>\s]*>|#[^\n]*')


def plain(content: str) -> str:
    """Return the SPARQL of a rule with blanks for strings, IRIs and comments, so that every place stays."""
    return _QUIET.sub(lambda quiet: _blank(quiet[0]), content)


def line_of(content: str, *mentions: str) -> int:
    """Return the first line on which one of `mentions`, words, names or IRIs in < >, stands in SPARQL, or else 1."""
    words = "|".join(rf"(?<![\w:?]){re.escape(each)}(?![\w-])" for each in mentions)
    shown = _QUIET.sub(lambda quiet: quiet[0] if quiet[0].startswith("<") else _blank(quiet[0]), content)
    return _number(shown, re.search(words, shown, re.IGNORECASE)) or 1


def line_matching(content: str, pattern: str, at_end: bool = False) -> int:
    """Return the line on which the first match of `pattern` begins, or ends, in SPARQL; 0 without a match."""
    text = plain(content)
    return _number(text, re.search(pattern, text, re.IGNORECASE), at_end)


def _number(text: str, found: re.Match[str] | None, at_end: bool = False) -> int:
    return text.count("\n", 0, found.end() if at_end else found.start()) + 1 if found else 0


def _blank(text: str) -> str:
    return re.sub(r"[^\n]", " ", text)
