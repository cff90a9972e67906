"""Names and IRIs that would be markup or script stay text on every page, in a real browser."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from conftest import Service, copy_project, run, serving
from playwright.sync_api import Page, expect

pytest_plugins = ("tabs",)
pytestmark = pytest.mark.slow

SCRIPT = "window.taken = true"
ACTOR = f"</script><script>{SCRIPT}</script><img src=x onerror='{SCRIPT}'>\"' onmouseover={SCRIPT} AIJU"
PLACE = "{{ 7 * 7 }} <b>Toy Valley</b> ${7*7} \u202eyellaV"
CLASS = f"<svg onload={SCRIPT}> collective actor"
# An IRI may have these, and another scheme than a page may lead to.
IRI = "https://w3id.org/districtgraph/id/x'onmouseover='taken=1'&lt;script&gt;;&quot;"
TRIPLES = f"""
<{IRI}> a <https://w3id.org/districtgraph/ontology#CollectiveActor> ;
  <http://www.w3.org/2000/01/rdf-schema#label> "<script>{SCRIPT}</script>"@en ;
  <http://www.w3.org/2000/01/rdf-schema#seeAlso> <javascript:{SCRIPT.replace(" ", "")}> ;
  <https://w3id.org/districtgraph/ontology#brokers> <data:text/html,taken> .
"""
PATHS = (
    "/",
    "/page/aiju",
    "/page/toy-valley",
    "/api/collective-actors",
    "/api/search?q=aiju",
    "/api/queries/brokerage?actor=aiju",
    "/api/queries/district-actors",
    "/api/compare?items=toy-valley,castellon",
    "/api/explain?subject=aiju&property=brokers&object=drones",
    "/api/networks",
    "/api/networks/toy-valley",
    "/ontology",
    "/api/docs",
    "/api/bibliography",
    "/release/current",
    "/graph/hervas-oliver-2021",
    "/nosuch/%3Cscript%3Ewindow.taken=true%3C/script%3E",
    "/sparql?query=SELECT+%2A+%7B+%3Fs+rdfs%3Alabel+%22%3C/textarea%3E%3Cscript%3Ewindow.taken=1%3C/script%3E%22+%7D",
)


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service over a release with hostile labels, and with a hostile IRI that was written to it."""
    folder = tmp_path_factory.mktemp("hostile")
    copy_project(folder)
    for name, old, new in (
        ("loaders/corpus/hervas-oliver-2021/actors-1.yaml", "label: AIJU\n", f"label: {quoted(ACTOR)}\n"),
        ("loaders/corpus/hervas-oliver-2021/district-1.yaml", "label: Toy Valley\n", f"label: {quoted(PLACE)}\n"),
        ("ontology/actors.ttl", '"collective actor"@en', f'"{CLASS}"@en'),
    ):
        plant(folder / name, old, new)
    built = run("build", "--state", "state", cwd=folder)
    assert built.returncode == 0, built.stderr
    token = run("token", "create", "--role", "admin", "--state", folder / "state").stdout.strip()
    with serving(folder / "state") as running:
        put = httpx.put(
            f"{running.url}/graph-store?graph=https://example.org/hostile",
            content=TRIPLES.encode(),
            headers={"Content-Type": "text/turtle", "Authorization": f"Bearer {token}"},
        )
        assert put.status_code == 201, put.text
        yield running
    shutil.rmtree(folder)


def quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def plant(file: Path, old: str, new: str) -> None:
    content = file.read_text()
    assert old in content, f"{file.name} has no {old!r}"
    file.write_text(content.replace(old, new, 1))


def harmless(page: Page) -> bool:
    """Tell whether no script of a name ran, and none of it became an element."""
    hostile = "main :is(script:not([type*=json]), img[src='x'], svg[onload], [onmouseover], [onerror]), b"
    links = page.locator("a").evaluate_all("links => links.map(link => link.protocol)")
    return (
        page.evaluate("window.taken") is None
        and page.locator(hostile).count() == 0
        and {*links} <= {"http:", "https:", "mailto:"}
    )


@pytest.mark.parametrize("path", PATHS)
def test_names_stay_text(path: str, page: Page) -> None:
    answer = page.goto(path)
    assert answer is not None
    assert answer.status < 500
    page.wait_for_load_state("networkidle")
    assert harmless(page)


def test_a_hostile_iri_has_a_page_and_is_drawn(page: Page) -> None:
    page.goto("/api/collective-actors")
    page.get_by_role("link", name=f"<script>{SCRIPT}</script>", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"<script>{SCRIPT}</script>")
    expect(page.locator("main")).to_contain_text("javascript:")
    assert harmless(page)


def test_a_hostile_label_stays_text_where_scripts_show_it(page: Page) -> None:
    page.get_by_role("combobox", name="Search").press_sequentially("aij")
    expect(page.get_by_role("option").first).to_contain_text(ACTOR)
    assert harmless(page)
    page.goto("/page/aiju")
    expect(page.get_by_role("heading", level=1)).to_have_text(ACTOR)
    page.get_by_role("button", name="Draw it as a graph").click()
    expect(page.locator(".graph canvas").first).to_be_visible()
    page.goto("/sparql")
    page.locator(".CodeMirror").click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text("SELECT * { aij")
    expect(page.locator(".CodeMirror-hint").first).to_contain_text(ACTOR)
    page.keyboard.press("Enter")
    page.keyboard.insert_text(" ?property ?value }")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#answer tbody tr").first).to_be_visible()
    assert harmless(page)
