"""The shapes at work: each fault that they are for is found at its line, and says what to do about it."""

import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from conftest import copy_project, run
from test_ontology_shapes import ours, packaged_shapes, theirs

from loaders.corpus import read_corpus
from loaders.facts import quads_of
from loaders.inference import infer
from ontology.context import jsonld_context
from ontology.iris import PREFIXES
from ontology.modules import module_triples
from ontology.shapes import PLACEHOLDER, read_constraints
from ontology.vocabulary import load_vocabulary

pytestmark = pytest.mark.slow

Edit = Callable[[str, str, str], None]

FOLDER = "loaders/corpus/hervas-oliver-2021"
PASSAGE = '{section: "3", start: 18215, end: 18294, digest: %s}' % ("0" * 64)
Keys = str | None


def entry(type_: str, **keys: Keys) -> str:
    """Return an entry of the class with a label, evidence and `keys`; what is None is left out."""
    all_keys = {"label": "ID", "evidence": PASSAGE} | keys
    return f"- id: ID\n  type: {type_}\n" + "".join(f"  {k}: {v}\n" for k, v in all_keys.items() if v is not None)


def named(content: str, id_: str) -> str:
    return content.replace("ID", id_)


def firm(**keys: Keys) -> str:
    return entry("Firm", **keys)


def in_2018(**keys: Keys) -> str:
    return firm(**({"fromYear": "2018", "toYear": "2018"} | keys))


def report(**keys: Keys) -> str:
    return entry("Report", **({"title": "A title"} | keys))


def funding(**keys: Keys) -> str:
    return entry("Funding", **({"funder": "ivace", "funded": "cebra-plus"} | keys))


def citation(**keys: Keys) -> str:
    cited = {"citingWork": "hervas-oliver-2021", "citedWork": "gotz-2019", "citedAs": "Götz, 2019", "purpose": "x"}
    return entry("Citation", **(cited | keys))


def claim(**keys: Keys) -> str:
    kind = {"modality": "certain", "claimKind": "claim-result"}
    claimed = {"summary": "Nothing is so.", "claimant": "hervas-oliver-2021", "about": "aiju"}
    return entry("Claim", **(claimed | kind | keys))


def figure(**keys: Keys) -> str:
    counted = {"about": "aiju", "measure": "staff", "indicator": "number-of-employees"}
    return entry("Statistic", **(counted | {"value": "80", "unit": "persons"} | keys))


def dated(**keys: Keys) -> str:
    """Return a figure with a full period."""
    first, last = ({f"{end}Year": "2018", f"{end}Month": "5", f"{end}Day": "9"} for end in ("from", "to"))
    return figure(**(first | last | keys))


def passage(end: int, digest: str) -> str:
    return PASSAGE.replace("18294", str(end)).replace("0" * 64, digest)


