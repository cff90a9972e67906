"""Publishes a dataset to an endpoint: its graphs, their merge, and last the marker that all of it is there.

From the first change until then there is no marker, and no service answers from the endpoint.
"""

import re
import tempfile
import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import pyoxigraph as ox

from loaders.progress import Pace, Tell
from service.errors import EngineError, RemoteEngineError
from service.store.dataset import DEFAULT, Dataset, Graph, View
from service.store.remote.endpoint import Endpoint
from service.store.remote.fragments import Fragments, Graphs
from service.store.remote.names import MARKER, OWN, Published, coded, part_of, published, starting, state_of
from service.store.remote.patterns import Group, Step
from service.store.remote.writing import Writer

_SAMPLES = 20
_PAUSES = (0.5, 2.0)
_BLANK = re.compile(rb"^_:| _:\S+ \.$")
_LITERAL = re.compile(rb'"(?:@(?P<language>[A-Za-z0-9-]+)|\^\^<(?P<datatype>[^>]*)>)? \.$')


def publish(
    dataset: Dataset, release: str, closed: View, endpoint: Endpoint, writer: Writer, progress: Tell
) -> Published:
    """Make a dataset what an endpoint holds, which `writer` writes to, and return what that is.

    Raises EngineError where the endpoint does not take it, or gives it back as something else; then nobody answers from
    it, and to publish once more is the way out.
    """
    before = published(endpoint)
    store = dataset.open()
    named = sorted(graph.value for graph in store.named_graphs() if isinstance(graph, ox.NamedNode))
    merge = _parts(store, dataset, closed)
    is_ours = endpoint.server().startswith("Oxigraph")
    held = Published(
        release,
        dataset.written,
        str(uuid.uuid4()),
        is_ours,
        closed,
        frozenset(named),
        dataset.owned,
        {part_of(view, closed): view for view in merge},
    )
    upload = Upload(endpoint, writer, progress, held)
    upload.start()
    for graph in named:
        upload.graph(graph, _lines(store, ox.NamedNode(graph)))
    for view, lines in merge.items():
        upload.graph(part_of(view, closed), lines)
    upload.graph(OWN, sorted(dataset.stated(DEFAULT)))
    for gone in (before.graphs | before.parts.keys()) - held.graphs - held.parts.keys() if before else ():
        writer.drop(gone)
    upload.finish()
    return held


