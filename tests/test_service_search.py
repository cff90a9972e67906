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
from service.errors import QueryTimeoutError
from service.search import index as search_index
from service.search.answers import Found, SearchAnswer, SuggestAnswer, highlight

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
        ("castellon ceramics", "castellon", "Castellon ceramic tile district"),
        ("rindfleisch 3d printing", "rindfleisch-2017", "Rindfleisch et al. (2017)"),
        ("living labs toy valley", "toy-valley-living-lab", "Industry 4.0 living lab of the Toy Valley"),
        ("it's OWL", "its-owl", "ITS OWL"),
        ("it\N{RIGHT SINGLE QUOTATION MARK}s owl", "its-owl", "ITS OWL"),
        ("itsowl", "its-owl", "ITS OWL"),
        ("toyvalley", "toy-valley", "Toy Valley"),
        ("Ostwestfalen-Lippe", "ostwestfalenlippe", "OstWestfalenLippe"),
        ("cebra plus", "cebra-plus", "CEBRA+"),
        ("toy", "toy-valley", "Toy Valley"),
        ("brokering", "broker-role", "broker"),
        ("España", "spain", "Spain"),
        ("regional studies", "hervas-oliver-2021", "Hervas-Oliver (2021)"),
        ("10.5465/amr.1994.9412190214", "aldrich-1994", "Aldrich and Fiol (1994)"),
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
    assert found(service, q="toyvalley").corrected == {"toyvalley": ["toy valley"]}
    assert found(service, q="Ostwestfalen-Lippe").corrected == {"Ostwestfalen Lippe": ["ostwestfalenlippe"]}
    for query in ("brokering", "organization", "it's owl", "digital twin", "cebra plus"):
        assert found(service, q=query).corrected == {}


def test_a_word_that_no_text_has_is_left_out_and_told(service: Service) -> None:
    some = found(service, q="castellon xqzwvkj")
    assert some.missing == ["xqzwvkj"] and some.results[0].missing == ["xqzwvkj"]
    assert [result.id for result in some.results] == [result.id for result in found(service, q="castellon").results]
    nothing = found(service, q="xqzwvkj")
    assert (nothing.total, nothing.results, nothing.corrected, nothing.missing) == (0, [], {}, ["xqzwvkj"])


def test_where_nothing_has_all_words_the_things_with_most_of_them_come(service: Service) -> None:
    page = found(service, q="augmented reality castellon ceramics", limit=100)
    assert page.total == len(page.results) > 0 and page.missing == []
    for result in page.results:
        marked = folded_text(" ".join(part.text for part in result.highlight if part.match))
        assert result.missing and not {word for word in result.missing if word in marked.split()}
    assert {"castellon", "ceramics"} == set(page.results[0].missing)
    assert found(service, q="who brokers augmented reality in toy valley").total > 0


def test_what_has_all_words_in_one_text_comes_before_what_has_them_in_several(service: Service) -> None:
    page = found(service, q="rindfleisch 3d printing").results[0]
    assert [other.matched for other in page.others] == ["label"] and page.matched == "title" and page.missing == []
    results = found(service, q="aiju laboratories", limit=100).results
    in_several = [bool(result.others) for result in results]
    assert in_several == sorted(in_several) and True in in_several and False in in_several


def test_function_words_keep_nothing_from_being_found(service: Service) -> None:
    of_words = {result.id for result in found(service, q="living lab toy valley", limit=100).results}
    assert {result.id for result in found(service, q="the living lab of Toy Valley", limit=100).results} == of_words
    assert found(service, q="who").results[0].highlight[0].text == "Who"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("organization", "organisation"),
        ("digitalization", "digitalisation"),
        ("brokering", "broker"),
        ("labour markets", "labor market"),
        ("programme", "program"),
    ],
)
def test_inflections_and_spellings_of_a_word_find_the_same(one: str, other: str, service: Service) -> None:
    # The last word may go on, and so find more.
    first, second = (found(service, q=f"{query} firms", limit=100) for query in (one, other))
    assert first.total == second.total > 0
    assert {result.id for result in first.results[:5]} & {result.id for result in second.results[:5]}


@pytest.mark.parametrize(
    ("query", "forms"),
    [
        ("IT", {"it"}),
        ("toy", {"toy", "toys"}),
        ("AR", {"ar"}),
        ("cluster", {"cluster", "clusters", "clustering", "clustered"}),
        ("who", {"who"}),
    ],
)
def test_whole_words_come_before_those_that_go_on(query: str, forms: set[str], service: Service) -> None:
    def is_whole(result: Found) -> bool:
        texts = [result.highlight, *(other.highlight for other in result.others)]
        return any(part.match and folded_text(part.text) in forms for text in texts for part in text)

    whole = [is_whole(result) for result in found(service, q=query, limit=100).results]
    assert whole[0] and whole == sorted(whole, reverse=True)


def test_names_in_camel_case_are_found_by_their_parts(service: Service) -> None:
    assert f"{ID}ostwestfalenlippe" in [result.id for result in found(service, q="lippe").results]
    classes = found(service, q="living labs", type="Class").results
    assert classes[0].href == "/ontology#LivingLab"
    assert found(service, q="LivingLab", type="Class").results[0].href == "/ontology#LivingLab"


def test_a_phrase_must_be_there_and_what_a_minus_is_before_must_not(service: Service) -> None:
    assert found(service, q='"valley toy"').total == 0
    phrase, words_ = found(service, q='"toy valley"', limit=100), found(service, q="toy valley")
    assert 0 < phrase.total <= words_.total
    without = found(service, q="toy valley -augmented", limit=100)
    assert without.total == words_.total - found(service, q='"toy valley" "augmented"').total
    for query in ('toy valley -"living lab"', '"toy valley" -"living lab"'):
        assert f"{ID}toy-valley-living-lab" not in [result.id for result in found(service, q=query, limit=100).results]
    assert found(service, q="-augmented").results == found(service, q="augmented").results


