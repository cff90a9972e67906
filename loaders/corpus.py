"""Reads the folders of the corpus into entries that know their file and line."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from importlib import resources
from importlib.resources.abc import Traversable

from loaders.errors import Fault, UnknownPaperError
from loaders.located import Mapping, Node, Scalar, Sequence, read_located
from ontology.nearest import did_you_mean

RECORD = "paper.yaml"
REFERENCES = "references.json"
GAZETTEER = "places"
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


@dataclass(frozen=True)
class Entry:
    """One item of a fact file: what it says of one thing.

    `introduces` tells an entry that brings the thing in (`id`) from one that says more of it (`subject`).
    """

    source: str
    file: str
    line: int
    subject: str
    introduces: bool
    values: Mapping


@dataclass(frozen=True)
class SourceFile:
    """A file of the corpus: its source (a paper's folder, or a file beside them), name and content."""

    source: str
    name: str
    content: bytes


@dataclass(frozen=True)
class Corpus:
    """Everything that the corpus folder holds, as read and not yet checked."""

    files: tuple[SourceFile, ...]
    entries: tuple[Entry, ...]
    references: tuple[tuple[SourceFile, Mapping], ...]

    @cached_property
    def papers(self) -> tuple[str, ...]:
        """The names of the papers' folders."""
        return tuple(sorted({file.source for file in self.files if file.name.endswith("/" + RECORD)}))

    def record(self, paper: str) -> Entry:
        """Return the bibliographic record of `paper`. Raises UnknownPaperError."""
        for entry in self.entries:
            if entry.source == paper and entry.subject == paper and entry.introduces:
                return entry
        raise UnknownPaperError(f"no paper {paper!r} in the corpus{did_you_mean(paper, self.papers)}")


def read_corpus(faults: list[Fault], directory: Traversable | None = None) -> Corpus:
    """Read every `.yaml` and `references.json` below `directory`, by default the packaged corpus.

    Files that cannot be read, and items that are no entries, are added to `faults`.
    """
    files = tuple(_files(directory or resources.files("loaders") / "corpus", faults))
    entries: list[Entry] = []
    references: list[tuple[SourceFile, Mapping]] = []
    for file in files:
        for item in _items(file, faults):
            if file.name.endswith("/" + REFERENCES):
                references.append((file, item))
            elif (entry := _entry(file, item, faults)) is not None:
                entries.append(entry)
    return Corpus(files, tuple(entries), tuple(references))


def is_id(text: str) -> bool:
    """Tell whether `text` can be the id of a thing: lower-case letters, digits and single hyphens."""
    return _ID.fullmatch(text) is not None and len(text) <= 100


def _files(directory: Traversable, faults: list[Fault]) -> Iterator[SourceFile]:
    """Yield the files of the folder and of the papers' folders in it; a file that nobody reads is a fault."""
    for child in _visible(directory):
        if child.is_dir():
            names = [file.name for file in _visible(child)]
            if RECORD not in names:
                message = f"the paper has no {RECORD}; its record comes first (docs/curation.md)"
                faults.append(Fault(f"loaders/corpus/{child.name}", 1, message))
            for file in _visible(child):
                yield from _file(child.name, f"loaders/corpus/{child.name}/{file.name}", file, faults)
        else:
            yield from _file(child.name.removesuffix(".yaml"), f"loaders/corpus/{child.name}", child, faults)


def _file(source: str, name: str, file: Traversable, faults: list[Fault]) -> Iterator[SourceFile]:
    if file.name.endswith(".yaml") or file.name == REFERENCES:
        try:
            yield SourceFile(source, name, file.read_bytes())
        except OSError as error:
            faults.append(Fault(name, 1, f"cannot be read ({error.strerror})"))
    else:
        faults.append(Fault(name, 1, f"only .yaml files and {REFERENCES} are read here; rename or remove it"))


def _visible(directory: Traversable) -> list[Traversable]:
    children = (child for child in directory.iterdir() if not child.name.startswith(("_", ".")))
    return sorted(children, key=lambda child: child.name)


def _items(file: SourceFile, faults: list[Fault]) -> Iterator[Mapping]:
    root: Node | None = read_located(file.name, file.content, faults)
    if root is None:
        return
    if not isinstance(root, Sequence):
        example = '[{"id": …}, …]' if file.name.endswith(REFERENCES) else "- id: …"
        faults.append(Fault(file.name, root.line, f"the file must be a list of entries, {example}"))
        return
    for item in root.items:
        if isinstance(item, Mapping):
            yield item
        else:
            faults.append(Fault(file.name, item.line, "an entry must have keys, an id first"))


def _entry(file: SourceFile, item: Mapping, faults: list[Fault]) -> Entry | None:
    keys = [key for key in ("id", "subject") if key in item.items]
    if len(keys) != 1:
        message = "an entry needs either 'id' (to bring a thing in) or 'subject' (to say more of one)"
        faults.append(Fault(file.name, item.line, message))
        return None
    line, value = item.items[keys[0]]
    if not isinstance(value, Scalar) or not is_id(value.text):
        message = f"{keys[0]!r} must be lower-case letters, digits and hyphens, up to 100 characters"
        faults.append(Fault(file.name, line, message))
        return None
    rest = Mapping(item.line, {key: value for key, value in item.items.items() if key != keys[0]})
    return Entry(file.source, file.name, item.line, value.text, keys[0] == "id", rest)
