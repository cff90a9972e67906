"""Compares what the named queries answer on two datasets."""

import re
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import pyoxigraph as ox

from ontology.expressions import name as name_of
from ontology.iris import BASE, compress
from queries.named_query import NamedQuery
from queries.terms import terms_named, types_of_parameters

_JOINED = re.compile(r"""separator\s*=\s*(["'])(?P<separator>.+?)\1\s*\)\s*AS\s+\?(?P<name>\w+)""", re.IGNORECASE)
_EXAMPLES = 3
_FAILURES = (SyntaxError, ValueError, OSError, RuntimeError)

Row = Mapping[str, str]
_Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | None
_Solution = tuple[tuple[str, _Term], ...]


@dataclass(frozen=True)
class AnswerDifference:
    """A named query that names a term in question (`names`), whose rows go and come, or that has a `problem`."""

    query: str
    names: tuple[str, ...]
    rows_before: int
    rows_after: int
    gone: int
    come: int
    gone_examples: tuple[Row, ...]
    come_examples: tuple[Row, ...]
    problem: str

    def __bool__(self) -> bool:
        return bool(self.names or self.gone or self.come or self.problem)


def answer_difference(
    query: NamedQuery, before: ox.Store, after: ox.Store, terms: Collection[str], classes: Collection[str]
) -> AnswerDifference:
    """Return what becomes of `query`, asked without parameters, when `after` takes the place of `before`.

    `terms` are the IRIs in question, `classes` those of the classes that parameters may have. Rows are a multiset;
    the order of what GROUP_CONCAT joins does not count.
    """
    names = tuple(sorted(map(name_of, terms_named(query) & set(terms))))
    problems = [
        f"its parameter {name!r} takes {name_of(class_)}, which is no class of the ontology"
        for name, class_ in types_of_parameters(query).items()
        if class_ not in classes
    ]
    try:
        was, now = _solutions(query, before), _solutions(query, after)
    except _FAILURES as error:
        problem = "; ".join([*problems, f"it cannot be answered ({' '.join(str(error).split())})"])
        return AnswerDifference(query.name, names, 0, 0, 0, 0, (), (), problem)
    gone, come = was - now, now - was
    return AnswerDifference(
        query.name,
        names,
        was.total(),
        now.total(),
        gone.total(),
        come.total(),
        _examples(gone),
        _examples(come),
        "; ".join(problems),
    )


def _solutions(query: NamedQuery, store: ox.Store) -> Counter[_Solution]:
    """Return each solution, with null for what is unbound, and how often it is one."""
    sparql = query.sparql({})
    separators = {joined["name"]: joined["separator"] for joined in _JOINED.finditer(sparql)}
    solutions = store.query(sparql, base_iri=BASE)
    assert isinstance(solutions, ox.QuerySolutions)
    names = [variable.value for variable in solutions.variables]
    return Counter(
        tuple(
            (name, _sorted(term, separators[name]) if name in separators else term)
            for name, term in zip(names, solution, strict=True)
        )
        for solution in solutions
    )


def _sorted(term: _Term, separator: str) -> _Term:
    """Return what a query joined with `separator`, in whatever order, in order."""
    if not isinstance(term, ox.Literal):
        return term
    return ox.Literal(separator.join(sorted(term.value.split(separator))), language=term.language)


def _examples(solutions: Counter[_Solution]) -> tuple[Row, ...]:
    return tuple(sorted(map(_row, solutions), key=lambda row: list(row.values()))[:_EXAMPLES])


def _row(solution: _Solution) -> Row:
    """Return the texts of a solution by variable; a variable `?xLabel` stands for `?x` and has no text of its own."""
    texts = {name: _text(term) for name, term in solution if term is not None}
    return {name: texts.get(f"{name}Label", text) for name, text in texts.items() if not _is_label(name, texts)}


def _is_label(name: str, texts: Row) -> bool:
    return name.endswith("Label") and name.removesuffix("Label") in texts


def _text(term: _Term) -> str:
    if isinstance(term, ox.NamedNode):
        return compress(term.value)
    return term.value if isinstance(term, ox.Literal) else str(term)
