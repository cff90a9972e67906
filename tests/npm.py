"""Installs what a test takes from npm, by a lock file of the tests."""

import hashlib
import shutil
import subprocess
from pathlib import Path

import pytest
from conftest import PROJECT, one_at_a_time


def installed(config: pytest.Config, name: str) -> Path:
    """Return the folder of the packages that `tests/{name}` names, installed once into the cache of pytest."""
    if shutil.which("npm") is None or shutil.which("node") is None:
        pytest.skip("node is not installed (Debian: nodejs npm)")
    locked = PROJECT / "tests" / name
    digest = hashlib.sha256((locked / "package-lock.json").read_bytes()).hexdigest()[:16]
    assert config.cache is not None
    folder = config.cache.mkdir(f"{name}-{digest}")
    with one_at_a_time(folder):
        if not (folder / "installed").exists():
            for file in ("package.json", "package-lock.json"):
                shutil.copyfile(locked / file, folder / file)
            command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
            done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=600)
            if done.returncode != 0:
                pytest.skip(f"npm does not install what tests/{name} names: {done.stderr[-300:]}")
            (folder / "installed").touch()
    return folder / "node_modules"