# What is wrong: the entry, the key whose line is named, and what is said.
FAULTS = {
    "years backwards": (in_2018(fromYear="2020"), "fromYear", "'fromYear' comes after 'toYear': swap them"),
    "no year": (firm(fromYear="20190"), "fromYear", r"'fromYear' must be a year .*\(here: '20190'\)"),
    "no last year": (firm(toYear="19"), "toYear", "'toYear' must be a year between 1000"),
    "no month": (in_2018(fromMonth="13"), "fromMonth", "'fromMonth' must be a month from 1 to 12"),
    "no last month": (in_2018(toMonth="0"), "toMonth", "'toMonth' must be a month"),
    "no day": (in_2018(fromMonth="3", fromDay="32"), "fromDay", "'fromDay' must be a day from 1 to 31"),
    "no last day": (in_2018(toMonth="3", toDay="0"), "toDay", "'toDay' must be a day"),
    "month without year": (firm(fromMonth="3"), "fromMonth", "'fromMonth' needs its year: add 'fromYear'"),
    "last month without year": (firm(toMonth="3"), "toMonth", "'toMonth' needs its year: add 'toYear'"),
    "day without month": (in_2018(fromDay="3"), "fromDay", "'fromDay' needs its month: add 'fromMonth'"),
    "last day without month": (in_2018(toDay="3"), "toDay", "'toDay' needs its month: add 'toMonth'"),
    "months backwards": (in_2018(fromMonth="5", toMonth="3"), "fromMonth", "comes after 'toMonth' of the same year"),
    "days backwards": (dated(fromDay="10"), "fromDay", "'fromDay' comes after 'toDay' of the same month"),
    "two of fromYear": (dated(fromYear="[2017, 2018]"), "fromYear", "two values of 'fromYear'"),
    "two of fromMonth": (dated(fromMonth="[4, 5]"), "fromMonth", "two values of 'fromMonth'"),
    "two of fromDay": (dated(fromDay="[8, 9]"), "fromDay", "two values of 'fromDay'"),
    "two of toYear": (dated(toYear="[2018, 2019]"), "toYear", "two values of 'toYear'"),
    "two of toMonth": (dated(toMonth="[5, 6]"), "toMonth", "two values of 'toMonth'"),
    "two of toDay": (dated(toDay="[9, 10]"), "toDay", "two values of 'toDay'"),
    "brokerage by nobody": (entry("Brokerage"), "id", "who stands between: add 'broker', or 'policy'"),
    "use of nothing": (entry("TechnologyUse", purpose="x"), "id", "what is used: add 'technology'"),
    "use for nothing": (entry("TechnologyUse", technology="sensors"), "id", "add 'purpose' or 'user'"),
    "nobody takes part": (entry("Participation", activity="cebra-plus"), "id", "who takes part: add 'participant'"),
    "takes part in nothing": (entry("Participation", participant="aiju"), "id", "what in: add 'activity'"),
    "nobody pays": (funding(funder=None, funded=None, beneficiary="aiju"), "id", "add 'funder' or 'funded'"),
    "paid for nothing": (funding(funded=None), "id", "add 'funded' or 'beneficiary'"),
    "share above all": (funding(share="140"), "share", r"'share' is a figure .* 0 to 100 \(here: '140'\)"),
    "cap of nothing": (funding(cap="0"), "cap", "'cap' is an amount above 0"),
    "no currency": (funding(cap="9", unit="Euro"), "unit", "ISO 4217 code.*'Euro'"),
    "affiliation of nobody": (entry("Affiliation", organisation="aiju"), "id", "one 'affiliate'"),
    "affiliation with nothing": (entry("Affiliation", affiliate="itc"), "id", "add 'organisation'"),
    "role of nobody": (entry("RoleHolding", role="liaison"), "id", "who has the role: add 'roleHolder'"),
    "no role": (entry("RoleHolding", roleHolder="aiju"), "id", "which role: add 'role'"),
    "decision on nothing": (entry("PolicyDecision", reason="x"), "id", "add 'chose' or 'considered'"),
    "chosen and not": (
        entry("PolicyDecision", chose="[itc, aiju]", didNotChoose="aiju"),
        "chose",
        "'chose' and 'didNotChoose' both name 'aiju'",
    ),
    "citation by nothing": (citation(citingWork=None), "id", "has one 'citingWork'"),
    "citation of nothing": (citation(citedWork=None), "id", "has one 'citedWork'"),
    "citation by no key": (citation(citedAs=None), "id", "has one 'citedAs'"),
    "citation for nothing": (citation(purpose=None), "id", "add 'purpose'"),
    "citation of itself": (
        citation(citedWork="hervas-oliver-2021"),
        "citedWork",
        "'citedWork' is the 'citingWork' itself",
    ),
    "publication cites itself": (report(cites="ID"), "cites", "it cites itself: correct 'cites'"),
    "claim of nothing": (claim(summary=None), "id", "one 'summary'"),
    "claim at length": (claim(summary="so " * 101), "summary", r"up to 300 characters \(here: '(so ){26}so'\)"),
    "claim in two lines": (claim(summary='"so\\nso"'), "summary", "'summary' must be one line of"),
    "claim of nobody": (claim(claimant=None), "id", "who maintains it: add 'claimant'"),
    "claim about nothing": (claim(about=None), "id", "what it is about: add 'about'"),
    "claim how sure": (claim(modality=None), "id", "one 'modality'"),
    "claim on two grounds": (claim(claimKind="[claim-plan, claim-result]"), "claimKind", "one 'claimKind'"),
    "own modality": (claim(modality="own-modality"), "modality", "'modality' must be one of .*'own-modality'"),
    "own kind": (claim(claimKind="own-kind"), "claimKind", "'claimKind' must be one of the ontology's"),
    "own role": (claim(discourseRole="own-role"), "discourseRole", "'discourseRole' must be one of the ontology's"),
    "own indicator": (figure(indicator="own-indicator"), "indicator", "'indicator' must be one of the ontology's"),
    "two approximations": (figure(approximation="[about, exact]"), "approximation", "must be a single one"),
    "figure without value": (figure(value=None), "id", "either 'value', or 'minimumValue'"),
    "value and range": (figure(minimumValue="1"), "value", "either 'value', or 'minimumValue'"),
    "two values": (figure(value="[80, 81]"), "value", "'value' is both 80 and 81, .* one value: correct one"),
    "range backwards": (figure(value=None, minimumValue="5", maximumValue="4"), "minimumValue", "swap them"),
    "figure about nothing": (figure(about=None), "id", "what it is about: add 'about'"),
    "figure of no measure": (figure(measure=None), "id", "one 'measure'"),
    "figure of no indicator": (figure(indicator=None), "id", "one 'indicator'"),
    "figure without unit": (figure(unit=None), "id", "a figure has one 'unit'"),
    "unknown unit": (figure(unit="peple"), "unit", "persons, firms or EUR; or add it there.*'peple'"),
    "published in no year": (report(year="20199"), "year", "'year' must be a year"),
    "no title": (report(title=None), "id", "has a 'title', or a 'note'"),
    "DOI with resolver": (report(doi="https://doi.org/10.1002/sej.1266"), "doi", "no resolver before it, as in 10"),
    "digest of no text": (report(textDigest="abc"), "textDigest", "'textDigest' must be 64 hexadecimal digits"),
    "study of nothing": (entry("Study", partOf="study-castellon"), "id", "what it examines: add 'studies'"),
    "study nobody reports": (entry("Study", studies="aiju"), "id", "add 'reports' .* or 'partOf' a larger Study"),
    "set of no skills": (entry("SkillSet"), "id", "lists skills: add 'hasSkill'"),
    "town in no country": (entry("Municipality", locatedIn="europe"), "locatedIn", "add 'locatedIn' with a country"),
    "no English name": (firm(label="{es: Prueba}"), "label", "no English name: add 'label'"),
    "no name": (firm(label=None), "id", "no English name: add 'label'"),
    "two names": (firm(label="[One, Two]"), "label", "two labels in one language.*'altLabel'"),
    "name in two lines": (firm(label='"One\\nTwo"'), "label", "'label' must be one line"),
    "empty text": (firm(aim='" "'), "aim", "'aim' wants text: write it, or remove the key"),
    "empty name": (firm(altLabel='""'), "altLabel", "'altLabel' wants text"),
    "no language": (firm(note="{qq: A note}"), "note", "no language of ISO 639-1.*'A note'"),
    "no address": (firm(website="www.aiju.es"), "website", "such as https://example.org/ .*'www.aiju.es'"),
    "man and firm": (entry("[Person, Firm]"), "type", "both Organisation and Person, and .* nothing is both"),
    "circle": (entry("Cluster", locatedIn="ID"), "locatedIn", "'locatedIn' leads from it back to itself"),
    "passage backwards": (firm(evidence=passage(3, "0" * 64)), "evidence", "'start' must come before 'end'"),
    "other digest": (firm(evidence=passage(18295, "0" * 40)), "evidence", "'digest' must be 64 hexadecimal"),
    "two digests": (
        firm(evidence=f"[{passage(18296, '0' * 64)}, {passage(18296, '1' * 64)}]"),
        "evidence",
        "'digest' is both 0+ and 1+, maybe by two entries",
    ),
}
OWN_VALUES = "".join(
    named(entry(class_), id_)
    for class_, id_ in (
        ("Modality", "own-modality"),
        ("ClaimKind", "own-kind"),
        ("DiscourseRole", "own-role"),
        ("Indicator", "own-indicator"),
    )
)
RECORD = "- {id: in-a-record, type: Firm, label: In a record}"
# What no file of the corpus breaks, as it is the loaders that write it.
ELSEWHERE = {
    "factSubject": "dgi:x a dg:Fact . dgi:y a dg:Fact ; dg:factSubject dgi:x , dgi:y .",
    "factProperty": "dgi:x a dg:Fact . dgi:y a dg:Fact ; dg:factProperty dgi:x , dgi:y .",
    "factObject": "dgi:x a dg:Fact . dgi:y a dg:Fact ; dg:factObject 1 , 2 .",
    "a fact has one 'source'": "dgi:x a dg:Fact . dgi:y a dg:Fact ; dg:source dgi:x , dgi:y .",
    "a fact has 'evidence'": "dgi:x a dg:Fact .",
    "a passage": "dgi:x a dg:Evidence .",
    "evidence has one 'source'": "dgi:x a dg:Evidence . dgi:y a dg:Evidence ; dg:source dgi:x , dgi:y .",
    "a concept": "dgi:x a skos:Concept .",
}


