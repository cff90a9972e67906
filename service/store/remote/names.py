"""What of ours stands on a remote engine: the merge of all graphs, what blank nodes are called, and the marker.

Each is a graph of its own, which a query is never told of, beside the graphs of the release.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pyoxigraph as ox

from ontology.iris import BASE
from service.store.dataset import View
from service.store.remote.endpoint import Endpoint

_OURS = f"{BASE}engine/"
MARKER = ox.NamedNode(f"{_OURS}published")
NOWHERE = f"{_OURS}nothing"
OWN = f"{_OURS}default"
GENID = f"{BASE}.well-known/genid/"
TYPED = f"{_OURS}typed/"


@dataclass(frozen=True)
class Published:
    """What an endpoint holds: a release with so many writes, and a state that is another each time.

    `graphs` are the named graphs, `owned` those of the release, and `parts` the parts of the merge of all graphs: each
    triple is in one, by the closed graphs that it is in if it is in no other (`closed`, none for the first part).
    `plain` tells whether terms stand there as they are, and not coded: blank nodes as IRIs below GENID, which stay what
    they are in every answer; literals with a datatype below TYPED, of which no engine has ideas of its own.
    """

    release: str
    written: int
    state: str
    plain: bool
    closed: View
    graphs: frozenset[str]
    owned: frozenset[str]
    parts: dict[str, View]

    def triples(self) -> bytes:
        """Return it as the N-Triples of the marker."""
        fields: list[tuple[str, Any]] = [
            ("release", ox.Literal(self.release)),
            ("written", ox.Literal(f"{self.written}")),
            ("state", ox.Literal(self.state)),
            ("plain", ox.Literal("yes" if self.plain else "no")),
            *(("closed", ox.NamedNode(iri)) for iri in sorted(self.closed)),
            *(("graph", ox.NamedNode(iri)) for iri in sorted(self.graphs)),
            *(("owned", ox.NamedNode(iri)) for iri in sorted(self.owned)),
            *(("part", ox.NamedNode(iri)) for iri in sorted(self.parts)),
        ]
        triples = [ox.Triple(MARKER, ox.NamedNode(f"{_OURS}{name}"), value) for name, value in fields]
        triples += [
            ox.Triple(ox.NamedNode(part), ox.NamedNode(f"{_OURS}in"), ox.NamedNode(iri))
            for part, view in self.parts.items()
            for iri in sorted(view)
        ]
        content = ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES)
        assert content is not None
        return content


_CODED = re.compile(rb"^_:(\S+)|(?<= )_:(\S+)(?= \.$)|(?<=\"\^\^<)([^>]*)(?=> \.$)")


def coded(line: bytes) -> bytes:
    """Return a line of N-Triples, without its end, with the terms coded."""
    return _CODED.sub(_code, line)


def _code(found: re.Match[bytes]) -> bytes:
    subject, object_, datatype = found.groups()
    return TYPED.encode() + datatype if datatype is not None else b"<%s%s>" % (GENID.encode(), subject or object_)


def decoded(term: Any) -> Any:
    """Return a term as it is here, whether it is coded or not."""
    if isinstance(term, ox.NamedNode) and term.value.startswith(GENID):
        return ox.BlankNode(term.value.removeprefix(GENID))
    if isinstance(term, ox.Literal) and term.datatype.value.startswith(TYPED):
        return ox.Literal(term.value, datatype=ox.NamedNode(term.datatype.value.removeprefix(TYPED)))
    return term


def part_of(closed: Iterable[str], all_closed: View) -> str:
    """Return the graph of the triples that are in these closed graphs alone."""
    numbers = {iri: number for number, iri in enumerate(sorted(all_closed), 1)}
    return "-".join([f"{_OURS}merged", *(str(numbers[iri]) for iri in sorted(closed))])


def published(endpoint: Endpoint) -> Published | None:
    """Return what an endpoint holds, None where nothing was published to it whole. Raises EngineError."""
    query = f"SELECT ?s ?p ?o FROM {MARKER} WHERE {{ ?s ?p ?o }}"
    told: dict[str, list[str]] = {}
    parts: dict[str, set[str]] = {}
    for subject, predicate, object_ in endpoint.select(query, ("s", "p", "o")):
        name = predicate.value.removeprefix(_OURS)
        if name == "in":
            parts.setdefault(subject.value, set()).add(object_.value)
        else:
            told.setdefault(name, []).append(object_.value)
    try:
        return Published(
            release=told["release"][0],
            written=int(told["written"][0]),
            state=told["state"][0],
            plain=told["plain"][0] == "yes",
            closed=frozenset(told.get("closed", ())),
            graphs=frozenset(told.get("graph", ())),
            owned=frozenset(told.get("owned", ())),
            parts={part: frozenset(parts.get(part, ())) for part in told["part"]},
        )
    except (KeyError, ValueError):
        return None  # it is written to, or another version of this did so


def starting(state: str) -> bytes:
    """Return the N-Triples of the marker as long as an endpoint is written to, so that others see by whom."""
    return f'{MARKER} <{_OURS}state> "-{state}" .\n'.encode()


def state_of(endpoint: Endpoint) -> str | None:
    """Return the state that an endpoint is in now, which begins with `-` while it is written to. Raises EngineError."""
    rows = endpoint.select(f"SELECT ?o FROM {MARKER} WHERE {{ {MARKER} <{_OURS}state> ?o }}", ("o",))
    return rows[0][0].value if len(rows) == 1 else None
