"""Finds the columns of a named query's answer, and orders its rows by all of them, so that pages fit together."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

import pyoxigraph as ox

from ontology.iris import BASE, prologue
from queries.errors import QueryFileError
from queries.named_query import NamedQuery

_PLACE = re.compile(r"error at (?P<line>\d+):(?P<column>\d+)")
# Strings, comments and IRIs come first, since what stands in them is neither a brace nor a keyword.
_TOKEN = re.compile(
    r"""\"{3}.*?\"{3} | '{3}.*?'{3} | "(?:[^"\\\n]|\\.)*" | '(?:[^'\\\n]|\\.)*' | (?P<comment>\#[^\n]*)
      | <[^<>"{}|^`\\\s]*> | [?$]\w+ | @?[\w.-]*:?[\w.-]+ | \S""",
    re.VERBOSE | re.DOTALL,
)
_AFTER_ORDER = ("LIMIT", "OFFSET", "VALUES")


def columns(query: NamedQuery) -> tuple[str, ...]:
    """Return the variables that `query` answers with, in their order. Raises QueryFileError where it is not SPARQL."""
    text = query.sparql({})
    try:
        return _columns(text)
    except SyntaxError as error:
        lines = text.splitlines()
        place = _PLACE.search(str(error))
        line = min(int(place["line"]), len(lines)) if place else 1
        in_file = query.line + max(line - 1 - prologue(query.text).count("\n"), 0)
        raise QueryFileError(f"{query.name}.rq:{in_file}: not SPARQL: {lines[line - 1].strip()[:200]}") from error
    except (ValueError, OSError, RuntimeError) as error:
        raise QueryFileError(f"{query.name}.rq:{query.line}: the engine does not answer this") from error


def in_total_order(query: NamedQuery) -> NamedQuery:
    """Return `query`, its rows ordered also by each column that does not order them yet.

    What the query orders by comes first. Rows that are equal in all columns cannot be told apart, so their order does
    not matter (SPARQL 1.1, section 15.1). Raises QueryFileError where it is not SPARQL.
    """
    place, is_ordered, conditions = _end(query.text)
    ordering = _ordered(conditions)
    missing = [f"?{name}" for name in columns(query) if name not in ordering]
    if not missing:
        return query
    before = [query.text[:place], " "] if is_ordered else [query.text[:place], "\nORDER BY "]
    return replace(query, text="".join([*before, " ".join(missing), query.text[place:]]))


@lru_cache(maxsize=1000)
def _columns(sparql: str) -> tuple[str, ...]:
    solutions = ox.Store().query(sparql, base_iri=BASE)
    if not isinstance(solutions, ox.QuerySolutions):
        raise ValueError("not a SELECT")
    return tuple(variable.value for variable in solutions.variables)


def _end(sparql: str) -> tuple[int, bool, list[str]]:
    """Return where the ORDER BY of the outermost SELECT ends, or would stand; whether it is there; its tokens."""
    place, depth, conditions, is_there = 0, 0, list[str](), False
    for text, end in _tokens(sparql):
        depth += (text in "{(") - (text in "})")
        if depth == 0 and text == "}":
            place, conditions, is_there = end, [], False
        elif depth == 0 and text.upper() in _AFTER_ORDER and place:
            break
        elif place:
            place = end
            is_there = is_there or text.upper() == "ORDER"
            if is_there:
                conditions.append(text)
    return place, is_there, conditions


def _tokens(sparql: str) -> Iterator[tuple[str, int]]:
    return ((match[0], match.end()) for match in _TOKEN.finditer(sparql) if match["comment"] is None)


def _ordered(conditions: Sequence[str]) -> set[str]:
    """Return the variables that are conditions of an ORDER BY by themselves, and not within an expression."""
    found, depth = set(), 0
    for number, text in enumerate(conditions):
        depth += (text == "(") - (text == ")")
        before = [condition.upper() for condition in conditions[max(number - 2, 0) : number]]
        is_whole = depth == 0 or (depth == 1 and before in (["ASC", "("], ["DESC", "("]))
        if text[0] in "?$" and is_whole and (depth == 0 or conditions[number + 1 : number + 2] == [")"]):
            found.add(text[1:])
    return found
