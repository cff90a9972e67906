"""Reads networks, their ties and their brokerage from what the build stated in graph/computed."""

import re
from collections.abc import Callable, Iterable
from urllib.parse import quote

import pyoxigraph as ox

from ontology.iris import THING, local_name, prologue
from service.errors import RequestParameterError, UnknownThingError
from service.networks.periods import YEARS, Period, dated, periods, years_of
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
from service.store.selection import Literal, Row, Selects

_PREFIX = THING + "computed--network--"
# The variables have the names of the properties whose values they are, and so have the keys of the documents.
_LIST = """SELECT ?network ?label ?networkOf ?actorCount ?tieCount ?density WHERE {
    ?network a dg:ActorNetwork ; rdfs:label ?label ; dg:actorCount ?actorCount ; dg:tieCount ?tieCount ;
             dg:density ?density
    OPTIONAL { ?network dg:networkOf ?networkOf } } ORDER BY DESC(?tieCount) ?network"""
_TIES = """SELECT ?tie ?tieFrom ?tieTo ?tieRelation ?directed ?basis WHERE {
    ?tie dg:inNetwork @network ; dg:tieFrom ?tieFrom ; dg:tieTo ?tieTo ; dg:tieRelation ?tieRelation ;
         dg:directed ?directed ; dg:basis ?basis . @filters } ORDER BY ?tie ?basis"""
_POSITIONS = """SELECT ?iri ?label ?actorKind ?inDegree ?outDegree ?betweenness ?constraint ?effectiveSize ?coreNumber
       ?component ?community ?cutActor WHERE {
    ?position dg:inNetwork @network ; dg:measuredActor ?iri ; dg:inDegree ?inDegree ; dg:outDegree ?outDegree ;
              dg:betweenness ?betweenness ; dg:effectiveSize ?effectiveSize ; dg:coreNumber ?coreNumber ;
              dg:component ?component ; dg:community ?community ; dg:cutActor ?cutActor .
    ?iri dg:actorKind ?actorKind ; rdfs:label ?label FILTER(LANG(?label) = "en")
    OPTIONAL { ?position dg:constraint ?constraint } } ORDER BY ?iri ?label"""
_SCORES = """SELECT ?partition ?measuredActor ?label ?partitionGroup ?brokerageRole ?rawCount ?expectedCount
       ?countDeviation ?zScore ?expectedCountGivenTies ?countDeviationGivenTies ?zScoreGivenTies ?computedRole WHERE {
    ?score dg:inNetwork @network ; dg:analysis/dg:partition ?partition ; dg:brokerageRole ?brokerageRole ;
           dg:rawCount ?rawCount ; dg:expectedCount ?expectedCount ; dg:countDeviation ?countDeviation
    OPTIONAL { ?score dg:zScore ?zScore }
    OPTIONAL { ?score dg:measuredActor ?measuredActor ; dg:partitionGroup ?partitionGroup .
               ?measuredActor rdfs:label ?label FILTER(LANG(?label) = "en") }
    OPTIONAL { ?score dg:expectedCountGivenTies ?expectedCountGivenTies ;
                      dg:countDeviationGivenTies ?countDeviationGivenTies }
    OPTIONAL { ?score dg:zScoreGivenTies ?zScoreGivenTies }
    BIND(EXISTS { ?score a dg:ComputedRole } AS ?computedRole) } ORDER BY ?partition ?measuredActor ?brokerageRole"""
_SELECTED = re.compile(r"\?(\w+)")


async def networks(reader: Reader) -> Networks:
    """Return the networks of the release. Raises ReleaseError or EngineError."""
    (rows,) = (await reader.answer(_asked(_LIST))).content
    return Networks(networks=[_summary(**_named(_LIST, row)) for row in rows])


