"""Renders networks as pages: the list of them, and each with its actors, who plays which role, and what draws it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from pydantic import BaseModel

from service.addresses import address
from service.networks.schema import BrokerageDocument, NetworkDocument, Networks
from service.tables import words
from service.templating import embedded, template

FORMATS = ("json", "graphml", "gexf", "csv")
"""What a network can be taken away as, beside its page."""
MEASURES: Mapping[str, str] = {
    "betweenness": "betweenness",
    "inDegree": "ties to it",
    "outDegree": "ties from it",
    "effectiveSize": "effective size",
    "coreNumber": "core",
}
"""The measures that a node may be sized by, each as it is called."""


class NetworkView(BaseModel):
    """A network beside the roles that are computed of it."""

    network: NetworkDocument
    brokerage: BrokerageDocument


def list_page(document: Networks) -> bytes:
    """Return the page of all networks."""
    return template("networks.html").render(networks=document.networks).encode()


def network_page(view: NetworkView, asked: Sequence[tuple[str, str]]) -> bytes:
    """Return the page of a network; `asked` are the parameters that its ties were chosen by."""
    roles = _computed_roles(view.brokerage)
    nodes = [node.data for node in view.network.elements.nodes]
    kept = [(name, value) for name, value in asked if name != "format"]
    page = template("network.html").render(
        network=view.network.network,
        nodes=sorted(nodes, key=lambda node: (-node.betweenness, node.label)),
        ties=view.network.elements.edges,
        years=view.network.years,
        roles=roles,
        partition=view.brokerage.partition,
        chosen=dict(kept),
        relations=sorted({edge.data.tieRelation for edge in view.network.elements.edges} | _chosen_relation(kept)),
        words=words,
        measures=MEASURES,
        formats=[(name, f"?{urlencode([*kept, ('format', name)])}") for name in FORMATS],
        elements=embedded(_with_roles(view.network, roles)),
        href=address,
    )
    return page.encode()


def _chosen_relation(kept: Sequence[tuple[str, str]]) -> set[str]:
    """Return the kind of tie that is chosen, which is offered though no tie that is left may be of it."""
    return {value for name, value in kept if name == "tieRelation"}


def _computed_roles(brokerage: BrokerageDocument) -> dict[str, list[str]]:
    """Return the roles that each actor plays more often than by chance, by its id."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for score in brokerage.actors:
        if score.computedRole and score.measuredActor:
            found[score.measuredActor].append(score.brokerageRole)
    return dict(found)


def _with_roles(document: NetworkDocument, roles: Mapping[str, list[str]]) -> dict[str, Any]:
    """Return the elements, each node with the roles that are computed of its actor."""
    elements = document.elements.model_dump()
    for node in elements["nodes"]:
        node["data"]["roles"] = roles.get(node["data"]["id"], [])
    return elements
