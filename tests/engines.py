"""Engines that other servers run, for a service to answer from: an Oxigraph server, a Virtuoso."""

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from conftest import run

from service.bench.servers.server import HOST, free_port, started
from service.bench.servers.virtuoso import Virtuoso

CREDENTIALS = {"DISTRICTGRAPH_ENGINE_USER": "dba", "DISTRICTGRAPH_ENGINE_PASSWORD": "dba"}


@contextmanager
def oxigraph(folder: Path, port: int = 0) -> Iterator[tuple[str, str]]:
    executable, port = Path(sys.executable).parent / "oxigraph", port or free_port()
    if not executable.exists():
        pytest.skip("the Oxigraph server is not installed (pip install oxigraph)")
    command = [executable, "serve", "--location", folder / "store", "--bind", f"{HOST}:{port}"]
    with started(command, folder):
        until_it_listens(port)
        yield f"http://{HOST}:{port}/query", f"http://{HOST}:{port}/store"


@contextmanager
def virtuoso(folder: Path) -> Iterator[tuple[str, str]]:
    if Virtuoso().version() is None:
        pytest.skip("Virtuoso is not installed (Debian: virtuoso-opensource-7)")
    sql_port, port = free_port(), free_port()
    (folder / "virtuoso.ini").write_text(f"""
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
FileExtend = 200
[TempDatabase]
DatabaseFile = {folder}/virtuoso-temp.db
TransactionFile = {folder}/virtuoso-temp.trx
[Parameters]
ServerPort = {HOST}:{sql_port}
DisableUnixSocket = 1
CheckpointInterval = 0
NumberOfBuffers = 20000
[HTTPServer]
ServerPort = {HOST}:{port}
ServerRoot = {folder}
ServerThreads = 16
MaxKeepAlives = 16
[SPARQL]
ResultSetMaxRows = 1000000
""")
    with started(["virtuoso-t", "+foreground", "+configfile", folder / "virtuoso.ini"], folder):
        until_it_listens(port)
        yield f"http://{HOST}:{port}/sparql", f"http://{HOST}:{port}/sparql-graph-crud-auth"


def until_it_listens(port: int) -> None:
    transport = httpx.HTTPTransport(retries=8)
    with httpx.Client(transport=transport) as client:
        client.get(f"http://{HOST}:{port}/", timeout=30)


def publish(state: Path, engine: str, graph_store: str, **environment: str) -> subprocess.CompletedProcess[str]:
    options = ("--state", state, "--engine", engine, "--graph-store", graph_store, "--yes")
    return run("publish", *options, **(CREDENTIALS | environment))


def until(is_so: Callable[[], bool]) -> None:
    for _ in range(100):
        if is_so():
            return
        threading.Event().wait(0.1)
    raise AssertionError("it does not come about in ten seconds")
