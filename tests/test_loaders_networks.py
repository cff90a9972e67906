"""The networks of a release: what gives a tie, who is in which group, and that what is computed stays apart."""

import re
import time
from collections import Counter
from functools import cache
from itertools import combinations

import networkx as nx
import pyoxigraph as ox
import pytest
from conftest import PROJECT, Service
from hypothesis import given, settings
from hypothesis import strategies as st

from loaders.graphs import COMPUTED, INFERRED, merged
from loaders.inference import infer
from loaders.networks.computed import LEAST_Z, compute
from loaders.networks.network import networks
from loaders.networks.partitions import Partitions
from loaders.networks.separations import separations
from ontology.iris import RDF, TERM, THING
from ontology.modules import module_triples

TYPE = RDF + "type"
PREFIXES = f"PREFIX dg: <{TERM}> PREFIX dgi: <{THING}> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>\n"


@pytest.fixture(scope="module")
def quads(service: Service) -> list[ox.Quad]:
    return list(ox.parse((service.state / "current/dataset.nq").read_bytes(), format=ox.RdfFormat.N_QUADS))


@pytest.fixture(scope="module")
def store(quads: list[ox.Quad]) -> ox.Store:
    store = ox.Store()
    store.bulk_extend(merged(quads))
    return store


ORGANISATIONS = ("club", "seller", "middle", "buyer", "one", "other", "host", "guest", "member", "another", "leader")


def small(facts: str) -> ox.Store:
    """Return a store of the ontology and these facts, each `subject property object` a line."""
    triples = ["dgi:paper a dg:Publication ; rdfs:label 'paper'@en ."]
    triples += [f"dgi:{name} a dg:Organisation ." for name in ORGANISATIONS]
    for number, line in enumerate(facts.strip().splitlines()):
        subject, property_, object_ = line.split()
        triples.append(f"{subject} {property_} {object_} .")
        if property_ != "a":
            triples += [f"{end} rdfs:label '{end}'@en ." for end in (subject, object_)]
            triples.append(
                f"dgi:fact-{number} a dg:Fact ; dg:factSubject {subject} ; dg:factProperty {property_} ; "
                f"dg:factObject {object_} ; dg:source dgi:paper ."
            )
    made = ox.Store()
    made.load(PREFIXES + "\n".join(triples), format=ox.RdfFormat.TURTLE)
    made.extend(terms())
    return made


@cache
def terms() -> tuple[ox.Quad, ...]:
    return tuple(ox.Quad(t.subject, t.predicate, t.object) for t in module_triples(PROJECT / "ontology"))


def arcs(store: ox.Store) -> set[tuple[str, str]]:
    found = networks(store)[0].successors()
    return {(one.removeprefix(THING), other.removeprefix(THING)) for one, others in found.items() for other in others}


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (
            """
            dgi:b a dg:Brokerage
            dgi:b dg:brokeredFrom dgi:seller
            dgi:b dg:broker dgi:middle
            dgi:b dg:beneficiary dgi:buyer
            """,
            {("seller", "middle"), ("middle", "buyer")},
        ),
        ("dgi:one dg:cooperatesWith dgi:other", {("one", "other"), ("other", "one")}),
        (
            """
            dgi:visit a dg:Event
            dgi:visit dg:hostedBy dgi:host
            dgi:visit dg:attendedBy dgi:guest
            """,
            {("host", "guest")},
        ),
        (
            """
            dgi:p a dg:Participation
            dgi:p dg:participant dgi:member
            dgi:p dg:activity dgi:programme
            dgi:q a dg:Participation
            dgi:q dg:participant dgi:another
            dgi:q dg:activity dgi:programme
            dgi:programme dg:ledBy dgi:leader
            """,
            {("member", "leader"), ("leader", "member"), ("another", "leader"), ("leader", "another")},
        ),
        (
            """
            dgi:crowd a dg:FirmGroup
            dgi:one dg:memberOf dgi:crowd
            dgi:one dg:memberOf dgi:club
            """,
            {("one", "club"), ("club", "one")},
        ),
        (
            """
            dgi:someone a dg:Person
            dgi:someone dg:cooperatesWith dgi:one
            """,
            set(),
        ),
        ("dgi:one dg:cooperatesWith dgi:nobody-says-what", set()),
        (
            """
            dgi:one a dg:Informant
            dgi:one dg:cooperatesWith dgi:other
            """,
            {("one", "other"), ("other", "one")},
        ),
        (
            """
            dgi:crowd a dg:FirmGroup
            dgi:one dg:memberOf dgi:crowd
            dgi:b a dg:Brokerage
            dgi:b dg:broker dgi:one
            dgi:b dg:beneficiary dgi:crowd
            """,
            set(),
        ),
        (
            """
            dgi:r a dg:RoleHolding
            dgi:r dg:roleHolder dgi:one
            dgi:r dg:between dgi:other
            dgi:r dg:between dgi:another
            """,
            set(),
        ),
    ],
    ids=[
        "brokerage",
        "cooperation",
        "visit",
        "participation",
        "membership",
        "people",
        "unknown",
        "informant",
        "own group",
        "a reported role",
    ],
)
def test_facts_make_ties(facts: str, expected: set[tuple[str, str]]) -> None:
    assert arcs(small(facts)) == expected


