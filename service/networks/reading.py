"""Reads networks, their ties and their brokerage from what the build stated in graph/computed."""

from collections.abc import Iterable
from urllib.parse import quote

import pyoxigraph as ox

from ontology.iris import THING, local_name, prologue
from service.errors import RequestParameterError, UnknownThingError
from service.networks.schema import (
    ActorNode,
    BrokerageDocument,
    Edge,
    Elements,
    NetworkDocument,
    Networks,
    NetworkSummary,
    Node,
    RoleScore,
    TieEdge,
)
from service.reader import Reader
from service.store.selection import Row, Selects, Value

_PREFIX = THING + "computed--network--"
_LIST = """SELECT ?network ?label ?scope ?actors ?ties ?density WHERE {
    ?network a dg:ActorNetwork ; rdfs:label ?label ; dg:actorCount ?actors ; dg:tieCount ?ties ; dg:density ?density
    OPTIONAL { ?network dg:networkOf ?scope } } ORDER BY DESC(?ties) ?network"""
_TIES = """SELECT ?tie ?from ?to ?relation ?directed ?basis WHERE {
    ?tie dg:inNetwork @network ; dg:tieFrom ?from ; dg:tieTo ?to ; dg:tieRelation ?relation ; dg:directed ?directed ;
         dg:basis ?basis . @filters } ORDER BY ?tie ?basis"""
_POSITIONS = """SELECT ?actor ?label ?kind ?in ?out ?between ?constraint ?size ?core ?component ?community ?cut WHERE {
    ?position dg:inNetwork @network ; dg:measuredActor ?actor ; dg:inDegree ?in ; dg:outDegree ?out ;
              dg:betweenness ?between ; dg:effectiveSize ?size ; dg:coreNumber ?core ; dg:component ?component ;
              dg:community ?community ; dg:cutActor ?cut .
    ?actor dg:actorKind ?kind ; rdfs:label ?label FILTER(LANG(?label) = "en")
    OPTIONAL { ?position dg:constraint ?constraint } } ORDER BY ?actor ?label"""
_SCORES = """SELECT ?partition ?actor ?label ?group ?role ?raw ?expected ?deviation ?z ?givenTies ?givenTiesDeviation
       ?givenTiesZ ?computed WHERE {
    ?score dg:inNetwork @network ; dg:analysis/dg:partition ?partition ; dg:brokerageRole ?role ; dg:rawCount ?raw ;
           dg:expectedCount ?expected ; dg:countDeviation ?deviation
    OPTIONAL { ?score dg:zScore ?z }
    OPTIONAL { ?score dg:measuredActor ?actor ; dg:partitionGroup ?group . ?actor rdfs:label ?label
               FILTER(LANG(?label) = "en") }
    OPTIONAL { ?score dg:expectedCountGivenTies ?givenTies ; dg:countDeviationGivenTies ?givenTiesDeviation }
    OPTIONAL { ?score dg:zScoreGivenTies ?givenTiesZ }
    BIND(EXISTS { ?score a dg:ComputedRole } AS ?computed) } ORDER BY ?partition ?actor ?role"""


async def networks(reader: Reader) -> Networks:
    """Return the networks of the release. Raises ReleaseError or EngineError."""
    (rows,) = (await reader.answer(_asked(_LIST))).content
    return Networks(networks=[_summary(row) for row in rows])


async def network(
    reader: Reader, name: str, technology: str | None, source: str | None, relation: str | None
) -> NetworkDocument:
    """Return a network, of its ties only those that are asked for and the actors that these join.

    `technology` and `source` are ids or IRIs, `relation` the name of a property. Raises UnknownThingError where there
    is no such network, RequestParameterError where a filter names nothing that could be, ReleaseError or EngineError.
    """
    summary = _find(await networks(reader), name)
    filters = ""
    if technology is not None:
        filters += f"?basis dg:technology {_thing('technology', technology)} . "
    if source is not None:
        filters += f"?basis dg:source {_thing('source', source)} . "
    iri = str(ox.NamedNode(_PREFIX + name))
    ties, positions = (await reader.answer(_asked(_TIES, _POSITIONS, network=iri, filters=filters))).content
    edges = _edges(ties, relation)
    ends = {end for edge in edges for end in (edge.data.source, edge.data.target)}
    nodes = [node for node in map(_node, positions) if node.data.id in ends]
    return NetworkDocument(network=summary, elements=Elements(nodes=nodes, edges=edges))


