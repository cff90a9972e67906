"""What mappings make of a SPARQL endpoint is what they make of a file, however the endpoint behaves, or nothing."""

import random
import shutil
import signal
import subprocess
import time
from pathlib import Path

import httpx
import pytest
from conftest import COMMAND, run
from engines import oxigraph
from hostile_endpoint import hostile
from loaded import copy_state
from test_loaders_mapped import MAPPINGS, mapped_state, standards

from loaders.loading.source import LoadedSource, loaded_in

pytestmark = pytest.mark.slow
__all__ = ["mapped_state", "standards"]


def impatient(folder: Path, about: str = "", page: int = 100) -> Path:
    """Return a copy of the mapping of standards that does not wait between requests."""
    shutil.copytree(MAPPINGS / "i40-standards", folder)
    given = (folder / "mapping.yaml").read_text().replace("page: 200", f"page: {page}")
    (folder / "mapping.yaml").write_text(f"{given}pause: 0\n{about}")
    return folder


def only(folder: Path) -> LoadedSource:
    (source,) = loaded_in(folder)
    return source


def test_an_endpoint_and_a_file_make_the_same_release(
    state: Path, mapped_state: Path, standards: Path, tmp_path: Path
) -> None:
    copy_state(state, tmp_path / "state")
    mapping = impatient(tmp_path / "mapping", page=50)
    with oxigraph(tmp_path) as (query, _):
        put(query.replace("/query", "/store?default"), standards)
        done = run("load", "graph", mapping, "--from", query, "--state", tmp_path / "state")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "state/current").resolve().name == (mapped_state / "current").resolve().name


def put(address: str, file: Path) -> None:
    httpx.put(address, content=file.read_bytes(), headers={"Content-Type": "text/turtle"}).raise_for_status()


def test_killed_and_misled_it_goes_on_and_ends_the_same(
    excerpt_state: Path, mapped_state: Path, standards: Path, tmp_path: Path
) -> None:
    """Answers come cut, with too few rows and not at all, and the load is killed while it asks."""
    copy_state(excerpt_state, tmp_path / "state")
    mapping = impatient(tmp_path / "mapping")
    arguments = ["load", "graph", str(mapping), "--state", str(tmp_path / "state")]
    with hostile(standards) as endpoint:
        endpoint.busy_each, endpoint.most_rows, endpoint.cut_beyond = 7, 400, 100_000
        arguments += ["--from", endpoint.url]
        for number in (signal.SIGKILL, signal.SIGTERM):
            before = len(endpoint.asked)
            process = subprocess.Popen(
                [*COMMAND, *arguments], stderr=subprocess.PIPE, text=True, cwd=excerpt_state.parent
            )
            wanted = before + random.randint(3, 12)
            while len(endpoint.asked) < wanted and process.poll() is None:
                time.sleep(0.005)
            process.send_signal(number)
            _, errors = process.communicate(timeout=30)
            assert "Traceback" not in errors
            assert loaded_in(tmp_path / "state") == []
        done = run(*arguments, cwd=excerpt_state.parent)
        assert done.returncode == 0, done.stderr
        assert "going on with a load that was interrupted" in done.stderr
        assert endpoint.most_at_once == 1
        assert all(agent.startswith("districtgraph/") for agent in endpoint.agents)
    assert only(tmp_path / "state").about["digest"] == only(mapped_state).about["digest"]
    assert not list((tmp_path / "state/sources").glob(".asked-*"))


def test_what_was_answered_is_not_asked_again(standards: Path, tmp_path: Path) -> None:
    mapping = impatient(tmp_path / "mapping", page=400)
    with hostile(standards) as endpoint:
        arguments = ("load", "graph", mapping, "--from", endpoint.url, "--state", tmp_path / "state")
        endpoint.busy_each = 5
        endpoint.wait = "700"
        assert run(*arguments).returncode == 2
        assert "what it has answered is kept" in run(*arguments).stderr
        first = len(endpoint.asked)
        endpoint.busy_each, endpoint.status = 0, 403
        refused = run(*arguments)
        assert refused.returncode == 2
        assert "answers 403" in refused.stderr
        assert len(endpoint.asked) == first + 1
        answered = [query for number, query in enumerate(endpoint.asked[:first], 1) if number % 5]
        assert len(set(answered)) == len(answered)


WRONGS: dict[str, tuple[dict[str, object], str, int, str]] = {
    "a page": ({"page": "<html>Welcome</html>"}, "", 2, "does not answer in SPARQL's JSON, but text/html: '<html>"),
    "endless": ({"endless": True}, "most: 250\n", 1, "finds more than 250 things"),
    "in another order": ({"unordered": True}, "", 2, "the endpoint puts IRIs into an order that is none"),
    "not found": ({"status": 404}, "", 2, "EndPointNotFound"),
    "always failing": ({"status": 500}, "", 2, "though one thing alone was asked for"),
    "always busy": ({"status": 503}, "", 2, "answers 503: out of order; what it has answered is kept"),
    "always cut": ({"cut_beyond": 40}, "", 2, "breaks off its answer"),
    "one row at most": ({"most_rows": 1}, "", 2, "rows and sent 1"),
}


@pytest.mark.parametrize("wrong", WRONGS)
def test_an_endpoint_that_goes_wrong_is_told_and_nothing_is_loaded(wrong: str, standards: Path, tmp_path: Path) -> None:
    how, about, status, message = WRONGS[wrong]
    mapping = impatient(tmp_path / "mapping", about)
    with hostile(standards) as endpoint:
        for name, value in how.items():
            setattr(endpoint, name, value)
        done = run("load", "graph", mapping, "--from", endpoint.url, "--state", tmp_path / "state")
    assert done.returncode == status, done.stderr
    assert message in done.stderr, done.stderr
    assert "Traceback" not in done.stderr
    assert loaded_in(tmp_path / "state") == []


def test_a_pause_is_kept_and_so_is_what_the_endpoint_asks_for(standards: Path, tmp_path: Path) -> None:
    mapping = impatient(tmp_path / "mapping", page=400)
    (mapping / "mapping.yaml").write_text((mapping / "mapping.yaml").read_text().replace("pause: 0", "pause: 0.3"))
    with hostile(standards) as endpoint:
        endpoint.busy_each, endpoint.wait, endpoint.cut_beyond = 2, "1", 40
        process = subprocess.Popen(
            [*COMMAND, "load", "graph", str(mapping), "--from", endpoint.url, "--state", str(tmp_path / "state")],
            stderr=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + 30
        while len(endpoint.asked) < 4 and time.monotonic() < deadline:
            time.sleep(0.02)
        process.terminate()
        process.wait(30)
    gaps = [later - earlier for earlier, later in zip(endpoint.at, endpoint.at[1:], strict=False)]
    assert gaps[0] >= 0.3
    assert gaps[1] >= 1
    assert gaps[2] >= 0.3


def test_no_endpoint_and_no_file_is_told(tmp_path: Path) -> None:
    done = run("load", "graph", "i40-standards", "--state", tmp_path / "state")
    assert done.returncode == 2
    assert "name with --from one or more files of RDF, or one SPARQL endpoint" in done.stderr
