"""Records of works become publications, whatever their format, and are matched to the works that the papers cite."""

import gzip
import json
import os
import random
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from conftest import COMMAND, SHARED, Service, one_at_a_time, run, serving, shared_folder
from loaded import copy_state
from test_queries_answers import cases_of, has_answer

from loaders.inference import reason
from loaders.literature.matching import works_of
from loaders.literature.names import doi_name, name_of
from loaders.literature.works import plan
from loaders.loading.load import load as load_source
from loaders.loading.parts import in_processes
from loaders.loading.source import LoadedSource, loaded_in
from loaders.progress import Progress, nobody
from loaders.reasoning.domain_rules import domain_rules
from loaders.releases import Releases
from ontology.iris import TERM, THING
from ontology.modules import module_triples
from service.bench.snapshot import Snapshot, write_snapshot

pytestmark = pytest.mark.slow

CASES = cases_of("literature")
FORMATS = {"bib": "bibtex", "ris": "ris", "json": "csl"}
Values = dict[str, dict[str, set[str]]]


def load(state: Path, *arguments: object, cwd: Path | None = None) -> LoadedSource:
    """Load literature into a state folder, build a release with it, and return the source."""
    done = run("load", "literature", *map(str, arguments), "--state", state, cwd=cwd)
    assert done.returncode == 0, done.stderr
    return next(source for source in loaded_in(state) if source.about.get("kind") == "literature")


def read(folder: Path, *paths: Path, works_in: Path | None = None, decisions: Path | None = None) -> LoadedSource:
    """Return the source that literature becomes, without a build; matched to the works of a release, if to any."""
    corpus = [] if works_in is None else [quad.triple for quad in Releases(works_in).require_current().quads()]
    planned = plan("literature", paths, decisions, corpus)
    return load_source(planned, folder, in_processes, skip_bad=True, progress=Progress(nobody)).source


def values(source: LoadedSource) -> Values:
    """Return what a source says of each thing, by local names."""
    found: Values = {}
    for triple in ox.parse(b"".join(source.lines()), format=ox.RdfFormat.N_TRIPLES):
        value = triple.object.value if not isinstance(triple.object, ox.Triple) else str(triple.object)
        property_ = re.split("[#/]", triple.predicate.value)[-1]
        short = value.removeprefix(THING).removeprefix(TERM)
        found.setdefault(triple.subject.value.removeprefix(THING), {}).setdefault(property_, set()).add(short)
    return found


