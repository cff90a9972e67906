"""Without any one of its rules the reasoner fails a case: so each is there for something, and a test holds it."""

from collections.abc import Callable, Iterable

import pyoxigraph as ox
import pytest
from rl_cases import Case, failure, rule_cases

from loaders import inference
from loaders.reasoning.rules import Rule

CASES = rule_cases()
RULES = sorted({case.rule for case in CASES})

Compile = Callable[[Iterable[ox.Triple]], list[Rule]]


@pytest.fixture
def without(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Take a rule away from the reasoner, by name."""

    def take_away(name: str) -> None:
        for compiling in ("rules_about_things", "rules_about_terms"):
            all_rules: Compile = getattr(inference, compiling)
            monkeypatch.setattr(inference, compiling, reduced(all_rules, name))

    return take_away


def reduced(all_rules: Compile, name: str) -> Compile:
    return lambda triples: [rule for rule in all_rules(triples) if name not in rule.names]


@pytest.mark.parametrize("rule", RULES)
def test_without_a_rule_its_case_fails(rule: str, without: Callable[[str], None]) -> None:
    assert not failures(rule)
    without(rule)
    assert failures(rule)


def test_the_reasoner_has_no_rule_without_a_case() -> None:
    compiled = {
        name
        for case in CASES
        for compiling in (inference.rules_about_things, inference.rules_about_terms)
        for rule in compiling(case.premises)
        for name in rule.names
    }
    assert {name for name in compiled if not name.startswith("dt-")} <= {*RULES}


def failures(rule: str) -> list[Case]:
    """Return the cases of a rule that the reasoner fails."""
    return [case for case in CASES if case.rule == rule and failure(case)]
