"""Measures how long it takes to load works beside the papers, with a release, the memory, and what is on the disk."""

import shutil
import sys
import tempfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from loaders.progress import Tell
from loaders.releases import Releases
from service.bench.alone import Taken, disk_bytes, run_alone
from service.bench.errors import BenchError
from service.bench.growth import shown, with_growth
from service.bench.machine import load_average, machine
from service.bench.snapshot import Snapshot, write_snapshot
from service.bench.tables import header, printed, table

_COMMAND = (sys.executable, "-c", "from service.cli import main; main(prog_name='districtgraph')")
_FIGURES = ("seconds", "peak_bytes", "disk_bytes")
_PATIENCE = 2 * 3600
# What is wanted of so many works: seconds and bytes at most.
_AT_MOST = {1_000_000: (1200, 2_000_000_000)}


def measure_literature(works: Sequence[int], seed: int, progress: Tell) -> dict[str, Any]:
    """Return the measurement as a document for JSON. Raises BenchError where a build or a load fails."""
    opening = {"bench": "literature", "begun": datetime.now(UTC).isoformat(timespec="seconds"), "machine": machine()}
    versions = {name: version(name) for name in ("districtgraph", "pyoxigraph")}
    cells: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory(prefix="districtgraph-bench-") as name:
        folder = Path(name)
        progress("building a release of the papers")
        _run(["build", "--state", folder / "papers"])
        for size in sorted(works):
            progress(f"generating {size:,} works from seed {seed}")
            write_snapshot(Snapshot(size, seed), folder / "snapshot")
            shutil.copytree(folder / "papers", folder / "state", symlinks=True)
            progress(f"loading {size:,} works")
            taken = _run(["load", "literature", folder / "snapshot", "--state", folder / "state"])
            cells.append(_cell(size, taken, folder / "state"))
            shutil.rmtree(folder / "snapshot")
            shutil.rmtree(folder / "state")
    told = with_growth(cells, "works", [], _FIGURES)
    return opening | {"versions": versions, "load_after": load_average(), "seed": seed, "cells": told}


def _run(arguments: Sequence[object]) -> Taken:
    """Run a command of ours. Raises BenchError where it fails, or takes hours."""
    taken = run_alone([*_COMMAND, *arguments], Path.cwd(), _PATIENCE)
    if taken is None:
        raise BenchError(f"districtgraph {arguments[0]} was not done after {_PATIENCE} s")
    return taken


def _cell(works: int, taken: Taken, state: Path) -> dict[str, Any]:
    (source,) = Releases(state).require_current().loaded
    at_most = _AT_MOST.get(works)
    return {
        "works": works,
        "triples": source.about["triples"],
        "seconds": round(taken.seconds, 1),
        "works_per_second": round(works / taken.seconds),
        "peak_bytes": taken.peak_bytes,
        "disk_bytes": disk_bytes(state),
        "at_most": at_most and {"seconds": at_most[0], "bytes": at_most[1]},
        "met": at_most and (taken.seconds <= at_most[0] and taken.peak_bytes <= at_most[1]),
    }


def literature_report(document: Mapping[str, Any]) -> str:
    """Return the measurement as a table."""
    columns = ("works", "triples", "seconds", "works/s", "peak MB", "disk MB", "", "time x10", "memory x10", "disk x10")
    rows = [
        (
            f"{cell['works']:,}",
            f"{cell['triples']:,}",
            f"{cell['seconds']:.1f}",
            f"{cell['works_per_second']:,}",
            f"{cell['peak_bytes'] / 1e6:.0f}",
            f"{cell['disk_bytes'] / 1e6:.0f}",
            "" if cell["met"] is None else "met" if cell["met"] else "missed",
            *(shown(cell, figure) for figure in _FIGURES),
        )
        for cell in document["cells"]
    ]
    return printed(table(header(document), columns, rows))
