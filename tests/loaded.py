"""State folders with loaded sources, for the tests that ask of them, and loads that are ended before they are done."""

import os
import random
import shutil
import signal
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

from conftest import COMMAND, run

from loaders.loading.source import loaded_in


def copy_state(state: Path, folder: Path) -> None:
    """Copy a state folder by hard links, but for its locks: what is published is not changed any more."""
    shutil.rmtree(folder, ignore_errors=True)
    subprocess.run(["cp", "-al", state, folder], check=True)
    for lock in (folder / "build.lock", *folder.glob("sources/.lock-*")):
        lock.unlink(missing_ok=True)


def cut(indicators: Path, folder: Path, rows: int) -> Path:
    """Return a copy of the indicators with so many rows: those of the Valencian region first."""
    lines = (indicators / "I40_indicator_db.tsv").read_bytes().splitlines(keepends=True)
    wanted = [line for line in lines if line.startswith(b"ES52\t")] + lines[1:]
    folder.mkdir(exist_ok=True)
    (folder / "I40_indicator_db.tsv").write_bytes(lines[0] + b"".join(dict.fromkeys(wanted[:rows])))
    shutil.copy(indicators / "column_description.tsv", folder)
    (folder / "column_description.tsv").chmod(0o644)
    return folder


def end_at_random(arguments: Sequence[object], state: Path, cwd: Path, latest: float) -> None:
    """Begin a load twice and end it some moment after it says something, `latest` seconds at most.

    What is there then is whole.
    The folder `cwd` has the packages that are run.
    """
    for number in (signal.SIGKILL, signal.SIGINT):
        load = subprocess.Popen(
            [*COMMAND, *map(str, arguments)], stderr=subprocess.PIPE, text=True, start_new_session=True, cwd=cwd
        )
        assert load.stderr is not None
        assert load.stderr.readline()
        time.sleep(random.uniform(0, latest))
        os.killpg(load.pid, number)
        _, errors = load.communicate(timeout=30)
        assert "Traceback" not in errors
        for source in loaded_in(state):
            source.verify()
        assert run("ask", "--state", state, cwd=cwd).returncode == 0
