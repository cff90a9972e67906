"""The pages in a real browser: the ways through them, by mouse and keyboard, and what axe finds wrong with each."""

import re

import npm
import pytest
from conftest import Service
from playwright.sync_api import Browser, Page, expect

pytest_plugins = ("tabs",)

PATHS = (
    "/",
    "/api/search?q=living+lab",
    "/api/queries",
    "/api/queries/brokerage?actor=aiju#graph",
    "/api/queries/figures-over-time?thing=castellon#chart",
    "/page/aiju",
    "/page/castellon#figures",
    "/api/collective-actors",
    "/api",
    "/api/compare?items=castellon,toy-valley",
    "/api/explain?subject=aiju&property=brokers&object=drones",
    "/ontology",
    "/ontology/term/CollectiveActor",
    "/api/networks",
    "/api/networks/castellon",
    "/release/current",
    "/graph",
    "/graph/gotz-2019",
    "/api/bibliography",
    "/api/publications/hervas-oliver-2019/references",
    "/problem",
    "/api/docs",
    "/sparql",
    "/sparql?query=SELEC",
    "/nosuch",
    "/sparql?query=SELECT+%2A+WHERE+%7B+%3Fs+%3Fp+%3Fo+%7D+LIMIT+5",
)
WIDTHS = (360, 820, 1440)
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

# Of hundreds of terms that look alike the first few are looked at.
ALIKE = [[".term ~ .term ~ .term"], [".tree > li ~ li ~ li"], ["nav li ~ li ~ li"]]
AXE = "([alike, rules]) => axe.run({exclude: alike}, {runOnly: rules, resultTypes: ['violations']})"

pytestmark = pytest.mark.slow


def until(page: Page, expression: str) -> None:
    """Wait until an expression is true; Playwright's own way to wait is by eval, which the policy of a page forbids."""
    for _ in range(100):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(100)
    pytest.fail(f"never {expression}")


def test_an_actor_is_found_from_the_home_page_by_the_keyboard(page: Page) -> None:
    box = page.get_by_role("combobox", name="Search")
    box.focus()
    page.keyboard.type("aij")
    expect(page.get_by_role("option").first).to_contain_text("AIJU")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("option").first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("AIJU")


def test_escape_closes_the_suggestions_and_enter_searches(page: Page) -> None:
    box = page.get_by_role("combobox", name="Search")
    box.press_sequentially("living lab")
    expect(page.get_by_role("option").first).to_be_visible()
    box.press("Escape")
    expect(page.get_by_role("option")).to_have_count(0)
    box.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Search")
    expect(page.locator(".found li").first).to_contain_text("living lab")


def test_the_flagship_question_is_asked_without_sparql(page: Page) -> None:
    form = page.locator("form[action='/api/queries/brokerage']")
    form.get_by_label("only what this collective actor brokered").press_sequentially("aiju")
    form.get_by_role("option", name="AIJU", exact=False).first.click()
    form.get_by_label("only at this district or place or within it").press_sequentially("toy val")
    form.get_by_role("option", name="Toy Valley", exact=False).first.click()
    form.get_by_role("button").click()
    expect(page).to_have_url(re.compile(r"/api/queries/brokerage\?actor=AIJU&place=Toy\+Valley$"))
    expect(page.locator("tbody tr")).to_have_count(6)
    expect(page.locator("tbody")).to_contain_text("drones")


def test_a_blank_that_is_left_stands_for_any(page: Page) -> None:
    page.locator("form[action='/api/queries/brokerage']").get_by_role("button").click()
    expect(page).to_have_url(re.compile(r"/api/queries/brokerage$"))
    expect(page.locator("tbody")).to_contain_text("AIJU")


def test_castellon_and_toy_valley_are_compared_and_taken_away_as_latex(page: Page) -> None:
    cases = page.locator("form.cases")
    for name, label in (("a case", "Castellon ceramic tile district"), ("another case", "Toy Valley")):
        cases.get_by_label(name, exact=True).press_sequentially(label[:13].lower())
        cases.get_by_role("option", name=label).first.click()
    cases.get_by_role("button").click()
    expect(page.locator("thead th")).to_have_text(["Castellon ceramic tile district", "Toy Valley"])
    with page.expect_download() as download:
        page.get_by_role("link", name="latex").click()
    assert "\\begin{longtable}" in download.value.path().read_text()
    page.get_by_role("link", name=re.compile("where\\? Toy Valley: ")).first.click()
    expect(page.get_by_role("heading", level=2).first).to_have_text("Where it is stated")
    expect(page.locator("main")).to_contain_text(re.compile("section \\d"))


