"""What is sent for an answer: formats, compression, entity tags, the cache, deadlines, pages, metrics and the log."""

import gzip
import json
import os
import re
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import brotli  # type: ignore[import-untyped]
import httpx
import pytest
import zstandard
from clients import EX, LABELS, Writable, written
from conftest import COMMAND, Service, run

pytestmark = pytest.mark.slow

LONG = "SELECT * { ?s ?p ?o } LIMIT 500"
UNPACKED = {
    "gzip": gzip.decompress,
    "br": brotli.decompress,
    "zstd": lambda content: zstandard.ZstdDecompressor().decompressobj().decompress(content),
}


@pytest.mark.parametrize("coding", UNPACKED)
def test_a_long_answer_is_compressed_as_the_client_likes(coding: str, service: Service) -> None:
    plain = service.get("/sparql", params={"query": LONG}, headers={"Accept-Encoding": "identity"})
    with httpx.stream(
        "GET", f"{service.url}/sparql", params={"query": LONG}, headers={"Accept-Encoding": f"{coding}, identity;q=0.5"}
    ) as packed:
        content = b"".join(packed.iter_raw())
    assert packed.headers["content-encoding"] == coding
    assert "Accept-Encoding" in packed.headers["vary"]
    assert packed.headers["etag"] != plain.headers["etag"]
    assert len(content) < len(plain.content) / 2
    assert UNPACKED[coding](content) == plain.content


def test_nobody_gets_a_coding_that_was_refused(service: Service) -> None:
    for refused in ("", "identity", "gzip;q=0, br;q=0, zstd;q=0", "*;q=0", "deflate"):
        answer = service.get("/sparql", params={"query": LONG}, headers={"Accept-Encoding": refused})
        assert "content-encoding" not in answer.headers, refused


def test_the_second_answer_comes_from_the_cache_and_a_write_makes_another(tmp_path: Path) -> None:
    with written(tmp_path) as writable:
        first, again = (httpx.get(writable.sparql, params={"query": LABELS}) for _ in range(2))
        assert (first.content, first.headers["etag"]) == (again.content, again.headers["etag"])
        assert 'outcome="cached"} 1.0' in metrics(writable)
        writable.put(f"{EX}graph/new", f'<{EX}x> <http://www.w3.org/2000/01/rdf-schema#label> "Xàbia" .')
        other = httpx.get(writable.sparql, params={"query": LABELS}, headers={"If-None-Match": first.headers["etag"]})
        assert (other.status_code, "Xàbia" in other.text) == (200, True)


def test_what_is_different_each_time_is_not_kept(service: Service) -> None:
    for call in ("NOW()", "RAND()", "UUID()", "STRUUID()"):
        first, again = (
            service.get("/sparql", params={"query": f"SELECT ?x {{ BIND({call} AS ?x) }}"}) for _ in range(2)
        )
        assert first.text != again.text, call
        assert "etag" not in first.headers
        assert first.headers["cache-control"] == "no-store"


def test_a_client_may_ask_for_less_time_and_for_no_more_than_there_is(tmp_path: Path) -> None:
    cross = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o . ?p ?q ?r . ?s ?t ?u }"
    with written(tmp_path, DISTRICTGRAPH_MOST_QUERY_SECONDS="2") as writable:
        for timeout, told in (("0.7", "0.7 s"), ("1e9", "2 s"), ("30000", "2 s")):
            answer = httpx.get(writable.sparql, params={"query": cross, "timeout": timeout}, timeout=60)
            assert (answer.status_code, told in answer.json()["detail"]) == (503, True), answer.text
        for timeout in ("0", "-1", "nan", "inf", "soon", ""):
            answer = httpx.get(writable.sparql, params={"query": cross, "timeout": timeout}, timeout=60)
            assert (answer.status_code, "timeout wants seconds" in answer.json()["detail"]) == (400, True), timeout


def test_a_page_shows_terms_as_text_and_says_where_it_stops(tmp_path: Path) -> None:
    with written(tmp_path) as writable:
        hostile = '<script>alert("x")</script>'
        writable.put(
            f"{EX}graph/h", f"<{EX}h> <{EX}says> {json.dumps(hostile)} . <{EX}h> <{EX}at> <javascript:alert(1)> ."
        )
        headers = {"Accept": "text/html"}
        query = f"SELECT ?o {{ <{EX}h> ?p ?o }}"
        page = httpx.get(writable.sparql, params={"query": query}, headers=headers)
        assert page.headers["content-type"] == "text/html; charset=utf-8"
        assert "script-src 'self';" in page.headers["content-security-policy"]
        assert "default-src 'none'" in page.headers["content-security-policy"]
        assert "&lt;script&gt;" in page.text and "<script>" not in page.text and 'href="javascript' not in page.text
        values = " ".join(map(str, range(1_001)))
        long = httpx.get(
            writable.sparql, params={"query": f"SELECT ?x {{ VALUES ?x {{ {values} }} }}"}, headers=headers
        )
        assert "The first 1000 rows" in long.text
        assert "The answer is yes." in httpx.get(writable.sparql, params={"query": "ASK {}"}, headers=headers).text


