"""Keeps what follows true to facts that change, in time in proportion to the change.

What may follow no longer is taken back, and what of it still follows is found again: the algorithm DRed of Gupta,
Mumick and Subrahmanian, Maintaining Views Incrementally (SIGMOD 1993, https://doi.org/10.1145/170035.170066). The
rules must be those by which what follows now was found, and stay so: a change from which axioms follow needs others.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from loaders.reasoning.closure import Terms, insertion, round_graph, spread, touched
from loaders.reasoning.engines import Engine, inside
from loaders.reasoning.rules import Pattern, Rule, triple_of, written

_DOUBTED = ox.NamedNode("urn:districtgraph:doubted")
_DOUBTED_IN = "urn:districtgraph:doubted:"
_STATED = ox.NamedNode("urn:districtgraph:stated-now")
_NEW = ox.NamedNode("urn:districtgraph:new")
_ANY = "?s ?p ?o"


@dataclass(frozen=True)
class Maintained:
    """What follows no longer, or is stated now; what follows only now; and whether something new is contradicted."""

    removed: set[ox.Triple]
    added: set[ox.Triple]
    contradicted: bool


def maintain(
    engine: Engine,
    rules: Sequence[Rule],
    removed: Iterable[ox.Triple],
    added: Iterable[ox.Triple],
    following: ox.NamedNode,
) -> Maintained:
    """Bring what `engine` knows to what it is once other triples are stated.

    What of it follows, and is not stated, stands in the graph `following` as well, and is brought to that there.
    `removed` are stated by nobody any more, `added` by nobody before; nothing must have contradicted itself.
    """
    concluding = [rule for rule in rules if rule.conclusion is not None]
    waves = _doubt(engine, concluding, removed, following)
    _insert(engine, added, _STATED)
    before = _also_in(engine, following, [_DOUBTED, _STATED])
    known = inside(engine.known, _ANY)
    engine.update(f"DELETE {{ {known} {inside(following, _ANY)} }} WHERE {{ {inside(_DOUBTED, _ANY)} }}")
    engine.update(f"DELETE {{ {inside(following, _ANY)} }} WHERE {{ {inside(_STATED, _ANY)} }}")
    _find_again(engine, concluding)
    new = f"{inside(_STATED, _ANY)} FILTER NOT EXISTS {{ {known} }}"
    engine.update(f"INSERT {{ {known} {inside(round_graph(1), _ANY)} }} WHERE {{ {new} }}")
    rounds = [round_graph(number) for number in range(1, spread(engine, concluding, 1))]
    for graph in rounds:
        new = f"{inside(graph, _ANY)} FILTER NOT EXISTS {{ {inside(_STATED, _ANY)} }}"
        engine.update(f"INSERT {{ {inside(following, _ANY)} }} WHERE {{ {new} }}")
        engine.update(f"ADD GRAPH {graph} TO GRAPH {_NEW}")
    contradicted = _contradicted(engine, [rule for rule in rules if rule.conclusion is None])
    after = _also_in(engine, following, [_DOUBTED, _STATED, *rounds])
    for graph in (*waves, *rounds, _DOUBTED, _STATED, _NEW):
        engine.update(f"DROP SILENT GRAPH {graph}")
    return Maintained({*map(triple_of, before - after)}, {*map(triple_of, after - before)}, contradicted)


def _doubt(
    engine: Engine, rules: Sequence[Rule], removed: Iterable[ox.Triple], following: ox.NamedNode
) -> list[ox.NamedNode]:
    """Put what is removed, and all that followed with its help, into the graph of what is doubted.

    Return the graphs of what was found one step after the other.
    """
    waves = [ox.NamedNode(f"{_DOUBTED_IN}1")]
    _insert(engine, removed, waves[0])
    while (last := Terms.of(engine, waves[-1])).predicates:
        engine.update(f"ADD GRAPH {waves[-1]} TO GRAPH {_DOUBTED}")
        next_ = ox.NamedNode(f"{_DOUBTED_IN}{len(waves) + 1}")
        for rule in rules:
            assert rule.conclusion is not None
            conclusion = written([rule.conclusion])
            followed = f"{inside(following, conclusion)} FILTER NOT EXISTS {{ {inside(_DOUBTED, conclusion)} }}"
            for part, premises in touched(engine, rule, last, waves[-1]):
                engine.update(insertion(engine, part, premises, (next_,), followed))
        waves.append(next_)
    return waves


def _find_again(engine: Engine, rules: Sequence[Rule]) -> None:
    """Put what of the doubted follows from what is known into the first round."""
    doubted = Terms.of(engine, _DOUBTED)
    for rule in rules:
        assert rule.conclusion is not None
        for part in doubted.parts(rule, rule.conclusion):
            doubtful = inside(_DOUBTED, written([rule.conclusion]))
            found = f"{doubtful} {inside(engine.known, written(rule.premises))}"
            engine.update(insertion(engine, part, found, (engine.known, round_graph(1))))


def _contradicted(engine: Engine, rules: Sequence[Rule]) -> bool:
    """Tell whether something new is a premise of a contradiction."""
    new = Terms.of(engine, _NEW)
    found = (each for rule in rules for each in touched(engine, rule, new, _NEW))
    queries = (f"{part.table} {premises} {part.condition}" for part, premises in found)
    return any(True for query in queries for _ in engine.select(f"SELECT (1 AS ?one) WHERE {{ {query} }} LIMIT 1"))


def _also_in(engine: Engine, following: ox.NamedNode, graphs: Iterable[ox.NamedNode]) -> set[Pattern]:
    """Return what some graphs share with what follows."""
    queries = (f"SELECT {_ANY} WHERE {{ {inside(graph, _ANY)} {inside(following, _ANY)} }}" for graph in graphs)
    return {(s, p, o) for query in queries for s, p, o in engine.select(query)}


def _insert(engine: Engine, triples: Iterable[ox.Triple], graph: ox.NamedNode) -> None:
    content = " . ".join(map(str, triples))
    engine.update(f"INSERT DATA {{ GRAPH {graph} {{ {content} }} }}")
