"""Measures how long it takes until all that follows is found, and how much memory, beside other reasoners."""

import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from ontology.modules import module_triples
from service.bench.errors import BenchError
from service.bench.graph import generate
from service.bench.growth import shown, with_growth
from service.bench.machine import machine
from service.bench.tables import header, printed, table

# The seconds within which what follows from so many triples is wanted, and the memory that it may take.
_AT_MOST_SECONDS = {50_000: 2.0, 500_000: 20.0}
_AT_MOST_BYTES = 1_000_000_000
_OURS = "districtgraph"


def measure_reasoning(
    sizes: Sequence[int], reasoners: Sequence[str], rounds: int, patience: int, progress: Callable[[str], None]
) -> dict[str, Any]:
    """Return the measurement as a document for JSON.

    Each reasoner gets the ontology and the same generated facts; one that takes longer than `patience` seconds, or ends
    without an answer, is not asked again. Raises BenchError where that is ours.
    """
    opening = {"bench": "reason", "begun": datetime.now(UTC).isoformat(timespec="seconds"), "machine": machine()}
    versions = {name: _version(name) for name in ("pyoxigraph", *reasoners)}
    cells: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory(prefix="districtgraph-bench-") as folder:
        for size in sizes:
            file = Path(folder, "facts.ttl")
            ontology = ox.serialize(module_triples(), format=ox.RdfFormat.N_TRIPLES) or b""
            file.write_bytes(ontology + generate(size).n_triples())
            taken: dict[str, list[Mapping[str, Any] | str]] = {name: [] for name in reasoners}
            for number in range(rounds):
                for name in reasoners:
                    if versions[name] is not None and not any(isinstance(one, str) for one in taken[name]):
                        progress(f"{size:,} triples, round {number + 1} of {rounds}: {name}")
                        taken[name].append(_run(name, file, patience))
            cells += [_cell(size, name, taken[name], taken[_OURS]) for name in reasoners if versions[name]]
    told = with_growth(cells, "triples", ["reasoner"], ["seconds", "peak_bytes"])
    return opening | {"versions": versions, "rounds": rounds, "patience": patience, "cells": told}


def _run(name: str, file: Path, patience: int) -> Mapping[str, Any] | str:
    """Return what a reasoner took, or why it gave nothing. Raises BenchError where ours ends with an error."""
    command = [sys.executable, "-m", "service.bench.reasoners", name, str(file)]
    try:
        ran = subprocess.run(command, capture_output=True, text=True, timeout=patience, check=False)
    except subprocess.TimeoutExpired:
        return f"over {patience} s"
    if ran.returncode != 0:
        why = f"ended with status {ran.returncode}"
        if name == _OURS:
            raise BenchError(f"{name} {why}: {ran.stderr.strip()[-300:]}")
        return why
    taken: Mapping[str, Any] = json.loads(ran.stdout.splitlines()[-1])
    return taken


def _cell(
    size: int, name: str, taken: Sequence[Mapping[str, Any] | str], own: Sequence[Mapping[str, Any] | str]
) -> dict[str, Any]:
    done = [one for one in taken if not isinstance(one, str)]
    middle = statistics.median(one["seconds"] for one in done) if done else None
    reference = [one["seconds"] for one in own if not isinstance(one, str)]
    peak = max((one["peak_bytes"] for one in done), default=None)
    wanted = _AT_MOST_SECONDS.get(size) if name == _OURS else None
    return {
        "triples": size,
        "reasoner": name,
        "seconds": None if middle is None else round(middle, 2),
        "why_not": next((one for one in taken if isinstance(one, str)), None),
        "times_districtgraph": round(middle / statistics.median(reference), 1) if middle and reference else None,
        "follows": done[0]["follows"] if done else None,
        "peak_bytes": peak,
        "at_most_seconds": wanted,
        "met": None if wanted is None else bool(middle and peak and middle <= wanted and peak <= _AT_MOST_BYTES),
    }


def _version(name: str) -> str | None:
    """Return which version is installed, if one is."""
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def reason_report(document: Mapping[str, Any]) -> str:
    """Return the measurement as a table."""
    columns = (
        "triples",
        "reasoner",
        "seconds",
        "x districtgraph",
        "follow",
        "peak MB",
        "target s",
        "",
        "x10",
        "MB x10",
    )
    rows = []
    for cell in document["cells"]:
        seconds = cell["why_not"] if cell["seconds"] is None else f"{cell['seconds']:.2f}"
        times = "" if cell["times_districtgraph"] is None else f"{cell['times_districtgraph']:g}"
        follows = "" if cell["follows"] is None else f"{cell['follows']:,}"
        peak = "" if cell["peak_bytes"] is None else f"{cell['peak_bytes'] / 1e6:.0f}"
        at_most = "" if cell["at_most_seconds"] is None else f"{cell['at_most_seconds']:g}"
        met = "" if cell["met"] is None else "met" if cell["met"] else "missed"
        growth = shown(cell, "seconds"), shown(cell, "peak_bytes")
        rows.append((f"{cell['triples']:,}", cell["reasoner"], seconds, times, follows, peak, at_most, met, *growth))
    return printed(table(header(document), columns, rows, left=("reasoner",)))
