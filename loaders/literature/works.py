"""Makes publications of the records in files, and matches them to works of the corpus."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from loaders.literature.decisions import read_decisions
from loaders.literature.files import Stretch, files_in, stretches_of
from loaders.literature.matching import Works, works_of
from loaders.literature.mentions import Concepts, concepts_in
from loaders.literature.record import BadRecordError
from loaders.literature.statements import Described, described_in, match_statements, statements_about, statements_of
from loaders.loading.plan import Fault, Part, Plan
from ontology.iris import THING
from ontology.modules import module_triples

KIND = "literature"
_MOST_TOLD = 50_000


def plan(name: str, paths: Sequence[Path], decisions: Path | None, corpus: Sequence[ox.Triple]) -> Plan:
    """Return how to load the works in files and folders as the source `name`.

    `corpus` describes the works that they are matched to; `decisions` is a file with what a curator said of matches.
    Raises LoadError where a file cannot be read.
    """
    files = files_in(paths)
    works = works_of(corpus, {})
    if decisions is not None:
        works = works_of(corpus, read_decisions(decisions, works.by_id))
    concepts = concepts_in(module_triples())
    parts: list[Part] = [
        Records(f"{place:06}-{stretch.begin:012}", stretch, works, concepts)
        for place, file in enumerate(files)
        for stretch in stretches_of(file)
    ]
    basis = hashlib.sha256(repr((works, concepts)).encode()).hexdigest()
    decided = {THING + record for _, record in works.decisions}
    return Plan(name, f"Literature: {name}", files, parts, {"kind": KIND}, basis, decided)


@dataclass(frozen=True)
class Records:
    """The records of a stretch of a file."""

    key: str
    stretch: Stretch
    works: Works
    concepts: Concepts

    def triples(self, fault: Fault) -> Iterator[bytes]:
        """Yield what each record says, as a whole or not at all."""
        told: set[Described] = set()
        for line, read in self.stretch.readings():
            try:
                record = read()
            except BadRecordError as error:
                fault(str(self.stretch.path), line, str(error))
                continue
            text = f"{record.title}. {record.abstract}"
            yield from statements_of(record, self.concepts.mentioned(text, record.language))
            if len(told) > _MOST_TOLD:
                told.clear()
            for described in described_in(record):
                if described not in told:
                    told.add(described)
                    yield from statements_about(described)
            for match in self.works.matches(record):
                yield from match_statements(match)
