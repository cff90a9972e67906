"""Search: what is found and in which order, what is hidden, pages, suggestions, and what is told where it fails."""

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from conftest import Edit, Service, run, serving
from hypothesis import given, settings
from hypothesis import strategies as st

from loaders.release import Release
from loaders.words import folded_text
from service import search
from service.errors import QueryTimeoutError
from service.search_answers import SearchAnswer, SuggestAnswer, highlight

ID = "https://w3id.org/districtgraph/id/"


def found(service: Service, **parameters: object) -> SearchAnswer:
    answer = service.get("/api/search", params=parameters)
    assert answer.status_code == 200, answer.text
    return SearchAnswer.model_validate(answer.json(), strict=True)


def suggested(service: Service, **parameters: object) -> SuggestAnswer:
    answer = service.get("/api/suggest", params=parameters)
    assert answer.status_code == 200, answer.text
    return SuggestAnswer.model_validate(answer.json(), strict=True)


@pytest.mark.parametrize(
    ("query", "id_", "label"),
    [
        ("augmented reality", "augmented-reality", "augmented reality"),
        ("AUGMENTED  reality!", "augmented-reality", "augmented reality"),
        ("realidad aumentada", "augmented-reality", "augmented reality"),
        ("augmentd reality", "augmented-reality", "augmented reality"),
        ("augmented reali", "augmented-reality", "augmented reality"),
        ("Gotz 2019", "gotz-2019", "Götz (2019)"),
        ("götz 2019", "gotz-2019", "Götz (2019)"),
        ("toy valley", "toy-valley", "Toy Valley"),
        ("aiju", "aiju", "AIJU"),
        ("castelon ceramic tile district", "castellon", "Castellon ceramic tile district"),
    ],
)
def test_the_best_comes_first(query: str, id_: str, label: str, service: Service) -> None:
    first = found(service, q=query).results[0]
    assert (first.id, first.label, first.href) == (ID + id_, label, f"/api/things/{id_}")


def test_a_correction_is_told(service: Service) -> None:
    assert found(service, q="castelon").corrected == {"castelon": ["castellon"]}
    assert found(service, q="castellon").corrected == {}
    assert found(service, q="castelon").results == found(service, q="castellon").results
    assert suggested(service, q="casstel").corrected["casstel"][0] == "castellon"
    nothing = found(service, q="castellon xqzwvkj")
    assert (nothing.total, nothing.results, nothing.corrected, nothing.next) == (0, [], {}, None)


def test_names_come_before_texts_and_all_words_must_be_there(service: Service) -> None:
    results = found(service, q="living lab", limit=100).results
    names = [result.matched in ("label", "prefLabel", "altLabel") for result in results]
    assert True in names and False in names
    assert not any(names[names.index(False) + 20 :])
    for result in results:
        marked = folded_text(" ".join(segment.text for segment in result.highlight if segment.match))
        assert "living" in marked and "lab" in marked


def test_terms_of_the_ontology_are_found_by_label_and_definition(service: Service) -> None:
    by_label = found(service, q="collective actor", type="Class").results[0]
    assert (by_label.href, by_label.type) == ("/ontology#CollectiveActor", "Class")
    property_ = found(service, q="brokers", type="ObjectProperty").results[0]
    assert (property_.href, property_.matched) == ("/ontology#brokers", "label")
    assert {result.matched for result in found(service, q="collective", type="Class").results} >= {"definition"}


def test_a_type_stands_for_those_below_it(service: Service) -> None:
    aiju = found(service, q="aiju", type="CollectiveActor").results[0]
    assert (aiju.type, aiju.types[0]) == ("TechnologyTransferOrganisation", "TechnologyTransferOrganisation")
    assert {"CollectiveActor", "Organisation", "Actor"} <= set(aiju.types)
    everything, actors = found(service, q="aiju"), found(service, q="aiju", type="CollectiveActor", limit=100)
    assert 0 < actors.total < everything.total
    assert all("CollectiveActor" in result.types for result in actors.results)
    of_two = service.get("/api/search?q=aiju&type=CollectiveActor&type=Claim").json()["total"]
    assert of_two == actors.total + found(service, q="aiju", type="Claim").total


def test_a_language_is_that_of_the_text(service: Service) -> None:
    spanish = found(service, q="realidad", language="ES")
    assert spanish.total > 0 and {result.language for result in spanish.results} == {"es"}
    assert found(service, q="realidad aumentada", language="pl").total == 0


