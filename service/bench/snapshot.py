"""Generates works in the shape of a snapshot of OpenAlex, the same ones from the same seed, for tests and measurements.

What there is many of comes as in literature: few authors write much and few works are cited much, a work refers to
earlier ones, and words are as frequent as their rank lets expect (Zipf). Nobody and nothing in it exists.
"""

import gzip
import json
import os
import random
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache, partial
from itertools import product
from pathlib import Path
from typing import Any

_OPENALEX = "https://openalex.org/"
_ONSETS, _VOWELS, _ENDINGS = (
    ("b", "d", "f", "g", "k", "l", "m", "n", "p", "r", "s", "t", "v"),
    "aeiou",
    ("", "n", "r", "s"),
)
_SUBJECTS = (
    "additive manufacturing", "artificial intelligence", "industrial districts", "cyber-physical systems", "clusters",
    "industrial robots", "Internet of Things", "big data", "living labs", "cloud computing", "innovation policy",
    "technology transfer", "digital twins", "vocational training", "supply chains", "knowledge spillovers",
)  # fmt: skip
_TYPES = (("article", 75), ("book-chapter", 10), ("preprint", 8), ("book", 4), ("report", 2), ("dataset", 1))
_COUNTRIES = ("ES", "DE", "IT", "NO", "PL", "US", "CN", "FR", "GB", "BR")
_FIRST_YEAR, _LAST_YEAR = 1980, 2024