Faulty = tuple[Path, subprocess.CompletedProcess[str]]


def id_of(name: str) -> str:
    return "fault-" + re.sub("[^a-z]+", "-", name.lower())


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Faulty:
    """A project with every fault of FAULTS in a file of its own, and what checking it said."""
    project = tmp_path_factory.mktemp("faulty")
    copy_project(project)
    for name, (content, _, _) in FAULTS.items():
        (project / FOLDER / f"{id_of(name)}.yaml").write_text(named(content, id_of(name)))
    (project / FOLDER / "own-values.yaml").write_text(OWN_VALUES)
    record = project / FOLDER / "paper.yaml"
    record.write_text(record.read_text() + f"\n{RECORD}\n")
    return project, run("check", "corpus", cwd=project)


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_named_with_file_line_and_way_out(name: str, faulty: Faulty) -> None:
    content, key, message = FAULTS[name]
    line = 1 + [text[2:].partition(":")[0] for text in content.splitlines()].index(key)
    start = f"{FOLDER}/{id_of(name)}.yaml:"
    (found,) = (text for text in faulty[1].stderr.splitlines() if text.startswith(start))
    about = "hervas-oliver-2021.18215-" if key == "evidence" else id_of(name)
    assert re.match(f"{start}{line}: '{about}.*{message}", found)


