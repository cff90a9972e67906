"""A dataset that is too large for the memory, and answered from the disk."""

import shutil
from pathlib import Path

import httpx
import pytest
from clients import EX, FIGURES, PLACES, PREFIXES
from conftest import Service, run, serving


@pytest.mark.slow
@pytest.mark.parametrize("default_graph", ["union", "strict"])
def test_a_dataset_on_the_disk_answers_as_one_in_memory(
    default_graph: str, excerpt_state: Path, tmp_path: Path
) -> None:
    count = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    named = "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ORDER BY ?g"
    answers = []
    for megabytes in ("1000", "0"):
        state = shutil.copytree(excerpt_state, tmp_path / megabytes, symlinks=True)
        token = run("token", "create", "--role", "admin", "--state", state).stdout.strip()
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "text/turtle"}
        environment = {
            "DISTRICTGRAPH_MEMORY_MEGABYTES": megabytes,
            "DISTRICTGRAPH_DEFAULT_GRAPH": default_graph,
            "DISTRICTGRAPH_CLOSED_GRAPHS": f'["{FIGURES}"]',
        }
        seen = []
        for turn in range(2):
            with serving(state, **environment) as service:

                def csv(query: str, token: str = "", service: Service = service) -> str:
                    given = {"Accept": "text/csv"} | ({"Authorization": f"Bearer {token}"} if token else {})
                    return service.get("/sparql", params={"query": query}, headers=given).text

                seen += [csv(count), csv(named)]
                if turn == 0:
                    graph_store = f"{service.url}/graph-store"
                    for graph in (PLACES, FIGURES):
                        put = httpx.put(
                            graph_store, params={"graph": graph}, content=f"<{EX}a> <{EX}b> 1, 2 .", headers=headers
                        )
                        assert put.status_code == 201, put.text
                    insert = f"{PREFIXES}INSERT DATA {{ ex:own ex:b 3 . GRAPH <{PLACES}> {{ ex:a ex:b 4 }} }}"
                    sent = httpx.post(
                        f"{service.url}/update",
                        data={"update": insert},
                        headers=headers | {"Content-Type": "application/x-www-form-urlencoded"},
                    )
                    assert sent.status_code == 204, sent.text
                    seen += [csv(count), csv(named), csv(named, token)]
                    dropped = httpx.delete(graph_store, params={"graph": FIGURES}, headers=headers)
                    assert dropped.status_code == 204
                    seen += [csv(count), csv(named, token)]
        answers.append(seen)
    assert answers[0] == answers[1]
    assert len({text for text in answers[0] if text.count("\n") == 2}) >= 2
