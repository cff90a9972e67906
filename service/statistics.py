"""Counts what a release holds: facts by source, things by class, claims by modality, and evidence verified."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ontology.iris import RELEASE
from queries.named_query import NamedQuery, query_named
from service.questions import SOLUTIONS_JSON, ask
from service.reader import Reader
from service.tables import Table

QUESTIONS = ("facts-by-source", "things-by-class", "claims-by-modality")


@dataclass(frozen=True)
class Statistics:
    """The counts of a release: the answer to each of QUESTIONS, and how many passages were verified.

    `version` tells the state of the dataset that was asked first.
    """

    release: str
    version: str
    tables: tuple[tuple[NamedQuery, Table], ...]
    evidence: Mapping[str, int]

    def document(self) -> dict[str, Any]:
        """Return the statistics as REST and the command line show them in JSON."""
        counts = {query.name.replace("-", "_"): table.documents() for query, table in self.tables}
        return {"release": RELEASE + self.release, "evidence": dict(self.evidence), **counts}


async def statistics(reader: Reader, queries: Mapping[str, NamedQuery]) -> Statistics:
    """Return the counts of the release that `reader` answers from. Raises ReleaseError or EngineError."""
    asked = [query_named(queries, name) for name in QUESTIONS]
    while True:
        release = await reader.release()
        answers = [await ask(reader, query, {}, SOLUTIONS_JSON) for query in asked]
        if {answer.release for answer in answers} == {release.id}:  # and no other was built meanwhile
            tables = tuple(zip(asked, (Table.parse(answer.content) for answer in answers), strict=True))
            return Statistics(release.id, answers[0].version, tables, release.manifest()["checks"]["evidence"])
