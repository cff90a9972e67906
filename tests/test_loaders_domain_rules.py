"""The rules of the domain: each has a case that is sharp, and a file that is no rule is told why, with its line.

Each file of tests/rules holds facts that are given, and what is to follow from them and what not, for the rule of its
name. A case is sharp when it fails as soon as the rule lacks a premise, a FILTER, a conclusion, or is missing.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest

from loaders.inference import infer
from loaders.reasoning.domain_rules import DomainRule, domain_rule, domain_rules
from ontology.modules import module_triples
from ontology.rule_files import RuleFile, read_rules

CQ = "https://w3id.org/districtgraph/competency#"
CASES = Path(__file__).parent / "rules"
RULES = {rule.name: rule for rule in read_rules()[0]}

Mutant = tuple[str, str, tuple[RuleFile, ...]]


def mutants(rules: Sequence[RuleFile]) -> Iterator[Mutant]:
    """Yield each rule without one of its parts, by its name and the part, as all rules that there then are."""
    for rule in rules:
        others = tuple(other for other in rules if other != rule)
        yield rule.name, "the rule itself", others
        syntax = rule.syntax
        for part in ("premises", "filters", "conclusions"):
            parts = getattr(syntax, part)
            for place in range(len(parts)):
                less = replace(syntax, **{part: parts[:place] + parts[place + 1 :]})
                if less.conclusions and less.premises:
                    yield rule.name, f"{part[:-1]} {place + 1}", (*others, replace(rule, syntax=less))


MUTANTS = list(mutants(list(RULES.values())))


@cache
def case(name: str) -> dict[str, list[ox.Triple]]:
    graphs: dict[str, list[ox.Triple]] = {"given": [], "entailed": [], "not-entailed": []}
    for quad in ox.parse((CASES / f"{name}.trig").read_bytes(), format=ox.RdfFormat.TRIG):
        assert isinstance(quad.graph_name, ox.NamedNode)
        graphs[quad.graph_name.value.removeprefix(CQ)].append(quad.triple)
    return graphs


@cache
def ontology() -> frozenset[ox.Quad]:
    return frozenset(ox.Quad(t.subject, t.predicate, t.object) for t in module_triples())


def wrong(name: str, rules: Sequence[DomainRule]) -> list[str]:
    """Return what the case of a rule says otherwise than what follows by `rules`."""
    graphs = case(name)
    given = {ox.Quad(t.subject, t.predicate, t.object) for t in graphs["given"]}
    found = {quad.triple for quad in infer(ontology() | given, rules)} | set(graphs["given"])
    missing = [f"does not follow: {t}" for t in graphs["entailed"] if t not in found]
    return missing + [f"follows: {t}" for t in graphs["not-entailed"] if t in found]


def test_each_rule_has_a_case_and_each_case_a_rule() -> None:
    assert {file.stem for file in CASES.glob("*.trig")} == RULES.keys()
    assert all(case(name)[graph] for name in RULES for graph in ("given", "entailed", "not-entailed"))


@pytest.mark.parametrize("name", RULES)
def test_what_must_follow_does_and_what_must_not_does_not(name: str) -> None:
    assert wrong(name, domain_rules()) == []


@pytest.mark.slow
@pytest.mark.parametrize(("name", "part", "rules"), MUTANTS, ids=[f"{name}, {part}" for name, part, _ in MUTANTS])
def test_a_case_fails_when_its_rule_lacks_a_part(name: str, part: str, rules: Sequence[RuleFile]) -> None:
    assert wrong(name, [domain_rule(rule) for rule in rules]), f"{name}: no case needs {part}; add one, or drop it"
