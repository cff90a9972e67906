"""Finds the line of the corpus, or of the ontology, that says something of a thing."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from loaders.bibliography import properties_of, reference_evidence
from loaders.checking import as_items
from loaders.corpus import Corpus, Entry
from loaders.located import Mapping, Node, Scalar
from loaders.selectors import evidence_node, section_node
from ontology.checks.text_file import TextFile
from ontology.iris import THING
from ontology.modules import Module, read_modules

Place = tuple[str, int]


@dataclass(frozen=True)
class Description:
    """A part of a file that describes a thing; `introduces` where it brings the thing in."""

    file: str
    introduces: bool
    values: Mapping

    def lines(self, key: str | None, value: str | None) -> Iterator[Place]:
        """Yield where `value` stands under `key`; None is any key, and for the value the place of the key."""
        for name, (line, node) in self.values.items.items():
            if key in (None, name):
                found = [line] if value is None else [each.line for each in _scalars(node) if each.text == value]
                yield from ((self.file, each) for each in found)


class Origins:
    """The places of everything that a checked corpus and the packaged ontology describe."""

    def __init__(self, corpus: Corpus) -> None:
        self._descriptions: dict[str, list[Description]] = defaultdict(list)
        for entry in corpus.entries:
            self._descriptions[entry.subject].append(Description(entry.file, entry.introduces, entry.values))
            for id_, item in _passages(entry):
                self._descriptions[id_].append(Description(entry.file, True, item))
        for file, item in corpus.references:
            if (reference := item.text("id") or "") not in corpus.papers:
                self._descriptions[reference].append(Description(file.name, True, properties_of(item)))
            if (evidence := reference_evidence(item)) is not None:
                id_ = evidence_node(file.source, evidence)["id"]
                self._descriptions[id_].append(Description(file.name, True, evidence))

    def place(self, iri: str, property_: str | None, keys: Sequence[str], value: str | None) -> Place | None:
        """Return file and line where the thing `iri` gets `value`, or None where no file describes the thing.

        `keys` are those of the corpus that it may stand under, the likeliest first; `property_` is the IRI that an
        ontology file has for them. Where the value stands nowhere, the line is that of a key, and where no key
        does, that where the thing is brought in.
        """
        descriptions = self._descriptions.get(iri.removeprefix(THING), [])
        with_value: list[tuple[str | None, str | None]]
        with_value = [] if value is None else [(key, value) for key in keys] or [(None, value)]
        for key, text in (*with_value, *((key, None) for key in keys)):
            if found := [place for each in descriptions for place in each.lines(key, text)]:
                return found[-1]
        for each in sorted(descriptions, key=lambda each: not each.introduces):
            return each.file, each.values.line
        return self._place_in_ontology(iri, property_, value)

    def _place_in_ontology(self, iri: str, property_: str | None, value: str | None) -> Place | None:
        for module in self._modules:
            said = [triple for triple in module.triples if getattr(triple.subject, "value", None) == iri]
            if said:
                has_value = any(getattr(triple.object, "value", None) == value for triple in said)
                mention = value if has_value else property_
                return module.name, TextFile(module.name, module.content).line_of(iri, mention or "")
        return None

    @cached_property
    def _modules(self) -> tuple[Module, ...]:
        return tuple(read_modules())


def _passages(entry: Entry) -> Iterator[tuple[str, Mapping]]:
    """Yield the id and the mapping of each passage of `entry`."""
    for key, node in (("evidence", evidence_node), ("hasSection", section_node)):
        value = entry.values.get(key)
        for item in as_items(value) if value is not None else ():
            if isinstance(item, Mapping):
                yield node(entry.source, item)["id"], item


def _scalars(node: Node) -> Iterator[Scalar]:
    if isinstance(node, Scalar):
        yield node
    elif isinstance(node, Mapping):
        for _, inner in node.items.values():
            yield from _scalars(inner)
    else:
        for each in node.items:
            yield from _scalars(each)
