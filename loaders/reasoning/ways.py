"""What makes a thing a member of a class, and what follows for a member, as triple patterns."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pyoxigraph as ox

from loaders.reasoning.rules import Pattern, Slot, Term
from ontology.iris import RDFS

# How many ways of being a member are told apart; each makes a rule, and unions within intersections multiply them.
MOST_WAYS = 200
LITERAL = ox.NamedNode(RDFS + "Literal")


@dataclass(frozen=True)
class Way:
    """One way of being a member: patterns that all have a match, values of variables, and a condition in SPARQL."""

    patterns: tuple[Pattern, ...] = ()
    values: Mapping[ox.Variable, Term] = field(default_factory=dict)
    conditions: tuple[str, ...] = ()
    names: tuple[str, ...] = ()

    def joined(self, other: "Way") -> "Way | None":
        """Return what holds where both do, or None where they give a variable different values."""
        if any(self.values.get(variable, value) != value for variable, value in other.values.items()):
            return None
        return Way(
            self.patterns + other.patterns,
            {**self.values, **other.values},
            self.conditions + other.conditions,
            self.names + other.names,
        )


@dataclass(frozen=True)
class Outcome:
    """What follows for a member where `premises` have a match too; without a conclusion it is a contradiction."""

    conclusion: Pattern | None
    premises: Way = Way()


def joined_by(role: tuple[ox.NamedNode, bool], subject: Slot, object_: Slot) -> Pattern:
    """Return the pattern that a property, which may be read backwards, joins two slots."""
    property_, is_backwards = role
    return (object_, property_, subject) if is_backwards else (subject, property_, object_)
