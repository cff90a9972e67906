"""The walk of docs/networks.md, and the numbers it gives, are those of the release."""

import re
import shlex

import pytest
from conftest import PROJECT, Service, run

BASE = "https://w3id.org/districtgraph"
ALL = "dgi:computed--network--all"
PREFIXES = f"PREFIX dg: <{BASE}/ontology#> PREFIX dgi: <{BASE}/id/> "
GUIDE = (PROJECT / "docs/networks.md").read_text()
COMMANDS = re.findall(r"```sh\ndistrictgraph (.*?)\n```(?:\n\n```csv\n(.*?)```)?", GUIDE, re.DOTALL)


@pytest.mark.parametrize(("command", "shown"), COMMANDS, ids=lambda text: text[:40])
def test_a_command_prints_what_is_shown(command: str, shown: str, service: Service) -> None:
    answer = run(*shlex.split(command), "--state", service.state)
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.strip()
    assert set(shown.splitlines()) <= set(answer.stdout.splitlines())


def test_the_walk_goes_from_the_question_to_the_evidence() -> None:
    assert [command.split()[1] for command, _ in COMMANDS] == [
        "reported-and-computed-roles",
        "reported-and-computed-roles",
        "computed-roles",
        "ties",
        "colorker-technical-demonstrations",
    ]


@pytest.mark.parametrize(
    ("pattern", "query"),
    [
        (r"(\d+) of \d+ scores are computed roles", "SELECT (COUNT(?s) AS ?n) { ?s a dg:ComputedRole }"),
        (
            r"(\d+) of \d+ scores have a `zScore`",
            "SELECT (COUNT(?s) AS ?n) { ?s dg:measuredActor ?a ; dg:zScore ?z FILTER(?z >= 1.96) }",
        ),
        (
            r"(\d+) of the computed roles have a `zScore` below",
            "SELECT (COUNT(?s) AS ?n) { ?s a dg:ComputedRole ; dg:zScore ?z FILTER(?z < 1.96) }",
        ),
        (
            r"(\d+) of the computed roles are coordinators by district",
            "SELECT (COUNT(?s) AS ?n) { ?s a dg:ComputedRole ; dg:brokerageRole dgi:coordinator ; "
            "dg:analysis/dg:partition 'district' }",
        ),
        (r"\d+ of (\d+) scores are", "SELECT (COUNT(?s) AS ?n) { ?s a dg:BrokerageScore ; dg:measuredActor ?actor }"),
        (r"of the (\d+) ordered pairs", f"SELECT ?n {{ {ALL} dg:tieCount ?n }}"),
        (
            r"(\d+) have one back",
            f"""SELECT (COUNT(*) AS ?n) {{ SELECT DISTINCT ?a ?b {{
                ?tie dg:inNetwork {ALL} {{ ?tie dg:tieFrom ?a ; dg:tieTo ?b }}
                UNION {{ ?tie dg:tieTo ?a ; dg:tieFrom ?b ; dg:directed false }}
                ?back dg:inNetwork {ALL} {{ ?back dg:tieFrom ?b ; dg:tieTo ?a }}
                UNION {{ ?back dg:tieTo ?b ; dg:tieFrom ?a ; dg:directed false }} }} }}""",
        ),
    ],
)
def test_the_numbers_are_those_of_the_release(pattern: str, query: str, service: Service) -> None:
    (told,) = re.findall(pattern, GUIDE)
    answer = service.get("/sparql", params={"query": PREFIXES + query}, headers={"Accept": "text/csv"})
    assert answer.text.split() == ["n", told]
