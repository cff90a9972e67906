"""Each rule of OWL 2 RL has a smallest case, which the reasoner finds, with the premises that contradict each other."""

import dataclasses

import pyoxigraph as ox
import pytest
from rl_cases import Case, asserted, failure, rule_cases

from loaders import inference
from ontology.iris import OWL

CASES = rule_cases()
OBJECT_PROPERTY, DATATYPE_PROPERTY = ox.NamedNode(OWL + "ObjectProperty"), ox.NamedNode(OWL + "DatatypeProperty")
# Every rule of tables 4 to 7 and 9 of the profile but for those whose conclusions hold of everything.
RULES = set(
    """
    eq-sym eq-trans eq-rep-s eq-rep-p eq-rep-o eq-diff1 eq-diff2 eq-diff3
    prp-dom prp-rng prp-fp prp-ifp prp-irp prp-symp prp-asyp prp-trp prp-spo1 prp-spo2 prp-eqp1 prp-eqp2 prp-pdw prp-adp
    prp-inv1 prp-inv2 prp-key prp-npa1 prp-npa2
    cls-nothing2 cls-int1 cls-int2 cls-uni cls-com cls-svf1 cls-svf2 cls-avf cls-hv1 cls-hv2 cls-maxc1 cls-maxc2
    cls-maxqc1 cls-maxqc2 cls-maxqc3 cls-maxqc4 cls-oo
    cax-sco cax-eqc1 cax-eqc2 cax-dw cax-adc
    scm-sco scm-eqc1 scm-eqc2 scm-spo scm-eqp1 scm-eqp2 scm-dom1 scm-dom2 scm-rng1 scm-rng2 scm-hv scm-svf1 scm-svf2
    scm-avf1 scm-avf2 scm-int scm-uni
    """.split()
)


def test_every_rule_has_a_case() -> None:
    assert {case.rule for case in CASES} == RULES


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_a_rule_says_is_found(case: Case) -> None:
    assert failure(case, inference.infer, inference.contradictions) is None


@pytest.mark.parametrize("case", [case for case in CASES if case.conclusion is None], ids=lambda case: case.name)
def test_a_contradiction_names_its_rule_and_facts_that_contradict_each_other(case: Case) -> None:
    found = inference.contradictions(asserted(case.premises))
    assert {contradiction.rule for contradiction in found} == {case.rule}
    for contradiction in found:
        assert {*contradiction.facts} <= {*case.premises}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_conclusion_rests_on_each_of_its_premises(case: Case) -> None:
    for left_out in filter(is_needed, case.premises):
        rest = tuple(triple for triple in case.premises if triple != left_out)
        fewer = dataclasses.replace(case, premises=rest, holds=False)
        assert failure(fewer, inference.infer, inference.contradictions) is None, left_out


def is_needed(premise: ox.Triple) -> bool:
    """Tell whether a premise is neither part of a list or of an axiom with a blank node, nor a declaration."""
    has_blank_node = any(isinstance(term, ox.BlankNode) for term in premise)
    return not has_blank_node and premise.object not in (OBJECT_PROPERTY, DATATYPE_PROPERTY)
