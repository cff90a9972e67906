"""A load on a Dask cluster makes the same source as one in processes of this machine."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from conftest import COMMAND, PROJECT, run
from loaded import copy_state

from loaders.loading.source import loaded_in
from service.bench.process_tree import tree
from service.bench.snapshot import Snapshot, write_snapshot

pytestmark = pytest.mark.slow

DASK = str(Path(sys.executable).with_name("dask"))


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A snapshot of 24 files."""
    folder = tmp_path_factory.mktemp("snapshot")
    write_snapshot(Snapshot(2400, seed=5, of_file=100), folder)
    return folder


@pytest.fixture(scope="module")
def digest(snapshot: Path, excerpt_state: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The digest of the source that is read in processes."""
    state = tmp_path_factory.mktemp("whole") / "state"
    copy_state(excerpt_state, state)
    done = run("load", "literature", snapshot, "--state", state, cwd=excerpt_state.parent)
    assert done.returncode == 0, done.stderr
    return digest_in(state)


def digest_in(state: Path) -> str:
    (source,) = loaded_in(state)
    return str(source.about["digest"])


@contextmanager
def scheduler() -> Iterator[str]:
    """Run a scheduler, and give its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [DASK, "scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard", "--no-show"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield f"tcp://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


@contextmanager
def worker(address: str, folder: Path, code: Path = PROJECT) -> Iterator["subprocess.Popen[bytes]"]:
    """Run a worker of one thread, with our packages as they are in `code`."""
    options = ["--nworkers", "1", "--nthreads", "1", "--no-dashboard", "--local-directory", str(folder), "--no-nanny"]
    process = subprocess.Popen(
        [DASK, "worker", address, *options],
        cwd=code,
        env=os.environ | {"PYTHONPATH": str(code)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def test_several_processes_of_a_local_cluster_make_the_same(
    snapshot: Path, digest: str, excerpt_state: Path, tmp_path: Path
) -> None:
    copy_state(excerpt_state, tmp_path / "state")
    arguments = ["load", "literature", str(snapshot), "--cluster", "local", "--state", str(tmp_path / "state")]
    load = begun(arguments, tmp_path / "state", excerpt_state.parent)
    lines = [Path(f"/proc/{process}/cmdline").read_bytes() for process in tree(load.pid)[1:]]
    assert sum(b"multiprocessing.spawn" in line for line in lines) >= 2  # workers of Dask, and no others
    assert not any(b"forkserver" in line for line in lines)
    _, errors = load.communicate(timeout=120)
    assert load.returncode == 0, errors.decode()
    assert digest_in(tmp_path / "state") == digest


def begun(arguments: list[str], state: Path, folder: Path) -> "subprocess.Popen[bytes]":
    """Begin a load, and return it when it has read some parts."""
    load = subprocess.Popen([*COMMAND, *arguments], cwd=folder, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while len(list(state.glob("sources/.loading-literature/*.done"))) < 3:
        assert time.monotonic() < deadline
        assert load.poll() is None, load.communicate()
        time.sleep(0.05)
    return load


def test_a_cluster_that_loses_a_worker_makes_the_same(
    snapshot: Path, digest: str, excerpt_state: Path, tmp_path: Path
) -> None:
    copy_state(excerpt_state, tmp_path / "state")
    with scheduler() as address, worker(address, tmp_path / "1") as lost, worker(address, tmp_path / "2"):
        arguments = ["load", "literature", str(snapshot), "--cluster", address, "--state", str(tmp_path / "state")]
        load = begun(arguments, tmp_path / "state", excerpt_state.parent)
        assert tree(load.pid) == [load.pid]  # nothing is read by processes of its own
        lost.send_signal(signal.SIGKILL)
        _, errors = load.communicate(timeout=120)
        assert load.returncode == 0, errors.decode()
    assert digest_in(tmp_path / "state") == digest


@pytest.mark.parametrize("fault", ["nobody", "no workers", "other code"])
def test_a_cluster_that_cannot_do_it_is_told(fault: str, snapshot: Path, excerpt_state: Path, tmp_path: Path) -> None:
    copy_state(excerpt_state, tmp_path / "state")
    arguments = ["load", "literature", snapshot, "--state", tmp_path / "state", "--cluster"]
    with scheduler() as address:
        if fault == "nobody":
            done, message = (
                run(*arguments, "tcp://127.0.0.1:1", cwd=excerpt_state.parent),
                "no scheduler of Dask answers",
            )
        elif fault == "no workers":
            done, message = run(*arguments, address, cwd=excerpt_state.parent), "has no worker"
        else:
            for package in ("ontology", "queries", "loaders"):
                shutil.copytree(PROJECT / package, tmp_path / "code" / package)
            (tmp_path / "code/loaders/more.py").write_text("")
            with worker(address, tmp_path / "1", tmp_path / "code"):
                done = run(*arguments, address, cwd=excerpt_state.parent)
            message = "has another version of districtgraph"
    assert done.returncode == 2, done.stderr
    assert re.search(message, done.stderr), done.stderr
    assert "Traceback" not in done.stderr
    assert loaded_in(tmp_path / "state") == []
