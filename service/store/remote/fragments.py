"""Fetches the triples that a query can depend on, so that they are answered from here and mean here what they mean.

An engine is asked for one pattern of triples at a time, for the things that the patterns before it have left: in what
OPTIONAL, aggregates, languages, booleans and errors mean, engines differ, and some are wrong; and joins of many
patterns take some of them minutes.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import pyoxigraph as ox

from service.errors import RemoteEngineError, ResultTooLargeError
from service.store.dataset import DEFAULT
from service.store.remote.endpoint import Endpoint
from service.store.remote.names import decoded
from service.store.remote.patterns import Group, Step

_MOST_TRIPLES = 2_000_000
_FEW, _MOST_THINGS, _AT_ONCE = 1_000, 20_000, 500
_MOST_KEPT = 30_000


@dataclass(frozen=True)
class Graphs:
    """The graphs that a query is about: those that make up the default graph, and the named ones."""

    default: tuple[str, ...]
    named: tuple[str, ...]


class Fragments:
    """What is fetched from an endpoint, which stays as it is; some of it is kept for the next query."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._counts: dict[str, int] = {}
        self._kept: dict[str, list[ox.Quad]] = {}
        self._size = 0

    def of(self, groups: Iterable[Group], graphs: Graphs) -> ox.Store:
        """Return a store of the triples that groups of patterns can match. Raises EngineError."""
        store = ox.Store()
        for graph in graphs.named:
            store.add_graph(ox.NamedNode(graph))
        left: list[dict[str, set[str]]] = []
        for group in groups:
            known = _common([*(left[number] for number in group.after), group.given])
            left.append(known)
            place = _Place.of(group.graph, graphs)
            if place is None:
                continue  # no graph, no triples
            for step in group.loose:
                self._into(store, self._quads(step, place))
            for together in _connected(group.joined):
                self._join(store, together, place, known)
        return store

    def foresee(self, subjects: Iterable[str], predicate: str, graph: str, graphs: Graphs) -> None:
        """Fetch together, and keep, what single patterns with these subjects match. Raises EngineError."""
        place = _Place.of(graph, graphs)
        if place is None:
            return
        single = {subject: _Asked.of(Step(subject, predicate or "?p", "?o"), place).query() for subject in subjects}
        new = {subject: query for subject, query in single.items() if query not in self._kept}
        if not 1 < len(new) <= _MOST_THINGS:
            return
        found: dict[str, list[ox.Quad]] = {subject: [] for subject in new}
        for quad in self._about(Step("?s", predicate or "?p", "?o"), place, "?s", set(new)):
            if str(quad.subject) not in found:
                raise RemoteEngineError("the engine tells of things that it was not asked for")
            found[str(quad.subject)].append(quad)
        for subject, quads in found.items():
            self._keep(new[subject], quads)

    def _join(self, store: ox.Store, steps: list[Step], place: "_Place", known: dict[str, set[str]]) -> None:
        """Fetch what patterns match that share variables: of each only what the things that are `known` allow.

        These are what is left for a variable, and become fewer.
        """
        left = list(steps)
        while left:
            step = min(left, key=lambda each: min(self._count(each, place), 2 * _fewest(each, known)[1]))
            left.remove(step)
            variable, things = _fewest(step, known)
            if self._count(step, place) <= _FEW or 4 * things > self._count(step, place):
                quads = self._quads(step, place)
            else:
                quads = self._about(step, place, variable, known[variable])
            self._into(store, quads)
            for variable, found in _things(step, quads).items():
                known[variable] = known[variable] & found if variable in known else found
            if not quads:
                return  # nothing matches all of them

    def _into(self, store: ox.Store, quads: list[ox.Quad]) -> None:
        store.extend(quads)
        if len(store) > _MOST_TRIPLES:
            raise ResultTooLargeError(f"the query is about more than {_MOST_TRIPLES} triples; make it narrower")

    def _about(self, step: Step, place: "_Place", variable: str, things: set[str]) -> list[ox.Quad]:
        found: list[ox.Quad] = []
        ordered = sorted(things)
        for start in range(0, len(ordered), _AT_ONCE):
            some = " ".join(ordered[start : start + _AT_ONCE])
            found += self._quads(step, place, variable, some)
        return found

    def _quads(self, step: Step, place: "_Place", bound: str = "", things: str = "") -> list[ox.Quad]:
        """Return what a pattern matches, where a variable of it is `bound` to one of some things."""
        asked = _Asked.of(step, place)
        among = f" VALUES {asked.names[bound]} {{ {things} }}" if bound else ""
        query = asked.query(among)
        if query in self._kept:
            return self._kept[query]
        if not among and self._count(step, place) > _MOST_TRIPLES:
            raise ResultTooLargeError(f"the query is about more than {_MOST_TRIPLES} triples; make it narrower")
        quads = [*asked.filled(self._endpoint.select(query, asked.variables.replace("?", "").split()))]
        self._keep(query, quads)
        return quads

    def _keep(self, query: str, quads: list[ox.Quad]) -> None:
        if self._size + len(quads) > _MOST_KEPT:
            self._kept.clear()
            self._size = 0
        if len(quads) <= _MOST_KEPT:
            self._kept[query] = quads
            self._size += len(quads)

    def _count(self, step: Step, place: "_Place") -> int:
        """Return how many solutions a pattern has."""
        query = f"SELECT (COUNT(*) AS ?n){place.clauses} WHERE {{ {_Asked.of(step, place).body('')} }}"
        if query not in self._counts:
            if len(self._counts) > _MOST_KEPT:
                self._counts.clear()
            ((number,),) = self._endpoint.select(query, ("n",)) or ((None,),)
            if number is None or not number.value.isdecimal():
                raise RemoteEngineError("the engine does not count what it holds")
            self._counts[query] = int(number.value)
        return self._counts[query]