def metrics(writable: Writable) -> str:
    answer = httpx.get(f"{writable.service.url}/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    return answer.text


def test_prometheus_reads_what_was_asked_and_how_it_came_out(tmp_path: Path) -> None:
    with written(tmp_path) as writable:
        for query in (LABELS, "ASK {}", "SELECT {"):
            httpx.get(writable.sparql, params={"query": query})
        text = metrics(writable)
        for line in (
            'districtgraph_queries_total{form="SELECT",outcome="answered"} 1.0',
            'districtgraph_queries_total{form="ASK",outcome="answered"} 1.0',
            'districtgraph_queries_total{form="SELECT",outcome="query-syntax"} 1.0',
            'districtgraph_requests_total{operation="graph-store",status="201"} 2.0',
            'districtgraph_writes_total{outcome="done"} 2.0',
            "districtgraph_query_seconds_count 2.0",
            "districtgraph_queries_waiting 0.0",
            "districtgraph_workers_busy 0.0",
        ):
            assert line in text, (line, text)
        assert re.search(r'^districtgraph_release\{version="empty-2-[0-9a-f]{8}"\} 1\.0$', text, re.MULTILINE)
        assert waiting_workers(writable) >= 1


def waiting_workers(writable: Writable) -> float:
    found = re.search(r"^districtgraph_workers_idle (.+)$", metrics(writable), re.MULTILINE)
    assert found is not None
    return float(found[1])


def test_workers_that_were_ended_are_replaced_before_anybody_asks_again(tmp_path: Path) -> None:
    numbers = " ".join(map(str, range(200)))
    endless = "SELECT (COUNT(*) AS ?n) { " + " ".join(f"VALUES ?v{i} {{ {numbers} }}" for i in range(6)) + " }"
    with written(tmp_path) as writable:
        with ThreadPoolExecutor(3) as pool:
            asked = [
                pool.submit(httpx.get, writable.sparql, params={"query": endless, "timeout": "1"}, timeout=60)
                for _ in range(3)
            ]
            assert {one.result().status_code for one in asked} == {503}
        until = time.monotonic() + 30
        while waiting_workers(writable) < 3:
            assert time.monotonic() < until
            time.sleep(0.1)


def test_the_log_has_a_line_for_each_request_with_its_id(tmp_path: Path) -> None:
    log = tmp_path / "log"
    token = run("token", "create", "--role", "admin", "--state", tmp_path).stdout.strip()
    command = [*COMMAND, "serve", "--empty", "--state", str(tmp_path), "--port", "0"]
    with (
        log.open("w") as file,
        subprocess.Popen(command, stderr=file, env=os.environ | {"DISTRICTGRAPH_LOG_LEVEL": "info"}) as process,
    ):
        try:
            url = _address(log)
            httpx.get(f"{url}/sparql", params={"query": "ASK {}"}, headers={"X-Request-Id": "mine-1"})
            made = httpx.get(f"{url}/nowhere", headers={"X-Request-Id": "not\tgood"}).headers["x-request-id"]
            headers = {"Authorization": f"Bearer {token}", "Content-Type": "text/turtle"}
            assert httpx.put(f"{url}/graph-store?graph=urn:g", content="", headers=headers).status_code == 201
        finally:
            process.terminate()
            assert process.wait(20) == 0
    lines = [json.loads(line) for line in log.read_text().splitlines()[1:]]
    assert {(line["request"], line["path"], line["status"]) for line in lines if line["event"] == "request"} >= {
        ("mine-1", "/sparql", 200),
        (made, "/nowhere", 404),
    }
    assert token not in log.read_text()


def _address(log: Path) -> str:
    for _ in range(300):
        if found := re.search(r"http://\S+\d", log.read_text()):
            return found[0]
        time.sleep(0.1)
    raise AssertionError(log.read_text())


def own_and_shared(process: int) -> tuple[int, int]:
    """Return the bytes that a process has changed and has to itself, and those that it shares (Linux)."""
    lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()[1:]
    sizes = {line.split(":")[0]: int(line.split()[1]) * 1024 for line in lines}
    return sizes["Private_Dirty"], sizes["Shared_Dirty"]


def test_a_worker_that_waits_copies_the_memory_that_it_shares(service: Service) -> None:
    assert service.get("/sparql", params={"query": "ASK { <urn:nobody> ?p ?o }"}).status_code == 200
    _, *workers = service.workers()  # the first is the template
    assert workers
    until = time.monotonic() + 60
    while not all(own > 10 * shared for own, shared in map(own_and_shared, workers)):
        assert time.monotonic() < until, [own_and_shared(worker) for worker in workers]
        time.sleep(0.2)
