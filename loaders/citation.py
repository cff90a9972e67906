"""Says what a release is and how it is cited: as text, and as a CITATION.cff (Citation File Format 1.2.0)."""

import json
import re
from collections.abc import Iterator, Mapping
from importlib.metadata import metadata
from typing import Any

from ontology.iris import RELEASE

LICENSE = "https://creativecommons.org/licenses/by/4.0/"
DESCRIPTION = (
    "Who brokered which technology, where and for whom, and on which page it says so: papers on Industry 4.0 in "
    "industrial districts and clusters as a graph, in which each fact has its evidence."
)
_SPDX_LICENSE = "CC-BY-4.0"
# Of the record of a paper what a manifest keeps, and the keys that it has in CFF.
RECORDED = ("type", "label", "title", "byline", "year", "venue", "volume", "issue", "pages", "doi", "keyword")
_TYPES = {"Article": "article", "ConferencePaper": "conference-paper", "Book": "book", "Report": "report"}
_PAGES = re.compile(r"(?P<start>\w+)\s*[-\u2013]\s*(?P<end>\w+)")


def title() -> str:
    """Return what a release is the release of."""
    about = metadata("districtgraph")
    return f"{about['Name']}: {about['Summary']}"


def author() -> str:
    """Return who made it."""
    return metadata("districtgraph")["Author"]


def records(manifest: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Return the bibliographic record of each paper that a release is made of, as far as its manifest has it."""
    return {
        source: about.get("record", {})
        for source, about in manifest["sources"].items()
        if any(file.endswith("/paper.yaml") for file in about["files"])
    }


def keywords(manifest: Mapping[str, Any]) -> list[str]:
    """Return the keywords of the papers, each once however it is written."""
    found = {word.casefold(): word for record in records(manifest).values() for word in record.get("keyword", ())}
    return [found[key] for key in sorted(found)]


def citation(id_: str, manifest: Mapping[str, Any]) -> str:
    """Return how to cite the release with this manifest in a text."""
    return f"{author()} ({manifest['built'][:4]}). {title()}. Release {id_}. {RELEASE}{id_}"


def citation_file(id_: str, manifest: Mapping[str, Any]) -> bytes:
    """Return the CITATION.cff of the release with this manifest; equal manifests, equal bytes."""
    about: dict[str, Any] = {
        "cff-version": "1.2.0",
        "message": "If you use this release, please cite it as below.",
        "type": "dataset",
        "title": title(),
        "abstract": DESCRIPTION,
        "authors": [{"name": author()}],
        "version": id_,
        "date-released": manifest["built"][:10],
        "license": _SPDX_LICENSE,
        "url": RELEASE + id_,
    }
    lists = {
        "keywords": keywords(manifest),
        "references": [dict(_reference(record)) for record in records(manifest).values() if record],
    }
    about |= {key: value for key, value in lists.items() if value}
    # A value in JSON is one in YAML, of the same type in every version of it: an id may look like a number.
    return "".join(f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in about.items()).encode()


def citation_item(id_: str, manifest: Mapping[str, Any]) -> dict[str, Any]:
    """Return the release with this manifest as an item of CSL-JSON."""
    year, month, day = map(int, manifest["built"][:10].split("-"))
    return {
        "id": f"districtgraph-{id_}",
        "type": "dataset",
        "title": title(),
        "author": [{"literal": author()}],
        "issued": {"date-parts": [[year, month, day]]},
        "version": id_,
        "URL": RELEASE + id_,
    }


def _reference(record: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield a paper as CFF has it; what the format wants and nobody knows is said to be unknown."""
    yield "type", _TYPES.get(record["type"], "generic")
    yield "title", record.get("title", record["label"])
    byline = record.get("byline")
    yield "authors", [_author(name) for name in byline.split(";")] if byline else [{"name": "unknown"}]
    if "year" in record:
        yield "year", int(record["year"])
    if "venue" in record:
        is_conference = record["type"] == "ConferencePaper"
        yield ("conference", {"name": record["venue"]}) if is_conference else ("journal", record["venue"])
    for key in ("volume", "issue", "doi"):
        if key in record:
            yield key, record[key]
    if pages := _PAGES.fullmatch(record.get("pages", "")):
        yield from pages.groupdict().items()


def _author(name: str) -> dict[str, str]:
    family, _, given = (part.strip() for part in name.partition(","))
    return {"family-names": family, "given-names": given} if given else {"name": family}
