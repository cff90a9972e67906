"""The page of SPARQL: the editor in a real browser, and what the page is without a script."""

import re
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from conftest import Service
from playwright.sync_api import Page, expect

pytest_plugins = ("tabs",)

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


def typed(page: Page, *parts: str) -> None:
    """Type into an editor that was emptied; after each odd part the completion is taken that has the next one."""
    page.goto("/sparql")
    page.locator(".CodeMirror").click()
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    for number, part in enumerate(parts):
        if number % 2:
            expect(page.locator(".CodeMirror-hint-active")).to_contain_text(part)
            page.keyboard.press("Enter")
        else:
            page.keyboard.insert_text(part)


def query_of(page: Page) -> str:
    return parse_qs(urlsplit(page.url).query)["query"][0]


@pytest.mark.slow
def test_a_query_is_written_with_completion_by_label_and_its_link_is_shared(page: Page) -> None:
    types = ("SELECT * { ?who a collect", "dg:CollectiveActor", " ?what . ?what a techno", "dg:Technology · class")
    typed(page, types[0], types[1], " ; brokers", "dg:brokers", *types[2:], " }")
    assert "dg:CollectiveActor" in page.locator(".CodeMirror-code").inner_text()
    page.keyboard.press("Control+Enter")
    expect(page.locator("#answer tbody")).to_contain_text("AIJU")
    lines = query_of(page).splitlines()
    assert lines == [
        "PREFIX dg: <https://w3id.org/districtgraph/ontology#>",
        "SELECT * { ?who a dg:CollectiveActor ; dg:brokers ?what . ?what a dg:Technology }",
    ]
    link, rows = page.url, page.locator("#answer tbody tr").count()
    page.goto("/")
    page.goto(link)
    expect(page.locator("#answer tbody tr")).to_have_count(rows)
    expect(page.locator(".CodeMirror-code")).to_contain_text("dg:CollectiveActor")
    page.get_by_role("button", name="Draw a graph").click()
    expect(page.locator("#drawn-graph .graph")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    assert sorted(download.value.path().read_text().splitlines()[0].split(",")) == ["what", "who"]


@pytest.mark.slow
def test_things_and_properties_complete_where_they_may_stand(page: Page) -> None:
    typed(page, "SELECT * { dgi:aij")
    expect(page.locator(".CodeMirror-hint").first).to_have_text(
        re.compile(r"AIJU\s+dgi:aiju · technology transfer organisation")
    )
    typed(page, "SELECT * { ?s dg:brok")
    hints = page.locator(".CodeMirror-hint")
    expect(hints.first).to_contain_text("property")
    assert all("property" in text for text in hints.all_inner_texts())
    typed(page, "PREFIX sk", "skos: <", "\nASK { ?s skos:pref", "preferred label", " ?o }")
    expect(page.locator(".CodeMirror-code")).to_contain_text("skos:prefLabel ?o")
    assert page.locator(".CodeMirror-code").inner_text().count("PREFIX") == 1


@pytest.mark.slow
@pytest.mark.parametrize(
    ("typed_in", "completed"),
    [("aij", "dgi:aiju"), ("?x dg:brokers 3d", "dgi:3d-"), ("?x act", "dg:activity"), ("?x a aut", "class")],
)
def test_a_word_completes_that_begins_as_a_keyword_or_a_number(typed_in: str, completed: str, page: Page) -> None:
    typed(page, f"SELECT * {{ {typed_in}")
    expect(page.locator(".CodeMirror-hint").first).to_contain_text(completed)


@pytest.mark.slow
def test_an_error_is_shown_at_its_line_and_mended_there(page: Page) -> None:
    typed(page, "SELECT * {\n?s ?p\n}")
    page.keyboard.press("Control+Enter")
    alert = page.locator("#answer [role=alert]")
    expect(alert).to_contain_text("line 3, column")
    expect(page.locator("div:has(> .wrong) .CodeMirror-linenumber")).to_have_text("3")
    page.keyboard.press("Home")  # of the line where the cursor was put
    page.keyboard.type("?o ")
    page.keyboard.press("Control+Enter")
    expect(alert).to_have_count(0)
    expect(page.locator("#answer")).to_contain_text("The first 1000 rows")
    expect(page.locator(".wrong")).to_have_count(0)


@pytest.mark.slow
def test_the_keyboard_gets_out_and_back_leads_to_the_query_before(page: Page) -> None:
    typed(page, "ASK {}")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Ask")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#answer")).to_contain_text("The answer is yes.")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Control+a")
    page.keyboard.type("ASK { 1 }")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#answer")).to_contain_text("not SPARQL")
    page.keyboard.press("Control+a")
    page.keyboard.type("ASK { <urn:x> a 2 }")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#answer")).to_contain_text("The answer is no.")
    page.go_back()
    page.go_back()
    expect(page.locator("#answer")).to_contain_text("The answer is yes.")


