"""Each rule of OWL 2 RL has a smallest case, which the reasoner finds, with the premises that contradict each other."""

import dataclasses

import pyoxigraph as ox
import pytest
from rl_cases import Case, asserted, failure, rule_cases

from loaders.inference import reason
from ontology.iris import OWL

CASES = rule_cases()
SMALLEST = [case for case in CASES if case.name == case.rule]
DECLARED = [ox.NamedNode(OWL + kind) for kind in ("Class", "ObjectProperty", "DatatypeProperty")]
# Every rule of tables 4 to 7 and 9 of the profile but for those whose conclusions hold of everything.
TABLES = {
    "eq": "sym trans rep-s rep-p rep-o diff1 diff2 diff3",
    "prp": "dom rng fp ifp irp symp asyp trp spo1 spo2 eqp1 eqp2 pdw adp inv1 inv2 key npa1 npa2",
    "cls": "nothing2 int1 int2 uni com svf1 svf2 avf hv1 hv2 maxc1 maxc2 maxqc1 maxqc2 maxqc3 maxqc4 oo",
    "cax": "sco eqc1 eqc2 dw adc",
    "scm": "sco eqc1 eqc2 spo eqp1 eqp2 dom1 dom2 rng1 rng2 hv svf1 svf2 avf1 avf2 int uni",
}
RULES = {f"{table}-{rule}" for table, rules in TABLES.items() for rule in rules.split()}


def test_every_rule_has_a_case() -> None:
    assert {case.rule for case in CASES} == RULES


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_a_rule_says_is_found(case: Case) -> None:
    assert failure(case) is None


@pytest.mark.parametrize("case", [case for case in SMALLEST if case.conclusion is None], ids=lambda case: case.name)
def test_a_contradiction_names_its_rule_and_facts_that_contradict_each_other(case: Case) -> None:
    found = reason(asserted(case.premises)).contradictions
    assert {contradiction.rule for contradiction in found} == {case.rule}
    assert any({*one.facts} <= {*case.premises} for one in found)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_conclusion_rests_on_each_of_its_premises(case: Case) -> None:
    for left_out in filter(is_needed, case.premises):
        rest = tuple(triple for triple in case.premises if triple != left_out)
        fewer = dataclasses.replace(case, premises=rest, holds=False)
        assert failure(fewer) is None, left_out


def is_needed(premise: ox.Triple) -> bool:
    """Tell whether a premise is neither part of a list or of an axiom with a blank node, nor a declaration."""
    has_blank_node = any(isinstance(term, ox.BlankNode) for term in premise)
    return not has_blank_node and premise.object not in DECLARED