@dataclass
class Upload:
    """Graphs on their way to an endpoint, how many triples each has, and which are read back.

    Terms are coded, unless the engine is the one that this service has itself.
    """

    endpoint: Endpoint
    writer: Writer
    progress: Tell
    held: Published
    _counts: dict[str, int] = field(default_factory=dict)
    _quads: list[bytes] = field(default_factory=list)
    _samples: dict[tuple[bytes, bytes], list[tuple[str, bytes]]] = field(default_factory=dict)

    def start(self) -> None:
        """Remove the marker. Raises EngineError."""
        self._tried(lambda: self.writer.put(MARKER.value, starting(self.held.state), adds=False))

    def graph(self, graph: str, lines: Iterable[bytes]) -> None:
        """Make lines of N-Triples, each there once, the content of a graph. Raises EngineError."""
        self._require_alone()
        self._tried(lambda: self.writer.drop(graph))
        count, chunk, size = 0, list[bytes](), 0
        pace = Pace(self.progress, lambda sent: f"{graph}: {sent:,} triples sent")
        for line in lines:
            count += 1
            self._sample(graph, line)
            sent = line.rstrip()
            if not self.held.plain:
                sent = coded(sent)
            elif _BLANK.search(sent):
                self._quads.append(sent[:-1] + b"<%s> .\n" % graph.encode())
                continue
            chunk.append(sent + b"\n")
            size += len(sent)
            if size > self.writer.chunk_bytes:
                self._add(graph, chunk)
                pace.add(len(chunk))
                chunk, size = [], 0
        self._add(graph, chunk)
        self._counts[graph] = count
        self.progress(f"{graph}: {count:,} triples")

    def finish(self) -> None:
        """Verify what was sent, and write the marker. Raises EngineError."""
        if self._quads:
            self.writer.put_quads(b"".join(self._quads))
        for graph, count in self._counts.items():
            query = f"SELECT (COUNT(*) AS ?n) FROM <{graph}> WHERE {{ ?s ?p ?o }}"
            ((found,),) = self.endpoint.select(query, ("n",))
            if found is None or found.value != str(count):
                told = "none" if found is None else found.value
                raise RemoteEngineError(f"the engine has {told} triples in {graph}, and not the {count} that were sent")
        self._read_back()
        self._require_alone()
        self._tried(lambda: self.writer.put(MARKER.value, self.held.triples(), adds=False))
        if published(self.endpoint) != self.held:
            raise RemoteEngineError("the engine does not give back what was written to it last")
        self.progress(f"published release {self.held.release}: {sum(self._counts.values()):,} triples")

    def _require_alone(self) -> None:
        """Raise EngineError where another has begun to publish since: what is sent now would be put among its own."""
        if state_of(self.endpoint) != f"-{self.held.state}":
            raise EngineError("another process publishes to this engine at the same time; let one do so alone")

    def _add(self, graph: str, chunk: list[bytes]) -> None:
        if chunk:
            self._require_alone()
            content = b"".join(chunk)
            self._tried(lambda: self.writer.put(graph, content, adds=True))

    def _sample(self, graph: str, line: bytes) -> None:
        """Keep some triples of each datatype and language: engines have their own ideas of those."""
        found = _LITERAL.search(line)
        if found is not None:
            kept = self._samples.setdefault((found["datatype"] or b"", (found["language"] or b"").lower()), [])
            if len(kept) < _SAMPLES and not line.startswith(b"_:"):
                kept.append((graph, line))

    def _read_back(self) -> None:
        fragments = Fragments(self.endpoint)
        for samples in self._samples.values():
            for graph, line in samples:
                (triple,) = ox.parse(line, format=ox.RdfFormat.N_TRIPLES)
                step = Step(str(triple.subject), str(triple.predicate), "?o")
                store = fragments.of([Group("", loose=[step])], Graphs((graph,), ()))
                if ox.Quad(triple.subject, triple.predicate, triple.object) not in store:
                    told = line.decode(errors="replace").strip()[:300]
                    raise RemoteEngineError(f"the engine does not keep every literal as it is, such as in {told}")

    def _tried(self, send: Callable[[], None]) -> None:
        """Send something that may be sent twice, more than once where that fails."""
        for pause in _PAUSES:
            try:
                return send()
            except RemoteEngineError:
                time.sleep(pause)
        send()
        return None


def _lines(store: ox.Store, graph: Graph) -> Iterator[bytes]:
    """Yield the triples of a graph, which may be more than fit into memory."""
    with tempfile.TemporaryFile() as file:
        store.dump(file, format=ox.RdfFormat.N_TRIPLES, from_graph=graph)
        file.seek(0)
        yield from file


def _closed_only(store: ox.Store, closed: View) -> dict[bytes, View]:
    """Return the triples that are in closed graphs alone, with these graphs."""
    found: dict[bytes, View] = {}
    for iri in sorted(closed):
        for line in _lines(store, ox.NamedNode(iri)):
            found[line] = found.get(line, frozenset()) | {iri}
    if not found:
        return found
    for graph in store.named_graphs():
        if isinstance(graph, ox.NamedNode) and graph.value not in closed:
            for line in _lines(store, graph):
                found.pop(line, None)
    return found


def _parts(store: ox.Store, dataset: Dataset, closed: View) -> dict[View, Iterator[bytes]]:
    """Return the merge of all graphs in parts, by the closed graphs that a triple is in if it is in no other."""
    alone = _closed_only(store, closed)
    for line in dataset.stated(DEFAULT) if alone else ():
        alone.pop(line, None)
    return {view: _part(store, alone, view) for view in sorted({frozenset(), *alone.values()}, key=sorted)}


def _part(store: ox.Store, alone: Mapping[bytes, View], view: View) -> Iterator[bytes]:
    return (line for line in _lines(store, DEFAULT) if alone.get(line, frozenset()) == view)
