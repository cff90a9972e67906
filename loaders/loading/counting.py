"""Counts what a source has: things of each class, uses of each property, and what is said twice that may be once."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from loaders.loading.sorting import lines_of
from loaders.loading.terms import TYPE
from ontology.iris import OWL, RDF
from ontology.modules import module_triples


@dataclass(frozen=True)
class Counts:
    """What source.json says of the triples, what is wrong with them, and which expected things are missing."""

    document: Mapping[str, Any]
    said_twice: Sequence[str]
    missing: Sequence[str]


def counts_of(triples: Path, expected: Collection[str], count: Callable[[int], None]) -> Counts:
    """Return how many things there are of each class, and of just these classes together, and uses of properties.

    `count` is told how many things were looked at. Two values of a functional property come of two records of one thing
    that contradict each other.
    """
    functional = _functional_properties()
    classes: Counter[str] = Counter()
    types: Counter[tuple[str, ...]] = Counter()
    properties: Counter[bytes] = Counter()
    said_twice: list[str] = []
    missing = set(expected)
    for subject, of_subject in groupby(lines_of(triples), lambda line: line[: line.index(b" ")]):
        of_thing: list[str] = []
        before = b""
        for line in of_subject:
            _, predicate, object_ = line.split(b" ", 2)
            properties[predicate] += 1
            if predicate == TYPE:
                of_thing.append(object_[1 : object_.index(b">")].decode())
            elif predicate == before and predicate in functional:
                said_twice.append(_told_twice(subject, predicate))
            before = predicate
        if missing:
            missing.discard(subject.decode().strip("<>"))
        classes.update(of_thing)
        types[tuple(of_thing)] += 1
        count(1)
    document = {
        "things_by_class": dict(sorted(classes.items())),
        "things_by_types": [[list(names), count] for names, count in sorted(types.items()) if names],
        "statements_by_property": {name.decode().strip("<>"): count for name, count in sorted(properties.items())},
    }
    return Counts(document, said_twice, sorted(missing))


def _functional_properties() -> frozenset[bytes]:
    return frozenset(
        str(triple.subject).encode()
        for triple in module_triples()
        if triple.predicate.value == f"{RDF}type" and str(triple.object) == f"<{OWL}FunctionalProperty>"
    )


def _told_twice(subject: bytes, predicate: bytes) -> str:
    thing, property_ = (iri.decode().strip("<>") for iri in (subject, predicate))
    return f"{thing} has two values of {property_}: two records of it contradict each other; leave one of them out"
