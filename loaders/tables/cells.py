"""Makes terms of cells: values by their datatypes, IRIs by templates."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

import pyoxigraph as ox

from ontology.iris import THING, XSD, expand

_SIGNS = {
    "string": r"(?s:.*)",
    "anyURI": r"[A-Za-z][A-Za-z0-9+.-]*:\S+",
    "integer": r"[+-]?[0-9]{1,18}",
    "decimal": r"[+-]?(?:[0-9]{1,18}(?:\.[0-9]{1,18})?|\.[0-9]{1,18})",
    "number": r"[+-]?(?:[0-9]{1,18}(?:\.[0-9]{1,18})?|\.[0-9]{1,18})",
    "boolean": r"true|false|1|0",
    "date": r"-?[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])",
    "gYear": r"-?[0-9]{4}",
}
DATATYPES = frozenset(_SIGNS)
_VARIABLE = re.compile(r"\{(\w+)\}")
_PLAIN = str.maketrans({"ß": "ss", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "þ": "th", "œ": "oe"})


@dataclass(frozen=True)
class Datatype:
    """A datatype of cells, with a pattern that they fit, and the signs that numbers are written with."""

    base: str
    pattern: str | None = None
    decimal_sign: str = "."
    group_sign: str = ""

    def literal(self, text: str, language: str | None) -> ox.Literal:
        """Return the value of a cell. Raises ValueError where it is none."""
        if self.pattern is not None and not re.fullmatch(self.pattern, text):
            raise ValueError(f"{text[:100]!r} does not fit {self.pattern}")
        if self.base in ("integer", "decimal", "number"):
            text = text.replace(self.group_sign, "") if self.group_sign else text
            text = text.replace(self.decimal_sign, ".")
        if not re.fullmatch(_SIGNS[self.base], text):
            raise ValueError(f"{text[:100]!r} is no {self.base}")
        if self.base == "string":
            return ox.Literal(text, language=language) if language else ox.Literal(text)
        return ox.Literal(text, datatype=ox.NamedNode(XSD + ("decimal" if self.base == "number" else self.base)))


def variables_in(template: str) -> list[str]:
    """Return the names of columns that a template has."""
    return _VARIABLE.findall(template)


def iri_of(template: str, row: Mapping[str, str]) -> ox.NamedNode | None:
    """Return the IRI that a template makes of a row, or None where a cell that it needs is empty.

    A cell in the name of a thing becomes what such a name may have: `Toy Valley` is `toy-valley`. Raises ValueError
    where the result is no IRI.
    """
    if any(not row[name] for name in variables_in(template)):
        return None
    whole = expand(template)
    if whole.startswith(THING):
        filled = _VARIABLE.sub(lambda found: slug(row[found[1]]), whole)
    elif re.fullmatch(r"\{\w+\}", whole):
        filled = expand(row[whole[1:-1]])  # the cell is the IRI
    else:
        filled = _VARIABLE.sub(lambda found: quote(row[found[1]], safe=""), whole)
    if ":" not in filled:
        raise ValueError(f"{filled[:100]!r} is no IRI")
    return ox.NamedNode(filled)


def slug(text: str) -> str:
    """Return a text as names of things have it: lower-case letters of ASCII, digits and single hyphens."""
    plain = unicodedata.normalize("NFKD", text.lower().translate(_PLAIN)).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
