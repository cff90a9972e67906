"""Works out what follows from a few triples, and by which steps, without a store."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

import pyoxigraph as ox

from loaders.reasoning.rules import Axiom, Pattern, Rule, Slot, Step, Term, instances, substituted, triple_of, unified

# What many things follow from is left: whoever asks has a few triples of a proof.
_MOST_TRIPLES = 1_000

_Values = Mapping[ox.Variable, Slot]
_Key = tuple[object, object]


@dataclass(frozen=True)
class _Instance:
    """A rule with the values of one of its axioms."""

    names: tuple[str, ...]
    axiom: Axiom
    premises: tuple[Pattern, ...]
    conclusion: Pattern
    condition: str


class Forwards:
    """The rules that conclude something, arranged by the predicates and classes of their premises."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._begins: list[_Instance] = []
        self._by_premise: dict[_Key, list[tuple[_Instance, int]]] = defaultdict(list)
        self._nothing = ox.Store()
        for instance in (each for rule in rules for each in _instances(rule)):
            if not instance.premises:
                self._begins.append(instance)
            for place, premise in enumerate(instance.premises):
                self._by_premise[_key(premise)].append((instance, place))

    def steps(self, facts: Iterable[ox.Triple], goal: ox.Triple) -> dict[ox.Triple, Step] | None:
        """Return a step to each triple that follows from `facts`, as far as to `goal`, or None where that does not."""
        found: dict[ox.Triple, Step] = {}
        known = _Known()
        last = list(dict.fromkeys(facts))
        for triple in last:
            known.add(triple)
        last += self._concluded(((each, {}) for each in self._begins), known, found)
        while last and goal not in known.triples and len(known.triples) < _MOST_TRIPLES:
            last = list(self._concluded(self._matches(last, known), known, found))
        return found if goal in known.triples else None

    def _concluded(
        self, matches: Iterator[tuple[_Instance, _Values]], known: "_Known", found: dict[ox.Triple, Step]
    ) -> Sequence[ox.Triple]:
        """Add what the matches of one round yield, and return it."""
        concluded: dict[ox.Triple, Step] = {}
        for instance, values in matches:
            if not self._holds(instance, values):
                continue
            conclusion = triple_of(substituted(instance.conclusion, values))
            if conclusion not in known.triples and conclusion not in concluded:
                premises = tuple(triple_of(substituted(one, values)) for one in instance.premises)
                concluded[conclusion] = Step(instance.names, instance.axiom, premises)
        for triple in concluded:
            known.add(triple)
        found |= concluded
        return list(concluded)

    def _matches(self, last: Iterable[ox.Triple], known: "_Known") -> Iterator[tuple[_Instance, _Values]]:
        """Yield the rules that have a match, one premise of which is of the last round."""
        for triple in last:
            for key in {(None, None), (triple.predicate, None), (triple.predicate, triple.object)}:
                for instance, place in self._by_premise.get(key, ()):
                    values = unified(instance.premises[place], triple)
                    if values is not None:
                        others = [one for index, one in enumerate(instance.premises) if index != place]
                        yield from ((instance, all_) for all_ in known.joined(others, values))

    def _holds(self, instance: _Instance, values: _Values) -> bool:
        """Tell whether the condition of a rule holds, which is SPARQL."""
        if not instance.condition:
            return True
        bound = " ".join(f"VALUES {variable} {{ {term} }}" for variable, term in values.items())
        return bool(self._nothing.query(f"ASK {{ {bound} {instance.condition} }}"))


class _Known:
    """Some triples, by their predicates."""

    def __init__(self) -> None:
        self.triples: set[ox.Triple] = set()
        self._of: dict[Slot, list[ox.Triple]] = defaultdict(list)

    def add(self, triple: ox.Triple) -> None:
        self.triples.add(triple)
        self._of[triple.predicate].append(triple)

    def joined(self, premises: Sequence[Pattern], values: Mapping[ox.Variable, Term]) -> Iterator[_Values]:
        """Yield the values with which all `premises` are known."""
        if not premises:
            yield values
            return
        first = substituted(premises[0], values)
        candidates = self.triples if isinstance(first[1], ox.Variable) else self._of.get(first[1], ())
        for triple in islice(candidates, len(candidates)):
            more = unified(first, triple)
            if more is not None:
                yield from self.joined(premises[1:], {**values, **more})


def _instances(rule: Rule) -> Iterator[_Instance]:
    for axiom, conclusion in instances(rule) if rule.conclusion is not None else ():
        values: _Values = dict(zip(rule.variables, axiom.values, strict=True))
        premises = tuple(substituted(one, values) for one in rule.premises)
        yield _Instance(rule.names, axiom, premises, conclusion, rule.condition)


def _key(premise: Pattern) -> _Key:
    predicate, object_ = (None if isinstance(slot, ox.Variable) else slot for slot in premise[1:])
    return (predicate, object_) if predicate is not None else (None, None)
