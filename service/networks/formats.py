"""Writes a network for the programs that draw and measure networks: GraphML, GEXF and CSV."""

import csv
import io
import re
from collections.abc import Iterable

import networkx as nx
from pydantic import BaseModel

from service.networks.schema import BrokerageDocument, NetworkDocument, RoleScore, TieEdge

# What XML 1.0 has no place for (section 2.2); a label that was written over the API may have it.
_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TODAY = re.compile(r' lastmodifieddate="[^"]*"')
_SEPARATOR = " "
_OF_EDGES = {"tieRelation", "directed", "fromYear", "toYear"}


def graphml(document: NetworkDocument) -> bytes:
    """Return a network as GraphML; a tie that goes both ways is two edges, one each way."""
    return "\n".join(nx.generate_graphml(_graph(document))).encode()


def gexf(document: NetworkDocument) -> bytes:
    """Return a network as GEXF 1.2, as Gephi reads it, with ties as in GraphML; without the day, which is no matter."""
    return _TODAY.sub("", "\n".join(nx.generate_gexf(_graph(document)))).encode()


def edge_list(document: NetworkDocument) -> bytes:
    """Return the ties as CSV (RFC 4180), a row each; what a tie rests on is separated by spaces."""
    rows = [tie.data.model_dump() | {"basis": _SEPARATOR.join(tie.data.basis)} for tie in document.elements.edges]
    return _csv(TieEdge, rows)


def scores(document: BrokerageDocument) -> bytes:
    """Return the scores as CSV, those of the whole network first."""
    return _csv(RoleScore, [score.model_dump() for score in (*document.whole, *document.actors)])


def _csv(model: type[BaseModel], rows: Iterable[dict[str, object]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(model.model_fields))
    writer.writeheader()
    writer.writerows(
        {name: str(value).lower() if isinstance(value, bool) else value for name, value in row.items()} for row in rows
    )
    return text.getvalue().encode()


def _graph(document: NetworkDocument) -> "nx.MultiDiGraph[str]":
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for node in document.elements.nodes:
        values = node.data.model_dump(exclude={"id"}, exclude_none=True)
        graph.add_node(node.data.id, **{name: _in_xml(value) for name, value in values.items()})
    for edge in document.elements.edges:
        tie = edge.data
        ends = [(tie.source, tie.target)] if tie.directed else [(tie.source, tie.target), (tie.target, tie.source)]
        for tail, head in ends:
            values = tie.model_dump(include=_OF_EDGES, exclude_none=True) | {"basis": _SEPARATOR.join(tie.basis)}
            graph.add_edge(tail, head, **{name: _in_xml(value) for name, value in values.items()})
    return graph


def _in_xml(value: object) -> object:
    return _NOT_IN_XML.sub("\ufffd", value) if isinstance(value, str) else value
