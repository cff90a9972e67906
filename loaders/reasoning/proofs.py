"""Seeks how what was inferred follows: by which rules, from which premises, down to what is stated.

A proof is sought backwards, from the triple to what it follows from. Whoever seeks one asks the queries: a search is a
generator that yields them, and is sent what they found.
"""

from collections.abc import Generator
from dataclasses import dataclass, field

import pyoxigraph as ox

from loaders.graphs import INFERRED
from loaders.reasoning.backwards import Backwards, Solutions
from loaders.reasoning.engines import Engine
from loaders.reasoning.rules import Step, Term

# Bounds of a search, so that it ends soon: what it leaves out it tells (`Derivations.is_cut`). What the goal follows
# from at once is of more interest than in how many ways that follows in turn.
_MOST_STEPS_TO_GOAL = 20
_MOST_STEPS = 5
_MOST_TRIPLES = 150
_MOST_LEVELS = 20

Search = Generator[list[str], list[Solutions], "Derivations"]


@dataclass
class Derivations:
    """How a triple and what it follows from follow: the steps to each, and the graphs of what is stated."""

    goal: ox.Triple
    steps: dict[ox.Triple, list[Step]] = field(default_factory=dict)
    graphs: dict[ox.Triple, list[str]] = field(default_factory=dict)
    is_cut: bool = False

    def is_stated(self, triple: ox.Triple) -> bool:
        """Tell whether a triple stands in a graph other than that of what follows, the default graph included."""
        graphs = self.graphs.get(triple)
        return graphs is not None and graphs != [INFERRED.value]


def search(goal: ox.Triple, rules: Backwards) -> Search:
    """Seek how `goal` follows by `rules`; the queries are of a dataset whose default graph merges all."""
    found = Derivations(goal)
    level = [goal]
    for _ in range(_MOST_LEVELS):
        solutions = yield [_graphs_query(triple) for triple in level]
        found.graphs |= {t: [_iri(row[0]) for row in rows] for t, rows in zip(level, solutions, strict=True)}
        open_ = [triple for triple in level if triple == goal or not found.is_stated(triple)]
        most = _MOST_STEPS if found.steps else _MOST_STEPS_TO_GOAL
        asked = [(triple, question) for triple in open_ for question in rules.questions(triple, most)]
        if not asked:
            return found
        solutions = yield [question.query for _, question in asked]
        found.steps |= {triple: [] for triple in open_}
        for (triple, question), rows in zip(asked, solutions, strict=True):
            found.is_cut |= len(rows) > most
            found.steps[triple] += question.steps(rows)
        premises = dict.fromkeys(p for triple in open_ for step in found.steps[triple] for p in step.premises)
        level = [premise for premise in premises if premise not in found.graphs]
        room = _MOST_TRIPLES - len(found.graphs)
        found.is_cut |= len(level) > room
        level = level[:room]
        if not level:
            return found
    found.is_cut = True
    return found


def sought(goal: ox.Triple, rules: Backwards, engine: Engine) -> Derivations:
    """Seek how `goal` follows in a store that is asked at once."""
    asking = search(goal, rules)
    queries = next(asking)
    while True:
        try:
            queries = asking.send([list(engine.select(query)) for query in queries])
        except StopIteration as ended:
            found: Derivations = ended.value
            return found


def _graphs_query(triple: ox.Triple) -> str:
    return f"SELECT DISTINCT ?g WHERE {{ GRAPH ?g {{ {triple} }} }} ORDER BY ?g"


def _iri(term: Term | None) -> str:
    return term.value if isinstance(term, ox.NamedNode) else ""
