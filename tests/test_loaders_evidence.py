"""Evidence: anchored by passage, verified against the texts at hand, and never trusted without them."""

import json
import re
import shutil
from pathlib import Path

import pytest
from conftest import PROJECT, copy_project, run

PAPER = "a-small-paper"
TEXT = """A small paper.

1 Setting
The Toy Val-
ley is called a district by “others”.

2 Findings
It has 12 firms.
"""
NAMES = re.compile(r'\b(title|byline|authorName|keyword|label|altLabel|website|family|given|container-title)"?: .*')


@pytest.fixture(scope="module")
def with_small_paper(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with one more paper, whose record is anchored on the command line, and a folder with its text."""
    project = tmp_path_factory.mktemp("project")
    copy_project(project)
    (project / "texts").mkdir()
    (project / f"texts/{PAPER}.txt").write_text(TEXT)
    folder = project / "loaders/corpus" / PAPER
    folder.mkdir()
    record = f"- id: {PAPER}\n  type: Report\n  label: A small paper\n  title: A small paper\n"
    (folder / "paper.yaml").write_text(record)
    headings = {"1": "1 Setting", "2": "2 Findings"}
    sections = [anchor(project, heading).replace('"?"', f'"{number}"') for number, heading in headings.items()]
    lines = [f"    - {section.removeprefix('evidence: ')}" for section in sections]
    (folder / "paper.yaml").write_text(record + "  hasSection:\n" + "\n".join(lines) + "\n")
    return project


@pytest.fixture
def small_paper(with_small_paper: Path, tmp_path: Path) -> Path:
    """A copy of that project, for a test to change."""
    return shutil.copytree(with_small_paper, tmp_path / "project")


def anchor(project: Path, passage: str) -> str:
    anchored = run("anchor", PAPER, passage, "--papers", "texts", cwd=project)
    assert anchored.returncode == 0, anchored.stderr
    return anchored.stdout.strip()


def build(project: Path, texts: str = "texts") -> tuple[int, str]:
    built = run("build", "--state", "state", "--papers", texts, cwd=project)
    return built.returncode, built.stdout + built.stderr


def add_fact(project: Path, passage: str) -> None:
    evidence = anchor(project, passage)
    fact = f"- id: test-firm\n  type: Firm\n  label: Test firm\n  {evidence}\n"
    (project / "loaders/corpus" / PAPER / "facts.yaml").write_text(fact)


@pytest.mark.slow
def test_an_anchored_passage_is_verified(small_paper: Path) -> None:
    add_fact(small_paper, "the toy valley is called a district")
    status, output = build(small_paper)
    assert status == 0, output
    assert re.search(r"evidence  3 performed, 3 passed, 0 failed, \d+ without text", output)
    manifest = json.loads((small_paper / "state/current/manifest.json").read_text())
    assert manifest["checks"]["evidence"]["passed"] == 3


@pytest.mark.slow
def test_the_digest_of_a_text_goes_into_its_record(small_paper: Path) -> None:
    printed = run("anchor", PAPER, "--papers", "texts", cwd=small_paper).stdout
    record = small_paper / "loaders/corpus" / PAPER / "paper.yaml"
    record.write_text(f"{record.read_text()}  {printed}")
    status, output = build(small_paper)
    assert status == 0, output
    assert re.search(r"\d+ without text \(.*gotz-2019.*norway-two-clusters\)", output)


def test_a_passage_of_another_section_names_it(small_paper: Path) -> None:
    assert 'section: "2"' in anchor(small_paper, "12 firms")


@pytest.mark.parametrize("change", [("12 firms", "13 firms"), ("A small paper", "A very small paper")])
@pytest.mark.slow
def test_a_passage_that_no_longer_matches_stops_the_build(change: tuple[str, str], small_paper: Path) -> None:
    add_fact(small_paper, "It has 12 firms")
    assert build(small_paper)[0] == 0
    before = (small_paper / "state/current").readlink()
    (small_paper / f"texts/{PAPER}.txt").write_text(TEXT.replace(*change))
    (small_paper / "loaders/corpus/places.yaml").write_text("- {id: nowhere, type: Place, label: Nowhere}\n")
    assert build(small_paper)[0] == 1
    assert (small_paper / "state/current").readlink() == before


def test_a_failed_passage_is_named_and_counted(small_paper: Path) -> None:
    add_fact(small_paper, "It has 12 firms")
    (small_paper / f"texts/{PAPER}.txt").write_text(TEXT.replace("12 firms", "13 firms"))
    status, output = build(small_paper)
    assert status == 1
    assert re.search(rf"^loaders/corpus/{PAPER}/facts.yaml:4: .*districtgraph anchor", output, re.MULTILINE)
    assert re.search(r"evidence: 3 performed, 2 passed, 1 failed, \d+ without text", output)


@pytest.mark.slow
def test_a_text_of_another_edition_is_refused(small_paper: Path) -> None:
    record = small_paper / "loaders/corpus" / PAPER / "paper.yaml"
    record.write_text(record.read_text() + f"  textDigest: {'0' * 64}\n")
    status, output = build(small_paper)
    assert status == 1
    assert "not the edition" in output


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("gotz", "a"), "no paper 'gotz' in the corpus; did you mean 'gotz-2019'"),
        ((PAPER, "no such words stand here"), "not in the text"),
        (("gotz-2019", "a"), "no text of 'gotz-2019' at hand; name the folder"),
    ],
)
def test_what_cannot_be_anchored_is_explained(arguments: tuple[str, str], message: str, small_paper: Path) -> None:
    anchored = run("anchor", *arguments, "--papers", "texts", cwd=small_paper)
    assert anchored.returncode == 2
    assert message in anchored.stderr


@pytest.mark.slow
def test_a_passage_in_two_places_gives_both_and_says_so(small_paper: Path) -> None:
    anchored = run("anchor", PAPER, "small", "--papers", "texts", cwd=small_paper)
    (small_paper / f"texts/{PAPER}.txt").write_text(TEXT + "small")
    anchored = run("anchor", PAPER, "small", "--papers", "texts", cwd=small_paper)
    assert anchored.stdout.count("evidence: ") == 2
    assert "2 places" in anchored.stderr


@pytest.mark.parametrize("content", [b"\xff\xfe\x00bad", None])
@pytest.mark.slow
def test_a_text_that_cannot_be_read_is_named(content: bytes | None, small_paper: Path) -> None:
    if content is None:
        assert build(small_paper, "no-such-folder")[0] == 2
    else:
        (small_paper / f"texts/{PAPER}.txt").write_bytes(content)
        status, output = build(small_paper)
        assert (status, "cannot be read as UTF-8 text" in output) == (2, True)


@pytest.mark.slow
def test_every_passage_stands_in_the_papers(papers: Path, tmp_path: Path) -> None:
    built = run("build", "--state", tmp_path, "--papers", papers)
    assert built.returncode == 0, built.stderr
    evidence = json.loads((tmp_path / "current/manifest.json").read_text())["checks"]["evidence"]
    assert evidence["performed"] == evidence["passed"] > 1000
    assert (evidence["failed"], evidence["without_text"]) == (0, 0)


def test_no_sentence_of_a_paper_stands_in_the_project(papers: Path) -> None:
    """Twelve words in a row as in a paper are a sentence of it; names, titles, keywords and addresses may stand."""
    shingles = {words_ for paper in papers.glob("*-*.txt") for words_ in runs(paper.read_text())}
    files = [
        f for folder in ("ontology", "queries", "loaders", "service", "docs") for f in (PROJECT / folder).rglob("*")
    ]
    found = []
    for file in [*files, PROJECT / "README.md"]:
        if file.suffix in {".py", ".md", ".yaml", ".ttl", ".rq", ".json"}:
            found += [(file.name, words_) for words_ in runs(NAMES.sub("", file.read_text())) if words_ in shingles]
    assert found == []


def words(text: str) -> str:
    return " ".join(re.findall(r"[^\W\d_]+", re.sub(r"-\n", "", text).casefold()))


def runs(text: str) -> set[str]:
    all_words = words(text).split()
    return {" ".join(all_words[i : i + 12]) for i in range(len(all_words) - 11)}
