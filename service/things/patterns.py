"""Writes what is asked of a collection as SPARQL: the pattern that its things fit, their order, and their facets."""

from collections.abc import Mapping
from dataclasses import dataclass

import pyoxigraph as ox

from ontology.iris import OWL, PREFIXES
from ontology.vocabulary import Kind, Property, Term, Vocabulary
from service.things.description import LABEL, TYPE
from service.things.parameters import ID_KEY, LABEL_KEY, TYPE_KEY, Condition, Order, Reach, Wanted

_NAMES = (LABEL, PREFIXES["skos"] + "altLabel", PREFIXES["skos"] + "prefLabel")
FACET_VALUES = 50


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
    """SPARQL for what is wanted; `bound` tells what the values of its conditions mean."""

    def __init__(self, vocabulary: Vocabulary, wanted: Wanted, bound: Mapping[Condition, tuple[Bound, ...]]) -> None:
        self._vocabulary = vocabulary
        self._wanted = wanted
        self._bound = bound

    def selection(self) -> str:
        """Return the pattern that binds ?thing to what is asked for."""
        wanted = self._wanted
        classes = [wanted.class_] if wanted.class_ else []
        parts = [f"?thing <{TYPE}> <{class_.iri}> ." for class_ in classes]
        if not classes:
            parts.append(f"?thing <{LABEL}> ?anyLabel .")
        if wanted.types:
            parts.append(f"?thing <{TYPE}> ?ofType . VALUES ?ofType {{ {_iris(wanted.types)} }}")
        parts += [self._condition(number, condition) for number, condition in enumerate(wanted.conditions)]
        if wanted.text:
            parts.append(self._text(wanted.text))
        return " ".join([*parts, "FILTER(isIRI(?thing))"])

    def keys(self) -> str:
        """Return the query for the things, each with what it is ordered by, ?key."""
        return f"SELECT ?thing ?key WHERE {{ {self.selection()} {_key(self._wanted.order)} }}"

    def facet(self, facet: Reach | str) -> str:
        """Return the query for the values at the end of a way and how many things have each, the most common first."""
        way = f"?thing <{TYPE}> ?value ." if facet == TYPE_KEY else self._wide_way(facet, "value", "facet")
        counted = f"SELECT DISTINCT ?thing ?value WHERE {{ {self.selection()} {way} }}"
        return f"""SELECT ?value (COUNT(DISTINCT ?thing) AS ?count) (MIN(?name) AS ?label) WHERE {{ {{ {counted} }}
            FILTER(!isBLANK(?value) && ?value != <{OWL}NamedIndividual>)
            OPTIONAL {{ ?value <{LABEL}> ?name FILTER(LANG(?name) IN ("en", "")) }}
            }} GROUP BY ?value ORDER BY DESC(?count) ?value LIMIT {FACET_VALUES}"""

    def predicates(self) -> str:
        """Return the query for the properties that the things have."""
        return f"SELECT DISTINCT ?property WHERE {{ {self.selection()} ?thing ?property ?value }}"

    def _condition(self, number: int, condition: Condition) -> str:
        value, reach = f"value{number}", condition.reach
        bound = self._bound[condition]
        terms = [str(term) for term in bound if not isinstance(term, Range | Text)]
        if len(terms) < len(bound):
            return f"{self._way(reach, value, str(number))} FILTER({' || '.join(_test(value, term) for term in bound)})"
        return f"{self._wide_way(reach, value, str(number))} VALUES ?{value} {{ {' '.join(terms)} }}"

    def _wide_way(self, reach: Reach | str, value: str, suffix: str) -> str:
        """Return the way to the values, and from them to what is around them."""
        assert isinstance(reach, Reach)
        wider = self._wider(reach.path[-1])
        if not wider:
            return self._way(reach, value, suffix)
        around = "|".join(f"<{iri}>" for iri in wider)
        return f"{self._way(reach, f'{value}Own', suffix)} ?{value}Own ({around})? ?{value} ."

    def _way(self, reach: Reach | str, value: str, suffix: str) -> str:
        assert isinstance(reach, Reach)
        path = "/".join(f"<{property_.iri}>" for property_ in reach.path)
        if not reach.is_joined:
            return f"?thing {path} ?{value} ."
        joining = f"?joining{suffix}"
        return f"{joining} ?part{suffix} ?thing . {joining} {path} ?{value} ."

    def _wider(self, property_: Property) -> list[str]:
        """Return the transitive properties along which what holds for a value holds for what is around it.

        They join values of the property to others that it can have.
        """
        if property_.kind is not Kind.OBJECT or not property_.range:
            return []
        found = []
        for other in self._vocabulary.properties.values():
            if other.iri in self._vocabulary.transitive and other.iri != property_.iri:
                ends = (other.domain, other.range)
                if all(self._vocabulary.is_a(property_.range, end) and end for end in ends):
                    found.append(other.iri)
        return found

    def _text(self, text: str) -> str:
        names = "|".join(f"<{iri}>" for iri in _NAMES)
        wanted = ox.Literal(text.lower())
        return f"FILTER EXISTS {{ ?thing {names} ?text FILTER(CONTAINS(LCASE(STR(?text)), {wanted})) }}"


def _iris(terms: tuple[Term, ...]) -> str:
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
    """Return the pattern that binds ?key to what things are ordered by."""
    if order.by == ID_KEY:
        return 'BIND("" AS ?key)'
    if order.by == LABEL_KEY:
        return f'OPTIONAL {{ ?thing <{LABEL}> ?key FILTER(LANG(?key) IN ("en", "")) }}'
    assert isinstance(order.by, Property)
    return f"OPTIONAL {{ ?thing <{order.by.iri}> ?key FILTER(isLiteral(?key)) }}"
