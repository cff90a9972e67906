"""Runs a command in a process of its own, and tells what it took and left on the disk."""

import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from service.bench.errors import BenchError
from service.bench.memory import MemoryWatch
from service.bench.process_tree import end

_EVERY_SECONDS = 0.01


@dataclass(frozen=True)
class Taken:
    """How long a command took, the most memory of it and all that it started together, and what it said."""

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
            with MemoryWatch(process.pid) as watch:
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
    # The watch does not see what is over within a second; the system does, but of the largest process alone.
    return Taken(seconds, max(watch.peak, usage.ru_maxrss * 1024), told)


def disk_bytes(folder: Path) -> int:
    """Return how much of the disk the files in a folder take; one that stands there by several names counts once."""
    taken = (path.stat() for path in folder.rglob("*") if path.is_file())
    return sum({(file.st_dev, file.st_ino): file.st_blocks * 512 for file in taken}.values())
