"""What the pages take from npm is put into the package whole, or not at all, and what is fetched has a digest."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import PROJECT

LOCKS = ("service/parts", "tests/comunica", "tests/axe")


def install(project: Path, path: str) -> subprocess.CompletedProcess[str]:
    """Run the installer in a copy of the package, with what is in `path` alone."""
    command = [sys.executable, "-m", "service.parts.install"]
    return subprocess.run(
        command, cwd=project, env=os.environ | {"PATH": path}, capture_output=True, text=True, timeout=400
    )


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A copy of what the installer is made of, with parts of an older version."""
    shutil.copytree(PROJECT / "service/parts", tmp_path / "service/parts")
    (tmp_path / "service/__init__.py").touch()
    (tmp_path / "service/static/parts").mkdir(parents=True)
    (tmp_path / "service/static/parts/older.js").touch()
    return tmp_path


def held(project: Path) -> list[str]:
    return sorted(path.name for path in (project / "service/static").rglob("*") if path.is_file())


def fake_npm(folder: Path, script: str) -> str:
    """Return a PATH with an npm that does as `script` says."""
    folder.mkdir()
    (folder / "npm").write_text(f"#!/bin/sh\n{script}\n")
    (folder / "npm").chmod(0o755)
    return f"{folder}:/usr/bin:/bin"


def test_without_npm_it_says_what_to_install_and_leaves_what_there_is(copied: Path, tmp_path: Path) -> None:
    done = install(copied, str(tmp_path / "nothing"))
    assert (done.returncode, "apt-get install nodejs npm" in done.stderr) == (1, True)
    assert "Traceback" not in done.stderr
    assert held(copied) == ["older.js"]


@pytest.mark.parametrize(
    ("script", "told"),
    [
        ("echo network is down >&2; exit 1", "npm failed: network is down"),
        ("mkdir -p node_modules/cytoscape", "lacks"),
    ],
)
def test_what_npm_does_not_bring_is_told_and_nothing_is_half_done(
    script: str, told: str, copied: Path, tmp_path: Path
) -> None:
    done = install(copied, fake_npm(tmp_path / "bin", script))
    assert (done.returncode, told in done.stderr) == (1, True), done.stderr
    assert "Traceback" not in done.stderr
    assert held(copied) == ["older.js"]


@pytest.mark.slow
def test_the_parts_are_those_of_the_lock_file_with_their_licences(copied: Path) -> None:
    if shutil.which("npm") is None:
        pytest.skip("npm is not installed (Debian: nodejs npm)")
    done = install(copied, os.environ["PATH"])
    assert (done.returncode, done.stderr) == (0, "")
    assert {"combobox-nav.js", "cytoscape.js", "yasqe.js", "licences.txt"} <= {*held(copied)}
    assert "older.js" not in held(copied)
    licences = (copied / "service/static/parts/licences.txt").read_text()
    # CodeMirror is inside of what yasqe brings.
    assert [name for name in ("cytoscape 3", "@github/combobox-nav", "codemirror 5") if name not in licences] == []
    assert "Permission is hereby granted" in licences


@pytest.mark.parametrize("folder", LOCKS)
def test_a_lock_file_has_every_package_with_its_digest(folder: str) -> None:
    locked = json.loads((PROJECT / folder / "package-lock.json").read_text())["packages"]
    packages = {name: package for name, package in locked.items() if name}
    assert packages
    assert [name for name, package in packages.items() if "integrity" not in package] == []
