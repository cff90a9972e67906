"""Tells what a SPARQL query asks for, without evaluating it: its form, and what is refused before it runs."""

import re
from dataclasses import dataclass
from enum import Enum

from service.errors import QueryRefusedError

MAX_NESTING = 100
MAX_QUERY_BYTES = 1_000_000

_CODEPOINT = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
# SPARQL 1.1, section 19.8: what may hold braces or keywords without meaning them.
_TOKEN = re.compile(
    r"""(?P<skip> "{3}(?:(?!"{3})(?:[^\\]|\\.))*"{3} | '{3}(?:(?!'{3})(?:[^\\]|\\.))*'{3}
        | "(?:[^"\\\n\r]|\\.)*" | '(?:[^'\\\n\r]|\\.)*' | <[^<>"{}|^`\\\x00-\x20]*> | \#[^\n\r]*
        | [?$]\w+ | [\w.-]*:[\w.:%-]* | @\w+ )
      | (?P<word> [A-Za-z]+ ) | (?P<open> [{(\[] ) | (?P<close> [})\]] )""",
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


@dataclass(frozen=True)
class Asked:
    """What a query asks for: its form, and whether it names its dataset itself (FROM, FROM NAMED)."""

    form: Form
    has_dataset: bool


def asked_for(text: str) -> Asked:
    """Return what the query `text` asks for.

    Raises QueryRefusedError for an empty text, an update, SERVICE, or nesting beyond MAX_NESTING: deep nesting
    overflows the engine's stack, and SERVICE would dial out from the server.
    """
    form: Form | None = None
    has_dataset = False
    depth = 0
    for token in _TOKEN.finditer(_CODEPOINT.sub(_character, text)):
        if token["open"]:
            depth += 1
            if depth > MAX_NESTING:
                raise QueryRefusedError(f"the query is nested deeper than {MAX_NESTING} levels")
        elif token["close"]:
            depth -= 1
        elif token["word"]:
            word = token["word"].upper()
            if word == "SERVICE":
                raise QueryRefusedError("SERVICE is not offered here; ask the other endpoint yourself")
            if form is None and word in Form.__members__:
                form = Form[word]
            has_dataset |= word == "FROM"
    if form is None:
        raise QueryRefusedError("no SELECT, ASK, CONSTRUCT or DESCRIBE in the query")
    return Asked(form, has_dataset)


def _character(escape: re.Match[str]) -> str:
    code = int(escape[1] or escape[2], 16)
    return chr(code) if code < 0x110000 else escape[0]
