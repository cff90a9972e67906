"""Measures the search among generated titles, beside SQLite's own rank and SPARQL."""

import json
import sqlite3
import sys
import tempfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from loaders.progress import Tell
from service.bench.alone import run_alone
from service.bench.errors import BenchError
from service.bench.growth import shown, with_growth
from service.bench.machine import load_average, machine
from service.bench.searching_ways import WAYS
from service.bench.tables import header, printed, table

_AT_MOST_MS = 10.0
_AT_MOST_TITLES = 1_000_000
_PATIENCE = 7200


def measure_searching(titles: Sequence[int], seed: int, rounds: int, progress: Tell) -> dict[str, Any]:
    """Return the measurement as a document for JSON; each way is a process of its own. Raises BenchError."""
    opening = {"bench": "search", "begun": datetime.now(UTC).isoformat(timespec="seconds"), "machine": machine()}
    opening["versions"] = {"SQLite": sqlite3.sqlite_version, "pyoxigraph": version("pyoxigraph")}
    made, cells = list[dict[str, Any]](), list[dict[str, Any]]()
    for size in sorted(titles):
        with tempfile.TemporaryDirectory(prefix="districtgraph-bench-") as name:
            folder = Path(name)
            progress(f"generating {size:,} titles")
            _run("titles", folder, size, seed)
            for way in WAYS:
                progress(f"{size:,} titles: {way}, making the index")
                made.append({"titles": size, "way": way} | _run("make", folder, way))
                progress(f"{size:,} titles: {way}, asking")
                told = _run("ask", folder, way, rounds)["cells"]
                cells += [{"titles": size, "way": way} | cell for cell in told]
    for cell in cells:
        is_held = cell["way"] == "districtgraph" and cell["titles"] <= _AT_MOST_TITLES
        cell["met"] = cell["p50_ms"] < _AT_MOST_MS if is_held else None
    return opening | {
        "load_after": load_average(),
        "seed": seed,
        "rounds": rounds,
        "made": with_growth(made, "titles", ["way"], ["seconds", "peak_bytes", "disk_bytes"]),
        "cells": with_growth(cells, "titles", ["way", "kind"], ["p50_ms"]),
    }


def _run(verb: str, folder: Path, *arguments: object) -> dict[str, Any]:
    command = [sys.executable, "-m", "service.bench.searching_ways", verb, folder, *arguments]
    if (taken := run_alone(command, folder, _PATIENCE)) is None:
        raise BenchError(
            f"{' '.join(map(str, (verb, *arguments)))} took longer than {_PATIENCE} s; measure fewer titles"
        )
    told: dict[str, Any] = json.loads(taken.said.splitlines()[-1])
    return told


def searching_report(document: Mapping[str, Any]) -> str:
    """Return the measurement as tables."""
    made = [
        (
            f"{cell['titles']:,}",
            cell["way"],
            f"{cell['seconds']:.1f}",
            f"{cell['peak_bytes'] / 1e6:.0f}",
            f"{cell['disk_bytes'] / 1e6:.0f}",
            shown(cell, "seconds"),
            shown(cell, "disk_bytes"),
        )
        for cell in document["made"]
    ]
    asked = [
        (
            cell["kind"],
            f"{cell['titles']:,}",
            cell["way"],
            f"{cell['p50_ms']:,.2f}",
            f"{cell['p95_ms']:,.2f}",
            "" if cell["met"] is None else "met" if cell["met"] else "missed",
            shown(cell, "p50_ms"),
        )
        for cell in sorted(document["cells"], key=lambda cell: cell["kind"])
    ]
    title = f"making the index\n{header(document)}"
    making = table(title, ("titles", "way", "seconds", "peak MB", "disk MB", "time x10", "disk x10"), made, ("way",))
    columns = ("question", "titles", "way", "median ms", "p95 ms", "under 10 ms", "time x10")
    return printed(making, table("an answer to one client", columns, asked, ("question", "way")))
