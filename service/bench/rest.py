"""Measures REST and pages of the current release: how long one client waits, and how many point queries that is."""

import http.client
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import quote

from rich.console import Console
from rich.table import Table

from service.bench.errors import ServerError
from service.bench.machine import machine
from service.bench.servers.server import HOST, free_port, started, until_it_answers

# What is asked, and the milliseconds within which half of the answers are wanted.
PATHS: dict[str, float | None] = {
    "/api/technologies?limit=100": 20.0,
    "/api/publications?limit=100": 20.0,
    "/api/actors?limit=100": 20.0,
    "/api/claims?limit=100": 20.0,
    "/api/things?limit=100": 20.0,
    "/api/industrial-districts?located_in=valencia-region&technology=augmented-reality": None,
    "/api/things/aiju": None,
    "/api/search?q=augmented%20reality": None,
    "/api/search?q=augmented%20reality%20castellon%20ceramics": 50.0,
    "/api/suggest?q=aug": 20.0,
    "/api/compare?items=castellon,toy-valley,its-owl": None,
}
# Pages, as a browser asks for them; the home page is wanted within a second from the first time on.
PAGES: dict[str, float | None] = {
    "/": 1000.0,
    "/page/aiju": None,
    "/api/queries/brokerage": None,
    "/api/compare?items=castellon,toy-valley": None,
    "/api/networks/castellon": None,
    "/ontology": None,
    "/sparql": None,
}
_JSON, _PAGE = "application/json", "text/html"
_POINT = "SELECT ?label ?n { <https://w3id.org/districtgraph/id/aiju> rdfs:label ?label BIND(%d AS ?n) }"
_PREFIX = "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "
_COMMAND = (sys.executable, "-c", "from service.cli import main; main(prog_name='districtgraph')")


def measure_rest(state: Path, rounds: int, progress: Callable[[str], None]) -> dict[str, Any]:
    """Return the measurement as a document for JSON. Raises ServerError where the service does not answer."""
    opening = {"bench": "rest", "begun": datetime.now(UTC).isoformat(timespec="seconds"), "machine": machine()}
    with tempfile.TemporaryDirectory(prefix="districtgraph-bench-") as name:
        port = free_port()
        command = [*_COMMAND, "serve", "--state", state.resolve(), "--host", HOST, "--port", str(port)]
        with started(command, Path(name)) as process:
            until_it_answers(f"http://{HOST}:{port}/sparql", process, Path(name))
            connection = http.client.HTTPConnection(HOST, port, timeout=60)
            asked = [*((path, _JSON) for path in PATHS), *((path, _PAGE) for path in PAGES)]
            waited: dict[str, list[float]] = {path: [] for path, _ in asked}
            points: list[float] = []
            sizes: dict[str, int] = {}
            for number in range(rounds):
                if number % 10 == 0:
                    progress(f"round {number + 1} of {rounds}")
                points.append(_waited(connection, f"/sparql?query={quote(_PREFIX + _POINT % number)}", _JSON)[0])
                for path, accept in asked:
                    seconds, sizes[path] = _waited(connection, path, accept)
                    waited[path].append(seconds)
            connection.close()
    cells = [_cell(path, waited[path], points, sizes[path]) for path, _ in asked]
    versions = {name: version(name) for name in ("districtgraph", "pyoxigraph", "granian")}
    return opening | {"versions": versions, "rounds": rounds, "point_ms": _middle(points), "cells": cells}


def _waited(connection: http.client.HTTPConnection, path: str, accept: str) -> tuple[float, int]:
    """Return the seconds until an answer that was not kept was there, and its bytes. Raises ServerError."""
    begun = time.perf_counter()
    try:
        connection.request("GET", path, headers={"Accept": accept})
        answer = connection.getresponse()
        content = answer.read()
    except (OSError, http.client.HTTPException) as error:
        raise ServerError(f"{path}: {error}") from error
    if answer.status != http.client.OK:
        raise ServerError(f"{path}: status {answer.status}; is this the release of the corpus?")
    return time.perf_counter() - begun, len(content)


def _cell(path: str, waited: list[float], points: list[float], size: int) -> dict[str, Any]:
    at_most, middle, first = (PATHS | PAGES)[path], _middle(waited), round(waited[0] * 1000, 2)
    compared = first if path in PAGES else middle
    return {
        "path": path,
        "p50_ms": middle,
        "least_ms": round(min(waited) * 1000, 2),
        "first_ms": first,
        "times_point": round(statistics.median(waited) / statistics.median(points), 1),
        "bytes": size,
        "at_most_ms": at_most,
        "met": None if at_most is None else compared <= at_most,
    }


def _middle(seconds: list[float]) -> float:
    return round(statistics.median(seconds) * 1000, 2)


def rest_report(document: Mapping[str, Any]) -> str:
    """Return the measurement as a table."""
    on, versions = document["machine"], ", ".join(f"{name} {one}" for name, one in document["versions"].items())
    shown = Table(title=f"{on['processor']}, {on['cores']} cores, load {on['load_average']}\n{versions}")
    for column in ("path", "median ms", "least ms", "first ms", "x point", "bytes", "target ms", ""):
        shown.add_column(column, justify="left" if column == "path" else "right", overflow="fold")
    shown.add_row("point query", f"{document['point_ms']:.1f}", "", "", "1", "", "", "")
    for cell in document["cells"]:
        met = "" if cell["met"] is None else "met" if cell["met"] else "missed"
        at_most = "" if cell["at_most_ms"] is None else f"{cell['at_most_ms']:g}"
        times = (
            f"{cell['p50_ms']:.1f}",
            f"{cell['least_ms']:.1f}",
            f"{cell['first_ms']:.1f}",
            f"{cell['times_point']:g}",
        )
        shown.add_row(cell["path"], *times, f"{cell['bytes']:,}", at_most, met)
    console = Console(width=140)
    with console.capture() as captured:
        console.print(shown)
    return captured.get()
