"""The home page: questions to fill in, districts with their actors, and the release beside the one before it."""

import json
import re
import shutil
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from xml.etree import ElementTree

import html5lib
import pytest
from conftest import Service, serving

from queries.named_query import askable, load_queries

BROWSER = {"Accept": "text/html"}
XHTML = "{http://www.w3.org/1999/xhtml}"


def parsed(page: str) -> ElementTree.Element:
    root = html5lib.HTMLParser(strict=True).parse(page)
    assert isinstance(root, ElementTree.Element)
    return root


def text_of(element: ElementTree.Element) -> str:
    return " ".join("".join(element.itertext()).split())


@pytest.fixture(scope="module")
def home(service: Service) -> ElementTree.Element:
    answer = service.get("/", headers=BROWSER)
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    return parsed(answer.text)


def test_each_question_with_a_sentence_is_a_form_that_asks_it(home: ElementTree.Element, service: Service) -> None:
    forms = {
        form.attrib["action"]: [field.attrib["name"] for field in form.iter(f"{XHTML}input")]
        for form in home.iter(f"{XHTML}form")
        if form.attrib["action"].startswith("/api/queries/")
    }
    wanted = {name: query for name, query in askable(load_queries(), ()).items() if query.sentence}
    assert forms.keys() == {f"/api/queries/{name}" for name in wanted}
    for action, fields in forms.items():
        assert set(fields) <= wanted[action.rpartition("/")[2]].parameters.keys()
        assert service.get(action, params=dict.fromkeys(fields, ""), headers=BROWSER).status_code == 303
        assert service.get(action, headers=BROWSER).status_code == 200
    assert next(iter(forms)) == "/api/queries/brokerage"


def test_districts_are_drawn_as_the_question_answers(home: ElementTree.Element, service: Service) -> None:
    rows = service.get("/api/queries/district-actors").json()["rows"]
    actors = {row["district"]["label"]: row["actors"] for row in rows}
    (section,) = (part for part in home.iter(f"{XHTML}section") if part.get("aria-labelledby") == "districts")
    shown = {text_of(row.find(f"{XHTML}th")): row for row in section.iter(f"{XHTML}tr") if row.find(f"{XHTML}td")}  # type: ignore[arg-type]
    assert list(actors.values()) != sorted(actors.values(), reverse=True)
    widths = [float(bar.attrib["width"]) for bar in section.iter("{http://www.w3.org/2000/svg}rect")]
    assert widths == sorted(widths, reverse=True) and widths[0] == 100.0
    assert shown.keys() == actors.keys()
    for name, row in shown.items():
        assert re.search(rf"\b{actors[name]} actors?\b", text_of(row))
        for one in rows:
            assert (one["actor"] is not None and one["actor"]["label"] in text_of(row)) >= (
                one["actor"] is not None and one["district"]["label"] == name
            )


def test_what_is_held_is_what_the_manifest_counts(home: ElementTree.Element, service: Service) -> None:
    manifest = service.get("/api/releases/current").json()
    text = text_of(home)
    assert f"with {manifest['counts']['triples']:,} triples" in text
    assert "No release before it is served here" in text
    for graph, triples in manifest["counts"]["triples_by_graph"].items():
        assert f"/graph/{graph.rpartition('/')[2]}" in {a.get("href") for a in home.iter(f"{XHTML}a")}
        assert f"{triples:,}" in text
    assert f"{manifest['counts']['things_by_class']['Claim']:,} claim" in text


@pytest.fixture(scope="module")
def two_releases(state: Path, excerpt_state: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service of the release of the corpus, beside that of an excerpt, which was built before it."""
    own = shutil.copytree(state, tmp_path_factory.mktemp("two") / "state", symlinks=True)
    former = (excerpt_state / "current").resolve()
    shutil.copytree(former, own / "releases" / former.name)
    file = own / "releases" / former.name / "manifest.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | {"built": "2001-01-01T00:00:00+00:00"}))
    with serving(own) as running:
        yield running


def test_what_changed_since_the_release_before_is_told(two_releases: Service) -> None:
    now, before = (
        two_releases.get(f"/api/releases/{release['id']}").json()["counts"]["triples_by_graph"]
        for release in two_releases.get("/api/releases").json()["releases"]
    )
    page = parsed(two_releases.get("/", headers=BROWSER).text)
    assert "of 2001-01-01" in text_of(page)
    (section,) = (part for part in page.iter(f"{XHTML}section") if part.get("aria-labelledby") == "held")
    rows = [[text_of(cell) for cell in row] for row in section.iter(f"{XHTML}tr")][1:]
    differences = {now.get(graph, 0) - before.get(graph, 0) for graph in {*now, *before}}
    assert {int(row[2].replace(",", "")) if row[2] != "as before" else 0 for row in rows} == differences
    assert len(differences) > 3


def test_a_closed_graph_is_neither_named_nor_counted(state: Path) -> None:
    graph = "https://w3id.org/districtgraph/graph/gotz-2019"
    with serving(state, DISTRICTGRAPH_CLOSED_GRAPHS=json.dumps([graph])) as closed:
        page = closed.get("/", headers=BROWSER)
        triples = closed.get("/api/releases/current").json()["counts"]["triples"]
    assert page.status_code == 200
    assert "gotz-2019" not in page.text and "Götz" not in unescape(page.text)
    assert f"with {triples:,} triples" in text_of(parsed(page.text))
    assert 'class="figures"' not in page.text  # they are of all graphs together


def test_a_dataset_without_a_release_has_a_home_page(tmp_path: Path) -> None:
    with serving(tmp_path, DISTRICTGRAPH_EMPTY="true") as empty:
        page = empty.get("/", headers=BROWSER)
    assert page.status_code == 200
    assert "/api/queries/brokerage" in page.text
    assert "triples" not in text_of(parsed(page.text))
