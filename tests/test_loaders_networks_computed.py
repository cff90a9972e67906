"""What is stated of a network: every figure under its own name, rounded, and no more than there is."""

from dataclasses import replace
from decimal import Decimal

import pyoxigraph as ox
import pytest

from loaders.graphs import COMPUTED
from loaders.networks.brokerage import ROLES, TOTAL, Score, brokerage
from loaders.networks.computed import LEAST_Z, stated
from loaders.networks.dealt_groups import dealt_groups
from loaders.networks.measures import Measures, measures
from loaders.networks.network import Network, Tie
from ontology.iris import RDF, RDFS, TERM, THING, XSD

Said = dict[str, dict[str, set[str]]]

# An institute between two firms and an agency and a university, and two firms apart.
ARCS = (
    "agency institute",
    "university institute",
    "institute firm-1",
    "institute firm-2",
    "firm-1 firm-2",
    "firm-3 firm-4",
)
KINDS = {
    "agency": "public bodies",
    "university": "institutes",
    "institute": "institutes",
    "firm-1": "firms",
    "firm-2": "firms",
    "firm-3": "firms",
    "firm-4": "firms",
}
INSIDE = {name: "inside" if name in ("institute", "firm-1", "firm-2") else "outside" for name in KINDS}


def a_network() -> Network:
    ties = [
        Tie(THING + tail, THING + head, TERM + "leads", tail != "firm-1", (THING + f"basis-{number}",))
        for number, (tail, head) in enumerate(arc.split() for arc in ARCS)
    ]
    return Network("valley", "Network of actors: Valley", THING + "valley", tuple(sorted(ties)))


PARTITIONS = {
    name: {THING + actor: group for actor, group in groups.items()}
    for name, groups in (("kind", KINDS), ("inside", INSIDE))
}


@pytest.fixture(scope="module")
def said() -> Said:
    found: Said = {}
    for quad in stated(a_network(), PARTITIONS):
        assert quad.graph_name == COMPUTED
        assert isinstance(quad.subject, ox.NamedNode)
        assert not isinstance(quad.object, ox.BlankNode | ox.Triple)
        name = quad.predicate.value.removeprefix(TERM).removeprefix(RDF).removeprefix(RDFS)
        of = found.setdefault(quad.subject.value.removeprefix(f"{THING}computed--"), {})
        of.setdefault(name, set()).add(quad.object.value.removeprefix(TERM).removeprefix(THING))
    return found


def rounded(value: float) -> Decimal:
    return Decimal(value).quantize(Decimal("0.000001"))


def test_a_network_is_said_with_its_size(said: Said) -> None:
    network = said["network--valley"]
    assert (network["actorCount"], network["tieCount"], network["density"]) == ({"7"}, {"7"}, {"0.166667"})
    assert network["networkOf"] == {"valley"}
    assert network["projection"] == {"actor-network"}
    assert network["type"] == {"ActorNetwork"}


def test_a_tie_is_said_with_its_basis(said: Said) -> None:
    assert said["tie--firm-1--leads--firm-2"] == {
        "type": {"NetworkTie"},
        "inNetwork": {"computed--network--valley"},
        "directed": {"false"},
        "tieFrom": {"firm-1"},
        "tieTo": {"firm-2"},
        "tieRelation": {"leads"},
        "basis": {"basis-4"},
    }
    assert said["tie--agency--leads--institute"]["directed"] == {"true"}


def test_a_position_is_said_with_each_measure(said: Said) -> None:
    measured = measures(a_network().successors())
    names = {"cut_actor": "cutActor", "in_degree": "inDegree", "out_degree": "outDegree", "core_number": "coreNumber"}
    names |= {"effective_size": "effectiveSize"} | {
        n: n for n in ("betweenness", "constraint", "component", "community")
    }
    for actor, measure in measured.items():
        position = said[f"position--valley--{actor.removeprefix(THING)}"]
        assert position["measuredActor"] == {actor.removeprefix(THING)}
        for attribute, name in names.items():
            value = getattr(measure, attribute)
            if isinstance(value, bool):
                assert position[name] == {str(value).lower()}
            else:
                assert {Decimal(text) for text in position[name]} == {rounded(value)}, name
    institute = said["position--valley--institute"]
    assert institute["cutActor"] == {"true"}
    assert institute["separates"] == {"firms / institutes", "firms / public bodies", "institutes / public bodies"}
    assert "separates" not in said["position--valley--firm-1"]


