"""Entity tags: an answer from one state of the dataset cannot change, and who has it need not get it again."""

import hashlib
from functools import cache
from importlib.resources import as_file, files

from service.store.dataset import View

_CODE = frozenset({".py", ".html"})
RELEASE_HEADER = "districtgraph-release"


@cache
def code_digest() -> str:
    """Return what tells the code and templates of this service from others, which make other answers of the same."""
    digest = hashlib.sha256()
    for package in ("ontology", "queries", "loaders", "service"):
        with as_file(files(package)) as folder:
            for file in sorted(path for path in folder.rglob("*") if path.suffix in _CODE):
                digest.update(f"{file.relative_to(folder)}\n".encode() + file.read_bytes())
    return digest.hexdigest()[:16]


def entity_tag(version: str, view: View | None, digest: str) -> str:
    """Return the ETag of the answer to what has this digest, from a state of the dataset as `view` leaves it."""
    hidden = hashlib.sha256("\n".join(sorted(view)).encode()).hexdigest()[:8] if view else ""
    return f'"{version}-{digest}{hidden}"'


def version_in(tag: str) -> str:
    """Return the state of the dataset that an entity tag is of."""
    return tag.strip('"').rpartition("-")[0]


def is_known(if_none_match: str, tag: str) -> bool:
    """Tell whether the client has the answer with this entity tag already (RFC 9110, section 13.1.2)."""
    given = if_none_match.strip()
    if not given:
        return False
    return given == "*" or tag in (candidate.strip().removeprefix("W/") for candidate in given.split(","))
