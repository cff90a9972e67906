"""What the tests of clients ask: an empty service with a token, and two small graphs with values that are awkward."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from conftest import Service, run, serving
from rdflib import XSD, Literal

EX = "http://example.org/"
PLACES, FIGURES = f"{EX}graph/places", f"{EX}graph/figures"
PREFIXES = f"PREFIX ex: <{EX}>\nPREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>\n"
TURTLE_PREFIXES = f"@prefix ex: <{EX}> .\n@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"

NOTE = 'He said "go on", twice;\nthen, a new line\tand a tab'
CITY = "深圳 🏭 d’Açò"
PLACES_TURTLE = f'''{TURTLE_PREFIXES}
ex:toy-valley a ex:District ; rdfs:label "Toy Valley"@en , "Valle del Juguete"@es .
ex:castellon a ex:District ; rdfs:label "Castellón"@es ; ex:note """{NOTE}""" .
ex:shenzhen a ex:City ; rdfs:label "{CITY}"@ca .
'''
FIGURES_TURTLE = f"""{TURTLE_PREFIXES}
ex:toy-valley ex:firms 400 ; ex:share 2.5 ; ex:growth 1.0e3 ; ex:open true .
ex:castellon ex:firms 120 ; ex:share 95.0 ; ex:open false .
ex:shenzhen ex:firms 9 ; ex:open true ;
  ex:founded "1979-01-30"^^<http://www.w3.org/2001/XMLSchema#date> .
"""
LABELS = f"{PREFIXES}SELECT ?label {{ ?place rdfs:label ?label }} ORDER BY STR(?label)"
LABEL_VALUES = ["Castellón", "Toy Valley", "Valle del Juguete", CITY]
NOTES = f"{PREFIXES}SELECT ?place ?note ?firms {{ ?place ex:firms ?firms OPTIONAL {{ ?place ex:note ?note }} }}"
NETWORK = f"""{PREFIXES}
CONSTRUCT {{ ?p a ex:District ; rdfs:label ?l ; ex:firms ?n }}
WHERE {{ ?p a ex:District ; rdfs:label ?l ; ex:firms ?n }}"""
TRIPLES_OF_PLACES, TRIPLES_OF_FIGURES = 8, 10
DATE = Literal("1979-01-30", datatype=XSD.date)


@dataclass(frozen=True)
class Writable:
    """A service with the two graphs, and the token of one who may write."""

    service: Service
    token: str

    @property
    def sparql(self) -> str:
        return f"{self.service.url}/sparql"

    @property
    def update(self) -> str:
        return f"{self.service.url}/update"

    @property
    def graph_store(self) -> str:
        return f"{self.service.url}/graph-store"

    @property
    def bearer(self) -> str:
        return f"Bearer {self.token}"

    def put(self, graph: str, turtle: str) -> None:
        """Make `graph` what `turtle` says."""
        headers = {"Authorization": self.bearer, "Content-Type": "text/turtle"}
        put = httpx.put(self.graph_store, params={"graph": graph}, content=turtle.encode(), headers=headers)
        assert put.status_code in (201, 204), put.text

    def holds(self, pattern: str) -> bool:
        """Tell whether there is what a pattern describes."""
        answer = httpx.get(self.sparql, params={"query": f"{PREFIXES}ASK {{ {pattern} }}"})
        assert answer.status_code == 200, answer.text
        return bool(answer.json()["boolean"])


@contextmanager
def written(state: Path, **environment: str) -> Iterator[Writable]:
    """Serve the two graphs from a new state folder until the block ends."""
    created = run("token", "create", "--role", "admin", "--name", "client", "--state", state)
    assert created.returncode == 0, created.stderr
    with serving(state, DISTRICTGRAPH_EMPTY="1", **environment) as service:
        writable = Writable(service, created.stdout.strip())
        writable.put(PLACES, PLACES_TURTLE)
        writable.put(FIGURES, FIGURES_TURTLE)
        yield writable