@pytest.fixture(scope="module")
def small(excerpt_state: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A state folder of an excerpt of the corpus, to be loaded into."""
    folder = tmp_path_factory.mktemp("small")
    copy_state(excerpt_state, folder / "state")
    yield folder / "state"


@pytest.fixture(scope="session")
def openalex() -> Path:
    """The folder of what the API of OpenAlex answers."""
    folder = SHARED / "data/openalex"
    if not folder.is_dir():
        pytest.skip(f"the works of OpenAlex are not at hand: {folder} does not exist")
    return folder


@pytest.fixture(scope="session")
def matched_state(tmp_path_factory: pytest.TempPathFactory, state: Path, openalex: Path) -> Path:
    """A state folder whose literature are the references of its own corpus in three formats, and a work of OpenAlex."""
    folder = shared_folder(tmp_path_factory) / "matched"
    with one_at_a_time(folder):
        if not (folder / "sources/literature").exists():
            shutil.rmtree(folder, ignore_errors=True)
            copy_state(state, folder)
            exported = folder.parent / "exported"
            exported.mkdir(exist_ok=True)
            with serving(folder) as service:
                for suffix, format_ in FORMATS.items():
                    answer = service.get("/api/bibliography", params={"format": format_})
                    assert answer.status_code == 200, answer.text
                    (exported / f"all.{suffix}").write_text(answer.text, encoding="utf-8")
            load(folder, exported, openalex / "W2741809807.json", "--skip-bad")
    return folder


@pytest.fixture(scope="session")
def matched(matched_state: Path) -> Iterator[Service]:
    """A service over that release."""
    with serving(matched_state) as running:
        yield running


def test_works_of_openalex_are_as_the_file_has_them(openalex: Path, tmp_path: Path) -> None:
    files = [openalex / name for name in ("W2741809807.json", "W-api-response.json")]
    told = values(read(tmp_path, *files))
    for item in (json.loads(file.read_text()) for file in files):
        work = told[f"openalex-{item['id'].rsplit('/', 1)[1].lower()}"]
        assert work["title"] == work["label"] == {item["display_name"]}
        assert work["doi"] == {item["doi"].removeprefix("https://doi.org/")}
        assert work["year"] == {str(item["publication_year"])}
        assert work["type"] == {"Article", "Publication"}
        assert work["cites"] == {name(each) for each in item["referenced_works"]}
        assert work["topic"] == {name(each["id"]) for each in item["topics"]}
        assert work["keyword"] == {each["display_name"] for each in item["keywords"]}
        assert work["byline"] == {"; ".join(each["author"]["display_name"] for each in item["authorships"])}
        assert work["volume"] == {item["biblio"]["volume"]}
        for authorship in item["authorships"]:
            author = told[name(authorship["author"]["id"])]
            assert author["label"] == {authorship["author"]["display_name"]}
            assert author["type"] == {"Person", "Actor"}
            if authorship["author"]["orcid"]:
                assert author["orcid"] == {authorship["author"]["orcid"].rsplit("/", 1)[1]}
            for institution in authorship["institutions"]:
                assert name(institution["id"]) in author["affiliatedWith"] & work["authorOrganisation"]
                assert told[name(institution["id"])]["ror"] == {institution["ror"].rsplit("/", 1)[1]}
    words = " ".join(json.loads(files[0].read_text())["abstract_inverted_index"])
    assert "unmet" in words
    assert not any("unmet" in text for thing in told.values() for texts in thing.values() for text in texts)


def name(iri: str) -> str:
    return f"openalex-{iri.rsplit('/', 1)[1].lower()}"


def test_what_is_no_work_is_refused(openalex: Path, tmp_path: Path, state: Path) -> None:
    copy_state(state, tmp_path / "state")
    before = (tmp_path / "state/current").resolve().name
    done = run("load", "literature", openalex, "--state", tmp_path / "state")
    assert done.returncode == 1
    for file in ("I27837315.json", "S137773608.json"):
        assert f"{openalex / file}:1: https://openalex.org/{file[:-5]}: is no work of OpenAlex" in done.stderr
    assert (tmp_path / "state/current").resolve().name == before
    assert loaded_in(tmp_path / "state") == []


def rows(service: Service, query: str) -> list[dict[str, str]]:
    prefixes = f"PREFIX dg: <{TERM}> PREFIX dgi: <{THING}> "
    answer = service.get("/sparql", params={"query": prefixes + query}, headers={"Accept": "application/json"})
    assert answer.status_code == 200, answer.text
    return [{key: cell["value"] for key, cell in row.items()} for row in answer.json()["results"]["bindings"]]


def test_the_references_of_the_corpus_come_back_as_they_went_and_find_themselves(matched: Service) -> None:
    """BibTeX, RIS and CSL-JSON of all works that have a title, each of which is to be its own match."""
    wanted = rows(
        matched,
        """SELECT ?work ?title ?year ?doi { ?work a dg:Publication ; dg:title ?title ; dg:year ?year
             OPTIONAL { ?work dg:doi ?doi } FILTER NOT EXISTS { GRAPH <https://w3id.org/districtgraph/graph/literature>
             { ?work dg:title ?title } } }""",
    )
    assert len(wanted) == 49
    found = rows(
        matched,
        """SELECT ?work ?title ?year ?decision ?basis ?similarity { ?match a dg:WorkMatch ; dg:matchedWork ?work ;
             dg:matchedRecord ?record ; dg:matchDecision ?decision ; dg:matchBasis ?basis ;
             dg:titleSimilarity ?similarity . ?record dg:title ?title ; dg:year ?year }""",
    )
    for work in wanted:
        of_work = [row for row in found if row["work"] == work["work"]]
        assert of_work, work
        if "doi" in work:
            assert [(row["decision"], row["basis"]) for row in of_work] == [("same", "DOI")], (work, of_work)
        else:
            assert {row["basis"] for row in of_work} == {"title and year"}, (work, of_work)
            assert {row["decision"] for row in of_work} == {"open"}
        assert {(row["title"], row["year"]) for row in of_work} == {(work["title"], work["year"])}
    assert {row["work"] for row in found} == {work["work"] for work in wanted}
    assert {row["similarity"] for row in found} == {"1"}


@pytest.mark.parametrize(("name", "case"), CASES, ids=lambda value: str(value)[:60])
def test_a_question_has_its_answer(name: str, case: dict[str, Any], matched: Service) -> None:
    has_answer(matched, name, case)


CROSSREF = {
    "DOI": "10.5555/ABC(2019)<1>",
    "type": "journal-article",
    "title": ["Additive <i>manufacturing</i> &amp; clusters"],
    "subtitle": ["A review"],
    "author": [
        {
            "given": "Ada",
            "family": "Núñez",
            "ORCID": "http://orcid.org/0000-0002-1825-0097",
            "affiliation": [
                {"name": "Univ. X", "id": [{"id": "https://ror.org/00jmfr291", "id-type": "ROR"}]},
                {"name": "Lab without number"},
            ],
        },
        {"name": "The Consortium"},
    ],
    "container-title": ["Journal of Tests"],
    "ISSN": ["1234-567x", "0028-0836"],
    "issued": {"date-parts": [[2019, 4, 1]]},
    "page": "1-9",
    "volume": "3",
    "reference": [{"key": "1", "DOI": "10.1000/One"}, {"key": "2", "unstructured": "No number"}, {"DOI": "broken"}],
    "subject": ["Industrial districts"],
    "abstract": "<jats:p>On cyber-physical systems, secretly.</jats:p>",
}
CSL = {"id": "x y", "type": "book", "title": "A book, with “quotes” \\ and \t tabs", "issued": {"raw": "c. 1998"}}
BIBTEX = r"""@comment{A note}
@string{jot = "Journal of Tests"}
@inproceedings{goetz, title = {{\"U}ber {CPS}: robots}, author = {G{\"o}tz, Marta and {Bosch and Sons} and others},
  year = 2020, booktitle = jot, pages = {1--9}, doi = {https://doi.org/10.5555/cps}}
"""
RIS = "TY  - JOUR\r\nTI  - A RIS title\r\nAU  - Gøtz, M.\r\nPY  - 2011/05//\r\nSP  - 7\r\nEP  - 9\r\nER  - \r\n"


def test_each_format_says_what_it_says(tmp_path: Path) -> None:
    (tmp_path / "crossref.json").write_text(json.dumps({"status": "ok", "message": {"items": [CROSSREF]}}))
    (tmp_path / "items.csl.json").write_text(json.dumps([CSL], indent=1))
    (tmp_path / "entries.bib").write_text(BIBTEX)
    (tmp_path / "references.ris").write_text(RIS)
    told = values(read(tmp_path / "state", tmp_path))
    works = {next(iter(thing["title"])): thing for thing in told.values() if "title" in thing}
    crossref = works["Additive manufacturing & clusters: A review"]
    assert crossref["doi"] == {"10.5555/abc(2019)<1>"}
    assert crossref["author"] == {"orcid-0000-0002-1825-0097"}
    assert crossref["authorName"] == {"The Consortium"}
    assert crossref["byline"] == {"Núñez, Ada; The Consortium"}
    assert crossref["authorOrganisation"] == {"ror-00jmfr291"}
    assert crossref["affiliationName"] == {"Lab without number"}
    assert crossref["publishedIn"] == {"issn-1234-567x"}
    assert told["issn-1234-567x"]["issn"] == {"1234-567X", "0028-0836"}
    assert crossref["pages"] == {"1–9"}
    assert [each.rpartition("-")[0] for each in crossref["cites"]] == ["doi-10-1000-one"]
    assert crossref["mentions"] >= {"additive-manufacturing", "cyber-physical-systems"}
    book = works["A book, with “quotes” \\ and tabs"]
    assert (book["type"], book["year"]) == ({"Book", "Publication"}, {"1998"})
    paper = works["Über CPS: robots"]
    assert paper["type"] == {"ConferencePaper", "Publication"}
    assert paper["authorName"] == {"Götz, Marta", "Bosch and Sons"}
    assert (paper["venue"], paper["doi"], paper["year"]) == ({"Journal of Tests"}, {"10.5555/cps"}, {"2020"})
    assert "cyber-physical-systems" in paper["mentions"]
    reference = works["A RIS title"]
    assert (reference["year"], reference["pages"]) == ({"2011"}, {"7–9"})


W1 = '{"id": "https://openalex.org/W1", "title": '
BAD: dict[str, tuple[str, str, str]] = {
    "no title": ("a.json", W1 + "null}", ":1: https://openalex.org/W1: has no title"),
    "a year in words": ("a.jsonl", W1 + '"T", "publication_year": "MM"}\n\n', "'MM' is no year"),
    "authors as a text": ("a.json", W1 + '"T", "authorships": "me"}', "'authorships' is to be"),
    "no number": ("a.json", '{"id": "https://openalex.org/W1<x>", "title": "T"}', "is no OpenAlex ID"),
    "a broken DOI": ("a.json", W1 + '"T", "doi": "11.2/x"}', "'11.2/x' is no DOI"),
    "half a sign": ("a.json", W1 + r'"T \ud800"}', "half a sign"),
    "nested too deep": ("a.json", "[" * 100_000, "is no JSON that can be read"),
    "cut JSON": ("a.json", '{"results": [{"id": "https://openalex.org/W1",', ":1: is no JSON: "),
    "a line that is no JSON": ("a.jsonl", W1 + '"T"}\n{"id"\n', ":2: is no JSON"),
    "another object": ("a.json", '{"name": "x"}', "is no work of OpenAlex, Crossref or CSL-JSON"),
    "cut BibTeX": ("a.bib", "@article{a, title={T}, year=2000}\n@article{b, title={T", ":2: is no entry of BibTeX"),
    "BibTeX twice": ("a.bib", "@article{a, title={T}}\n@article{a, title={U}}", ":2: is no entry of BibTeX"),
    "cut RIS": ("a.ris", "TY  - JOUR\nTI  - T\nER  - \nTY  - JOUR\nTI  - U\n", ":4: is no reference of RIS"),
    "RIS in Latin-1": ("a.ris", "TY  - JOUR\nTI  - G\xf6tz\nER  - \n", ":1: is not UTF-8"),
    "a picture": ("a.json", "\x89PNG\r\n", "is neither JSON, JSON lines, BibTeX nor RIS"),
    "nothing": ("a.json", "", "is neither JSON"),
}


def test_a_damaged_record_is_refused_with_its_line_and_nothing_is_loaded(state: Path, tmp_path: Path) -> None:
    """All at once, but for those files of which not even the format can be told."""
    copy_state(state, tmp_path / "state")
    told = {}
    for number, (damage, (file, content, message)) in enumerate(BAD.items()):
        folder = tmp_path / (damage if "neither" in message else "records")
        (folder / f"{number}").mkdir(parents=True)
        told[damage] = folder / f"{number}" / file
        told[damage].write_bytes(content.encode("latin-1"))
    for folder in {path.parent.parent for path in told.values()}:
        done = run("load", "literature", folder, "--state", tmp_path / "state")
        assert done.returncode == 1, done.stderr
        assert "Traceback" not in done.stderr
        for damage, path in told.items():
            if path.is_relative_to(folder):
                line = re.search(re.escape(str(path)) + r":\d+: .*", done.stderr)
                assert line and BAD[damage][2] in line[0], (damage, done.stderr)
    assert loaded_in(tmp_path / "state") == []


def test_one_broken_line_is_left_out_wherever_it_stands(tmp_path: Path) -> None:
    lines = [f'{{"id": "https://openalex.org/W{number}", "title": "T"}}' for number in range(1, 4)]
    for place in range(3):
        path = tmp_path / f"{place}.jsonl"
        path.write_text("".join(f"{line[:20] if at == place else line}\n" for at, line in enumerate(lines)))
        source = read(tmp_path / f"state-{place}", path)
        assert [fault.split(":")[1] for fault in source.about["left_out"]["first"]] == [f"{place + 1}"]
        assert len(values(source)) == 2


def test_a_packed_file_that_is_cut_off_is_told_and_what_can_be_read_is_loaded_where_that_is_wanted(
    tmp_path: Path, small: Path, excerpt_state: Path
) -> None:
    (path,) = write_snapshot(Snapshot(300, of_file=300), tmp_path / "snapshot")
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    done = run("load", "literature", path, "--state", small, cwd=excerpt_state.parent)
    assert done.returncode == 1
    assert re.search(rf"{re.escape(str(path))}:\d+: the file is cut off or damaged here", done.stderr), done.stderr
    source = read(tmp_path / "state", path)
    assert source.about["left_out"]["records"] == 1
    assert 100 < sum("title" in thing for thing in values(source).values()) < 200


def snapshot_of(folder: Path, works: int = 3000, of_file: int = 250) -> Path:
    write_snapshot(Snapshot(works, seed=7, of_file=of_file), folder)
    return folder


def test_a_snapshot_packed_or_not_is_the_same(tmp_path: Path) -> None:
    packed = snapshot_of(tmp_path / "packed", 600, 200)
    lines = b"".join(gzip.decompress(path.read_bytes()) for path in sorted(packed.rglob("*.gz")))
    (tmp_path / "works.jsonl").write_bytes(lines)
    (tmp_path / "works.json").write_text(json.dumps({"results": [json.loads(line) for line in lines.splitlines()]}))
    digests = {
        read(tmp_path / "state", path).about["digest"]
        for path in (packed, tmp_path / "works.jsonl", tmp_path / "works.json")
    }
    assert len(digests) == 1


def test_a_generated_snapshot_is_the_same_each_time(tmp_path: Path) -> None:
    first, second = (snapshot_of(tmp_path / name, 500, 100) for name in ("first", "second"))
    files = [path.relative_to(first) for path in sorted(first.rglob("*.gz"))]
    assert len(files) == 5
    assert all((first / file).read_bytes() == (second / file).read_bytes() for file in files)


def test_what_follows_of_literature_is_stated_in_it_but_for_inverses(tmp_path: Path) -> None:
    source = read(tmp_path / "state", snapshot_of(tmp_path / "snapshot", 60, 60))
    loaded = {
        ox.Quad(triple.subject, triple.predicate, triple.object, source.graph)
        for triple in ox.parse(b"".join(source.lines()), format=ox.RdfFormat.N_TRIPLES)
    }
    ontology = {ox.Quad(t.subject, t.predicate, t.object, ox.NamedNode("urn:ontology")) for t in module_triples()}
    stated = {quad.triple for quad in loaded | ontology}
    of_source = {quad.subject for quad in loaded if quad.subject.value.startswith(THING)}
    inferred = {quad.triple for quad in reason(loaded | ontology, domain_rules()).inferred}
    left = {
        triple.predicate.value.removeprefix(TERM) if "#type" not in triple.predicate.value else triple.object.value
        for triple in inferred - stated
        if triple.subject in of_source
    }
    assert left <= {"citedBy", "authorOf", f"{TERM}CitedPublication"}


def test_two_records_of_a_work_that_contradict_each_other_are_refused(tmp_path: Path, state: Path) -> None:
    copy_state(state, tmp_path / "state")
    (tmp_path / "works").mkdir()
    for year in (2018, 2019):
        item = {"id": "https://openalex.org/W1", "title": "T", "publication_year": year}
        (tmp_path / f"works/{year}.json").write_text(json.dumps(item))
    done = run("load", "literature", tmp_path / "works", "--state", tmp_path / "state")
    assert done.returncode == 1
    assert "id/openalex-w1 has two values of" in done.stderr
    assert loaded_in(tmp_path / "state") == []


def record(title: str, year: int, family: str, doi: str = "") -> dict[str, object]:
    """Return an item of CSL-JSON."""
    return {
        "id": f"{title} {year} {family}",
        "type": "article-journal",
        "title": title,
        "issued": {"date-parts": [[year]]},
        "author": [{"family": family, "given": "A."}],
        **({"DOI": doi} if doi else {}),
    }


def id_of(item: dict[str, object]) -> str:
    """Return the id that an item gets as a thing."""
    return doi_name(str(item["DOI"]).lower()) if "DOI" in item else name_of("work", str(item["id"]))


# Works of the corpus: Porter and Heppelmann (2015), which has no DOI, and Aldrich and Fiol (1994), which has one.
PORTER = "How smart, connected products are transforming companies"
ALDRICH = "Fools Rush in? The Institutional Context of Industry Creation"
OF_ALDRICH = "10.5465/AMR.1994.9412190214"
MATCHES: dict[str, tuple[dict[str, object], str | None]] = {
    "other case and marks": (record(f"{PORTER.upper()}.", 2015, "Pörter"), "open"),
    "a letter amiss": (record(PORTER.replace("form", "fron"), 2015, "Porter"), "open"),
    "a year later": (record(PORTER, 2016, "Heppelmann"), "open"),
    "two years later": (record(PORTER, 2017, "Porter"), None),
    "a subtitle more": (record(f"{PORTER}: The second wave", 2015, "Porter"), "open"),
    "other people": (record(PORTER, 2015, "Rossi"), None),
    "another title": (record(PORTER.replace("companies", "cities"), 2015, "Porter"), None),
    "a DOI in capitals": (record("Fools rush in", 1994, "Aldrich", OF_ALDRICH), "same"),
    "another DOI": (record(ALDRICH, 1994, "Aldrich", "10.5555/x"), None),
}  # fmt: skip


def test_a_match_is_careful_and_a_curator_decides(tmp_path: Path, state: Path) -> None:
    file, decided = tmp_path / "records.json", tmp_path / "decisions.yaml"
    file.write_text(json.dumps([item for item, _ in MATCHES.values()]))
    found = matches(read(tmp_path / "state", file, works_in=state))
    assert found == {id_of(item): decision for item, decision in MATCHES.values() if decision is not None}
    others = {case: id_of(item) for case, (item, _) in MATCHES.items()}
    decided.write_text(
        f"""- {{work: porter-2015, record: {others["other people"]}, decision: same}}
            - {{work: porter-2015, record: {others["a year later"]}, decision: different}}""".replace(
            "            ", ""
        )
    )
    source = read(tmp_path / "state", file, works_in=state, decisions=decided)
    assert matches(source) == found | {others["other people"]: "same", others["a year later"]: "different"}
    told = values(source)
    (reviewed,) = [thing for thing in told.values() if thing.get("matchBasis") == {"review"}]
    assert reviewed["titleSimilarity"] == {"1"}
    assert others["other people"] in told["porter-2015"]["sameWorkAs"]
    assert others["a letter amiss"] in told["porter-2015"]["possiblySameAs"]
    assert others["a year later"] not in told["porter-2015"]["possiblySameAs"]


def matches(source: LoadedSource) -> dict[str, str]:
    """Return what is decided of each record that matches a work."""
    found = [thing for thing in values(source).values() if "matchedRecord" in thing]
    return {next(iter(thing["matchedRecord"])): next(iter(thing["matchDecision"])) for thing in found}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("- {work: nobody-1900, record: openalex-w1, decision: same}", ":1: 'nobody-1900' is no work of the release"),
        ("\n- {work: porter-2015, record: W1, decision: same}", ":2: 'W1' is no id of a record"),
        ("- {work: porter-2015, record: openalex-w1, decision: maybe}", ":1: 'decision' is to be same or different"),
        ("- {work: porter-2015, record: openalex-w1}", ":1: an item is to have 'work', 'record' and 'decision'"),
        ("work: porter-2015", ":1: is to be a list"),
        ("- [", ":2: not YAML"),
    ],
)
def test_a_file_of_decisions_that_says_something_else_is_refused(
    content: str, message: str, tmp_path: Path, state: Path
) -> None:
    (tmp_path / "records.json").write_text(json.dumps(record("A title", 2000, "Li")))
    (tmp_path / "decisions.yaml").write_text(content)
    arguments = [tmp_path / "records.json", "--decisions", tmp_path / "decisions.yaml"]
    copy_state(state, tmp_path / "state")
    done = run("load", "literature", *arguments, "--state", tmp_path / "state")
    assert (done.returncode, loaded_in(tmp_path / "state")) == (1, [])
    assert f"{tmp_path / 'decisions.yaml'}{message}" in done.stderr


def test_a_decision_on_a_record_that_is_not_there_is_told(tmp_path: Path, excerpt_state: Path) -> None:
    copy_state(excerpt_state, tmp_path / "state")
    work = next(
        iter(works_of((quad.triple for quad in Releases(tmp_path / "state").require_current().quads()), {}).by_id)
    )
    there = record("A title", 2000, "Li")
    (tmp_path / "records.json").write_text(json.dumps([there]))
    (tmp_path / "decisions.yaml").write_text(
        "".join(f"- {{work: {work}, record: {id_}, decision: same}}\n" for id_ in (id_of(there), "openalex-w1"))
    )
    arguments = [tmp_path / "records.json", "--decisions", tmp_path / "decisions.yaml"]
    done = run("load", "literature", *arguments, "--state", tmp_path / "state", cwd=excerpt_state.parent)
    assert done.returncode == 0, done.stderr
    (told,) = [line for line in done.stderr.splitlines() if "not in the source" in line]
    assert told.endswith("id/openalex-w1")


def test_a_load_killed_at_random_moments_goes_on_and_ends_the_same(tmp_path: Path, excerpt_state: Path) -> None:
    snapshot = snapshot_of(tmp_path / "snapshot")
    for name in ("whole", "killed"):
        copy_state(excerpt_state, tmp_path / name)
    whole = load(tmp_path / "whole", snapshot, cwd=excerpt_state.parent)
    command = [*COMMAND, "load", "literature", str(snapshot), "--state", str(tmp_path / "killed")]
    told = ""
    for number in (signal.SIGKILL, signal.SIGINT, signal.SIGTERM):
        process = subprocess.Popen(
            command, stderr=subprocess.PIPE, text=True, start_new_session=True, cwd=excerpt_state.parent
        )
        assert process.stderr is not None
        assert "reading" in process.stderr.readline()
        if number == signal.SIGKILL:
            one_part_is_read(tmp_path / "killed")
        time.sleep(random.uniform(0, 2))
        os.killpg(process.pid, number)
        _, errors = process.communicate(timeout=60)
        assert "Traceback" not in errors
        told += errors
        for source in loaded_in(tmp_path / "killed"):
            source.verify()
        assert run("ask", "--state", tmp_path / "killed", cwd=excerpt_state.parent).returncode == 0
    done = run("load", "literature", snapshot, "--state", tmp_path / "killed", cwd=excerpt_state.parent)
    told += done.stderr
    assert re.search("going on with a load that was interrupted: [0-9]+ of 12 parts", told), told
    (source,) = loaded_in(tmp_path / "killed")
    assert source.about["digest"] == whole.about["digest"]
    assert (tmp_path / "killed/current").resolve().name == (tmp_path / "whole/current").resolve().name


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_nothing_goes_on_when_a_load_is_ended(number: int, tmp_path: Path, excerpt_state: Path) -> None:
    copy_state(excerpt_state, tmp_path / "state")
    snapshot = snapshot_of(tmp_path / "snapshot", 20_000, 2_000)
    command = [*COMMAND, "load", "literature", str(snapshot), "--state", str(tmp_path / "state")]
    process = subprocess.Popen(
        command, stderr=subprocess.PIPE, text=True, start_new_session=True, cwd=excerpt_state.parent
    )
    one_part_is_read(tmp_path / "state")
    process.send_signal(number)
    process.wait(10)
    deadline = time.monotonic() + 10
    while left := subprocess.run(["pgrep", "-s", str(process.pid)], capture_output=True, text=True).stdout.split():
        assert time.monotonic() < deadline, left
        time.sleep(0.1)
    assert process.stderr is not None and "Traceback" not in process.stderr.read()
    process.stderr.close()


def one_part_is_read(state: Path) -> None:
    """Wait until a load into a state folder has read a part."""
    deadline = time.monotonic() + 60
    while not list(state.glob("sources/.loading-literature/*.done")):
        assert time.monotonic() < deadline
        time.sleep(0.05)
