"""States what is computed of the networks, in a graph of its own; the same networks give the same statements."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

import pyoxigraph as ox

from loaders.graphs import COMPUTED, merged
from loaders.networks.brokerage import METHOD, TOTAL, Score, brokerage
from loaders.networks.dealt_groups import METHOD as METHOD_GIVEN_TIES
from loaders.networks.dealt_groups import dealt_groups
from loaders.networks.measures import Measures, measures
from loaders.networks.network import PROJECTION, Network, Tie, networks
from loaders.networks.partitions import KIND, LABELS, Partitions
from loaders.networks.separations import separations
from ontology.iris import RDF, RDFS, TERM, THING, XSD, local_name

# As many standard deviations above what is to be expected as 2.5 % of a normal distribution lie beyond.
LEAST_Z = 1.96
_TYPE, _LABEL, _DECIMAL = ox.NamedNode(RDF + "type"), ox.NamedNode(RDFS + "label"), ox.NamedNode(XSD + "decimal")

Value = ox.NamedNode | ox.Literal
Statements = Iterator[ox.Quad]


def compute(quads: Iterable[ox.Quad]) -> set[ox.Quad]:
    """Return the statements about the networks of actors that `quads`, a release without them, make.

    Raises NetworkError where they make no network.
    """
    store = ox.Store()
    store.bulk_extend(merged(quads))
    return statements(observed(store))


@dataclass(frozen=True)
class Observed:
    """A network, and the groups of its actors by partition: all that is read for it."""

    network: Network
    partitions: Mapping[str, Mapping[str, str]]


def observed(store: ox.Store) -> list[Observed]:
    """Return what the networks in the default graph of `store` are computed of."""
    partitions = Partitions(store)
    return [Observed(network, partitions.of(network)) for network in networks(store)]


def statements(seen: Iterable[Observed]) -> set[ox.Quad]:
    """Return what is computed of some networks. Raises NetworkError where they are none."""
    found: set[ox.Quad] = set()
    for each in seen:
        kinds = each.partitions[KIND].items()
        found.update(_quad(ox.NamedNode(actor), "actorKind", ox.Literal(kind)) for actor, kind in kinds)
        found.update(stated(each.network, each.partitions))
    return found


def stated(network: Network, partitions: Mapping[str, Mapping[str, str]]) -> Statements:
    """Yield what is stated of a network; `partitions` have the group of every actor, one of them by kind."""
    node, ties = named("network", network.name), network.successors()
    yield from _described(node, "ActorNetwork")
    yield _label(node, network.label)
    if network.scope:
        yield _quad(node, "networkOf", ox.NamedNode(network.scope))
    yield _quad(node, "projection", ox.Literal(PROJECTION))
    arcs, size = sum(map(len, ties.values())), len(ties)
    yield from _described(node, actorCount=size, tieCount=arcs, density=arcs / (size * (size - 1)) if size > 1 else 0.0)
    for tie in network.ties:
        yield from _tie(node, tie)
    yield from _positions(network, node, measures(ties), partitions[KIND])
    for partition, groups in partitions.items():
        yield from _analysis(network, node, partition, groups)


def _tie(network: ox.NamedNode, tie: Tie) -> Statements:
    node = named("tie", local_name(tie.tail), local_name(tie.relation), local_name(tie.head))
    yield from _described(node, "NetworkTie", inNetwork=network, directed=tie.directed)
    yield from _described(node, tieFrom=tie.tail, tieTo=tie.head, tieRelation=tie.relation)
    for basis in tie.bases:
        yield _quad(node, "basis", ox.NamedNode(basis))


def _positions(
    network: Network, node: ox.NamedNode, measured: Mapping[str, Measures], kinds: Mapping[str, str]
) -> Statements:
    cutting = [actor for actor, measure in measured.items() if measure.cut_actor]
    separated = separations(network.successors(), kinds, cutting)
    for actor, measure in measured.items():
        position = named("position", network.name, local_name(actor))
        yield from _described(position, "NetworkPosition", inNetwork=node, measuredActor=actor)
        yield from _described(
            position,
            inDegree=measure.in_degree,
            outDegree=measure.out_degree,
            betweenness=measure.betweenness,
            constraint=measure.constraint,
            effectiveSize=measure.effective_size,
            coreNumber=measure.core_number,
            component=measure.component,
            community=measure.community,
            cutActor=measure.cut_actor,
        )
        for pair in separated.get(actor, ()):
            yield _quad(position, "separates", ox.Literal(pair))


def _analysis(network: Network, node: ox.NamedNode, partition: str, groups: Mapping[str, str]) -> Statements:
    analysis, ties = named("analysis", network.name, partition), network.successors()
    yield from _described(analysis, "NetworkAnalysis", inNetwork=node)
    yield _quad(analysis, "partition", ox.Literal(partition))
    for method in (METHOD, METHOD_GIVEN_TIES):
        yield _quad(analysis, "analysisMethod", ox.Literal(method))
    yield _label(analysis, f"Brokerage by {LABELS[partition]}, {network.label[0].lower()}{network.label[1:]}")
    found = brokerage(ties, groups)
    for name, score in found.network.items():
        if name != TOTAL:
            yield from _score(named("score", network.name, partition, name), node, analysis, name, score)
    given_ties = dealt_groups(ties, groups, found.actors)
    for actor, scores in found.actors.items():
        for name, score in scores.items():
            if name != TOTAL and score.raw:
                scored = named("score", network.name, partition, name, local_name(actor))
                yield from _score(scored, node, analysis, name, score)
                yield from _score_of_actor(scored, actor, groups[actor], given_ties[actor][name])


def _score(node: ox.NamedNode, network: ox.NamedNode, analysis: ox.NamedNode, role: str, score: Score) -> Statements:
    yield from _described(node, "BrokerageScore", inNetwork=network, analysis=analysis, brokerageRole=THING + role)
    yield from _described(
        node, rawCount=score.raw, expectedCount=score.expected, countDeviation=score.deviation, zScore=score.z
    )


def _score_of_actor(node: ox.NamedNode, actor: str, group: str, given_ties: Score) -> Statements:
    yield from _described(node, measuredActor=actor)
    yield _quad(node, "partitionGroup", ox.Literal(group))
    yield from _described(
        node,
        expectedCountGivenTies=given_ties.expected,
        countDeviationGivenTies=given_ties.deviation,
        zScoreGivenTies=given_ties.z,
    )
    if given_ties.z is not None and given_ties.z >= LEAST_Z:
        yield from _described(node, "ComputedRole")


def named(*parts: str) -> ox.NamedNode:
    """Return the IRI of what is computed; no id of a curated thing has two hyphens side by side."""
    return ox.NamedNode(THING + "--".join(("computed", *parts)))


def _described(
    node: ox.NamedNode, class_: str | None = None, **values: ox.NamedNode | str | bool | int | float | None
) -> Statements:
    """Yield the class of a node and its values: IRIs as text, numbers as literals; None says nothing."""
    if class_:
        yield ox.Quad(node, _TYPE, _term(class_), COMPUTED)
    for name, value in values.items():
        if value is not None:
            yield _quad(node, name, _value(value))


def _label(node: ox.NamedNode, text: str) -> ox.Quad:
    return ox.Quad(node, _LABEL, ox.Literal(text, language="en"), COMPUTED)


def _value(value: ox.NamedNode | str | bool | int | float) -> Value:
    if isinstance(value, ox.NamedNode):
        return value
    if isinstance(value, str):
        return ox.NamedNode(value)
    if isinstance(value, float):
        rounded = f"{value:.6f}".rstrip("0").rstrip(".")
        return ox.Literal("0" if rounded == "-0" else rounded, datatype=_DECIMAL)
    return ox.Literal(value)


def _quad(subject: ox.NamedNode, name: str, value: Value) -> ox.Quad:
    return ox.Quad(subject, _term(name), value, COMPUTED)


@cache
def _term(name: str) -> ox.NamedNode:
    return ox.NamedNode(TERM + name)