@pytest.mark.slow
def test_an_example_is_put_into_the_editor_and_a_question_opens_in_it(page: Page) -> None:
    typed(page)
    page.get_by_text("Examples").click()
    page.get_by_role("button", name="Which firms bought or own which others?").click()
    expect(page.locator(".CodeMirror-code")).to_contain_text("dg:acquired")
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.locator("#answer tbody tr").first).to_be_visible()
    page.goto("/api/queries/brokerage?actor=aiju")
    page.get_by_role("link", name="Open it in the editor").click()
    expect(page.locator(".CodeMirror-code")).to_contain_text("id/aiju")
    expect(page.locator("#answer tbody")).to_contain_text("drones")


@pytest.mark.slow
def test_a_query_that_is_too_long_for_a_link_is_answered_without_one(page: Page) -> None:
    typed(page)
    page.keyboard.insert_text("ASK {} # " + "x" * 9_000)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("status")).to_contain_text("too long for a link")
    expect(page.locator("#answer")).to_contain_text("The answer is yes.")
    assert page.url.endswith("/sparql")


def test_without_a_query_a_browser_gets_the_editor_and_a_machine_the_description(service: Service) -> None:
    page = service.get("/sparql", headers=BROWSER)
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "script-src 'self'" in page.headers["content-security-policy"]
    assert '<textarea id="query" name="query"' in page.text
    assert service.get("/sparql").headers["content-type"] == "text/turtle; charset=utf-8"


def test_without_a_script_a_query_is_asked_by_a_form_and_mended_where_it_stands(service: Service) -> None:
    good = service.get("/sparql", params={"query": "SELECT ?x { VALUES ?x { 7 } }"}, headers=BROWSER).text
    assert "SELECT ?x { VALUES ?x { 7 } }</textarea>" in good
    assert '<td class="number">7</td>' in good
    answer = service.get("/sparql", params={"query": "SELECT *\n{ ?s }"}, headers=BROWSER)
    assert (answer.status_code, answer.headers["content-type"]) == (400, "text/html; charset=utf-8")
    assert "SELECT *\n{ ?s }</textarea>" in answer.text
    assert 'data-line="2" data-column="7"' in answer.text
    assert "The query is not SPARQL" in answer.text
    refused = service.get("/sparql", params={"query": "ASK {}", "timeout": "never"}, headers=BROWSER)
    assert (refused.status_code, "timeout wants seconds" in refused.text) == (400, True)


def test_things_are_called_by_their_labels_and_lead_to_their_pages_here(service: Service) -> None:
    query = "PREFIX dgi: <https://w3id.org/districtgraph/id/> SELECT ?x ?y { VALUES (?x ?y) { (dgi:aiju <urn:x>) } }"
    page = service.get("/sparql", params={"query": query}, headers=BROWSER).text
    assert '<a href="/page/aiju">dgi:aiju</a> <small>AIJU</small>' in page
    assert "<td>urn:x</td>" in page


