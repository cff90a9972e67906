"""Exports graphs as RDF: of what is served now, or of a release as it was published."""

import gzip
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import BinaryIO, cast

import pyoxigraph as ox
import zstandard
from rapidfuzz.process import extractOne

from loaders.durable import writing
from loaders.errors import ReleaseError
from loaders.graphs import RELEASE
from loaders.progress import Pace, Tell
from loaders.release import Release
from loaders.releases import Releases
from ontology.iris import GRAPH, PREFIXES
from service.errors import BackupError, EngineError, UnknownGraphError
from service.store.dataset import DEFAULT, Dataset, Graph, Sources
from service.store.loading import load
from service.store.on_disk import OnDisk

FORMATS = {
    "nquads": ox.RdfFormat.N_QUADS,
    "trig": ox.RdfFormat.TRIG,
    "turtle": ox.RdfFormat.TURTLE,
    "ntriples": ox.RdfFormat.N_TRIPLES,
}
ENDINGS = {".nq": "nquads", ".trig": "trig", ".ttl": "turtle", ".nt": "ntriples"}
CODINGS = (".zst", ".gz")
_LEVEL = 9


def export(state: Path, release: str | None, graph: str | None, format_: str, file: BinaryIO, progress: Tell) -> int:
    """Write a graph, or where none is named all of them, to `file`, and return how many triples that were.

    `release` names one that is exported as it was published; without it, the current one is, with what was written.
    `graph` is an IRI, what follows `…/graph/` in one, or `default`. Memory does not grow with what is exported, but
    with the journal. Raises UnknownGraphError, ReleaseError or EngineError.
    """
    with _dataset(state, release) as dataset:
        graphs = _graphs(dataset) if graph is None else [_named(graph, dataset)]
        if release is None:
            quads: Iterator[ox.Quad] = chain.from_iterable(_quads(dataset, each) for each in graphs)
        else:
            quads = _published(Releases(state).named(release), graphs, dataset)
        pace = Pace(progress, lambda number: f"{number} triples written")
        written = 0

        def counted() -> Iterator[ox.Quad]:
            nonlocal written
            for quad in quads:
                written += 1
                pace.add(1)
                yield quad

        rdf = FORMATS[format_]
        try:
            ox.serialize(
                counted() if rdf.supports_datasets else (quad.triple for quad in counted()),
                file,
                format=rdf,
                prefixes=PREFIXES if format_ in ("turtle", "trig") else None,
            )
        except RuntimeError as error:
            raise EngineError(f"the index cannot be read ({error}); restore a backup, or build again") from error
        return written


def export_to_file(
    state: Path, release: str | None, graph: str | None, format_: str, path: Path, progress: Tell
) -> int:
    """Do the same with a file at `path`, whole or not at all. Raises as `export` does, and BackupError."""
    beside = path.with_name(f".{path.name}-new")
    try:
        with writing(path) as file, _compressing(file, path.name) as packing:
            return export(state, release, graph, format_, packing, progress)
    except OSError as error:
        raise BackupError(f"{path} cannot be written ({error.strerror})") from error
    finally:
        beside.unlink(missing_ok=True)


@contextmanager
def _compressing(file: BinaryIO, name: str) -> Iterator[BinaryIO]:
    """Give a file to write to that is compressed as its name ends, by .zst or .gz, or not at all. Raises OSError."""
    if name.endswith(".zst"):
        with zstandard.ZstdCompressor(level=_LEVEL, write_checksum=True).stream_writer(file, closefd=False) as packing:
            yield packing
    elif name.endswith(".gz"):
        with gzip.GzipFile(fileobj=file, mode="wb", mtime=0) as zipping:
            yield cast(BinaryIO, zipping)
    else:
        yield file


@contextmanager
def _dataset(state: Path, release: str | None) -> Iterator[Dataset]:
    releases, snapshots = Releases(state), state / "snapshots"
    if release is not None:
        dataset: Dataset = OnDisk(releases.named(release).folder, snapshots, True, [])
    else:
        current = releases.current()
        folder = None if current is None else current.folder
        dataset, place = load(Sources(folder, state / "journal", memory_bytes=0, union=True))
        if current is None and not place.count:
            releases.require_current()
    try:
        yield dataset
    finally:
        dataset.close()


def _graphs(dataset: Dataset) -> list[Graph]:
    """Return every graph in the order of their names, and last the default graph, as far as it was written to."""
    named = [graph for graph in dataset.open().named_graphs() if isinstance(graph, ox.NamedNode)]
    return [*sorted(named, key=lambda graph: graph.value), DEFAULT]


def _named(name: str, dataset: Dataset) -> Graph:
    if name == "default":
        return DEFAULT
    known = {graph.value: graph for graph in _graphs(dataset) if isinstance(graph, ox.NamedNode)}
    for iri in (name, GRAPH + name):
        if iri in known:
            return known[iri]
    names = [iri.removeprefix(GRAPH) for iri in known]
    nearest = extractOne(name, names)
    hint = f"; did you mean {nearest[0]!r}?" if nearest and nearest[1] > 60 else ""
    raise UnknownGraphError(f"no graph {name[:200]!r}{hint} There are: {', '.join([*names[:40], 'default'])}")


def _published(release: Release, graphs: list[Graph], dataset: Dataset) -> Iterator[ox.Quad]:
    """Yield the quads of a release as it was published: the engine has others of some numbers, such as xsd:integer.

    The description of the release stands in its index alone. Raises ReleaseError.
    """
    wanted = set(graphs)
    path = release.folder / "dataset.nq"
    try:
        yield from (quad for quad in ox.parse(path=path, format=ox.RdfFormat.N_QUADS) if quad.graph_name in wanted)
    except (OSError, SyntaxError) as error:
        raise ReleaseError(f"release {release.id} is damaged (dataset.nq: {error}); build again") from error
    for source in release.loaded:
        if source.graph in wanted:
            with source.opened() as triples:
                for triple in ox.parse(triples, format=ox.RdfFormat.N_TRIPLES):
                    yield ox.Quad(triple.subject, triple.predicate, triple.object, source.graph)
    if RELEASE in wanted:
        yield from _quads(dataset, RELEASE)


def _quads(dataset: Dataset, graph: Graph) -> Iterable[ox.Quad]:
    if graph == DEFAULT:
        return ox.parse(b"".join(sorted(dataset.stated(DEFAULT))), format=ox.RdfFormat.N_QUADS)
    return dataset.open().quads_for_pattern(None, None, None, graph)
