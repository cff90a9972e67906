"""Who may read and write what: roles, closed graphs, graphs of sources, rates, and the journal that tells who wrote."""

import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from clients import EX, FIGURES, LABELS, PLACES, PREFIXES, Writable, written
from conftest import Service, run, serving

pytestmark = pytest.mark.slow

JSON = "application/sparql-results+json"
COUNT = f"{PREFIXES}SELECT (COUNT(*) AS ?n) {{ ?s ?p ?o }}"
IN_FIGURES = "?place ex:firms ?firms"
OWNED = "https://w3id.org/districtgraph/graph/gotz-2019"


def token_for(state: Path, role: str, *graphs: str, name: str = "somebody") -> str:
    options = [option for graph in graphs for option in ("--graph", graph)]
    created = run("token", "create", "--role", role, "--name", name, "--state", state, *options)
    assert created.returncode == 0, created.stderr
    return created.stdout.strip()


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def count(url: str, query: str = COUNT, token: str | None = None, **parameters: str) -> int:
    headers = {"Accept": JSON} | (bearer(token) if token else {})
    answer = httpx.get(url, params={"query": query, **parameters}, headers=headers, timeout=60)
    assert answer.status_code == 200, answer.text
    return int(answer.json()["results"]["bindings"][0]["n"]["value"])


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Writable]:
    """Two graphs, of which the one with the figures is open to tokens only."""
    state = tmp_path_factory.mktemp("closed")
    with written(state, DISTRICTGRAPH_CLOSED_GRAPHS=f'["{FIGURES}"]') as writable:
        yield writable


WAYS = {
    "the default graph": f"ASK {{ {IN_FIGURES} }}",
    "GRAPH ?g": f"ASK {{ GRAPH ?g {{ {IN_FIGURES} }} }}",
    "GRAPH <it>": f"ASK {{ GRAPH <{FIGURES}> {{ {IN_FIGURES} }} }}",
    "FROM": f"ASK FROM <{FIGURES}> {{ {IN_FIGURES} }}",
    "two FROM": f"ASK FROM <{PLACES}> FROM <{FIGURES}> {{ {IN_FIGURES} }}",
    "FROM NAMED": f"ASK FROM NAMED <{FIGURES}> {{ GRAPH ?g {{ {IN_FIGURES} }} }}",
    "a sub-query": f"ASK {{ {{ SELECT * {{ {IN_FIGURES} }} }} }}",
    "EXISTS": f"ASK {{ FILTER EXISTS {{ {IN_FIGURES} }} }}",
}


@pytest.mark.parametrize("way", WAYS)
def test_no_query_gets_into_a_closed_graph_without_a_token(way: str, closed: Writable) -> None:
    query = PREFIXES + WAYS[way]
    for token, expected in ((closed.token, True), (None, False), (closed.token, True), (None, False)):
        headers = {"Accept": JSON} | (bearer(token) if token else {})
        answer = httpx.get(closed.sparql, params={"query": query}, headers=headers)
        assert answer.json()["boolean"] is expected, (way, token)


def test_the_dataset_of_the_request_does_not_open_a_closed_graph(closed: Writable) -> None:
    for name in ("default-graph-uri", "named-graph-uri"):
        query = COUNT if name == "default-graph-uri" else COUNT.replace("{ ?s ?p ?o }", "{ GRAPH ?g { ?s ?p ?o } }")
        assert count(closed.sparql, query, **{name: FIGURES}) == 0
        assert count(closed.sparql, query, closed.token, **{name: FIGURES}) > 0


def test_a_closed_graph_is_not_found_at_the_graph_store(closed: Writable) -> None:
    asked = {"params": {"graph": FIGURES}}
    assert httpx.get(closed.graph_store, **asked).status_code == 404  # type: ignore[arg-type]
    assert httpx.get(closed.graph_store, headers=bearer(closed.token), **asked).status_code == 200  # type: ignore[arg-type]
    assert "firms" not in httpx.get(closed.graph_store, params={"default": ""}).text


def test_a_closed_graph_is_not_told_of(closed: Writable) -> None:
    assert FIGURES not in httpx.get(closed.sparql).text
    assert FIGURES in httpx.get(closed.sparql, headers=bearer(closed.token)).text


