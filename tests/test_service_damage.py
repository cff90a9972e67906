"""Releases that are damaged: a message that names what to do, never an answer that is wrong."""

import re
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import COMMAND, run
from load import LABEL, rows
from running import Running, ending, first_answer, start, wait_until
from watch import dataset

pytestmark = pytest.mark.slow

INTERNALS = ("Traceback", "panicked", "RocksDB", "rocksdb")


@pytest.fixture
def state(excerpt_state: Path, tmp_path: Path) -> Path:
    """A state folder of the test's own."""
    return shutil.copytree(excerpt_state, tmp_path / "state", symlinks=True)


@pytest.fixture(scope="module")
def right(excerpt_state: Path) -> object:
    """What a release that is not damaged answers."""
    with ending(start(excerpt_state)) as sound:
        wait_until(lambda: first_answer(sound).status_code == 200, 20)
        return dataset(sound)


def token_in(state: Path) -> str:
    return run("token", "create", "--role", "curator", "--state", state).stdout.strip()


def cut(path: Path, at: Callable[[bytes], int]) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: at(content)])


def other_quad(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b'"Toy Valley"', b'"Boy Valley"', 1))


def damage_index(folder: Path) -> None:
    for file in folder.iterdir():
        file.write_bytes(b"x" * file.stat().st_size)


# What is done to the current release.
DAMAGES: dict[str, Callable[[Path], object]] = {
    "quads cut within a line": lambda r: cut(r / "dataset.nq", lambda c: len(c) // 2 - 20),
    "quads cut after a line": lambda r: cut(r / "dataset.nq", lambda c: c.index(b"\n", len(c) // 2) + 1),
    "quads that are garbage": lambda r: (r / "dataset.nq").write_bytes(bytes(range(256)) * 1000),
    "no quads at all": lambda r: (r / "dataset.nq").write_bytes(b""),
    "no file of quads": lambda r: (r / "dataset.nq").unlink(),
    "one quad that is another": lambda r: other_quad(r / "dataset.nq"),
    "an index that is garbage": lambda r: damage_index(r / "index"),
    "no index": lambda r: shutil.rmtree(r / "index"),
    "a manifest that is garbage": lambda r: (r / "manifest.json").write_bytes(b"{\xff"),
    "no manifest": lambda r: (r / "manifest.json").unlink(),
    "no ontology": lambda r: (r / "ontology.zip").unlink(),
    "an ontology that is garbage": lambda r: (r / "ontology.zip").write_bytes(b"PK\x03\x04garbage"),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_release_is_refused_or_answers_rightly(
    damage: Callable[[Path], object], state: Path, right: object
) -> None:
    release = (state / "current").resolve()
    damage(release)
    try:
        service = start(state)
    except AssertionError as refusal:
        assert "damaged" in str(refusal)
        assert "build" in str(refusal)
        assert "Traceback" not in str(refusal)
        return
    with ending(service):
        answer = first_answer(service)
        if answer.status_code == 200:
            assert "Toy Valley" in answer.text
            assert dataset(service) == right
            assert service.get("/health/ready").status_code == 200
        else:
            assert (answer.status_code, service.get("/health/ready").status_code) == (503, 503)
            assert re.search("damaged.*build", answer.json()["detail"])
            assert not any(internal in answer.text for internal in (*INTERNALS, str(state)))
        for path in ("/", "/ontology", "/api/stats", "/api/queries", "/health/live"):
            page = service.get(path)
            assert page.status_code in (200, 503), f"{path}: {page.status_code}"
            assert not any(internal in page.text for internal in (*INTERNALS, str(state)))
        assert not any(internal in service.log.read_text() for internal in INTERNALS), service.log.read_text()[-2000:]


@pytest.mark.parametrize("name", ["an index that is garbage", "no index"])
def test_the_command_line_explains_a_damaged_index(name: str, state: Path) -> None:
    DAMAGES[name]((state / "current").resolve())
    asked = run("query", "ASK {}", "--state", state)
    assert (asked.returncode, asked.stdout) == (2, "")
    assert re.search("damaged.*build", asked.stderr)
    assert not any(internal in asked.stderr for internal in INTERNALS)


def test_a_release_that_is_damaged_leaves_the_last_that_was_not(state: Path) -> None:
    broken = state / "releases" / "0123456789abcdef"
    shutil.copytree((state / "current").resolve(), broken)
    (broken / "dataset.nq").write_bytes(b"garbage")
    with ending(start(state)) as service:
        wait_until(lambda: first_answer(service).status_code == 200, 20)
        before = dataset(service)
        link = state / ".current-new"
        link.symlink_to(Path("releases") / broken.name)
        link.replace(state / "current")
        time.sleep(2)
        assert dataset(service) == before
        assert "Traceback" not in service.log.read_text()
        assert re.search("damaged.*build", service.log.read_text())


def test_a_release_that_is_repaired_is_taken_up_without_a_restart(state: Path) -> None:
    quads = (state / "current").resolve() / "dataset.nq"
    sound = quads.read_bytes()
    quads.write_bytes(b"garbage")
    with ending(start(state)) as service:
        assert first_answer(service).status_code == 503
        quads.write_bytes(sound)
        wait_until(lambda: rows_or_nothing(service) == ["Toy Valley"], 10)


def rows_or_nothing(service: Running) -> list[str]:
    try:
        return rows(service.url, LABEL)
    except AssertionError:
        return []


def test_a_port_in_use_leaves_everything_as_it_was(state: Path) -> None:
    with ending(start(state)) as service:
        second = subprocess.run(
            [*COMMAND, "serve", "--state", str(state), "--port", str(service.port)],
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert (second.returncode, second.stdout) == (2, "")
        assert f"port {service.port}" in second.stderr
        assert "--port" in second.stderr
        assert "Traceback" not in second.stderr
        wait_until(lambda: first_answer(service).status_code == 200, 20)
