"""The W3C's cases of OWL 2 RL: the reasoner passes all but those that are known, each with the reason.

Their files may not be kept in this repository: this is collected where shared/data/w3c/owl2-rl has them.
"""

from pathlib import Path

import pytest
import w3c_owl
import yaml
from conftest import OWL_CASES
from rl_cases import Case, failure

KNOWN: dict[str, str] = yaml.safe_load((Path(__file__).parent / "owl2-rl-known.yaml").read_text())
CASES = w3c_owl.suite(OWL_CASES)


@pytest.mark.parametrize("case", [case for case in CASES if case.name not in KNOWN], ids=lambda case: case.name)
def test_a_case_is_passed(case: Case) -> None:
    assert failure(case) is None


@pytest.mark.parametrize("case", [case for case in CASES if case.name in KNOWN], ids=lambda case: case.name)
def test_a_known_case_fails_still(case: Case) -> None:
    assert failure(case) is not None, f"{case.name} is passed: take it out of owl2-rl-known.yaml"


def test_what_is_known_is_in_the_suite() -> None:
    assert KNOWN.keys() <= {case.name for case in CASES}