def test_the_pages_cover_everything_once(service: Service) -> None:
    whole = found(service, q="industry", limit=100)
    assert whole.total > 100
    seen: list[str] = []
    path: str | None = "/api/search?q=industry&limit=37"
    while path:
        answer = service.get(path)
        page = SearchAnswer.model_validate(answer.json())
        assert page.total == whole.total
        assert (f'<{page.next}>; rel="next"' if page.next else None) == answer.headers.get("link")
        seen += [result.id for result in page.results]
        path = page.next
    assert len(seen) == len(set(seen)) == whole.total
    assert seen[:100] == [result.id for result in whole.results]


def test_suggestions_are_names_of_which_each_word_may_go_on(service: Service) -> None:
    for query in ("toy val", "val toy", "Tóy V"):
        assert suggested(service, q=query).results[0].id == f"{ID}toy-valley"
    assert len(suggested(service, q="a").results) == 8
    matched = {result.matched for result in suggested(service, q="a", limit=100).results}
    assert matched <= {"label", "prefLabel", "altLabel"}
    assert all("Technology" in result.types for result in suggested(service, q="ro", type="Technology").results)


@pytest.mark.parametrize("path", ["/api/search", "/api/suggest"])
def test_who_has_the_answer_need_not_get_it_again(path: str, service: Service) -> None:
    answer = service.get(path, params={"q": "robot"})
    known = {"If-None-Match": answer.headers["etag"]}
    assert service.get(path, params={"q": "robot"}, headers=known).status_code == 304
    for other in ({"q": "robots"}, {"q": "robot", "limit": 3}, {"q": "robot", "type": "Technology"}):
        assert service.get(path, params=other, headers=known).status_code == 200
    assert answer.headers["vary"] == "Authorization"
    assert answer.headers["districtgraph-release"] == (service.state / "current").readlink().name


@pytest.mark.parametrize(
    ("path", "detail"),
    [
        ("search", "'q' must have 1 to 200 characters"),
        ("search?q=", "'q' must have 1 to 200 characters"),
        (f"search?q={'a' * 201}", "not 201"),
        ("search?q=a&q=b", "'q' is given 2 times"),
        ("search?q=a&tpye=Claim", "no parameter 'tpye'; did you mean 'type'?"),
        ("search?q=a&type=Technolgy", "no class 'Technolgy' in the release; did you mean 'Technology'"),
        ("search?q=a&limit=0", "from 1 to 100, not '0'"),
        ("search?q=a&limit=101", "from 1 to 100, not '101'"),
        ("search?q=a&limit=%D9%A3", "from 1 to 100"),
        ("search?q=a&language=%25", "must be a language tag"),
        ("search?q=a&cursor=nonsense", "'cursor' is not one for these parameters"),
        ("search?q=a&cursor=%C3%A9", "'cursor' is not one for these parameters"),
        ("search?q=a" + "&type=Claim" * 21, "'type' is given 21 times"),
        ("suggest?q=a&cursor=x", "no parameter 'cursor'"),
        ("suggest", "'q' must have 1 to 200 characters"),
    ],
)
def test_a_bad_request_is_explained(path: str, detail: str, service: Service) -> None:
    answer = service.get(f"/api/{path}")
    assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (400, "parameter")
    assert detail in answer.json()["detail"]


def test_a_cursor_is_for_its_own_search(service: Service) -> None:
    cursor = re.findall(r"cursor=(\S+)", found(service, q="industry").next or "")[0]
    assert service.get("/api/search", params={"q": "industry", "limit": 3, "cursor": cursor}).status_code == 200
    for other in ({"q": "cluster"}, {"q": "industry", "type": "Claim"}, {"q": "industry", "language": "en"}):
        assert service.get("/api/search", params=other | {"cursor": cursor}).status_code == 400


@pytest.mark.parametrize(
    "query", ['"', 'a" OR "b', "NEAR(a b, 2)", "name : a", "a AND", "-a", "^a*", "{name}: x", "\0a"]
)
@pytest.mark.parametrize("path", ["/api/search", "/api/suggest"])
def test_the_syntax_of_the_index_is_out_of_reach(path: str, query: str, service: Service) -> None:
    answer = service.get(path, params={"q": query})
    assert answer.status_code == 200
    plain = service.get(path, params={"q": " ".join(re.findall(r"\w+", query)) or "!"}).json()
    assert answer.json()["results"] == plain["results"]


@given(st.text(min_size=1, max_size=200), st.sampled_from(["search", "suggest"]))
@settings(max_examples=150, deadline=None)
def test_any_text_can_be_searched_for(url: Callable[[str], httpx.Response], text: str, path: str) -> None:
    sent = text.encode("utf-8", "replace").decode()
    answer = url(path, sent)  # type: ignore[call-arg]
    assert answer.status_code == 200, answer.text
    assert answer.json()["query"] == sent


