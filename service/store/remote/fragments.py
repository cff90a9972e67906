"""Fetches the triples that a query can depend on, so that they are answered from here and mean here what they mean.

An engine is asked for no more than patterns of triples, joined where they share a thing: in what OPTIONAL, aggregates,
languages, booleans and errors mean, engines differ, and some are wrong.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pyoxigraph as ox

from service.errors import ResultTooLargeError
from service.store.dataset import DEFAULT
from service.store.remote.endpoint import Endpoint
from service.store.remote.names import GENID
from service.store.remote.patterns import Group, Step

_MOST_TRIPLES = 2_000_000


@dataclass(frozen=True)
class Graphs:
    """The graphs that a query is about: those that make up the default graph, and the named ones."""

    default: tuple[str, ...]
    named: tuple[str, ...]


def fetched(groups: Iterable[Group], graphs: Graphs, endpoint: Endpoint) -> ox.Store:
    """Return a store of the triples that groups of patterns can match. Raises EngineError."""
    store = ox.Store()
    for graph in graphs.named:
        store.add_graph(ox.NamedNode(graph))
    for query, steps in dict.fromkeys(request for group in groups for request in _requests(group, graphs)):
        store.extend(_quads(query, steps, endpoint))
        if len(store) > _MOST_TRIPLES:
            raise ResultTooLargeError(f"the query is about more than {_MOST_TRIPLES} triples; make it narrower")
    return store


def _requests(group: Group, graphs: Graphs) -> Iterator[tuple[str, tuple[str, Step]]]:
    """Yield the SELECT query for each pattern of a group, with the graph and the pattern that its solutions fill."""
    graph, clauses = group.graph, "".join(f" FROM <{iri}>" for iri in graphs.default)
    if graph.startswith("?"):
        clauses = "".join(f" FROM NAMED <{iri}>" for iri in graphs.named)
    elif graph:
        clauses = f" FROM {graph}" if graph[1:-1] in graphs.named else ""
    if not clauses:
        return  # no graph, no triples
    for step in group.loose:
        yield _request(step, [step], graph, clauses), (graph, step)
    for together in _connected(group.joined):
        for step in together:
            yield _request(step, together, graph, clauses), (graph, step)


def _request(step: Step, together: Sequence[Step], graph: str, clauses: str) -> str:
    """Return the query for what a pattern matches, where it does so with others: with them it shares things.

    Only what is the subject of one is asked for without its repetitions: it is no literal.
    """
    named = {graph} if graph.startswith("?") else set()
    things = {each.subject for each in together if each.subject.startswith("?")}
    shared = sorted((things & step.variables()) | named)
    body = _in(graph, step.sparql())
    if len(together) > 1 and things & step.variables():
        others = " ".join(each.sparql() for each in together)
        body = f"{body} {{ SELECT DISTINCT {' '.join(shared)} WHERE {{ {_in(graph, others)} }} }}"
    return f"SELECT {' '.join(_variables(graph, step))}{clauses} WHERE {{ {body} }}"


def _in(graph: str, body: str) -> str:
    return f"GRAPH {graph} {{ {body} }}" if graph.startswith("?") else body


def _variables(graph: str, step: Step) -> list[str]:
    return sorted(step.variables() | ({graph} if graph.startswith("?") else set()))


def _connected(steps: Iterable[Step]) -> list[list[Step]]:
    """Return steps in groups that share variables."""
    groups: list[tuple[set[str], list[Step]]] = []
    for step in steps:
        variables, members = set(step.variables()), [step]
        apart = []
        for others, their in groups:
            if variables & others:
                variables |= others
                members = their + members
            else:
                apart.append((others, their))
        groups = [*apart, (variables, members)]
    return [members for _, members in groups]


def _quads(query: str, asked: tuple[str, Step], endpoint: Endpoint) -> Iterator[ox.Quad]:
    graph, step = asked
    variables = _variables(graph, step)
    places = {variable: place for place, variable in enumerate(variables)}
    names = [variable[1:] for variable in variables]
    fixed = {text: ox.NamedNode(text[1:-1]) for text in (step.subject, step.predicate, graph) if text[:1] == "<"}
    fixed |= {step.object: _constant(step.object)} if not step.object.startswith("?") else {}
    parts = (step.subject, step.predicate, step.object, graph)
    for row in endpoint.select(query, names):
        terms = [local(row[places[part]]) if part in places else fixed.get(part, DEFAULT) for part in parts]
        yield ox.Quad(*terms)


def local(term: Any) -> Any:
    """Return a term as it is here: what stands for a blank node is one."""
    if isinstance(term, ox.NamedNode) and term.value.startswith(GENID):
        return ox.BlankNode(term.value.removeprefix(GENID))
    return term


def _constant(text: str) -> Any:
    """Return a term as N-Triples write it."""
    return next(iter(ox.parse(f"<x:s> <x:p> {text} .", format=ox.RdfFormat.TURTLE))).object
