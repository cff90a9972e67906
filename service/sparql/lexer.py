"""Splits SPARQL into tokens as its grammar does, past strings, comments, and the triples and values that are given."""

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

from service.errors import QueryRefusedError

# SPARQL 1.1, section 19.8. Possessive throughout: a megabyte of anything is read in linear time.
_LETTER = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u2070-\u218f\u2c00-\u2fef"
    "\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff_"
)
_LATER = "0-9\u00b7\u0300-\u036f\u203f-\u2040"
_NAMED = rf"[{_LETTER}{_LATER}-]"
_LOCAL = rf"(?: [{_LETTER}{_LATER}:-] | %[0-9A-Fa-f]{{2}} | \\. )"
_COMMENT = r"\#[^\n\r]*+"
_STRING = r"""(?: "{3}(?:(?!"{3})(?:[^\\]|\\.))*+"{3} | '{3}(?:(?!'{3})(?:[^\\]|\\.))*+'{3}
  | (?!"{3}|'{3})(?: "(?:[^"\\\n\r]|\\.)*+" | '(?:[^'\\\n\r]|\\.)*+' ) )"""
_IRI = r"<(?:[^<>\"{}|^`\\\x00-\x20]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*+>"
_TOKEN = re.compile(
    rf"""(?: [\ \t\r\n]++ | {_COMMENT} )*+
    (?: (?P<open> [{{(\[] ) | (?P<close> [}})\]] ) | (?P<semicolon> ; ) | (?P<comma> , )
      | (?P<variable> [?$][{_LETTER}{_LATER}]++ )
      | (?P<iri> {_IRI} )
      | (?P<string> {_STRING} )
      | (?P<unclosed> ["'] )
      | (?P<number> (?: [0-9]++(?:\.[0-9]++)?+ | \.[0-9]++ )(?:[eE][+-]?[0-9]++)?+ )
      | (?P<name> (?: {_NAMED} | \. )*+ : (?: {_LOCAL} (?: \.*+ {_LOCAL} )*+ )?+ )
      | (?P<words> (?: {_NAMED} | \. )++ )
      | (?P<language> @[A-Za-z]++(?:-[A-Za-z0-9]++)*+(?:--[A-Za-z]++)?+ )
      | (?P<operator> << | >> | && | \|\| | \^\^ | [!<>]= | [+*/|^!=<>~?] )
      | (?P<other> [^\ \t\r\n#"'<>?$@:.{{}}()\[\];,&|^!=+*/~{_LETTER}{_LATER}-]++ | . ) | $ )""",
    re.VERBOSE | re.DOTALL,
)
# What is given as it is, and not looked for, up to a bracket that holds another.
_FLAT = rf"""(?: [^"'<\#{{}}()\[\]]++ | {_IRI} | {_STRING} | {_COMMENT} | < )"""
_GIVEN = re.compile(rf"(?: {_FLAT} | \({_FLAT}*+\) | \[{_FLAT}*+\] | \{{{_FLAT}*+\}} )*+", re.VERBOSE | re.DOTALL)
_BEFORE_GIVEN = frozenset({"CONSTRUCT", "INSERT", "DELETE", "DATA", "VALUES"})
# A prefix begins with a letter, and so a run before it that does not is no part of it.
_NAME = re.compile(rf"([^{_LETTER}:]*+)(.*+)", re.DOTALL)
_PART = re.compile("[A-Za-z_]+|[.-]|[^A-Za-z_.-]+")
_BOOLEAN = re.compile(r"(?<![\w-])(?!true|false)(?:[Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee])(?![\w-])", re.ASCII)
_RUN = re.compile(
    rf"""{_IRI} | {_STRING} | {_COMMENT} | [?$@](?:{_NAMED})++
      | (?: {_NAMED} | \. )*+ : (?: {_LOCAL} (?: \.*+ {_LOCAL} )*+ )?+ | (?P<words> (?: {_NAMED} | \. )++ )""",
    re.VERBOSE | re.DOTALL,
)

# A text is read before it is queued: 25,000 tokens take less than a tenth of a second.
MAX_TOKENS = 25_000
_TOO_LONG = f"the query has more than {MAX_TOKENS} terms, words and signs; put long lists into VALUES, or ask in parts"

Kind = Literal["word", "open", "close", "semicolon", "comma", "dot", "operator", "iri", "name", "operand"]


class Token(NamedTuple):
    """A bare word in capitals, a bracket, an operator, a term and the like, where it starts, and if it is in data."""

    kind: Kind
    text: str
    start: int
    is_given: bool = False


def tokens(text: str) -> Iterator[Token]:
    """Yield the tokens of `text`; of what is given as it is, by VALUES, DATA or a template, only the nested brackets.

    Raises QueryRefusedError for a string without an end, or more than MAX_TOKENS.
    """
    position = depth = count = 0
    given_depth: int | None = None  # that of the bracket around what is given
    is_announced = False
    while position < len(text):
        if given_depth is not None:
            given = _GIVEN.match(text, position)
            position = given.end() if given else position
        found = _TOKEN.match(text, position)
        assert found is not None, "the pattern ends in what takes any character"
        kind, position = found.lastgroup, found.end()
        for token in _read(found):
            count += 1
            if count > MAX_TOKENS:
                raise QueryRefusedError(_TOO_LONG)
            depth += (token.kind == "open") - (token.kind == "close")
            if given_depth is not None and depth < given_depth:
                given_depth = None
            if given_depth is None:
                yield token
            elif token.kind in ("open", "close"):
                yield token._replace(is_given=True)
            if token.text == "{" and is_announced and given_depth is None:
                given_depth, is_announced = depth, False
        if kind == "words":
            is_announced = found["words"].upper() in _BEFORE_GIVEN


def _read(found: re.Match[str]) -> Iterator[Token]:
    """Yield the tokens of a match; a run of words has the dots, signs and digits between them too."""
    kind = found.lastgroup
    if kind is None or kind == "other":
        return
    text, start = found[kind], found.start(kind)
    match kind:
        case "open" | "close" | "semicolon" | "comma" | "operator" | "iri":
            yield Token(kind, text, start)
        case "variable" | "string" | "language" | "number":
            yield Token("operand", text, start)
        case "unclosed":
            raise QueryRefusedError("a string in the query has no end")
        case "words":
            yield from _in_run(text, start)
        case "name":
            before, name = _NAME.fullmatch(text).groups()  # type: ignore[union-attr]
            yield from _in_run(before, start)
            yield Token("name", name, start + len(before))


def _in_run(text: str, start: int) -> Iterator[Token]:
    for part in _PART.finditer(text):
        kind: Kind = "dot" if part[0] == "." else "operator" if part[0] == "-" else "operand"
        if part[0][0].isascii() and part[0][0].isalpha():
            kind = "word"
        yield Token(kind, part[0].upper(), start + part.start())


def with_small_booleans(text: str) -> str:
    """Return `text` with TRUE and FALSE in small letters: keywords are of any case (section 19.8, note 1).

    pyoxigraph 0.5.13 takes them in small letters only.
    """
    if not _BOOLEAN.search(text):
        return text
    return _RUN.sub(lambda found: _BOOLEAN.sub(_small, found[0]) if found["words"] else found[0], text)


def _small(found: re.Match[str]) -> str:
    return found[0].lower()
