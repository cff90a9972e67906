"""What mappings make of files of RDF: all of it, by the ontology, or nothing of it at all."""

import gzip
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
import zstandard
from conftest import PROJECT, SHARED, Service, one_at_a_time, run, serving, shared_folder
from loaded import copy_state, end_at_random
from test_queries_answers import cases_of, has_answer

from loaders.inference import reason
from loaders.loading.source import LoadedSource, loaded_in
from loaders.reasoning.domain_rules import domain_rules
from ontology.iris import PREFIXES, TERM, THING
from ontology.modules import module_triples

pytestmark = pytest.mark.slow

CASES = cases_of("i40-standards")
MAPPINGS = PROJECT / "loaders/mappings"
SOURCE, LABEL = PREFIXES["dcterms"] + "source", PREFIXES["rdfs"] + "label"


@pytest.fixture(scope="session")
def standards() -> Path:
    """The graph of standards for Industry 4.0."""
    file = SHARED / "data/i40-standards/i40kg.ttl"
    if not file.is_file():
        pytest.skip(f"the graph of standards is not at hand: {file} does not exist")
    return file


@pytest.fixture(scope="session")
def mapped_state(tmp_path_factory: pytest.TempPathFactory, state: Path, standards: Path) -> Path:
    """A state folder with a release that has the standards."""
    folder = shared_folder(tmp_path_factory) / "mapped"
    with one_at_a_time(folder):
        if not (folder / "sources/i40-standards").exists():
            copy_state(state, folder)
            loaded = run("load", "graph", "i40-standards", "--from", standards, "--state", folder)
            assert loaded.returncode == 0, loaded.stderr
    return folder


@pytest.fixture(scope="module")
def mapped_service(mapped_state: Path) -> Iterator[Service]:
    """A service over that release."""
    with serving(mapped_state) as running:
        yield running


def triples_of(source: LoadedSource) -> set[ox.Triple]:
    parsed = ox.parse(b"".join(source.lines()), format=ox.RdfFormat.N_TRIPLES)
    return {quad.triple for quad in parsed}


def what_follows_and_is_not_stated(source: LoadedSource) -> set[ox.Triple]:
    """Return what follows from a source with the ontology, but from neither alone, and is not stated."""
    loaded = {ox.Quad(t.subject, t.predicate, t.object, source.graph) for t in triples_of(source)}
    ontology = {ox.Quad(t.subject, t.predicate, t.object, ox.NamedNode("urn:ontology")) for t in module_triples()}
    alone = {quad.triple for quad in reason(ontology, domain_rules()).inferred}
    reasoned = reason(loaded | ontology, domain_rules())
    assert reasoned.contradictions == ()
    return {quad.triple for quad in reasoned.inferred} - {quad.triple for quad in loaded | ontology} - alone


@pytest.mark.parametrize(("name", "case"), CASES, ids=lambda value: str(value)[:60])
def test_a_question_has_its_answer(name: str, case: dict[str, Any], mapped_service: Service) -> None:
    has_answer(mapped_service, name, case)


def test_every_standard_of_the_source_is_there_with_where_it_is_from(mapped_state: Path, standards: Path) -> None:
    (source,) = loaded_in(mapped_state)
    made = triples_of(source)
    is_standard = {t.subject for t in made if t.object == ox.NamedNode(TERM + "Standard")}
    from_ = {t.object: t.subject for t in made if t.predicate.value == SOURCE and t.subject in is_standard}
    theirs = ox.parse(path=str(standards), format=ox.RdfFormat.TURTLE)
    is_one = (PREFIXES["rdf"] + "type", "https://w3id.org/i40/sto#Standard")
    wanted = {q.subject for q in theirs if (q.predicate.value, getattr(q.object, "value", "")) == is_one}
    assert len(wanted) == 333
    assert set(from_) == wanted
    assert len(set(from_.values())) == 333
    labels = {t.subject: t.object.value for t in made if t.predicate.value == LABEL}
    assert labels[ox.NamedNode(f"{THING}i40-iec-62061")] == "IEC 62061"
    assert not any(label != label.strip() for label in labels.values())


def test_what_follows_of_a_mapped_source_is_stated_in_it(mapped_state: Path) -> None:
    (source,) = loaded_in(mapped_state)
    assert what_follows_and_is_not_stated(source) == set()


def test_categories_lead_to_technologies_only_where_the_alignment_says_so() -> None:
    text = (MAPPINGS / "i40-standards/technologies.rq").read_text()
    table = re.findall(r"\((sto:\w+) (dgi:[\w-]+)\)", text)
    assert len(table) == 8
    matches = {
        (quad.object.value.rpartition("#")[2], quad.subject.value.rpartition("/")[2])
        for quad in ox.parse(path=str(PROJECT / "ontology/alignments/i40-standards.ttl"))
        if isinstance(quad.object, ox.NamedNode) and quad.predicate.value.endswith("Match")
    }
    assert {(theirs.removeprefix("sto:"), ours.removeprefix("dgi:")) for theirs, ours in table} <= matches


