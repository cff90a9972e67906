"""Us: the graph as a release in a state folder, served by `districtgraph serve` as users do."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from loaders.canonical import release_id
from loaders.release import Release, Releases
from ontology.archive import pack
from queries.archive import pack_queries
from service.bench.graph import NAMED_GRAPH
from service.bench.servers.server import HOST, Running, Server, Site, free_port, started, until_it_answers

_COMMAND = (sys.executable, "-c", "from service.cli import main; main(prog_name='districtgraph')")


class DistrictGraph(Server):
    """`districtgraph serve`."""

    name = "districtgraph"
    how_to_get = "it is what runs this"

    def version(self) -> str:
        """Return our version and that of the engine in it."""
        return f"{version('districtgraph')} (pyoxigraph {version('pyoxigraph')})"

    @contextmanager
    def serving(self, site: Site) -> Iterator[Running]:
        """Publish the graph as a release, and serve that."""
        state, port = site.folder / "state", free_port()
        publish(site.n_triples, state)
        command = [*_COMMAND, "serve", "--state", state, "--host", HOST, "--port", str(port)]
        with started(command, site.folder) as process:
            yield until_it_answers(f"http://{HOST}:{port}/sparql", process, site.folder)


def publish(n_triples: Path, state: Path) -> Release:
    """Make a release of one named graph the current one of a state folder. Raises ReleaseError.

    The lines must be canonical, without blank nodes, each there once.
    """
    graph = f" <{NAMED_GRAPH}> .\n".encode()
    lines = n_triples.read_bytes().splitlines()
    content = b"".join(sorted(line.removesuffix(b" .") + graph for line in lines))
    nothing = {"performed": 0, "passed": 0, "failed": 0}
    manifest = {
        "release": release_id(content),
        "built": datetime.now(UTC).isoformat(timespec="seconds"),
        "sources": {"bench": {"graph": NAMED_GRAPH, "entries": 0, "files": {}}},
        "counts": {"triples": len(lines), "triples_by_graph": {NAMED_GRAPH: len(lines)}, "things_by_class": {}},
        "checks": {"corpus": {"entries": 0, "faults": 0}, "shapes": {}, "evidence": nothing},
        "versions": {name: version(name) for name in ("districtgraph", "pyoxigraph")},
    }
    releases = Releases(state)
    with releases.building():
        return releases.publish(content, [], manifest, ontology=pack(), queries=pack_queries())
