"""Tells what a SPARQL query asks for, without evaluating it: its form, and what is refused before it runs."""

import re
from enum import Enum

from service.errors import QueryRefusedError
from service.sparql.lexer import Token, tokens
from service.sparql.reach import Reach
from service.sparql.shape import MAX_NESTING, Shape

MAX_QUERY_BYTES = 1_000_000
# So short, a query is within all bounds but that of nesting.
_SHORT = 400
_TO_BE_LOOKED_AT = (
    *("service", "from", "now", "rand", "uuid", "load", "true", "false", "<<", "<?", "<$", "\\"),
    *("count", "sum", "min", "max", "avg", "sample", "group_concat"),
)
_HEAD = re.compile(
    r"(?:\s|#[^\n\r]*+[\n\r]|prefix\s++[^\s:<>#]*+:\s*+<[^<>\s]*+>|base\s*+<[^<>\s]*+>)*+(?P<form>select|ask|construct|describe)\b",
    re.IGNORECASE,
)
NOWHERE = Reach()
_STRUCTURE = frozenset({"word", "open", "close", "semicolon"})


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


def plain_form(text: str) -> Form | None:
    """Return the form of a query that is seen at a glance to have nothing in it that has to be looked for.

    None where it takes a closer look: where it is long, nested, or has a word in it that may stand for something else.
    """
    if len(text) > _SHORT or text.count("{") + text.count("(") + text.count("[") > MAX_NESTING:
        return None
    small = text.lower()
    if any(word in small for word in _TO_BE_LOOKED_AT):
        return None
    head = _HEAD.match(text)
    return Form[head["form"].upper()] if head else None


def form_at_head(text: str) -> str:
    """Return the form of a query as it is seen at a glance, "" where it is not."""
    head = _HEAD.match(text)
    return head["form"].upper() if head else ""


def form_of(text: str) -> Form:
    """Return the form of the query `text`.

    Raises QueryRefusedError for an empty text, an update, and what `harmless` refuses.
    """
    return form_in(harmless(text))


def form_in(found: list[Token]) -> Form:
    """Return the form of the query that has these tokens. Raises QueryRefusedError for an empty text or an update."""
    for token in found:
        if token.kind == "word" and token.text in Form.__members__:
            return Form[token.text]
    raise QueryRefusedError("no SELECT, ASK, CONSTRUCT or DESCRIBE in the query")


def harmless(text: str, reach: Reach = NOWHERE) -> list[Token]:
    """Return the words, brackets and semicolons of a query or an update.

    Raises QueryRefusedError for SERVICE beyond `reach`, a string without an end, or what goes beyond the bounds of a
    `Shape`: deep nesting and long chains overflow the engine's stack.
    """
    shape, found = Shape(text), []
    for token in tokens(text):
        before, before_that = shape.before, shape.before_that
        if _is_service(before) and token.text != "SILENT":
            reach.require("SERVICE", False, token)
        elif _is_service(before_that) and before.text == "SILENT":
            reach.require("SERVICE", True, token)
        if token.kind == "word" and "SERVICE" in token.text and token.text != "SERVICE":
            raise QueryRefusedError("write SERVICE apart from the words before and after it")
        shape.take(token)
        if token.kind in _STRUCTURE:
            found.append(token)
    return found


def _is_service(token: Token) -> bool:
    return token.kind == "word" and token.text == "SERVICE"
