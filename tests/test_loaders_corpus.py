"""Every fault that a curator can make is found, with its file and line, and nothing is built from it."""

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import copy_project, run

Edit = Callable[[str, str, str], None]

ENTRY = """- id: test-firm
  type: Firm
  label: Test firm
  locatedIn: toy-valley
  evidence: {section: "3", start: 18215, end: 18294, digest: %s}
""" % ("0" * 64)
FAB_LAB = """dg:FabLab rdf:type owl:Class ;
    rdfs:subClassOf dg:CollectiveActor ;
    rdfs:label "fab lab"@en ;
    skos:definition "A collective actor that runs an open workshop with digital tools."@en .
"""
FILE = "loaders/corpus/hervas-oliver-2021/test-{}.yaml"

FAULTS = {
    "unknown key": (ENTRY.replace("locatedIn", "locatedin"), 4, "no property 'locatedin'.*did you mean 'locatedIn'"),
    "unknown class": (ENTRY.replace("Firm\n", "Frim\n", 1), 2, "no class 'Frim'.*'Firm'"),
    "dangling reference": (ENTRY.replace("toy-valley", "toy-vally"), 4, "nothing has the id 'toy-vally'.*'toy-valley'"),
    "reference out of range": (ENTRY.replace("toy-valley", "sensors"), 4, "'locatedIn' wants location.*technology"),
    "property out of domain": (ENTRY.replace("locatedIn: toy-valley", "doi: 10.1/x"), 4, "'doi' is for publication"),
    "wrong datatype": (ENTRY.replace("locatedIn: toy-valley", "fromYear: soon"), 4, "xsd:integer, a whole number"),
    "not a boolean": (ENTRY.replace("locatedIn: toy-valley", "anonymous: yes"), 4, "xsd:boolean, true or false"),
    "mapping for a thing": (ENTRY.replace("toy-valley", "{id: x}"), 4, "'locatedIn' wants an id"),
    "list of values for one": (ENTRY.replace("locatedIn: toy-valley", "website: [[a]]"), 4, "a single value"),
    "id taken by another paper": (ENTRY.replace("test-firm", "castellon"), 1, "taken by .*district.yaml:"),
    "id taken by a scheme": (ENTRY.replace("test-firm", "sensors"), 1, "taken by the ontology's schemes"),
    "id twice in a file": (ENTRY + ENTRY, 6, r"taken by .*test-\d+.yaml:1"),
    "subject that is nowhere": (ENTRY.replace("id: test-firm", "subject: aijuu"), 1, "no.* id 'aijuu'.*'aiju'"),
    "malformed id": (ENTRY.replace("test-firm", "Test Firm"), 1, "lower-case letters, digits and hyphens"),
    "neither id nor subject": (ENTRY.replace("- id: test-firm\n ", "-"), 1, "needs either 'id'"),
    "no type": (ENTRY.replace("  type: Firm\n", ""), 1, "needs a 'type'"),
    "bad language": (ENTRY.replace("Test firm", "{Spanish lang: x}"), 3, "no language tag"),
    "no evidence": (ENTRY.rpartition("  evidence")[0], 1, "has no evidence"),
    "evidence without digest": (re.sub(", digest: 0+", "", ENTRY), 5, "lacks digest"),
    "evidence with an unknown key": (ENTRY.replace("section:", "sektion:"), 5, "no key 'sektion'.*'section'"),
    "evidence in another section": (ENTRY.replace('"3"', '"4.1"'), 5, "is in section '3', not in '4.1'"),
    "evidence beyond all texts": (ENTRY.replace("18215", "9" * 5000), 5, "whole numbers"),
    "key twice": (ENTRY.replace("  locatedIn", "  type: Firm\n  locatedIn"), 4, "'type' stands here a second time"),
    "alias": (ENTRY.replace("Test firm", "&a Test firm") + "- *a\n", 6, "aliases are not read"),
    "not YAML": (ENTRY + "- {a: [\n", 7, "not YAML"),
    "no list": ("id: test-firm\n", 1, "must be a list of entries, - id"),
    "entry without keys": ("- test-firm\n", 1, "must have keys"),
    "empty evidence": (re.sub("{section.*}", "[]", ENTRY), 5, "'evidence' has nothing under it"),
    "empty reference": (ENTRY.replace("toy-valley", "[]"), 4, "'locatedIn' has nothing under it"),
    "language that JSON-LD drops": (ENTRY.replace("Test firm", "{en-a: x}"), 3, "no language tag"),
    "tag": (ENTRY.replace("Test firm", "!!python/name:os.system x"), 3, "tags are not read"),
    "control character": (ENTRY.replace("Test firm", '"a\\eb"'), 3, "no control characters"),
    "endless text": (ENTRY.replace("Test firm", "a" * 5000), 3, "4000 characters"),
    "brackets without end": ("- " * 100_000, 1, "nested deeper"),
    "nested beyond measure": ("- id: a\n  label: " + "[" * 40 + "]" * 40 + "\n", 2, "nested deeper"),
}  # fmt: skip


