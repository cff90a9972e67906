"""The page about reasoning is true: what it shows of an inferred fact is what is answered."""

import re
import shlex
import subprocess
import sys

from conftest import PROJECT, Service, run

from loaders.reasoning.rule_names import SUMMARIES, W3C
from service.explanation.schema import Explanation, Proof

PAGE = (PROJECT / "docs/reasoning.md").read_text()
BLOCKS = re.findall(r"```(\w+)\n(.*?)```\n\n(?:```(?:csv|text)\n(.*?)```)?", PAGE, re.DOTALL)


def block(language: str) -> tuple[str, str]:
    """The only block in a language, and the answer that stands after it."""
    ((text, answer),) = [(text, answer) for own, text, answer in BLOCKS if own == language]
    return text, answer


def test_the_question_has_the_answer_of_the_page(service: Service) -> None:
    query, answer = block("sparql")
    got = service.get("/sparql", params={"query": query}, headers={"Accept": "text/csv"})
    assert got.text.split() == answer.split()


def test_the_command_prints_the_proof_of_the_page(service: Service) -> None:
    command, answer = block("sh")
    program, *arguments = shlex.split(command)
    told = run(*arguments, "--state", service.state)
    assert (program, told.returncode) == ("districtgraph", 0), told.stderr
    assert told.stdout.startswith(answer)
    assert told.stdout.removeprefix(answer).startswith("claims (")


def test_the_program_prints_what_the_page_says(service: Service) -> None:
    program, answer = block("python")
    text = program.replace("http://127.0.0.1:8040", service.url)
    told = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, timeout=60)
    assert told.stdout == answer, told.stderr


def test_the_rules_of_the_page_are_those_of_the_reasoner() -> None:
    assert W3C in PAGE
    table = re.findall(r"^\| .* \| (`.*`) \|$", PAGE.partition("## Why")[0], re.MULTILINE)
    named = {name for row in table for name in re.findall(r"`([^`]+)`", row)}
    families = {name.removesuffix("…") for name in named if name.endswith("…")}
    assert {name for name in named if not name.endswith("…")} <= SUMMARIES.keys()
    assert all(name in named or name.startswith(tuple(families)) for name in SUMMARIES)


def test_the_keys_of_the_page_are_those_of_the_answer() -> None:
    rows = re.findall(r"^\| (`[a-z_`, ]+`)( of a proof)? \| ", PAGE.partition("## Why")[2], re.MULTILINE)
    keys = {name for row, _ in rows for name in re.findall(r"`(\w+)`", row)}
    assert keys - {"key"} == Proof.model_fields.keys() | {"proofs", "proofs_are_complete", "unproven"}
    assert {"proofs", "proofs_are_complete", "unproven"} <= Explanation.model_fields.keys()
