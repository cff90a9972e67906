"""Carries out a plan: reads its parts, in several processes, into sorted runs, and merges these into a source.

Each part that was read stays, so that a load that was interrupted goes on where it was.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from loaders.code import code_digest
from loaders.durable import sync, write
from loaders.errors import Fault, LoadError, ReleaseError
from loaders.loading.counting import counts_of
from loaders.loading.parts import MOST_FAULTS, Reader, ReadPart
from loaders.loading.plan import Plan
from loaders.loading.sorting import merge_runs
from loaders.loading.source import ABOUT, FOLDER, TRIPLES, LoadedSource
from loaders.locking import held
from loaders.progress import Progress
from loaders.release_files import as_json


@dataclass(frozen=True)
class Loaded:
    """A source that was loaded, and the records that were left out: how many, and the first of them.

    `missing` are the IRIs that it was expected to say something of and does not.
    """

    source: LoadedSource
    left_out: int
    faults: Sequence[Fault]
    missing: Sequence[str]


def load(plan: Plan, state: Path, read: Reader, *, skip_bad: bool, progress: Progress) -> Loaded:
    """Load a source into a state folder, in the place of what had its name; nothing changes until all of it is read.

    `read` reads the parts; with `skip_bad` a record that cannot be read is left out, else it is refused with all
    others. Raises LoadError, which lists them, or ReleaseError where the folder cannot be written or another load of
    the source is at work.
    """
    try:
        with _workplace(state, plan.name) as folder:
            files = _begin(folder, plan, progress)
            done = _read_parts(folder, plan, read, progress)
            faults = [fault for part in done for fault in part.faults]
            left_out = sum(part.refused for part in done)
            if left_out and not skip_bad:
                raise LoadError(faults[:MOST_FAULTS], left_out)
            progress.step("sorting what was read")
            runs = [folder / name for part in done for name in part.runs]
            merged = merge_runs(runs, folder / TRIPLES, progress.pace(lambda lines: f"{lines} triples").add)
            progress.step("counting")
            counts = counts_of(folder / TRIPLES, plan.expected, progress.pace(lambda things: f"{things} things").add)
            if counts.said_twice:
                raise LoadError([Fault(plan.name, 1, why) for why in counts.said_twice[:MOST_FAULTS]])
            about = {
                "source": plan.name,
                "graph": plan.graph,
                "title": plan.title,
                **plan.about,
                "loaded": datetime.now(UTC).isoformat(timespec="seconds"),
                "files": files,
                "triples": merged.lines,
                "bytes": merged.size,
                "digest": merged.digest,
                "left_out": {"records": left_out, "first": list(map(str, faults[:MOST_FAULTS]))},
                **counts.document,
            }
            write(folder / ABOUT, as_json(about))
            placed = _put_in_place(folder, state, plan.name)
            return Loaded(placed, left_out, faults[:MOST_FAULTS], counts.missing)
    except OSError as error:
        raise ReleaseError(f"source {plan.name} cannot be loaded into {state} ({error})") from error


@contextmanager
def _workplace(state: Path, name: str) -> Iterator[Path]:
    """Hold the folder that a source is loaded in, which stays as it is where the load is interrupted."""
    folder = state / FOLDER / f".loading-{name}"
    folder.mkdir(parents=True, exist_ok=True)
    message = f"source {name} is being loaded into {state} already; wait for it"
    with held(state / FOLDER / f".lock-{name}", message):
        yield folder


def _begin(folder: Path, plan: Plan, progress: Progress) -> Mapping[str, str]:
    """Return the digests of the files; what a load of others, or by other code, left behind is removed."""
    progress.step("reading " + ", ".join(path.name for path in plan.files[:3]) + (" …" if len(plan.files) > 3 else ""))
    files = {name: _digest(path) for name, path in _names(plan.files)}
    parts = [part.key for part in plan.parts]
    wanted = {"files": files, "code": code_digest(("loaders", "ontology")), "basis": plan.basis, "parts": parts}
    begun = folder / "plan.json"
    if begun.exists() and json.loads(begun.read_bytes()) == wanted:
        return files
    for left in folder.iterdir():
        left.unlink()
    write(begun, as_json(wanted))
    return files


def _names(paths: Sequence[Path]) -> list[tuple[str, Path]]:
    """Return files with their names below the folder that has them all."""
    common = os.path.commonpath([path.resolve().parent for path in paths])
    return [(os.path.relpath(path.resolve(), common), path) for path in paths]


def _read_parts(folder: Path, plan: Plan, read: Reader, progress: Progress) -> list[ReadPart]:
    done = {part.key: part for part in _done_before(folder)}
    if done:
        progress.step(f"going on with a load that was interrupted: {len(done)} of {len(plan.parts)} parts are read")
    for part in read([part for part in plan.parts if part.key not in done], folder):
        write(folder / f"{part.key}.done", as_json(asdict(part)))
        done[part.key] = part
        progress.advance(len(done), len(plan.parts))
    return [done[part.key] for part in plan.parts]


def _done_before(folder: Path) -> Iterator[ReadPart]:
    for path in folder.glob("*.done"):
        document = json.loads(path.read_bytes())
        yield ReadPart(**{**document, "faults": [Fault(**fault) for fault in document["faults"]]})


def _put_in_place(folder: Path, state: Path, name: str) -> LoadedSource:
    """Have what was loaded in the place of what had its name before."""
    source, before = LoadedSource(state / FOLDER / name), state / FOLDER / f".gone-{name}"
    new = state / FOLDER / f".new-{name}"
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir()
    for each in (TRIPLES, ABOUT):
        (folder / each).rename(new / each)
    sync(new)
    shutil.rmtree(before, ignore_errors=True)
    if source.folder.exists():
        source.folder.rename(before)
    new.rename(source.folder)
    sync(source.folder.parent)
    shutil.rmtree(before, ignore_errors=True)
    shutil.rmtree(folder)
    return LoadedSource(source.folder)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
