"""Backups are made while others write, verified, and restored whole: the old state or the new one."""

import io
import random
import shutil
import subprocess
import tarfile
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard
from conftest import COMMAND, run
from load import check, insertion, journaled, numbers, under_load, write
from running import ending, start

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def kept(excerpt_state: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, str]:
    """A state folder with a release, writes and a token, a backup of it, and the token."""
    folder = tmp_path_factory.mktemp("kept")
    state = shutil.copytree(excerpt_state, folder / "state", symlinks=True)
    token = run("token", "create", "--role", "curator", "--state", state).stdout.strip()
    with ending(start(state)) as service:
        for number in range(3):
            assert write(service.url, token, insertion(number)).status_code == 204
    more = state / "current/sources/some/where.txt"  # what a later version keeps in a release
    more.parent.mkdir(parents=True)
    more.write_text("more")
    made = run("backup", folder / "backup", "--state", state)
    assert made.returncode == 0, made.stderr
    return state, folder / "backup", token


def content_of(state: Path) -> dict[str, bytes]:
    """Return all that counts in a state folder."""
    found = {}
    for path in sorted(state.rglob("*")):
        name = str(path.relative_to(state))
        if name.startswith("."):
            continue  # what a killed restore had not finished
        if path.is_symlink():
            found[name] = str(path.readlink()).encode()
        elif path.is_file() and not name.startswith(".") and not name.endswith("lock"):
            found[name] = path.read_bytes()
    return found


def test_what_was_backed_up_is_restored_and_served(kept: tuple[Path, Path, str], tmp_path: Path) -> None:
    state, backup, token = kept
    assert run("backup", "--verify", backup).returncode == 0
    restored = run("restore", backup, "--state", tmp_path / "new")
    assert restored.returncode == 0, restored.stderr
    assert content_of(tmp_path / "new") == content_of(state)
    assert (tmp_path / "new/tokens.json").stat().st_mode & 0o777 == backup.stat().st_mode & 0o777 == 0o600
    with ending(start(tmp_path / "new")) as service:
        assert numbers(service.url) == {0, 1, 2}
        assert write(service.url, token, insertion(3)).status_code == 204
    with tarfile.open(
        fileobj=io.BytesIO(zstandard.ZstdDecompressor().stream_reader(backup.read_bytes()).read())
    ) as tar:
        tar.extractall(tmp_path / "by hand", filter="data")
    summed = subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=tmp_path / "by hand")
    assert summed.returncode == 0


def test_a_backup_under_load_has_all_that_was_acknowledged_before(kept: tuple[Path, Path, str], tmp_path: Path) -> None:
    _, backup, token = kept
    state = tmp_path / "state"
    assert run("restore", backup, "--state", state).returncode == 0
    (state / "journal/000001.rdfp").unlink()
    with ending(start(state)) as service:
        with under_load(service.url, token) as load:
            while len(load.acknowledged) < 5:
                time.sleep(0.05)
            before = set(load.acknowledged)
            made = run("backup", tmp_path / "backup", "--state", state)
            assert made.returncode == 0, made.stderr
            sent = set(load.sent)
        check(load, state)
    assert run("restore", tmp_path / "backup", "--state", tmp_path / "new").returncode == 0
    assert before <= set(journaled(tmp_path / "new")) <= sent
    assert content_of(state)["journal/000001.rdfp"].startswith(content_of(tmp_path / "new")["journal/000001.rdfp"])


def packed(backup: Path, change: Callable[[str], str | None], more: tuple[tarfile.TarInfo, ...] = ()) -> bytes:
    """Return a backup with other names of its files, and entries more."""
    out = io.BytesIO()
    with (
        tarfile.open(fileobj=io.BytesIO(zstandard.ZstdDecompressor().stream_reader(backup.read_bytes()).read())) as tar,
        tarfile.open(fileobj=out, mode="w") as changed,
    ):
        for entry in tar:
            if (name := change(entry.name)) is not None:
                content = tar.extractfile(entry)
                entry.name = name
                changed.addfile(entry, content)
        for entry in more:
            changed.addfile(entry, io.BytesIO(b""))
    return zstandard.ZstdCompressor().compress(out.getvalue())


def link(name: str, target: str) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.type, entry.linkname = tarfile.SYMTYPE, target
    return entry


def flipped(content: bytes) -> bytes:
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]


