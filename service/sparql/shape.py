"""Follows the brackets of a query, and refuses what overflows the engine's stack, or what it takes for other SPARQL."""

from typing import Literal, NamedTuple

from service.errors import QueryRefusedError, QuerySyntaxError
from service.sparql.lexer import Token

# Measured with pyoxigraph 0.5.13 on a stack of 8 MB: nested calls end the process at 900 levels, nested EXISTS at 800.
MAX_NESTING = 100
# Each is a level of the tree that the engine walks through: 2,700 of MINUS, BIND or DESCRIBE end the process, 5,000 of
# UNION, FILTER, || or +, 11,000 of |.
MAX_JOINED = 1_000
# The steps of a path are joined in an order that takes the cube of their number to find: 1 s for 200, 3 s for 300.
MAX_PATH_STEPS = 200

_AGGREGATES = frozenset({"COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT"})

# In brackets there stand patterns, expressions or lists of terms; the rest of a query or of a subquery is clauses.
_Mode = Literal["clauses", "patterns", "expression", "terms"]


class _Bracket(NamedTuple):
    mode: _Mode
    in_aggregate: bool = False


class Shape:
    """The brackets that are open, and how much there is to join."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._brackets = [_Bracket("clauses")]
        self._joined = self._path_steps = 0
        nothing = Token("dot", "", 0)
        self.before = self.before_that = nothing

    def take(self, token: Token) -> None:
        """Go on to the next token. Raises QueryRefusedError for what goes beyond the bounds, or is no SPARQL."""
        if token.is_given:
            self._follow_given(token)
        else:
            self._require_grammar(token)
            self._count(token)
            self._follow(token)
        self.before_that, self.before = self.before, token

    def _follow_given(self, token: Token) -> None:
        if token.kind == "open":
            self._open(_Bracket("terms"))
        else:
            self._close()

    def _follow(self, token: Token) -> None:
        if token.kind == "open":
            self._open(self._opened_by(token))
        elif token.kind == "close":
            self._close()
        elif token.kind == "word" and token.text == "SELECT":
            self._brackets[-1] = _Bracket("clauses")

    def _open(self, bracket: _Bracket) -> None:
        if len(self._brackets) > MAX_NESTING:
            raise QueryRefusedError(f"the query is nested deeper than {MAX_NESTING} levels")
        self._brackets.append(bracket)

    def _close(self) -> None:
        if len(self._brackets) > 1:
            self._brackets.pop()

    def _opened_by(self, token: Token) -> _Bracket:
        around, before = self._brackets[-1], self.before
        if token.text != "(":
            return _Bracket("patterns")
        if before.text == "<<":
            return _Bracket("terms")
        is_called = before.kind == "word" and before.text != "A"
        is_filter = before.kind in ("name", "iri") and self.before_that.text == "FILTER"
        if around.mode in ("clauses", "expression") or (around.mode == "patterns" and (is_called or is_filter)):
            is_aggregate = before.kind == "word" and before.text in _AGGREGATES
            if is_aggregate and around.in_aggregate:
                raise self._no_sparql(token, "an aggregate in an aggregate")
            return _Bracket("expression", is_aggregate or around.in_aggregate)
        return _Bracket("terms")

    def _count(self, token: Token) -> None:
        mode = self._brackets[-1].mode
        if token.kind == "semicolon" and len(self._brackets) == 1:
            self._joined = self._path_steps = 0  # the operations of an update are carried out one after another
        elif (
            token.kind == "open"
            or (token.kind == "operator" and not self._is_sign(token))
            or (token.kind in ("dot", "comma", "semicolon") and mode == "patterns")
            or (mode in ("clauses", "terms") and _is_term(token) and _is_term(self.before))
        ):
            self._joined += 1
            self._path_steps += token.text == "/"
        if self._path_steps > MAX_PATH_STEPS:
            raise QueryRefusedError(f"the paths of the query have more than {MAX_PATH_STEPS} steps in all")
        if self._joined > MAX_JOINED:
            message = f"the query has more than {MAX_JOINED} patterns, brackets and operators"
            raise QueryRefusedError(f"{message}; put long lists into VALUES or IN")

    def _is_sign(self, token: Token) -> bool:
        return token.text in ("-", "+") and not (_is_term(self.before) or self.before.kind == "close")

    def _require_grammar(self, token: Token) -> None:
        """Refuse what the engine reads in its own way, so that both read alike."""
        before = self.before
        if token.kind == "iri" and self._brackets[-1].mode == "expression" and (_is_term(before) or before.text == ")"):
            # section 19.8: the longest match is a token; the engine takes the second `<` of `1<2&&3>2` for an operator
            raise self._no_sparql(token, "an IRI, where an operator is due; write a space after <")
        begins_triple = before.text == "(" and self.before_that.text == "<<"
        if begins_triple and self._brackets[-2].mode == "expression" and not _is_subject(token):
            raise self._no_sparql(token, "the subject of a triple term in an expression is an IRI or a variable")
        if token.text == "{" and before.kind == "name" and self.before_that.text not in _BEFORE_NAMES:
            prefix = before.text.partition(":")[0].upper()
            if prefix.endswith(("SERVICE", "SERVICESILENT")):
                raise self._no_sparql(before, "write a space after SERVICE")

    def _no_sparql(self, token: Token, what: str) -> QuerySyntaxError:
        lines = self._text[: token.start].replace("\r\n", "\n").split("\n")
        line, column = len(lines), len(lines[-1]) + 1
        return QuerySyntaxError(f"line {line}, column {column}: not SPARQL: {what}", line, column)


_BEFORE_NAMES = frozenset({"GRAPH", "FROM", "NAMED", "USING", "DESCRIBE", "SERVICE", "SILENT"})


def _is_subject(token: Token) -> bool:
    return token.kind in ("name", "iri") or token.text[:1] in "?$"


def _is_term(token: Token) -> bool:
    return token.kind in ("operand", "name", "iri")
