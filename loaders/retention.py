"""Lists the releases in a state folder, removes old ones, and makes an older one the current one again."""

import fcntl
import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from loaders.current import make_current
from loaders.errors import ReleaseError
from loaders.release import Release
from loaders.releases import Releases


@dataclass(frozen=True)
class Kept:
    """A release as it stands on the disk: when it was built and its triples, where its manifest tells, and its size."""

    release: Release
    built: str | None
    triples: int | None
    size: int
    is_current: bool


def kept(state: Path) -> list[Kept]:
    """Return every release, the last one built first; one that is damaged comes last."""
    releases = Releases(state)
    current = releases.current()
    found = [_kept(release, release == current) for release in releases.all()]
    return sorted(found, key=lambda each: (each.built or "", each.release.id), reverse=True)


def superfluous(state: Path, keep: int) -> list[Release]:
    """Return the releases that are none of the `keep` last ones built, nor the current one."""
    return [each.release for each in kept(state)[keep:] if not each.is_current]


def freed(releases: Sequence[Release]) -> int:
    """Return the bytes that are free without these: a file that another release has too stays."""
    links: Counter[tuple[int, int]] = Counter()
    files = {}
    for release in releases:
        for path in _files(release.folder):
            stat = path.stat()
            links[stat.st_dev, stat.st_ino] += 1
            files[stat.st_dev, stat.st_ino] = stat
    return sum(stat.st_blocks * 512 for file, stat in files.items() if links[file] == stat.st_nlink)


def prune(state: Path, unwanted: Sequence[Release]) -> list[Release]:
    """Remove releases, and return those that are left, as they are current or somebody uses them.

    Raises ReleaseError where something else is at work on the releases.
    """
    releases = Releases(state)
    left = []
    with releases.building():
        for release in unwanted:
            if release == releases.current() or not _is_free(release):
                left.append(release)
            else:
                release.folder.rename(releases.workplace())
                releases.clear()
    return left


def roll_back(state: Path, name: str | None) -> Release:
    """Make the release called `name` the current one, by default the one that was before; return it.

    Raises UnknownReleaseError, or ReleaseError where it is damaged, current already, or there is none.
    """
    releases = Releases(state)
    releases.require_current()
    with releases.building():
        current = releases.require_current()
        release = _before(releases, state) if name is None else releases.named(name)
        if release == current:
            raise ReleaseError(f"release {release.id} is the current one already; 'districtgraph releases' lists all")
        if not release.is_whole():
            raise ReleaseError(f"release {release.id} is damaged; the current one stays, choose another")
        make_current(state, release.id)
    return release


def hold(release: Release) -> BinaryIO:
    """Keep a release from being pruned until the file is closed that this returns. Raises ReleaseError."""
    try:
        file = (release.folder / "dataset.nq").open("rb")
        fcntl.flock(file, fcntl.LOCK_SH)
    except OSError as error:
        raise ReleaseError(f"release {release.id} is damaged (dataset.nq: {error.strerror}); build again") from error
    return file


def _before(releases: Releases, state: Path) -> Release:
    """Return the release that was current before: where no link tells, the last one built before the current one."""
    if (before := releases.before()) is not None:
        return before
    in_order = kept(state)
    after = next(number for number, each in enumerate(in_order) if each.is_current)
    earlier = [each.release for each in in_order[after + 1 :] if each.built]
    if not earlier:
        raise ReleaseError(f"{in_order[after].release.id} is the first release in {state}; there is none before it")
    return earlier[0]


def _is_free(release: Release) -> bool:
    try:
        with (release.folder / "dataset.nq").open("r+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return True
    except BlockingIOError:
        return False
    return True


def _kept(release: Release, is_current: bool) -> Kept:
    size = sum(path.stat().st_blocks * 512 for path in _files(release.folder))
    try:
        manifest = release.manifest()
    except ReleaseError:
        manifest = {}
    match manifest:
        case {"built": str(built), "counts": {"triples": int(triples)}}:
            return Kept(release, built, triples, size, is_current)
    return Kept(release, None, None, size, is_current)


def _files(folder: Path) -> list[Path]:
    return [Path(parent, name) for parent, _, names in os.walk(folder) for name in names]
