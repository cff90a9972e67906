"""The ontology over HTTP: every format, the page and its terms, the picture, modules, versions, and a browser."""

import gzip
import re
import shutil
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import html5lib
import httpx
import pyoxigraph as ox
import pytest
from browser import Browser
from conftest import PROJECT, Service, copy_project, run, serving
from rdflib import Graph, URIRef
from rdflib.namespace import OWL, RDF, RDFS, SKOS

from ontology.alignments import alignment_files
from ontology.archive import pack
from ontology.modules import module_files, parse_module

pytestmark = pytest.mark.slow

BASE = "https://w3id.org/districtgraph/"
TERM = BASE + "ontology#"
THING = BASE + "id/"
HTML = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"}
CONSTRUCT = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{BASE}graph/ontology> {{ ?s ?p ?o }} }}"
SAID = (RDFS.label, SKOS.prefLabel, SKOS.altLabel, SKOS.definition)
XHTML = "{http://www.w3.org/1999/xhtml}"

PLANTED = """
<https://w3id.org/districtgraph/ontology#Planted> a <http://www.w3.org/2002/07/owl#Class> ;
    <http://www.w3.org/2000/01/rdf-schema#label> "<script>alert(1)</script> & \\"planted\\""@en ,
        "<b>gepflanzt</b>"@de ;
    <http://www.w3.org/2004/02/skos/core#definition> "A class <img src=x onerror=alert(2)> in a test."@en ;
    <http://purl.org/dc/terms/source> "a-source, 1" ;
    <http://www.w3.org/2000/01/rdf-schema#seeAlso> <javascript:alert(3)> , <https://example.org/?a=1&b=%22> ;
    <http://www.w3.org/2002/07/owl#deprecated> true ;
    <http://purl.org/dc/terms/isReplacedBy> <https://w3id.org/districtgraph/ontology#Actor> ;
    <http://www.w3.org/2002/07/owl#equivalentClass> [ a <http://www.w3.org/2002/07/owl#Class> ;
        <http://www.w3.org/2002/07/owl#intersectionOf> ( <https://w3id.org/districtgraph/ontology#Actor>
            [ a <http://www.w3.org/2002/07/owl#Restriction> ;
                <http://www.w3.org/2002/07/owl#onProperty> <https://w3id.org/districtgraph/ontology#brokerOf> ;
                <http://www.w3.org/2002/07/owl#someValuesFrom> <https://w3id.org/districtgraph/ontology#Brokerage> ] )
    ] .
"""
ALIGNMENT = """
<https://w3id.org/districtgraph/ontology#Planted> <http://www.w3.org/2002/07/owl#equivalentClass>
    <https://example.org/Same> , <javascript:alert(4)> .
[] a <http://www.w3.org/2002/07/owl#Axiom> ;
    <http://www.w3.org/2002/07/owl#annotatedSource> <https://w3id.org/districtgraph/ontology#Planted> ;
    <http://www.w3.org/2002/07/owl#annotatedProperty> <http://www.w3.org/2002/07/owl#equivalentClass> ;
    <http://www.w3.org/2002/07/owl#annotatedTarget> <https://example.org/Same> ;
    <http://www.w3.org/2004/02/skos/core#note> "Both are <i>planted</i>." .
"""


@pytest.fixture(scope="module")
def released(service: Service) -> Graph:
    """The graph of the ontology in the release, as SPARQL answers it."""
    answer = service.get("/sparql", params={"query": CONSTRUCT}, headers={"Accept": "application/n-triples"})
    return Graph().parse(data=answer.text, format="nt")


def page_of(service: Service, path: str = "/ontology") -> ElementTree.Element:
    """Return a page, which must be HTML without a single error."""
    answer = service.get(path, headers=HTML)
    assert answer.status_code == 200, answer.text
    return html5lib.HTMLParser(strict=True).parse(answer.content, transport_encoding="utf-8")


@pytest.fixture(scope="module")
def page(service: Service) -> ElementTree.Element:
    return page_of(service)