def test_a_closed_graph_stays_closed_after_a_write(closed: Writable) -> None:
    before = count(closed.sparql)
    closed.put(f"{EX}graph/more", f"<{EX}a> <{EX}b> 1 .")
    assert count(closed.sparql) == before + 1


def test_the_answer_to_one_is_not_the_entity_of_another(closed: Writable) -> None:
    open_, with_token = (
        httpx.get(closed.sparql, params={"query": COUNT}, headers=headers) for headers in ({}, bearer(closed.token))
    )
    assert open_.headers["etag"] != with_token.headers["etag"]
    assert "Authorization" in open_.headers["vary"]


def test_a_writer_for_one_graph_writes_no_other_and_reads_no_closed_one(closed: Writable) -> None:
    mine = f"{EX}graph/mine"
    token = token_for(closed.service.state, "curator", mine)
    copy = f"{PREFIXES}INSERT {{ GRAPH <{mine}> {{ ?s ?p ?o }} }} WHERE {{ GRAPH <{FIGURES}> {{ ?s ?p ?o }} }}"
    for text, status in (
        (f"INSERT DATA {{ GRAPH <{mine}> {{ <urn:a> <urn:b> 1 }} }}", 204),
        (f"INSERT DATA {{ GRAPH <{PLACES}> {{ <urn:a> <urn:b> 1 }} }}", 403),
        ("INSERT DATA { <urn:a> <urn:b> 1 }", 403),
        (copy, 204),
    ):
        sent = httpx.post(closed.update, data={"update": text}, headers=bearer(token))
        assert sent.status_code == status, (text, sent.text)
    read = httpx.get(closed.graph_store, params={"graph": mine}, headers={"Accept": "application/n-triples"})
    assert read.text.count("\n") == 1


def test_reads_may_be_closed(tmp_path: Path) -> None:
    with written(tmp_path, DISTRICTGRAPH_READS="closed") as writable:
        reader = token_for(tmp_path, "reader")
        for path in ("/sparql?query=ASK%7B%7D", "/sparql", "/graph-store?default", "/api/queries", "/"):
            refused = httpx.get(writable.service.url + path)
            assert (refused.status_code, refused.headers["www-authenticate"]) == (401, "Bearer"), path
        for path in ("/sparql?query=ASK%7B%7D", "/sparql", "/graph-store?default", "/api/queries"):
            assert httpx.get(writable.service.url + path, headers=bearer(reader)).status_code == 200, path
            assert httpx.get(writable.service.url + path).status_code == 401, path
        assert httpx.get(f"{writable.service.url}/health/live").status_code == 200
        sent = httpx.post(writable.update, data={"update": "INSERT DATA {}"}, headers=bearer(reader))
        assert sent.status_code == 403
        assert httpx.get(writable.sparql, headers=bearer("dg_guessed")).status_code == 401


def test_a_token_that_is_removed_is_refused_at_once(tmp_path: Path) -> None:
    with written(tmp_path) as writable:
        token = token_for(tmp_path, "curator", name="guest")
        assert "guest  curator  all graphs" in run("token", "list", "--state", tmp_path).stdout
        update = {"update": "INSERT DATA { GRAPH <urn:g> { <urn:a> <urn:b> 1 } }"}
        assert httpx.post(writable.update, data=update, headers=bearer(token)).status_code == 204
        assert run("token", "remove", "guest", "--yes", "--state", tmp_path).returncode == 0
        assert httpx.post(writable.update, data=update, headers=bearer(token)).status_code == 401
        assert token not in (tmp_path / "tokens.json").read_text()


def test_the_journal_tells_who_wrote_what_and_when(tmp_path: Path) -> None:
    with written(tmp_path) as writable:
        token = token_for(tmp_path, "curator", name="ada")
        httpx.post(
            writable.update,
            data={"update": f"DELETE WHERE {{ GRAPH <{FIGURES}> {{ ?s ?p ?o }} }}"},
            headers=bearer(token),
        )
    audit = run("audit", "--state", tmp_path).stdout.splitlines()
    assert [line.split("  ")[1:5] for line in audit] == [
        ["client", f"PUT /graph-store?graph={PLACES.replace(':', '%3A').replace('/', '%2F')}", "+8 -0", PLACES],
        ["client", f"PUT /graph-store?graph={FIGURES.replace(':', '%3A').replace('/', '%2F')}", "+10 -0", FIGURES],
        ["ada", "POST /update", "+0 -10", FIGURES],
    ]
    assert len(run("audit", "--who", "ada", "--state", tmp_path).stdout.splitlines()) == 1
    assert len(run("audit", "--graph", PLACES, "--state", tmp_path).stdout.splitlines()) == 1
    assert run("audit", "--since", "2999-01-01", "--state", tmp_path).stdout == ""
    assert run("audit", "--rows", "--who", "ada", "--state", tmp_path).stdout.count("\nD <") == 10


