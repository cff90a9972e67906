"""Builds a release: read, check, expand, infer, validate, verify, compute, publish."""

import hashlib
import platform
import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from loaders.checking import check_corpus
from loaders.citation import RECORDED
from loaders.contradicting import contradicting, told_once
from loaders.corpus import Corpus, read_corpus
from loaders.errors import CorpusError, EvidenceError, Fault
from loaders.evidence import EvidenceReport, verify
from loaders.expansion import corpus_quads
from loaders.facts import graph_of
from loaders.graphs import ALIGNMENTS, OF_NO_SOURCE, ONTOLOGY
from loaders.graphs import RELEASE as RELEASE_GRAPH
from loaders.inference import reason
from loaders.located import plain
from loaders.networks.computed import analyses, compute
from loaders.ontology_checks import removed_terms
from loaders.reasoning.domain_rules import domain_rules
from loaders.release import Release, Releases, canonical, release_id
from loaders.rule_faults import RuleConsequences
from loaders.surroundings import Surroundings
from loaders.validation import Validation, validate
from ontology.alignments import FOLDER, alignment_files, read_alignments
from ontology.archive import pack, unpack
from ontology.checks.checked import Checked
from ontology.checks.registry import sound_ontology
from ontology.errors import UnsoundOntologyError
from ontology.iris import PREFIXES, RDF, RELEASE, XSD
from ontology.modules import module_files, module_triples
from ontology.rule_files import FOLDER as RULES
from ontology.rule_files import rule_paths
from ontology.shapes_graph import read_shapes_files
from ontology.vocabulary import Vocabulary, vocabulary_of
from queries.archive import pack_queries

_DEPENDENCIES = ("districtgraph", "networkx", "pyoxigraph", "pyyaml", "rdflib", "rustworkx")

# The last part of a term's IRI, which names it in its vocabulary.
_NAME = re.compile(r"(?<=[/#])[^/#]*$")

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Built:
    """What a build made: the release, its counts, how its checks fared, and how much its manifest vouches for."""

    release: Release
    counts: dict[str, Any]
    validation: Validation
    evidence: EvidenceReport
    verified: int


def checked_corpus(ontology: Checked, vocabulary: Vocabulary) -> Corpus:
    """Read and check the packaged corpus, and that no query, shape or mapping uses a term that `ontology` lacks.

    Raises CorpusError with every fault, or UnsoundOntologyError with every such use.
    """
    faults: list[Fault] = []
    corpus = read_corpus(faults)
    check_corpus(corpus, vocabulary, faults)
    if faults:
        raise CorpusError(faults)
    if findings := [*removed_terms(Surroundings(ontology, vocabulary, corpus, faults, packages=()))]:
        raise UnsoundOntologyError(findings)
    return corpus


def validated_quads(
    ontology: Traversable, corpus: Corpus, vocabulary: Vocabulary, progress: Progress
) -> tuple[set[ox.Quad], Validation]:
    """Return the ontology, the statements of a checked corpus and what follows from them, and how they fit the shapes.

    `ontology` is the folder of its files. Raises CorpusError with everything that breaks a shape, and with what
    contradicts itself by a rule of the domain, or OntologyFileError where the shapes or the rules are broken.
    """
    progress("expanding facts")
    quads = _ontology_quads(ontology) | corpus_quads(corpus, vocabulary)
    progress("inferring")
    rules = domain_rules(ontology)
    reasoned = reason(quads, rules)
    consequences = RuleConsequences(quads, rules, reasoned)
    contradictions = contradicting(quads, reasoned, corpus, vocabulary)
    progress("checking the shapes")
    validation = validate(quads | reasoned.inferred, corpus, vocabulary)
    refused = consequences.refused(validation, lambda inferred: validate(quads | inferred, corpus, vocabulary))
    if faults := [*consequences.contradictions(), *told_once(refused, validation.things, contradictions)]:
        raise CorpusError(faults)
    return quads | reasoned.inferred, validation


def verified(corpus: Corpus, papers: Path | None) -> EvidenceReport:
    """Verify the evidence against the texts in the folder `papers`. Raises EvidenceError with every fault."""
    report = verify(corpus, papers)
    if report.faults:
        raise EvidenceError(report.faults, str(report))
    return report


