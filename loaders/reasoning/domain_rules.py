"""Reads the rules of the domain that an ontology carries, as rules that the reasoner applies."""

from collections.abc import Iterable
from dataclasses import dataclass
from importlib.resources.abc import Traversable

import pyoxigraph as ox

from loaders.reasoning.rules import Axiom, Rule, is_type
from ontology.rule_files import RuleFile, read_rules

# A rule of the domain holds by itself, whatever the ontology states.
_ALWAYS = (Axiom((), ()),)


@dataclass(frozen=True)
class DomainRule:
    """A rule of the domain: what it says in words and in SPARQL, where it is from, and `rules`, one a conclusion.

    `sources`, `reason` and `note` are as in its file; the names of `rules` are its name alone.
    """

    name: str
    summary: str
    sources: tuple[str, ...]
    reason: str
    note: str
    text: str
    rules: tuple[Rule, ...]

    @property
    def source(self) -> str:
        """What the rule is taken from, in one text."""
        return "; ".join(self.sources)

    @property
    def concluded(self) -> tuple[str, ...]:
        """The IRIs of the classes and properties by which the rule concludes something."""
        patterns = [rule.conclusion for rule in self.rules if rule.conclusion is not None]
        slots = (one[2] if is_type(one) else one[1] for one in patterns)
        return tuple(dict.fromkeys(slot.value for slot in slots if isinstance(slot, ox.NamedNode)))


def domain_rules(folder: Traversable | None = None) -> list[DomainRule]:
    """Return the rules of the domain of the ontology in `folder`, by default the packaged one, by their names.

    Those of a release are in its unpacked ontology. Raises RuleFileError for the first that is none.
    """
    files, errors = read_rules(folder)
    if errors:
        raise errors[0]
    return [domain_rule(file) for file in files]


def domain_rule(file: RuleFile) -> DomainRule:
    """Return a rule as the reasoner applies it."""
    syntax = file.syntax
    rules = tuple(
        Rule((file.name,), syntax.premises, conclusion, (), _ALWAYS, syntax.condition)
        for conclusion in syntax.conclusions
    )
    return DomainRule(file.name, file.summary, file.sources, file.reason, file.note, file.text, rules)


def rules_of(some: Iterable[DomainRule]) -> list[Rule]:
    """Return the rules for the reasoner of some rules of the domain."""
    return [rule for each in some for rule in each.rules]
