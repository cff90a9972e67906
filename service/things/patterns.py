"""Writes what is asked of a collection as SPARQL: the pattern that its things fit, their order, and their facets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from loaders.graphs import INFERRED
from loaders.words import folded_text
from ontology.iris import PREFIXES
from ontology.vocabulary import Kind, Property, Term, Vocabulary
from service.store.functions import FOLDED
from service.things.description import LABEL, TYPE
from service.things.wanted import ID_KEY, LABEL_KEY, TYPE_KEY, Condition, Order, Reach, Wanted

_NAMES = (LABEL, PREFIXES["skos"] + "altLabel", PREFIXES["skos"] + "prefLabel")
_NAMED = " UNION ".join(f"{{ ?thing <{property_}> ?text }}" for property_ in _NAMES)
_NO_BLANK = "FILTER(isIRI(?thing))"
# What folds to other letters than those in lower case: what is not ASCII, and an apostrophe, which folds to nothing.
_MAY_FOLD = ox.Literal("[^ -&(-~]")


@dataclass(frozen=True)
class Range:
    """Numbers from `least` to `most`, both included; None for no bound."""

    least: str | None
    most: str | None


@dataclass(frozen=True)
class Text:
    """A text, whatever its language, in upper or lower case."""

    text: str


Bound = ox.NamedNode | ox.Literal | Range | Text
"""What a value of a condition means: a thing, a literal, a range of numbers, or a text."""


class Patterns:
    """SPARQL for what is wanted; `bound` tells what the values of its conditions mean, `named` are the things named.

    Of a class that `is_large` things are sought by what is asked of them; of any other each is looked at.
    """

    def __init__(
        self,
        vocabulary: Vocabulary,
        wanted: Wanted,
        bound: Mapping[Condition, tuple[Bound, ...]],
        named: Sequence[str],
        is_large: bool,
    ) -> None:
        self._vocabulary = vocabulary
        self._wanted = wanted
        self._bound = bound
        self._named = [str(ox.NamedNode(iri)) for iri in named]
        self._is_large = is_large and not named

    def selection(self) -> str:
        """Return the pattern that binds ?thing to what is asked for, blank nodes among them."""
        wanted = self._wanted
        parts = [f"VALUES ?thing {{ {' '.join(self._named)} }}"] if self._named else []
        parts.append(f"?thing <{TYPE}> <{wanted.class_.iri}> ." if wanted.class_ else f"?thing <{LABEL}> ?anyLabel .")
        parts += [self._having(f"VALUES ?type {{ {_iris(group)} }} ?thing <{TYPE}> ?type") for group in wanted.types]
        parts += [self._condition(number, condition) for number, condition in enumerate(wanted.conditions)]
        if wanted.text:
            parts.append(self._text(wanted.text))
        return " ".join(parts)

    def whole(self) -> str | None:
        """Return the class of which all things are wanted, in the order of lists by default, None for another list."""
        wanted = self._wanted
        narrowed = (self._named, wanted.types, wanted.conditions, wanted.text)
        return wanted.class_iri if not any(narrowed) and wanted.order == Order() else None

    def keys(self) -> str:
        """Return the query for the things, each with what it is ordered by, ?key."""
        return f"SELECT ?thing ?key WHERE {{ {self.selection()} {_key(self._wanted.order)} }}"

    def facet(self, facet: Reach | str) -> str:
        """Return the query for each ?value at the end of a way with the ?count of things, the most common first.

        Texts are one value where a filter does not tell them apart: with their cases and languages.
        """
        is_text = isinstance(facet, Reach) and facet.leads_to_text
        way = f"?thing <{TYPE}> ?end ." if facet == TYPE_KEY else self._wide_way(facet, "end", "facet")
        one = "LCASE(STR(?end))" if is_text else "?end"
        shown = "STR(MIN(?end))" if is_text else "MIN(?end)"
        return f"""SELECT ({shown} AS ?value) (COUNT(DISTINCT ?thing) AS ?count) WHERE {{
            {self.selection()} {way} {_NO_BLANK} }} GROUP BY ({one} AS ?one) ORDER BY DESC(?count) ?one"""

    def predicates(self) -> tuple[str, str]:
        """Return the queries for the properties by which something is stated, and inferred, of the things."""
        has = f"?thing ?property ?value {_NO_BLANK}"
        inferred = f"GRAPH {INFERRED} {{ {has} }}"
        return (
            f"SELECT DISTINCT ?property WHERE {{ {self.selection()} {has} FILTER NOT EXISTS {{ {inferred} }} }}",
            f"SELECT DISTINCT ?property WHERE {{ {self.selection()} {inferred} }}",
        )

    def _condition(self, number: int, condition: Condition) -> str:
        value, reach = f"value{number}", condition.reach
        bound = self._bound[condition]
        terms = [str(term) for term in bound if not isinstance(term, Range | Text)]
        if len(terms) < len(bound):
            test = " || ".join(_test(value, term) for term in bound)
            return self._having(f"{self._way(reach, value, str(number))} FILTER({test})")
        way = f"{self._wide_way(reach, value, str(number))} VALUES ?{value} {{ {' '.join(terms)} }}"
        return f"{{ SELECT DISTINCT ?thing WHERE {{ {way} }} }}"

    def _wide_way(self, reach: Reach | str, value: str, suffix: str) -> str:
        """Return the way to the values, and from them to what is around them."""
        assert isinstance(reach, Reach)
        around = path_around(self._vocabulary, reach.path[-1])
        if not around:
            return self._way(reach, value, suffix)
        return f"{self._way(reach, f'{value}Own', suffix)} ?{value}Own {around} ?{value} ."

    def _way(self, reach: Reach | str, value: str, suffix: str) -> str:
        assert isinstance(reach, Reach)
        path = _path(reach)
        if not reach.is_joined:
            return f"?thing {path} ?{value} ."
        joining = f"?joining{suffix}"
        return f"{joining} ?part{suffix} ?thing . {joining} {path} ?{value} ."

    def _text(self, text: str) -> str:
        words = [ox.Literal(word) for word in dict.fromkeys(folded_text(text).split())]
        if not words:
            return self._having(_NAMED)
        plain = " && ".join(f"CONTAINS(LCASE(STR(?text)), {word})" for word in words)
        folded = " && ".join(f"CONTAINS({FOLDED}(?text), {word})" for word in words)
        # Both sides of && may be asked, of IF only that one which is needed; and folding takes longest.
        return self._having(f"{_NAMED} FILTER(IF(({plain}) || REGEX(STR(?text), {_MAY_FOLD}), {folded}, false))")

    def _having(self, pattern: str) -> str:
        """Return the pattern of things that have what a pattern for ?thing says."""
        return (
            f"{{ SELECT DISTINCT ?thing WHERE {{ {pattern} }} }}"
            if self._is_large
            else f"FILTER EXISTS {{ {pattern} }}"
        )


def path_around(vocabulary: Vocabulary, property_: Property) -> str:
    """Return the path from the values of a property to themselves and what is around them; none where nothing can be.

    What holds for a value holds for what it leads to by a transitive property that joins such values to others.
    """
    if property_.kind is not Kind.OBJECT or not property_.range:
        return ""
    found = []
    for other in vocabulary.properties.values():
        if other.iri in vocabulary.transitive and other.iri != property_.iri:
            ends = (other.domain, other.range)
            if all(vocabulary.is_a(property_.range, end) and end for end in ends):
                found.append(f"<{other.iri}>")
    return f"({'|'.join(found)})?" if found else ""


def _iris(terms: Sequence[Term]) -> str:
    return " ".join(f"<{term.iri}>" for term in terms)


def _test(value: str, bound: Bound) -> str:
    if isinstance(bound, Text):
        return f"LCASE(STR(?{value})) = {ox.Literal(bound.text.lower())}"
    if not isinstance(bound, Range):
        return f"?{value} = {bound}"
    tests = [f"?{value} >= {bound.least}"] if bound.least is not None else []
    tests += [f"?{value} <= {bound.most}"] if bound.most is not None else []
    return f"({' && '.join(tests)})"


def _key(order: Order) -> str:
    """Return the pattern that binds ?key to what things are ordered by.

    What does not count is left unbound behind the OPTIONAL: a filter inside would look at the values of all things.
    """
    if order.by == ID_KEY:
        return 'BIND("" AS ?key)'
    if order.by == LABEL_KEY:
        return f'OPTIONAL {{ ?thing <{LABEL}> ?end }} BIND(IF(LANG(?end) IN ("en", ""), ?end, ?none) AS ?key)'
    assert isinstance(order.by, Reach)
    return f"OPTIONAL {{ ?thing {_path(order.by)} ?end }} BIND(IF(isLiteral(?end), ?end, ?none) AS ?key)"


def _path(reach: Reach) -> str:
    return "/".join(f"<{property_.iri}>" for property_ in reach.path)