def test_rows_are_sorted_and_filtered(page: Page) -> None:
    page.goto("/api/queries/figures-over-time?limit=100")
    heads = page.locator("thead th")
    year = heads.all_inner_texts().index("from year")
    column = page.locator(f"tbody tr:not([hidden]) td:nth-child({year + 1})")
    for direction in ("ascending", "descending"):
        heads.nth(year).get_by_role("button").click()
        expect(heads.nth(year)).to_have_attribute("aria-sort", direction)
        years = [int(text) for text in column.all_inner_texts() if text]
        assert len({*years}) > 3
        assert years == sorted(years, reverse=direction == "descending")
    rows = page.locator("tbody tr")
    page.get_by_label("Show rows with").fill("castellon 2")
    expect(page.locator(".filter [role=status]")).to_have_text(f"{column.count()} of {rows.count()} on this page")
    assert 0 < column.count() < rows.count()


def test_the_figures_of_an_answer_are_drawn_as_lines_over_years_or_as_bars(page: Page) -> None:
    page.goto("/api/queries/figures-over-time")
    page.get_by_role("button", name="Draw a chart").click()
    picture = page.get_by_role("img")
    expect(picture).to_have_attribute("aria-label", re.compile(r"value \(.*\) by from year"))
    chart = "Chart.getChart(document.querySelector('canvas'))"
    lines = f"{chart}.data.datasets.map(line => [line.label, ...line.data.map(p => [p.x, p.y])])"
    page.get_by_role("combobox", name="in", exact=True).select_option("%")
    exports = ["Castellon ceramic tile district, export share", [2017, 80], [2018, 70]]
    assert exports in page.evaluate(lines)
    page.get_by_label("Show rows with").fill("vicedo")
    assert exports not in page.evaluate(lines) != []
    page.get_by_label("Show rows with").fill("")
    page.get_by_role("combobox", name="by", exact=True).select_option("measure")
    assert page.evaluate(f"{chart}.config.type") == "bar"
    page.get_by_role("button", name="Draw a chart").click()
    expect(picture).to_have_count(0)
    assert not page.url.endswith("#chart")


def test_what_draws_figures_is_fetched_when_somebody_comes_to_them(page: Page) -> None:
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url.partition("/static/")[2]))
    page.goto("/page/castellon", wait_until="networkidle")
    assert "chart.js" in fetched and "parts/chart.js" not in fetched
    page.get_by_role("link", name="Figures").click()
    expect(page.get_by_role("img", name=re.compile("^Castellon ceramic tile district: value"))).to_be_visible()


def test_the_things_of_an_answer_are_drawn_as_a_graph_that_leads_to_them(page: Page) -> None:
    page.goto("/api/queries/brokerage?actor=aiju#graph")
    graph = "document.querySelector('.graph').graph"
    until(page, f"{graph}?.edges().length === 6")
    page.get_by_label("named by").select_option("source")
    assert page.evaluate(f"{graph}.edges('[label = \"Hervas-Oliver (2021)\"]').length") == 6
    page.get_by_role("combobox", name="From", exact=True).select_option("district")
    assert page.evaluate(f"{graph}.nodes().filter(n => n.data('label') === 'Toy Valley').length") == 1
    page.evaluate(f"void {graph}.nodes().filter(n => n.data('label') === 'drones').emit('tap')")
    page.get_by_role("status").get_by_role("link", name="drones").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("drones")


def test_a_value_of_a_question_is_suggested(page: Page) -> None:
    page.goto("/api/queries/brokerage")
    page.get_by_label("technology", exact=True).press_sequentially("dron")
    page.get_by_role("option").first.click()
    page.get_by_role("button", name="Ask").click()
    expect(page).to_have_url(re.compile(r"technology=drones"))
    expect(page.locator("tbody tr")).to_have_count(1)


