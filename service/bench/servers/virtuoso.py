"""Virtuoso 7: the graph as the one that it takes for the default graph, with its own folder, settings and ports."""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from service.bench.errors import ServerError
from service.bench.graph import NAMED_GRAPH
from service.bench.servers.server import HOST, Running, Server, Site, free_port, run, started, until_it_answers

_LOADING_SECONDS = 1800
_STARTING_SECONDS = 120
_BUFFER_BYTES = 8192 + 700
_SETTINGS = """
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
ErrorLogLevel = 3
FileExtend = 200
TempStorage = TempDatabase

[TempDatabase]
DatabaseFile = {folder}/virtuoso-temp.db
TransactionFile = {folder}/virtuoso-temp.trx

[Parameters]
ServerPort = {host}:{sql_port}
DisableUnixSocket = 1
CheckpointInterval = 0
DirsAllowed = {folder}, {data}
NumberOfBuffers = {buffers}
MaxDirtyBuffers = {dirty_buffers}
MaxClientConnections = 20
ServerThreads = {threads}
ThreadsPerQuery = {cores}

[HTTPServer]
ServerPort = {host}:{http_port}
ServerRoot = {folder}
ServerThreads = {threads}
MaxClientConnections = {threads}
MaxKeepAlives = {threads}
KeepAliveTimeout = 60

[Client]
SQL_QUERY_TIMEOUT = 0

[SPARQL]
DefaultGraph = {graph}
ResultSetMaxRows = 10000000
MaxQueryCostEstimationTime = 0
MaxQueryExecutionTime = 0
"""


@dataclass(frozen=True)
class Loaded:
    """A server with the graph: its endpoint, its process, and how long loading took."""

    endpoint: str
    process: "subprocess.Popen[bytes]"
    seconds: float


class Virtuoso(Server):
    """`virtuoso-t`."""

    name = "virtuoso"
    how_to_get = "apt-get install virtuoso-opensource-7"

    def version(self) -> str | None:
        """Return its version."""
        if shutil.which("virtuoso-t") is None or _isql() is None:
            return None
        told = subprocess.run(["virtuoso-t", "-?"], capture_output=True, text=True)
        lines = (line for line in (told.stdout + told.stderr).splitlines() if line.startswith("Version "))
        return next(lines, "of unknown version").removeprefix("Version ").partition("-")[0]

    @contextmanager
    def serving(self, site: Site) -> Iterator[Running]:
        """Load the graph with the bulk loader, in the server that then serves it."""
        with self.loaded(site) as loaded:
            yield until_it_answers(loaded.endpoint, loaded.process, site.folder)

    @contextmanager
    def loaded(self, site: Site) -> Iterator[Loaded]:
        """Keep a server with the graph until the block ends. Raises ServerError."""
        sql_port, http_port = free_port(), free_port()
        (site.folder / "virtuoso.ini").write_text(_settings(site, sql_port, http_port))
        command = ["virtuoso-t", "+foreground", "+configfile", site.folder / "virtuoso.ini"]
        with started(command, site.folder) as process:
            _await_sql(sql_port, process, site.folder)
            begun = time.perf_counter()
            load = f"ld_dir('{site.n_triples.parent}', '{site.n_triples.name}', '{NAMED_GRAPH}'); rdf_loader_run();"
            _sql(sql_port, f"{load} checkpoint;", site.folder, _LOADING_SECONDS)
            seconds = time.perf_counter() - begun
            faults = "SELECT ll_error FROM DB.DBA.load_list WHERE ll_error IS NOT NULL;"
            if " Rows." in (told := _sql(sql_port, faults, site.folder)) and "\n0 Rows." not in told:
                raise ServerError(f"the graph was not loaded: {told[-300:]}")
            yield Loaded(f"http://{HOST}:{http_port}/sparql", process, seconds)


def _settings(site: Site, sql_port: int, http_port: int) -> str:
    """Return the settings: a quarter of the memory for buffers, which take up only what is read."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    buffers = min(340_000, memory // 4 // _BUFFER_BYTES)
    return _SETTINGS.format(
        folder=site.folder,
        data=site.n_triples.parent,
        graph=NAMED_GRAPH,
        host=HOST,
        sql_port=sql_port,
        http_port=http_port,
        buffers=buffers,
        dirty_buffers=buffers * 3 // 4,
        threads=site.connections + 8,
        cores=os.cpu_count() or 1,
    )


def _await_sql(port: int, process: "subprocess.Popen[bytes]", folder: Path) -> None:
    until = time.monotonic() + _STARTING_SECONDS
    while process.poll() is None:
        try:
            _sql(port, "SELECT 1;", folder)
        except ServerError:
            if time.monotonic() > until:
                raise
            time.sleep(0.5)
        else:
            return
    log = folder / "virtuoso.log"
    raise ServerError(f"it did not start: {log.read_text(errors='replace')[-500:] if log.exists() else 'no log'}")


def _sql(port: int, statements: str, folder: Path, most_seconds: float = 60) -> str:
    """Carry out SQL as the administrator of a database that is only of this measurement. Raises ServerError."""
    isql = _isql()
    assert isql is not None
    return run([isql, f"{HOST}:{port}", "dba", "dba", "VERBOSE=OFF", f"exec={statements}"], folder, most_seconds)


def _isql() -> str | None:
    """Return Virtuoso's SQL client, which Debian calls isql-vt; a plain isql is often unixODBC's."""
    return shutil.which("isql-vt") or shutil.which("isql-v")
