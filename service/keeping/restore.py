"""Restores a backup into a state folder: unpacked and verified in a folder of its own first, then put in place as one.

`.restoring` is what is unpacked so far. When that is whole it is renamed to `.restored`: from then on the state is the
restored one, and whoever uses the state folder next finishes what was not done (`resume_restore`).
"""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from loaders.durable import sync
from loaders.loading.source import FOLDER as SOURCES
from loaders.progress import Pace, Tell
from loaders.releases import Releases
from service.engine.turns import taken_now
from service.errors import BackupError
from service.keeping.backup import Held, opened
from service.store.journal import Journal

_RESTORING, _RESTORED, _WITHOUT = ".restoring", ".restored", "without-"
_ITEMS = ("tokens.json", "journal", SOURCES, "releases", "before", "current")
_TOKENS, _JOURNAL, _, _RELEASES, _BEFORE, _CURRENT = _ITEMS
_DEEPEST = 10
_OF_NO_WEIGHT = {"build.lock", "tokens.lock", "snapshots"}


def is_in_use(state: Path) -> bool:
    """Tell whether a folder has something in it that is no lock or left behind."""
    names = {path.name for path in state.glob("[!.]*")} if state.is_dir() else set()
    if names & {_TOKENS, _CURRENT} or names - {*_ITEMS, *_OF_NO_WEIGHT}:
        return True
    return bool(Releases(state).all() or Journal(state / _JOURNAL).size())


def restore_backup(path: Path, state: Path, progress: Tell, replace: Callable[[Held], bool]) -> Held | None:
    """Restore a backup; where the state folder has something in it, only if `replace` is true of what is restored.

    Returns what was restored, if it was. Raises BackupError where the backup is not as it was made, or the folder
    cannot be written; then the state is what it was. Raises ReleaseError or EngineError where others are at work in it.
    """
    had_something = is_in_use(state)
    try:
        with Releases(state).building(), _unpacked(path, state, progress) as (folder, held):
            if had_something and not replace(held):
                return None
            with taken_now(Journal(state / _JOURNAL)):
                folder.rename(state / _RESTORED)
                sync(state)
                _put_in_place(state)
    except OSError as error:
        raise BackupError(f"{path} cannot be restored into {state} ({error.strerror})") from error
    return held


def resume_restore(state: Path) -> None:
    """Finish what a restore was killed at that had unpacked and verified all. Raises ReleaseError or EngineError."""
    if not (state / _RESTORED).is_dir():
        return
    with Releases(state).building(), taken_now(Journal(state / _JOURNAL)):
        if (state / _RESTORED).is_dir():
            _put_in_place(state)


def _put_in_place(state: Path) -> None:
    """Put in place what was restored; what was there before goes. To be gone on with where it was killed."""
    restored = state / _RESTORED
    for name in _ITEMS:
        new, without = restored / name, restored / (_WITHOUT + name)
        if os.path.lexists(new) or without.exists():
            if os.path.lexists(state / name):
                (state / name).rename(Path(tempfile.mkdtemp(dir=restored)) / name)
            if os.path.lexists(new):
                new.rename(state / name)
            else:
                without.unlink()
    sync(state)
    done = Path(tempfile.mkdtemp(prefix=_RESTORING, dir=state))
    restored.rename(done / _RESTORED)
    shutil.rmtree(done)


@contextmanager
def _unpacked(path: Path, state: Path, progress: Tell) -> Iterator[tuple[Path, Held]]:
    """Unpack a backup, and remove what is still there of it after the block."""
    for left_behind in state.glob(_RESTORING + "*"):
        shutil.rmtree(left_behind)
    folder = state / _RESTORING
    folder.mkdir()
    try:
        for name in (_JOURNAL, _RELEASES):
            (folder / name).mkdir()
        pace = Pace(progress, lambda size: f"{size // 1_000_000} MB unpacked and verified")
        held = opened(path, lambda name, content: _write(folder, name, content, pace))
        _complete(folder, held)
        yield folder, held
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _write(folder: Path, name: str, content: BinaryIO, pace: Pace) -> None:
    """Write a file of a backup, whose name leaves no folder, to its place. Raises BackupError or OSError."""
    first, *below = Path(name).parts
    deep = {_JOURNAL: (1,), SOURCES: (2,), _RELEASES: range(2, _DEEPEST)}
    if name != _TOKENS and len(below) not in deep.get(first, ()):
        raise BackupError(f"it has {name[:200]!r}, which is no part of a state folder")
    place = folder / name
    place.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600 if name == _TOKENS else 0o666)
    with os.fdopen(descriptor, "wb") as file:
        while piece := content.read(1 << 20):
            file.write(piece)
            pace.add(len(piece))
        file.flush()
        os.fsync(file.fileno())


def _complete(folder: Path, held: Held) -> None:
    """Add which release is current, and what the restored state is to be without. Raises BackupError."""
    there = {path.name for path in (folder / _RELEASES).iterdir()}
    if there != set(held.releases):
        raise BackupError("it has other releases than it tells of")
    for name, id_ in ((_CURRENT, held.current), (_BEFORE, held.before)):
        if id_ is not None:
            (folder / name).symlink_to(Path(_RELEASES) / id_)
    for name in _ITEMS:
        if not os.path.lexists(folder / name):
            (folder / (_WITHOUT + name)).touch()
    for below in [Path(parent) for parent, _, _ in os.walk(folder)]:
        sync(below)