@pytest.fixture(scope="module")
def planted(state: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service over a release with a class of hostile words, an alignment of it, and a module saved in RDF/XML."""
    folder = tmp_path_factory.mktemp("planted")
    shutil.copytree(state, folder / "state", symlinks=True)
    ontology = folder / "ontology"
    shutil.copytree(PROJECT / "ontology", ontology)
    root, catalog = ontology / "districtgraph.ttl", ontology / "alignments/catalog-v001.xml"
    *_, (iri, other) = module_files(ontology).items()
    other.write_bytes(ox.serialize(parse_module(iri, "other", other.read_bytes()).triples, format=ox.RdfFormat.RDF_XML))
    root.write_text(root.read_text() + PLANTED)
    entry = '<uri name="https://w3id.org/districtgraph/ontology/alignments/planted" uri="planted.ttl"/></catalog>'
    catalog.write_text(catalog.read_text().replace("</catalog>", entry))
    (ontology / "alignments/planted.ttl").write_text(ALIGNMENT)
    (folder / "state/current/ontology.zip").write_bytes(pack(ontology))
    with serving(folder / "state") as running:
        yield running


def text_of(element: ElementTree.Element) -> str:
    return " ".join("".join(element.itertext()).split())


def by_id(page: ElementTree.Element) -> dict[str, ElementTree.Element]:
    elements = [element for element in page.iter() if element.get("id")]
    found = {str(element.get("id")): element for element in elements}
    assert len(found) == len(elements), "an id stands twice"
    return found


def facts(entry: ElementTree.Element) -> dict[str, str]:
    (lists,) = entry.iter(f"{XHTML}dl")
    texts = [text_of(child) for child in lists]
    return dict(zip(texts[::2], texts[1::2], strict=True))


def triples(text: str, parser: str = "nt") -> set[str]:
    """Return RDF, read by rdflib, as canonical triples.

    JSON-LD is read by pyoxigraph: rdflib reads it with what it calls deprecated itself. RDFC-1.0 compares them:
    rdflib's `isomorphic` told graphs with the same canonical triples apart.
    """
    if parser == "json-ld":
        quads = list(ox.parse(text, format=ox.RdfFormat.JSON_LD))
    else:
        read = Graph().parse(data=text, format=parser).serialize(format="nt")
        quads = list(ox.parse(read, format=ox.RdfFormat.N_TRIPLES))
    dataset = ox.Dataset(quads)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return set(map(str, dataset))


@pytest.mark.parametrize(
    ("accept", "sent", "parser"),
    [
        ("text/turtle", "text/turtle; charset=utf-8", "turtle"),
        ("*/*", "text/turtle; charset=utf-8", "turtle"),
        ("application/rdf+xml", "application/rdf+xml", "xml"),
        ("application/rdf+xml, application/xml; q=0.7, text/plain; q=0.1, */*; q=0.09", "application/rdf+xml", "xml"),
        ("application/ld+json", "application/ld+json", "json-ld"),
        ("application/json", "application/ld+json", "json-ld"),
        ("application/n-triples", "application/n-triples; charset=utf-8", "nt"),
    ],
)
def test_the_ontology_iri_answers_the_graph_of_the_release(
    accept: str, sent: str, parser: str, service: Service, released: Graph
) -> None:
    answer = service.get("/ontology", headers={"Accept": accept})
    assert (answer.status_code, answer.headers["content-type"]) == (200, sent)
    assert answer.headers["DistrictGraph-Release"] == (service.state / "current").readlink().name
    assert triples(answer.text, parser) == triples(released.serialize(format="nt"))


@pytest.mark.parametrize("suffix", ["ttl", "rdf", "jsonld", "nt"])
def test_a_suffix_is_a_format_for_who_can_only_follow_links(suffix: str, service: Service) -> None:
    by_link = service.get(f"/ontology.{suffix}", headers=HTML)
    asked = {"ttl": "text/turtle", "rdf": "application/rdf+xml", "jsonld": "application/ld+json"}
    by_type = service.get("/ontology", headers={"Accept": asked.get(suffix, "application/n-triples")})
    assert by_link.content == by_type.content
    assert by_link.headers["content-type"] == by_type.headers["content-type"]


@pytest.mark.parametrize("path", ["/ontology", "/ontology/picture.svg", "/ontology.ttl"])
def test_known_content_is_not_sent_again_and_head_has_the_headers(path: str, service: Service) -> None:
    for accept in ("text/html", "text/turtle"):
        answer = service.get(path, headers={"Accept": accept})
        tag = answer.headers["ETag"]
        assert (service.state / "current").readlink().name in tag
        again = service.get(path, headers={"Accept": accept, "If-None-Match": tag})
        assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag)
        head = httpx.head(service.url + path, headers={"Accept": accept})
        assert (head.status_code, head.content, head.headers["ETag"]) == (200, b"", tag)
        assert {"Accept", "Accept-Encoding"} <= {field.strip() for field in head.headers["Vary"].split(",")}
    assert service.get("/ontology", headers=HTML).headers["ETag"] != service.get("/ontology").headers["ETag"]


def test_the_page_is_compressed_for_who_takes_that_and_small(service: Service) -> None:
    plain = service.get("/ontology", headers=HTML | {"Accept-Encoding": "identity"})
    with httpx.stream("GET", service.url + "/ontology", headers=HTML | {"Accept-Encoding": "gzip"}) as answer:
        compressed = b"".join(answer.iter_raw())
    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.headers["ETag"] != plain.headers["ETag"]
    assert gzip.decompress(compressed) == plain.content
    assert len(compressed) < 100_000
    refused = service.get("/ontology", headers=HTML | {"Accept-Encoding": "gzip;q=0"})
    assert "Content-Encoding" not in refused.headers


def test_every_term_of_the_release_stands_in_a_tree_with_its_definition_and_has_a_page(
    page: ElementTree.Element, released: Graph, service: Service
) -> None:
    elements = by_id(page)
    kinds = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty, OWL.NamedIndividual)
    terms = {term for kind in kinds for term in released.subjects(RDF.type, kind) if isinstance(term, URIRef)}
    terms = {term for term in terms if term.startswith(BASE)}
    assert len(terms) > 250
    for number, term in enumerate(sorted(terms)):
        name = term.removeprefix(TERM) if term.startswith(TERM) else term.removeprefix(BASE)
        shown = own_text(elements[name])
        for words in [min(released.objects(term, SKOS.definition)), english(released, term)]:
            assert " ".join(words.split()) in shown, (term, words)
        if number % 40 == 0:
            said = [words for property_ in SAID for words in released.objects(term, property_)]
            (main,) = page_of(service, f"/ontology/term/{name}").iter(f"{XHTML}main")
            assert [words for words in said if " ".join(words.split()) not in text_of(main)] == []


def english(graph: Graph, term: URIRef) -> str:
    labels = [label for name in (SKOS.prefLabel, RDFS.label) for label in graph.objects(term, name)]
    return min(str(label) for label in labels if label.language == "en")


def own_text(item: ElementTree.Element) -> str:
    """Return what an item of a tree says without what is below it."""
    return " ".join(text_of(part) for part in item if part.tag != f"{XHTML}details")


def test_every_link_of_the_pages_leads_somewhere(page: ElementTree.Element, service: Service) -> None:
    anchors = set(by_id(page))
    (main,) = page.iter(f"{XHTML}main")
    links = {link.get("href", "") for link in main.iter(f"{XHTML}a")}
    within = {link.removeprefix("#") for link in links if link.startswith("#")}
    assert within - anchors == set()
    assert [link for link in links if re.match(r"(?!https?:|#|ontology|\./)", link)] == []
    for path in ("CollectiveActor", "brokers", "id/drones", "skos:Concept"):
        (main,) = page_of(service, f"/ontology/term/{path}").iter(f"{XHTML}main")
        at = httpx.URL(f"{service.url}/ontology/term/{path}")
        below = {at.join(link.get("href", "")) for link in main.iter(f"{XHTML}a")}
        for link in (link for link in below if link.host == at.host):
            assert httpx.get(link, headers=HTML, follow_redirects=True).status_code == 200, link
            assert link.path != "/ontology" or not link.fragment or link.fragment in anchors


def test_the_trees_count_what_the_collections_and_queries_count(page: ElementTree.Element, service: Service) -> None:
    elements = by_id(page)
    for name in ("Actor", "CollectiveActor", "Technology", "Place", "Fact", "Brokerage"):
        count = next(link for link in elements[name].iter(f"{XHTML}a") if link.get("class") == "count")
        total = service.get("/" + count.get("href", "").removeprefix("./"), params={"limit": 1}).json()["total"]
        assert text_of(count) == f"{total:,} things"
    alone = f"""SELECT (COUNT(DISTINCT ?x) AS ?n) WHERE {{ ?x a <{TERM}Firm> FILTER NOT EXISTS {{
        ?x a ?below . ?below <{RDFS.subClassOf}> <{TERM}Firm> FILTER(?below != <{TERM}Firm>) }} }}"""
    assert f"itself {counted(service, alone)} " in own_text(elements["Firm"]) + " "
    about = f"""SELECT (COUNT(*) AS ?n) WHERE {{ {{ SELECT DISTINCT ?x ?p ?c WHERE {{
        ?c <{SKOS.broader}>* <{THING}digital-technologies> . GRAPH ?g {{ ?x ?p ?c }}
        FILTER(!STRSTARTS(STR(?p), "{SKOS}") && !STRENDS(STR(?p), "#factSubject") && !STRENDS(STR(?p), "#factObject"))
        FILTER(?g NOT IN (<{BASE}graph/ontology>, <{BASE}graph/alignments>)) }} }} }}"""
    assert f"{counted(service, about)} statements" in own_text(elements["id/digital-technologies"])
    assert len(list(elements["id/drones"].iter(f"{XHTML}a"))) == 2


def counted(service: Service, query: str) -> str:
    return service.get("/sparql", params={"query": query}, headers={"Accept": "text/csv"}).text.split()[1]


def test_a_class_and_a_property_say_where_they_stand_and_who_uses_them(service: Service) -> None:
    actor, broker, brokers = (
        page_of(service, f"/ontology/term/{name}") for name in ("CollectiveActor", "broker", "brokers")
    )
    assert "organisation" in facts(actor)["Superclasses"]
    assert "university" in facts(actor)["Subclasses"]
    assert facts(broker)["Domain"] == "brokerage"
    assert facts(broker)["Inverse"] == "broker of"
    assert facts(brokers)["Follows from"] == "broker of then technology"
    things = counted(service, f"SELECT (COUNT(DISTINCT ?x) AS ?n) WHERE {{ ?x a <{TERM}CollectiveActor> }}")
    assert f"{things} things (" in text_of(actor)
    assert "AIJU why? AIJU" in text_of(actor)
    assert "AIJU brokers 3D printing" in text_of(brokers)
    assert "statements, inferred" in text_of(brokers)


def test_what_is_closed_is_neither_counted_nor_an_example(state: Path) -> None:
    graph, broker = f"{BASE}graph/hervas-oliver-2021", "/ontology/term/brokers"
    with serving(state, DISTRICTGRAPH_CLOSED_GRAPHS=f'["{graph}"]') as closed:
        assert "AIJU" not in closed.get(broker, headers=HTML).text
        things = counted(closed, f"SELECT (COUNT(DISTINCT ?x) AS ?n) WHERE {{ ?x a <{TERM}CollectiveActor> }}")
        assert f"{things} thing" in own_text(by_id(page_of(closed))["CollectiveActor"])
    with serving(state, DISTRICTGRAPH_CLOSED_GRAPHS=f'["{BASE}graph/ontology"]') as closed:
        assert closed.get(broker, headers=HTML).status_code == 403


def test_headings_and_landmarks_are_in_order(page: ElementTree.Element) -> None:
    levels = [int(e.tag[-1]) for e in page.iter() if re.fullmatch(r"\{.*\}h[1-6]", str(e.tag))]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    for landmark in ("header", "main", "footer"):
        assert len(list(page.iter(XHTML + landmark))) == 1
    assert [nav.get("aria-label") for nav in page.iter(f"{XHTML}nav")] == ["Site", "Contents"]
    assert page.get("lang") == "en"
    (main,) = page.iter(f"{XHTML}main")
    assert [image for image in main.iter(f"{XHTML}img") if len(image.get("alt", "")) < 20] == []


def test_hostile_words_are_shown_as_they_are_and_do_nothing(planted: Service) -> None:
    assert '<script>alert(1)</script> & "planted"' in text_of(by_id(page_of(planted))["Planted"])
    page = page_of(planted, "/ontology/term/Planted")
    (entry,) = page.iter(f"{XHTML}main")
    shown = text_of(entry)
    assert '<script>alert(1)</script> & "planted"' in shown
    assert "<img src=x onerror=alert(2)>" in shown
    assert "Both are <i>planted</i>." in shown
    scripts = [script.get("src") for script in page.iter(f"{XHTML}script")]
    assert scripts == ["../../static/suggestions.js"]
    assert list(entry.iter(f"{XHTML}img")) == []
    (german,) = [span for span in entry.iter(f"{XHTML}span") if span.get("lang") == "de"]
    assert text_of(german) == "<b>gepflanzt</b>"
    links = {link.get("href") for link in entry.iter(f"{XHTML}a")}
    assert {"https://example.org/?a=1&b=%22", "https://example.org/Same", "../../ontology/term/Actor"} <= links
    assert [link for link in links if link and link.startswith("javascript")] == []
    assert "javascript:alert(3)" in shown
    assert "javascript:alert(4)" in shown


def test_a_hostile_name_in_the_language_of_the_reader_is_shown_as_it_is(planted: Service) -> None:
    german = {**HTML, "Accept-Language": "de"}
    for path in ("/ontology", "/ontology/term/Planted", "/api"):
        text = planted.get(path, headers=german).text
        assert "<b>gepflanzt" not in text
        assert ("&lt;b&gt;gepflanzt&lt;/b&gt;" in text) is (path != "/api")  # which has classes with things alone


def test_a_defined_deprecated_and_mapped_class_says_so(planted: Service) -> None:
    entry = page_of(planted, "/ontology/term/Planted")
    assert facts(entry)["Equivalent to"] == "actor and (broker of some brokerage)"
    assert facts(entry)["Maps to"].startswith("owl:equivalentClass https://example.org/Same — Both are")
    assert "Nothing uses it." in text_of(entry)
    assert "Deprecated. Use actor instead." in text_of(entry)


def test_the_picture_is_svg_with_the_main_classes_and_its_own_style(service: Service) -> None:
    answer = service.get("/ontology/picture.svg")
    assert answer.headers["content-type"] == "image/svg+xml"
    svg = ElementTree.fromstring(answer.content)
    names = {text_of(span) for span in svg.iter("{http://www.w3.org/2000/svg}tspan") if span.get("class") == "name"}
    assert {"actor", "technology", "publication", "statement", "situation"} <= names
    words = ElementTree.fromstring(answer.content).findtext("{http://www.w3.org/2000/svg}desc") or ""
    assert "→" in words


def modules(released: Graph) -> list[str]:
    found = [str(iri) for iri in released.subjects(RDF.type, OWL.Ontology)]
    return sorted(iri for iri in found if iri != TERM.rstrip("#"))


@pytest.mark.slow
def test_a_module_iri_answers_its_file_and_the_other_formats(service: Service, released: Graph) -> None:
    assert len(modules(released)) >= 2
    for iri in modules(released):
        path = "/" + iri.removeprefix(BASE)
        as_turtle = service.get(path)
        assert as_turtle.content in [file.read_bytes() for file in (PROJECT / "ontology").glob("*.ttl")]
        graph = Graph().parse(data=as_turtle.text, format="turtle")
        assert (URIRef(iri), RDF.type, OWL.Ontology) in graph
        for accept, parser in (("application/rdf+xml", "xml"), ("application/ld+json", "json-ld")):
            other = service.get(path, headers={"Accept": accept})
            assert triples(other.text, parser) == triples(as_turtle.text, "turtle")
        version = released.value(URIRef(iri), OWL.versionIRI)
        assert service.get("/" + str(version).removeprefix(BASE)).content == as_turtle.content


def test_a_module_that_was_saved_in_another_syntax_is_still_answered_as_turtle(planted: Service) -> None:
    *_, (iri, file) = module_files().items()
    answer = planted.get("/" + iri.removeprefix(BASE))
    assert answer.headers["content-type"] == "text/turtle; charset=utf-8"
    assert triples(answer.text, "turtle") == triples(file.read_text(), "turtle")


def test_an_alignment_answers_at_its_iri_and_stands_on_the_page(service: Service, page: ElementTree.Element) -> None:
    anchors = by_id(page)
    alignments = alignment_files()
    assert len(alignments) >= 10
    for iri, file in alignments.items():
        path = "/" + iri.removeprefix(BASE)
        assert service.get(path).content == file.read_bytes()
        answer = service.get(path, headers=HTML)
        where = httpx.URL(answer.url).join(answer.headers["Location"])
        assert (where.path, where.fragment in anchors) == ("/ontology", True)


def test_a_browser_at_a_module_is_sent_to_it_on_the_page(
    service: Service, released: Graph, page: ElementTree.Element
) -> None:
    anchors = by_id(page)
    for iri in modules(released):
        answer = service.get("/" + iri.removeprefix(BASE), headers=HTML)
        assert answer.status_code == 303
        where = httpx.URL(answer.url).join(answer.headers["Location"])
        assert (where.path, where.fragment in anchors) == ("/ontology", True)
    version = released.value(URIRef(TERM.rstrip("#")), OWL.versionIRI)
    answer = service.get("/" + str(version).removeprefix(BASE), headers=HTML)
    assert httpx.URL(answer.url).join(answer.headers["Location"]).path == "/ontology"


def test_the_version_of_the_whole_answers_as_the_whole(service: Service, released: Graph) -> None:
    version = released.value(URIRef(TERM.rstrip("#")), OWL.versionIRI)
    assert service.get("/" + str(version).removeprefix(BASE)).content == service.get("/ontology").content


@pytest.mark.parametrize(
    ("path", "accept", "status", "type_", "detail"),
    [
        ("/ontology", "image/png", 406, "not-acceptable", "text/turtle"),
        ("/ontology", "text/html;q=0, text/turtle;q=0", 406, "not-acceptable", "text/turtle"),
        ("/ontology/0.0.9", "*/*", 404, "unknown-ontology", "current version only, which is https://w3id.org/"),
        ("/ontology/nothing-like-it", "*/*", 404, "unknown-ontology", "there are ontology, ontology/"),
        ("/ontology/nothing-like-it.ttl", "*/*", 404, "unknown-ontology", "no module"),
        ("/ontology/term/Brokr", "*/*", 404, "unknown-ontology", "did you mean 'Broker'"),
        ("/ontology.pdf", "*/*", 404, "unknown-ontology", "no module"),
        ("/ontology/%3Cscript%3E", "*/*", 404, "unknown-ontology", "no module"),
    ],
)
def test_what_there_is_not_is_a_problem(
    path: str, accept: str, status: int, type_: str, detail: str, service: Service
) -> None:
    answer = service.get(path, headers={"Accept": accept})
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    problem = answer.json()
    assert problem["type"].rpartition("/")[2] == type_
    assert detail in problem["detail"]


def test_a_near_miss_names_the_module(service: Service, released: Graph) -> None:
    path = modules(released)[0].removeprefix(BASE)
    answer = service.get(f"/{path[:-2]}{path[-1]}")
    assert f"did you mean '{path}'" in answer.json()["detail"]


def test_the_index_names_the_ontology(service: Service) -> None:
    assert service.get("/").json()["ontology"] == "/ontology"


def test_nothing_may_be_loaded_from_elsewhere_or_written_into_the_page(service: Service) -> None:
    answer = service.get("/ontology", headers=HTML)
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'self'")
    assert "unsafe" not in policy
    assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?! type=\"module\" src)", answer.text)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.slow
def test_a_release_without_the_files_of_the_ontology_asks_to_be_built_again(
    excerpt_state: Path, tmp_path: Path
) -> None:
    name = (excerpt_state / "current").readlink().name
    folder = tmp_path / "releases" / name
    shutil.copytree(excerpt_state / "releases" / name, folder)
    (tmp_path / "current").symlink_to(Path("releases") / name)
    with serving(tmp_path) as running:
        for damage in (lambda file: file.write_bytes(b"no archive"), Path.unlink):
            damage(folder / "ontology.zip")
            answer = running.get("/ontology")
            assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (503, "no-release")
        assert running.get("/sparql", params={"query": "ASK {}"}).status_code == 200
        assert run("build", "--state", tmp_path, cwd=excerpt_state.parent).returncode == 0
        assert running.get("/ontology").status_code == 200


@pytest.mark.slow
def test_a_file_that_changed_without_a_triple_is_served_anew(tmp_path: Path) -> None:
    copy_project(tmp_path)
    assert run("build", "--state", "state", cwd=tmp_path).returncode == 0
    release = (tmp_path / "state/current").readlink()
    with serving(tmp_path / "state") as running:
        imported = Graph().parse(data=running.get("/ontology").text, format="turtle").objects(None, OWL.imports)
        path = "/" + min(imported).removeprefix(BASE)
        before = running.get(path)
        for file in (tmp_path / "ontology").glob("*.ttl"):
            file.write_text(file.read_text() + "# a remark\n")
        assert run("build", "--state", "state", cwd=tmp_path).returncode == 0
        assert (tmp_path / "state/current").readlink() == release
        after = running.get(path)
        assert after.text == before.text + "# a remark\n"
        assert after.headers["ETag"] != before.headers["ETag"]


@pytest.mark.slow
def test_each_process_gives_the_same_bytes_and_tags(service: Service) -> None:
    with serving(service.state, PYTHONHASHSEED="7") as other:
        for path, headers in (
            ("/ontology", HTML),
            ("/ontology", {}),
            ("/ontology.rdf", {}),
            ("/ontology/picture.svg", {}),
        ):
            one, two = service.get(path, headers=headers), other.get(path, headers=headers)
            assert one.content == two.content
            assert one.headers["ETag"] == two.headers["ETag"]


@pytest.mark.parametrize("width", [360, 768, 1400])
@pytest.mark.parametrize("dark", [False, True])
def test_a_browser_shows_the_page_alone_and_whole(width: int, dark: bool, planted: Service, chromium: Browser) -> None:
    tab = chromium.page()
    tab.open(planted.url + "/ontology", width, dark=dark)
    assert tab.value("(i => i.complete && i.naturalWidth > 600)(document.querySelector('.picture img'))")
    assert tab.value("document.documentElement.scrollWidth <= innerWidth")
    assert tab.value("getComputedStyle(document.querySelector('.tree')).listStyleType") == "none"
    assert {httpx.URL(url).host for url in tab.requests} == {httpx.URL(planted.url).host}
    assert len(tab.requests) >= 4
    assert tab.complaints == []


def test_a_browser_goes_to_a_term_by_its_iri(service: Service, chromium: Browser) -> None:
    tab = chromium.page()
    tab.open(service.url + "/ontology#CollectiveActor", 1000)
    top = "document.getElementById('CollectiveActor').getBoundingClientRect().top"
    assert abs(tab.value(top)) < 60
    concept = "id/drones"
    tab.open(f"{service.url}/health/live", 1000)
    tab.open(f"{service.url}/ontology#{concept}", 1000)
    assert tab.value("document.querySelector(':target').closest('details').open")


def test_the_filter_leaves_the_terms_with_all_the_words_and_what_they_stand_under(
    service: Service, chromium: Browser
) -> None:
    tab = chromium.page()
    tab.open(service.url + "/ontology", 1000)
    tab.value(
        "const box = document.getElementById('term-filter'); box.value = 'Collective TRADE'; "
        "box.dispatchEvent(new Event('input'))"
    )
    left = tab.value("[...document.querySelectorAll('.tree li')].filter(t => t.checkVisibility()).map(t => t.id)")
    assert {"Actor", "Organisation", "CollectiveActor", "TradeAssociation"} <= {*left}
    assert "Municipality" not in left
    assert tab.complaints == []


def test_text_has_the_contrast_that_wcag_aa_asks_for(service: Service, chromium: Browser) -> None:
    tab = chromium.page()
    for dark in (False, True):
        tab.open(service.url + "/ontology#Actor", 1000, dark=dark)
        colours = (
            "['--text', '--soft', '--link', '--mark', '--ground', '--card'].map(n => s.getPropertyValue(n).trim())"
        )
        *inks, ground, card = tab.value(f"(s => {colours})(getComputedStyle(document.documentElement))")
        for ink in inks:
            for paper in (ground, card):
                assert contrast(ink, paper) >= 4.5, (dark, ink, paper)


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of WCAG 2.2, https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def luminance(colour: str) -> float:
    digits = colour.removeprefix("#")
    digits = "".join(digit * 2 for digit in digits) if len(digits) == 3 else digits
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
