"""Tells blank nodes apart that several triples share, whatever their labels, by what surrounds them."""

from collections import Counter, defaultdict
from typing import Any

import pyoxigraph as ox

from ontology.canonical.graph import OwlGraph
from ontology.canonical.terms import Term

MAX_STEPS = 2_000_000
"""How many triples are looked at before the nodes that are still alike keep the order of the file."""


def ranks(graph: OwlGraph) -> dict[ox.BlankNode, int]:
    """Return a rank for each blank node that its content alone does not place; none where all are trees.

    Colours are refined until they are stable, then one node of the first colour that several have is singled out
    and the refinement goes on. Where nodes are interchangeable the choice makes no difference.
    """
    unplaced = [node for node in graph.blank_nodes() if graph.is_shared(node) or graph.is_deep(node)]
    if not unplaced:
        return {}
    edges = _edges(graph)
    colours = _numbered({node: graph.height(node) for node in edges})
    steps = 0
    while steps < MAX_STEPS:
        refined = _refined(colours, edges)
        steps += sum(map(len, edges.values())) + len(edges)
        if len(set(refined.values())) > len(set(colours.values())):
            colours = refined
            continue
        alike = [colour for colour, count in Counter(refined[node] for node in unplaced).items() if count > 1]
        if not alike:
            break
        first = next(node for node in unplaced if refined[node] == min(alike))
        colours = {node: 2 * colour + (node != first) for node, colour in refined.items()}
    found = _numbered(colours)
    return {node: found[node] for node in unplaced}


def _edges(graph: OwlGraph) -> dict[ox.BlankNode, list[tuple[str, Term]]]:
    edges: dict[ox.BlankNode, list[tuple[str, Term]]] = {node: [] for node in graph.blank_nodes()}

    def join(subject: Term, label: str, object_: Term) -> None:
        if isinstance(subject, ox.BlankNode):
            edges[subject].append((f"> {label}", object_))
        if isinstance(object_, ox.BlankNode):
            edges[object_].append((f"< {label}", subject))

    for subject, predicate, object_ in graph.triples():
        join(subject, predicate.value, object_)
    for head, items in graph.lists.items():
        for position, item in enumerate(items):
            join(head, "item" if graph.is_set(head) else str(position), item)
    return edges


def _refined(
    colours: dict[ox.BlankNode, int], edges: dict[ox.BlankNode, list[tuple[str, Term]]]
) -> dict[ox.BlankNode, int]:
    """Return finer colours: by a node's colour, and by those of its neighbours."""
    seen: dict[ox.BlankNode, tuple[Any, ...]] = {}
    for node, neighbours in edges.items():
        around = sorted(
            (label, colours[term], "") if isinstance(term, ox.BlankNode) else (label, -1, str(term))
            for label, term in neighbours
        )
        seen[node] = (colours[node], *around)
    return _numbered(seen)


def _numbered(values: dict[ox.BlankNode, Any]) -> dict[ox.BlankNode, int]:
    nodes = defaultdict(list)
    for node, value in values.items():
        nodes[value].append(node)
    return {node: number for number, value in enumerate(sorted(nodes)) for node in nodes[value]}
