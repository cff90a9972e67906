"""The page for researchers is true: each of its questions is asked of the release, each command line is carried out."""

import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from conftest import PROJECT, Service, run, serving
from rdflib import Graph

from service.settings import Settings
from service.sparql.negotiation import GRAPHS, SOLUTIONS
from service.sparql.query_form import MAX_QUERY_BYTES
from service.sparql.shape import MAX_NESTING

PAGE = (PROJECT / "docs/sparql.md").read_text()
ADDRESS = "http://127.0.0.1:8040"


@dataclass(frozen=True)
class Block:
    """A fenced block of the page, and the one after it where nothing but an empty line is between: what it gives."""

    language: str
    text: str
    answer_language: str
    answer: str


_BLOCK = re.compile(r"```(\w+)\n(.*?)```\n(?:\n```(csv|text|turtle|json)\n(.*?)```)?", re.DOTALL)
BLOCKS = [Block(*(group or "" for group in found.groups())) for found in _BLOCK.finditer(PAGE)]


def blocks(language: str) -> list[Block]:
    return [block for block in BLOCKS if block.language == language]


@dataclass(frozen=True)
class Own:
    """A service over the release with a state folder of its own, a token, and a folder with the files that are sent."""

    service: Service
    token: str
    folder: Path

    def carry_out(self, *command: str) -> str:
        """Carry out a command, in which the address stands for that of the service."""
        environment = {"PATH": os.environ["PATH"], "TOKEN": self.token, "LANG": "C.UTF-8"}
        told = [part.replace(ADDRESS, self.service.url) for part in command]
        done = subprocess.run(told, cwd=self.folder, env=environment, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, (command, done.stdout, done.stderr)
        return done.stdout


@pytest.fixture(scope="module")
def own(state: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Own]:
    folder = tmp_path_factory.mktemp("page")
    copy = folder / "state"
    shutil.copytree(state, copy, symlinks=True)
    token = run("token", "create", "--role", "curator", "--name", "ana", "--state", copy)
    assert token.returncode == 0, token.stderr
    (folder / "question.rq").write_text(blocks("sparql")[0].text)
    (folder / "notes.ttl").write_text('<https://example.org/a> <https://example.org/note> "noted" .')
    with serving(copy) as service:
        yield Own(service, token.stdout.strip(), folder)


def test_there_are_ten_questions_of_every_form() -> None:
    questions = PAGE.partition("## Ten questions")[2].partition("\n## ")[0]
    assert len(re.findall(r"^```sparql$", questions, re.MULTILINE)) == 10
    for form in ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE"):
        assert re.search(rf"^{form}\b", questions, re.MULTILINE), form
    assert all(block.answer for block in blocks("sparql"))


@pytest.mark.parametrize("block", blocks("sparql"), ids=lambda block: block.text.splitlines()[-1][:60])
def test_a_question_of_the_page_has_the_answer_of_the_page(block: Block, service: Service) -> None:
    accept = {"csv": "text/csv", "turtle": "text/turtle"}[block.answer_language]
    answer = service.get("/sparql", params={"query": block.text}, headers={"Accept": accept})
    assert answer.status_code == 200, answer.text
    if block.answer_language == "turtle":
        said = Graph().parse(data=answer.text, format="turtle")
        shown = Graph().parse(data=block.answer, format="turtle")
        assert set(shown) - set(said) == set()
    else:
        shown_rows = list(csv.reader(io.StringIO(block.answer)))
        assert list(csv.reader(io.StringIO(answer.text)))[: len(shown_rows)] == shown_rows


@pytest.mark.slow
@pytest.mark.parametrize("block", [b for b in blocks("sh") if "curl" in b.text], ids=lambda block: block.text[:50])
def test_a_command_line_of_the_page_works_as_it_stands(block: Block, own: Own) -> None:
    told = own.carry_out("bash", "-e", "-o", "pipefail", "-c", block.text)
    if block.answer_language == "json":
        assert json.loads(told) == json.loads(block.answer)
    elif block.answer_language == "csv":
        assert list(csv.reader(io.StringIO(told))) == list(csv.reader(io.StringIO(block.answer)))


@pytest.mark.slow
@pytest.mark.parametrize("block", blocks("python"), ids=lambda block: block.text.splitlines()[-1][:60])
def test_the_python_of_the_page_prints_what_the_page_says(block: Block, own: Own) -> None:
    assert own.carry_out(sys.executable, "-c", block.text) == block.answer


@pytest.mark.slow
def test_the_javascript_of_the_page_prints_what_the_page_says(own: Own) -> None:
    if shutil.which("node") is None:
        pytest.skip("node is not installed (Debian: nodejs)")
    (block,) = blocks("js")
    assert own.carry_out("node", "--input-type=module", "-e", block.text) == block.answer


def test_the_limits_of_the_page_are_the_settings() -> None:
    limits = PAGE.partition("## Limits")[2]
    defaults = {name: field.default for name, field in Settings.model_fields.items()}
    assert f"| time | {defaults['query_seconds']:g} s;" in limits
    assert f"| memory | {defaults['query_megabytes']} MB |" in limits
    assert f"| length of an answer | {defaults['result_megabytes']} MB;" in limits
    assert f"| length of a question | {MAX_QUERY_BYTES // 1_000_000} MB |" in limits
    assert f"| nesting of brackets | {MAX_NESTING} levels" in limits


def formats(row: int) -> set[str]:
    """Return the media types in a row of the page's table of formats."""
    table = PAGE.partition("## Formats")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| `[A-Z]+`, .* \| (.*) \|$", table, re.MULTILINE)
    return set(re.findall(r"`([a-z-]+/[a-z+-]+)`", rows[row]))


def test_every_format_that_is_offered_is_on_the_page() -> None:
    assert set(SOLUTIONS.values()) - {"text/html"} == formats(0)
    assert set(GRAPHS.values()) - {"text/html"} <= formats(1)


def test_every_format_of_the_page_is_offered() -> None:
    assert formats(1) <= set(GRAPHS.values())


def test_a_browser_gets_a_page(service: Service) -> None:
    accept = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
    for query in ("ASK {}", "SELECT ?s { ?s ?p ?o } LIMIT 1", "CONSTRUCT WHERE { ?s ?p ?o } LIMIT 1"):
        answer = service.get("/sparql", params={"query": query}, headers={"Accept": accept})
        assert answer.headers["content-type"].startswith("text/html"), query


@pytest.mark.slow
def test_a_graph_of_a_paper_is_not_written_to(own: Own) -> None:
    triple = "GRAPH <https://w3id.org/districtgraph/graph/gotz-2019> { <urn:a> <urn:b> 1 }"
    answer = httpx.post(
        f"{own.service.url}/update",
        data={"update": f"INSERT DATA {{ {triple} }}"},
        headers={"Authorization": f"Bearer {own.token}"},
    )
    assert answer.status_code == 403
    assert "loaders/corpus" in answer.json()["detail"]


@pytest.mark.slow
def test_a_question_may_ask_for_less_time(service: Service) -> None:
    query = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    answer = service.get("/sparql", params={"query": query, "timeout": "1"})
    assert answer.status_code == 503
    assert answer.json()["type"].endswith("/query-timeout")
    assert answer.elapsed.total_seconds() < 15


def test_an_error_is_plain_text_for_who_asks_for_that(service: Service) -> None:
    answer = service.get("/sparql", params={"query": "SELECT"}, headers={"Accept": "text/plain, text/csv;q=0.5"})
    assert answer.status_code == 400
    assert answer.headers["content-type"].startswith("text/plain")
    assert "line 1" in answer.text
