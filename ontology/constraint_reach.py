"""Tells which constraints look at nothing but the triples of a focus node, so that others need not be asked again.

Such a constraint may be broken anew only where a triple of the node itself came or went, as long as axioms stay.
"""

import re
from collections.abc import Iterator
from functools import partial
from typing import Any

from pyparsing import ParseResults
from rdflib import RDF, RDFS, Variable
from rdflib.paths import AlternativePath, InvPath, MulPath, Path, SequencePath
from rdflib.plugins.sparql.algebra import translatePath, translatePName, translatePrologue, traverse
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.term import Identifier, URIRef

from ontology.iris import OWL, SH
from ontology.shapes import Constraint

_THIS = Variable("this")
# The predicates and classes of axioms, and no others of OWL and RDF Schema: things have labels and are of owl:Thing.
_OF_AXIOMS = frozenset({RDFS.subClassOf, RDFS.subPropertyOf, RDFS.domain, RDFS.range, RDF.first, RDF.rest})
_OF_THINGS = frozenset({OWL + "sameAs", OWL + "differentFrom", OWL + "Thing", OWL + "NamedIndividual"})

# What a parsed query has beside patterns that hold of one focus node whatever there is of others.
_OF_SEVERAL = frozenset(
    {"GroupClause", "HavingClause", "LimitOffsetClauses", "GraphGraphPattern", "ServiceGraphPattern"}
)

# Of a hundred compiled constraints each takes milliseconds to parse, so that their text must tell, which has few forms.
# A triple pattern in the text of one, whose paths are IRIs, `a`, or begin with a bracket or caret.
_TEXT = re.compile(r'"(?:[^"\\]|\\.)*"')
_PATTERN = re.compile(r"(\?\w+|<[^>\s]*>) +((?:[\^(]|<(?=[^\s=])|a(?=[ /]))\S*)")
_UP = f"<{RDFS.subClassOf}>*"


def is_local(constraint: Constraint) -> bool:
    """Tell whether what breaks a constraint is to be seen from the triples of the focus node, and from axioms."""
    if constraint.component == SH + "SPARQLConstraintComponent":
        return is_local_as_parsed(constraint.query)
    text = _TEXT.sub('""', constraint.query)
    return all(_is_short(subject, path) for subject, path in _PATTERN.findall(text))


def _is_short(subject: str, path: str) -> bool:
    """Tell whether a path leads from the focus node by one step, up the classes at most; or is one up these alone."""
    rest = re.sub(r"<[^>]*>", "", path.replace(f"a/{_UP}", "a"))
    return path == _UP or (subject == "?this" and not re.search("[/*+?]", rest))


def is_local_as_parsed(query: str) -> bool:
    """Tell the same of any query for `?this`.

    As it is parsed, since the algebra of rdflib 7.6 loses a FILTER in the EXISTS of another.
    """
    prologue, tree = parseQuery(query)
    tree = traverse(tree, visitPost=partial(translatePName, prologue=translatePrologue(prologue, None)))
    return all(_is_of_this(*triple) for triple in _triples(traverse(tree, visitPost=translatePath)))


def is_of_axiom(predicate: str, object_: str) -> bool:
    """Tell whether a triple with a predicate and an object is part of an axiom."""
    if predicate == str(RDF.type):
        return _is_of_owl(object_)
    return URIRef(predicate) in _OF_AXIOMS or _is_of_owl(predicate)


def _is_of_owl(iri: str) -> bool:
    return iri.startswith(OWL) and iri not in _OF_THINGS


def _triples(part: Any) -> Iterator[tuple[Any, Any, Any]]:
    """Yield the triple patterns of a parsed query; one of None where it holds of several focus nodes together."""
    if isinstance(part, list | tuple | ParseResults):
        for each in part:
            yield from _triples(each)
    elif isinstance(part, CompValue):
        is_other = part.name == "SubSelect" and not _projects_this(part)
        if is_other or part.name in _OF_SEVERAL or part.name.startswith("Aggregate_"):
            yield (None, None, None)
        for name, each in part.items():
            if name == "triples":
                for flat in each:
                    yield from zip(flat[::3], flat[1::3], flat[2::3], strict=True)
            else:
                yield from _triples(each)


def _projects_this(select: CompValue) -> bool:
    return "projection" not in select or any(column.var == _THIS for column in select["projection"])


def _is_of_this(subject: Any, predicate: Any, object_: Any) -> bool:
    if predicate is None:
        return False
    if _THIS in (subject, object_) and _is_first_step(predicate, subject == _THIS):
        return True
    if isinstance(predicate, URIRef) and isinstance(object_, Identifier):
        return is_of_axiom(str(predicate), str(object_))
    is_bound = isinstance(subject, URIRef) or isinstance(object_, URIRef) or not _may_be_empty(predicate)
    return is_bound and not isinstance(predicate, Variable) and _steps(predicate) == 0


def _is_first_step(path: Any, is_subject: bool) -> bool:
    """Tell whether the one step of a path that is not along axioms is the one at the node."""
    if isinstance(path, SequencePath):
        near, *others = path.args if is_subject else path.args[::-1]
        return _steps(near) == 1 and not any(map(_steps, others))
    return _steps(path) == 1


def _may_be_empty(path: Any) -> bool:
    """Tell whether a path may lead from a node to itself by no triple, so that any node is at its end."""
    match path:
        case MulPath():
            return bool(path.zero) or _may_be_empty(path.path)
        case AlternativePath():
            return any(map(_may_be_empty, path.args))
        case SequencePath():
            return all(map(_may_be_empty, path.args))
        case InvPath():
            return _may_be_empty(path.arg)
    return False


def _steps(path: Any) -> float:
    """Return how far from a node a path leads, not counting steps along axioms."""
    match path:
        case Variable():
            return 1
        case URIRef():
            return 0 if is_of_axiom(str(path), "") else 1
        case InvPath():
            return _steps(path.arg)
        case AlternativePath():
            return max(map(_steps, path.args))
        case SequencePath():
            return sum(map(_steps, path.args))
        case MulPath():
            return float("inf") if _steps(path.path) else 0
        case Path():
            return float("inf")
    raise TypeError(f"no path: {path!r}")
