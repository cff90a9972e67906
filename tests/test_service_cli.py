"""The command line as a researcher uses it: answers on a terminal, in files, and messages when it goes wrong."""

import csv
import io
import json
import os
import subprocess
from pathlib import Path

import pyoxigraph as ox
import pytest
from conftest import COMMAND, Service, run

COMMANDS = (
    "build",
    "serve",
    "query",
    "ask",
    "stats",
    "releases",
    "backup",
    "restore",
    "export",
    "token",
    "audit",
    "check",
    "anchor",
    "bench",
)


@pytest.mark.parametrize("command", [(), *((name,) for name in COMMANDS), ("check", "corpus")])
def test_help_from_any_folder(command: tuple[str, ...], tmp_path: Path) -> None:
    helped = run(*command, "--help", cwd=tmp_path)
    assert (helped.returncode, helped.stderr) == (0, "")
    assert "Usage: districtgraph" in helped.stdout
    assert list(tmp_path.iterdir()) == []


def test_ask_prints_a_table(state: Path) -> None:
    asked = run("ask", "brokerage", "actor=AIJU", "--state", state)
    assert asked.returncode == 0, asked.stderr
    assert "Which collective actors brokered" in asked.stdout
    assert "augmented reality" in asked.stdout
    assert "6 rows" in asked.stdout
    assert max(map(len, asked.stdout.splitlines())) <= 160


@pytest.mark.slow
def test_ask_prints_csv_json_and_markdown(state: Path) -> None:
    as_csv = list(csv.DictReader(io.StringIO(run("ask", "brokerage", "--format", "csv", "--state", state).stdout)))
    as_json = json.loads(run("ask", "brokerage", "--format", "json", "--state", state).stdout)
    as_markdown = run("ask", "brokerage", "--format", "md", "--state", state).stdout.splitlines()
    assert len(as_csv) == len(as_json["rows"]) == len(as_markdown) - 2
    assert as_csv[0]["actorLabel"] == as_json["rows"][0]["actor"]["label"] == as_markdown[2].split(" | ")[0][2:]


def test_ask_without_a_name_lists_the_questions(state: Path) -> None:
    listed = run("ask").stdout
    assert "brokerage" in listed
    assert "actor=aiju" in listed


@pytest.mark.slow
def test_stats_counts_what_the_release_holds(state: Path, service: Service) -> None:
    printed = run("stats", "--state", state).stdout
    document = json.loads(run("stats", "--format", "json", "--state", state).stdout)
    assert document == service.get("/api/stats").json()
    manifest = json.loads((state / "current/manifest.json").read_text())
    assert document["evidence"] == manifest["checks"]["evidence"]
    claims = sum(row["claims"] for row in document["claims_by_modality"])
    assert claims == manifest["counts"]["things_by_class"]["Claim"]
    papers = {row["source"]["label"] for row in document["facts_by_source"]}
    assert len(papers) == 5
    assert all(paper in printed for paper in papers)
    facts = "SELECT (COUNT(*) AS ?n) { ?f a <https://w3id.org/districtgraph/ontology#Fact> }"
    asked = run("query", facts, "--format", "text/csv", "--state", state).stdout.split()
    assert sum(row["facts"] for row in document["facts_by_source"]) >= int(asked[1])


def test_query_prints_a_table_or_what_is_asked_for(state: Path, tmp_path: Path) -> None:
    select = "SELECT ?x WHERE { ?x a <https://w3id.org/districtgraph/ontology#IndustrialDistrict> }"
    assert "dgi:toy-valley" in run("query", select, "--state", state).stdout
    odd = "SELECT (TRIPLE(<a:a>, <a:b>, <a:c>) AS ?t) (BNODE() AS ?b) (1/0.0e0 AS ?i) {}"
    assert run("query", odd, "--state", state).returncode == 0
    assert run("query", select, "--format", "text/csv", "--state", state).stdout.startswith("x\n")
    (tmp_path / "q.rq").write_text(select.replace("SELECT ?x", "CONSTRUCT { ?x a <urn:x> }"))
    graph = run("query", "--file", tmp_path / "q.rq", "--format", "application/n-triples", "--state", state).stdout
    assert len(list(ox.parse(graph.encode(), format=ox.RdfFormat.N_TRIPLES))) >= 3


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (("ask", "brokrage"), 2, "no named query 'brokrage'; did you mean 'brokerage'"),
        (("ask", "brokerage", "actor"), 2, "name=value"),
        (("ask", "brokerage", "actor=ajiu"), 2, "did you mean 'aiju'"),
        (("query", "SELECT"), 2, "not SPARQL"),
        (("query",), 2, "either as an argument or with --file"),
        (("query", "ASK {}", "--format", "image/png"), 2, "not as image/png"),
        (("serve", "--port", "99999"), 2, "PORT"),
        (("ask", "brokerage", "actor=aiju", "actor=itc"), 2, "given twice"),
        (("serve", "--host", "a..b"), 2, "cannot serve on a..b"),
        (("biuld",), 2, "No such command 'biuld'"),
    ],
)
def test_what_goes_wrong_is_explained(arguments: tuple[str, ...], status: int, message: str, state: Path) -> None:
    ran = run(*arguments, DISTRICTGRAPH_STATE=str(state))
    assert (ran.returncode, ran.stdout) == (status, "")
    assert message in ran.stderr
    assert "Traceback" not in ran.stderr


@pytest.mark.parametrize("command", [("ask", "brokerage"), ("query", "ASK {}"), ("serve",)])
def test_without_a_release_the_way_to_one_is_named(command: tuple[str, ...], tmp_path: Path) -> None:
    ran = run(*command, "--state", tmp_path / "none")
    assert ran.returncode == 2
    assert "run 'districtgraph build'" in ran.stderr


@pytest.mark.slow
def test_settings_come_from_the_environment_and_a_file(state: Path, tmp_path: Path) -> None:
    (tmp_path / "districtgraph.toml").write_text(f'state = "{state}"\n')
    assert "True" in run("query", "ASK {}", cwd=tmp_path).stdout.title()
    (tmp_path / "districtgraph.toml").write_text('stat = "x"\n')
    wrong = run("query", "ASK {}", cwd=tmp_path)
    assert (wrong.returncode, "STAT" in wrong.stderr) == (2, True)
    (tmp_path / "districtgraph.toml").write_text("state =\n")
    broken = run("query", "ASK {}", cwd=tmp_path)
    assert (broken.returncode, "districtgraph.toml" in broken.stderr) == (2, True)
    for seconds in ("inf", "-1", "soon"):
        assert run("query", "ASK {}", DISTRICTGRAPH_QUERY_SECONDS=seconds).returncode == 2
    assert run("query", "ASK {}", DISTRICTGRAPH_STATE=str(state), DISTRICTGRAPH_WORKERS="0").returncode == 2


@pytest.mark.slow
def test_a_broken_pipe_is_no_error(state: Path) -> None:
    command = [*COMMAND, "ask", "facts", "--format", "csv", "--state", str(state)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=os.environ)
    assert process.stdout is not None and process.stderr is not None
    process.stdout.readline()
    process.stdout.close()
    assert b"Traceback" not in process.stderr.read()
    process.wait(timeout=20)
    process.stderr.close()
