"""Measures how long it takes to compute what is stated of a network of actors, and the memory, beside networkx."""

import json
import statistics
import subprocess
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

from rich.console import Console
from rich.table import Table

from loaders.progress import Tell
from service.bench.errors import BenchError
from service.bench.machine import machine
from service.bench.network_runs import GRAPHS, RUNS

# The seconds within which all figures are wanted of a network with so many actors.
_AT_MOST_SECONDS = {5000: 5.0}
_BY_NETWORKX = "measures by networkx"
# Among 5,000 actors the betweenness of networkx alone takes a minute or two.
_TIMES_FEWER = 5
_ROUNDS = 3


def measure_networks(actors: int, progress: Tell) -> dict[str, Any]:
    """Return the measurement as a document for JSON, seconds as the median of the rounds.

    Raises BenchError where a run ends with an error.
    """
    opening = {"bench": "networks", "begun": datetime.now(UTC).isoformat(timespec="seconds"), "machine": machine()}
    versions = {name: version(name) for name in ("networkx", "rustworkx", "pyoxigraph")}
    cells = [cell for graph in GRAPHS for cell in _cells(graph, actors, progress)]
    return opening | {"versions": versions, "rounds": _ROUNDS, "actors": actors, "cells": cells}


def _cells(graph: str, actors: int, progress: Tell) -> Iterator[dict[str, Any]]:
    for name in RUNS:
        if name != _BY_NETWORKX:
            own = _run(name, graph, actors, progress)
            yield _cell(name, graph, actors, own) | _target(name, actors, own["seconds"])
    fewer = actors // _TIMES_FEWER
    own = _run("measures", graph, fewer, progress)
    yield _cell("measures", graph, fewer, own)
    others = _run(_BY_NETWORKX, graph, fewer, progress)
    times = round(others["seconds"] / own["seconds"], 1)
    yield _cell(_BY_NETWORKX, graph, fewer, others) | {"times_districtgraph": times}


def _cell(name: str, graph: str, actors: int, taken: Mapping[str, Any]) -> dict[str, Any]:
    none = {"times_districtgraph": None, "at_most_seconds": None, "met": None}
    return {"network": graph, "actors": actors, "computed": name} | dict(taken) | none


def _target(name: str, actors: int, seconds: float) -> dict[str, Any]:
    wanted = _AT_MOST_SECONDS.get(actors) if name == "all" else None
    return {"at_most_seconds": wanted, "met": None if wanted is None else seconds <= wanted}


def _run(name: str, graph: str, actors: int, progress: Tell) -> dict[str, Any]:
    """Return the seconds that something took in the middle round, and the most memory of any. Raises BenchError."""
    command = [sys.executable, "-m", "service.bench.network_runs", name, graph, str(actors)]
    taken = []
    for number in range(_ROUNDS):
        progress(f"{graph} network of {actors:,} actors, round {number + 1} of {_ROUNDS}: {name}")
        ran = subprocess.run(command, capture_output=True, text=True, check=False)
        if ran.returncode != 0:
            raise BenchError(f"{name} ended with status {ran.returncode}: {ran.stderr.strip()[-300:]}")
        taken.append(json.loads(ran.stdout.splitlines()[-1]))
    return {
        "seconds": round(statistics.median(one["seconds"] for one in taken), 3),
        "peak_bytes": max(one["peak_bytes"] for one in taken),
    }


def networks_report(document: Mapping[str, Any]) -> str:
    """Return the measurement as a table."""
    on = document["machine"]
    versions = ", ".join(f"{name} {one}" for name, one in document["versions"].items())
    about = f"{on['processor']}, {on['cores']} cores, load {on['load_average']}\nPython {on['python']}, {versions}"
    shown = Table(title=about)
    for column in ("network", "actors", "computed", "seconds", "x districtgraph", "peak MB", "target s", ""):
        shown.add_column(column, justify="left" if column in ("network", "computed") else "right")
    for cell in document["cells"]:
        times = "" if cell["times_districtgraph"] is None else f"{cell['times_districtgraph']:g}"
        at_most = "" if cell["at_most_seconds"] is None else f"{cell['at_most_seconds']:g}"
        met = "" if cell["met"] is None else "met" if cell["met"] else "missed"
        seconds, peak = f"{cell['seconds']:.2f}", f"{cell['peak_bytes'] / 1e6:.0f}"
        shown.add_row(cell["network"], f"{cell['actors']:,}", cell["computed"], seconds, times, peak, at_most, met)
    console = Console(width=120)
    with console.capture() as captured:
        console.print(shown)
        console.print(
            f"networkx, which takes minutes among 5,000, has {_TIMES_FEWER} times fewer actors; it has no brokerage"
        )
    return captured.get()