def build(state: Path, papers: Path | None, progress: Progress) -> Built:
    """Build a release of the packaged ontology and corpus in the folder `state` and make it the current one.

    `papers` is the folder of the papers' texts, where they are at hand; `progress` is told each step.
    Raises OntologyError, QueryFileError, CorpusError, EvidenceError, UnknownPaperError or ReleaseError; then nothing
    changes.
    """
    releases = Releases(state)
    with releases.building():
        progress("reading and checking the ontology")
        packed = pack()
        ontology = unpack(packed)  # read once, so that the release keeps the files that it is made of
        checked = sound_ontology(ontology)
        vocabulary = vocabulary_of(checked.graph)
        progress("reading the named queries")
        queries = pack_queries()
        progress("reading and checking the corpus")
        corpus = checked_corpus(checked, vocabulary)
        quads, validation = validated_quads(ontology, corpus, vocabulary, progress)
        progress("verifying the evidence" if papers else "no texts given: evidence stays unverified")
        report = verified(corpus, papers)
        progress("computing the networks")
        quads |= compute(quads)
        quads |= _alignment_quads(ontology)  # only now, so that nothing is inferred to be of another vocabulary
        progress("writing the release")
        content = canonical(quads)
        counts = _counts(quads)
        manifest = _manifest(release_id(content), corpus, ontology, counts, validation, report)
        description = _description(release_id(content), counts["triples_by_graph"], analyses(quads))
        release = releases.publish(content, description, manifest, ontology=packed, queries=queries)
        return Built(release, counts, validation, report, release.verified())


def _ontology_quads(ontology: Traversable) -> set[ox.Quad]:
    return {ox.Quad(t.subject, t.predicate, t.object, ONTOLOGY) for t in module_triples(ontology)}


def _alignment_quads(ontology: Traversable) -> set[ox.Quad]:
    return {
        ox.Quad(t.subject, t.predicate, t.object, ALIGNMENTS)
        for module in read_alignments(ontology)
        for t in module.triples
    }


def _counts(quads: Iterable[ox.Quad]) -> dict[str, Any]:
    graphs: Counter[str] = Counter()
    classes: Counter[str] = Counter()
    types: set[str] = set()
    properties: set[str] = set()
    for quad in quads:
        properties.add(quad.predicate.value)
        if isinstance(quad.graph_name, ox.NamedNode):
            graphs[quad.graph_name.value] += 1
        if quad.predicate.value == RDF + "type" and isinstance(quad.object, ox.NamedNode):
            types.add(quad.object.value)
            if quad.graph_name not in OF_NO_SOURCE:
                classes[quad.object.value.rpartition("#")[2]] += 1
    return {
        "triples": sum(graphs.values()),
        "classes": len(types),
        "properties": len(properties),
        "vocabularies": sorted({_NAME.sub("", term) for term in types | properties}),
        "triples_by_graph": dict(sorted(graphs.items())),
        "things_by_class": dict(sorted(classes.items())),
    }


def _manifest(
    id_: str,
    corpus: Corpus,
    ontology: Traversable,
    counts: dict[str, Any],
    validation: Validation,
    report: EvidenceReport,
) -> dict[str, Any]:
    entries = Counter(entry.source for entry in corpus.entries)
    files = [(file.source, file.name, file.content) for file in corpus.files]
    files += [("ontology", f"ontology/{f.name}", f.read_bytes()) for f in module_files(ontology).values()]
    files += [("ontology", shapes.name, shapes.content) for shapes in read_shapes_files()]
    files += [("ontology", f"ontology/{RULES}/{f.name}", f.read_bytes()) for f in rule_paths(ontology)]
    files += [(FOLDER, f"ontology/{FOLDER}/{f.name}", f.read_bytes()) for f in alignment_files(ontology).values()]
    sources: dict[str, dict[str, Any]] = {}
    for source, name, content in files:
        record = sources.setdefault(source, {"graph": graph_of(source).value, "entries": 0, "files": {}})
        record["entries"] = entries[source]
        record["files"][name] = hashlib.sha256(content).hexdigest()
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
        "checks": {"corpus": {"entries": len(corpus.entries), "faults": 0}, "shapes": fitting, "evidence": evidence},
        "versions": {name: version(name) for name in _DEPENDENCIES} | {"python": platform.python_version()},
    }


def _description(id_: str, graphs: dict[str, int], analyses: Iterable[ox.NamedNode]) -> list[ox.Quad]:
    """Return the description of the release, which stands beside its content and is not hashed with it.

    So the analyses of its networks are joined to it here: their own statements are hashed.
    """
    release = ox.NamedNode(RELEASE + id_)
    integer = ox.NamedNode(XSD + "integer")

    def quad(subject: ox.NamedNode, prefix: str, name: str, value: ox.NamedNode | ox.Literal) -> ox.Quad:
        return ox.Quad(subject, ox.NamedNode(PREFIXES[prefix] + name), value, RELEASE_GRAPH)

    quads = [
        quad(release, "rdf", "type", ox.NamedNode(PREFIXES["void"] + "Dataset")),
        quad(release, "dcterms", "identifier", ox.Literal(id_)),
        quad(release, "rdfs", "label", ox.Literal(f"districtgraph release {id_}", language="en")),
        quad(release, "void", "triples", ox.Literal(str(sum(graphs.values())), datatype=integer)),
    ]
    for name, triples in graphs.items():
        part = ox.NamedNode(name)
        quads.append(quad(release, "void", "subset", part))
        quads.append(quad(part, "void", "triples", ox.Literal(str(triples), datatype=integer)))
    quads += [quad(analysis, "dcterms", "isPartOf", release) for analysis in analyses]
    return quads
