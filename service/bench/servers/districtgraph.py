"""Us: the graph as the loaded source of a release, served by `districtgraph serve` as users do."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from loaders.canonical import release_id
from loaders.loading.load import load
from loaders.loading.parts import in_processes
from loaders.manifest import records_of
from loaders.progress import Progress, nobody
from loaders.release import Release
from loaders.releases import Releases
from ontology.archive import pack
from queries.archive import pack_queries
from service.bench.bulk_ways import plan_of
from service.bench.graph import NAMED_GRAPH
from service.bench.servers.server import HOST, Running, Server, Site, free_port, started, until_it_answers

# The most megabytes of N-Quads that are held in memory.
_NEXT_TO_NOTHING = "1"
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
        settings = {"DISTRICTGRAPH_MEMORY_MEGABYTES": _NEXT_TO_NOTHING} if site.on_disk else {}
        with started(command, site.folder, **settings) as process:
            yield until_it_answers(f"http://{HOST}:{port}/sparql", process, site.folder)


def publish(n_triples: Path, state: Path) -> Release:
    """Make a release of one loaded source the current one of a state folder. Raises ReleaseError.

    The lines must be canonical N-Triples without blank nodes.
    """
    state.mkdir()
    source = load(plan_of(n_triples), state, in_processes, skip_bad=False, progress=Progress(nobody)).source
    nothing = {"performed": 0, "passed": 0, "failed": 0}
    triples = source.about["triples"]
    manifest = {
        "release": release_id(b"", [source.identity]),
        "built": datetime.now(UTC).isoformat(timespec="seconds"),
        "sources": {},
        "counts": {"triples": triples, "triples_by_graph": {NAMED_GRAPH: triples}, "things_by_class": {}},
        "checks": {"corpus": {"entries": 0, "faults": 0}, "shapes": {}, "evidence": nothing},
        "versions": {name: version(name) for name in ("districtgraph", "pyoxigraph")},
    } | records_of([source])
    releases = Releases(state)
    with releases.building():
        return releases.publish(b"", [], manifest, ontology=pack(), queries=pack_queries(), loaded=[source])