ONE_WAY = {("one", "other")}
BOTH_WAYS = {("one", "other"), ("other", "one")}


@pytest.mark.parametrize(
    ("class_", "first", "second", "expected"),
    [
        ("Brokerage", "brokeredFrom", "broker", ONE_WAY),
        ("Brokerage", "broker", "beneficiary", ONE_WAY),
        ("Brokerage", "broker", "between", BOTH_WAYS),
        ("Brokerage", "brokeredFrom", "beneficiary", set()),
        ("Funding", "funder", "beneficiary", ONE_WAY),
        ("Funding", "funder", "funded", ONE_WAY),
        ("Award", "awardedBy", "recipient", ONE_WAY),
        ("Project", "launchedBy", "ledBy", ONE_WAY),
        ("Project", "launchedBy", "targets", set()),
        ("Project", "commissionedBy", "ledBy", ONE_WAY),
        ("Project", "commissionedBy", "designedBy", ONE_WAY),
        ("Project", "ledBy", "targets", ONE_WAY),
        ("Project", "hostedBy", "targets", ONE_WAY),
        ("Event", "hostedBy", "attendedBy", ONE_WAY),
        ("TechnologyUse", "host", "user", ONE_WAY),
        ("TechnologyUse", "host", "beneficiary", ONE_WAY),
        ("Affiliation", "affiliate", "organisation", BOTH_WAYS),
        ("Participation", "participant", "participant", BOTH_WAYS),
        ("PolicyDecision", "decidedBy", "decidedBy", BOTH_WAYS),
        ("RoleHolding", "roleHolder", "between", set()),
        ("RoleHolding", "roleHolder", "ascribedBy", set()),
    ],
)
def test_two_parts_of_one_thing_make_a_tie(
    class_: str, first: str, second: str, expected: set[tuple[str, str]]
) -> None:
    facts = f"dgi:x a dg:{class_}\ndgi:x dg:{first} dgi:one\ndgi:x dg:{second} dgi:other"
    assert arcs(small(facts)) == expected


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("dgi:one dg:acquired dgi:other", ONE_WAY),
        ("dgi:other dg:acquiredBy dgi:one", ONE_WAY),
        ("dgi:other dg:ledBy dgi:one", ONE_WAY),
        ("dgi:other dg:hostedBy dgi:one", ONE_WAY),
        ("dgi:other dg:hasMember dgi:one", BOTH_WAYS),
        ("dgi:other dg:memberOf dgi:one", BOTH_WAYS),
        ("dgi:other dg:partOf dgi:one", set()),
    ],
)
def test_a_statement_about_two_actors_makes_a_tie(statement: str, expected: set[tuple[str, str]]) -> None:
    assert arcs(small(statement)) == expected


def test_every_tie_rests_on_something_with_evidence(store: ox.Store) -> None:
    ties = networks(store)[0].ties
    assert len(ties) > 100
    evidence = ox.NamedNode(TERM + "evidence")
    for tie in ties:
        assert tie.bases
        for basis in tie.bases:
            assert any(store.quads_for_pattern(ox.NamedNode(basis), evidence, None)), tie


def test_actors_are_organisations_or_groups_of_them(store: ox.Store) -> None:
    kinds = {ox.NamedNode(TERM + n) for n in ("Organisation", "FirmGroup", "InstitutionGroup", "Coalition")}
    actors = networks(store)[0].successors()
    for actor in actors:
        assert kinds & {quad.object for quad in store.quads_for_pattern(ox.NamedNode(actor), ox.NamedNode(TYPE), None)}
    assert THING + "castellon-study-informants" not in actors  # people, though its class does not say so


def test_districts_and_programmes_have_networks_and_small_ones_have_none(store: ox.Store) -> None:
    made = {network.name: network for network in networks(store)}
    assert next(iter(made)) == "all"
    assert {"castellon", "toy-valley", "cebra-plus"} <= made.keys()
    assert "marche-furniture-district" not in made  # one tie
    parts = {name: {(t.tail, t.head, t.relation) for t in network.ties} for name, network in made.items()}
    assert all(part <= parts["all"] for part in parts.values())
    assert all(len(network.ties) >= 3 for network in made.values())