def test_the_network_of_a_district_is_drawn_chosen_from_and_taken_away(page: Page) -> None:
    page.goto("/api/networks")
    page.get_by_role("link", name="Castellon ceramic tile district").first.click()
    graph = "document.querySelector('.graph').graph"
    until(page, f"{graph}?.nodes().length > 10")
    ringed = page.evaluate(f"{graph}.nodes('.broker').map(n => n.data('label'))")
    rows = page.locator("tbody tr").filter(has=page.locator("td:nth-child(3):not(:empty)"))
    assert sorted(ringed) == sorted(rows.locator("td:first-child").all_inner_texts()) != []
    before = page.evaluate(f"{graph}.nodes().map(n => n.width())")
    page.get_by_label("Sized by").select_option("inDegree")
    assert page.evaluate(f"{graph}.nodes().map(n => n.width())") != before
    for ending, begins in (("svg", b"<svg"), ("png", b"\x89PNG")):
        with page.expect_download() as download:
            page.get_by_role("button", name=ending.upper()).click()
        assert download.value.suggested_filename == f"castellon.{ending}"
        assert download.value.path().read_bytes().startswith(begins)
    page.get_by_label("only what this source states").fill("hervas-oliver-2019")
    page.get_by_role("button", name="Choose").click()
    expect(page).to_have_url(re.compile(r"/api/networks/castellon\?source=hervas-oliver-2019$"))


def test_what_is_around_a_thing_is_drawn_and_walked(page: Page) -> None:
    page.goto("/page/aiju")
    page.get_by_role("button", name="Draw it as a graph").click()
    graph = "document.querySelector('.graph').graph"
    until(page, f"{graph}?.nodes().length > 20")
    before = page.evaluate(f"{graph}.nodes().length")
    page.evaluate(f"void {graph}.nodes().filter(n => n.data('label') === 'IVACE').emit('tap')")
    expect(page.locator("#around [role=status]")).to_contain_text("IVACE")
    until(page, f"{graph}.nodes().length > {before}")


def test_from_a_fact_of_a_thing_its_passage_is_reached(page: Page) -> None:
    page.goto("/page/aiju")
    page.get_by_role("link", name="why? AIJU brokers drones").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("brokers")
    expect(page.locator(".proof").first).to_contain_text("section 4")
    page.locator(".proof").first.get_by_role("link", name=re.compile(r"^\d+–\d+$")).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("hervas-oliver-2021.")
    expect(page.locator("main")).to_contain_text("digest")


def test_without_a_script_a_question_is_asked_and_its_evidence_reached(browser: Browser, service: Service) -> None:
    page = browser.new_context(java_script_enabled=False, base_url=service.url).new_page()
    page.goto("/")
    form = page.locator("form[action='/api/queries/brokerage']")
    form.get_by_label("only what this collective actor brokered").fill("aiju")
    form.get_by_role("button").click()
    page.get_by_role("cell").get_by_role("link", name="AIJU").first.click()
    page.get_by_role("link", name="why? AIJU brokers drones").click()
    page.locator(".proof").first.get_by_role("link", name=re.compile(r"^\d+–\d+$")).first.click()
    expect(page.locator("main")).to_contain_text("digest")
    page.context.close()


@pytest.mark.parametrize("path", PATHS)
def test_axe_finds_nothing_wrong_and_no_width_scrolls(path: str, page: Page, pytestconfig: pytest.Config) -> None:
    page.add_init_script(path=npm.installed(pytestconfig, "axe") / "axe-core/axe.min.js")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(path)
        too_wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert too_wide <= 0, f"{path} is {too_wide} pixels wider than {width}"
    for scheme, rules in (("light", RULES), ("dark", ["wcag2aa"])):  # which has the contrast
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        found = page.evaluate(AXE, [ALIKE, rules])
        told = [(v["id"], v["help"], [node["target"] for node in v["nodes"]][:3]) for v in found["violations"]]
        assert told == [], scheme


def test_the_home_page_is_small(page: Page) -> None:
    sizes: list[int] = []
    page.on("response", lambda response: sizes.append(len(response.body())))
    page.goto("/", wait_until="networkidle")
    assert len(sizes) > 3
    assert sum(sizes) < 200_000
