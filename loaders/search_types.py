"""Puts the types of what can be searched in order, and tells what is spoken of from what says it."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

import pyoxigraph as ox

from loaders.graphs import INFERRED, ONTOLOGY
from ontology.graphs import as_graph
from ontology.hierarchy import below
from ontology.iris import BASE, OWL, RDF, RDFS, TERM, THING
from ontology.vocabulary import Kind

CLASS = f"{OWL}Class"
# That something is an individual tells nothing of what it is.
INDIVIDUAL = f"{OWL}NamedIndividual"
DATA_PROPERTY = str(Kind.DATA.value)
TERMS = frozenset({CLASS, *(str(kind.value) for kind in Kind)})
OF_HIERARCHY = frozenset(
    {f"{RDFS}subClassOf", f"{RDF}first", f"{RDF}rest"}
    | {OWL + name for name in ("equivalentClass", "intersectionOf", "unionOf", "disjointUnionOf")}
)
# What these have joins or says something of things, and is seldom looked for by its own name.
_SAYING = frozenset({TERM + "Situation", TERM + "Statement"})

Graphs = frozenset[str]


class Type(NamedTuple):
    """A class that a thing belongs to."""

    thing: str
    class_: str


def declared(types: Mapping[Type, set[str]], kind: str) -> dict[str, Graphs]:
    """Return the terms of a kind that the ontology declares, each with the graphs that do."""
    return {
        type_.thing: frozenset(graphs)
        for type_, graphs in types.items()
        if type_.class_ == kind and ONTOLOGY.value in graphs
    }


def classes_above(hierarchy: Iterable[ox.Triple]) -> Counter[str]:
    """Return how many classes are above each."""
    return Counter(narrow for narrow, _ in below(as_graph(hierarchy)))


def best_first(types: Mapping[Type, set[str]], above: Mapping[str, int]) -> dict[Type, Graphs]:
    """Return `types` by thing: classes of our own before others, stated before inferred, narrow before wide.

    Of two classes that is the narrower which fewer things belong to: what is of a class is of those above it, too.
    Where as many belong to both, it is the one with more classes `above` it.
    """
    members: Counter[str] = Counter(type_.class_ for type_ in types)
    only_inferred = {INFERRED.value}

    def order(type_: Type) -> tuple[object, ...]:
        class_ = type_.class_
        narrow_first = members[class_], -above.get(class_, 0), class_
        return type_.thing, not class_.startswith(TERM), types[type_] == only_inferred, *narrow_first

    return {type_: frozenset(types[type_]) for type_ in sorted(_telling(types), key=order)}


def _telling(types: Iterable[Type]) -> Iterable[Type]:
    """Leave out that things are individuals, where anything else is known of them."""
    classes: defaultdict[str, set[str]] = defaultdict(set)
    for type_ in types:
        classes[type_.thing].add(type_.class_)
    return (Type(thing, class_) for thing, all_ in classes.items() for class_ in (all_ - {INDIVIDUAL} or all_))


def standings(types: Iterable[Type], things: Iterable[str]) -> dict[str, int]:
    """Return the standing of each thing."""
    saying = {type_.thing for type_ in types if type_.class_ in _SAYING}
    return {thing: standing(thing, _SAYING if thing in saying else ()) for thing in things}


def standing(thing: str, classes: Collection[str]) -> int:
    """Return how far behind others of the same fit a thing of these classes comes.

    First is what is spoken of, then what joins such things or says something of them, and the terms of the ontology,
    and last what has its IRI elsewhere.
    """
    if not thing.startswith(BASE):
        return 2
    return 0 if thing.startswith(THING) and _SAYING.isdisjoint(classes) else 1
