"""Says how a release is cited: as text, and as a CITATION.cff (Citation File Format 1.2.0)."""

import json
from collections.abc import Mapping
from importlib.metadata import metadata
from typing import Any

from ontology.iris import RELEASE

LICENSE = "https://creativecommons.org/licenses/by/4.0/"
_SPDX_LICENSE = "CC-BY-4.0"


def title() -> str:
    """Return what a release is the release of."""
    about = metadata("districtgraph")
    return f"{about['Name']}: {about['Summary']}"


def author() -> str:
    """Return who made it."""
    return metadata("districtgraph")["Author"]


def citation(id_: str, manifest: Mapping[str, Any]) -> str:
    """Return how to cite the release with this manifest in a text."""
    return f"{author()} ({manifest['built'][:4]}). {title()}. Release {id_}. {RELEASE}{id_}"


def citation_file(id_: str, manifest: Mapping[str, Any]) -> bytes:
    """Return the CITATION.cff of the release with this manifest; equal manifests, equal bytes."""
    about = {
        "cff-version": "1.2.0",
        "message": "If you use this release, please cite it as below.",
        "type": "dataset",
        "title": title(),
        "authors": [{"name": author()}],
        "version": id_,
        "date-released": manifest["built"][:10],
        "license": _SPDX_LICENSE,
        "url": RELEASE + id_,
    }
    # A value in JSON is one in YAML, of the same type in every version of it: an id may look like a number.
    return "".join(f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in about.items()).encode()
