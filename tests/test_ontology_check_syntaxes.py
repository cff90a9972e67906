"""A fault is told with its line in whatever syntax the file was saved."""

import json
from pathlib import Path

import pytest
from conftest import PROJECT, Owl, run

FAULTY = """
dg:FabLab a owl:Class ; rdfs:subClassOf dg:CollectiveActr ; rdfs:label "fab lab"@en , "maker space"@en ;
    skos:definition "A collective actor that runs a workshop."@en ; dcterms:source "hervas-oliver-2021, 4.1" .
"""


@pytest.fixture(scope="module")
def saved(owl: Owl, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The module of actors in each syntax, with a class that has two labels and a misspelled superclass."""
    folder = tmp_path_factory.mktemp("saved")
    source = folder / "source.ttl"
    source.write_text((PROJECT / "ontology/actors.ttl").read_text() + FAULTY)
    owl.do(*(("save", source, syntax, folder / f"actors.{syntax}") for syntax in Owl.SYNTAXES))
    return folder


@pytest.mark.parametrize("syntax", Owl.SYNTAXES)
@pytest.mark.slow
def test_the_line_is_that_of_the_term(syntax: str, saved: Path, excerpt_state: Path) -> None:
    file = saved / f"actors.{syntax}"
    ran = run("check", "ontology", "--format", "json", file, cwd=excerpt_state.parent)
    assert (ran.returncode, "Traceback" in ran.stderr) == (1, False), ran.stderr
    errors = {f["check"]: f for f in json.loads(ran.stdout)["findings"] if f["severity"] == "error"}
    assert set(errors) == {"two-labels", "missing-text"}
    lines = file.read_text().splitlines()
    assert errors["two-labels"]["term"] == "dg:FabLab"
    assert any(word in lines[errors["two-labels"]["line"] - 1] for word in ("FabLab", "maker space"))
    assert errors["missing-text"]["term"] == "dg:CollectiveActr"  # which the OWL API has declared
    assert "CollectiveActr" in lines[errors["missing-text"]["line"] - 1]
    assert "did you mean 'dg:CollectiveActor'" in errors["missing-text"]["message"]
