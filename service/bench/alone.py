"""Runs a command in a process of its own, and tells what it took."""

import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from service.bench.errors import BenchError
from service.bench.process_tree import end

_EVERY_SECONDS = 0.01


@dataclass(frozen=True)
class Taken:
    """How long a command took, the most memory of it or of one that it started, and what it said."""

    seconds: float
    peak_bytes: int
    said: str


def run_alone(command: Sequence[object], folder: Path, patience: float) -> Taken | None:
    """Run a command in `folder`; return None where it takes longer than `patience` seconds.

    Raises BenchError where it fails.
    """
    with tempfile.TemporaryFile() as said:
        begun = time.perf_counter()
        process = subprocess.Popen(
            [*map(str, command)], cwd=folder, stdin=subprocess.DEVNULL, stdout=said, stderr=said, start_new_session=True
        )
        try:
            while True:
                ended, status, usage = os.wait4(process.pid, os.WNOHANG)
                seconds = time.perf_counter() - begun
                if ended:
                    break
                if seconds > patience:
                    return None
                time.sleep(_EVERY_SECONDS)
            process.returncode = os.waitstatus_to_exitcode(status)
        finally:
            if process.returncode is None:
                end(process)
        said.seek(0)
        told = said.read().decode(errors="replace")
    if process.returncode != 0:
        why = signal.strsignal(-process.returncode) if process.returncode < 0 else f"status {process.returncode}"
        raise BenchError(f"{Path(str(command[0])).name} ended with {why}: {told.strip()[-300:]}")
    return Taken(seconds, usage.ru_maxrss * 1024, told)
