"""Says what a source that was mapped is as a whole."""

from collections.abc import Iterator
from dataclasses import dataclass

from loaders.loading.plan import Fault
from loaders.loading.terms import LABEL, TYPE, iri, line, term, text, thing
from ontology.iris import PREFIXES

_DCTERMS = PREFIXES["dcterms"]


@dataclass(frozen=True)
class DataSet:
    """A source: its name and title, the IRI that it is published at, and under which terms."""

    name: str
    title: str
    source: str | None
    licence: str | None
    rights: str | None
    key = "data-set"

    def triples(self, fault: Fault) -> Iterator[bytes]:
        """Yield what is said of it."""
        subject = thing(self.name)
        yield line(subject, TYPE, term("DataSet"))
        yield line(subject, LABEL, text(self.title, "en"))
        if self.source:
            yield line(subject, iri(f"{_DCTERMS}source"), iri(self.source))
        if self.licence:
            yield line(subject, iri(f"{_DCTERMS}license"), iri(self.licence))
        if self.rights:
            yield line(subject, iri(f"{_DCTERMS}rights"), text(self.rights, "en"))
