"""Journals whose end is torn, which is cut off, and journals that are damaged, of which nothing is served."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import run
from load import insertion, numbers, write
from running import ending, first_answer, start

pytestmark = pytest.mark.slow

INTERNALS = ("Traceback", "panicked", "RocksDB", "rocksdb")


def token_in(state: Path) -> str:
    return run("token", "create", "--role", "curator", "--state", state).stdout.strip()


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A state folder with a journal of five writes, and a token."""
    state = tmp_path_factory.mktemp("whole") / "state"
    token = token_in(state)
    with ending(start(state, "--empty")) as service:
        for number in range(5):
            assert write(service.url, token, insertion(number)).status_code == 204
    return state, token


@pytest.fixture
def written(whole: tuple[Path, str], tmp_path: Path) -> tuple[Path, str, Path]:
    """A state folder of the test's own, a token and a journal with five writes."""
    state = shutil.copytree(whole[0], tmp_path / "state")
    (journal,) = (state / "journal").glob("*.rdfp")
    return state, whole[1], journal


TAILS: dict[str, Callable[[bytes], bytes]] = {
    "the last row is missing": lambda c: c[:-5],
    "the last row has no line end": lambda c: c[:-1],
    "the last transaction stops in its rows": lambda c: c[: c.rindex(b"A <urn") + 20],
    "the last transaction stops in its head": lambda c: c[: c.rindex(b"H when") + 9],
}
MORE: dict[str, Callable[[bytes], bytes]] = {
    "half a head more": lambda c: c + b"H id <urn:uu",
    "zeros after it, as a lost power leaves them": lambda c: c + b"\0" * 4096,
}


@pytest.mark.parametrize("tear", [*TAILS.values(), *MORE.values()], ids=[*TAILS, *MORE])
def test_a_torn_end_of_the_journal_is_cut_off(tear: Callable[[bytes], bytes], written: tuple[Path, str, Path]) -> None:
    state, token, journal = written
    journal.write_bytes(tear(journal.read_bytes()))
    whole = set(range(5)) if tear in MORE.values() else set(range(4))
    with ending(start(state, "--empty")) as service:
        assert numbers(service.url) == whole
        assert write(service.url, token, insertion(9)).status_code == 204
        assert numbers(service.url) == whole | {9}
    with ending(start(state, "--empty")) as service:
        assert numbers(service.url) == whole | {9}


DAMAGED: dict[str, Callable[[bytes], bytes]] = {
    "a row that is another": lambda c: c.replace(b"<urn:n:1>", b"<urn:n:7>", 1),
    "a row that is gone": lambda c: re.sub(rb"A <urn:n:1>[^\n]*\n", b"", c, count=1),
    "garbage between": lambda c: c.replace(b"TC .\n", b"TC .\n\xff\xfe garbage\n", 1),
    "zeros between": lambda c: c.replace(b"TC .\n", b"TC .\n" + b"\0" * 512 + b"\n", 1),
    "a transaction that is gone": lambda c: b"TC .\n".join([*c.split(b"TC .\n")[:1], *c.split(b"TC .\n")[2:]]),
    "a transaction that is there twice": lambda c: c.split(b"TC .\n")[0] + b"TC .\n" + c,
    "a time that is none": lambda c: re.sub(rb'H when "[^"]*"', b'H when "yesterday"', c, count=1),
}


@pytest.mark.parametrize("damage", DAMAGED.values(), ids=DAMAGED)
def test_a_journal_damaged_in_its_middle_is_refused(
    damage: Callable[[bytes], bytes], written: tuple[Path, str, Path]
) -> None:
    """Nothing is served of it, nothing is added to it, and who runs the service is told what to do."""
    state, token, journal = written
    content = damage(journal.read_bytes())
    assert content != journal.read_bytes()
    journal.write_bytes(content)
    try:
        service = start(state, "--empty")
    except AssertionError as refusal:
        assert re.search("damaged.*restore", str(refusal))
        assert "Traceback" not in str(refusal)
        return
    with ending(service):
        answer = first_answer(service)
        assert (answer.status_code, service.get("/health/ready").status_code) == (503, 503)
        assert not any(internal in answer.text for internal in (*INTERNALS, str(state)))
        assert write(service.url, token, insertion(9)).status_code == 503
        assert journal.read_bytes() == content
        assert "Traceback" not in service.log.read_text()
        assert re.search(rf"{journal.name}:\d+: .*damaged.*restore", service.log.read_text()), service.log.read_text()


def test_tokens_that_are_damaged_are_explained(written: tuple[Path, str, Path]) -> None:
    state, token, _ = written
    (state / "tokens.json").write_text("[{")
    with ending(start(state, "--empty")) as service:
        answer = write(service.url, token, insertion(9))
        assert answer.status_code == 503
        assert str(state) not in answer.text
        assert len(numbers(service.url)) == 5
        assert "Traceback" not in service.log.read_text()
