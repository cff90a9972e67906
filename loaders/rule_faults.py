"""Finds what the rules of the domain conclude that cannot be, and which of them never conclude anything."""

from collections.abc import Callable, Collection, Iterator, Sequence
from functools import cached_property

import pyoxigraph as ox

from loaders.errors import Fault
from loaders.graphs import merged
from loaders.inference import Reasoned, reason
from loaders.reasoning.backwards import Backwards
from loaders.reasoning.contradictions import Contradiction
from loaders.reasoning.domain_rules import DomainRule
from loaders.reasoning.engines import Embedded
from loaders.reasoning.minimal_proofs import Proof, minimal_proofs
from loaders.reasoning.proofs import sought
from loaders.reasoning.rules import written
from loaders.validation import Validation
from ontology.iris import compress
from ontology.rule_files import FOLDER

_MOST_PROVED = 20
_WAY_OUT = "add a premise or a FILTER to the rule, or correct the facts"


class RuleConsequences:
    """What follows from `quads`, which hold the ontology, by some rules of the domain, and by which of them."""

    def __init__(self, quads: Collection[ox.Quad], rules: Sequence[DomainRule], reasoned: Reasoned) -> None:
        self.quads = quads
        self._rules = rules
        self._reasoned = reasoned
        self._names = {rule.name for rule in rules}

    @property
    def contradict_themselves(self) -> bool:
        """Whether anything does in `quads` and what follows, by whatever rule."""
        return bool(self._reasoned.contradictions)

    def contradictions(self) -> Iterator[Fault]:
        """Yield what contradicts itself by the rules of the domain and would not without them."""
        if not (self.contradict_themselves and self._rules):
            return
        anyway = {frozenset(found.facts) for found in self.without.contradictions}
        for found in self._reasoned.contradictions:
            if frozenset(found.facts) not in anyway:
                facts = ", and ".join(map(_words, found.facts))
                message = f"concludes what contradicts the ontology ({found.rule}): {facts}{_axiom(found)}"
                yield from self._of_rules({name for fact in found.facts for name in self._behind(fact)}, message)

    def refused(self, validation: Validation, fitting: Callable[[set[ox.Quad]], Validation]) -> Iterator[Fault]:
        """Yield what breaks a shape by `validation`; where only a rule of the domain concludes it, at that rule.

        `fitting` tells how the ontology and the facts fit the shapes with other inferred quads.
        """
        if not (validation.faults and self._rules):
            yield from validation.faults
            return
        anyway = set(fitting(self.without.inferred).faults)
        lacking: dict[str, set[Fault]] = {}
        for fault in validation.faults:
            if fault in anyway:
                yield fault
                continue
            names = self._concluding_of(validation.things[fault])
            for name in names if len(names) > 1 else ():
                if name not in lacking:
                    others = [rule for rule in self._rules if rule.name != name]
                    lacking[name] = set(fitting(reason(self.quads, others).inferred).faults)
            to_blame = {name for name in names if fault not in lacking.get(name, ())} or names
            message = f"concludes what a shape refuses: {fault.file}:{fault.line}: {fault.message}"
            yield from self._of_rules(to_blame, message)

    def idle(self) -> Iterator[DomainRule]:
        """Yield the rules of whose premises nothing is a match."""
        for rule in self._rules:
            first = rule.rules[0]
            if not self._store.query(f"ASK {{ {written(first.premises)} {first.condition} }}"):
                yield rule

    @cached_property
    def without(self) -> Reasoned:
        """What follows without any rule of the domain."""
        return reason(self.quads)

    @cached_property
    def _store(self) -> ox.Store:
        store = ox.Store()
        store.bulk_extend(self.quads)
        store.bulk_extend(self._reasoned.inferred)
        store.bulk_extend(merged([*self.quads, *self._reasoned.inferred]))
        return store

    @cached_property
    def _backwards(self) -> Backwards:
        return Backwards(self._reasoned.rules)

    def _of_rules(self, names: Collection[str], message: str) -> Iterator[Fault]:
        for name in sorted(names or self._names):
            yield Fault(f"ontology/{FOLDER}/{name}.rq", 1, f"rule {name}: {message}; {_WAY_OUT}")

    def _concluding_of(self, iris: Collection[str]) -> set[str]:
        """Return the rules of the domain by which something is concluded of one of the things `iris`."""
        added = (quad.triple for quad in self._reasoned.inferred - self.without.inferred)
        touching = (t for t in added if {getattr(t.subject, "value", ""), getattr(t.object, "value", "")} & {*iris})
        return {name for triple in sorted(touching, key=str)[:_MOST_PROVED] for name in self._behind(triple)}

    def _behind(self, triple: ox.Triple) -> set[str]:
        """Return the rules of the domain in the shortest proof of a triple, none where one does without them."""
        searched = sought(triple, self._backwards, Embedded(self._store))
        found = [self._in(proof) for proof in minimal_proofs(searched).proofs]
        return found[0] if found and all(found) else set()

    def _in(self, proof: Proof) -> set[str]:
        own = set(proof.step.names) & self._names if proof.step else set()
        return own.union(*(self._in(premise) for premise in proof.premises))


def _words(triple: ox.Triple) -> str:
    parts = (compress(getattr(term, "value", "")).removeprefix("dgi:") for term in triple)
    return " ".join("is a" if part == "rdf:type" else part for part in parts)


def _axiom(found: Contradiction) -> str:
    stated = [triple for triple in found.axiom.stated if not triple.subject.value.startswith("urn:")]
    return f", against {_words(ox.Triple(*stated[0]))}" if stated else ""