def test_a_record_brings_in_nothing_else_without_evidence(faulty: Faulty) -> None:
    line = (faulty[0] / FOLDER / "paper.yaml").read_text().splitlines().index(RECORD) + 1
    assert f"{FOLDER}/paper.yaml:{line}: 'in-a-record': no passage supports it: add 'evidence'" in faulty[1].stderr


def test_the_check_of_faults_ends_with_status_1_and_nothing_else(faulty: Faulty) -> None:
    assert (faulty[1].returncode, faulty[1].stdout) == (1, "")
    assert all(re.match(r"[\w/.-]+\.yaml:\d+: '", line) for line in faulty[1].stderr.splitlines())


def test_every_shape_finds_a_fault(faulty: Faulty, warned: Faulty) -> None:
    """One of those above, of those that are warned of, or one that no file can have."""
    said = faulty[1].stderr + warned[1].stderr
    header = "".join(f"@prefix {prefix}: <{PREFIXES[prefix]}> .\n" for prefix in ("dg", "dgi", "skos"))
    unbroken = []
    for constraint in read_constraints():
        parts = PLACEHOLDER.sub("\0", constraint.message).split("\0")
        if not re.search(".*".join(map(re.escape, parts)), said):
            content = next((turtle for part, turtle in ELSEWHERE.items() if part in constraint.message), "")
            store = ox.Store()
            store.load((header + content).encode(), format=ox.RdfFormat.TURTLE)
            unbroken += [] if list(store.query(constraint.query)) else [constraint]
    assert unbroken == []


AXIOMS = ("subClassOf", "disjointWith", "propertyDisjointWith", "members", "disjointUnionOf", "first", "rest")
KINDS = ("TransitiveProperty", "SymmetricProperty", "IrreflexiveProperty", "FunctionalProperty")


@pytest.mark.slow
def test_pyshacl_finds_the_same_faults(faulty: Faulty) -> None:
    """On the planted entries and the axioms that they are held against; with all the rest it takes many minutes."""
    context = jsonld_context(load_vocabulary())
    entries = read_corpus([], faulty[0] / "loaders/corpus").entries
    planted = [entry for entry in entries if re.search("/(fault|own)-", entry.file)]
    quads = {quad for entry in planted for quad in quads_of(entry, context) if "/fact-" not in str(quad.subject)}
    subjects = {quad.subject for quad in quads}
    quads |= {ox.Quad(triple.subject, triple.predicate, triple.object) for triple in module_triples()}
    quads |= infer(quads)
    kept = [
        quad for quad in quads if quad.subject in subjects or ends(quad.predicate, AXIOMS) or ends(quad.object, KINDS)
    ]
    triples = {quad.triple for quad in kept}
    data = rdflib.Graph().parse(data=ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES), format="nt")
    found = ours(kept)
    assert len(found) > 70
    assert found == theirs(data, packaged_shapes())


def ends(term: object, names: tuple[str, ...]) -> bool:
    return isinstance(term, ox.NamedNode) and term.value.rpartition("#")[2] in names