def figures(score: dict[str, set[str]], names: tuple[str, ...]) -> list[Decimal | None]:
    return [Decimal(*score[name]) if name in score else None for name in names]


def expected(score: Score) -> list[Decimal | None]:
    return [rounded(score.expected), rounded(score.deviation), None if score.z is None else rounded(score.z)]


@pytest.mark.parametrize("partition", ["kind", "inside"])
def test_scores_of_actors_are_said_beside_both_models(said: Said, partition: str) -> None:
    ties, groups = a_network().successors(), PARTITIONS[partition]
    found = brokerage(ties, groups)
    given = dealt_groups(ties, groups, found.actors)
    there = set()
    for actor, scores in found.actors.items():
        for role in ROLES:
            if scores[role].raw:
                name = f"score--valley--{partition}--{role}--{actor.removeprefix(THING)}"
                there.add(name)
                score = said[name]
                assert score["rawCount"] == {str(scores[role].raw)}
                assert figures(score, ("expectedCount", "countDeviation", "zScore")) == expected(scores[role])
                names = ("expectedCountGivenTies", "countDeviationGivenTies", "zScoreGivenTies")
                assert figures(score, names) == expected(given[actor][role])
                assert score["partitionGroup"] == {groups[actor]}
                assert score["brokerageRole"] == {role}
                z = given[actor][role].z
                computed = {"ComputedRole"} if z is not None and z >= LEAST_Z else set()
                assert score["type"] == {"BrokerageScore"} | computed
    assert there
    whole = {f"score--valley--{partition}--{role}" for role in ROLES}
    assert {name for name in said if name.startswith(f"score--valley--{partition}")} == there | whole


@pytest.mark.parametrize("partition", ["kind", "inside"])
def test_scores_of_the_whole_network_are_said_by_the_first_model_alone(said: Said, partition: str) -> None:
    found = brokerage(a_network().successors(), PARTITIONS[partition]).network
    for role, score in found.items():
        if role != TOTAL:
            of = said[f"score--valley--{partition}--{role}"]
            assert of["rawCount"] == {str(score.raw)}
            assert figures(of, ("expectedCount", "countDeviation", "zScore")) == expected(score)
            assert not of.keys() & {"measuredActor", "partitionGroup", "zScoreGivenTies"}


def test_what_is_nothing_once_rounded_has_no_sign(monkeypatch: pytest.MonkeyPatch) -> None:
    """As of a count that floating-point numbers make a little less than the same count expected."""

    def nearly_nothing(ties: dict[str, set[str]]) -> dict[str, Measures]:
        return {actor: replace(measure, betweenness=-1e-16) for actor, measure in measures(ties).items()}

    monkeypatch.setattr("loaders.networks.computed.measures", nearly_nothing)
    between = {q.object for q in stated(a_network(), PARTITIONS) if q.predicate.value == TERM + "betweenness"}
    assert between == {ox.Literal("0", datatype=ox.NamedNode(XSD + "decimal"))}


def test_an_analysis_is_said_with_its_methods(said: Said) -> None:
    analysis = said["analysis--valley--inside"]
    assert analysis["partition"] == {"inside"}
    assert {method.partition(" ")[0] for method in analysis["analysisMethod"]} == {"Gould", "Mantel"}
    assert said["score--valley--inside--gatekeeper--institute"]["analysis"] == {"computed--analysis--valley--inside"}


def test_whoever_brokers_as_no_deal_of_groups_would_have_it_has_a_computed_role() -> None:
    """A hub among ten of its own group, and thirty of others that have no tie to it."""
    insiders = [f"{THING}in-{number}" for number in range(10)]
    hub = THING + "hub"
    ties = [Tie(hub, other, TERM + "leads", False, (THING + "basis",)) for other in insiders]
    pairs = [(f"{THING}out-{number}", f"{THING}out-{number + 1}") for number in range(0, 30, 2)]
    ties += [Tie(one, other, TERM + "leads", True, (THING + "basis",)) for one, other in pairs]
    network = Network("valley", "Network of actors: Valley", None, tuple(sorted(ties)))
    groups = {actor: "outside" if "out-" in actor else "inside" for actor in network.successors()}
    quads = set(stated(network, {"kind": groups}))
    roles = {quad.subject for quad in quads if quad.object == ox.NamedNode(TERM + "ComputedRole")}
    assert roles == {ox.NamedNode(f"{THING}computed--score--valley--kind--coordinator--hub")}
    assert not [quad for quad in quads if quad.object == ox.NamedNode(THING + "valley")]
