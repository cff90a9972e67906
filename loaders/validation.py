"""Holds the quads of a release against the shapes of the ontology, and names the line that each fault comes from."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from loaders.corpus import Corpus
from loaders.errors import Fault
from loaders.graphs import merged
from loaders.origins import Origins
from ontology.constraint_reach import is_local
from ontology.findings import Severity
from ontology.iris import RDF, THING, compress
from ontology.shapes import PLACEHOLDER, Constraint, read_constraints
from ontology.vocabulary import Vocabulary

Node = ox.NamedNode | ox.Literal

_MAX_SHOWN = 80
_QUOTED = re.compile(r"'(\w+)'")


@dataclass(frozen=True)
class Validation:
    """How many constraints were checked, what breaks them, and what a curator should look at again.

    `things` has the IRIs of what each of `faults` is about.
    """

    performed: int
    faults: tuple[Fault, ...]
    warnings: tuple[Fault, ...]
    things: Mapping[Fault, frozenset[str]]

    def __str__(self) -> str:
        return f"{self.performed} performed, {len(self.faults)} violations, {len(self.warnings)} warnings"


def validate(quads: Iterable[ox.Quad], corpus: Corpus, vocabulary: Vocabulary) -> Validation:
    """Check `quads`, which hold the ontology, the statements of `corpus` and what follows from both.

    Raises OntologyFileError where a shapes file is broken.
    """
    store = ox.Store()
    store.bulk_extend(merged(quads))
    asked = [(constraint, constraint.query) for constraint in read_constraints()]
    return _validation(store, asked, corpus, vocabulary)


def validate_change(store: ox.Store, changed: Collection[Node], corpus: Corpus, vocabulary: Vocabulary) -> Validation:
    """Check the default graph of `store`, which broke no shape before triples of the nodes `changed` came and went.

    What is asked of each node by itself is asked of these alone; warnings, which are counted, are looked for anew.
    No axiom may have changed. Raises OntologyFileError where a shapes file is broken.
    """
    asked = []
    for constraint in read_constraints():
        is_of_changed = constraint.severity is Severity.ERROR and is_local(constraint)
        asked.append((constraint, constraint.query_about(changed) if is_of_changed else constraint.query))
    return _validation(store, asked, corpus, vocabulary)


def _validation(
    store: ox.Store, asked: Sequence[tuple[Constraint, str]], corpus: Corpus, vocabulary: Vocabulary
) -> Validation:
    reporter = _Reporter(Origins(corpus), {term.iri: name for name, term in vocabulary.properties.items()})
    faults: set[Fault] = set()
    warnings: set[Fault] = set()
    things: defaultdict[Fault, set[str]] = defaultdict(set)
    for constraint, query in asked:
        solutions = store.query(query)
        assert isinstance(solutions, ox.QuerySolutions)
        variables = [variable.value for variable in solutions.variables]
        found = faults if constraint.severity is Severity.ERROR else warnings
        for solution in solutions:
            fault = reporter.fault(constraint, {name: solution[name] for name in variables})
            found.add(fault)
            things[fault].add(getattr(solution["focus"], "value", ""))
    about = {fault: frozenset(iris) for fault, iris in things.items()}
    return Validation(len(asked), tuple(sorted(faults)), tuple(sorted(warnings)), about)


class _Reporter:
    """Puts what breaks a constraint into the words of its message, at the line that it comes from."""

    def __init__(self, origins: Origins, keys: dict[str, str]) -> None:
        self._origins = origins
        self._keys = keys | {RDF + "type": "type"}
        self._names = set(self._keys.values())

    def fault(self, constraint: Constraint, found: dict[str, object]) -> Fault:
        """Return the fault for the terms that the query of `constraint` found, by variable."""
        focus, value = found["focus"], found.get("value")
        property_ = getattr(found.get("path"), "value", None) or _only_property(constraint.path)
        own_key = [self._keys[property_]] if property_ in self._keys else []
        text = None if value is None or value == focus else self._name(value)
        words = PLACEHOLDER.sub(lambda match: self._name(found[match[1]]), constraint.message)
        named = [name for name in _QUOTED.findall(words) if name in self._names]
        place = self._origins.place(getattr(focus, "value", ""), property_, own_key + named, text)
        file, line = place or (constraint.file, constraint.line)
        if text is not None and "value" not in PLACEHOLDER.findall(constraint.message):
            words += f" (here: {text[:_MAX_SHOWN]!r})"
        return Fault(file, line, f"{self._name(focus)!r}: {words}")

    def _name(self, term: object) -> str:
        """Return a term as the corpus writes it: the id of a thing, the key of a property, a class, a text."""
        text: str = getattr(term, "value", "")
        if not isinstance(term, ox.NamedNode):
            return text
        return self._keys.get(text) or compress(text.removeprefix(THING)).removeprefix("dg:")


def _only_property(path: str | None) -> str | None:
    """Return the property of a path that is a single one."""
    return path[1:-1] if path is not None and path.startswith("<") else None
