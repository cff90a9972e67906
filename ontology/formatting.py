"""Brings files to the canonical form of the ontology: its own in place, and others in the place of their module."""

import os
import shutil
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from ontology.canonical import canonical_turtle, difference
from ontology.canonical.comments import lost_comments
from ontology.errors import OntologyFileError
from ontology.iris import OWL, RDF
from ontology.modules import CATALOG, Module, module_files, parse_module
from ontology.syntaxes import Syntax, syntax_of

_TYPE = ox.NamedNode(RDF + "type")
_ONTOLOGY = ox.NamedNode(OWL + "Ontology")


@dataclass(frozen=True)
class Formatted:
    """A file that was read, where its canonical form belongs, and that form.

    `comments` are the lines of comments that are lost. `difference` says how many statements come to the place and
    go from it, where the file was somewhere else.
    """

    name: str
    place: Path
    content: bytes
    canonical: bytes
    comments: tuple[int, ...]
    difference: str | None

    @property
    def is_canonical(self) -> bool:
        """Whether nothing is to be written."""
        return self.difference is None and self.content == self.canonical


def formatted(directory: Path, files: Sequence[Path]) -> list[Formatted]:
    """Return the canonical form of `files`, by default of all modules of the ontology in `directory`.

    Nothing is written. Raises OntologyFileError where a file cannot be read, or is no module and not in `directory`.
    """
    folder = _Folder(directory.resolve())
    read = {file: folder.read(file) for file in files or folder.files.values()}
    places = {file: folder.place(module, file) for file, module in read.items()}
    if len(set(places.values())) < len(places):
        raise OntologyFileError(f"{files[-1]}:1: two of the files have the same place; give one of them")
    after = {places[file]: module for file, module in read.items()}
    after |= {place: folder.read(place) for place in folder.files.values() if place not in after}
    declarations = [triple for module in after.values() for triple in module.triples if triple.predicate == _TYPE]
    return [_formatted(module, file, places[file], folder, declarations) for file, module in read.items()]


def write(formatted: Sequence[Formatted]) -> None:
    """Put canonical forms in their places, all or none. Raises OntologyFileError where one cannot be written."""
    with ExitStack() as stack:
        written = [(_beside(file, stack), file.place) for file in formatted]
        for temporary, place in written:
            temporary.replace(place)


class _Folder:
    """The folder of the ontology, with the files of its modules by IRI."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.files = {iri: Path(str(file)).resolve() for iri, file in module_files(directory).items()}

    def read(self, file: Path) -> Module:
        """Return what is in a file, be it a module or not."""
        path = file.resolve()
        name = f"ontology/{path.relative_to(self.directory)}" if path.is_relative_to(self.directory) else str(file)
        try:
            return parse_module("", name, path.read_bytes())
        except OntologyFileError as error:
            raise type(error)(f"{error}; {error.way_out}") from error
        except OSError as error:
            raise OntologyFileError(f"{name}:1: cannot be read ({error.strerror})") from error

    def difference(self, place: Path, module: Module) -> str:
        """Return in words what a module changes in a place, whose own content may be broken."""
        try:
            gained, lost = difference(self.read(place).triples, module.triples)
        except OntologyFileError:
            return "which cannot be read"
        return f"where {gained} {'statement comes' if gained == 1 else 'statements come'} and {lost} go"

    def place(self, module: Module, file: Path) -> Path:
        """Return where the canonical form of a file belongs: in the folder where it is, or where its module is."""
        path = file.resolve()
        if path.is_relative_to(self.directory):
            return path
        iris = [triple.subject for triple in module.triples if triple.predicate == _TYPE and triple.object == _ONTOLOGY]
        if len(iris) != 1 or not isinstance(iris[0], ox.NamedNode):
            raise OntologyFileError(
                f"{module.name}:1: has {'several ontologies' if iris else 'no ontology'}, where one with an IRI would "
                "tell which module it is; give it the IRI of a module (in Protégé: Active ontology, Ontology IRI)"
            )
        iri = iris[0].value
        if iri in self.files:
            return self.files[iri]
        known = ", ".join(f"<{module_iri}>" for module_iri in self.files)
        raise OntologyFileError(
            f"{module.name}:1: is the ontology <{iri}>, which is no module; the modules are {known}; to make it a new "
            f"one, copy it to ontology/{file.stem}.ttl and add this line to ontology/{CATALOG}: "
            f'<uri name="{iri}" uri="{file.stem}.ttl"/>'
        )


def _formatted(
    module: Module, file: Path, place: Path, folder: _Folder, declarations: Sequence[ox.Triple]
) -> Formatted:
    replaces = file.resolve() != place
    has_comments = syntax_of(module.name, module.content) is Syntax.TURTLE
    return Formatted(
        name=module.name,
        place=place,
        content=module.content,
        canonical=canonical_turtle(module.triples, declarations).encode(),
        comments=tuple(lost_comments(module.content.decode())) if has_comments else (),
        difference=folder.difference(place, module) if replaces else None,
    )


def _beside(file: Formatted, stack: ExitStack) -> Path:
    """Write the canonical form to a new file beside its place, which is removed unless it is moved there."""
    try:
        descriptor, name = tempfile.mkstemp(prefix=f".{file.place.name}.", dir=file.place.parent)
        temporary = Path(name)
        stack.callback(temporary.unlink, missing_ok=True)
        with os.fdopen(descriptor, "wb") as out:
            out.write(file.canonical)
            out.flush()
            os.fsync(out.fileno())
        shutil.copymode(file.place, temporary)
    except OSError as error:
        raise OntologyFileError(f"{file.place}:1: cannot be written ({error.strerror})") from error
    return temporary
