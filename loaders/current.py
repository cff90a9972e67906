"""Tells which release of a state folder is the current one, and which was before it: two links into `releases/`."""

from pathlib import Path

from loaders.durable import sync

_CURRENT, _BEFORE = "current", "before"


def current_id(state: Path) -> str | None:
    """Return the id of the current release, or None where there is none."""
    return _target(state / _CURRENT)


def id_before(state: Path) -> str | None:
    """Return the id of the release that was current before, or None where that is not known."""
    before = _target(state / _BEFORE)
    return None if before == current_id(state) else before


def make_current(state: Path, id_: str) -> None:
    """Make a release the current one, and remember which was before. Raises OSError."""
    was = current_id(state)
    if was is not None and was != id_:
        _link(state, _BEFORE, was)
    _link(state, _CURRENT, id_)
    sync(state)


def _link(state: Path, name: str, id_: str) -> None:
    beside = state / f".{name}-new"
    beside.unlink(missing_ok=True)
    beside.symlink_to(Path("releases") / id_)
    beside.replace(state / name)


def _target(link: Path) -> str | None:
    try:
        return link.readlink().name
    except OSError:
        return None
