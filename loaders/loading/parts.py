"""Reads parts into sorted runs: in processes of this machine, as other engines may too."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from pathlib import Path

from loaders.errors import Fault, ReleaseError
from loaders.loading.plan import Part
from loaders.loading.sorting import write_runs

MOST_FAULTS = 100


@dataclass(frozen=True)
class ReadPart:
    """A part that was read: the names of its runs, how many records were refused, and why the first of them were."""

    key: str
    runs: Sequence[str]
    refused: int = 0
    faults: Sequence[Fault] = field(default_factory=tuple)


Reader = Callable[[Sequence[Part], Path], Iterator[ReadPart]]
"""Reads parts into runs in a folder, and gives each when its runs are whole, in any order."""


def read_part(part: Part, folder: Path) -> ReadPart:
    """Read a part into runs in `folder`. Raises OSError."""
    faults: list[Fault] = []
    refused = 0

    def fault(file: str, line: int, message: str) -> None:
        nonlocal refused
        refused += 1
        if len(faults) < MOST_FAULTS:
            faults.append(Fault(file, line, message))

    runs = write_runs(part.triples(fault), folder, part.key)
    return ReadPart(part.key, [run.name for run in runs], refused, faults)


def in_processes(parts: Sequence[Part], folder: Path) -> Iterator[ReadPart]:
    """Read parts in as many processes as there are cores. Raises OSError, or ReleaseError where one is ended."""
    if len(parts) < 2:
        yield from (read_part(part, folder) for part in parts)
        return
    context = multiprocessing.get_context("forkserver")
    with ProcessPoolExecutor(os.cpu_count(), context, _live_as_long_as_parent) as pool:
        is_done = False
        try:
            for future in as_completed([pool.submit(read_part, part, folder) for part in parts]):
                yield future.result()
            is_done = True
        except BrokenProcessPool as error:
            message = "a process that reads was ended, maybe for want of memory; load again, what was read is kept"
            raise ReleaseError(message) from error
        finally:
            if not is_done:  # a part fails, or somebody interrupts: nobody waits for what is begun
                for process in multiprocessing.active_children():
                    process.terminate()
            pool.shutdown(cancel_futures=True)


def _live_as_long_as_parent() -> None:
    """Leave interrupts to the process that reads for somebody, and end with it, however that ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)