@pytest.fixture(scope="module")
def faulty_build(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    """A project with every fault of FAULTS in a file of its own, and what building it said."""
    project = tmp_path_factory.mktemp("faulty")
    copy_project(project)
    for number, (content, _, _) in enumerate(FAULTS.values()):
        (project / FILE.format(number)).write_text(content.replace("test-firm", f"test-firm-{number}"))
    return project, run("build", "--state", "state", cwd=project)


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_named_with_file_and_line(
    name: str, faulty_build: tuple[Path, subprocess.CompletedProcess[str]]
) -> None:
    _, line, message = FAULTS[name]
    file = FILE.format(list(FAULTS).index(name))
    said = faulty_build[1].stderr
    assert re.search(rf"^{re.escape(file)}:{line}: .*{message}", said, re.MULTILINE), said


def test_nothing_is_built_from_faults(faulty_build: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    project, built = faulty_build
    assert (built.returncode, "Traceback" in built.stderr) == (1, False)
    assert not (project / "state/current").exists()
    assert not list((project / "state/releases").iterdir())


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("gotz-2019/facts.yml", "", r"loaders/corpus/gotz-2019/facts.yml:1: only .yaml files .* rename or remove it"),
        ("rossi-2022/facts.yaml", "[]", "loaders/corpus/rossi-2022:1: the paper has no paper.yaml"),
        ("inferred/paper.yaml", "- {id: inferred, type: Report, label: x}", "loaders/corpus/inferred:1: .*rename it"),
        (
            "places-more.yaml",
            "- {id: x, type: Place, label: x}",
            "loaders/corpus/places-more.yaml:1: 'x' has no evidence",
        ),
        ("rossi-2022/paper.yaml", "[]", "loaders/corpus/rossi-2022/paper.yaml:1: .*'- id: rossi-2022'"),
    ],
)
@pytest.mark.slow
def test_a_file_that_would_not_be_read_is_named(name: str, content: str, message: str, copied_project: Path) -> None:
    path = copied_project / "loaders/corpus" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(content)
    checked = run("check", "corpus", cwd=copied_project)
    assert checked.returncode == 1
    assert re.search(f"^{message}", checked.stderr, re.MULTILINE), checked.stderr


@pytest.mark.slow
def test_a_type_that_another_entry_adds_counts(copied_project: Path) -> None:
    added = "- subject: test-firm\n  type: ClusterOrganisation\n" + ENTRY[ENTRY.index("  evidence") :]
    located = ENTRY.replace("locatedIn", "activeIn").replace("Firm\n", "Cluster\n", 1)
    (copied_project / FILE.format(0)).write_text(located + added)
    assert run("check", "corpus", cwd=copied_project).returncode == 0


def test_all_faults_are_reported_at_once(copied_project: Path) -> None:
    (copied_project / FILE.format(0)).write_text(
        ENTRY.replace("Firm\n", "Frim\n", 1).replace("toy-valley", "toy-vally")
    )
    checked = run("check", "corpus", cwd=copied_project)
    assert checked.returncode == 1
    assert [line.split(":")[1] for line in checked.stderr.splitlines()] == ["2", "4"]


REFERENCES = "loaders/corpus/hervas-oliver-2021/references.json"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"type": "article-journal"', '"type": "article-jurnal"', "no type 'article-jurnal'.*'article-journal'"),
        ('"container-title"', '"containr-title"', "no field 'containr-title'.*'container-title'"),
        ('"id": "aldrich-1994"', '"id": "autio-2018"', "'autio-2018' stands twice"),
        ('"date-parts": [', '"date-parts": ["x", ', "date-parts"),
        ('"family": ', '"famly": ', "list of {family, given}"),
        ('"volume": "', '"volume": ["a"], "note": "', "'volume' must be a text"),
        ('"id": "autio-2018"', '"id": "aiju"', "'aiju' is taken by loaders"),
        ('"section": "References"', '"section": "5"', "is in section 'References', not in '5'"),
    ],
)
@pytest.mark.slow
def test_a_reference_fault_is_named(old: str, new: str, message: str, copied_project: Path, edit: Edit) -> None:
    edit(REFERENCES, old, new)
    checked = run("check", "corpus", cwd=copied_project)
    assert checked.returncode == 1
    assert re.search(rf"^{REFERENCES}:\d+: .*{message}", checked.stderr, re.MULTILINE), checked.stderr


@pytest.mark.slow
def test_the_corpus_as_it_stands_has_no_fault() -> None:
    checked = run("check", "corpus")
    assert (checked.returncode, checked.stderr) == (0, "")
    assert re.match(r"\d+ entries and 46 references, no faults\n", checked.stdout)


@pytest.mark.slow
def test_a_new_class_needs_no_code(copied_project: Path, edit: Edit) -> None:
    """A class that a librarian adds is a type for curators and answers queries with its superclasses."""
    edit(
        "ontology/actors.ttl",
        "dg:Person rdf:type owl:Class",
        FAB_LAB + "dg:Person rdf:type owl:Class",
    )
    (copied_project / FILE.format(0)).write_text(ENTRY.replace("type: Firm", "type: FabLab"))
    built = run("build", "--state", "state", cwd=copied_project)
    assert built.returncode == 0, built.stderr
    query = """PREFIX dg: <https://w3id.org/districtgraph/ontology#>
        PREFIX dgi: <https://w3id.org/districtgraph/id/>
        ASK { GRAPH <https://w3id.org/districtgraph/graph/hervas-oliver-2021> { dgi:test-firm a dg:FabLab }
              GRAPH <https://w3id.org/districtgraph/graph/inferred> { dgi:test-firm a dg:CollectiveActor } }"""
    asked = run("query", query, "--state", "state", "--format", "text/csv", cwd=copied_project)
    assert asked.stdout == "true", asked.stderr
