"""Finds the triple patterns of a query: what of a dataset its answer can depend on, and nothing that it means.

Every triple that any pattern of a query could match is enough to answer the query, since a pattern that is evaluated on
them has the same solutions as on the whole dataset. A property path is taken apart into the triples of its properties.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from rdflib import BNode, Literal, URIRef, Variable
from rdflib.paths import AlternativePath, InvPath, MulPath, NegatedPath, Path, SequencePath
from rdflib.plugins.sparql.algebra import translateQuery
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue

from service.errors import QueryRefusedError

_LONGEST_LITERAL = 1_000
_BGP, _GRAPHS, _SERVICE = ("BGP", "TriplesBlock"), ("Graph", "GraphGraphPattern"), "ServiceGraphPattern"


# What counts, cuts or hides what is in it, so that all of that matters, whatever stands beside it.
_APART = frozenset({"Project", "AggregateJoin", "Group", "Slice", "Distinct", "Reduced", "OrderBy", "SubSelect"})
_Names = frozenset[str]


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
    so that nothing matters here that has no place there.
    """

    graph: str
    after: tuple[int, ...] = ()
    joined: list[Step] = field(default_factory=list)
    loose: list[Step] = field(default_factory=list)


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
    except Exception as error:  # noqa: BLE001 - the parser raises whatever it comes upon
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
        self._constants, self._iris = _constants(algebra), set(_iris(algebra))
        self._within_exists = 0
        self._numbers = count()

    def into(self, node: Any, graph: str, after: tuple[int, ...] = (), bound: _Names = frozenset()) -> tuple[int, ...]:
        """Take up the groups below `node`, and return those that must match wherever it does.

        `after` are others that must, and `bound` the variables that triples of the same graph are sure to bind there.
        """
        if isinstance(node, list | tuple | set):
            for value in node:
                self.into(value, graph, after, bound)
            return ()
        if not isinstance(node, CompValue) or node.name == _SERVICE:
            return ()
        if node.name in _BGP:
            return self._group(_triples(node), graph, after, bound)
        if node.name in _GRAPHS:
            inner = _term(node.term)
            self.groups.append(Group(inner))
            return self.into(node.p, inner, after) if node.name == "Graph" else self.into([*node.values()], inner)
        if node.name in ("Join", "LeftJoin", "Minus"):
            is_join = node.name == "Join"
            first = self.into(node.p1, graph, after, bound | (_bound(node.p2) if is_join else frozenset()))
            known = bound | _bound(node.p1)
            second = self.into(node.p2, graph, after + first, known)
            self.into(node.get("expr"), graph, after + first, known)
            return first + second if is_join else first
        if node.name in ("Filter", "Extend"):
            first = self.into(node.p, graph, after, bound)
            self.into(node.expr, graph, after + first, bound | _bound(node.p))
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
        self, triples: list[tuple[Any, Any, Any]], graph: str, after: tuple[int, ...], bound: _Names
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
                properties = _properties(path)
                among = None if properties is None else tuple(sorted(each.n3() for each in properties))
                group.loose.append(Step(self._fresh(), self._fresh(), self._fresh(), among or ()))
                if _may_be_empty(path) and among is not None:
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
        return _term(term)

    def _fresh(self) -> str:
        return f"?any{next(self._numbers)}"


def _bound(node: Any) -> _Names:
    """Return the variables that triples of the same graph are sure to bind wherever `node` matches."""
    if not isinstance(node, CompValue):
        return frozenset()
    if node.name == "BGP":
        plain = [triple for triple in node.triples if not isinstance(triple[1], Path)]
        return frozenset(_term(term) for s, _, o in plain for term in (s, o) if isinstance(term, Variable | BNode))
    if node.name in ("Join", "LeftJoin", "Minus"):
        return _bound(node.p1) | (_bound(node.p2) if node.name == "Join" else frozenset())
    if node.name == "Union":
        return _bound(node.p1) & _bound(node.p2)
    return _bound(node.p) if node.name in ("Filter", "Extend") else frozenset()


def _term(term: Any) -> str:
    if isinstance(term, Variable):
        return f"?v_{term}"
    if isinstance(term, BNode):
        return f"?b_{term}"
    text: str = term.n3()
    return text


def _triples(node: CompValue) -> list[tuple[Any, Any, Any]]:
    if node.name == "BGP":
        return list(node.triples)
    flat = [list(each) for each in node.triples]
    return [tuple(each[at : at + 3]) for each in flat for at in range(0, len(each), 3)]  # type: ignore[misc]


def _properties(path: Any) -> set[URIRef] | None:
    """Return the properties that a path may go along, None for any."""
    if isinstance(path, URIRef):
        return {path}
    if isinstance(path, NegatedPath):
        return None
    parts = [path.arg] if isinstance(path, InvPath) else [path.path] if isinstance(path, MulPath) else list(path.args)
    found = [_properties(part) for part in parts]
    return None if None in found else set().union(*(each for each in found if each is not None))


def _may_be_empty(path: Any) -> bool:
    """Tell whether a path may have no step, so that it leads from anything to itself."""
    match path:
        case MulPath():
            return bool(path.zero) or _may_be_empty(path.path)
        case InvPath():
            return _may_be_empty(path.arg)
        case SequencePath():
            return all(map(_may_be_empty, path.args))
        case AlternativePath():
            return any(map(_may_be_empty, path.args))
    return False


def _constants(node: Any) -> dict[str, set[str]]:
    """Return the IRIs that VALUES gives variables; one that is left open there is not among them."""
    found: dict[str, set[str]] = {}
    open_: set[str] = set()
    for row in _rows(node):
        for variable, value in row.items():
            if isinstance(value, URIRef):
                found.setdefault(_term(variable), set()).add(value.n3())
            else:
                open_.add(_term(variable))
    return {variable: iris for variable, iris in found.items() if variable not in open_}


def _iris(node: Any) -> Iterator[str]:
    """Yield the IRIs that a query names outside of its patterns."""
    if isinstance(node, URIRef):
        yield node.n3()
    elif isinstance(node, CompValue) and node.name in _BGP:
        return
    elif isinstance(node, CompValue | dict):
        for value in node.values():
            yield from _iris(value)
    elif isinstance(node, list | tuple | set):
        for value in node:
            yield from _iris(value)


def _rows(node: Any) -> Iterator[dict[Any, Any]]:
    if isinstance(node, CompValue):
        if node.name == "values":
            yield from node.res
            return
        node = list(node.values())
    if isinstance(node, list | tuple):
        for value in node:
            yield from _rows(value)
