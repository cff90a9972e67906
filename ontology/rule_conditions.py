"""Writes the FILTERs of a rule of the domain anew, with whole IRIs, and refuses what depends on more than the match."""

from collections.abc import Callable, Iterator

from rdflib import BNode, Literal, URIRef, Variable
from rdflib.paths import Path
from rdflib.plugins.sparql.parserutils import CompValue

from ontology.iris import XSD, compress

# Each gives the same for the same terms, whatever else is known, and whenever it is asked.
_OF_TERMS = ("STR", "LANG", "LANGMATCHES", "DATATYPE", "sameTerm", "isIRI", "isURI", "isLITERAL", "isNUMERIC")
_OF_TEXTS = ("STRLEN", "SUBSTR", "UCASE", "LCASE", "STRSTARTS", "STRENDS", "CONTAINS", "CONCAT", "REGEX", "REPLACE")
_OF_NUMBERS = ("ABS", "ROUND", "CEIL", "FLOOR", "YEAR", "MONTH", "DAY")
FUNCTIONS = frozenset({*_OF_TERMS, *_OF_TEXTS, *_OF_NUMBERS})
_EXISTENCE = {"Builtin_EXISTS": "EXISTS", "Builtin_NOTEXISTS": "NOT EXISTS"}
_FOLDED = {"ConditionalOrExpression": "||", "ConditionalAndExpression": "&&"}
_UNARY = {"UnaryNot": "!", "UnaryMinus": "-", "UnaryPlus": "+"}


class UnfitConditionError(Exception):
    """A FILTER that a rule cannot have: what it uses, as it is written, why not, and the way out."""

    def __init__(self, mention: str, reason: str, way_out: str) -> None:
        self.mention, self.reason, self.way_out = mention, reason, way_out
        super().__init__(reason)


def condition(expression: object) -> str:
    """Return an expression of rdflib's parser as SPARQL without prefixes. Raises UnfitConditionError."""
    if not isinstance(expression, CompValue):
        return _term(expression)
    name = expression.name
    if name in _FOLDED:
        return _joined(expression, lambda: [_FOLDED[name]] * len(dict.get(expression, "other") or ()))
    if name in ("AdditiveExpression", "MultiplicativeExpression"):
        return _joined(expression, lambda: expression["op"])
    if name == "RelationalExpression":
        return _compared(expression)
    if name in _UNARY:
        return f"({_UNARY[name]}{condition(expression['expr'])})"
    if name == "Function":
        return _cast(expression)
    return _call(expression)


def terms_in(expression: object) -> Iterator[object]:
    """Yield the variables, IRIs and literals in an expression."""
    if isinstance(expression, CompValue):
        for value in expression.values():
            yield from terms_in(value)
    elif isinstance(expression, list):
        for item in expression:
            yield from terms_in(item)
    elif isinstance(expression, Variable | URIRef | Literal):
        yield expression


def _joined(expression: CompValue, operators: Callable[[], list[str]]) -> str:
    others = dict.get(expression, "other")
    first = condition(expression["expr"])
    if not others:
        return first
    rest = (f" {operator} {condition(other)}" for operator, other in zip(operators(), others, strict=True))
    return f"({first}{''.join(rest)})"


def _compared(expression: CompValue) -> str:
    first, operator = condition(expression["expr"]), dict.get(expression, "op")
    if not operator:
        return first
    other = expression["other"]
    if operator in ("IN", "NOT IN"):
        return f"({first} {operator} ({', '.join(map(condition, other if isinstance(other, list) else [other]))}))"
    return f"({first} {operator} {condition(other)})"


def _cast(expression: CompValue) -> str:
    iri = expression["iri"]
    if not iri.startswith(XSD):
        name = compress(str(iri))
        raise UnfitConditionError(name, f"calls {name}, which is no function of SPARQL", "compare the terms as such")
    return f"{iri.n3()}({', '.join(map(condition, expression['expr']))})"


def _call(expression: CompValue) -> str:
    if expression.name in _EXISTENCE:
        word = _EXISTENCE[expression.name]
        reason = f"has {word}: what follows must not depend on what is not known, and what is known is a premise"
        raise UnfitConditionError(word, reason, "state what must hold as triple patterns")
    function = expression.name.removeprefix("Builtin_").removeprefix("Aggregate_")
    if not expression.name.startswith("Builtin_") or function not in FUNCTIONS:
        reason = f"calls {function.upper()}, which a rule cannot: only what the terms themselves decide may be asked"
        way_out = "use comparisons, IN, or a function of texts and numbers, as docs/librarian.md lists them"
        raise UnfitConditionError(function, reason, way_out)
    arguments = (each for value in expression.values() for each in (value if isinstance(value, list) else [value]))
    return f"{function}({', '.join(map(condition, arguments))})"


def _term(term: object) -> str:
    if isinstance(term, BNode | Path) or not isinstance(term, Variable | URIRef | Literal):
        raise UnfitConditionError("FILTER", f"has {term!r} in a FILTER", "compare variables, IRIs and literals")
    return term.n3()
