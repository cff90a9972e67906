"""References in every format: what the corpus says comes out of them again, whatever reads them."""

import html
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
import rispy
from conftest import PROJECT, Edit, Service, run, serving
from pybtex.database import BibliographyData, parse_string
from pylatexenc.latex2text import LatexNodes2Text

from loaders.bibliography import CLASSES
from loaders.corpus import read_corpus
from loaders.located import plain
from service.literature.csl import CslItem
from service.literature.formatted import Style, formatted_text
from service.literature.remains import without_remains

Item = dict[str, object]
# Words that a style adds to those of a reference.
OF_STYLES = {"and", "https", "doi", "org", "in", "vol", "no", "nos", "pp", "n", "d", "ed", "et", "al", "ahead", "of"}
OF_STYLES |= {"print", "rep", "retrieved", "from", "available", "online"}


@pytest.fixture(scope="module")
def items(service: Service) -> list[Item]:
    """Everything in CSL-JSON."""
    answer = service.get("/api/bibliography")
    assert answer.headers["content-type"] == "application/vnd.citationstyles.csl+json"
    found: list[Item] = answer.json()
    assert len(found) > 180
    return found


def test_a_reference_list_comes_out_as_it_went_in(service: Service) -> None:
    exported = {item["id"]: item for item in service.get("/api/bibliography?cited_by=hervas-oliver-2021").json()}
    papers = {entry.subject for entry in read_corpus([]).entries if entry.values.text("textDigest")}
    compared = 0
    for _, located in read_corpus([]).references:
        item = plain(located)
        if item["id"] in papers:  # which its own record describes
            continue
        # A byline tells only a name with a comma from one that is not to be taken apart.
        item["author"] = [
            author if "given" in author else {"literal": author["family"]} for author in item.get("author", [])
        ]
        item["issued"] = {"date-parts": [[int(item["issued"]["date-parts"][0][0])]]}
        assert exported[item["id"]] == {key: item[key] for key in item.keys() - {"custom", "note"}}
        compared += 1
    assert compared > 40


def test_csl_has_its_required_fields_and_types(items: list[Item]) -> None:
    for item in items:
        CslItem.model_validate(item)
        assert all(item.values()), item
        for name in item.get("author", []):  # type: ignore[attr-defined]
            assert name.keys() in ({"literal"}, {"family", "given"})
    assert {item["type"] for item in items} == {*CLASSES} - {"article-magazine"}


def test_nothing_is_added_where_the_graph_is_silent(service: Service) -> None:
    ids = "norway-two-clusters,unctad-2017,schuh-et-al-2014,bellandi-no-year,ceramic-world-review-128"
    told = {item["id"]: item for item in service.get(f"/api/bibliography?ids={ids}").json()}
    assert told["norway-two-clusters"] == {
        "id": "norway-two-clusters",
        "type": "document",
        "note": "Study of two clusters in North-West Norway (title and authors unknown). Title, authors, year and "
        "venue do not stand in the text and are not known; its numbered citations have no reference list",
    }
    assert told["unctad-2017"]["author"] == [{"literal": "UNCTAD"}]
    assert "issued" not in told["bellandi-no-year"]
    entries = parse_string(service.get(f"/api/bibliography?format=bibtex&ids={ids}").text, "bibtex").entries
    assert [str(person) for person in entries["schuh-et-al-2014"].persons["author"]] == ["{Schuh}", "others"]
    text = service.get(f"/api/bibliography?format=text&ids={ids}").text.splitlines()
    assert text == [
        "Bellandi. (n.d.).",
        "(2018). Ceramic World Review, (128), 12–126.",
        "Schuh et al. (2014).",
        "Study of two clusters in North-West Norway (title and authors unknown). (n.d.).",
        "UNCTAD. (2017).",
    ]


