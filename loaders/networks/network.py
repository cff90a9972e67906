"""Makes the networks of actors: of all ties that the named query `actor-network` finds, of each district and programme.

all          every tie
castellon    the ties in the district or cluster with this id
cebra-plus   the ties through the policy, project or event with this id, and through what is part of it
"""

from collections.abc import Iterator
from dataclasses import dataclass

import pyoxigraph as ox

from ontology.iris import local_name
from queries.named_query import load_queries

ALL = "all"
PROJECTION = "actor-network"
_FEWEST_TIES = 3


@dataclass(frozen=True, order=True)
class Tie:
    """A tie of one kind between two actors, by their IRIs; `bases` are what it rests on.

    It leads from `tail` to `head` where it is directed, and both ways where it is not.
    """

    tail: str
    head: str
    relation: str
    directed: bool
    bases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Network:
    """A network by its name; `scope` is the IRI of its district or programme, None for all; `label` is English."""

    name: str
    label: str
    scope: str | None
    ties: tuple[Tie, ...]

    def successors(self) -> dict[str, set[str]]:
        """Return to whom each actor has a tie, whatever its kind."""
        found: dict[str, set[str]] = {actor: set() for tie in self.ties for actor in (tie.tail, tie.head)}
        for tie in self.ties:
            found[tie.tail].add(tie.head)
            if not tie.directed:
                found[tie.head].add(tie.tail)
        return found


def networks(store: ox.Store) -> tuple[Network, ...]:
    """Return the networks of the quads in the default graph of `store`, by name, that of all first.

    A district or programme has one if it has three ties or more, the least that can hold a broker and one more tie.
    """
    bases: dict[str | None, dict[Tie, set[str]]] = {None: {}}
    labels: dict[str, set[str]] = {}
    for row in rows(store, PROJECTION):
        tie = Tie(row["tieFrom"], row["tieTo"], row["tieRelation"], row["directed"] == "true")
        bases[None].setdefault(tie, set()).add(row["basis"])
        for scope, label in {(row["location"], row["locationLabel"]), (row["policy"], row["policyLabel"])}:
            if scope:
                bases.setdefault(scope, {}).setdefault(tie, set()).add(row["basis"])
                labels.setdefault(scope, set()).add(label)
    made = [
        _network(scope, min(labels[scope]) if scope else None, ties)
        for scope, ties in bases.items()
        if scope is None or len(ties) >= _FEWEST_TIES
    ]
    return tuple(sorted(made, key=lambda network: (network.scope is not None, network.name)))


def _network(scope: str | None, label: str | None, ties: dict[Tie, set[str]]) -> Network:
    with_bases = tuple(
        sorted(Tie(t.tail, t.head, t.relation, t.directed, tuple(sorted(bases))) for t, bases in ties.items())
    )
    if scope is None:
        return Network(ALL, "Network of all actors", None, with_bases)
    return Network(local_name(scope), f"Network of actors: {label}", scope, with_bases)


def rows(store: ox.Store, query: str) -> Iterator[dict[str, str]]:
    """Yield the rows of the packaged named query `query` over the default graph; an unbound cell is empty."""
    solutions = store.query(load_queries()[query].sparql({}))
    assert isinstance(solutions, ox.QuerySolutions)
    names = [variable.value for variable in solutions.variables]
    for solution in solutions:
        yield {name: getattr(solution[name], "value", "") for name in names}
