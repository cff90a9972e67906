"""Holds the entries of the corpus against the ontology and against each other."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from loaders.bibliography import check_reference
from loaders.corpus import GAZETTEER, RECORD, Corpus, Entry, is_id
from loaders.errors import Fault
from loaders.located import Mapping as LocatedMapping
from loaders.located import Node, Scalar, Sequence
from loaders.selectors import Sections, check_evidence, check_section, position
from ontology.errors import UnknownTermError
from ontology.iris import TERM, XSD
from ontology.nearest import did_you_mean
from ontology.vocabulary import Kind, Property, Vocabulary

_RESERVED = {"ontology", "alignments", "inferred", "computed", "release"}
_LIKE = {
    "integer": ", a whole number such as 2019",
    "decimal": ", a number such as 1250 or 0.5 (words like 'about' go into approximation)",
    "boolean": ", true or false",
}
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_OF_A_PLACE = {"type", "label", "altLabel", "locatedIn", "note", "statisticalRegion", "nutsCode", "nutsLevel"}


@dataclass(frozen=True)
class Things:
    """Every thing that the corpus and the schemes bring in, with the IRIs of its classes."""

    types: Mapping[str, frozenset[str]]
    sections: Mapping[str, Sections]


def check_corpus(corpus: Corpus, vocabulary: Vocabulary, faults: list[Fault]) -> None:
    """Check every entry and add what is wrong to `faults`.

    Checked are keys, classes, domains, ranges, datatypes, references, ids and the form of evidence.
    """
    things = Things(_introduced(corpus, vocabulary, faults), sections_of(corpus))
    for source in sorted({file.source for file in corpus.files}):
        if not is_id(source) or source in _RESERVED:
            message = "the name must be lower-case letters, digits and hyphens, and no graph of ours; rename it"
            faults.append(Fault(f"loaders/corpus/{source}", 1, message))
    for paper in corpus.papers:
        if not any(entry.introduces and entry.subject == entry.source == paper for entry in corpus.entries):
            message = f"the record must bring in the paper under its folder's name, '- id: {paper}'"
            faults.append(Fault(f"loaders/corpus/{paper}/{RECORD}", 1, message))
    checker = _Checker(vocabulary, things, faults)
    for entry in corpus.entries:
        checker.check(entry)
    for file, item in corpus.references:
        check_reference(file, item, things.sections.get(file.source, []), faults)


def as_items(node: Node) -> tuple[Node, ...]:
    """Return the items of a list, or a single value as the only item."""
    return node.items if isinstance(node, Sequence) else (node,)


def _introduced(corpus: Corpus, vocabulary: Vocabulary, faults: list[Fault]) -> dict[str, frozenset[str]]:
    types = dict(vocabulary.individuals)
    first: dict[str, str] = dict.fromkeys(types, "the ontology's schemes")
    added: dict[str, frozenset[str]] = {}
    for entry in corpus.entries:
        if not entry.introduces:
            if "type" in entry.values.items:
                more = frozenset(_types(entry, vocabulary, faults))
                added[entry.subject] = added.get(entry.subject, frozenset()) | more
            continue
        if entry.subject in first:
            message = f"the id {entry.subject!r} is taken by {first[entry.subject]}; use 'subject' to say more"
            faults.append(Fault(entry.file, entry.line, message))
            continue
        first[entry.subject] = f"{entry.file}:{entry.line}"
        types[entry.subject] = frozenset(_types(entry, vocabulary, faults))
    publication = frozenset({TERM + "Publication"})
    listed: set[tuple[str, str]] = set()
    for file, item in corpus.references:
        reference = item.text("id") or ""
        if reference in types and not vocabulary.is_a(types[reference], publication):
            faults.append(Fault(file.name, item.line, f"the id {reference!r} is taken by {first.get(reference)}"))
        if (file.name, reference) in listed:
            faults.append(Fault(file.name, item.line, f"the id {reference!r} stands twice in this list"))
        listed.add((file.name, reference))
        types.setdefault(reference, publication)
    return {name: classes | added.get(name, frozenset()) for name, classes in types.items()}


def _types(entry: Entry, vocabulary: Vocabulary, faults: list[Fault]) -> Iterator[str]:
    node = entry.values.get("type")
    if node is None:
        faults.append(Fault(entry.file, entry.line, f"{entry.subject!r} needs a 'type'"))
        return
    for item in as_items(node):
        try:
            yield vocabulary.class_named(item.text if isinstance(item, Scalar) else "").iri
        except UnknownTermError as error:
            faults.append(Fault(entry.file, item.line, str(error)))


def sections_of(corpus: Corpus) -> dict[str, Sections]:
    """Return for each paper where its sections start, in the order of the text."""
    found: dict[str, Sections] = {}
    for entry in corpus.entries:
        node = entry.values.get("hasSection")
        for item in as_items(node) if node is not None else ():
            if isinstance(item, LocatedMapping) and (start := position(item, "start")) is not None:
                found.setdefault(entry.source, []).append((start, item.text("section") or ""))
    return {source: sorted(sections) for source, sections in found.items()}


class _Checker:
    def __init__(self, vocabulary: Vocabulary, things: Things, faults: list[Fault]) -> None:
        self._vocabulary = vocabulary
        self._things = things
        self._faults = faults

    def check(self, entry: Entry) -> None:
        if entry.subject not in self._things.types:
            self._fault(entry, entry.line, f"nothing has the id {entry.subject!r}{self._near(entry.subject)}")
            return
        if "evidence" not in entry.values.items and not _is_exempt(entry):
            self._fault(entry, entry.line, f"{entry.subject!r} has no evidence; see 'districtgraph anchor'")
        for key, (line, value) in entry.values.items.items():
            if key != "type":
                self._check_property(entry, key, line, value)

    def _check_property(self, entry: Entry, key: str, line: int, value: Node) -> None:
        try:
            property_ = self._vocabulary.property_named(key)
        except UnknownTermError as error:
            self._fault(entry, line, str(error))
            return
        types = self._things.types[entry.subject]
        if types and not self._vocabulary.is_a(types, property_.domain):
            wanted, given = self._classes(property_.domain), self._classes(types)
            self._fault(entry, line, f"{key!r} is for {wanted}, and {entry.subject!r} is {given}")
        for item in as_items(value):
            if key == "evidence":
                check_evidence(entry.file, item, self._things.sections.get(entry.source, []), self._faults)
            elif key == "hasSection":
                check_section(entry.file, item, self._faults)
            elif property_.kind is Kind.OBJECT:
                self._check_reference(entry, property_, item)
            elif property_.kind is Kind.DATA:
                self._check_literal(entry, property_, item)
            else:
                self._check_text(entry, key, item)

    def _check_reference(self, entry: Entry, property_: Property, item: Node) -> None:
        if not isinstance(item, Scalar):
            self._fault(entry, item.line, f"{property_.name!r} wants an id; give the thing its own entry")
        elif item.text not in self._things.types:
            near = self._near(item.text, property_.range)
            self._fault(entry, item.line, f"nothing has the id {item.text!r}{near}; or bring it in, '- id: …'")
        elif not self._vocabulary.is_a(self._things.types[item.text], property_.range):
            wanted = self._classes(property_.range)
            given = self._classes(self._things.types[item.text])
            self._fault(entry, item.line, f"{property_.name!r} wants {wanted}, and {item.text!r} is {given}")

    def _check_literal(self, entry: Entry, property_: Property, item: Node) -> None:
        datatype = property_.datatype
        if not isinstance(item, Scalar):
            self._fault(entry, item.line, f"{property_.name!r} wants a single value")
        elif not _is_lexical(datatype, item.text):
            wanted = datatype.removeprefix(XSD)
            message = f"{property_.name!r} wants xsd:{wanted}{_LIKE.get(wanted, '')}, not {item.text!r}"
            self._fault(entry, item.line, message)

    def _check_text(self, entry: Entry, key: str, item: Node) -> None:
        if isinstance(item, LocatedMapping):
            for language, (line, text) in item.items.items():
                if not _LANGUAGE.fullmatch(language):
                    self._fault(entry, line, f"{language!r} is no language tag; write {{es: …}} for Spanish")
                for inner in as_items(text):
                    if not isinstance(inner, Scalar):
                        self._fault(entry, inner.line, f"{key!r} wants text")
        elif not isinstance(item, Scalar):
            self._fault(entry, item.line, f"{key!r} wants text")

    def _near(self, name: str, classes: frozenset[str] = frozenset()) -> str:
        """Return the known ids nearest to `name`, among things of `classes`."""
        types = self._things.types
        return did_you_mean(name, [known for known in types if self._vocabulary.is_a(types[known], classes)])

    def _classes(self, iris: frozenset[str]) -> str:
        labels = sorted(self._vocabulary.labels.get(iri, iri) for iri in iris)
        return " or ".join(labels) or "of no known class"

    def _fault(self, entry: Entry, line: int, message: str) -> None:
        self._faults.append(Fault(entry.file, line, message))


def _is_exempt(entry: Entry) -> bool:
    """Tell whether an entry may go without evidence: what a record brings in, and what a place lies within."""
    if entry.source == GAZETTEER:
        return entry.introduces and entry.values.items.keys() <= _OF_A_PLACE
    return entry.introduces and entry.file.endswith("/" + RECORD)


def _is_lexical(datatype: str, text: str) -> bool:
    match datatype.removeprefix(XSD):
        case "integer":
            return re.fullmatch(r"[+-]?[0-9]{1,18}", text) is not None
        case "nonNegativeInteger":
            return re.fullmatch(r"[0-9]{1,18}", text) is not None
        case "boolean":
            return text in ("true", "false")
        case "decimal":
            return re.fullmatch(r"[+-]?[0-9]{1,18}(\.[0-9]{1,18})?", text) is not None
        case _:
            return True
