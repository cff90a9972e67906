"""The page for web developers is true: its programs print what it says, and its addresses answer."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import PROJECT, Service

PAGE = (PROJECT / "docs/api.md").read_text()
ADDRESS = "http://127.0.0.1:8040"
BLOCKS = dict(re.findall(r"```(sh|js|python)\n(.*?)```", PAGE, re.DOTALL))
ANSWERS = re.findall(r"```(?:json|text)\n(.*?)```", PAGE, re.DOTALL)


def printed(service: Service, *command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_command_line_answers_as_it_says(service: Service) -> None:
    answer = printed(service, "bash", "-c", BLOCKS["sh"].replace(ADDRESS, service.url))
    assert json.loads(answer) == json.loads(ANSWERS[0])


def test_the_program_in_javascript_prints_the_table(service: Service, tmp_path: Path) -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed (Debian: nodejs)")
    program = tmp_path / "brokers.mjs"
    program.write_text(BLOCKS["js"].replace(ADDRESS, service.url))
    assert printed(service, node, str(program)) == ANSWERS[1]


def test_the_program_in_python_prints_the_table(service: Service) -> None:
    assert printed(service, sys.executable, "-c", BLOCKS["python"].replace(ADDRESS, service.url)) == ANSWERS[2]


def test_each_path_and_each_condition_that_it_names_answers(service: Service) -> None:
    rows = re.findall(r"^\| (`.*?) \| ", PAGE.partition("## And more")[2], re.MULTILINE)
    paths = [path for row in rows for path in re.findall(r"`(/[^`]*)`", row)]
    assert len(paths) > 12
    values = {"?q=": "?q=aiju", "{name}": "gotz-2019", "/release/{id}": "/release/current"}
    values |= {
        "{id}": "hervas-oliver-2021",
        "subject=&property=&object=": "subject=aiju&property=activeIn&object=toy-valley",
    }
    for path in paths:
        if path.startswith("/api/facts/"):
            continue
        for name, value in values.items():
            path = path.replace(name, value)
        answer = service.get(path, follow_redirects=True)
        assert answer.status_code == 200, (path, answer.text[:300])


@pytest.mark.parametrize(
    "asked",
    [
        "industrial-districts?located_in=valencia-region",
        "industrial-districts?technology=augmented-reality",
        "claims?claimant.year=2019",
        "publications?year=2015..2018",
        "statistics?value=..100",
        "industrial-districts?q=ceramic",
        "actors?type=Firm,University",
        "technologies?source=gotz-2019",
        "technologies?modality=hedged",
        "technologies?year=2021",
        "publications?sort=-year",
        "agglomerations?facets=industry,type",
    ],
)
def test_each_condition_that_it_names_finds_something(asked: str, service: Service) -> None:
    assert all(part in PAGE for part in asked.partition("?")[2].split("=", 1)[:1])
    assert service.get(f"/api/{asked}").json()["total"] > 0
