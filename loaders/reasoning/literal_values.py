"""The rule of OWL 2 RL that no literal is outside of its datatype (dt-not-type), or of the range of its property.

https://www.w3.org/TR/owl2-profiles/#tab-rules-datatypes, for the datatypes of XML Schema that have a value space of
their own: of two with no common value, a literal of one is not of the other.
"""

from collections.abc import Iterator

import pyoxigraph as ox

from loaders.reasoning.list_axioms import rule_of
from loaders.reasoning.rules import Axiom, Rule
from loaders.reasoning.stated import Stated
from loaders.reasoning.ways import Way
from ontology.iris import RDF, XSD

_INTEGERS = {
    "integer": (None, None),
    "nonNegativeInteger": (0, None),
    "positiveInteger": (1, None),
    "nonPositiveInteger": (None, 0),
    "negativeInteger": (None, -1),
    "long": (-(2**63), 2**63 - 1),
    "int": (-(2**31), 2**31 - 1),
    "short": (-(2**15), 2**15 - 1),
    "byte": (-128, 127),
    "unsignedLong": (0, 2**64 - 1),
    "unsignedInt": (0, 2**32 - 1),
    "unsignedShort": (0, 2**16 - 1),
    "unsignedByte": (0, 255),
}
_STRINGS = ("string", "normalizedString", "token", "language", "Name", "NCName", "NMTOKEN")
_FRACTION = r"[+-]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)"
_DAY, _TIME = "-?[0-9]{4,}-[0-9]{2}-[0-9]{2}", r"T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]+)?"
_ZONE = "(Z|[+-][0-9]{2}:[0-9]{2})"
# How literals of each datatype are written.
_LEXICAL = {
    "^[+-]?[0-9]+$": tuple(_INTEGERS),
    f"^{_FRACTION}$": ("decimal",),
    f"^({_FRACTION}([eE][+-]?[0-9]+)?|[+-]?INF|NaN)$": ("double", "float"),
    "^(true|false|0|1)$": ("boolean",),
    f"^{_DAY}{_ZONE}?$": ("date",),
    f"^{_DAY}{_TIME}{_ZONE}?$": ("dateTime",),
    f"^{_DAY}{_TIME}{_ZONE}$": ("dateTimeStamp",),
    f"^-?[0-9]{{4,}}{_ZONE}?$": ("gYear",),
}
_FAMILIES = (
    frozenset({"decimal", *_INTEGERS}),
    frozenset(_STRINGS),
    frozenset({"dateTime", "dateTimeStamp"}),
    *(
        frozenset({name})
        for name in ("double", "float", "boolean", "anyURI", "hexBinary", "base64Binary", "date", "gYear")
    ),
)
_X, _Y, _P = (ox.Variable(name) for name in "xyp")
_TEXT = ox.NamedNode(XSD + "string")
_LANGUAGE_TEXT = ox.NamedNode(RDF + "langString")


def rules_of_literals(stated: Stated) -> Iterator[Rule]:
    """Yield the rules by which literals contradict their datatypes, and the ranges of the properties that have them."""
    ill_typed = " || ".join(
        f'DATATYPE(?y) IN ({", ".join(map(str, map(_datatype, names)))}) && !REGEX(STR(?y), "{lexical}")'
        for lexical, names in _LEXICAL.items()
    )
    condition = f"FILTER(isLiteral(?y) && DATATYPE(?y) NOT IN ({_TEXT}, {_LANGUAGE_TEXT}) && ({ill_typed}))"
    yield Rule(("dt-not-type",), ((_X, _P, _Y),), None, (), (Axiom((), ()),), condition)
    for triple in stated.having("rdfs:range"):
        role = stated.role(triple.subject)
        condition = _outside(triple.object)
        if role is not None and condition and not role[1]:
            way = Way(((_X, role[0], _Y),), {}, (condition,))
            yield rule_of(("prp-rng", "dt-not-type"), (triple,), way, None)


def _outside(range_: object) -> str:
    """Return the condition that a literal is outside of a datatype, or nothing where that is not known."""
    if not (isinstance(range_, ox.NamedNode) and range_.value.startswith(XSD)):
        return ""
    name = range_.value.removeprefix(XSD)
    for family in _FAMILIES:
        if name in family:
            others = [each for other in _FAMILIES if other != family for each in other]
            foreign = [_LANGUAGE_TEXT, *map(_datatype, sorted(others))]
            tests = [f"DATATYPE(?y) IN ({', '.join(map(str, foreign))})"]
            low, high = _INTEGERS.get(name, (None, None))
            tests += [f"?y < {low}"] if low is not None else []
            tests += [f"?y > {high}"] if high is not None else []
            tests += ["?y != FLOOR(?y)"] if name in _INTEGERS else []
            return f"FILTER({' || '.join(tests)})"
    return ""


def _datatype(name: str) -> ox.NamedNode:
    return ox.NamedNode(XSD + name)