KINDS = {
    "hervas-oliver-2021": "Hervas-Oliver, J.-L. (2021). Industry 4.0 in industrial districts: regional innovation "
    "policy for the Toy Valley district in Spain. Regional Studies, 55(10-11), 1775–1786. "
    "https://doi.org/10.1080/00343404.2021.1939861",
    "balland-2016": "Balland, P. A., Belso-Martínez, J. A., & Morrison, A. (2016). The dynamics of technical and "
    "business knowledge networks in industrial clusters: Embeddedness, status, or proximity? Economic Geography, "
    "92(1). https://doi.org/10.1080/00130095.2015.1094370",
    "bellandi-2019": "Bellandi, M., de Propriis, L., & Santini, E. (2019). Industry 4.0+ challenges to local "
    "productive systems and place-based integrated industrial policies. In Transforming Industrial Policy for the "
    "Digital Age (pp. 201–218). Edward Elgar Publishing. https://doi.org/10.4337/9781788976152.00016",
    "anand-naegele-2021": "Anand, V., & Naegele, R. (2021). 'Innovation Clusters' as 'Growth Poles' to Propel "
    "Industry 4.0 Capacity Building of small and medium enterprises (SMEs) and Startups. ICPR 2021: International "
    "Conference on Production Research.",
}


@pytest.mark.parametrize("id_", KINDS)
def test_a_reference_reads_as_the_style_has_it(id_: str, service: Service) -> None:
    answer = service.get(f"/api/publications/{id_}/reference")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.text == KINDS[id_] + "\n"
    page = service.get(f"/api/publications/{id_}/reference", headers={"Accept": "text/html"})
    assert "default-src 'none'" in page.headers["content-security-policy"]
    [entry] = re.findall(rf'<div class="csl-entry" id="{id_}">(.*<i>.*) <small><a href="/id/{id_}">', page.text)
    assert html.unescape(re.sub(r"<[^>]+>", "", entry)) == KINDS[id_]
    assert [*re.findall(r'<a href="([^"]+)">', entry)] == re.findall(r"https://doi\S+", KINDS[id_])


def test_authors_are_told_apart_and_others_are_not_one(items: list[Item]) -> None:
    checked = 0
    for item in items:
        names = [name.get("literal") or name["family"] for name in item.get("author", [])]  # type: ignore[attr-defined]
        assert not any(re.search(r" and |et at\b|&", name) for name in names), item
        if two := re.match(r"([\w' .-]+) and ([\w' .-]+?)(?: \(|:)", str(item.get("note", ""))):
            assert names == [*two.groups()], item
            checked += 1
    assert checked > 30


def test_no_entry_is_an_empty_shell(service: Service, items: list[Item]) -> None:
    for item in items:
        assert item.keys() & {"title", "note"}, item
    shell = "norway-two-clusters-reference-13"
    told = "Reference [13] of the study of two Norwegian clusters. The text has no reference list: neither authors"
    entries = parse_string(service.get(f"/api/bibliography?format=bibtex&ids={shell}").text, "bibtex")
    assert read_back(entries, shell, "note").startswith(told)
    [entry] = rispy.loads(service.get(f"/api/bibliography?format=ris&ids={shell}").text)
    assert entry["notes"][0].startswith(told)
    everything = parse_string(service.get("/api/bibliography?format=bibtex").text, "bibtex").entries
    assert all(entry.fields for entry in everything.values())


REMAINS = re.compile(r"\(\s*\)|\[\s*\]|[,:;]\s*[.,:;]|\.\s+\.|\bPp?\. in\b|[,:;]$|, \(\d{4}\)")


@pytest.mark.slow
@pytest.mark.parametrize("style", Style)
def test_nothing_remains_of_a_field_that_is_missing(style: Style, items: list[Item]) -> None:
    for item in items:
        text = formatted_text(item, "untitled", style)
        own = [value for value in item.values() if isinstance(value, str)]
        assert all(any(told[0] in value for value in own) for told in REMAINS.finditer(text)), text