@pytest.fixture(scope="module")
def warned(tmp_path_factory: pytest.TempPathFactory) -> Faulty:
    """A project with entries that a curator should look at again, and what building it said."""
    project = tmp_path_factory.mktemp("warned")
    copy_project(project)
    entries = figure(unit='"%"', value="140"), firm(label="The same"), firm(label="The same")
    (project / FOLDER / "warned.yaml").write_text("".join(named(e, f"warned-{n}") for n, e in enumerate(entries)))
    return project, run("build", "--state", "state", cwd=project)


@pytest.mark.slow
def test_a_warning_stops_nothing(warned: Faulty) -> None:
    project, built = warned
    assert built.returncode == 0, built.stderr
    for line in (
        f"{FOLDER}/warned.yaml:1: warning: 'warned-0': a figure in % lies below 0 or above 100",
        f"{FOLDER}/warned.yaml:16: warning: 'warned-2': 'warned-1' of the same class has this 'label' too",
    ):
        assert f"\n{line}" in built.stderr, built.stderr
    manifest = json.loads((project / "state/current/manifest.json").read_text())
    constraints = len(read_constraints())
    assert manifest["checks"]["shapes"] == {"performed": constraints, "violations": 0, "warnings": 2}
    assert "ontology/shapes/time.ttl" in manifest["sources"]["ontology"]["files"]
    assert f"shapes    {constraints} performed, 0 violations, 2 warnings\n" in built.stdout
    checked = run("check", "corpus", cwd=project)
    assert (checked.returncode, checked.stderr.count(": warning: ")) == (0, 2)


@pytest.mark.slow
def test_the_ontology_is_named_where_it_is_at_fault(copied_project: Path) -> None:
    """With what the ontology's own checks let pass."""
    module = copied_project / "ontology/technologies.ttl"
    content, found = re.subn(r"(?m)^(dgi:sensors\s[^;]+;)", r'\1\n    skos:note "Sensores"@qq ;', module.read_text())
    assert found == 1
    module.write_text(content)
    line = 1 + next(number for number, text in enumerate(content.splitlines()) if '"Sensores"@qq' in text)
    checked = run("check", "corpus", cwd=copied_project)
    message = "the text is in no language of ISO 639-1: write {es: …} for Spanish (here: 'Sensores')"
    assert checked.stderr == f"ontology/technologies.ttl:{line}: 'sensors': {message}\n"


@pytest.mark.slow
def test_a_reference_is_held_against_the_shapes_too(copied_project: Path, edit: Edit) -> None:
    file = f"{FOLDER}/references.json"
    edit(file, '"DOI": "', '"URL": "localhost", "DOI": "https://doi.org/')
    edit(file, '"title": "', '"title": "", "note": "')
    content = (copied_project / file).read_text().splitlines()
    title, doi = (next(n for n, line in enumerate(content, 1) if key in line) for key in ('"title"', '"DOI"'))
    said = run("check", "corpus", cwd=copied_project).stderr
    assert re.search(rf"^{file}:{title}: '.*': 'title' wants text", said, re.MULTILINE), said
    assert re.search(rf"^{file}:{doi}: '.*': 'doi' must have no resolver before it", said, re.MULTILINE), said
    assert re.search(rf"^{file}:{doi}: '.*': 'website' must be an address", said, re.MULTILINE), said


SHAPES = """@prefix dg: <https://w3id.org/districtgraph/ontology#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix shape: <https://w3id.org/districtgraph/shapes#> .
shape:Lab a sh:NodeShape ;
    sh:targetClass dg:LivingLab ;
    sh:property [ sh:path dg:website ; sh:minCount 1 ; sh:message "a LivingLab has a 'website'"@en ] .
"""


def test_a_new_shapes_file_works_without_code(copied_project: Path) -> None:
    (copied_project / "ontology/shapes/labs.ttl").write_text(SHAPES)
    checked = run("check", "corpus", cwd=copied_project)
    assert checked.returncode == 1
    assert re.fullmatch(
        r"loaders/\S+\.yaml:\d+: 'toy-valley-living-lab': a LivingLab has a 'website'\n", checked.stderr
    )


@pytest.mark.slow
def test_a_shape_that_is_not_understood_stops_the_build(copied_project: Path) -> None:
    (copied_project / "ontology/shapes/labs.ttl").write_text(SHAPES.replace("sh:minCount", "sh:minimumCount"))
    built = run("build", "--state", "state", cwd=copied_project)
    assert built.returncode == 1
    message = (
        "ontology/shapes/labs.ttl:6: shape:Lab: sh:minimumCount is not known in a shape; did you mean .*'minCount'"
    )
    assert re.search(message, built.stderr), built.stderr
    assert "Traceback" not in built.stderr
