"""Writes the manifest of a release: what it was made of and by, what there is how often, and how its checks fared."""

import hashlib
import platform
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from importlib.resources.abc import Traversable
from typing import Any

from loaders.citation import RECORDED
from loaders.code import BUILDING, code_digest
from loaders.corpus import Corpus
from loaders.evidence import EvidenceReport
from loaders.facts import graph_of
from loaders.graphs import OF_NO_SOURCE
from loaders.loading.source import LoadedSource
from loaders.located import plain
from loaders.validation import Validation
from ontology.alignments import FOLDER as ALIGNMENTS
from ontology.alignments import alignment_files
from ontology.iris import RDF
from ontology.modules import module_files
from ontology.rule_files import FOLDER as RULES
from ontology.rule_files import rule_paths
from ontology.shapes_graph import read_shapes_files

_DEPENDENCIES = ("districtgraph", "networkx", "pyoxigraph", "pyyaml", "rdflib", "rustworkx")
_TYPE = f"<{RDF}type>".encode()

# The last part of a term's IRI, which names it in its vocabulary.
_NAME = re.compile(r"(?<=[/#])[^/#]*$")

# The files of each source by name, with their SHA-256.
Digests = Mapping[str, Mapping[str, str]]


def manifest(
    id_: str,
    corpus: Corpus,
    digests: Digests,
    counts: dict[str, Any],
    validation: Validation,
    rules: int,
    report: EvidenceReport,
) -> dict[str, Any]:
    """Return the manifest of the release `id_`, which follows from its sources by so many `rules`."""
    entries = Counter(entry.source for entry in corpus.entries)
    sources: dict[str, dict[str, Any]] = {
        source: {"graph": graph_of(source).value, "entries": entries[source], "files": dict(files)}
        for source, files in digests.items()
    }
    for paper in corpus.papers:
        values = plain(corpus.record(paper).values)
        sources[paper]["record"] = {key: values[key] for key in RECORDED if key in values}
    fitting = {"performed": validation.performed, "violations": 0, "warnings": len(validation.warnings)}
    evidence = {key: value for key, value in asdict(report).items() if key not in ("faults", "papers_without_text")}
    return {
        "release": id_,
        "built": datetime.now(UTC).isoformat(timespec="seconds"),
        "sources": sources,
        "counts": counts,
        "checks": {
            "corpus": {"entries": len(corpus.entries), "faults": 0},
            "reasoning": {"rules": rules, "contradictions": 0},
            "shapes": fitting,
            "evidence": evidence,
        },
        **made_by(),
    }


def records_of(loaded: Sequence[LoadedSource]) -> dict[str, Any]:
    """Return what a manifest says of loaded sources, by their names; nothing where there is none."""
    counted = ("things_by_class", "things_by_types", "statements_by_property")
    records = {
        source.name: {key: value for key, value in source.about.items() if key not in counted} for source in loaded
    }
    return {"loaded": records} if records else {}


def made_by() -> dict[str, Any]:
    """Return what tells the code that builds, and the libraries that it uses, from others."""
    versions = {name: version(name) for name in _DEPENDENCIES} | {"python": platform.python_version()}
    return {"versions": versions, "code": code_digest(BUILDING)}


def was_made_alike(manifest: Mapping[str, Any]) -> bool:
    """Tell whether this code, with these libraries, made the release that has the manifest."""
    return all(manifest.get(key) == value for key, value in made_by().items())


def digests_of(corpus: Corpus, ontology: Traversable) -> Digests:
    """Return the digests of every file that a release of `corpus` and the folder `ontology` is made of."""
    digests: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for source, name, content in _files(corpus, ontology):
        digests[source][name] = hashlib.sha256(content).hexdigest()
    return digests


def _files(corpus: Corpus, ontology: Traversable) -> Iterator[tuple[str, str, bytes]]:
    """Yield the source, the name and the content of each file."""
    for file in corpus.files:
        yield file.source, file.name, file.content
    for module in module_files(ontology).values():
        yield "ontology", f"ontology/{module.name}", module.read_bytes()
    for shapes in read_shapes_files():
        yield "ontology", shapes.name, shapes.content
    for rule in rule_paths(ontology):
        yield "ontology", f"ontology/{RULES}/{rule.name}", rule.read_bytes()
    for alignment in alignment_files(ontology).values():
        yield ALIGNMENTS, f"ontology/{ALIGNMENTS}/{alignment.name}", alignment.read_bytes()


def counts_of(content: bytes, loaded: Iterable[LoadedSource] = ()) -> dict[str, Any]:
    """Return how many of what canonical N-Quads have, and loaded sources; what both describe counts in each."""
    graphs: Counter[bytes] = Counter()
    classes: Counter[str] = Counter()
    types: set[bytes] = set()
    properties: set[bytes] = set()
    of_no_source = {graph.value.encode() for graph in OF_NO_SOURCE}
    for line in content.splitlines():
        _, predicate, rest = line.split(b" ", 2)
        graph = line[line.rindex(b" <") + 2 : -3]
        graphs[graph] += 1
        properties.add(predicate)
        if predicate == _TYPE and rest.startswith(b"<"):
            class_ = rest[: rest.index(b" ")]
            types.add(class_)
            if graph not in of_no_source:
                classes[class_.decode().strip("<>").rpartition("#")[2]] += 1
    for source in loaded:
        graphs[source.graph.value.encode()] = source.about["triples"]
        for class_, number in source.about["things_by_class"].items():
            types.add(f"<{class_}>".encode())
            classes[class_.rpartition("#")[2]] += number
        properties |= {f"<{property_}>".encode() for property_ in source.about["statements_by_property"]}
    terms = {term.decode().strip("<>") for term in types | properties}
    return {
        "triples": graphs.total(),
        "classes": len(types),
        "properties": len(properties),
        "vocabularies": sorted({_NAME.sub("", term) for term in terms}),
        "triples_by_graph": {graph.decode(): number for graph, number in sorted(graphs.items())},
        "things_by_class": dict(sorted(classes.items())),
    }
