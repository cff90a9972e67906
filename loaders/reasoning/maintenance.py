"""Keeps what follows true to facts that change, in time in proportion to the change.

What may follow no longer is taken back, and what of it still follows is found again: the algorithm DRed of Gupta,
Mumick and Subrahmanian, Maintaining Views Incrementally (SIGMOD 1993, https://doi.org/10.1145/170035.170066). The
rules must be those by which what follows now was found, and stay so: a change from which axioms follow needs others.
"""

from collections.abc import Iterable, Sequence

import pyoxigraph as ox

from loaders.reasoning.closure import KNOWN, Terms, insertion, round_graph, spread, touched
from loaders.reasoning.engines import Engine
from loaders.reasoning.rules import Rule, written

# What of KNOWN follows, and is not stated.
FOLLOWING = ox.NamedNode("urn:districtgraph:following")
_DOUBTED = ox.NamedNode("urn:districtgraph:doubted")
_STATED = ox.NamedNode("urn:districtgraph:stated-now")
_DOUBTED_IN = "urn:districtgraph:doubted:"


def maintain(engine: Engine, rules: Sequence[Rule], removed: Iterable[ox.Triple], added: Iterable[ox.Triple]) -> None:
    """Bring the graphs KNOWN and FOLLOWING to what they are once some triples are no longer stated, and others are.

    `removed` are stated by nobody any more, `added` by nobody before.
    """
    concluding = [rule for rule in rules if rule.conclusion is not None]
    _doubt(engine, concluding, removed)
    _insert(engine, added, _STATED)
    engine.update(f"DELETE {{ {_in(KNOWN)} {_in(FOLLOWING)} }} WHERE {{ {_in(_DOUBTED)} }}")
    engine.update(f"DELETE {{ {_in(FOLLOWING)} }} WHERE {{ {_in(_STATED)} }}")
    doubted = Terms.of(engine, _DOUBTED)
    for rule in concluding:
        assert rule.conclusion is not None
        for part in doubted.parts(rule, rule.conclusion):
            doubtful = f"GRAPH {_DOUBTED} {{ {written([rule.conclusion])} }}"
            found = f"{doubtful} GRAPH {KNOWN} {{ {written(rule.premises)} }}"
            engine.update(insertion(part, found, (KNOWN, round_graph(1))))
    new = f"{_in(_STATED)} FILTER NOT EXISTS {{ {_in(KNOWN)} }}"
    engine.update(f"INSERT {{ {_in(KNOWN)} {_in(round_graph(1))} }} WHERE {{ {new} }}")
    last = spread(engine, concluding, 1)
    for number in range(1, last):
        new = f"{_in(round_graph(number))} FILTER NOT EXISTS {{ {_in(_STATED)} }}"
        engine.update(f"INSERT {{ {_in(FOLLOWING)} }} WHERE {{ {new} }}")


def _doubt(engine: Engine, rules: Sequence[Rule], removed: Iterable[ox.Triple]) -> None:
    """Put what is removed, and all that followed with its help, into the graph of what is doubted."""
    number = 1
    _insert(engine, removed, _doubted_in(number))
    while (last := Terms.of(engine, _doubted_in(number))).predicates:
        engine.update(f"ADD GRAPH {_doubted_in(number)} TO GRAPH {_DOUBTED}")
        for rule in rules:
            assert rule.conclusion is not None
            conclusion = written([rule.conclusion])
            followed = (
                f"GRAPH {FOLLOWING} {{ {conclusion} }} FILTER NOT EXISTS {{ GRAPH {_DOUBTED} {{ {conclusion} }} }}"
            )
            for part, premises in touched(rule, last, _doubted_in(number)):
                engine.update(insertion(part, premises, (_doubted_in(number + 1),), followed))
        number += 1


def _doubted_in(number: int) -> ox.NamedNode:
    return ox.NamedNode(f"{_DOUBTED_IN}{number}")


def _insert(engine: Engine, triples: Iterable[ox.Triple], graph: ox.NamedNode) -> None:
    content = " . ".join(map(str, triples))
    engine.update(f"INSERT DATA {{ GRAPH {graph} {{ {content} }} }}")


def _in(graph: ox.NamedNode) -> str:
    return f"GRAPH {graph} {{ ?s ?p ?o }}"