def test_networks_and_analyses_have_the_labels_of_what_they_are_of(service: Service, store: ox.Store) -> None:
    query = PREFIXES + "SELECT ?label WHERE { ?of a ?class ; rdfs:label ?label VALUES ?class { dg:%s } }"
    found = {
        class_: set(
            service.get(
                "/sparql", params={"query": query % class_}, headers={"Accept": "text/tab-separated-values"}
            ).text.splitlines()
        )
        for class_ in ("ActorNetwork", "NetworkAnalysis")
    }
    assert {
        '"Network of all actors"@en',
        '"Network of actors: Castellon ceramic tile district"@en',
    } <= found["ActorNetwork"]
    assert {
        '"Brokerage by district, network of all actors"@en',
        '"Brokerage by inside and outside, network of actors: Castellon ceramic tile district"@en',
        '"Brokerage by kind of actor, network of actors: CEBRA+"@en',
    } <= found["NetworkAnalysis"]


def test_groups_are_those_of_the_ontology_and_of_districts(store: ox.Store) -> None:
    partitions = Partitions(store)
    made = {network.name: network for network in networks(store)}
    castellon, everything = partitions.of(made["castellon"]), partitions.of(made["all"])
    assert set(castellon) == {"kind", "inside"}
    assert set(everything) == {"kind", "district"}
    assert castellon["inside"][THING + "itc"] == "inside"
    assert castellon["inside"][THING + "ivace"] == "outside"
    assert everything["district"][THING + "ivace"] == "several districts"
    assert everything["district"][THING + "aiju"] == "toy-valley"
    assert partitions.kinds(["urn:nobody"]) == {"urn:nobody": "other"}


@pytest.mark.parametrize(("ties", "names"), [(2, ["all"]), (3, ["all", "valley"])])
def test_three_ties_make_a_network_of_a_district(ties: int, names: list[str]) -> None:
    pairs = (("one", "other"), ("other", "another"), ("another", "one"))[:ties]
    facts = "dgi:valley a dg:Agglomeration\n"
    facts += "".join(f"dgi:{name} dg:activeIn dgi:valley\n" for name in ("one", "other", "another"))
    facts += "\n".join(f"dgi:{one} dg:cooperatesWith dgi:{other}" for one, other in pairs)
    assert [network.name for network in networks(small(facts))] == names


def test_who_belongs_to_one_district_is_in_its_group_wherever_it_works_too() -> None:
    store = small(
        """
        dgi:valley a dg:Agglomeration
        dgi:plain a dg:Agglomeration
        dgi:one dg:locatedIn dgi:valley
        dgi:one dg:activeIn dgi:plain
        dgi:other dg:activeIn dgi:plain
        dgi:another dg:activeIn dgi:plain
        dgi:another dg:activeIn dgi:valley
        dgi:one dg:cooperatesWith dgi:other
        dgi:other dg:cooperatesWith dgi:another
        dgi:another dg:cooperatesWith dgi:leader
        """
    )
    made = {network.name: network for network in networks(store)}
    groups = {name: Partitions(store).of(network) for name, network in made.items()}
    assert groups["all"]["district"] == {
        THING + "one": "valley",
        THING + "other": "plain",
        THING + "another": "several districts",
        THING + "leader": "no district",
    }


def test_of_several_kinds_the_first_in_the_alphabet_counts() -> None:
    store = small("dgi:one a dg:University\ndgi:one a dg:TradeAssociation\ndgi:one dg:cooperatesWith dgi:other")
    assert Partitions(store).kinds([THING + "one"]) == {THING + "one": "associations"}


def test_kinds_are_apart_where_one_actor_joins_them() -> None:
    ties = {"agency": {"institute"}, "institute": {"firm", "other firm"}, "other firm": {"firm"}}
    kinds = {"agency": "public bodies", "institute": "institutes", "firm": "firms", "other firm": "firms"}
    assert separations(ties, kinds, ["institute"]) == {"institute": ["firms / public bodies"]}
    assert separations(ties | {"agency": {"institute", "firm"}}, kinds, ["institute"]) == {"institute": []}


def test_five_thousand_actors_in_a_row_each_of_whom_separates_take_seconds() -> None:
    ties = {f"actor-{number:04}": {f"actor-{number + 1:04}"} for number in range(4999)}
    kinds = {f"actor-{number:04}": "firms" if number % 2 else "institutes" for number in range(5000)}
    begun = time.process_time()
    found = separations(ties, kinds, kinds)
    assert time.process_time() - begun < 3
    assert found["actor-0000"] == []
    assert found["actor-2500"] == ["firms / institutes"]


