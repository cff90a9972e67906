"""rdflib-endpoint: rdflib's own store and evaluation in one process, served by uvicorn through its command."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, version

from service.bench.servers.server import HOST, Running, Server, Site, free_port, started, until_it_answers


class RdflibEndpoint(Server):
    """`rdflib-endpoint serve`."""

    name = "rdflib-endpoint"
    how_to_get = "pip install 'rdflib-endpoint[cli]'"

    def version(self) -> str | None:
        """Return its version and those of what it stands on."""
        try:
            return f"{version(self.name)} (rdflib {version('rdflib')}, uvicorn {version('uvicorn')})"
        except PackageNotFoundError:
            return None

    @contextmanager
    def serving(self, site: Site) -> Iterator[Running]:
        """Load the graph into memory and serve that."""
        port = free_port()
        command = [sys.executable, "-m", "rdflib_endpoint", "serve", "--host", HOST, "--port", str(port)]
        with started([*command, site.n_triples], site.folder) as process:
            yield until_it_answers(f"http://{HOST}:{port}/", process, site.folder)