@pytest.mark.parametrize(
    ("query", "formats"),
    [
        ("SELECT * { ?s a ?o } LIMIT 2", {"CSV": "text/csv", "JSON": "application/sparql-results+json"}),
        ("CONSTRUCT { ?s a ?o } { ?s a ?o } LIMIT 2", {"Turtle": "text/turtle", "JSON-LD": "application/ld+json"}),
    ],
)
def test_an_answer_is_linked_to_in_its_formats(query: str, formats: dict[str, str], service: Service) -> None:
    page = service.get("/sparql", params={"query": query}, headers=BROWSER).text
    links = re.findall(r'<a href="(/sparql\?[^"]+)">([\w/-]+)</a>', page)
    assert formats.keys() < {name for _, name in links}
    for link, name in links:
        answer = service.get(link.replace("&amp;", "&"), headers=BROWSER)
        assert answer.status_code == 200, link
        if name in formats:
            assert answer.headers["content-type"].startswith(formats[name])


def test_a_format_is_for_links_and_goes_behind_a_header_that_names_one(service: Service) -> None:
    asked = {"query": "ASK {}", "format": "xml"}
    for accept, media_type in (
        ("", "application/sparql-results+xml"),
        (BROWSER["Accept"], "application/sparql-results+xml"),
        ("*/*", "application/sparql-results+json"),
        ("text/csv", "text/csv; charset=utf-8"),
    ):
        assert service.get("/sparql", params=asked, headers={"Accept": accept}).headers["content-type"] == media_type
    # As SPARQLWrapper says it.
    turtle = service.get("/sparql", params={"query": "CONSTRUCT {} {}", "format": "turtle"})
    assert (turtle.status_code, turtle.headers["content-type"]) == (200, "text/turtle; charset=utf-8")


@pytest.mark.parametrize("path", ["/nosuch", "/api/things/nosuch", "/api/compare", "/graph/nosuch"])
def test_a_browser_is_told_of_a_problem_on_a_page(path: str, service: Service) -> None:
    page = service.get(path, headers=BROWSER)
    problem = service.get(path).json()
    assert (page.status_code, page.headers["content-type"]) == (problem["status"], "text/html; charset=utf-8")
    assert "script-src 'self'" in page.headers["content-security-policy"]
    assert f"<h1>{problem['title']}</h1>" in page.text
    assert '<a href="/">' in page.text


def test_a_dataset_that_the_address_names_stays_with_the_query(service: Service) -> None:
    asked = {
        "query": "SELECT * { ?s a ?o } LIMIT 1",
        "default-graph-uri": "https://w3id.org/districtgraph/graph/places",
    }
    page = service.get("/sparql", params=asked, headers=BROWSER).text
    assert f'<input type="hidden" name="default-graph-uri" value="{asked["default-graph-uri"]}">' in page
    assert "default-graph-uri=https%3A%2F%2Fw3id.org%2Fdistrictgraph%2Fgraph%2Fplaces&amp;format=csv" in page
    assert "It is asked of <code>https://w3id.org/districtgraph/graph/places</code>" in page


def test_a_long_query_is_taken_away_by_a_form(service: Service) -> None:
    query = f"\nSELECT ?x {{ VALUES ?x {{ {' '.join(map(str, range(3_000)))} }} }}"
    page = httpx.post(f"{service.url}/sparql", data={"query": query}, headers=BROWSER).text
    assert f"\n{query}</textarea>" in page  # of two newlines a browser drops one
    assert '<button name="format" value="csv">CSV</button>' in page
    answer = httpx.post(f"{service.url}/sparql", data={"query": query, "format": "csv"}, headers=BROWSER)
    assert answer.headers["content-type"].startswith("text/csv")
    assert len(answer.text.splitlines()) == 3_001


@pytest.mark.slow
def test_a_link_within_the_page_keeps_what_is_typed(page: Page) -> None:
    typed(page, "ASK {}")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#answer")).to_contain_text("The answer is yes.")
    page.locator(".CodeMirror").click()
    page.keyboard.insert_text("# more")
    page.goto(f"{page.url}#content")
    expect(page.locator(".CodeMirror-code")).to_contain_text("# more")
    page.go_back()
    page.go_back()
    expect(page).to_have_url(re.compile("/sparql$"))
    expect(page.locator("#answer")).to_be_empty()
