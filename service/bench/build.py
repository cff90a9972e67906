"""Measures how long a build takes after an edit of the corpus, beside one from the sources."""

import compileall
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from service.bench.errors import BenchError
from service.bench.machine import machine

_FILE = "loaders/corpus/hervas-oliver-2021/measured.yaml"
_EVIDENCE = f"evidence: {{section: '3', start: 18301, end: 18309, digest: '{64 * '0'}'}}"
_FACT = f"- {{subject: aiju, website: 'https://example.org/', {_EVIDENCE}}}\n"
_TIE = f"- {{id: measured, type: Brokerage, label: Measured, broker: aiju, beneficiary: itc, {_EVIDENCE}}}\n"
# What the file has after each edit: a fact says more of an actor, a tie joins two, so that networks change.
_EDITS = {
    "nothing": None,
    "a fact": _FACT,
    "a tie": f"{_FACT}{_TIE}",
}


def measure_builds(rounds: int, progress: Callable[[str], None]) -> dict[str, Any]:
    """Return the measurement as a document for JSON. Raises BenchError where a build fails."""
    opening = {"bench": "build", "begun": datetime.now(UTC).isoformat(timespec="seconds"), "machine": machine()}
    taken: dict[str, list[float]] = {edit: [] for edit in ("from the sources", *_EDITS)}
    with tempfile.TemporaryDirectory(prefix="districtgraph-bench-") as folder:
        project = Path(folder)
        for package in ("ontology", "queries", "loaders", "service"):
            with as_file(files(package)) as source:
                shutil.copytree(source, project / package, ignore=shutil.ignore_patterns("__pycache__"))
        compileall.compile_dir(project, quiet=2)  # else the first build alone would pay for it
        for number in range(rounds):
            progress(f"round {number + 1} of {rounds}: from the sources")
            shutil.rmtree(project / "state", ignore_errors=True)
            (project / _FILE).unlink(missing_ok=True)
            taken["from the sources"].append(_build(project))
            for edit, content in _EDITS.items():
                progress(f"round {number + 1} of {rounds}: after an edit of {edit}")
                if content is not None:
                    (project / _FILE).write_text(content)
                taken[edit].append(_build(project))
    middle = {edit: statistics.median(seconds) for edit, seconds in taken.items()}
    cells = [
        {"after": edit, "seconds": round(seconds, 2), "times": round(middle["from the sources"] / seconds, 1)}
        for edit, seconds in middle.items()
    ]
    return opening | {"rounds": rounds, "cells": cells}


def _build(project: Path) -> float:
    """Return the seconds that a build takes, in a process of its own. Raises BenchError where it fails."""
    command = [sys.executable, "-c", "from service.cli import main; main()", "build", "--state", "state"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DISTRICTGRAPH_")}
    begun = time.perf_counter()
    ran = subprocess.run(
        command,
        cwd=project,
        env=environment | {"PYTHONPATH": str(project)},
        capture_output=True,
        text=True,
        check=False,
    )
    if ran.returncode != 0:
        raise BenchError(f"the build ended with status {ran.returncode}: {ran.stderr.strip()[-300:]}")
    return time.perf_counter() - begun


def build_report(document: Mapping[str, Any]) -> str:
    """Return the measurement as a table."""
    on = document["machine"]
    shown = Table(title=f"{on['processor']}, {on['cores']} cores, load {on['load_average']}")
    for column in ("build", "seconds", "times as fast"):
        shown.add_column(column, justify="left" if column == "build" else "right")
    for cell in document["cells"]:
        after = cell["after"] if cell["after"] == "from the sources" else f"after an edit of {cell['after']}"
        shown.add_row(after, f"{cell['seconds']:.2f}", f"{cell['times']:g}")
    console = Console(width=100)
    with console.capture() as captured:
        console.print(shown)
    return captured.get()