@st.composite
def networks_with_kinds(draw: st.DrawFn) -> tuple[dict[str, set[str]], dict[str, str]]:
    names = "abcdefghi"[: draw(st.integers(2, 9))]
    ties: dict[str, set[str]] = {name: set() for name in names}
    for one, other in draw(st.sets(st.sampled_from(list(combinations(names, 2))), max_size=12)):
        ties[one].add(other)
    return ties, {name: draw(st.sampled_from(("firms", "institutes", "public bodies"))) for name in names}


@settings(deadline=None)  # other tests run beside it
@given(networks_with_kinds())
def test_kinds_are_apart_if_two_actors_of_them_are(network: tuple[dict[str, set[str]], dict[str, str]]) -> None:
    ties, kinds = network
    graph: nx.Graph[str] = nx.Graph([(one, other) for one, others in ties.items() for other in others])
    found = separations(ties, kinds, graph)
    assert found.keys() == set(graph)
    for actor, pairs in found.items():
        others = nx.node_connected_component(graph, actor) - {actor}
        without = graph.subgraph(set(graph) - {actor})
        apart = {
            f"{min(kinds[one], kinds[other])} / {max(kinds[one], kinds[other])}"
            for one, other in combinations(sorted(others), 2)
            if kinds[one] != kinds[other] and not nx.has_path(without, one, other)
        }
        assert pairs == sorted(apart)


def test_the_release_has_what_is_computed_of_the_rest(quads: list[ox.Quad]) -> None:
    others = [quad for quad in quads if quad.graph_name != COMPUTED]
    computed = {quad for quad in quads if quad.graph_name == COMPUTED}
    assert computed
    assert compute(others) == computed
    assert compute(reversed(others)) == computed


@pytest.mark.slow
def test_no_reported_role_and_no_situation_follows_from_what_is_computed(quads: list[ox.Quad]) -> None:
    """Inference over the whole release, computed statements included, gives no role holding that was not there."""
    again = infer(set(quads))
    before = {(q.subject, q.predicate, q.object) for q in quads if q.graph_name == INFERRED}
    reported = {TERM + name for name in ("hasRole", "role", "roleHolder", "roleOf", "roleHolderOf")}
    classes = {
        ox.NamedNode(TERM + name) for name in ("Situation", "RoleHolding", "Gatekeeper", "Coordinator", "Liaison")
    }
    added = {(q.subject, q.predicate, q.object) for q in again} - before
    assert not [t for t in added if t[1].value in reported or t[2] in classes]


def values_of(score: object, quads: list[ox.Quad]) -> dict[str, float]:
    number = re.compile(r"-?[0-9.]+")
    said = [(q.predicate.value.removeprefix(TERM), q.object) for q in quads if q.subject == score]
    return {name: float(o.value) for name, o in said if isinstance(o, ox.Literal) and number.fullmatch(o.value)}


def test_a_computed_role_is_a_count_far_above_what_the_ties_give(quads: list[ox.Quad]) -> None:
    computed = [quad for quad in quads if quad.graph_name == COMPUTED]

    def values(name: str) -> dict[object, float]:
        return {q.subject: float(q.object.value) for q in computed if q.predicate.value == TERM + name}  # type: ignore[union-attr]

    roles = {q.subject for q in computed if q.object == ox.NamedNode(TERM + "ComputedRole")}
    of_actors = {q.subject for q in computed if q.predicate.value == TERM + "partitionGroup"}
    z = values("zScoreGivenTies")
    assert roles
    assert roles == {score for score in of_actors if z.get(score, 0) >= LEAST_Z}
    assert roles <= values("zScore").keys()
    assert z.keys() < values("expectedCountGivenTies").keys() == values("countDeviationGivenTies").keys() == of_actors
    for score, deviation in values("countDeviationGivenTies").items():
        given = values_of(score, computed)
        if deviation:
            assert (given["rawCount"] - given["expectedCountGivenTies"]) / deviation == pytest.approx(
                z[score], abs=1e-4
            )
        else:
            assert score not in z
    named = Counter(q.object for q in computed if q.predicate.value == TERM + "brokerageRole")
    assert {node.value.removeprefix(THING) for node in named} == {  # type: ignore[union-attr]
        "coordinator",
        "itinerant",
        "gatekeeper",
        "representative",
        "liaison",
    }


def test_the_analyses_are_joined_to_the_release(service: Service) -> None:
    query = (
        PREFIXES
        + """SELECT ?analysis WHERE {
        ?analysis a dg:NetworkAnalysis . GRAPH ?g { ?analysis <http://purl.org/dc/terms/isPartOf> ?release } }"""
    )
    answer = service.get("/sparql", params={"query": query}, headers={"Accept": "text/csv"})
    assert len(answer.text.splitlines()) > 10
