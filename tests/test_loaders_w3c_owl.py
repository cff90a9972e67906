"""The W3C's cases of OWL 2 RL: the reasoner passes all but those that are known, each with the reason."""

from pathlib import Path

import pytest
import w3c_owl
import yaml
from conftest import SHARED
from rl_cases import Case

SUITE = SHARED / "data/w3c/owl2-rl"
KNOWN: dict[str, str] = yaml.safe_load((Path(__file__).parent / "owl2-rl-known.yaml").read_text())
ABSENT = pytest.mark.skip(reason=f"the W3C's cases of OWL 2 RL are not at hand: {SUITE} does not exist")
CASES = w3c_owl.suite(SUITE) if SUITE.is_dir() else []


def parameters(cases: list[Case]) -> list[object]:
    """Return cases as parameters of a test, which is skipped where there is no suite."""
    return [pytest.param(case, id=case.name) for case in cases] or [pytest.param(None, id="absent", marks=ABSENT)]


@pytest.mark.parametrize("case", parameters([case for case in CASES if case.name not in KNOWN]))
def test_a_case_is_passed(case: Case) -> None:
    assert w3c_owl.outcome(case) is None


@pytest.mark.parametrize("case", parameters([case for case in CASES if case.name in KNOWN]))
def test_a_known_case_fails_still(case: Case) -> None:
    assert w3c_owl.outcome(case) is not None, f"{case.name} is passed: take it out of owl2-rl-known.yaml"


@pytest.mark.skipif(not CASES, reason=ABSENT.kwargs["reason"])
def test_what_is_known_is_in_the_suite() -> None:
    assert KNOWN.keys() <= {case.name for case in CASES}