DAMAGES: dict[str, Callable[[Path], bytes]] = {
    "empty": lambda b: b"",
    "no backup": lambda b: b"a letter",
    "some other compressed file": lambda b: zstandard.ZstdCompressor().compress(b"a letter" * 1000),
    "a backup that goes on": lambda b: b.read_bytes() + b"more",
    "a bit that is another": lambda b: flipped(b.read_bytes()),
    "a file that is gone": lambda b: packed(b, lambda n: None if n.endswith("queries.zip") else n),
    "no digests": lambda b: packed(b, lambda n: None if n == "SHA256SUMS" else n),
    "a file more": lambda b: packed(b, lambda n: n, (tarfile.TarInfo("journal/000009.rdfp"),)),
    "a path that leaves the folder": lambda b: packed(b, lambda n: "../" + n if n == "tokens.json" else n),
    "a path from the root": lambda b: packed(b, lambda n: "/tmp/x" if n == "tokens.json" else n),
    "a link": lambda b: packed(b, lambda n: None if n == "SHA256SUMS" else n, (link("releases/x", "/etc"),)),
    "another name for the journal": lambda b: packed(b, lambda n: n.replace("journal/", "journel/")),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_backup_is_refused_and_changes_nothing(
    damage: Callable[[Path], bytes], kept: tuple[Path, Path, str], tmp_path: Path
) -> None:
    (tmp_path / "backup").write_bytes(damage(kept[1]))
    restored = run("restore", tmp_path / "backup", "--state", tmp_path / "state", "--yes")
    assert restored.returncode == 2, restored.stdout
    assert str(tmp_path / "backup") in restored.stderr and "Traceback" not in restored.stderr
    assert content_of(tmp_path / "state") == {}
    assert not list((tmp_path / "state").glob(".*"))
    assert run("backup", "--verify", tmp_path / "backup").returncode == 2


def test_a_backup_cut_off_anywhere_is_refused(kept: tuple[Path, Path, str]) -> None:
    from service.errors import BackupError
    from service.keeping.archive import unpack

    content = kept[1].read_bytes()
    for length in (1, 100, *(random.Random(1).randrange(len(content)) for _ in range(10)), len(content) - 1):
        with pytest.raises(BackupError):
            unpack(io.BytesIO(content[:length]), lambda name, file: None)


def test_a_state_that_has_something_is_replaced_only_if_that_is_confirmed(
    kept: tuple[Path, Path, str], tmp_path: Path
) -> None:
    state = tmp_path / "state"
    assert run("token", "create", "--role", "admin", "--state", state).returncode == 0
    before = content_of(state)
    assert run("restore", kept[1], "--state", state).returncode == 1
    assert content_of(state) == before
    assert run("restore", kept[1], "--state", state, "--yes").returncode == 0
    assert content_of(state) == content_of(kept[0])
    assert run("backup", kept[1], "--state", state).returncode == 1  # the file is there


# Restores, and dies at one of the calls that change the disk; it tells each of them.
DYING = """
import os, sys
moment = int(sys.argv.pop(1))
def dying(name, real):
    def call(*arguments, **options):
        global moment
        print(name, *arguments, file=sys.stderr)
        moment -= 1
        if moment < 0:
            os.kill(os.getpid(), 9)
        return real(*arguments, **options)
    return call
for name in ("rename", "mkdir", "unlink"):
    setattr(os, name, dying(name, getattr(os, name)))
"""


def test_a_restore_killed_at_any_moment_leaves_the_old_state_or_the_new(
    kept: tuple[Path, Path, str], tmp_path: Path
) -> None:
    """The next command finds one of both, and finishes what is to be done."""
    state, new = tmp_path / "state", content_of(kept[0])

    def restored(moment: int) -> tuple[int, bool, list[str]]:
        shutil.rmtree(state, ignore_errors=True)
        assert run("token", "create", "--role", "admin", "--state", state).returncode == 0
        old = content_of(state)
        arguments = (moment, "restore", kept[1], "--state", state, "--yes")
        done = subprocess.run([*map(str, (COMMAND[0], "-c", DYING + COMMAND[2], *arguments))], capture_output=True)
        run("releases", "--state", state)
        left = content_of(state)
        assert left in (old, new)
        return done.returncode, left == new, done.stderr.decode().splitlines()

    status, is_new, told = restored(1_000_000)
    assert (status, is_new) == (0, True)
    calls = [line for line in told if line.startswith(("rename ", "mkdir ", "unlink "))]
    whole = next(number for number, call in enumerate(calls) if call.endswith("/.restored"))
    for moment in (whole // 2, whole):
        assert restored(moment)[:2] == (-9, False)
    for moment in range(whole + 1, whole + 12, 2):
        assert restored(moment)[:2] == (-9, True)


def test_nothing_to_back_up_and_a_damaged_release_are_explained(kept: tuple[Path, Path, str], tmp_path: Path) -> None:
    empty = run("backup", tmp_path / "backup", "--state", tmp_path / "none")
    assert (empty.returncode, "nothing to back up" in empty.stderr) == (2, True)
    state = shutil.copytree(kept[0], tmp_path / "state", symlinks=True)
    with (state / "current/dataset.nq").open("ab") as file:
        file.write(b"more\n")
    damaged = run("backup", tmp_path / "backup", "--state", state)
    assert (damaged.returncode, "is damaged" in damaged.stderr) == (2, True)
    assert not [path for path in tmp_path.iterdir() if "backup" in path.name]
