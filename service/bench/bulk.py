"""Measures how long it takes to load files of triples, beside the Oxigraph CLI, rdflib and Virtuoso."""

import shutil
import statistics
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from loaders.progress import Tell
from service.bench.alone import Taken, disk_bytes, run_alone
from service.bench.bulk_ways import WAYS
from service.bench.errors import ServerError
from service.bench.graph import NAMED_GRAPH
from service.bench.growth import shown, with_growth
from service.bench.machine import load_average, machine
from service.bench.servers import SERVERS
from service.bench.servers.oxigraph import executable
from service.bench.servers.server import Site
from service.bench.servers.virtuoso import Virtuoso
from service.bench.tables import header, printed, table

ONE, TWO = "oxigraph load, one graph", "oxigraph load, two graphs"
_VIRTUOSO = "virtuoso"
_FIGURES = ("seconds", "peak_bytes", "disk_bytes")
_AT_LEAST = 0.8
_PATIENCE = 3600
# What loads into memory takes more than there is of most machines.
_MOST_TRIPLES = {"rdflib": 1_000_000}
# Which way of ours is held against which of Oxigraph's.
_BESIDE = {"districtgraph, one graph": ONE, "districtgraph, two graphs": TWO, "districtgraph, a source": TWO}


@dataclass(frozen=True)
class Plan:
    """What is loaded: files of so many triples, in which ways, how often, and how long one is waited for."""

    triples: Sequence[int]
    ways: Sequence[str]
    rounds: int
    patience: int


def measure_loading(plan: Plan, progress: Tell) -> dict[str, Any]:
    """Return the measurement as a document for JSON.

    In each round one way right after the other. One that takes longer than `patience` is not gone again. Raises
    BenchError where one fails.
    """
    opening = {"bench": "load", "begun": datetime.now(UTC).isoformat(timespec="seconds"), "machine": machine()}
    versions = {name: SERVERS[name].version() for name in ("districtgraph", "oxigraph", _VIRTUOSO)}
    versions["rdflib"] = version("rdflib")
    cells: list[dict[str, Any]] = []
    ways = [way for way in plan.ways if versions[way.partition(" ")[0].strip(",")] is not None]
    with tempfile.TemporaryDirectory(prefix="districtgraph-bench-") as name:
        folder = Path(name)
        (folder / "graph").mkdir()
        file = folder / "graph/graph.nt"
        for size in sorted(plan.triples):
            progress(f"generating {size:,} triples")
            triples = _generate(size, file)
            taken: dict[str, list[Mapping[str, Any]]] = {way: [] for way in ways}
            for number in range(plan.rounds):
                for way in [way for way in ways if size <= _MOST_TRIPLES.get(way, size)]:
                    progress(f"{triples:,} triples, round {number + 1} of {plan.rounds}: {way}")
                    if (one := _one(way, file, folder / "here", plan.patience)) is None:
                        progress(f"{way} took longer than {plan.patience} s and is left out from here on")
                        ways.remove(way)
                    else:
                        taken[way].append(one)
            cells += _cells(triples, taken)
    told = with_growth(cells, "triples", ["way"], _FIGURES)
    return opening | {"versions": versions, "load_after": load_average(), "rounds": plan.rounds, "cells": told}


def _generate(size: int, file: Path) -> int:
    """Write a file of about so many triples, and return how many there are. Raises BenchError."""
    run_alone([sys.executable, "-m", "service.bench.bulk_ways", "generate", size, file], file.parent, _PATIENCE)
    with file.open("rb") as lines:
        return sum(1 for _ in lines)


def _one(way: str, file: Path, folder: Path, patience: int) -> Mapping[str, Any] | None:
    folder.mkdir()
    try:
        taken = _virtuoso(file, folder) if way == _VIRTUOSO else _all(_commands(way, file, folder), folder, patience)
        if taken is None:
            return None
        return {"seconds": taken.seconds, "peak_bytes": taken.peak_bytes, "disk_bytes": disk_bytes(folder)}
    finally:
        shutil.rmtree(folder)


def _commands(way: str, file: Path, folder: Path) -> list[list[object]]:
    if way in WAYS:
        return [[sys.executable, "-m", "service.bench.bulk_ways", way, file, folder]]
    store = ("--location", folder / "store")
    load: list[object] = [executable(), "load", *store, "--file", file]
    return [load] if way == ONE else [[*load, "--graph", NAMED_GRAPH], load, [executable(), "optimize", *store]]


def _all(commands: Sequence[Sequence[object]], folder: Path, patience: int) -> Taken | None:
    """Run commands one after the other; the time is that of all."""
    taken: list[Taken] = []
    for command in commands:
        if (one := run_alone(command, folder, patience)) is None:
            return None
        taken.append(one)
    return Taken(sum(one.seconds for one in taken), max(one.peak_bytes for one in taken), "")


def _virtuoso(file: Path, folder: Path) -> Taken | None:
    """Load into a server that has been started; None where it does not load."""
    try:
        with Virtuoso().loaded(Site(folder, file, 1)) as loaded:
            status = Path(f"/proc/{loaded.process.pid}/status").read_text()
            peak = next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))
            return Taken(loaded.seconds, int(peak) * 1024, "")
    except ServerError:
        return None


def _cells(triples: int, taken: Mapping[str, Sequence[Mapping[str, Any]]]) -> list[dict[str, Any]]:
    rates = {
        way: triples / statistics.median(one["seconds"] for one in rounds) for way, rounds in taken.items() if rounds
    }
    cells = []
    for way, rate in rates.items():
        ratio = round(rate / rates[_BESIDE[way]], 2) if _BESIDE.get(way) in rates else None
        is_held = ratio is not None and way != "districtgraph, a source"
        cells.append(
            {
                "triples": triples,
                "way": way,
                "seconds": round(triples / rate, 3),
                "triples_per_second": round(rate),
                "peak_bytes": max(one["peak_bytes"] for one in taken[way]),
                "disk_bytes": taken[way][-1]["disk_bytes"],
                "times_oxigraph": ratio,
                "met": ratio >= _AT_LEAST if is_held and ratio is not None else None,
            }
        )
    return cells


def loading_report(document: Mapping[str, Any]) -> str:
    """Return the measurement as a table."""
    columns = ("triples", "way", "seconds", "triples/s", "x oxigraph", "peak MB", "disk MB", "", "time x10", "disk x10")
    tell: Callable[[Any], str] = lambda value: "" if value is None else f"{value:g}"  # noqa: E731
    rows = [
        (
            f"{cell['triples']:,}",
            cell["way"],
            f"{cell['seconds']:.2f}",
            f"{cell['triples_per_second']:,}",
            tell(cell["times_oxigraph"]),
            f"{cell['peak_bytes'] / 1e6:.0f}",
            f"{cell['disk_bytes'] / 1e6:.0f}",
            "" if cell["met"] is None else "met" if cell["met"] else "missed",
            shown(cell, "seconds"),
            shown(cell, "disk_bytes"),
        )
        for cell in document["cells"]
    ]
    return printed(table(header(document), columns, rows, left=("way",)))
