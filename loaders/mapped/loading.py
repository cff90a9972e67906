"""Plans how to load what a mapping makes of files or of an endpoint."""

import hashlib
import json
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from urllib.parse import urlsplit

import pyoxigraph as ox

from loaders.code import code_digest
from loaders.durable import write
from loaders.errors import Fault, LoadError, ReleaseError
from loaders.loading.plan import Fault as Report
from loaders.loading.plan import Part, Plan
from loaders.loading.source import FOLDER
from loaders.locking import held
from loaders.mapped.asking import Graph, answers, read_answer
from loaders.mapped.data_set import DataSet
from loaders.mapped.endpoint import Endpoint
from loaders.mapped.local import LocalGraph
from loaders.mapped.mapping import Mapping, Step
from loaders.mapped.rdf_files import read_into
from loaders.mapped.stating import stated
from loaders.progress import Progress
from loaders.release_files import as_json

_PART = 4_000_000
_MOST_BAD = 100
# Answers of an endpoint that are older than a day are of another state of it than what would be asked for now.
_SECONDS = 24 * 3600


@contextmanager
def planned(mapping: Mapping, given: Sequence[str], state: Path, progress: Progress) -> Iterator[Plan]:
    """Ask for all that the mapping reads of the files or the endpoint `given`, and give the plan to load it.

    What was answered is kept until the block ends without an error. Raises LoadError, EndpointError or ReleaseError.
    """
    endpoint, files = _divided(mapping, given)
    try:
        with _folder_of_answers(state, mapping.name) as folder:
            bad = _Bad()
            _begin(folder, mapping, endpoint or files, progress)
            graph: Graph
            if endpoint:
                graph = Endpoint(endpoint, mapping.pause, progress)
            else:
                graph = LocalGraph(_store(folder, files, mapping.source, bad, progress))
            found = list(answers(graph, mapping, folder, progress))
            if not found:
                message = f"none of the .rq files beside it finds a thing in {', '.join(given) or endpoint}"
                raise LoadError([Fault(str(mapping.files[0]), 1, message)])
            del graph
            yield _plan(mapping, folder, found, bad, endpoint or files)
            shutil.rmtree(folder)
    except OSError as error:
        raise ReleaseError(f"source {mapping.name} cannot be loaded into {state} ({error})") from error


@dataclass(frozen=True)
class BadLines:
    """The lines of files that could not be read."""

    faults: Sequence[Fault]
    count: int
    key = "lines"

    def triples(self, fault: Report) -> Iterator[bytes]:
        """Report them."""
        for each in self.faults:
            fault(each.file, each.line, each.message)
        for _ in range(self.count - len(self.faults)):
            fault(self.faults[-1].file, self.faults[-1].line, "and more lines")
        yield from ()


@dataclass(frozen=True)
class Answers:
    """Some answers to the questions of a mapping."""

    key: str
    step: Step
    answers: Sequence[Path]

    def triples(self, fault: Report) -> Iterator[bytes]:
        """Yield what holds, with what follows, and report the things of which something does not."""
        made: list[ox.Triple] = []
        for path in self.answers:
            things, triples = read_answer(path)
            made += triples
            named = {triple.object.value for triple in triples if isinstance(triple.object, ox.NamedNode)}
            for each in () if self.step.leaves_out else things:
                if each not in named:
                    fault(self.step.file, self.step.line, f"<{each}> is among 'things', and nothing made names it")
        for triple in stated(made, lambda message: fault(self.step.file, self.step.line, message)):
            yield f"{triple} .\n".encode()


