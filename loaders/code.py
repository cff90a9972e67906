"""Tells the code that is at work from other code, which may make other things of the same."""

import hashlib
from functools import cache
from importlib.resources import as_file, files

_CODE = frozenset({".py", ".html"})
BUILDING = ("ontology", "queries", "loaders")
SERVING = (*BUILDING, "service")


@cache
def code_digest(packages: tuple[str, ...]) -> str:
    """Return a digest of the code and templates of some of our packages."""
    digest = hashlib.sha256()
    for package in packages:
        with as_file(files(package)) as folder:
            for file in sorted(path for path in folder.rglob("*") if path.suffix in _CODE):
                digest.update(f"{file.relative_to(folder)}\n".encode() + file.read_bytes())
    return digest.hexdigest()[:16]
