"""The librarian's round trip: what the OWL API, which Protégé stands on, saves is checked, built and answered."""

import subprocess
from pathlib import Path

import pytest
from conftest import PROJECT, copy_project, run, serving

from ontology.iris import BASE, TERM, THING

SYNTAXES = ("ttl", "rdf", "owx", "ofn")
# The tree is the same whatever the syntax of what was saved, which a test holds; two are checked and built.
BUILT = ("rdf", "owx")


@pytest.fixture(scope="module")
def saved(java: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder per syntax with the two modules as a librarian saves them after adding a class and an individual."""
    folder = tmp_path_factory.mktemp("saved")
    command = ["java", "-cp", java, str(PROJECT / "tests/LibrarianEdit.java"), str(PROJECT / "ontology"), str(folder)]
    edited = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert edited.returncode == 0, edited.stderr
    return folder


@pytest.fixture(scope="module")
def projects(saved: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A copy of the project per syntax into which the saved files were taken over; some are checked and built."""
    projects = {}
    for syntax in SYNTAXES:
        project = projects[syntax] = tmp_path_factory.mktemp(syntax)
        copy_project(project)
        files = sorted((saved / syntax).iterdir())
        assert len(files) == 2
        if syntax in BUILT:
            checked = run("check", "ontology", *files, cwd=project)
            assert (checked.returncode, "error" in checked.stdout.replace("0 errors", "")) == (0, False), checked.stdout
        formatted = run("format", "ontology", "--yes", *files, cwd=project)
        assert formatted.returncode == 0, formatted.stderr
        if syntax in BUILT:
            built = run("build", "--state", "state", cwd=project)
            assert built.returncode == 0, built.stderr
    return projects


@pytest.mark.slow
def test_every_syntax_makes_the_same_release(projects: dict[str, Path]) -> None:
    assert len({(projects[syntax] / "state/current").resolve().name for syntax in BUILT}) == 1
    trees = [{file.name: file.read_bytes() for file in (p / "ontology").glob("*.ttl")} for p in projects.values()]
    assert all(tree == trees[0] for tree in trees)


@pytest.mark.slow
def test_the_difference_in_git_is_what_was_added(projects: dict[str, Path]) -> None:
    for module in ("actors.ttl", "technologies.ttl"):
        before = set((PROJECT / "ontology" / module).read_text().splitlines())
        after = (projects["ofn"] / "ontology" / module).read_text().splitlines()
        added = [line for line in after if line and line not in before]
        assert before <= set(after)
        assert 4 <= len(added) <= 12
        assert len({(project / "ontology" / module).read_text() for project in projects.values()}) == 1


@pytest.mark.slow
def test_class_and_individual_answer_in_the_service(projects: dict[str, Path]) -> None:
    query = """PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
        SELECT ?label ?definition WHERE { <%s> rdfs:label ?label ; skos:definition ?definition }"""
    with serving(projects["owx"] / "state") as service:
        for iri, label in ((TERM + "FabLab", "fab lab"), (THING + "laser-cutting", "laser cutting")):
            rows = service.get("/sparql", params={"query": query % iri}, headers={"Accept": "text/csv"}).text
            assert rows.splitlines()[1].startswith(label + ",")
        page = service.get("/ontology", headers={"Accept": "text/html"}).text
        assert all(text in page for text in ('id="FabLab"', "open to the firms and people", "laser cutting"))
        turtle = service.get("/ontology", headers={"Accept": "text/turtle"}).text
        assert "FabLab" in turtle
        asked = service.get("/api/queries/technologies-by-district", params={"technology": "laser-cutting"})
        assert asked.json()["rows"] == []


@pytest.mark.slow
def test_a_curator_can_use_both_at_once(projects: dict[str, Path]) -> None:
    """The JSON-LD context and the checks of the corpus know the class and the individual."""
    project = projects["rdf"]
    evidence = '{section: "Front matter", start: 0, end: 1, digest: %s}' % ("0" * 64)
    entry = f"- id: test-lab\n  type: FabLab\n  label: Test lab\n  focusesOn: laser-cutting\n  evidence: {evidence}\n"
    (project / "loaders/corpus/hervas-oliver-2021/test.yaml").write_text(entry)
    built = run("build", "--state", "state", cwd=project)
    assert built.returncode == 0, built.stderr
    query = f"ASK {{ GRAPH <{BASE}graph/inferred> {{ <{THING}test-lab> a <{TERM}CollectiveActor> }} }}"
    assert run("query", query, "--state", "state", "--format", "text/csv", cwd=project).stdout == "true"