@dataclass(frozen=True)
class Snapshot:
    """How many works there are, in files of how many, and the seed; with its works come authors, venues and topics."""

    works: int
    seed: int = 2021
    of_file: int = 20_000

    @property
    def authors(self) -> int:
        """How many people may be authors."""
        return self.works // 2 + 10

    @property
    def venues(self) -> int:
        """How many venues there are."""
        return self.works // 50 + 5

    @property
    def organisations(self) -> int:
        """How many organisations there are."""
        return self.works // 100 + 5

    @property
    def topics(self) -> int:
        """How many topics there are."""
        return min(4500, self.works // 10 + 3)


def write_snapshot(snapshot: Snapshot, folder: Path) -> list[Path]:
    """Write a snapshot into `folder`, which is made: works/updated_date=…/part_….gz, as OpenAlex has them."""
    numbers = range(-(-snapshot.works // snapshot.of_file))
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(partial(_write_file, snapshot, folder), numbers))


def _write_file(snapshot: Snapshot, folder: Path, number: int) -> Path:
    dice = random.Random(f"{snapshot.seed} {number}")
    path = (
        folder / f"works/updated_date=2024-{number // 28 % 12 + 1:02}-{number % 28 + 1:02}/part_{number // 336:03}.gz"
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    first = number * snapshot.of_file
    with path.open("wb") as packed, gzip.GzipFile("", "wb", 1, packed, mtime=0) as file:
        for work in range(first, min(first + snapshot.of_file, snapshot.works)):
            file.write(json.dumps(_work(snapshot, work, dice), ensure_ascii=False).encode() + b"\n")
    return path


def _work(snapshot: Snapshot, number: int, dice: random.Random) -> dict[str, Any]:
    title = _title(dice)
    year = _FIRST_YEAR + (_LAST_YEAR - _FIRST_YEAR) * number // snapshot.works
    doi = f"https://doi.org/10.5555/{_word(number % 9973)}.{number}" if dice.random() < 0.8 else None
    source, page = _source(snapshot, dice), dice.randrange(1, 900)
    return {
        "id": f"{_OPENALEX}W{number + 1}",
        "doi": doi,
        "title": title,
        "display_name": title,
        "publication_year": year,
        "publication_date": f"{year}-{dice.randrange(1, 13):02}-01",
        "ids": {"openalex": f"{_OPENALEX}W{number + 1}", "doi": doi},
        "language": "en" if dice.random() < 0.9 else dice.choice(("es", "de", "it", "nb", "pl")),
        "primary_location": {"is_oa": False, "landing_page_url": doi, "source": source},
        "type": dice.choices([name for name, _ in _TYPES], [share for _, share in _TYPES])[0],
        "authorships": [_authorship(snapshot, dice) for _ in range(min(12, 1 + int(dice.expovariate(0.5))))],
        "biblio": {
            "volume": str(dice.randrange(1, 80)),
            "issue": str(dice.randrange(1, 12)),
            "first_page": str(page),
            "last_page": str(page + dice.randrange(30)),
        },
        "is_retracted": dice.random() < 0.0005,
        "cited_by_count": int(dice.expovariate(0.1)),
        "topics": [_topic(snapshot, dice) for _ in range(dice.randrange(4))],
        "keywords": [{"display_name": dice.choice(_SUBJECTS).title()} for _ in range(dice.randrange(4))],
        "referenced_works": _references(number, dice),
        "abstract_inverted_index": _abstract(dice) if dice.random() < 0.6 else None,
    }


def _references(number: int, dice: random.Random) -> Sequence[str]:
    """Return earlier works; the earliest are referred to most."""
    count = min(number, int(dice.expovariate(0.12)))
    return [f"{_OPENALEX}W{_rank(number, dice) + 1}" for _ in range(count)] if number else []


def _authorship(snapshot: Snapshot, dice: random.Random) -> dict[str, Any]:
    author = _rank(snapshot.authors, dice)
    orcid = f"https://orcid.org/0000-0001-{author // 10000 % 10000:04}-{author % 10000:04}" if author % 3 == 0 else None
    return {
        "author": {"id": f"{_OPENALEX}A{author + 1}", "display_name": _name(author), "orcid": orcid},
        "institutions": [_institution(snapshot, author)] if dice.random() < 0.7 else [],
        "raw_author_name": _name(author),
    }


def _institution(snapshot: Snapshot, author: int) -> dict[str, Any]:
    number = author * 7919 % snapshot.organisations
    return {
        "id": f"{_OPENALEX}I{number + 1}",
        "display_name": f"University of {_word(number).title()} {_word(number // 7).title()}",
        "ror": f"https://ror.org/0{number:06}{number % 100:02}" if number < 1_000_000 else None,
        "country_code": _COUNTRIES[number % len(_COUNTRIES)],
        "type": "education",
    }


def _source(snapshot: Snapshot, dice: random.Random) -> dict[str, Any] | None:
    if dice.random() < 0.1:
        return None
    number = _rank(snapshot.venues, dice)
    return {
        "id": f"{_OPENALEX}S{number + 1}",
        "display_name": f"Journal of {_word(number).title()} {_word(number // 5).title()}",
        "issn": [f"{number // 1000 % 10000:04}-{number % 1000:03}0"],
        "host_organization_name": f"{_word(number % 97).title()} Press",
        "type": "journal",
    }


def _topic(snapshot: Snapshot, dice: random.Random) -> dict[str, Any]:
    number = _rank(snapshot.topics, dice)

    def level(name: str, among: int) -> dict[str, Any]:
        return {"id": f"{_OPENALEX}{name}/{number % among + 1}", "display_name": f"{_word(number % among)} {name}"}

    above = {name: level(name, among) for name, among in (("subfield", 252), ("field", 26), ("domain", 4))}
    label = f"{_word(number).title()} and {_word(number // 3)} studies"
    return {"id": f"{_OPENALEX}T{number + 1}", "display_name": label, "score": 0.9, **above}


def _abstract(dice: random.Random) -> dict[str, list[int]]:
    index: dict[str, list[int]] = {}
    for place, word in enumerate(f"{_title(dice)} {' '.join(_words(dice, 90))} {_title(dice)}".split()):
        index.setdefault(word, []).append(place)
    return index


def _title(dice: random.Random) -> str:
    found = [*_words(dice, dice.randrange(4, 12))]
    if dice.random() < 0.5:
        found.insert(dice.randrange(len(found)), dice.choice(_SUBJECTS))
    title = " ".join(found)
    return title[0].upper() + title[1:]


def _words(dice: random.Random, count: int) -> list[str]:
    return [_word(_rank(50_000, dice)) for _ in range(count)]


def _name(number: int) -> str:
    return f"{_word(number % 1009).title()} {_word(number // 11).title()}"


def _rank(among: int, dice: random.Random) -> int:
    """Return a number below `among`, the lower the more often: with an equal chance in each order of magnitude."""
    return int(among ** dice.random()) - 1 if among > 1 else 0


def _word(number: int) -> str:
    """Return a word that nobody uses, for a number."""
    syllables = _syllables()
    word = syllables[number % len(syllables)]
    while number := number // len(syllables):
        word += syllables[number % len(syllables)]
    return word


@cache
def _syllables() -> list[str]:
    return ["".join(parts) for parts in product(_ONSETS, _VOWELS, _ENDINGS)]
