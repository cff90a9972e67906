"""The W3C's suites over HTTP: what the service passes is what it says that it passes, and no less than its engine's."""

import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
import w3c
import yaml
from conftest import SHARED, run, serving

SUITES = SHARED / "data/w3c/sparql"
OXIGRAPH = Path(sys.executable).parent / "oxigraph"
KNOWN: dict[str, str] = yaml.safe_load((Path(__file__).parent / "w3c-known.yaml").read_text())

pytestmark = pytest.mark.slow

Failures = dict[str, dict[str, str]]


@pytest.fixture(scope="module")
def suites() -> dict[str, list[w3c.Case]]:
    """The cases by suite."""
    if not SUITES.is_dir():
        pytest.skip(f"the W3C's suites are not at hand: {SUITES} does not exist")
    return w3c.suites(SUITES)


@pytest.fixture(scope="module")
def ours(suites: dict[str, list[w3c.Case]], tmp_path_factory: pytest.TempPathFactory) -> Failures:
    """What the service fails, by suite and case, with the reason."""
    state = tmp_path_factory.mktemp("w3c")
    made = run("token", "create", "--role", "admin", "--state", state)
    assert made.returncode == 0, made.stderr
    with serving(state, DISTRICTGRAPH_EMPTY="true", DISTRICTGRAPH_DEFAULT_GRAPH="strict") as service:
        graph_store = f"{service.url}/graph-store"
        token = made.stdout.strip()
        target = w3c.Target(f"{service.url}/sparql", f"{service.url}/update", graph_store, graph_store, token)
        return failures(suites, target)


@pytest.fixture(scope="module")
def oxigraph(suites: dict[str, list[w3c.Case]], tmp_path_factory: pytest.TempPathFactory) -> Failures:
    """What the Oxigraph server fails, by suite and case, with the reason."""
    with oxigraph_serving(tmp_path_factory.mktemp("oxigraph")) as url:
        return failures(suites, w3c.Target(f"{url}/query", f"{url}/update", f"{url}/store", f"{url}/store"))


def failures(suites: dict[str, list[w3c.Case]], target: w3c.Target) -> Failures:
    with target.client:
        return {
            name: {case.name: why for case in cases if (why := w3c.outcome(case, target)) is not None}
            for name, cases in suites.items()
        }


@contextmanager
def oxigraph_serving(folder: Path) -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = f"127.0.0.1:{free.getsockname()[1]}"
    command = [OXIGRAPH, "serve", "--location", folder, "--bind", address]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(100):
            try:
                httpx.get(f"http://{address}/")
                break
            except httpx.TransportError:
                time.sleep(0.1)
        yield f"http://{address}"
    finally:
        process.kill()
        process.wait()


def test_every_case_that_fails_is_known_with_its_reason(ours: Failures) -> None:
    failing = {case: why for cases in ours.values() for case, why in cases.items()}
    assert {case: why for case, why in failing.items() if case not in KNOWN} == {}


def test_no_case_that_passes_is_said_to_fail(ours: Failures, suites: dict[str, list[w3c.Case]]) -> None:
    names = {case.name for cases in suites.values() for case in cases}
    assert KNOWN.keys() - names == set(), "these are no cases"
    assert KNOWN.keys() - {case for cases in ours.values() for case in cases} == set()


@pytest.mark.parametrize(
    "suite",
    [
        "SPARQL 1.0 query",
        "SPARQL 1.0 syntax",
        "SPARQL 1.1 query",
        "SPARQL 1.1 update",
        "SPARQL 1.1 syntax",
        "SPARQL 1.1 results",
        "SPARQL 1.1 protocol",
        "SPARQL 1.1 graph store",
        "SPARQL 1.1 service description",
        "SPARQL 1.1 federation",
        "SPARQL 1.1 entailment",
        "SPARQL 1.2 query",
        "SPARQL 1.2 update",
        "SPARQL 1.2 syntax",
    ],
)
def test_as_many_cases_pass_as_with_the_oxigraph_server(
    suite: str,
    ours: Failures,
    oxigraph: Failures,
    suites: dict[str, list[w3c.Case]],
    record_property: Callable[[str, object], None],
) -> None:
    total = len(suites[suite])
    passed, theirs = total - len(ours[suite]), total - len(oxigraph[suite])
    record_property(suite, f"{passed} of {total} cases pass, {theirs} with the Oxigraph server")
    assert passed >= theirs