def test_the_page_of_a_standard_says_where_it_is_from(mapped_service: Service) -> None:
    page = mapped_service.get("/id/i40-iec-62541", headers={"Accept": "text/html"}, follow_redirects=True)
    assert page.status_code == 200
    for text in ("IEC 62541", "https://w3id.org/i40/sto#IEC_62541", "OPC UA", "automation"):
        assert text in page.text
    rights = mapped_service.get("/id/i40-standards", headers={"Accept": "text/turtle"}, follow_redirects=True).text
    assert "CC BY-NC 3.0" in rights


LINES = """<http://e.org/a> <http://e.org/name> "A & Ä" .
<http://e.org/a> <http://e.org/year> "02019"^^<http://www.w3.org/2001/XMLSchema#integer> .
_:x <http://e.org/of> <http://e.org/a> .
<http://e.org/b> <http://e.org/name> "B" .
"""
REPORTS = """#+ summary: Reports
#+ things: ?it <http://e.org/name> ?any
CONSTRUCT { ?report a dg:Report ; dcterms:source ?it ; rdfs:label ?label ; dg:title ?title ; dg:year ?year }
WHERE {
  VALUES ?it { UNDEF }
  ?it <http://e.org/name> ?title
  BIND(IRI(CONCAT(STR(dgi:), "small-", LCASE(SUBSTR(STR(?it), 14)))) AS ?report)
  BIND(STRLANG(?title, "en") AS ?label)
  OPTIONAL { ?it <http://e.org/year> ?year }
}
"""


def small_mapping(folder: Path, reports: str = REPORTS, about: str = "") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    given = f"name: small\ntitle: Small\nsource: http://e.org/\nlicence: http://e.org/free\n{about}"
    (folder / "mapping.yaml").write_text(given)
    (folder / "reports.rq").write_text(reports)
    return folder


def in_every_syntax(folder: Path) -> dict[str, Path]:
    quads = list(ox.parse(LINES, format=ox.RdfFormat.N_TRIPLES))
    syntaxes = {
        "ttl": "TURTLE",
        "nt": "N_TRIPLES",
        "nq": "N_QUADS",
        "trig": "TRIG",
        "rdf": "RDF_XML",
        "jsonld": "JSON_LD",
    }
    files = {}
    for suffix, name in syntaxes.items():
        files[suffix] = folder / f"small.{suffix}"
        files[suffix].write_bytes(
            ox.serialize(quads, format=getattr(ox.RdfFormat, name), prefixes={"e": "http://e.org/"})
        )
    files["nt.gz"], files["ttl.zst"] = folder / "packed.nt.gz", folder / "packed.ttl.zst"
    files["nt.gz"].write_bytes(gzip.compress(LINES.encode()))
    files["ttl.zst"].write_bytes(zstandard.compress(LINES.encode()))
    return files


def test_every_syntax_gives_the_same(excerpt_state: Path, tmp_path: Path) -> None:
    """All at once, as they say the same; then what is in the graph is what one of them says."""
    copy_state(excerpt_state, tmp_path / "state")
    mapping = small_mapping(tmp_path / "mapping")
    given = [part for file in in_every_syntax(tmp_path).values() for part in ("--from", str(file))]
    done = run("load", "graph", mapping, *given, "--state", tmp_path / "state", cwd=excerpt_state.parent)
    assert done.returncode == 0, done.stderr
    (source,) = loaded_in(tmp_path / "state")
    of_a = {t for t in triples_of(source) if t.subject == ox.NamedNode(f"{THING}small-a")}
    assert {t.object.value for t in of_a if t.predicate.value == f"{TERM}title"} == {"A & Ä"}
    assert {t.object.value for t in of_a if t.predicate.value == f"{TERM}year"} == {"2019"}
    assert ox.NamedNode(f"{TERM}Publication") in {t.object for t in of_a}
    assert what_follows_and_is_not_stated(source) == set()


def test_broken_lines_are_left_out_where_that_is_wanted(excerpt_state: Path, tmp_path: Path) -> None:
    copy_state(excerpt_state, tmp_path / "state")
    mapping = small_mapping(tmp_path / "mapping")
    lines = tmp_path / "lines.nt"
    lines.write_text(LINES.replace("<http://e.org/b>", "<http://e org/b>"))
    command = ("load", "graph", mapping, "--from", lines, "--state", tmp_path / "state")
    refused = run(*command, cwd=excerpt_state.parent)
    assert refused.returncode == 1
    assert f"{lines}:4: " in refused.stderr
    assert loaded_in(tmp_path / "state") == []
    done = run(*command, "--skip-bad", cwd=excerpt_state.parent)
    assert done.returncode == 0, done.stderr
    assert "left out  1 records" in done.stdout
    (source,) = loaded_in(tmp_path / "state")
    assert {t.subject.value for t in triples_of(source)} == {f"{THING}small-a", f"{THING}small"}