@pytest.mark.parametrize(
    ("text", "values", "left"),
    [
        (
            "European Planning Studies 27:. https://doi.org/10.1",
            (),
            "European Planning Studies 27. https://doi.org/10.1",
        ),
        ("MIT Review 55:", (), "MIT Review 55"),
        ("Google Trends,", (), "Google Trends."),
        ("Doe (). A title, , 2019", (), "Doe. A title, 2019"),
        ("Doe, \u201c\u201d 2019.", (), "Doe, 2019."),
        ("\ue000\ue001, (2018)", (), "(2018)"),
        ("Review 92, (2016).", (), "Review 92 (2016)."),
        ("Who calls f()? 2019.", ("Who calls f()?",), "Who calls f()? 2019."),
        ("A:: b, vol. , 3", ("A:: b",), "A:: b, 3"),
    ],
)
def test_what_a_style_prints_around_nothing_goes(text: str, values: tuple[str, ...], left: str) -> None:
    assert without_remains(text, values) == left


@pytest.mark.parametrize("style", Style)
def test_a_style_prints_no_word_that_neither_it_nor_the_reference_has(style: Style, items: list[Item]) -> None:
    for item in items[::6]:
        known = set(re.findall(r"\w+", json.dumps(item, ensure_ascii=False).casefold())) | OF_STYLES
        initials = {word[0] for word in known}
        added = set(re.findall(r"\w+", formatted_text(item, "untitled", style).casefold())) - known - {"untitled"}
        assert {word for word in added if not set(word) <= initials | set("0123456789")} == set(), item


@pytest.mark.parametrize(
    ("accept", "sent", "start"),
    [
        ("*/*", "application/vnd.citationstyles.csl+json", "["),
        ("application/json", "application/json", "["),
        ("application/x-bibtex", "application/x-bibtex", "@article{gotz-2019,"),
        ("application/x-research-info-systems", "application/x-research-info-systems", "TY  - JOUR\r\n"),
        ("text/plain", "text/plain", "Götz, M. (2019)."),
        ("text/html,application/xhtml+xml,*/*;q=0.8", "text/html", "<!DOCTYPE html>"),
    ],
)
def test_a_bibliography_in_every_format(accept: str, sent: str, start: str, service: Service) -> None:
    answer = service.get("/api/bibliography?ids=gotz-2019", headers={"Accept": accept})
    assert answer.headers["content-type"].partition(";")[0] == sent
    assert answer.text.startswith(start)


def test_conditions_all_hold(service: Service) -> None:
    def ids(query: str) -> set[str]:
        return {item["id"] for item in service.get(f"/api/bibliography?{query}").json()}

    assert ids("cited_by=hervas-oliver-2021&cites=hervas-oliver-2019") == set()
    assert ids("ids=gotz-2019,cooke-2001&cited_by=hervas-oliver-2021") == {"cooke-2001"}
    assert ids("ids=cooke-2001&cited_by=hervas-oliver-2021&cites=cooke-2001") == set()
    assert "hervas-oliver-2021" in ids("cites=hervas-oliver-2019")


def test_a_bibliography_is_of_years_authors_words_and_topics(service: Service, items: list[Item]) -> None:
    def ids(query: str) -> set[str]:
        answer = service.get(f"/api/bibliography?{query}")
        assert answer.headers["x-total-count"] == str(len(answer.json()))
        return {item["id"] for item in answer.json()}

    def of(chosen: Callable[[int], bool]) -> set[object]:
        dated = [(item["id"], item["issued"]["date-parts"][0][0]) for item in items if "issued" in item]  # type: ignore
        return {id_ for id_, year in dated if chosen(year)}

    assert ids("year=2019") == of(lambda year: year == 2019)
    assert ids("year=2015..2018") == of(lambda year: 2015 <= year <= 2018)
    assert ids("year=..1999") == of(lambda year: year < 2000)
    assert ids("year=2020..&q=industry") < of(lambda year: year > 2019)
    porter = {"porter-2015", "porter-2000", "porter-1998"} & {item["id"] for item in items}
    assert ids("author=PORTER") >= porter
    assert {"porter-2015"} <= ids("author=porter&q=products") < ids("author=porter")
    assert ids("q=European Planning Studies") <= ids("q=planning")
    about = service.get("/api/publications/hervas-oliver-2021/references?about=living-labs&limit=1000").json()["works"]
    expected = {work["id"].rpartition("/")[2] for work in about}
    assert ids("about=living-labs&cited_by=hervas-oliver-2021") == expected
    assert ids("about=living-labs") >= expected
    assert ids("q=no such words") == set()