@pytest.mark.slow
def test_what_was_written_survives_a_restart_and_another_release(
    excerpt_state: Path, tmp_path: Path, copied_project: Path
) -> None:
    state = shutil.copytree(excerpt_state, tmp_path / "state", symlinks=True)
    token = token_for(state, "curator")
    insert = f"{PREFIXES}INSERT DATA {{ GRAPH <{EX}notes> {{ ex:a ex:b 1 }} ex:c ex:d 2 }}"
    query = f"{PREFIXES}SELECT (COUNT(*) AS ?n) {{ {{ ex:a ex:b 1 }} UNION {{ ex:c ex:d 2 }} }}"
    with serving(state) as service:
        release = service.get("/sparql", params={"query": query}).headers["districtgraph-release"]
        assert httpx.post(f"{service.url}/update", data={"update": insert}, headers=bearer(token)).status_code == 204
        for graph in (OWNED, "https://w3id.org/districtgraph/graph/ontology"):
            told = httpx.delete(f"{service.url}/graph-store", params={"graph": graph}, headers=bearer(token))
            assert (told.status_code, "districtgraph build" in told.json()["detail"]) == (403, True)
        assert count(f"{service.url}/sparql", query) == 2
    (copied_project / "loaders/corpus/gotz-2019").rename(tmp_path / "put-aside")
    built = run("build", "--state", state, cwd=copied_project)
    with serving(state) as service:
        assert count(f"{service.url}/sparql", query) == 2
        now = service.get("/sparql", params={"query": query}).headers["districtgraph-release"]
    assert built.returncode == 0 and now != release, built.stderr


def proxied(service: Service, address: str, query: str, **headers: str) -> httpx.Response:
    headers["X-Forwarded-For"] = f"198.51.100.9, {address}"
    return httpx.get(f"{service.url}/sparql", params={"query": query}, headers=headers, timeout=60)


def test_who_asks_too_much_is_told_when_to_come_back(tmp_path: Path) -> None:
    slow = (
        "SELECT (COUNT(*) AS ?n) {{ VALUES ?a {{ {values} }} VALUES ?b {{ {values} }} VALUES ?c {{ {values} }} }} #{n}"
    )
    values = " ".join(map(str, range(130)))
    environment = {"DISTRICTGRAPH_CLIENT_SECONDS": "1", "DISTRICTGRAPH_TRUSTED_PROXIES": '["127.0.0.1"]'}
    with written(tmp_path, **environment) as writable:
        service = writable.service
        answers = [proxied(service, "203.0.113.7", slow.format(values=values, n=n)) for n in range(30)]
        refused = answers[-1]
        assert (answers[0].status_code, refused.status_code) == (200, 429), refused.text
        assert 1 <= int(refused.headers["retry-after"]) <= 600
        assert refused.json()["type"].endswith("/problem/rate")
        assert proxied(service, "203.0.113.8", LABELS).status_code == 200
        admin = token_for(tmp_path, "admin")
        told = [proxied(service, "203.0.113.7", slow.format(values=values, n=n), **bearer(admin)) for n in range(9)]
        assert {answer.status_code for answer in told} == {200}
        assert httpx.get(writable.sparql, params={"query": LABELS}).status_code == 200  # this machine pays nothing


def test_tokens_that_are_made_at_once_are_all_kept(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = list(
            pool.map(lambda n: run("token", "create", "--role", "reader", "--name", n, "--state", tmp_path), "abcdefgh")
        )
    assert {told.returncode for told in made} == {0}
    listed = run("token", "list", "--state", tmp_path).stdout
    assert sorted(line[0] for line in listed.splitlines()) == list("abcdefgh")