def test_a_load_killed_at_random_moments_goes_on_and_ends_the_same(
    excerpt_state: Path, mapped_state: Path, standards: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "state"
    copy_state(excerpt_state, folder)
    arguments = ["load", "graph", "i40-standards", "--from", str(standards), "--state", str(folder)]
    end_at_random(arguments, folder, excerpt_state.parent, latest=4)
    done = run(*arguments, cwd=excerpt_state.parent)
    assert done.returncode == 0, done.stderr
    (source,), (whole,) = loaded_in(folder), loaded_in(mapped_state)
    assert source.about["digest"] == whole.about["digest"]
    assert not [*(folder / "sources").glob(".loading-*"), *(folder / "sources").glob(".asked-*")]


Edit = Callable[[bytes], bytes]
DEEP = b"<<" * 20_000 + b"<a:b> <a:b> <a:b>"
DAMAGES: dict[str, tuple[str, Edit, str]] = {
    "cut off": ("i40.ttl", lambda t: t[: len(t) // 2], r":\d+: "),
    "no IRI": (
        "i40.ttl",
        lambda t: t.replace(b"<https://w3id.org/i40/sto/> rdf:type", b"<https ://x> rdf:type"),
        r":\d+: ",
    ),
    "not UTF-8": ("i40.ttl", lambda t: t.replace(b"Graph", b"\xff\xfe", 1), r":\d+: "),
    "Turtle called RDF/XML": ("i40.rdf", lambda t: t, r":1: "),
    "no syntax by its name": ("i40.txt", lambda t: t, r":1: ends in no name of a syntax"),
    "no gzip": ("i40.ttl.gz", lambda t: t, r":1: cannot be read"),
    "cut gzip": ("i40.ttl.gz", lambda t: gzip.compress(t)[:-1000], r":\d+: "),
    "cut zstd": ("i40.ttl.zst", lambda t: zstandard.compress(t)[:5000], r":\d+: "),
    "triples within each other": ("deep.ttl", lambda t: DEEP, r":1: triples within each other"),
    "an entity bomb": (
        "bomb.rdf",
        lambda t: b'<!DOCTYPE r [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><r>&b;</r>',
        r":1: the entity b is made of other entities",
    ),
    "elements within each other": ("deep.rdf", lambda t: b"<a>" * 1000, r":1: elements within each other"),
    "a context elsewhere": (
        "c.jsonld",
        lambda t: b'{"@context": "http://127.0.0.1:1/", "a": 1}',
        r":1: its context is in",
    ),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_file_is_refused_with_its_line_and_changes_nothing(
    damage: str, standards: Path, tmp_path: Path
) -> None:
    name, edit, message = DAMAGES[damage]
    file = tmp_path / name
    file.write_bytes(edit(standards.read_bytes()))
    done = run("load", "graph", "i40-standards", "--from", file, "--state", tmp_path / "state")
    assert done.returncode == 1, done.stderr
    assert re.search(re.escape(str(file)) + message, done.stderr), done.stderr
    assert "Traceback" not in done.stderr
    assert loaded_in(tmp_path / "state") == []
    assert not (tmp_path / "state/current").exists()


def test_a_source_in_which_nothing_is_found_is_refused(standards: Path, tmp_path: Path) -> None:
    concerns = standards.with_name("concerns.ttl")
    done = run("load", "graph", "i40-standards", "--from", concerns, "--state", tmp_path / "state")
    assert done.returncode == 1
    assert f"none of the .rq files beside it finds a thing in {concerns}" in done.stderr


FAULTS_OF_TEXT: dict[str, tuple[str, str, str]] = {
    "an unknown term": ("dg:title", "dg:titel", r":3: no term dg:titel .*did you mean .*'title'"),
    "an unknown class": ("dg:Report", "dg:Reports", r":3: no term dg:Reports .*did you mean .*'Report'"),
    "an unknown thing": ("?title ;", "dgi:aijuu ;", r":3: no thing dgi:aijuu .*did you mean .*'aiju'"),
    "no SPARQL": ("BIND(IRI", "BIND(IRI(", r":\d+: is no SPARQL"),
    "no slot": ("VALUES ?it { UNDEF }", "", r":\d+: needs 'VALUES \?thing"),
    "a SELECT": ("CONSTRUCT {", "SELECT * {", r":\d+: is to be 'CONSTRUCT"),
    "another server": (
        "?it <http://e.org/name> ?title",
        "SERVICE <http://e.org/> { ?it ?p ?title }",
        "SERVICE asks another",
    ),
    "no things": ("#+ things: ?it <http://e.org/name> ?any\n", "", r":1: the header needs '#\+ things"),
}
FAULTS_OF_WHAT_IS_MADE: dict[str, tuple[str, str, str]] = {
    "no label": ('STRLANG(?title, "en")', 'STRLANG(?title, "xx")', r"dgi:small-a: has no rdfs:label in English"),
    "no source": ("dcterms:source ?it ;", "", "is among 'things', and nothing made names it"),
    "a name elsewhere": ("STR(dgi:)", '"http://e.org/"', "is to be named below"),
    "a name with a capital": ("LCASE(", "UCASE(", "lower-case letters"),
    "a thing for a value": ("dg:title ?title", "dg:title ?it", r"dg:title has a value, not the thing"),
    "a value for a thing": ("dg:title ?title", "dg:author ?title", r"dg:author leads to a thing"),
    "another datatype": (
        "dg:title ?title ; dg:year ?year",
        "dg:year ?title",
        r"dg:year has a value of type xsd:integer",
    ),
    "no name": ("?report a", "[] rdfs:seeAlso ?it . ?report a", "a thing without a name"),
    "a property of others": ("dg:title ?title", "<http://e.org/title> ?title", "no property http://e.org/title in the"),
    "what cannot be": ("dg:Report ;", "dg:Report , dg:Person ;", r"contradicts the ontology \(cax-adc"),
}


@pytest.mark.parametrize("faults", [FAULTS_OF_TEXT, FAULTS_OF_WHAT_IS_MADE], ids=["of text", "of what is made"])
def test_a_mapping_is_told_of_all_its_faults_and_nothing_is_loaded(
    faults: dict[str, tuple[str, str, str]], tmp_path: Path
) -> None:
    mapping = small_mapping(tmp_path / "mapping")
    for name, (before, after, _) in faults.items():
        assert before in REPORTS
        (mapping / f"{name.replace(' ', '-')}.rq").write_text(REPORTS.replace(before, after, 1))
    (tmp_path / "small.nt").write_text(LINES)
    done = run("load", "graph", mapping, "--from", tmp_path / "small.nt", "--state", tmp_path / "state")
    assert done.returncode == 1, done.stdout + done.stderr
    for name, (_, _, message) in faults.items():
        assert re.search(rf"{name.replace(' ', '-')}\.rq.*{message}", done.stderr), (name, done.stderr)
    assert "reports.rq" not in done.stderr
    assert "Traceback" not in done.stderr
    assert loaded_in(tmp_path / "state") == []


def test_a_mapping_that_is_not_there_is_told_with_those_that_are(tmp_path: Path) -> None:
    done = run("load", "graph", "i40-standard", "--state", tmp_path / "state")
    assert done.returncode == 1
    assert "did you mean 'i40-standards'?" in done.stderr
    shutil.copytree(MAPPINGS / "i40-standards", tmp_path / "own")
    about = tmp_path / "own/mapping.yaml"
    about.write_text(about.read_text().replace("rights:", "right:"))
    done = run("load", "graph", tmp_path / "own", "--state", tmp_path / "state")
    assert f"{about}:1: no key 'right' in a mapping; did you mean 'rights'?" in done.stderr


def test_the_sample_of_semopenalex_becomes_works_by_the_names_of_openalex(excerpt_state: Path, tmp_path: Path) -> None:
    sample = SHARED / "data/semopenalex/semopenalex-data-sample.trig"
    if not sample.is_file():
        pytest.skip(f"the sample of SemOpenAlex is not at hand: {sample} does not exist")
    copy_state(excerpt_state, tmp_path / "state")
    command = ("load", "graph", "semopenalex", "--from", sample, "--state", tmp_path / "state")
    done = run(*command, cwd=excerpt_state.parent)
    assert done.returncode == 0, done.stderr
    (source,) = loaded_in(tmp_path / "state")
    made = triples_of(source)
    work = [t for t in made if t.subject == ox.NamedNode(f"{THING}openalex-w2015191210")]
    said = {(t.predicate.value.removeprefix(TERM), t.object.value.removeprefix(THING)) for t in work}
    assert said >= {
        ("title", "Linked Data - The Story So Far"),
        ("byline", "Christian Bizer; Tom Heath; Tim Berners-Lee"),
        ("doi", "10.4018/jswis.2009081901"),
        ("year", "2009"),
        ("pages", "1-22"),
        ("author", "openalex-a247353998"),
        ("publishedIn", "openalex-s181240966"),
        ("cites", "openalex-w1491268609"),
    }
    assert len([t for t in work if t.predicate.value == f"{TERM}cites"]) == 37
    assert not any("best practices for publishing" in str(t) for t in made)
    assert what_follows_and_is_not_stated(source) == set()
