"""A server's processes: it and all that it started, their memory, whether they are at work, and their end."""

import os
import signal
import subprocess
import time
from collections import defaultdict
from contextlib import suppress
from pathlib import Path

_PROC = Path("/proc")
_TICKS = os.sysconf("SC_CLK_TCK")


def tree(root: int) -> list[int]:
    """Return the process `root` and all below it that live."""
    children = defaultdict(list)
    for stat in _PROC.glob("[0-9]*/stat"):
        if fields := _fields(stat):
            children[int(fields[1])].append(int(stat.parent.name))
    found = [root]
    for process in found:
        found += children[process]
    return found


def proportional_bytes(root: int) -> int:
    """Return the memory of a process and all below it, where each page counts once, however many share it (PSS)."""
    return sum(_proportional(process) for process in tree(root))


def processor_seconds(root: int) -> float:
    """Return the processor time that a process and those below it which live have taken."""
    times = [_fields(_PROC / str(process) / "stat") for process in tree(root)]
    return sum(int(fields[11]) + int(fields[12]) for fields in times if fields) / _TICKS


def settle(root: int, most_seconds: float) -> bool:
    """Wait until a process and those below it do next to nothing; return whether they came to that."""
    until, before = time.monotonic() + most_seconds, processor_seconds(root)
    while time.monotonic() < until:
        time.sleep(0.25)
        now = processor_seconds(root)
        if abs(now - before) <= 0.02:
            return True
        before = now
    return False


def end(process: "subprocess.Popen[bytes]", grace_seconds: float = 10) -> None:
    """End a process: first by asking, then by force, and then all below it that are left."""
    below = tree(process.pid)[1:]
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(grace_seconds)
    process.kill()
    process.wait()
    for left in below:
        if _fields(_PROC / str(left) / "stat"):
            with suppress(ProcessLookupError):
                os.kill(left, signal.SIGKILL)


def _fields(stat: Path) -> list[str]:
    """Return what follows the name in /proc/<pid>/stat; nothing where the process has ended."""
    try:
        fields = stat.read_text().rpartition(")")[2].split()
    except OSError:
        return []
    return [] if fields[0] in "ZX" else fields


def _proportional(process: int) -> int:
    try:
        lines = (_PROC / str(process) / "smaps_rollup").read_text().splitlines()
    except OSError:  # it has ended
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))
