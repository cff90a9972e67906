"""What is drawn at random is drawn once, whichever of the workers draws it: they are forked from one process."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from clients import EX, Writable
from conftest import run, serving
from loaded import copy_state

pytestmark = pytest.mark.slow

CSV = {"Accept": "text/csv"}
AT_A_TIME, DRAWN = 8, 40


@pytest.fixture(scope="module")
def writable(excerpt_state: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Writable]:
    """A service over a release, and a token to write there."""
    state = tmp_path_factory.mktemp("random") / "state"
    copy_state(excerpt_state, state)
    created = run("token", "create", "--role", "admin", "--name", "client", "--state", state)
    with serving(state) as service:
        yield Writable(service, created.stdout.strip())


def test_no_two_workers_draw_the_same(writable: Writable) -> None:
    takes_a_while = "{ SELECT (COUNT(*) AS ?n) { ?a a ?c . ?b a ?c } }"

    def draw(number: int) -> str:
        query = f"SELECT ?x {{ {takes_a_while} BIND(CONCAT(STRUUID(), STR(RAND())) AS ?x) FILTER(?n > {number}) }}"
        answer = httpx.get(writable.sparql, params={"query": query}, headers=CSV, timeout=60)
        assert answer.status_code == 200, answer.text
        return answer.text.split()[1]

    with ThreadPoolExecutor(AT_A_TIME) as pool:
        assert len(set(pool.map(draw, range(DRAWN)))) == DRAWN


def test_blank_nodes_of_two_writes_are_two(writable: Writable) -> None:
    headers = {"Authorization": writable.bearer}
    for number in range(4):
        update = f"INSERT DATA {{ GRAPH <{EX}graph/blank> {{ [] <{EX}number> {number} }} }}"
        assert httpx.post(writable.update, data={"update": update}, headers=headers).status_code == 204
        turtle = {"Content-Type": "text/turtle"} | headers
        posted = f"[] <{EX}number> {number} ."
        sent = httpx.post(
            writable.graph_store, params={"graph": f"{EX}graph/blank"}, content=posted.encode(), headers=turtle
        )
        assert sent.status_code == 204, sent.text
    count = f"SELECT (COUNT(DISTINCT ?x) AS ?n) {{ ?x <{EX}number> ?number }}"
    assert httpx.get(writable.sparql, params={"query": count}, headers=CSV).text.split() == ["n", "8"]