@dataclass(frozen=True)
class _Asked:
    """A pattern as it is asked for: the same whatever its variables are called, which `names` tells."""

    step: Step
    graph: str
    clauses: str
    names: dict[str, str]

    @classmethod
    def of(cls, step: Step, place: "_Place") -> "_Asked":
        parts = zip("gspo", (place.graph, step.subject, step.predicate, step.object), strict=True)
        names: dict[str, str] = {}
        for letter, part in parts:
            if part.startswith("?"):
                names.setdefault(part, f"?{letter}")
        subject, predicate, object_ = (names.get(part, part) for part in (step.subject, step.predicate, step.object))
        return cls(
            Step(subject, predicate, object_, step.among), names.get(place.graph, place.graph), place.clauses, names
        )

    @property
    def variables(self) -> str:
        return " ".join(self.names.values())

    def query(self, among: str = "") -> str:
        return f"SELECT {self.variables}{self.clauses} WHERE {{ {self.body(among)} }}"

    def body(self, among: str) -> str:
        text = f"{self.step.sparql()}{among}"
        return f"GRAPH {self.graph} {{ {text} }}" if self.graph.startswith("?") else text

    def filled(self, rows: list[list[Any]]) -> Iterator[ox.Quad]:
        """Yield the quads that solutions stand for."""
        places = {variable: number for number, variable in enumerate(self.names.values())}
        parts = (self.step.subject, self.step.predicate, self.step.object, self.graph)
        fixed = {part: _constant(part) if part else DEFAULT for part in parts if part not in places}
        for row in rows:
            if None in row:
                raise RemoteEngineError("the engine answers with solutions that lack a term")
            terms: list[Any] = [decoded(row[places[part]]) if part in places else fixed[part] for part in parts]
            yield ox.Quad(*terms)


@dataclass(frozen=True)
class _Place:
    """Where a pattern is looked for: a graph or the variable of one ("" for the default graph), and FROM clauses."""

    graph: str
    clauses: str

    @classmethod
    def of(cls, graph: str, graphs: Graphs) -> "_Place | None":
        if graph.startswith("?"):
            clauses = "".join(f" FROM NAMED <{iri}>" for iri in graphs.named)
        elif graph:
            clauses = f" FROM {graph}" if graph[1:-1] in graphs.named else ""
        else:
            clauses = "".join(f" FROM <{iri}>" for iri in graphs.default)
        return cls(graph, clauses) if clauses else None


def _fewest(step: Step, known: dict[str, set[str]]) -> tuple[str, int]:
    """Return the variable of a pattern that the fewest things are left for, and how many; very many for none."""
    ends = {end for end in (step.subject, step.object) if end in known and len(known[end]) <= _MOST_THINGS}
    return min(((end, len(known[end])) for end in sorted(ends)), key=lambda one: one[1], default=("", _MOST_TRIPLES))


def _things(step: Step, quads: list[ox.Quad]) -> dict[str, set[str]]:
    """Return what is left for each variable of a pattern that stands for IRIs alone."""
    found: dict[str, set[str]] = {}
    for end, terms in ((step.subject, [q.subject for q in quads]), (step.object, [q.object for q in quads])):
        if end.startswith("?") and all(isinstance(term, ox.NamedNode) for term in terms):
            found[end] = {str(term) for term in terms}
    return found


def _common(known: Iterable[dict[str, set[str]]]) -> dict[str, set[str]]:
    """Return what is left for each variable where all of these are to match."""
    together: dict[str, set[str]] = {}
    for each in known:
        for variable, things in each.items():
            together[variable] = together[variable] & things if variable in together else things
    return together


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


def _constant(text: str) -> Any:
    """Return an IRI or a literal as SPARQL writes it."""
    return next(iter(ox.parse(f"<x:s> <x:p> {text} .", format=ox.RdfFormat.TURTLE))).object
