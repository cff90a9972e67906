"""Entity tags: an answer from one state of the dataset cannot change, and who has it need not get it again."""

import hashlib

from service.store.dataset import View

RELEASE_HEADER = "districtgraph-release"
VARY = "Accept, Accept-Encoding, Authorization"
"""What an answer of the dataset depends on, for who keeps it."""


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
