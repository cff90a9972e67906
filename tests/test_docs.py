"""The documents are true: what they show is what the commands print."""

import json
import re
import subprocess
import tomllib
from pathlib import Path

import pyoxigraph as ox
import pytest
from conftest import PROJECT, Edit, Service, run

from loaders.inference import infer
from loaders.ontology_checks import CHECKS as USES
from loaders.reasoning.domain_rules import domain_rules
from ontology.checks.registry import CHECKS
from ontology.modules import module_triples
from ontology.rule_conditions import FUNCTIONS
from ontology.rule_syntax import MOST_CONCLUSIONS, MOST_FILTERS, MOST_PREMISES
from ontology.vocabulary import load_vocabulary
from queries.columns import columns
from queries.named_query import parse_query
from service.settings import Settings

README = (PROJECT / "README.md").read_text()
LIBRARIAN = (PROJECT / "docs/librarian.md").read_text()
ARCHITECTURE = (PROJECT / "docs/architecture.md").read_text()


def test_the_answer_in_the_readme_is_the_answer(service: Service) -> None:
    (command,) = re.findall(r"^\.venv/bin/districtgraph (ask .*)$", README, re.MULTILINE)
    answer = run(*command.split(), "--state", service.state)
    assert answer.returncode == 0, answer.stderr
    shown = set(answer.stdout.splitlines())
    assert shown <= set(README.splitlines())
    assert len(shown) == 8


def test_the_curl_of_the_readme_answers_the_flagship_question(service: Service) -> None:
    (command,) = re.findall(r"^(curl .*?')$", README, re.MULTILINE | re.DOTALL)
    command = command.replace("http://127.0.0.1:8040", service.url)
    rows = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=60).stdout.splitlines()
    lab = "Toy Valley,Vicedo Martí,Industry 4.0 living lab of the Toy Valley,Hervas-Oliver (2021),4.1"
    technologies = ("augmented reality", "3D printing", "IoT sensors", "data analytics", "drones", "artificial vision")
    assert {f"AIJU,{technology},{lab}" for technology in technologies} <= set(rows)
    platform = "digital manufacturing platform,Castellon ceramic tile district,Colorker,CEBRA+"
    assert {f"{who},{platform},Hervas-Oliver et al. (2019),3.3" for who in ("ITC", "ASCER")} <= set(rows)


def test_the_sparql_of_the_readme_finds_the_passage_behind_a_triple(service: Service) -> None:
    (query,) = re.findall(r"```sparql\n(.*?)```", README, re.DOTALL)
    rows = service.get("/sparql", params={"query": query}, headers={"Accept": "text/csv"}).text.splitlines()[1:]
    assert {row.split(",")[2] for row in rows} == {"4.2"}
    assert all(row.startswith("https://w3id.org/districtgraph/id/vicedo-marti,") for row in rows)


def test_every_key_that_the_curators_guide_names_is_a_property_of_its_class() -> None:
    vocabulary = load_vocabulary()
    guide = (PROJECT / "docs/curation.md").read_text()
    rows = re.findall(r"^\| [^|]+ \| `(\w+)` \| ([^|]+) \|$", guide, re.MULTILINE)
    assert len(rows) == 11
    for class_, keys in rows:
        type_ = {vocabulary.class_named(class_).iri}
        for key in re.findall(r"`(\w+)`", keys):
            assert vocabulary.is_a(type_, vocabulary.property_named(key).domain), (class_, key)


def test_the_settings_table_is_the_settings() -> None:
    rows = {}
    for name, default, what in re.findall(r"^\| `(\w+)` \| `?([^|`]*)`? \| ([^|]+) \|$", ARCHITECTURE, re.MULTILINE):
        rows[name] = (default.strip(), what)
    fields = Settings.model_fields
    expected = {n: ("" if f.default is None else str(f.default), f.description) for n, f in fields.items()}
    assert rows == expected


def test_every_dependency_has_its_line() -> None:
    dependencies = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]["dependencies"]
    names = {re.split(r"[=>]", dependency)[0] for dependency in dependencies}
    table = ARCHITECTURE.partition("## What we stand on")[2]
    assert set(re.findall(r"^\| ([a-z0-9-]+) \|", table, re.MULTILINE)) - {"dependency"} == names


def test_every_check_of_the_ontology_has_its_line() -> None:
    table = (PROJECT / "docs/ontology-checks.md").read_text()
    rows = dict(re.findall(r"^\| `([a-z-]+)` \| (.+) \|$", table, re.MULTILINE))
    expected = {check.name: check.holds for check in CHECKS} | {n: (f.__doc__ or "").strip() for n, f in USES.items()}
    assert rows.items() >= expected.items()


