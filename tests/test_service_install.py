"""The package as a user installs it, away from the checkout."""

import subprocess
import sys
from pathlib import Path

import pytest
from conftest import PROJECT


@pytest.mark.slow
def test_pip_install_brings_everything_along(tmp_path: Path) -> None:
    """`pip install .` in a fresh environment; then the command works from any folder, data and all."""
    venv, elsewhere = tmp_path / "venv", tmp_path / "elsewhere"
    elsewhere.mkdir()
    subprocess.run([sys.executable, "-m", "venv", venv], check=True)
    pip = [venv / "bin/pip", "install", "-qq", "--disable-pip-version-check", "--no-compile"]
    subprocess.run([*pip, "-c", constraints(tmp_path), PROJECT], check=True, cwd=elsewhere)

    def run(*arguments: str) -> str:
        command = [venv / "bin/districtgraph", *arguments]
        return subprocess.run(command, cwd=elsewhere, check=True, capture_output=True, text=True).stdout

    assert "Usage: districtgraph" in run("--help")
    assert "release" in run("build")
    assert "augmented reality" in run("ask", "brokerage", "actor=aiju")


def constraints(folder: Path) -> Path:
    """Return the lock file as constraints: the versions, without the hashes that a checkout cannot have."""
    lines = (PROJECT / "requirements.lock").read_text().splitlines()
    pinned = [line.removesuffix("\\").strip() for line in lines if line and not line.startswith((" ", "#"))]
    path = folder / "constraints.txt"
    path.write_text("\n".join(pinned) + "\n")
    return path
