"""Holds the variables of a rule of the domain against each other: where they come from, and what they join."""

from collections.abc import Collection, Iterator, Sequence

import pyoxigraph as ox

Term = ox.NamedNode | ox.Literal
Pattern = tuple[Term | ox.Variable, ox.NamedNode, Term | ox.Variable]


def misjoined(
    premises: Sequence[Pattern], conclusions: Sequence[Pattern], compared: Collection[str]
) -> Iterator[tuple[str, str, str]]:
    """Yield what is wrong with the variables of a rule, the way out, and what it is about.

    `compared` are the variables of its FILTERs, as they are written.
    """
    if not premises:
        yield "has no premises", "write what must hold as triple patterns in WHERE { … }", "WHERE"
        return
    known, used = _variables(premises), _variables(conclusions)
    for variable in sorted(map(str, used - known)):
        reason = f"concludes something of {variable}, which is in no premise"
        yield reason, "use a variable of the premises, or add a premise for it", variable
    for variable in sorted({*compared} - set(map(str, known))):
        reason = f"has a FILTER on {variable}, which is in no premise, so that it never holds"
        yield reason, "use a variable of the premises, or add a premise for it", variable
    if not used:
        yield "concludes something of certain things alone", "state that as a fact", "CONSTRUCT"
    if set(conclusions) & set(premises):
        yield "concludes one of its own premises", "take it out of CONSTRUCT", "CONSTRUCT"
    if apart := sorted(map(str, _apart(premises))):
        reason = f"has premises that nothing joins to the others, on {', '.join(apart)}"
        yield reason, "join them by a variable: else each match goes with each", apart[0]


def _variables(some: Sequence[Pattern]) -> set[ox.Variable]:
    return {slot for one in some for slot in one if isinstance(slot, ox.Variable)}


def _apart(premises: Sequence[Pattern]) -> set[ox.Variable]:
    """Return the variables of the premises that no chain of shared variables joins to those of the first."""
    groups = [_variables([one]) for one in premises]
    joined = set(groups[0])
    while near := [group for group in groups if group & joined and not group <= joined]:
        joined.update(*near)
    return set().union(*groups) - joined
