"""The Oxigraph server: the graph as the default graph, which it answers fastest from, served read-only."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from service.bench.servers.server import HOST, Running, Server, Site, free_port, run, started, until_it_answers

_LOADING_SECONDS = 1800


class Oxigraph(Server):
    """`oxigraph serve-read-only`."""

    name = "oxigraph"
    how_to_get = "pip install oxigraph"

    def version(self) -> str | None:
        """Return its version."""
        program = executable()
        if program is None:
            return None
        told = subprocess.run([program, "--version"], capture_output=True, text=True).stdout
        return told.strip().removeprefix("oxigraph ")

    @contextmanager
    def serving(self, site: Site) -> Iterator[Running]:
        """Load the graph into a store on disk and serve that."""
        program, port = executable(), free_port()
        assert program is not None
        store = ("--location", site.folder / "store")
        run([program, "load", *store, "--file", site.n_triples], site.folder, _LOADING_SECONDS)
        run([program, "optimize", *store], site.folder, _LOADING_SECONDS)
        with started([program, "serve-read-only", *store, "--bind", f"{HOST}:{port}"], site.folder) as process:
            yield until_it_answers(f"http://{HOST}:{port}/query", process, site.folder)


def executable() -> str | None:
    """Return the program, which is beside Python where the package was installed."""
    return shutil.which("oxigraph", path=str(Path(sys.executable).parent)) or shutil.which("oxigraph")
