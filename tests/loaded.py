"""State folders with the regional indicators, for the tests that ask of them."""

import shutil
import subprocess
from pathlib import Path


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
