"""Makes a backup of a state folder while it is served: releases, which of them is current, writes and tokens."""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from loaders.canonical import id_of_digest
from loaders.current import current_id, id_before
from loaders.durable import sync, writing
from loaders.errors import ReleaseError
from loaders.loading.source import ABOUT, loaded_in
from loaders.loading.source import FOLDER as SOURCES
from loaders.progress import Pace, Tell
from loaders.release import Release
from loaders.releases import Releases
from loaders.retention import hold
from service.errors import BackupError
from service.http.tokens import Tokens
from service.keeping.archive import Writer, packing, unpack
from service.store.journal import Journal


@dataclass(frozen=True)
class Held:
    """What a backup holds: when it was made, its releases, which of them is current, and how many writes and tokens."""

    made: str
    releases: tuple[str, ...]
    current: str | None
    before: str | None
    writes: int
    tokens: int

    @classmethod
    def of(cls, about: dict[str, Any]) -> "Held":
        """Return what a backup tells of itself. Raises BackupError."""
        match about:
            case {"made": str(made), "releases": [*releases], "writes": int(writes), "tokens": int(tokens)}:
                ids = tuple(map(str, releases))
                current, before = (str(about[key]) if about.get(key) in ids else None for key in ("current", "before"))
                return cls(made, ids, current, before, writes, tokens)
        raise BackupError("it is no backup of districtgraph")


def make_backup(state: Path, path: Path, progress: Tell, *, only_current: bool = False) -> Held:
    """Write a backup of a state folder to a file, verify it, and return what it holds.

    Raises BackupError, ReleaseError, EngineError where something of the state is damaged; then no file is there that
    was not there before.
    """
    current = current_id(state)
    releases = [release for release in Releases(state).all() if release.id == current or not only_current]
    journal, tokens = Journal(state / "journal"), Tokens(state)
    place = journal.end()
    if not releases and not place.count and not tokens.all():
        raise BackupError(f"nothing to back up in {state}: it has no release, no writes and no tokens")
    before = id_before(state)
    held = Held(_now(), tuple(release.id for release in releases), current, before, place.count, len(tokens.all()))
    beside = path.with_name(f".{path.name}-new")
    try:
        with ExitStack() as holding, writing(path) as file:
            os.fchmod(file.fileno(), 0o600)  # it has tokens, and graphs that are not for everybody
            for release in releases:
                holding.enter_context(hold(release))
            with packing(file, _about(held)) as writer:
                pace = Pace(progress, lambda size: f"{size // 1_000_000} MB read")
                for release in releases:
                    progress(f"release {release.id}")
                    _add_release(writer, release, pace)
                for source in loaded_in(state):
                    for file_ in (source.triples, source.folder / ABOUT):
                        _add_if_there(writer, f"{SOURCES}/{source.name}/{file_.name}", file_, pace)
                for part, size in journal.parts(place):
                    with part.open("rb") as content:
                        writer.add(f"journal/{part.name}", content, size, pace.add)
                _add_if_there(writer, "tokens.json", state / "tokens.json", pace)
            file.flush()
            progress("verifying")
            verify_backup(Path(file.name), progress)
        sync(path.parent)
    except OSError as error:
        raise BackupError(f"the backup {path} cannot be made ({error})") from error
    finally:
        beside.unlink(missing_ok=True)
    return held


def verify_backup(path: Path, progress: Tell) -> Held:
    """Read a whole backup, and return what it holds. Raises BackupError where it is not as it was made."""
    pace = Pace(progress, lambda size: f"{size // 1_000_000} MB verified")

    def look(name: str, content: BinaryIO) -> None:
        while piece := content.read(1 << 20):
            pace.add(len(piece))

    return opened(path, look)


def opened(path: Path, take: Any) -> Held:
    """Unpack a backup as service.keeping.archive does, with errors that name the file. Raises BackupError."""
    try:
        with path.open("rb") as file:
            return Held.of(unpack(file, take))
    except OSError as error:
        raise BackupError(f"{path} cannot be read ({error.strerror})") from error
    except BackupError as error:
        raise BackupError(f"{path}: {error}") from error


def _add_release(writer: Writer, release: Release, pace: Pace) -> None:
    """Add every regular file of a release. Raises ReleaseError where it is damaged."""
    release.manifest()
    for file in sorted(_regular_files(release.folder)):
        with file.open("rb") as content:
            size = os.fstat(content.fileno()).st_size
            digest = writer.add(f"releases/{release.id}/{file.relative_to(release.folder)}", content, size, pace.add)
        loaded = [source.identity for source in release.loaded]
        if file == release.folder / "dataset.nq" and id_of_digest(digest, loaded) != release.id:
            raise ReleaseError(f"release {release.id} is damaged (dataset.nq is not what was published); build again")


def _add_if_there(writer: Writer, name: str, path: Path, pace: Pace) -> None:
    try:
        with path.open("rb") as content:
            writer.add(name, content, os.fstat(content.fileno()).st_size, pace.add)
    except FileNotFoundError:
        return


def _regular_files(folder: Path) -> Iterator[Path]:
    """Yield all that is to be kept of a folder; what is hidden is being written."""
    for parent, _, names in os.walk(folder):
        for name in names:
            path = Path(parent, name)
            if path.is_file() and not path.is_symlink() and not name.startswith("."):
                yield path


def _about(held: Held) -> dict[str, Any]:
    return {**vars(held), "releases": list(held.releases)}


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
