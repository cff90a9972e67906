"""Tells what a SPARQL query asks for, without evaluating it: its form, and what is refused before it runs."""

import re
from collections.abc import Iterator
from enum import Enum

from service.errors import QueryRefusedError

MAX_NESTING = 100
MAX_QUERY_BYTES = 1_000_000

# SPARQL 1.1, section 19.8. Possessive throughout: a megabyte of anything is read in linear time.
_TOKEN = re.compile(
    r"""(?P<text> "{3}(?:(?!"{3})(?:[^\\]|\\.))*+"{3} | '{3}(?:(?!'{3})(?:[^\\]|\\.))*+'{3} )
      | (?P<unclosed> "{3} | '{3} )
      | (?P<line> "(?:[^"\\\n\r]|\\.)*+" | '(?:[^'\\\n\r]|\\.)*+' )
      | (?P<unclosed_line> ["'] )
      | (?P<iri> <[^<>"{}|^`\\\x00-\x20]*+> )
      | \#[^\n\r]*+ | [?$]\w++ | @\w++
      | (?P<name> [\w.-]*+ : (?: (?:[\w:]|%[0-9A-Fa-f]{2}|\\.) (?:[\w:.-]|%[0-9A-Fa-f]{2}|\\.)*+ )?+ )
      | (?P<words> [\w.-]++ ) | (?P<open> [{(\[] ) | (?P<close> [})\]] )""",
    re.VERBOSE | re.DOTALL,
)


class Form(Enum):
    """The four forms of a query: two answer with solutions or a boolean, two with a graph."""

    SELECT = "SELECT"
    ASK = "ASK"
    CONSTRUCT = "CONSTRUCT"
    DESCRIBE = "DESCRIBE"

    @property
    def is_graph(self) -> bool:
        """Tell whether the answer is a graph."""
        return self in (Form.CONSTRUCT, Form.DESCRIBE)


def form_of(text: str) -> Form:
    """Return the form of the query `text`.

    Raises QueryRefusedError for an empty text, an update, SERVICE, a string without an end, or nesting beyond
    MAX_NESTING: deep nesting overflows the engine's stack, and SERVICE would dial out from the server.
    """
    form: Form | None = None
    depth = 0
    for kind, token in _tokens(text):
        if kind == "open":
            depth += 1
            if depth > MAX_NESTING:
                raise QueryRefusedError(f"the query is nested deeper than {MAX_NESTING} levels")
        elif kind == "close":
            depth -= 1
        elif token == "SERVICE":
            raise QueryRefusedError("SERVICE is not offered here; ask the other endpoint yourself")
        elif form is None and token in Form.__members__:
            form = Form[token]
    if form is None:
        raise QueryRefusedError("no SELECT, ASK, CONSTRUCT or DESCRIBE in the query")
    return form


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    """Yield the brackets of `text` as `open` and `close`, and its bare words, in capitals, as `word`."""
    position = 0
    while (token := _TOKEN.search(text, position)) is not None:
        position = token.end()
        if token["unclosed"] or token["unclosed_line"]:
            raise QueryRefusedError("a string in the query has no end")
        if token["iri"] and _closes_more_than_it_opens(token["iri"]):
            position = token.start() + 1  # a comparison: `<` cannot begin an IRI that leaves its brackets
        elif token["words"]:
            yield from (("word", word.upper()) for word in re.findall("[A-Za-z]+", token["words"]))
        elif token["open"] or token["close"]:
            yield ("open" if token["open"] else "close", token[0])


def _closes_more_than_it_opens(iri: str) -> bool:
    depth = 0
    for bracket in re.findall(r"[()]", iri):
        depth += 1 if bracket == "(" else -1
        if depth < 0:
            return True
    return False
