"""The default graph has a store of its own, beside that of all graphs: both are what was written, all the same."""

import random
from collections.abc import Iterator

import httpx
import pytest
from clients import Writable, written

pytestmark = pytest.mark.slow

ONE, OTHER, CLOSED = "urn:graph:one", "urn:graph:other", "urn:graph:closed"
NAMED = (ONE, OTHER, CLOSED)
LABEL = "<http://www.w3.org/2000/01/rdf-schema#label>"
ALONE = f"SELECT ?s {{ ?s {LABEL} 'there' }}"
BESIDE_OTHERS = f"{ALONE} # a comment that might name a graph"
CLEAR = "DROP ALL"


class Model:
    """What was written, by the graph that it was written to; "" is the default graph."""

    def __init__(self) -> None:
        self.graphs: dict[str, set[int]] = {"": set()} | {graph: set() for graph in NAMED}

    def of_default_graph(self, *, union: bool, hidden: str = "") -> set[int]:
        merged = [numbers for graph, numbers in self.graphs.items() if not graph or (union and graph != hidden)]
        return set().union(*merged)

    def written(self, chance: random.Random) -> str:
        """Change something, and return the update that does the same; few numbers, so that graphs have the same."""
        graph, number = chance.choice(["", *NAMED]), chance.randrange(4)
        triple = f"<urn:{number}> {LABEL} 'there'"
        quad = f"GRAPH <{graph}> {{ {triple} }}" if graph else triple
        match chance.randrange(8):
            case 0 if graph:
                self.graphs[graph].clear()
                return f"DROP SILENT GRAPH <{graph}>"
            case 0:
                self.graphs[graph].clear()
                return "CLEAR DEFAULT"
            case 1:
                self.graphs[OTHER] = set(self.graphs[ONE])
                return f"COPY SILENT <{ONE}> TO <{OTHER}>"
            case 2 | 3 | 4:
                self.graphs[graph].discard(number)
                return f"DELETE DATA {{ {quad} }}"
            case _:
                self.graphs[graph].add(number)
                return f"INSERT DATA {{ {quad} }}"


@pytest.fixture(scope="module", params=["union", "strict"])
def writable(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[bool, Writable]]:
    """A service with a closed graph, and whether its default graph is the union of all."""
    state = tmp_path_factory.mktemp(request.param)
    settings = {"DISTRICTGRAPH_CLOSED_GRAPHS": f'["{CLOSED}"]', "DISTRICTGRAPH_DEFAULT_GRAPH": request.param}
    with written(state, **settings) as service:
        yield request.param == "union", service


def asked(service: Writable, query: str, token: str | None) -> set[int]:
    headers = {"Accept": "text/csv"} | ({"Authorization": f"Bearer {token}"} if token else {})
    answer = httpx.get(service.sparql, params={"query": query}, headers=headers)
    assert answer.status_code == 200, answer.text
    found = answer.text.split()[1:]
    assert len(found) == len(set(found))
    return {int(iri.removeprefix("urn:")) for iri in found}


def things(service: Writable, token: str | None) -> set[int]:
    """Return what REST finds, which is about all graphs, each thing once."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    answer = httpx.get(f"{service.service.url}/api/things?limit=100", headers=headers)
    assert answer.status_code == 200, answer.text
    found = [item["id"] for item in answer.json()["items"]]
    assert answer.json()["total"] == len(found) == len(set(found))
    return {int(iri.removeprefix("urn:")) for iri in found}


@pytest.mark.parametrize("seed", range(2))
def test_it_is_what_was_written(seed: int, writable: tuple[bool, Writable]) -> None:
    is_union, service = writable
    chance, model, history = random.Random(seed), Model(), [CLEAR]
    for turn in range(40):
        if turn:
            history.append(model.written(chance))
        sent = {
            "content": history[-1],
            "headers": {"Authorization": service.bearer, "Content-Type": "application/sparql-update"},
        }
        assert httpx.post(service.update, **sent).status_code == 204, history  # type: ignore[arg-type]
        for token, hidden in ((service.token, ""), (None, CLOSED)):
            if not turn % 5:
                assert things(service, token) == model.of_default_graph(union=True, hidden=hidden), history
            expected = model.of_default_graph(union=is_union, hidden=hidden)
            assert asked(service, ALONE, token) == asked(service, BESIDE_OTHERS, token) == expected, history


def test_a_question_opens_in_the_editor_where_that_asks_the_same(writable: tuple[bool, Writable]) -> None:
    is_union, service = writable
    page = httpx.get(f"{service.service.url}/api/queries/actors-at-place", headers={"Accept": "text/html"})
    assert page.status_code == 200
    assert ("Open it in the editor" in page.text) == is_union
