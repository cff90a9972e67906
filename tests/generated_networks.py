"""Directed networks of a few actors in groups, as hypothesis makes them up."""

from itertools import permutations

from hypothesis import strategies as st

Ties = dict[int, set[int]]
Groups = dict[int, int]


@st.composite
def networks(draw: st.DrawFn, most: int) -> tuple[Ties, Groups]:
    """Draw the ties of up to `most` actors, from whom to whom, and the group of each."""
    size = draw(st.integers(0, most))
    groups = {actor: draw(st.integers(0, 3)) for actor in range(size)}
    pairs = list(permutations(range(size), 2))
    ties: Ties = {}
    for a, b in draw(st.sets(st.sampled_from(pairs))) if pairs else ():
        ties.setdefault(a, set()).add(b)
    return ties, groups
