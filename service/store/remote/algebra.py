"""What can be told of a part of rdflib's algebra of a query: what it binds and names, and what a path goes along."""

from collections.abc import Iterator
from typing import Any

from rdflib import BNode, URIRef, Variable
from rdflib.paths import AlternativePath, InvPath, MulPath, NegatedPath, Path, SequencePath
from rdflib.plugins.sparql.parserutils import CompValue

BGP = ("BGP", "TriplesBlock")
"""What patterns of triples stand in: in the algebra, and in what of the syntax it leaves as it is."""

Names = frozenset[str]


def bound_by(node: Any) -> Names:
    """Return the variables that triples of the same graph are sure to bind wherever `node` matches."""
    if not isinstance(node, CompValue):
        return frozenset()
    if node.name == "BGP":
        plain = [triple for triple in node.triples if not isinstance(triple[1], Path)]
        return frozenset(as_text(term) for s, _, o in plain for term in (s, o) if isinstance(term, Variable | BNode))
    if node.name in ("Join", "LeftJoin", "Minus"):
        return bound_by(node.p1) | (bound_by(node.p2) if node.name == "Join" else frozenset())
    if node.name == "Union":
        return bound_by(node.p1) & bound_by(node.p2)
    return bound_by(node.p) if node.name in ("Filter", "Extend") else frozenset()


def as_text(term: Any) -> str:
    """Return a term as SPARQL writes it; variables and blank nodes have names that no other of ours has."""
    if isinstance(term, Variable):
        return f"?v_{term}"
    if isinstance(term, BNode):
        return f"?b_{term}"
    text: str = term.n3()
    return text


def triples_of(node: CompValue) -> list[tuple[Any, Any, Any]]:
    """Return the patterns of triples that stand in one of BGP."""
    if node.name == "BGP":
        return list(node.triples)
    flat = [list(each) for each in node.triples]
    return [tuple(each[at : at + 3]) for each in flat for at in range(0, len(each), 3)]


def properties_of(path: Any) -> set[URIRef] | None:
    """Return the properties that a path may go along, None for any."""
    if isinstance(path, URIRef):
        return {path}
    if isinstance(path, NegatedPath):
        return None
    parts = [path.arg] if isinstance(path, InvPath) else [path.path] if isinstance(path, MulPath) else list(path.args)
    found = [properties_of(part) for part in parts]
    return None if None in found else set().union(*(each for each in found if each is not None))


def may_be_empty(path: Any) -> bool:
    """Tell whether a path may have no step, so that it leads from anything to itself."""
    match path:
        case MulPath():
            return bool(path.zero) or may_be_empty(path.path)
        case InvPath():
            return may_be_empty(path.arg)
        case SequencePath():
            return all(map(may_be_empty, path.args))
        case AlternativePath():
            return any(map(may_be_empty, path.args))
    return False


def is_values(node: Any) -> bool:
    """Tell whether a part is VALUES, and no sub-select, which rdflib wraps in the same way."""
    return isinstance(node, CompValue) and node.name == "ToMultiSet" and node.p.name == "values"


def constants_in(node: Any) -> dict[str, set[str]]:
    """Return the IRIs that VALUES gives variables; one that is left open there is not among them."""
    found: dict[str, set[str]] = {}
    open_: set[str] = set()
    for row in _rows(node):
        for variable, value in row.items():
            if isinstance(value, URIRef):
                found.setdefault(as_text(variable), set()).add(value.n3())
            else:
                open_.add(as_text(variable))
    return {variable: iris for variable, iris in found.items() if variable not in open_}


def iris_in(node: Any) -> Iterator[str]:
    """Yield the IRIs that a query names outside of its patterns."""
    if isinstance(node, URIRef):
        yield node.n3()
    elif isinstance(node, CompValue) and node.name in BGP:
        return
    elif isinstance(node, CompValue | dict):
        for value in node.values():
            yield from iris_in(value)
    elif isinstance(node, list | tuple | set):
        for value in node:
            yield from iris_in(value)


def _rows(node: Any) -> Iterator[dict[Any, Any]]:
    if isinstance(node, CompValue):
        if node.name == "values":
            yield from node.res
            return
        node = list(node.values())
    if isinstance(node, list | tuple):
        for value in node:
            yield from _rows(value)
