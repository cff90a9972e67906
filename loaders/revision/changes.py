"""Finds what the sources state no more, and what they state only now, since a release was made of them."""

from collections.abc import Collection, Mapping, Set
from dataclasses import dataclass
from typing import Any

import pyoxigraph as ox

from loaders.corpus import REFERENCES, Corpus
from loaders.expansion import corpus_quads
from loaders.facts import graph_of
from loaders.manifest import Digests, was_made_alike
from ontology.alignments import FOLDER as ALIGNMENTS
from ontology.vocabulary import Vocabulary


@dataclass(frozen=True)
class Changes:
    """The canonical N-Quads that are no longer, and those that are only now."""

    removed: Set[bytes] = frozenset()
    added: Set[bytes] = frozenset()

    def __str__(self) -> str:
        return f"statements: {len(self.removed)} gone, {len(self.added)} new"


def hindrance(manifest: Mapping[str, Any], digests: Digests, rules: int) -> str | None:
    """Return why a release with this manifest cannot be revised, None where only its sources are others.

    `rules` is the number of those that the ontology gives: with the same code and ontology, a release that follows by
    more was made with axioms that follow from what things are.
    """
    if not was_made_alike(manifest):
        return "other code or libraries made it"
    match manifest:
        case {"sources": dict(sources), "checks": {"reasoning": {"rules": int(before)}}}:
            if not all(isinstance(record, dict) and "files" in record for record in sources.values()):
                return "its manifest is damaged"
            if any(_files(manifest).get(name) != digests[name] for name in ("ontology", ALIGNMENTS)):
                return "the ontology has changed"
            return None if before == rules else "axioms follow from what things are"
    return "its manifest is damaged"


def changes_between(
    manifest: Mapping[str, Any], lines: Collection[bytes], digests: Digests, corpus: Corpus, vocabulary: Vocabulary
) -> Changes:
    """Return how what the sources state differs from the `lines` of a release with this manifest."""
    before = _files(manifest)
    changed = {source for source in {*before, *digests} if before.get(source) != digests.get(source)}
    papers = {source for source, record in manifest["sources"].items() if "record" in record}
    if papers != {*corpus.papers}:  # a reference to one of them has no description of its own
        changed |= {file.source for file in corpus.files if file.name.endswith("/" + REFERENCES)}
    if not changed:
        return Changes()
    ends = tuple(f" {graph_of(source)} .\n".encode() for source in changed)
    old = {line for line in lines if line.endswith(ends)}
    new = lines_of(corpus_quads(corpus, vocabulary, changed))
    return Changes(old - new, new - old)


def lines_of(quads: Collection[ox.Quad]) -> set[bytes]:
    """Return quads without blank nodes as canonical N-Quads."""
    content = ox.serialize(quads, format=ox.RdfFormat.N_QUADS)
    assert content is not None
    return set(content.splitlines(keepends=True))


def quads_of_lines(lines: Collection[bytes]) -> list[ox.Quad]:
    """Return the quads of canonical N-Quads."""
    return list(ox.parse(b"".join(lines), format=ox.RdfFormat.N_QUADS))


def _files(manifest: Mapping[str, Any]) -> Digests:
    return {source: record["files"] for source, record in manifest["sources"].items()}
