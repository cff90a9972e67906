"""Passages are shown where the operator put the text and allowed it, where it is the right one, and nowhere else."""

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from conftest import Service, copy_project, run, serving

pytestmark = pytest.mark.slow

DG = "https://w3id.org/districtgraph/ontology#"
DGI = "https://w3id.org/districtgraph/id/"
GRAPH = "https://w3id.org/districtgraph/graph/"
PAPER, START, END = "hervas-oliver-2021", 35694, 35731
TEXT = " ".join(f"word{number}" for number in range(9000))
PASSAGE = TEXT[START:END]
LED = {"subject": "toy-valley-living-lab", "property": "ledBy", "object": "vicedo-marti"}


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release in which a passage on the host is one of a text that we made up."""
    folder = tmp_path_factory.mktemp("made-up")
    copy_project(folder)
    digest = hashlib.sha256(PASSAGE.encode()).hexdigest()
    evidence = re.compile(rf"(start: {START}, end: {END}, digest: )[0-9a-f]{{64}}")
    changed = 0
    for file in (folder / "loaders/corpus" / PAPER).glob("*.yaml"):
        content, count = evidence.subn(rf"\g<1>{digest}", file.read_text())
        file.write_text(content)
        changed += count
    assert changed
    built = run("build", "--state", "state", cwd=folder)
    assert built.returncode == 0, built.stderr
    return folder / "state"


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    """A folder with the made-up text, as a PDF might give it: with line ends."""
    folder = tmp_path / "texts"
    folder.mkdir()
    (folder / f"{PAPER}.txt").write_text(TEXT.replace(" word1000 ", "\n\nword1000  "))
    return folder


@contextmanager
def showing(state: Path, texts: Path, **environment: str) -> Iterator[Service]:
    with serving(state, DISTRICTGRAPH_PAPERS=str(texts), DISTRICTGRAPH_PASSAGES="true", **environment) as service:
        yield service


def shown(service: Service, **headers: str) -> list[str | None]:
    """The passages of the fact that says who leads, in the order of the text."""
    answer = service.get("/api/explain", params=LED, headers=headers)
    assert answer.status_code == 200, answer.text
    return [one.get("passage") for fact in answer.json()["facts"] for one in fact["evidence"]]


def test_a_passage_is_shown_where_it_is_allowed_and_the_text_is_right(state: Path, texts: Path) -> None:
    with showing(state, texts) as service:
        answer = service.get("/api/explain", params=LED)
        assert shown(service) == [PASSAGE, None], "the digest of the other is of another text"
        (fact,) = answer.json()["facts"]
        assert service.get(fact["href"]).json()["facts"][0]["evidence"][0]["passage"] == PASSAGE
        assert PASSAGE in service.get(fact["href"], headers={"Accept": "text/html"}).text
        known = {"If-None-Match": answer.headers["etag"]}
        assert service.get("/api/explain", params=LED, headers=known).status_code == 304
        (texts / f"{PAPER}.txt").write_text("Another text. " + TEXT)
        assert service.get("/api/explain", params=LED, headers=known).status_code == 200
        assert shown(service) == [None, None]
        (texts / f"{PAPER}.txt").write_bytes(b"\xff\xfe")
        assert shown(service) == [None, None]
        (texts / f"{PAPER}.txt").unlink()
        assert shown(service) == [None, None]


def test_no_passage_is_shown_unless_it_is_allowed(state: Path, texts: Path) -> None:
    with serving(state, DISTRICTGRAPH_PAPERS=str(texts)) as service:
        assert shown(service) == [None, None]
    with serving(state, DISTRICTGRAPH_PASSAGES="true") as service:
        assert shown(service) == [None, None]
    allowed = {"DISTRICTGRAPH_PAPERS": str(texts), "DISTRICTGRAPH_PASSAGES": "true"}
    assert PASSAGE in run("explain", *LED.values(), "--state", state, **allowed).stdout
    assert "word" not in run("explain", *LED.values(), "--state", state).stdout


def test_a_closed_graph_gives_no_passage_but_to_who_may_read_it(state: Path, texts: Path) -> None:
    token = run("token", "create", "--role", "admin", "--name", "reader", "--state", state).stdout.strip()
    bearer = {"Authorization": f"Bearer {token}"}
    with showing(state, texts, DISTRICTGRAPH_CLOSED_GRAPHS=f'["{GRAPH}{PAPER}"]') as service:
        told = service.get("/api/explain", params=LED, headers=bearer)
        assert shown(service, **bearer) == [PASSAGE, None]
        (fact,) = told.json()["facts"]
        for known in ({}, {"If-None-Match": told.headers["etag"]}):
            for path in (f"/api/explain?{httpx.QueryParams(LED)}", fact["href"], f"{fact['href']}?format=ttl"):
                hidden = service.get(path, headers=known)
                assert hidden.status_code == 404, path
                assert "word" not in hidden.text and "35694" not in hidden.text


def test_what_somebody_wrote_opens_no_text(state: Path, texts: Path) -> None:
    """Evidence that is written over the API has the digest of a passage, of a text that it names itself."""
    (texts.parent / "secret.txt").write_text(TEXT)
    (texts / "unlisted.txt").write_text(TEXT)
    token = run("token", "create", "--role", "admin", "--name", "writer", "--state", state).stdout.strip()
    digest = hashlib.sha256(TEXT[:7].encode()).hexdigest()
    with showing(state, texts) as service:
        for number, source in enumerate((PAPER, "unlisted", "../secret", "..%2Fsecret")):
            iri, graph = f"{DGI}written-{number}", f"{GRAPH}{source}"
            if source == PAPER:
                graph = "http://example.org/mine"
            evidence = (
                f"<{iri}-e> a <{DG}Evidence> ; <{DG}source> <{DGI}{source}> ; <{DG}digest> '{digest}' ;"
                "<http://www.w3.org/ns/oa#start> 0 ; <http://www.w3.org/ns/oa#end> 7 ."
            )
            fact = (
                f"<{iri}> a <{DG}Fact> ; <{DG}factSubject> <{iri}-a> ; <{DG}factProperty> <{DG}hostedBy> ;"
                f"<{DG}factObject> <{iri}-b> ; <{DG}source> <{DGI}{source}> ; <{DG}evidence> <{iri}-e> ."
            )
            written = httpx.put(
                f"{service.url}/graph-store",
                params={"graph": graph},
                content=f"{fact} {evidence} <{iri}-a> <{DG}hostedBy> <{iri}-b> .",
                headers={"Authorization": f"Bearer {token}", "Content-Type": "text/turtle"},
            )
            assert written.status_code in (201, 204), written.text
            document = service.get(f"/api/facts/written-{number}").json()
            (one,) = document["facts"][0]["evidence"]
            assert one["digest"] == digest and "passage" not in one, source


def test_every_verified_passage_of_the_papers_is_shown(excerpt_state: Path, papers: Path) -> None:
    with showing(excerpt_state, papers) as service:
        documents = [service.get("/api/explain", params=LED).json()]
        documents.append(
            service.get("/api/explain?subject=decision-toy-valley-host&property=place&object=toy-valley").json()
        )
        found = [one for document in documents for one in evidence_in(document)]
        assert len(found) == 5
        for one in found:
            assert hashlib.sha256(one["passage"].encode()).hexdigest() == one["digest"]


def evidence_in(node: object) -> Iterator[dict[str, str]]:
    if isinstance(node, dict):
        if "digest" in node:
            yield node
        for value in node.values():
            yield from evidence_in(value)
    elif isinstance(node, list):
        for value in node:
            yield from evidence_in(value)