def read_back(entries: BibliographyData, key: str, field: str) -> str:
    return LatexNodes2Text(keep_comments=True).latex_to_text(entries.entries[key].fields[field])


def test_bibtex_says_what_csl_says(service: Service, items: list[Item]) -> None:
    text = service.get("/api/bibliography?format=bibtex").text
    assert text.isascii()
    entries = parse_string(text, "bibtex")
    assert [*entries.entries] == [item["id"] for item in items]
    fields = {"title": "title", "volume": "volume", "DOI": "doi", "URL": "url"}
    for item in items:
        entry = entries.entries[str(item["id"])]
        for field, name in fields.items():
            plain_text = entry.fields.get(name) if name in ("doi", "url") else None
            told = plain_text or (read_back(entries, str(item["id"]), name) if name in entry.fields else None)
            assert told == item.get(field)
        assert len(entry.persons.get("author", [])) == len(item.get("author", [])) + any(  # type: ignore[arg-type]
            "et al" in name.get("literal", "")
            for name in item.get("author", [])  # type: ignore[attr-defined]
        )


def test_ris_says_what_csl_says(service: Service, items: list[Item]) -> None:
    content = service.get("/api/bibliography?format=ris").content.decode()
    assert content.count("\n") == content.count("\r\n")
    for told, item in zip(rispy.loads(content), items, strict=True):
        assert told["id"] == item["id"]
        for key, field in (("title", "title"), ("doi", "DOI"), ("volume", "volume"), ("number", "issue")):
            assert told.get(key) == item.get(field)
        assert len(told.get("authors", [])) == len(item.get("author", []))  # type: ignore[arg-type]


@pytest.mark.slow
def test_a_class_that_a_librarian_adds_is_exported_as_the_nearest_above_it(copied_project: Path, edit: Edit) -> None:
    book = "###  https://w3id.org/districtgraph/ontology#BookChapter\n"
    monograph = """###  https://w3id.org/districtgraph/ontology#Monograph
dg:Monograph rdf:type owl:Class ;
  rdfs:subClassOf dg:Book ;
  dcterms:source <http://example.org/> ;
  rdfs:label "monograph"@en ;
  skos:definition "A book on one subject."@en .


"""
    edit("ontology/literature.ttl", book, monograph + book)
    formatted = run("format", "ontology", cwd=copied_project)
    assert formatted.returncode == 0, formatted.stderr
    edit("loaders/corpus/gotz-2019/paper.yaml", "type: Article", "type: Monograph")
    built = run("build", "--state", "state", cwd=copied_project)
    assert built.returncode == 0, built.stderr
    with serving(copied_project / "state") as service:
        [item] = service.get("/api/bibliography?ids=gotz-2019").json()
        assert item["type"] == "book"
        assert service.get("/api/publications/gotz-2019/reference?format=bibtex").text.startswith("@book{gotz-2019,")


def test_the_loader_reads_every_type_that_the_ontology_exports() -> None:
    types = re.findall(r'dg:(\w+) rdf:type owl:Class(?:(?!\n\n).)*?dg:cslType "([\w-]+)"',
                       (PROJECT / "ontology/literature.ttl").read_text(), re.DOTALL)  # fmt: skip
    assert len(types) >= 6
    assert all(CLASSES[type_] == name for name, type_ in types)
