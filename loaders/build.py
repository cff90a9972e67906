"""Builds a release: read, check, expand, infer, validate, verify, compute, publish."""

from dataclasses import dataclass
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from loaders.canonical import canonical, release_id
from loaders.checking import check_corpus
from loaders.contradicting import contradicting, told_once
from loaders.corpus import Corpus, read_corpus
from loaders.description import analyses_in, description
from loaders.errors import CorpusError, EvidenceError, Fault, ReleaseError
from loaders.evidence import EvidenceReport, verify
from loaders.expansion import corpus_quads
from loaders.graphs import ALIGNMENTS, ONTOLOGY
from loaders.inference import reason
from loaders.loading.source import askable_sources, loaded_in
from loaders.manifest import counts_of, manifest, records_of, was_made_alike
from loaders.networks.computed import compute
from loaders.ontology_checks import removed_terms
from loaders.progress import Tell
from loaders.reasoning.domain_rules import domain_rules
from loaders.release import Release
from loaders.releases import Releases
from loaders.revision.revise import Made, Sources, revised
from loaders.rule_faults import RuleConsequences
from loaders.surroundings import Surroundings
from loaders.validation import Validation, validate
from ontology.alignments import read_alignments
from ontology.archive import pack, unpack
from ontology.checks.checked import Checked
from ontology.checks.reading import read_for_check
from ontology.checks.registry import sound_ontology
from ontology.errors import UnsoundOntologyError
from ontology.modules import module_triples
from ontology.vocabulary import Vocabulary, vocabulary_of
from queries.archive import pack_queries


@dataclass(frozen=True)
class Built:
    """What a build made: the release, its counts, how its checks fared, and how much its manifest vouches for."""

    release: Release
    counts: dict[str, Any]
    validation: Validation
    evidence: EvidenceReport
    verified: int


def checked_ontology(ontology: Traversable, packed: bytes, basis: Release | None) -> Checked:
    """Read the modules and rules in `ontology`, which are `packed`, and run the checks.

    These found nothing where this code made `basis` of the same files, and do not run again. Raises
    UnsoundOntologyError where they find errors.
    """
    if basis is not None and _was_made_of(basis, packed):
        return read_for_check(directory=ontology)[0]
    return sound_ontology(ontology)


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
    ontology: Traversable, corpus: Corpus, vocabulary: Vocabulary, progress: Tell
) -> tuple[set[ox.Quad], Validation, int]:
    """Return the ontology, the statements of a checked corpus and what follows from them, and how they fit the shapes.

    `ontology` is the folder of its files; the number is that of the rules. Raises CorpusError with everything that
    breaks a shape, and with what contradicts itself, or OntologyFileError where the shapes or the rules are broken.
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
    return quads | reasoned.inferred, validation, len(reasoned.rules)


def verified(corpus: Corpus, papers: Path | None) -> EvidenceReport:
    """Verify the evidence against the texts in the folder `papers`. Raises EvidenceError with every fault."""
    report = verify(corpus, papers)
    if report.faults:
        raise EvidenceError(report.faults, str(report))
    return report


def build(state: Path, papers: Path | None, progress: Tell) -> Built:
    """Build a release of the packaged ontology and corpus in the folder `state` and make it the current one.

    `papers` is the folder of the papers' texts, where they are at hand; `progress` is told each step. Where nothing but
    sources has changed since the current release, it is revised; that makes the same as a build from the sources.
    Raises OntologyError, QueryFileError, CorpusError, EvidenceError, UnknownPaperError or ReleaseError; then nothing
    changes.
    """
    releases = Releases(state)
    with releases.building():
        progress("reading and checking the ontology")
        packed = pack()
        ontology = unpack(packed)  # read once, so that the release keeps the files that it is made of
        basis = releases.current()
        checked = checked_ontology(ontology, packed, basis)
        vocabulary = vocabulary_of(checked.graph)
        progress("reading the named queries")
        loaded = loaded_in(state)
        queries = pack_queries(sources=askable_sources(loaded))
        progress("reading and checking the corpus")
        corpus = checked_corpus(checked, vocabulary)
        sources = Sources(ontology, queries, vocabulary, corpus)
        made = revised(basis, sources, releases.workplace(), progress)
        made = made or _from_sources(sources, progress)
        progress("verifying the evidence" if papers else "no texts given: evidence stays unverified")
        report = verified(corpus, papers)
        progress("writing the release")
        id_ = release_id(made.content, [source.identity for source in loaded])
        counts = counts_of(made.content, loaded)
        release = releases.publish(
            made.content,
            description(id_, counts["triples_by_graph"], analyses_in(made.content)),
            manifest(id_, corpus, sources.digests, counts, made.validation, made.rules, report) | records_of(loaded),
            ontology=packed,
            queries=queries,
            store=made.store,
            loaded=loaded,
            progress=progress,
        )
        return Built(release, counts, made.validation, report, release.verified())


def _was_made_of(basis: Release, packed: bytes) -> bool:
    try:
        basis.verified()
        return was_made_alike(basis.manifest()) and basis.ontology.read_bytes() == packed
    except (OSError, ReleaseError):  # it is damaged
        return False


def _from_sources(sources: Sources, progress: Tell) -> Made:
    quads, validation, rules = validated_quads(sources.ontology, sources.corpus, sources.vocabulary, progress)
    progress("computing the networks")
    quads |= compute(quads)
    quads |= _alignment_quads(sources.ontology)  # only now, so that nothing is inferred to be of another vocabulary
    return Made(canonical(quads), validation, rules)


def _ontology_quads(ontology: Traversable) -> set[ox.Quad]:
    return {ox.Quad(t.subject, t.predicate, t.object, ONTOLOGY) for t in module_triples(ontology)}


def _alignment_quads(ontology: Traversable) -> set[ox.Quad]:
    return {
        ox.Quad(t.subject, t.predicate, t.object, ALIGNMENTS)
        for module in read_alignments(ontology)
        for t in module.triples
    }
