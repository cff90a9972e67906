"""The page of a thing: what is said of it in groups, figures, who states how much, how sure claims are."""

import re
from html import unescape

import pytest
from conftest import Service


def section(page: str, heading: str) -> str:
    """Return the part of a page below a heading."""
    (found,) = re.findall(rf"<h2 id=\"[\w-]+\">{re.escape(heading)}</h2>(.*?)(?=<h2|<footer>)", page, re.DOTALL)
    return unescape(found)


def test_statements_stand_in_groups_of_what_they_lead_to(service: Service) -> None:
    page = service.get("/page/aiju").text
    assert ">Toy Valley</a>" in section(page, "Places")
    assert ">IVACE</a>" in section(page, "Actors")
    assert ">drones</a>" in section(page, "Technologies and topics")
    assert ">Industry 4.0 living lab of the Toy Valley</a>" in section(page, "Policies, projects and events")
    headings = re.findall(r"<h2 id=\"group-\d+\">(.*?)</h2>", page)
    linked = re.findall(r"<a href=\"#group-\d+\">(.*?)</a>", page)
    assert headings == linked


def test_what_the_inverse_of_a_property_says_is_not_said_twice(service: Service) -> None:
    document = service.get("/api/things/aiju").json()
    holdings = document["inferred"]["roleHolderOf"]
    assert {one["id"] for one in holdings} == {one["id"] for one in document["inverse"]["roleHolder"]}
    page = service.get("/page/aiju").text
    for holding in holdings:
        assert page.count(f">{holding['label']}</a>") == 1, holding["label"]


def test_a_claim_tells_how_sure_it_is(service: Service) -> None:
    said = section(service.get("/page/drones").text, "What is said")
    assert re.search(r">Which digital technologies were brought in</a> *<small>\(certain\)</small>", said)


def test_figures_stand_on_the_page_as_the_question_answers(service: Service) -> None:
    page = service.get("/page/castellon").text
    rows = service.get("/api/queries/figures?thing=castellon").json()["rows"]
    shown = section(page, "Figures")
    assert shown.count("<tr>") == len(rows) + 1
    assert '<th scope="col">minimum</th>' not in shown  # no row has one
    assert service.get("/api/queries/figures?thing=castellon&format=html").status_code == 200
    assert 'href="/api/queries/figures?thing=castellon"' in shown
    assert "Figures</h2>" not in service.get("/page/g-mallol-gasch").text


@pytest.mark.parametrize("name", ["castellon", "living-labs"])
def test_literature_is_counted_as_the_facts_are(name: str, service: Service) -> None:
    shown = section(service.get(f"/page/{name}").text, "Literature")
    rows = service.get(f"/api/queries/publications-about?thing={name}").json()["rows"]
    for row in rows:
        assert re.search(
            rf">{re.escape(row['publication']['label'])}</a>.*?<p>{row['facts']} statement", shown, re.DOTALL
        )
    assert len(re.findall("<li>", shown)) == len(rows) > 0
    for link in re.findall(r'href="(/api/bibliography[^"]*)"', shown):
        assert service.get(link).status_code == 200


def test_what_is_computed_is_named_by_what_it_is_of(service: Service) -> None:
    page = service.get("/page/computed--position--toy-valley--aiju").text
    assert "<h1>position · toy-valley · aiju</h1>" in page
    assert "All of this is computed" in page and "Literature</h2>" not in page


def test_the_questions_that_take_a_thing_are_asked_about_it_from_its_page(service: Service) -> None:
    page = service.get("/page/aiju").text
    section = page[page.index('id="questions"') :]
    listed = re.findall(r'<li><a href="(/api/queries/[^"]+)">([^<]+)</a>', section)
    assert "/api/queries/brokerage?actor=aiju" in dict(listed)
    assert not any("district=" in href for href, _ in listed)
    for href, _ in listed:
        assert service.get(href.replace("&amp;", "&")).status_code == 200, href
