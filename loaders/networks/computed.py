"""States what is computed of the networks, in a graph of its own; the same networks give the same statements."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

import pyoxigraph as ox

from loaders.graphs import COMPUTED, merged
from loaders.networks.brokerage import METHOD, TOTAL, Brokerage, Score, brokerage
from loaders.networks.measures import Measures, measures
from loaders.networks.network import PROJECTION, Network, Tie, networks
from loaders.networks.partitions import KIND, Partitions
from loaders.networks.separations import separations
from ontology.iris import RDF, RDFS, TERM, THING, XSD, local_name

# As many standard deviations above what is to be expected as 2.5 % of a normal distribution lie beyond.
LEAST_Z = 1.96
_PLACES = Decimal("0.000001")

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
        found.update(_network(each.network, each.partitions))
    return found


def _network(network: Network, divided: Mapping[str, Mapping[str, str]]) -> Statements:
    node, ties = named("network", network.name), network.successors()
    label = f"network of actors: {network.name}"
    yield from _described(node, "ActorNetwork")
    yield ox.Quad(node, ox.NamedNode(RDFS + "label"), ox.Literal(label, language="en"), COMPUTED)
    if network.scope:
        yield _quad(node, "networkOf", ox.NamedNode(network.scope))
    yield _quad(node, "projection", ox.Literal(PROJECTION))
    arcs, size = sum(map(len, ties.values())), len(ties)
    yield from _described(node, actorCount=size, tieCount=arcs, density=arcs / (size * (size - 1)) if size > 1 else 0.0)
    for tie in network.ties:
        yield from _tie(node, tie)
    yield from _positions(network, node, measures(ties), divided[KIND])
    for partition, groups in divided.items():
        yield from _analysis(network, node, partition, groups, brokerage(ties, groups))


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
            coreNumber=measure.core,
            component=measure.component,
            community=measure.community,
            cutActor=measure.cut_actor,
        )
        for pair in separated.get(actor, ()):
            yield _quad(position, "separates", ox.Literal(pair))


def _analysis(
    network: Network, node: ox.NamedNode, partition: str, groups: Mapping[str, str], found: Brokerage[str, str]
) -> Statements:
    analysis = named("analysis", network.name, partition)
    yield from _described(analysis, "NetworkAnalysis", inNetwork=node)
    yield _quad(analysis, "partition", ox.Literal(partition))
    yield _quad(analysis, "analysisMethod", ox.Literal(METHOD))
    label = f"brokerage in the network {network.name} by {partition}"
    yield ox.Quad(analysis, ox.NamedNode(RDFS + "label"), ox.Literal(label, language="en"), COMPUTED)
    for name, score in found.network.items():
        if name != TOTAL:
            yield from _score(named("score", network.name, partition, name), node, analysis, name, score)
    for actor, scores in found.actors.items():
        for name, score in scores.items():
            if name != TOTAL and score.raw:
                scored = named("score", network.name, partition, name, local_name(actor))
                yield from _score(scored, node, analysis, name, score)
                yield from _described(scored, measuredActor=actor)
                yield _quad(scored, "partitionGroup", ox.Literal(groups[actor]))
                if score.z is not None and score.z >= LEAST_Z:
                    yield from _described(scored, "ComputedRole")


def _score(node: ox.NamedNode, network: ox.NamedNode, analysis: ox.NamedNode, role: str, score: Score) -> Statements:
    yield from _described(node, "BrokerageScore", inNetwork=network, analysis=analysis, brokerageRole=THING + role)
    yield from _described(
        node, rawCount=score.raw, expectedCount=score.expected, countDeviation=score.deviation, zScore=score.z
    )


def named(*parts: str) -> ox.NamedNode:
    """Return the IRI of what is computed; no id of a curated thing has two hyphens side by side."""
    return ox.NamedNode(THING + "--".join(("computed", *parts)))


def _described(
    node: ox.NamedNode, class_: str | None = None, **values: ox.NamedNode | str | bool | int | float | None
) -> Statements:
    """Yield the class of a node and its values: IRIs as text, numbers as literals; None says nothing."""
    if class_:
        yield ox.Quad(node, ox.NamedNode(RDF + "type"), ox.NamedNode(TERM + class_), COMPUTED)
    for name, value in values.items():
        if value is not None:
            yield _quad(node, name, _value(value))


def _value(value: ox.NamedNode | str | bool | int | float) -> Value:
    if isinstance(value, ox.NamedNode):
        return value
    if isinstance(value, str):
        return ox.NamedNode(value)
    if isinstance(value, float):
        rounded = Decimal(value).quantize(_PLACES).normalize()
        return ox.Literal(f"{rounded or Decimal(0):f}", datatype=ox.NamedNode(XSD + "decimal"))
    return ox.Literal(value)


def _quad(subject: ox.NamedNode, name: str, value: Value) -> ox.Quad:
    return ox.Quad(subject, ox.NamedNode(TERM + name), value, COMPUTED)
