"""Finds the triple patterns of a query: what of a dataset its answer can depend on, and nothing that it means.

Every triple that any pattern of a query could match is enough to answer the query, since a pattern that is evaluated on
them has the same solutions as on the whole dataset. A property path is taken apart into the triples of its properties.
"""

from dataclasses import dataclass, field
from itertools import count
from typing import Any

from rdflib import Literal, URIRef, Variable
from rdflib.paths import AlternativePath, InvPath, Path, SequencePath
from rdflib.plugins.sparql.algebra import translateQuery
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue

from service.errors import QueryRefusedError
from service.store.remote.algebra import (
    BGP,
    Names,
    as_text,
    bound_by,
    constants_in,
    iris_in,
    is_values,
    may_be_empty,
    properties_of,
    triples_of,
)

_LONGEST_LITERAL = 1_000
_GRAPHS, _SERVICE = ("Graph", "GraphGraphPattern"), "ServiceGraphPattern"


# What counts, cuts or hides what is in it, so that all of that matters, whatever stands beside it.
_APART = frozenset({"Project", "AggregateJoin", "Group", "Slice", "Distinct", "Reduced", "OrderBy", "SubSelect"})


@dataclass(frozen=True)
class Step:
    """A triple pattern, as SPARQL writes its terms; `among` are the properties that a variable in it may be."""

    subject: str
    predicate: str
    object: str
    among: tuple[str, ...] = ()

    def variables(self) -> frozenset[str]:
        """Return its variables, each with its question mark."""
        return frozenset(term for term in (self.subject, self.predicate, self.object) if term.startswith("?"))

    def sparql(self) -> str:
        """Return it as SPARQL writes it."""
        text = f"{self.subject} {self.predicate} {self.object} ."
        return f"{text} FILTER({self.predicate} IN ({', '.join(self.among)}))" if self.among else text