def test_the_mistake_of_the_tutorial_is_told_as_it_says(copied_project: Path, edit: Edit) -> None:
    edit(
        "ontology/actors.ttl",
        "dg:Firm rdf:type owl:Class",
        """dg:FabLab rdf:type owl:Class ; rdfs:subClassOf dg:CollectiveActor , dg:Place ;
            dcterms:source "hervas-oliver-2021, 4.1" ; rdfs:label "fab lab"@en , "makerspace"@en ;
            skos:definition "A collective actor that runs a workshop."@en .
        dg:Firm rdf:type owl:Class""",
    )
    checked = run("check", "ontology", cwd=copied_project)
    told = [line.split(": ", 1)[1] for line in checked.stdout.splitlines() if ": error: " in line]
    assert set(told) == set(re.findall(r"^error: .*$", LIBRARIAN, re.MULTILINE))
    assert checked.returncode == 1


def test_every_file_that_the_documents_name_is_there() -> None:
    for document in [PROJECT / "README.md", *(PROJECT / "docs").glob("*.md")]:
        for target in re.findall(r"\]\((?!http)([^)#]+)\)", document.read_text()):
            assert (document.parent / target).exists(), (document.name, target)
    for module in re.findall(r"\b(\w+\.py)\b", ARCHITECTURE):
        assert any(list((PROJECT / floor).rglob(module)) for floor in ("ontology", "queries", "loaders", "service")), (
            module
        )


def test_the_question_of_the_tutorial_is_one(service: Service) -> None:
    text, _ = re.findall(r"```sparql\n(#\+.*?)```", LIBRARIAN, re.DOTALL)
    query = parse_query("fab-labs.rq", text.replace("dg:FabLab", "dg:University"))
    answer = service.get("/sparql", params={"query": query.sparql({})}, headers={"Accept": "text/csv"})
    assert columns(query) == ("lab", "labLabel", "at", "atLabel")
    assert len(answer.text.splitlines()) > 1


@pytest.mark.slow
def test_the_rule_of_the_tutorial_concludes_what_its_case_says(copied_project: Path, edit: Edit) -> None:
    _, text = re.findall(r"```sparql\n(#\+.*?)```", LIBRARIAN, re.DOTALL)
    (trig,) = re.findall(r"```trig\n(.*?)```", LIBRARIAN, re.DOTALL)
    edit(
        "ontology/policies.ttl",
        "dg:attended rdf:type",
        """dg:looksAfter rdf:type owl:ObjectProperty ; rdfs:domain dg:Actor ; rdfs:range dg:Actor ;
            dcterms:source "hervas-oliver-2019, 3.3.2" ; rdfs:label "looks after"@en ;
            skos:definition "An actor supervises what takes place on the premises of another."@en .
        dg:attended rdf:type""",
    )
    (path,) = re.findall(r"`(ontology/rules/[\w-]+\.rq)`", LIBRARIAN)
    (copied_project / path).write_text(text)
    checked = run("check", "ontology", "--format", "json", cwd=copied_project)
    assert [f for f in json.loads(checked.stdout)["findings"] if f["severity"] == "error"] == []
    folder = copied_project / "ontology"
    quads = list(ox.parse(trig.encode(), format=ox.RdfFormat.TRIG))
    graphs = {
        name: {q.triple for q in quads if q.graph_name.value.endswith(f"#{name}")}
        for name in ("given", "entailed", "not-entailed")
    }
    known = {ox.Quad(t.subject, t.predicate, t.object) for t in (*module_triples(folder), *graphs["given"])}
    follows = {quad.triple for quad in infer(known, domain_rules(folder))}
    assert graphs["entailed"] and graphs["entailed"] <= follows
    assert graphs["not-entailed"] and not graphs["not-entailed"] & follows


def test_the_functions_that_a_rule_may_call_are_listed() -> None:
    section_of_rules = LIBRARIAN.partition("## Add a rule")[2]
    section = section_of_rules.partition("A FILTER compares")[2].partition("3. **")[0]
    assert set(re.findall(r"`([A-Za-z]{2,})`", section)) == FUNCTIONS - {"isURI"}
    assert all(
        re.search(rf"up to {most}\s", section_of_rules) for most in (MOST_PREMISES, MOST_CONCLUSIONS, MOST_FILTERS)
    )


def test_the_number_of_questions_is_told_rightly() -> None:
    told = re.findall(r"(\d+) named queries", (PROJECT / "CHANGELOG.md").read_text())
    assert told[-1] == str(len(list((PROJECT / "queries").rglob("*.rq"))))