@pytest.fixture(scope="session")
def url(service: Service) -> Iterator[Callable[[str, str], httpx.Response]]:
    with httpx.Client(base_url=service.url, timeout=60) as client:
        yield lambda path, text: client.get(f"/api/{path}", params={"q": text})


@given(st.text(), st.sets(st.sampled_from("abcde")))
def test_the_parts_of_a_highlight_are_the_text(text: str, letters: set[str]) -> None:
    segments = highlight(text, lambda word: word[0] in letters)
    assert "".join(segment.text for segment in segments) == text
    assert all(segment.text for segment in segments)


def test_the_highlight_marks_the_words_as_they_are_written(service: Service) -> None:
    first = found(service, q="gotz 2019").results[0]
    told = [(segment.text, segment.match) for segment in first.highlight]
    assert told == [("Götz", True), (" (", False), ("2019", True), (")", False)]


def test_the_examples_of_the_document_find_something(service: Service) -> None:
    paths = service.get("/api/openapi.json").json()["paths"]
    for name in ("search", "suggest"):
        operation = paths[f"/api/{name}"]["get"]
        assert operation["operationId"] == name
        schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
        assert schema["$ref"].endswith({"search": "SearchAnswer", "suggest": "SuggestAnswer"}[name])
        parameters = {each["name"]: each["example"] for each in operation["parameters"] if "example" in each}
        for left_out in ({}, {"language"}, {"type"}):
            asked = {key: value for key, value in parameters.items() if key not in left_out}
            answer = service.get(f"/api/{name}", params=asked)
            assert answer.status_code == 200 and answer.json()["results"], (asked, answer.text)


def test_a_search_that_takes_long_is_ended(state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    index = search.SearchIndex(Release("any", (state / "current").resolve()))
    monkeypatch.setattr(search, "_SECONDS", -1.0)
    monkeypatch.setattr(search, "_STEPS", 1)
    with pytest.raises(QueryTimeoutError, match="search for longer words"):
        index.find(search.Question("industry", frozenset()))


def test_without_a_release_there_is_nothing_to_search_in(tmp_path: Path) -> None:
    with serving(tmp_path, DISTRICTGRAPH_EMPTY="1") as service:
        for path in ("/api/search?q=a", "/api/suggest?q=a"):
            answer = service.get(path)
            assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (503, "search-index")
            assert "no release" in answer.json()["detail"]


def test_a_damaged_index_is_told_without_a_trace(excerpt_state: Path, tmp_path: Path) -> None:
    state = shutil.copytree(excerpt_state, tmp_path / "state", symlinks=True)
    index = state / "current/search.sqlite"
    whole = index.read_bytes()
    damages = [whole[: len(whole) // 2], whole[:5000], b"", b"not SQLite" * 1000, whole[:40000] + b"\xff" * 40000]
    with serving(state) as service:
        assert found(service, q="aiju").total > 0
        for damage in [*damages, None]:
            index.unlink()
            if damage is not None:
                index.write_bytes(damage)
            for path in ("/api/search?q=aiju", "/api/suggest?q=aiju"):
                answer = service.get(path)
                assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (503, "search-index")
                assert "build again" in answer.json()["detail"] and str(tmp_path) not in answer.text
        index.write_bytes(whole)
        assert found(service, q="aiju").total > 0


@pytest.mark.slow
def test_a_class_that_is_added_is_found_and_so_are_its_things(copied_project: Path, edit: Edit) -> None:
    edit(
        "ontology/actors.ttl",
        "dg:Firm rdf:type owl:Class",
        """dg:FabLab rdf:type owl:Class ; rdfs:subClassOf dg:CollectiveActor ;
            dcterms:source "hervas-oliver-2021, 4.1" ; rdfs:label "makerspace"@en ;
            skos:definition "A collective actor that lends machines to tinkerers."@en .
        dg:Firm rdf:type owl:Class""",
    )
    actors = copied_project / "loaders/corpus/hervas-oliver-2021/actors-1.yaml"
    evidence = re.findall(r"evidence: {.*}", actors.read_text())[0]
    with actors.open("a") as file:
        file.write(f"- {{id: garage, type: FabLab, label: Garage of the Toy Valley, {evidence}}}\n")
    built = run("build", "--state", "state", cwd=copied_project)
    assert built.returncode == 0, built.stderr
    with serving(copied_project / "state") as service:
        term = found(service, q="makerspace").results[0]
        assert (term.href, term.type) == ("/ontology#FabLab", "Class")
        assert found(service, q="tinkerers").results[0].href == "/ontology#FabLab"
        assert suggested(service, q="makersp").results[0].href == "/ontology#FabLab"
        assert found(service, q="garage", type="FabLab").results[0].type == "FabLab"
        assert found(service, q="garage", type="CollectiveActor").total == 1
