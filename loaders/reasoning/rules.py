"""A rule: where each of its premises has a match, its conclusion follows, or else they contradict each other."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import pyoxigraph as ox

from ontology.iris import PREFIXES, RDF

Term = ox.NamedNode | ox.BlankNode | ox.Literal
Slot = Term | ox.Variable
Pattern = tuple[Slot, Slot, Slot]

_TYPE = ox.NamedNode(RDF + "type")


class StatedTriple(NamedTuple):
    """A triple of an ontology, of which blank nodes have names."""

    subject: ox.NamedNode
    predicate: ox.NamedNode
    object: Term


@dataclass(frozen=True)
class Axiom:
    """What an ontology says that makes a rule hold for some terms.

    `values` are those of the rule's variables, in their order; `stated` are the triples that begin it: an expression
    in one of them is named by its node.
    """

    values: tuple[Term, ...]
    stated: tuple[StatedTriple, ...]


@dataclass(frozen=True)
class Rule:
    """That `conclusion` follows from `premises`, for the values that each of `axioms` gives to `variables`.

    `names` are the rules of https://www.w3.org/TR/owl2-profiles/#Reasoning_in_OWL_2_RL_and_RDF_Graphs_using_Rules
    that it joins, or the name of a rule of the domain. `condition` is SPARQL that restricts the matches of the
    premises. Without a conclusion, the premises contradict each other.
    """

    names: tuple[str, ...]
    premises: tuple[Pattern, ...]
    conclusion: Pattern | None
    variables: tuple[ox.Variable, ...]
    axioms: tuple[Axiom, ...]
    condition: str = ""

    def __str__(self) -> str:
        then = written([self.conclusion]) if self.conclusion else "contradiction"
        return f"{' '.join(self.names)}: {written(self.premises)} {self.condition} => {then}"

    def only(self, axioms: Iterable[Axiom]) -> "Rule":
        """Return the rule for some of its axioms."""
        return Rule(self.names, self.premises, self.conclusion, self.variables, tuple(axioms), self.condition)

    @property
    def table(self) -> str:
        """What the axioms give to the variables, as SPARQL."""
        if not self.variables:
            return ""
        rows = " ".join(f"({' '.join(map(str, axiom.values))})" for axiom in self.axioms)
        return f"VALUES ({' '.join(map(str, self.variables))}) {{ {rows} }}"


@dataclass(frozen=True)
class Step:
    """That a triple follows at once from `premises`, by the rule of `names` and what makes it hold."""

    names: tuple[str, ...]
    axiom: Axiom
    premises: tuple[ox.Triple, ...]


def pattern(text: str) -> Pattern:
    """Return a triple pattern that is written as in SPARQL, with prefixed names, `a`, and blanks between its parts."""
    subject, predicate, object_ = map(_slot, text.split())
    return subject, predicate, object_


def patterns(text: str) -> tuple[Pattern, ...]:
    """Return the triple patterns in `text`, which ` . ` divides."""
    return tuple(pattern(part) for part in text.split(" . ") if part)


def written(some: Iterable[Pattern]) -> str:
    """Return triple patterns as SPARQL."""
    return " . ".join(" ".join(map(str, one)) for one in some)


def variables_of(some: Iterable[Pattern]) -> tuple[ox.Variable, ...]:
    """Return the variables of some patterns, each once, in their order."""
    return tuple(dict.fromkeys(slot for one in some for slot in one if isinstance(slot, ox.Variable)))


def substituted(one: Pattern, values: Mapping[ox.Variable, Slot]) -> Pattern:
    """Return a pattern with the values of its variables, as far as there are any."""
    subject, predicate, object_ = (values.get(slot, slot) if isinstance(slot, ox.Variable) else slot for slot in one)
    return subject, predicate, object_


def triple_of(one: Pattern) -> ox.Triple:
    """Return a pattern without variables as a triple."""
    subject, predicate, object_ = one
    assert isinstance(subject, ox.NamedNode | ox.BlankNode)
    assert isinstance(predicate, ox.NamedNode)
    assert not isinstance(object_, ox.Variable)
    return ox.Triple(subject, predicate, object_)


def unified(one: Pattern, triple: ox.Triple) -> dict[ox.Variable, Term] | None:
    """Return the values with which a pattern is `triple`, or None where it cannot be."""
    values: dict[ox.Variable, Term] = {}
    for slot, term in zip(one, triple, strict=True):
        assert not isinstance(term, ox.Triple)
        if isinstance(slot, ox.Variable):
            if values.setdefault(slot, term) != term:
                return None
        elif slot != term:
            return None
    return values


def is_type(one: Pattern) -> bool:
    """Tell whether a pattern says of what class a thing is."""
    return one[1] == _TYPE


def instances(rule: Rule) -> Iterator[tuple[Axiom, Pattern]]:
    """Yield the axioms of a rule that concludes something, each with what it concludes then."""
    assert rule.conclusion is not None
    for axiom in rule.axioms:
        yield axiom, substituted(rule.conclusion, dict(zip(rule.variables, axiom.values, strict=True)))


def _slot(text: str) -> Slot:
    if text == "a":
        return _TYPE
    if text.startswith("?"):
        return ox.Variable(text[1:])
    prefix, _, name = text.partition(":")
    return ox.NamedNode(PREFIXES[prefix] + name)