@dataclass
class Group:
    """Patterns that are to match together, in the default graph ("") or in that of an IRI or a variable.

    `loose` are those that paths of any length go along; `after` are the numbers of the groups that must match as well,
    so that nothing matters here that has no place there; `given` are the IRIs that VALUES leaves variables.
    """

    graph: str
    after: tuple[int, ...] = ()
    joined: list[Step] = field(default_factory=list)
    loose: list[Step] = field(default_factory=list)
    given: dict[str, set[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Patterns:
    """The groups of a query, the default and named graphs that it names itself (None for none), and what it describes.

    `things` are IRIs, `variables` are written as in the query; both are empty where it describes nothing.
    """

    groups: tuple[Group, ...]
    dataset: tuple[tuple[str, ...], tuple[str, ...]] | None
    things: tuple[str, ...] = ()
    variables: tuple[str, ...] = ()


def patterns_of(query: str, base_iri: str) -> Patterns:
    """Return the patterns of a query that is SPARQL.

    Raises QueryRefusedError where it cannot be taken apart.
    """
    try:
        algebra = translateQuery(parseQuery(query), base=base_iri).algebra
    except Exception as error:  # rdflib has no error of its own for what its parser or its algebra does not take
        raise QueryRefusedError("the query cannot be taken apart for the engine behind the service") from error
    walk = _Walk(algebra.p)
    if algebra.p:
        walk.into(algebra.p, "")
    clauses = algebra.get("datasetClause") or []
    defaults = tuple(str(clause.default) for clause in clauses if clause.default)
    named = tuple(str(clause.named) for clause in clauses if clause.named)
    described = list(algebra.PV) if algebra.name == "DescribeQuery" else []
    things = tuple(str(each) for each in described if isinstance(each, URIRef))
    variables = tuple(each.n3() for each in described if isinstance(each, Variable))
    return Patterns(tuple(walk.groups), (defaults, named) if clauses else None, things, variables)


class _Walk:
    """Goes through the algebra of a query."""

    def __init__(self, algebra: Any) -> None:
        self.groups: list[Group] = []
        self._constants, self._iris = constants_in(algebra), set(iris_in(algebra))
        self._within_exists = 0
        self._numbers = count()

    def into(self, node: Any, graph: str, after: tuple[int, ...] = (), bound: Names = frozenset()) -> tuple[int, ...]:
        """Take up the groups below `node`, and return those that must match wherever it does.

        `after` are others that must, and `bound` the variables that triples of the same graph are sure to bind there.
        """
        if isinstance(node, list | tuple | set):
            for value in node:
                self.into(value, graph, after, bound)
            return ()
        if not isinstance(node, CompValue) or node.name == _SERVICE:
            return ()
        if node.name in BGP:
            return self._group(triples_of(node), graph, after, bound)
        if node.name in _GRAPHS:
            inner = as_text(node.term)
            self.groups.append(Group(inner))
            return self.into(node.p, inner, after) if node.name == "Graph" else self.into([*node.values()], inner)
        if is_values(node):
            self.groups.append(Group(graph, after, given=constants_in(node)))
            return (len(self.groups) - 1,)
        if node.name in ("Join", "LeftJoin", "Minus"):
            is_join = node.name == "Join"
            # What VALUES leaves is less than what any pattern does, so it comes first where the order does not matter.
            p1, p2 = (node.p2, node.p1) if is_join and is_values(node.p2) else (node.p1, node.p2)
            first = self.into(p1, graph, after, bound | (bound_by(p2) if is_join else frozenset()))
            known = bound | bound_by(p1)
            second = self.into(p2, graph, after + first, known)
            self.into(node.get("expr"), graph, after + first, known)
            return first + second if is_join else first
        if node.name in ("Filter", "Extend"):
            first = self.into(node.p, graph, after, bound)
            self.into(node.expr, graph, after + first, bound | bound_by(node.p))
            return first
        if node.name == "Union":
            self.into([node.p1, node.p2], graph, after, bound)
        elif node.name in _APART:
            self.into([*node.values()], graph)
        else:
            is_exists = node.name in ("Builtin_EXISTS", "Builtin_NOTEXISTS")
            self._within_exists += is_exists
            self.into([*node.values()], graph, after, bound)
            self._within_exists -= is_exists
        return ()

    def _group(
        self, triples: list[tuple[Any, Any, Any]], graph: str, after: tuple[int, ...], bound: Names
    ) -> tuple[int, ...]:
        group = Group(graph, after)
        zero_length: list[tuple[str, str]] = []
        for subject, predicate, object_ in triples:
            self._take(group, self._written(subject), predicate, self._written(object_), zero_length)
        bound = bound.union(*(step.variables() for step in group.joined))
        for ends in zero_length:
            self._nodes(group, ends, bound)
        self.groups.append(group)
        return (len(self.groups) - 1,)

    def _take(self, group: Group, subject: str, path: Any, object_: str, zero_length: list[tuple[str, str]]) -> None:
        match path:
            case SequencePath():
                places = [subject, *(self._fresh() for _ in path.args[1:]), object_]
                for part, before, after in zip(path.args, places, places[1:], strict=False):
                    self._take(group, before, part, after, zero_length)
            case InvPath():
                self._take(group, object_, path.arg, subject, zero_length)
            case AlternativePath() if all(isinstance(each, URIRef) for each in path.args):
                among = tuple(each.n3() for each in path.args)
                group.joined.append(Step(subject, self._fresh(), object_, among))
            case Path():
                properties = properties_of(path)
                along = tuple(sorted(each.n3() for each in properties or ()))
                group.loose.append(Step(self._fresh(), self._fresh(), self._fresh(), along))
                if may_be_empty(path) and properties is not None:
                    zero_length.append((subject, object_))
            case _:
                group.joined.append(Step(subject, self._written(path), object_))

    def _nodes(self, group: Group, ends: tuple[str, str], bound: frozenset[str]) -> None:
        """See to it that a path without a step, which leads from each node to itself, finds the nodes it may end at."""
        if not all(end.startswith("?") for end in ends) or bound.intersection(ends):
            return
        known = next((self._constants[end] for end in ends if end in self._constants), None)
        if known is None and self._within_exists:
            known = self._iris  # what is found matters no more than that something is; a node is any, or one of these
        if known is None:
            group.loose.append(Step(self._fresh(), self._fresh(), self._fresh()))
            return
        for iri in sorted(known):
            group.loose += [Step(iri, self._fresh(), self._fresh()), Step(self._fresh(), self._fresh(), iri)]

    def _written(self, term: Any) -> str:
        """Return a term as it is asked for: engines do not agree on when two literals are the same, nor need they."""
        if isinstance(term, Literal) and (term.datatype is not None or len(term) > _LONGEST_LITERAL):
            return self._fresh()
        return as_text(term)

    def _fresh(self) -> str:
        return f"?any{next(self._numbers)}"
