"""The ways to load a file that are measured; run as a program, it goes one of ours, or rdflib's.

districtgraph, one graph    as sources are loaded, into the default graph of a store on the disk
districtgraph, two graphs   the store of a release: the graph and the merge of all, put into few files
districtgraph, a source     all of `districtgraph load` but reading another format: sorted, kept compressed, counted,
                            and then that store
rdflib                      into memory
"""

import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from loaders.bulk_loading import bulk_load
from loaders.loading.load import load
from loaders.loading.parts import in_processes
from loaders.loading.plan import Fault, Part, Plan
from loaders.progress import Progress, nobody
from loaders.release_index import write_anew
from ontology.iris import GRAPH
from service.bench.graph import NAMED_GRAPH, generate

_BYTES_OF_PART = 40_000_000


@dataclass(frozen=True)
class Lines(Part):
    """The lines of a file that begin in a stretch of it."""

    path: Path
    number: int

    @property
    def key(self) -> str:
        """What names the part."""
        return f"lines-{self.number:05}"

    def triples(self, fault: Fault) -> Iterator[bytes]:
        """Yield the lines."""
        begun, end = self.number * _BYTES_OF_PART, (self.number + 1) * _BYTES_OF_PART
        with self.path.open("rb") as file:
            file.seek(max(0, begun - 1))
            if begun:
                file.readline()
            while file.tell() < end and (line := file.readline()):
                yield line


def plan_of(file: Path) -> Plan:
    """Return how a file of canonical N-Triples is loaded as a source, in the graph of the measurement."""
    parts = [Lines(file, number) for number in range(-(-file.stat().st_size // _BYTES_OF_PART))]
    return Plan(NAMED_GRAPH.removeprefix(GRAPH), "Generated triples", [file], parts)


def one_graph(file: Path, folder: Path) -> None:
    """Load a file into the default graph."""
    store = ox.Store(str(folder / "store"))
    with file.open("rb") as triples:
        bulk_load(store, triples, [ox.DefaultGraph()])
    store.flush()


def two_graphs(file: Path, folder: Path) -> None:
    """Load a file into a graph and into the merge of all, as a release has them."""
    store = ox.Store(str(folder / "store"))
    with file.open("rb") as triples:
        bulk_load(store, triples, [ox.NamedNode(NAMED_GRAPH), ox.DefaultGraph()])
    store.optimize()
    store.flush()


def a_source(file: Path, folder: Path) -> None:
    """Load a file as any source is, and write the store of a release that has it."""
    done = load(plan_of(file), folder, in_processes, skip_bad=False, progress=Progress(nobody))
    ox.Store(str(folder / "core")).flush()
    write_anew(folder / "store", folder / "core", [done.source])
    shutil.rmtree(folder / "core")


def rdflib(file: Path, folder: Path) -> None:
    """Load a file into a graph of rdflib, in memory."""
    from rdflib import Graph

    Graph().parse(file, format="nt")


WAYS: Mapping[str, Callable[[Path, Path], None]] = {
    "districtgraph, one graph": one_graph,
    "districtgraph, two graphs": two_graphs,
    "districtgraph, a source": a_source,
    "rdflib": rdflib,
}


def write_graph(size: int, file: Path) -> None:
    """Generate a file of so many triples, a few more at most."""
    file.write_bytes(generate(size).n_triples())


if __name__ == "__main__" and sys.argv[1] == "generate":  # not in what measures: a process begins with the memory of it
    write_graph(int(sys.argv[2]), Path(sys.argv[3]))
elif __name__ == "__main__":
    WAYS[sys.argv[1]](Path(sys.argv[2]), Path(sys.argv[3]))