async def brokerage(reader: Reader, name: str, partition: str | None) -> BrokerageDocument:
    """Return the scores of a network by a partition, by default by kind.

    Raises UnknownThingError where there is no such network, RequestParameterError where there is no such partition,
    ReleaseError or EngineError.
    """
    _find(await networks(reader), name)
    (rows,) = (await reader.answer(_asked(_SCORES, network=str(ox.NamedNode(_PREFIX + name))))).content
    there = sorted({_text(row[0]) for row in rows})
    chosen = "kind" if partition is None else partition
    if chosen not in there:
        raise RequestParameterError(f"there is no partition {chosen[:50]!r} of this (there are: {', '.join(there)})")
    scores = [_score(row) for row in rows if _text(row[0]) == chosen]
    return BrokerageDocument(
        network=name,
        partition=chosen,
        partitions=there,
        whole=[score for score in scores if score.actor is None],
        actors=[score for score in scores if score.actor is not None],
    )


def _asked(*queries: str, **parts: str) -> Selects:
    for name, part in parts.items():
        queries = tuple(query.replace(f"@{name}", part) for query in queries)
    return Selects(tuple(prologue(query) + query for query in queries))


def _find(found: Networks, name: str) -> NetworkSummary:
    for summary in found.networks:
        if summary.name == name:
            return summary
    there = ", ".join(summary.name for summary in found.networks[:20]) or "none; build again to have them"
    raise UnknownThingError(f"there is no network {name[:50]!r} (there are: {there})")


def _thing(parameter: str, name: str) -> str:
    try:
        return str(ox.NamedNode(name if "://" in name else THING + name))
    except ValueError as error:
        raise RequestParameterError(f"{name[:50]!r} is neither an id nor an IRI, as {parameter!r} wants it") from error


def _summary(row: Row) -> NetworkSummary:
    network_, label, scope, actors, ties, density = row
    name = str(network_).removeprefix(_PREFIX)
    return NetworkSummary(
        name=name,
        label=_text(label),
        scope=None if scope is None else _text(scope),
        actors=int(_text(actors)),
        ties=int(_text(ties)),
        density=float(_text(density)),
        href=f"/api/networks/{quote(name, safe='')}",
    )


def _edges(rows: Iterable[Row], relation: str | None) -> list[Edge]:
    edges: dict[str, TieEdge] = {}
    for tie, tail, head, kind, directed, basis in rows:
        if relation is None or local_name(_text(kind)) == relation:
            id_ = local_name(_text(tie))
            edge = TieEdge(
                id=id_,
                source=local_name(_text(tail)),
                target=local_name(_text(head)),
                relation=local_name(_text(kind)),
                directed=_text(directed) == "true",
                bases=[],
            )
            edges.setdefault(id_, edge).bases.append(_text(basis))
    return [Edge(data=edge) for edge in edges.values()]


def _node(row: Row) -> Node:
    iri, label, kind, *measures = map(_text, row)
    in_, out, between, constraint, size, core, component, community, cut = measures
    node = ActorNode(
        id=local_name(iri),
        iri=iri,
        label=label,
        kind=kind,
        in_degree=int(in_),
        out_degree=int(out),
        betweenness=float(between),
        constraint=_figure(constraint),
        effective_size=float(size),
        core=int(core),
        component=int(component),
        community=int(community),
        cut_actor=cut == "true",
    )
    return Node(data=node)


def _score(row: Row) -> RoleScore:
    _, actor, label, group, role, raw, expected, deviation, *figures, computed = map(_text, row)
    z, given_ties, given_ties_deviation, given_ties_z = map(_figure, figures)
    return RoleScore(
        actor=local_name(actor) if actor else None,
        label=label or None,
        group=group or None,
        role=local_name(role),
        raw=int(raw),
        expected=float(expected),
        deviation=float(deviation),
        z=z,
        expectedCountGivenTies=given_ties,
        countDeviationGivenTies=given_ties_deviation,
        zScoreGivenTies=given_ties_z,
        computedRole=computed == "true",
    )


def _figure(text: str) -> float | None:
    return float(text) if text else None


def _text(value: Value) -> str:
    """Return an IRI or the lexical form of a literal; nothing for what is unbound."""
    if value is None:
        return ""
    return value if isinstance(value, str) else value[0]
