"""Finds where the corpus, the queries, the shapes and our own code use terms of the ontology."""

import ast
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable

import pyoxigraph as ox
import yaml

from loaders.checking import as_items
from loaders.corpus import Corpus, Entry
from loaders.located import Scalar
from ontology.iris import RDF, TERM, THING, expand
from ontology.vocabulary import Kind, Vocabulary
from queries.named_query import ANY_CLASS, ANY_THING, LITERAL_TYPES

_NAMESPACES = {"dg": TERM, "dgi": THING}
_NAME = re.compile(
    rf"(?:\b(?P<prefix>dgi?):(?P<local>[A-Za-z0-9](?:[\w-]*\w)?)"
    rf"|(?P<namespace>{re.escape(TERM)}|{re.escape(THING)})(?P<rest>[A-Za-z0-9](?:[\w-]*\w)?))",
    re.ASCII,
)
_COMMENT = re.compile(r"^\s*#(?!\+)")
# Beside the modules: shapes, and mappings to other vocabularies.
_BESIDE = ("shapes", "alignments")


@dataclass(frozen=True, order=True)
class TermUse:
    """A place outside the ontology that uses one of its terms, or a name that none has."""

    file: str
    line: int
    term: str


def corpus_uses(corpus: Corpus, vocabulary: Vocabulary) -> Iterator[TermUse]:
    """Yield the keys, the classes and the things of the ontology in the entries of the corpus."""
    brought_in = {entry.subject for entry in corpus.entries if entry.introduces}
    brought_in |= {item.text("id") or "" for _, item in corpus.references}
    for entry in corpus.entries:
        if entry.subject not in brought_in:
            yield TermUse(entry.file, entry.line, THING + entry.subject)
        yield from _uses_of_entry(entry, vocabulary, brought_in)


def query_uses(directory: Traversable | None = None) -> Iterator[TermUse]:
    """Yield the terms in the text of each named query, and the classes that its header names."""
    for name, file in _files("queries", directory or resources.files("queries"), ".rq"):
        text = file.read_bytes().decode(errors="replace")
        yield from _uses_of_text(name, text)
        yield from _uses_of_header(name, text)


def shape_uses(directory: Traversable | None = None) -> Iterator[TermUse]:
    """Yield the terms in the files beside the modules: SHACL shapes and alignments."""
    for folder in _BESIDE:
        beside = (directory or resources.files("ontology")) / folder
        for name, file in _files(f"ontology/{folder}", beside, ".ttl") if beside.is_dir() else ():
            yield from _uses_of_text(name, file.read_bytes().decode(errors="replace"))


def code_uses(packages: Iterable[str]) -> Iterator[TermUse]:
    """Yield the terms in the Python of `packages`: `TERM + "Fact"`, `f"{TERM}Fact"`, and `dg:Fact` in strings."""
    for name, text in _code(packages):
        if "TERM" in text or _NAME.search(text):
            yield from _uses_of_code(name, ast.parse(text))


def code_naming(packages: Iterable[str], terms: Collection[str]) -> Iterator[TermUse]:
    """Yield where the Python of `packages` has one of `terms` as a mere name, as a key of JSON-LD is."""
    names = {term.removeprefix(TERM): term for term in terms}
    for name, text in _code(packages) if names else ():
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in names:
                yield TermUse(name, node.lineno, names[node.value])


def terms_of(quads: Iterable[ox.Quad]) -> set[str]:
    """Return the properties and classes of districtgraph that `quads` state something with."""
    found = {quad.predicate.value for quad in quads}
    found |= {q.object.value for q in quads if q.predicate.value == RDF + "type" and isinstance(q.object, ox.NamedNode)}
    return {iri for iri in found if iri.startswith(TERM)}


def _uses_of_entry(entry: Entry, vocabulary: Vocabulary, brought_in: set[str]) -> Iterator[TermUse]:
    for key, (line, value) in entry.values.items.items():
        property_ = vocabulary.properties.get(key)
        if key != "type":
            yield TermUse(entry.file, line, property_.iri if property_ else TERM + key)
        for item in as_items(value):
            if not isinstance(item, Scalar):
                continue
            if key == "type":
                class_ = vocabulary.classes.get(item.text)
                yield TermUse(entry.file, item.line, class_.iri if class_ else TERM + item.text)
            elif property_ is not None and property_.kind is Kind.OBJECT and item.text not in brought_in:
                yield TermUse(entry.file, item.line, THING + item.text)


def _uses_of_text(name: str, text: str) -> Iterator[TermUse]:
    for number, line in enumerate(text.split("\n"), 1):
        if not _COMMENT.match(line):
            yield from (TermUse(name, number, iri) for iri in _iris(line))


def _uses_of_header(name: str, text: str) -> Iterator[TermUse]:
    """Yield the classes that parameters of a named query have as types or defaults; others tell of a broken header."""
    lines = text.splitlines()
    header = [line.removeprefix("#+").removeprefix(" ") if line.startswith("#+") else "" for line in lines]
    try:
        root = yaml.compose("\n".join(header), Loader=yaml.CSafeLoader)
    except yaml.YAMLError:
        return
    for parameter in _nodes(root):
        if isinstance(parameter, yaml.MappingNode):
            values = {key.value: value for key, value in parameter.value if isinstance(value, yaml.ScalarNode)}
            named = [values["type"]] if "type" in values else []
            if named and named[0].value == ANY_CLASS and "default" in values:
                named.append(values["default"])
            for node in named:
                if node.value not in (*LITERAL_TYPES, ANY_THING, ANY_CLASS):
                    iri = expand(node.value) if ":" in node.value else TERM + node.value
                    yield TermUse(name, node.start_mark.line + 1, iri)


def _nodes(node: yaml.Node | None) -> Iterator[yaml.Node]:
    if isinstance(node, yaml.MappingNode):
        yield node
        for _, value in node.value:
            yield from _nodes(value)


def _uses_of_code(name: str, tree: ast.AST) -> Iterator[TermUse]:
    prose = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        match node:
            case ast.BinOp(left=ast.Name(id="TERM"), op=ast.Add(), right=ast.Constant(value=str(local))):
                yield TermUse(name, node.lineno, TERM + local)
            case ast.JoinedStr(
                values=[ast.FormattedValue(value=ast.Name(id="TERM")), ast.Constant(value=str(local)), *_]
            ):
                if match := re.match(r"\w+", local):
                    yield TermUse(name, node.lineno, TERM + match[0])
            case ast.Constant(value=str(text)) if id(node) not in prose:
                yield from (TermUse(name, node.lineno, iri) for iri in _iris(text) if iri.startswith(TERM))
            case _:
                pass


def _iris(text: str) -> Iterator[str]:
    for match in _NAME.finditer(text):
        yield _NAMESPACES[match["prefix"]] + match["local"] if match["prefix"] else match["namespace"] + match["rest"]


def _code(packages: Iterable[str]) -> Iterator[tuple[str, str]]:
    for package in packages:
        for name, file in _files(package, resources.files(package), ".py"):
            yield name, file.read_text(encoding="utf-8")


def _files(name: str, directory: Traversable, suffix: str) -> Iterator[tuple[str, Traversable]]:
    """Yield every file below `directory`, which is called `name`, with its name from there."""
    for child in sorted(directory.iterdir(), key=lambda child: child.name):
        path = f"{name}/{child.name}"
        if child.is_dir() and not child.name.startswith(("_", ".")):
            yield from _files(path, child, suffix)
        elif child.name.endswith(suffix):
            yield path, child