def test_publications_and_actors_are_found_by_what_describes_them(service: Service) -> None:
    matched = {
        "Regional Studies": "venue",
        "10.5465/amr.1994.9412190214": "doi",
        "JEL O3": "keyword",
        "to test toys on children": "aim",
    }
    for query, property_ in matched.items():
        assert found(service, q=query).results[0].matched == property_, query
    for query in ("Aldrich, H. E.", "aldrich fools rush"):
        assert found(service, q=query).results[0].id == f"{ID}aldrich-1994"


@pytest.mark.parametrize("path", ["search", "suggest"])
def test_a_type_may_be_named_as_in_lists(path: str, service: Service) -> None:
    def ids(*types: str) -> list[str]:
        parameters = [("q", "toy"), ("limit", "100"), *(("type", type_) for type_ in types)]
        return [result["id"] for result in service.get(f"/api/{path}", params=parameters).json()["results"]]

    ontology = "https://w3id.org/districtgraph/ontology#"
    named = ids("IndustrialDistrict")
    assert named == [f"{ID}toy-valley"]
    for name in ("industrial-districts", "dg:IndustrialDistrict", f"{ontology}IndustrialDistrict"):
        assert ids(name) == named
    both = ids("IndustrialDistrict", "Industry")
    assert len(both) > 1 and both == ids("industrial-districts,dg:Industry")


def test_every_thing_has_a_type_and_it_is_the_narrowest(service: Service) -> None:
    assert found(service, q="castellon ceramic tile district").results[0].type == "IndustrialDistrict"
    results = found(service, q="España").results
    assert [result.type for result in results] == ["Country", "NamedIndividual"]


def test_a_correction_keeps_near(service: Service) -> None:
    assert found(service, q="digital twin").missing == ["twin"]
    assert found(service, q="digital twin").results[0].label.startswith("digital")
    assert found(service, q="cebra plus").results[0].missing == ["plus"]


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


def test_suggestions_are_of_things_before_what_is_said_of_them_and_in_english_first(service: Service) -> None:
    results = suggested(service, q="ai").results
    places = [result.id.rpartition("/")[2] for result in results]
    assert places.index("aiju") < places.index("ontology#aim")
    assert [result.type for result in results if result.type == "Claim"]
    claims = [result.type == "Claim" for result in results]
    assert claims == sorted(claims)
    for query in ("aug", "rob"):
        shown = {result.id: result for result in suggested(service, q=query).results}
        assert all(result.language == "en" for id_, result in shown.items() if id_ != f"{ID}labour-pooling")
    german = suggested(service, q="aug", language="de").results
    assert german and {result.language for result in german} == {"de"}
    assert suggested(service, q="toy in").results[0].label == "toy industry"


@pytest.mark.parametrize("path", ["/api/search", "/api/suggest"])
def test_who_has_the_answer_need_not_get_it_again(path: str, service: Service) -> None:
    answer = service.get(path, params={"q": "robot"})
    known = {"If-None-Match": answer.headers["etag"]}
    assert service.get(path, params={"q": "robot"}, headers=known).status_code == 304
    for other in ({"q": "robots"}, {"q": "robot", "limit": 3}, {"q": "robot", "type": "Technology"}):
        assert service.get(path, params=other, headers=known).status_code == 200
    assert answer.headers["vary"] == "Accept, Accept-Encoding, Authorization"
    assert answer.headers["cache-control"] == "no-cache" and "content-encoding" in answer.headers
    assert service.get(path, params={"q": "robot"}, headers={"If-None-Match": "*"}).status_code == 304
    assert service.get(path, params={"q": ""}, headers={"If-None-Match": "*"}).status_code == 400
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
        ("search?q=a" + "&type=Claim" * 21, "'type' names 21 classes"),
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
    "query", ['"', 'a" OR "b', "NEAR(a b, 2)", "name : a", "a AND", "- a", "^a*", "{name}: x", "\0a"]
)
@pytest.mark.parametrize("path", ["/api/search", "/api/suggest"])
def test_the_syntax_of_the_index_is_out_of_reach(path: str, query: str, service: Service) -> None:
    answer = service.get(path, params={"q": query})
    assert answer.status_code == 200
    plain = service.get(path, params={"q": " ".join(re.findall(r"\w+", query)) or "!"}).json()
    assert answer.json()["results"] == plain["results"]


@pytest.mark.slow
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
        for left_out in (set[str](), {"language"}, {"type"}):
            asked = {key: value for key, value in parameters.items() if key not in left_out}
            answer = service.get(f"/api/{name}", params=asked)
            assert answer.status_code == 200 and answer.json()["results"], (asked, answer.text)


def test_a_search_that_takes_long_is_ended(state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    index = search_index.SearchIndex(Release("any", (state / "current").resolve()))
    monkeypatch.setattr(search_index, "_SECONDS", -1.0)
    monkeypatch.setattr(search_index, "_STEPS", 1)
    with pytest.raises(QueryTimeoutError, match="search for longer words"):
        index.find(search_index.Question("industry", frozenset()))


@pytest.mark.slow
def test_without_a_release_there_is_nothing_to_search_in(tmp_path: Path) -> None:
    with serving(tmp_path, DISTRICTGRAPH_EMPTY="1") as service:
        for path in ("/api/search?q=a", "/api/suggest?q=a"):
            answer = service.get(path)
            assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (503, "search-index")
            assert "no release" in answer.json()["detail"]


@pytest.mark.slow
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
