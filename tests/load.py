"""Readers and writers that keep a service busy, and know what it acknowledged to them."""

import itertools
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from watch import CLIENT

SPARQL_UPDATE = {"Content-Type": "application/sparql-update"}
WRITTEN = "SELECT ?n { GRAPH <urn:load> { ?n <urn:is> <urn:written> } }"
COUNTED = "SELECT ?n { GRAPH <urn:counter> { <urn:counter> <urn:is> ?n } }"
INCREMENT = """
DELETE { GRAPH <urn:counter> { <urn:counter> <urn:is> ?old } }
INSERT { GRAPH <urn:counter> { <urn:counter> <urn:is> ?n } }
WHERE { OPTIONAL { GRAPH <urn:counter> { <urn:counter> <urn:is> ?old } } BIND(COALESCE(?old, 0) + 1 AS ?n) }"""
LABEL = """SELECT ?label { <https://w3id.org/districtgraph/id/toy-valley>
<http://www.w3.org/2000/01/rdf-schema#label> ?label }"""
_READ, _JOURNALED = re.compile(r"urn:n:(\d+)"), re.compile(rb"^A <urn:n:(\d+)> <urn:is> <urn:written> ", re.MULTILINE)


def insertion(number: int) -> str:
    """Return the update that writes `number`."""
    return f"INSERT DATA {{ GRAPH <urn:load> {{ <urn:n:{number}> <urn:is> <urn:written> }} }}"


def write(url: str, token: str, text: str) -> httpx.Response:
    """Send an update."""
    headers = {**SPARQL_UPDATE, "Authorization": f"Bearer {token}"}
    return CLIENT.post(f"{url}/update", content=text, headers=headers)


def rows(url: str, text: str) -> list[str]:
    """Return the values of a query with one column. Fails where it is not answered."""
    answer = CLIENT.get(f"{url}/sparql", params={"query": text}, headers={"Accept": "text/csv"})
    assert answer.status_code == 200, f"{answer.status_code}: {answer.text[:500]}"
    return answer.text.split("\r\n")[1:-1]


def numbers(url: str) -> set[int]:
    """Return the numbers that are written in the dataset."""
    return {int(found[1]) for row in rows(url, WRITTEN) if (found := _READ.search(row))}


def journaled(state: Path) -> list[int]:
    """Return the numbers that the journal has rows for, in its order."""
    files = sorted((state / "journal").glob("*.rdfp"))
    return [int(number) for file in files for number in _JOURNALED.findall(file.read_bytes())]


@dataclass
class Load:
    """What was sent, and what came of it."""

    url: str
    token: str
    sent: set[int] = field(default_factory=set)
    acknowledged: set[int] = field(default_factory=set)
    refused: set[int] = field(default_factory=set)
    increments: Counter[str] = field(default_factory=Counter)
    answers: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    _ended: threading.Event = field(default_factory=threading.Event)
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    def write_number(self) -> None:
        """Write a number that nobody wrote before."""
        number = next(self._numbers)
        self.sent.add(number)
        status = write(self.url, self.token, insertion(number)).status_code
        if status == 204:
            self.acknowledged.add(number)
        else:
            self.refused.add(number)

    def increment(self) -> None:
        """Add one to the counter."""
        self.increments["sent"] += 1
        if write(self.url, self.token, INCREMENT).status_code == 204:
            self.increments["acknowledged"] += 1

    def read_label(self) -> None:
        """Ask for what is known, with a variable that nobody used before, so that no cache knows the answer."""
        text = LABEL.replace("?label", f"?label{next(self._numbers)}")
        answer = CLIENT.get(f"{self.url}/sparql", params={"query": text}, headers={"Accept": "text/csv"})
        self.answers[str(answer.status_code)] += 1
        if answer.status_code == 200 and "Toy Valley" not in answer.text:
            self.wrong.append(answer.text)

    def read_numbers(self) -> None:
        """Ask for the numbers, among which must be all that were acknowledged before."""
        before = set(self.acknowledged)
        answer = CLIENT.get(f"{self.url}/sparql", params={"query": WRITTEN})
        if answer.status_code == 200:
            missing = before - {int(number) for number in _READ.findall(answer.text)}
            self.wrong += [f"acknowledged and not there: {sorted(missing)}"] if missing else []

    def keep_on(self, doing: Callable[[], None]) -> None:
        """Do something over and over; who is not answered waits a little and goes on."""
        while not self._ended.is_set():
            try:
                doing()
            except httpx.HTTPError as error:
                self.answers[type(error).__name__] += 1
                time.sleep(0.05)

    def end(self) -> None:
        """Have everybody stop after what they are at."""
        self._ended.set()


@contextmanager
def under_load(url: str, token: str, *, writes: bool = True) -> Iterator[Load]:
    """Keep a service busy while the block runs."""
    load = Load(url, token)
    doing = [load.read_label, load.read_label, load.read_numbers]
    if writes:
        doing += [load.write_number, load.write_number, load.increment]
    threads = [threading.Thread(target=load.keep_on, args=(each,)) for each in doing]
    for thread in threads:
        thread.start()
    try:
        yield load
    finally:
        load.end()
        for thread in threads:
            thread.join()


def check(load: Load, state: Path) -> None:
    """Hold what is there against what was acknowledged: nothing is lost, and nothing is there twice."""
    there = numbers(load.url)
    assert load.acknowledged <= there <= load.sent
    rows_of_journal = journaled(state)
    assert len(rows_of_journal) == len(set(rows_of_journal))
    assert set(rows_of_journal) == there
    counted = int((rows(load.url, COUNTED) or ["0"])[0])
    assert load.increments["acknowledged"] <= counted <= load.increments["sent"]
    assert load.wrong == []