class _Bad:
    """Lines that could not be read: how many, and the first of them."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self.count = 0

    def __call__(self, file: str, number: int, message: str) -> None:
        self.count += 1
        if len(self.faults) < _MOST_BAD:
            self.faults.append(Fault(file, number, message))


def _plan(
    mapping: Mapping, folder: Path, found: Sequence[tuple[Step, Path]], bad: _Bad, origin: str | Sequence[Path]
) -> Plan:
    about_all = DataSet(mapping.name, mapping.title, mapping.source, mapping.licence, mapping.rights)
    parts: list[Part] = [about_all, BadLines(bad.faults, bad.count)]
    for step, of_step in groupby(found, lambda each: each[0]):
        for paths in _divided_by_size([path for _, path in of_step]):
            parts.append(Answers(f"answers-{len(parts):05}", step, paths))
    listed = folder / "answers.json"
    digests = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for _, path in found}
    write(listed, as_json(digests))
    about = {
        "license": mapping.licence,
        "rights": mapping.rights,
        "from": origin if isinstance(origin, str) else [path.name for path in origin],
    }
    files = [*mapping.files, *([] if isinstance(origin, str) else origin), listed]
    return Plan(mapping.name, mapping.title, files, parts, about)


def _divided_by_size(paths: Sequence[Path]) -> Iterator[Sequence[Path]]:
    """Yield files together up to what a process reasons over at once."""
    some: list[Path] = []
    size = 0
    for path in paths:
        if some and size > _PART:
            yield some
            some, size = [], 0
        some.append(path)
        size += path.stat().st_size
    if some:
        yield some


def _divided(mapping: Mapping, given: Sequence[str]) -> tuple[str | None, list[Path]]:
    """Return the endpoint or the files that are read."""
    sources = given or ([mapping.endpoint] if mapping.endpoint else [])
    endpoints = [each for each in sources if each.startswith(("http://", "https://"))]
    files = [Path(each) for each in sources if each not in endpoints]
    if not sources or len(endpoints) > 1 or (endpoints and files):
        raise ReleaseError(f"{mapping.name}: name with --from one or more files of RDF, or one SPARQL endpoint")
    if any("@" in urlsplit(each).netloc for each in endpoints):
        raise ReleaseError(f"{mapping.name}: an endpoint that asks for a password is not read, as releases name theirs")
    names = [path.name for path in (*mapping.files, *files)]
    for path in files:
        if names.count(path.name) > 1:
            raise LoadError([Fault(str(path), 1, "another file has the same name; rename one")])
        if not path.is_file():
            raise LoadError([Fault(str(path), 1, "there is no such file")])
    return (endpoints[0] if endpoints else None), files


@contextmanager
def _folder_of_answers(state: Path, name: str) -> Iterator[Path]:
    folder = state / FOLDER / f".asked-{name}"
    folder.mkdir(parents=True, exist_ok=True)
    with held(state / FOLDER / f".lock-asked-{name}", f"source {name} is being asked for already; wait for it"):
        yield folder


def _begin(folder: Path, mapping: Mapping, origin: str | Sequence[Path], progress: Progress) -> None:
    """Remove what was answered before, unless it was to the same, by the same code, and not long ago."""
    digests = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in mapping.files}
    asked = origin if isinstance(origin, str) else [_fingerprint(path) for path in origin]
    wanted = {"from": asked, "mapping": digests, "code": code_digest(("loaders", "ontology"))}
    begun = folder / "asked.json"
    before = json.loads(begun.read_bytes()) if begun.exists() else {}
    shutil.rmtree(folder / "store", ignore_errors=True)
    if before.get("wanted") == wanted and time.time() - before["begun"] < _SECONDS:
        count = sum(1 for _ in folder.glob("*.nt"))
        progress.step(f"going on with a load that was interrupted: {count} answers are there")
        return
    for left in folder.iterdir():
        left.unlink()
    write(begun, as_json({"wanted": wanted, "begun": int(time.time())}))


def _fingerprint(path: Path) -> list[str]:
    with path.open("rb") as file:
        return [path.name, hashlib.file_digest(file, "sha256").hexdigest()]


def _store(folder: Path, files: Sequence[Path], base: str, bad: _Bad, progress: Progress) -> ox.Store:
    progress.step("reading " + ", ".join(path.name for path in files[:3]) + (" …" if len(files) > 3 else ""))
    store = ox.Store(str(folder / "store"))
    read_into(store, files, base, bad, lambda count: progress.advance_by(f"{count} triples"))
    return store
