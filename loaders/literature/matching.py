"""Tells which work of the corpus a record describes: by its DOI, else by title, year and authors, and on what basis.

A match by DOI is taken for sure unless the titles have next to nothing in common, as one of both is wrong then. One by
title is open until a curator decides. It is told as SSSOM tells mappings (https://mapping-commons.github.io/sssom/).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

import pyoxigraph as ox
from rapidfuzz.fuzz import ratio
from rapidfuzz.process import extract

from loaders.literature.record import Record
from loaders.words import folded_text
from ontology.iris import TERM, THING

Decision = Literal["same", "different", "open"]
Basis = Literal["DOI", "title and year", "main title and year", "review"]

_ALIKE = 93.0
_ALIKE_BY_DOI = 40.0
_ALIKE_WORDS = 75.0
_YEARS_APART = 1
# Below that many words a title is a phrase that many works have, such as `Industry 4.0`.
_FEWEST_WORDS = 4


@dataclass(frozen=True)
class Work:
    """A work of the corpus; `title` is folded, `families` are the folded family names of its authors."""

    id: str
    doi: str
    title: str
    year: int | None
    families: tuple[str, ...]


@dataclass(frozen=True)
class Match:
    """That a record describes a work of the corpus, or may do; `similarity` is that of the titles, from 0 to 1.

    It is None where the work has no title.
    """

    work: str
    record: str
    basis: Basis
    decision: Decision
    similarity: Decimal | None


@dataclass(frozen=True)
class Works:
    """The works of the corpus, and what was decided of matches with them, by work and record."""

    by_id: Mapping[str, Work]
    by_doi: Mapping[str, Work]
    by_year: Mapping[int, Sequence[Work]]
    decisions: Mapping[tuple[str, str], Decision]

    def matches(self, record: Record) -> list[Match]:
        """Return the matches of a record: those by its DOI, else those by its title, with what was decided of them."""
        title = folded_text(record.title)
        found = self._by_doi(record, title) or self._by_title(record, title)
        told = {match.work for match in found}
        reviewed = [
            Match(work, record.id, "review", decision, _similarity(self.by_id[work], title))
            for (work, of), decision in self.decisions.items()
            if of == record.id and work not in told and decision == "same"
        ]
        return [self._decided(match) for match in found] + reviewed

    def _by_doi(self, record: Record, title: str) -> list[Match]:
        work = self.by_doi.get(record.doi) if record.doi else None
        if work is None:
            return []
        alike = ratio(work.title, title) if work.title else 100.0
        decision: Decision = "same" if alike >= _ALIKE_BY_DOI or work.title in title or title in work.title else "open"
        return [Match(work.id, record.id, "DOI", decision, _similarity(work, title))]

    def _by_title(self, record: Record, title: str) -> list[Match]:
        if record.year is None:
            return []
        near = [
            work
            for year in range(record.year - _YEARS_APART, record.year + _YEARS_APART + 1)
            for work in self.by_year.get(year, ())
            if not (work.doi and record.doi)
        ]
        main = folded_text(record.title.partition(":")[0])
        found: dict[str, Match] = {}
        bases: tuple[tuple[str, Basis], ...] = (title, "title and year"), (main, "main title and year")
        for sought, basis in bases:
            titles = [work.title for work in near]
            for _, alike, place in extract(sought, titles, scorer=ratio, score_cutoff=_ALIKE, limit=None):
                work = near[place]
                if work.id not in found and _same_words(work.title, sought) and _fits(work, record, sought):
                    found[work.id] = Match(work.id, record.id, basis, "open", _share(alike))
        return list(found.values())

    def _decided(self, match: Match) -> Match:
        decision = self.decisions.get((match.work, match.record), match.decision)
        return Match(match.work, match.record, match.basis, decision, match.similarity)


def works_of(triples: Iterable[ox.Triple], decisions: Mapping[tuple[str, str], Decision]) -> Works:
    """Return the works that `triples` give a DOI, or a title and a year."""
    told: dict[str, dict[str, str]] = {}
    for triple in triples:
        property_ = triple.predicate.value.removeprefix(TERM)
        if property_ in ("doi", "title", "year", "byline") and isinstance(triple.object, ox.Literal):
            told.setdefault(str(triple.subject), {})[property_] = triple.object.value
    works = [
        Work(
            id=subject.strip("<>").removeprefix(THING),
            doi=fields.get("doi", "").lower(),
            title=folded_text(fields.get("title", "")),
            year=int(fields["year"]) if "year" in fields else None,
            families=tuple(folded_text(name.partition(",")[0]) for name in fields.get("byline", "").split(";")),
        )
        for subject, fields in sorted(told.items())
        if subject.startswith(f"<{THING}") and ("doi" in fields or {"title", "year"} <= fields.keys())
    ]
    by_year: dict[int, list[Work]] = {}
    for work in works:
        if work.title and work.year is not None:
            by_year.setdefault(work.year, []).append(work)
    by_doi = {work.doi: work for work in works if work.doi}
    return Works({work.id: work for work in works}, by_doi, by_year, decisions)


def _same_words(first: str, second: str) -> bool:
    """Tell whether titles differ in letters of words alone, and not in words, as `Industry 4.0` and `5.0` do."""
    ours, others = first.split(), second.split()
    return all(
        max((ratio(word, each) for each in among), default=0) >= _ALIKE_WORDS
        for of, among in ((ours, others), (others, ours))
        for word in set(of) - set(among)
    )


def _fits(work: Work, record: Record, title: str) -> bool:
    """Tell whether authors speak for a match too, without which a short title is none."""
    names = folded_text(" ".join(author.name for author in record.authors)).split()
    shared = any(family and set(family.split()) <= set(names) for family in work.families)
    known = bool(names) and any(work.families)
    return shared or (not known and len(title.split()) >= _FEWEST_WORDS)


def _similarity(work: Work, title: str) -> Decimal | None:
    return _share(ratio(work.title, title)) if work.title else None


def _share(percent: float) -> Decimal:
    return Decimal(round(percent * 10)) / 1000
