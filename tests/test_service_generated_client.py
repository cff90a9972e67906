"""A client generated from the OpenAPI document lists districts, follows a page, reads an actor and asks a question."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import Service

GENERATOR = Path(sys.executable).with_name("openapi-python-client")
# Another process, for what is generated has warnings of its own.
PROGRAM = """
import sys
from urllib.parse import parse_qs, urlsplit

from districtgraph_client import Client
from districtgraph_client.api.queriesbrokerage import query_brokerage
from districtgraph_client.api.search import search
from districtgraph_client.api.things import get_collective_actor, list_industrial_districts

client = Client(base_url=sys.argv[1])
first = list_industrial_districts.sync(client=client, limit=2, sort="label")
cursor = parse_qs(urlsplit(first.next_).query)["cursor"][0]
second = list_industrial_districts.sync(client=client, limit=2, sort="label", cursor=cursor)
print(first.total, *[item.label for item in (*first.items, *second.items)], sep="; ")
actor = get_collective_actor.sync("aiju", client=client)
print(actor.label, *actor.type_, actor["activeIn"][0]["label"], sep="; ")
answer = query_brokerage.sync(client=client, actor="aiju", limit=2)
print(answer.total, len(answer.rows), sep="; ")
print(get_collective_actor.sync("nobody", client=client).detail)
print(search.sync(client=client, q="castelon", limit=1).results[0].label)
"""


@pytest.mark.slow
def test_a_generated_client_gets_what_there_is(service: Service, tmp_path: Path) -> None:
    document = tmp_path / "openapi.json"
    document.write_text(json.dumps(service.get("/api/openapi.json").json()))
    command = [
        GENERATOR,
        "generate",
        "--path",
        document,
        "--output-path",
        tmp_path / "districtgraph_client",
        "--meta",
        "none",
    ]
    made = subprocess.run(list(map(str, command)), capture_output=True, text=True, timeout=300, cwd=tmp_path)
    assert made.returncode == 0, made.stdout[-3000:]
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, service.url], capture_output=True, text=True, timeout=120, cwd=tmp_path
    )
    assert done.returncode == 0, done.stderr
    districts, actor, answer, problem, searched = done.stdout.splitlines()
    assert districts == "3; Castellon ceramic tile district; Furniture district of Marche; Toy Valley"
    assert actor == "AIJU; CollectiveActor; TechnologyTransferOrganisation; Toy Valley"
    total, rows = map(int, answer.split("; "))
    assert (total > 2, rows) == (True, 2)
    assert problem.startswith("there is no thing 'nobody'")
    assert searched == "Castellon"
