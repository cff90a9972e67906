"""The files of a release that can be downloaded, for who may have them, with their length and their digest."""

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path
from threading import Lock
from typing import Any

from loaders.citation import citation_file, citation_item
from loaders.dumps import DUMPS
from loaders.errors import ReleaseError
from loaders.graphs import ALIGNMENTS, ONTOLOGY
from service.errors import ForbiddenError, UnknownFileError
from service.linked_data.published import Published
from service.literature import bibtex, csl
from service.store.dataset import View

ONTOLOGY_FILES, MANIFEST, CHECKSUMS = "ontology.zip", "manifest.json", "SHA256SUMS"
CITATIONS: Mapping[str, Callable[[str, Mapping[str, Any]], bytes]] = {
    "CITATION.cff": citation_file,
    "CITATION.bib": lambda id_, manifest: _bibtex(citation_item(id_, manifest)),
    "CITATION.json": lambda id_, manifest: json.dumps([citation_item(id_, manifest)], indent=2).encode() + b"\n",
}
"""How a release is cited, for reference managers; made when it is asked for."""
FILES: Mapping[str, str] = {
    **dict.fromkeys(DUMPS, "application/zstd"),
    ONTOLOGY_FILES: "application/zip",
    MANIFEST: "application/json",
    **dict(zip(CITATIONS, ("application/yaml", bibtex.MEDIA_TYPE, csl.MEDIA_TYPE), strict=True)),
    CHECKSUMS: "text/plain",
}
_OF_ONTOLOGY = frozenset({ONTOLOGY.value, ALIGNMENTS.value})
_MOST_DIGESTS = 10_000


@dataclass(frozen=True)
class File:
    """A file of a release: its SHA-256, its length, and its content, or where that is on the disk, if it is large."""

    digest: str
    size: int
    content: bytes | Path


class Digests:
    """The SHA-256 of files, each worked out once for as long as the file stays as it is."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, int, int, int], str] = {}
        self._working = Lock()

    def of(self, file: BufferedReader) -> str:
        """Return the SHA-256 of an open file. Raises OSError where it cannot be read."""
        stat = os.fstat(file.fileno())
        state = (stat.st_dev, stat.st_ino, stat.st_mtime_ns, stat.st_size)
        with self._working:
            if state not in self._known:
                if len(self._known) >= _MOST_DIGESTS:
                    self._known.clear()
                self._known[state] = hashlib.file_digest(file, "sha256").hexdigest()
            return self._known[state]


def file_named(published: Published, name: str, digests: Digests) -> File:
    """Return a file of FILES.

    Raises UnknownFileError, ForbiddenError where it would tell of a hidden graph, or ReleaseError where it cannot be
    read.
    """
    if name not in FILES:
        raise UnknownFileError(f"no file {name[:100]!r}; there are: {', '.join(FILES)}")
    if _tells_of_hidden(published, name):
        raise _closed(name)
    if name in CITATIONS:
        return _small(CITATIONS[name](published.id, published.manifest))
    if name == CHECKSUMS:
        return _small(_checksums(published, digests))
    path = published.release.folder / name
    try:
        return _large(path, digests) if name in DUMPS else _small(path.read_bytes())
    except FileNotFoundError as error:
        raise UnknownFileError(
            f"release {published.id} was built by a version that made no {name}; whoever runs this service gets it by "
            "building again"
        ) from error
    except OSError as error:
        raise ReleaseError(f"{name} of release {published.id} cannot be read ({error.strerror})") from error


def require_ontology(hidden: View, name: str) -> None:
    """Raise ForbiddenError where what `name` is made of, the ontology and its alignments, is hidden."""
    if hidden & _OF_ONTOLOGY:
        raise _closed(name)


def downloads(published: Published, digests: Digests) -> Iterator[tuple[str, int, str]]:
    """Yield name, length and SHA-256 of what there is and the client may have, but for the checksums themselves.

    Raises ReleaseError.
    """
    for name in FILES:
        if name == CHECKSUMS:
            continue
        try:
            found = file_named(published, name, digests)
        except (UnknownFileError, ForbiddenError):
            continue
        yield name, found.size, found.digest


def _checksums(published: Published, digests: Digests) -> bytes:
    """Return what `sha256sum --check` reads."""
    return "".join(f"{digest}  {name}\n" for name, _, digest in downloads(published, digests)).encode()


def _bibtex(item: Mapping[str, Any]) -> bytes:
    return bibtex.bibtex([{**item, "note": f"Release {item['version']}"}]).encode()


def _large(path: Path, digests: Digests) -> File:
    with path.open("rb") as file:
        return File(digests.of(file), os.fstat(file.fileno()).st_size, path)


def _small(content: bytes) -> File:
    return File(hashlib.sha256(content).hexdigest(), len(content), content)


def _closed(name: str) -> ForbiddenError:
    return ForbiddenError(
        f"{name} has graphs that are closed here; a token for these gets it, and /sparql answers from the others"
    )


def _tells_of_hidden(published: Published, name: str) -> bool:
    if name == ONTOLOGY_FILES:
        return bool(published.hidden & _OF_ONTOLOGY)
    return bool(published.hidden) and name not in (*CITATIONS, CHECKSUMS)