async def network(
    reader: Reader,
    name: str,
    technology: str | None,
    source: str | None,
    tie_relation: str | None,
    period: Period | None,
) -> NetworkDocument:
    """Return a network, of its ties only those that are asked for and the actors that these join.

    `technology` and `source` are ids or IRIs, `tie_relation` the name of a property; in a `period` is no tie without
    a year. Raises UnknownThingError where there is no such network, RequestParameterError where a filter names nothing
    that is there, ReleaseError or EngineError.
    """
    summary = _find(await networks(reader), name)
    filters = ""
    if technology is not None:
        filters += f"?basis dg:technology {_thing('technology', technology)} . "
    if source is not None:
        filters += f"?basis dg:source {_thing('source', source)} . "
    iri = str(ox.NamedNode(_PREFIX + name))
    asked = _asked(_TIES, _POSITIONS, YEARS, network=iri, filters=filters)
    ties, positions, years = (await reader.answer(asked)).content
    known = periods(years)
    chosen = [dated(tie, known) for tie in _ties(ties, tie_relation, lambda _: True)]
    if tie_relation is not None and not chosen:
        there = sorted({local_name(_text(kind)) for _, _, _, kind, *_ in ties if kind is not None})
        raise RequestParameterError(f"no tie here is of the kind {tie_relation[:50]!r} (there are: {', '.join(there)})")
    found = chosen
    if period is not None:
        in_period = {basis for basis, one in known.items() if one.overlaps(period)}
        found = [dated(tie, known) for tie in _ties(ties, tie_relation, in_period.__contains__)]
    ends = {end for tie in found for end in (tie.source, tie.target)}
    nodes = [node for node in map(_node, positions) if node.data.id in ends]
    elements = Elements(nodes=nodes, edges=[Edge(data=tie) for tie in found])
    return NetworkDocument(network=summary, elements=elements, years=years_of(chosen, known))


async def brokerage(reader: Reader, name: str, partition: str | None) -> BrokerageDocument:
    """Return the scores of a network by a partition, by default by kind.

    Raises UnknownThingError where there is no such network, RequestParameterError where there is no such partition,
    ReleaseError or EngineError.
    """
    _find(await networks(reader), name)
    (rows,) = (await reader.answer(_asked(_SCORES, network=str(ox.NamedNode(_PREFIX + name))))).content
    said = [_named(_SCORES, row) for row in rows]
    there = sorted({values["partition"] for values in said})
    chosen = "kind" if partition is None else partition
    if chosen not in there:
        raise RequestParameterError(f"there is no partition {chosen[:50]!r} of this (there are: {', '.join(there)})")
    scores = [_score(values) for values in said if values["partition"] == chosen]
    return BrokerageDocument(
        network=name,
        partition=chosen,
        partitions=there,
        whole=[score for score in scores if score.measuredActor is None],
        actors=[score for score in scores if score.measuredActor is not None],
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


def _summary(network: str, **values: str) -> NetworkSummary:
    name = network.removeprefix(_PREFIX)
    href = f"/api/networks/{quote(name, safe='')}"
    return NetworkSummary.model_validate({"name": name, "href": href} | values)


def _ties(rows: Iterable[Row], tie_relation: str | None, rests_on: Callable[[str], bool]) -> list[TieEdge]:
    """Return the ties of a kind, if one is asked for, with those things that they rest on that are wanted."""
    edges: dict[str, TieEdge] = {}
    for row in rows:
        values = _named(_TIES, row)
        relation, id_ = local_name(values["tieRelation"]), local_name(values["tie"])
        if (tie_relation is None or relation == tie_relation) and rests_on(values["basis"]):
            edge = TieEdge(
                id=id_,
                source=local_name(values["tieFrom"]),
                target=local_name(values["tieTo"]),
                tieRelation=relation,
                directed=values["directed"] == "true",
                basis=[],
            )
            edges.setdefault(id_, edge).basis.append(values["basis"])
    return [*edges.values()]


def _node(row: Row) -> Node:
    values = _named(_POSITIONS, row)
    return Node(data=ActorNode.model_validate({"id": local_name(values["iri"])} | values))


def _score(values: dict[str, str]) -> RoleScore:
    things = {name: local_name(values[name]) for name in ("measuredActor", "brokerageRole") if name in values}
    return RoleScore.model_validate(values | things)


def _named(query: str, row: Row) -> dict[str, str]:
    """Return the values of a row, IRIs and lexical forms, by their variables; nothing of what is unbound."""
    names = _SELECTED.findall(query.partition(" WHERE ")[0])
    return {name: _text(value) for name, value in zip(names, row, strict=True) if value is not None}


def _text(value: str | Literal) -> str:
    return value if isinstance(value, str) else value[0]
