"""The documentation of the ontology: expressions in words, entries, trees, mappings, the archive and the picture."""

from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import Graph, URIRef

from ontology.archive import pack, unpack
from ontology.axioms import Axioms
from ontology.diagram import diagram
from ontology.documentation import Documentation, document
from ontology.entries import Entry, Kind, anchor
from ontology.expressions import Expressions, Name, Text
from ontology.graphs import turtle
from ontology.iris import TERM, THING
from ontology.layout import Place, Size, lay_out
from ontology.modules import Module, parse_module, read_modules
from ontology.picture import draw
from ontology.trees import Branch, trees

PREFIXES = """
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX dg: <https://w3id.org/districtgraph/ontology#>
PREFIX dgi: <https://w3id.org/districtgraph/id/>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
"""
ACTORS = """
<https://w3id.org/districtgraph/ontology/actors> a owl:Ontology ; rdfs:label "actors"@en ;
    owl:versionIRI <https://w3id.org/districtgraph/ontology/actors/1> .
dg:Actor a owl:Class ; rdfs:label "actor"@en , "Akteur"@de , "actor"@es ; skos:altLabel "agent"@en ;
    skos:definition "Who acts."@en ; dcterms:source "a-paper, 2" ; skos:example "AIJU"@en ;
    owl:disjointWith dg:Technology .
dg:Firm a owl:Class ; rdfs:label "firm"@en ; rdfs:subClassOf dg:Actor ,
    [ a owl:Restriction ; owl:onProperty dg:hasRole ; owl:maxQualifiedCardinality 3 ; owl:onClass dg:Role ] .
dg:Person a owl:Class ; rdfs:label "person"@en ; rdfs:subClassOf dg:Actor .
[] a owl:AllDisjointClasses ; owl:members ( dg:Firm dg:Person dg:Role ) .
dg:Gatekeeper a owl:Class ; rdfs:label "gatekeeper (actor)"@en ; owl:equivalentClass [ a owl:Class ;
    owl:intersectionOf ( dg:Actor [ a owl:Restriction ; owl:onProperty dg:hasRole ; owl:hasValue dgi:gatekeeper ] ) ] .
dg:Company a owl:Class ; rdfs:label "company"@en ; owl:deprecated true ; dcterms:isReplacedBy dg:Firm ;
    skos:changeNote "Said the same as firm."@en .
"""
ROLES = """
<https://w3id.org/districtgraph/ontology/roles> a owl:Ontology ; rdfs:label "roles"@en .
skos:Concept a owl:Class ; rdfs:label "concept"@en .
dg:Role a owl:Class ; rdfs:label "role"@en ; rdfs:subClassOf skos:Concept .
dg:Technology a owl:Class ; rdfs:label "technology"@en .
dg:hasRole a owl:ObjectProperty ; rdfs:label "has role"@en ; rdfs:domain dg:Actor ; rdfs:range dg:Role ;
    owl:inverseOf dg:roleOf ; owl:propertyChainAxiom ( dg:holds [ owl:inverseOf dg:held ] ) .
dg:roleOf a owl:ObjectProperty , owl:AsymmetricProperty ; rdfs:label "role of"@en .
dg:holds a owl:ObjectProperty ; rdfs:label "holds"@en ; rdfs:range [ a owl:Class ; owl:unionOf ( dg:Role dg:Firm ) ] .
dg:held a owl:ObjectProperty ; rdfs:label "held"@en .
dg:uses a owl:ObjectProperty ; rdfs:label "uses"@en ; rdfs:domain dg:Firm ; rdfs:range dg:Technology .
dgi:roles a skos:ConceptScheme , owl:NamedIndividual ; skos:prefLabel "roles"@en .
dgi:broker a owl:NamedIndividual , dg:Role ; skos:prefLabel "broker"@en , "Makler"@de ; skos:inScheme dgi:roles .
dgi:gatekeeper a owl:NamedIndividual , dg:Role ; skos:prefLabel "gatekeeper"@en ; skos:inScheme dgi:roles ;
    skos:broader dgi:broker .
dgi:loner a dg:Role ; skos:prefLabel "loner"@en .
"""
ALIGNMENT = """
<https://w3id.org/districtgraph/ontology/alignments/foaf> a owl:Ontology .
dg:Actor owl:equivalentClass <http://xmlns.com/foaf/0.1/Agent> .
[] a owl:Axiom ; owl:annotatedSource dg:Actor ; owl:annotatedProperty owl:equivalentClass ;
    owl:annotatedTarget <http://xmlns.com/foaf/0.1/Agent> ; skos:note "Both act."@en .
dg:Firm rdfs:subClassOf dg:Actor .
dgi:broker skos:closeMatch <http://example.org/broker> .
"""


def module(name: str, content: str) -> Module:
    return parse_module(f"{TERM.rstrip('#')}/{name}", f"ontology/{name}.ttl", (PREFIXES + content).encode())


@pytest.fixture(scope="module")
def documentation() -> Documentation:
    return document([module("actors", ACTORS), module("roles", ROLES)], [module("alignments/foaf", ALIGNMENT)])


def rows(documentation: Documentation, iri: str) -> dict[str, list[str]]:
    axioms = Axioms(documentation.graph, documentation.label)
    entry: Entry = documentation.entries[iri]
    return {row.name: [axioms.label_of(phrase) for phrase in row.values] for row in entry.rows}


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("dg:A", "A"),
        ("[ owl:intersectionOf ( dg:A dg:B ) ]", "A and B"),
        ("[ owl:unionOf ( dg:A [ owl:intersectionOf ( dg:B dg:C ) ] ) ]", "A or (B and C)"),
        ("[ owl:complementOf [ owl:unionOf ( dg:A dg:B ) ] ]", "not (A or B)"),
        ("[ owl:oneOf ( dgi:a dgi:b ) ]", "{a, b}"),
        ("[ owl:onProperty dg:p ; owl:someValuesFrom dg:A ]", "p some A"),
        ("[ owl:onProperty dg:p ; owl:allValuesFrom [ owl:complementOf dg:A ] ]", "p only (not A)"),
        ("[ owl:onProperty [ owl:inverseOf dg:p ] ; owl:someValuesFrom dg:A ]", "(inverse p) some A"),
        ("[ owl:onProperty dg:p ; owl:hasValue true ]", "p value true"),
        ("[ owl:onProperty dg:p ; owl:hasSelf true ]", "p Self"),
        ("[ owl:onProperty dg:p ; owl:cardinality 1 ]", "p exactly 1"),
        ("[ owl:onProperty dg:p ; owl:minQualifiedCardinality 2 ; owl:onClass dg:A ]", "p min 2 A"),
        ("[ owl:onProperty dg:p ; owl:maxQualifiedCardinality 0 ; owl:onDataRange xsd:string ]", "p max 0 string"),
        (
            "[ owl:onDatatype xsd:integer ; owl:withRestrictions ( [ xsd:minInclusive 1 ] [ xsd:maxExclusive 13 ] ) ]",
            "integer[< 13, >= 1]",
        ),
        ("[ owl:onProperty dg:p ; owl:someValuesFrom [ owl:onProperty dg:q ; owl:hasSelf true ] ]", "p some (q Self)"),
        ("[ owl:unionOf () ]", "[unionOf nil]"),
        ("[ rdfs:label 'nothing' ]", "[label nothing]"),
    ],
)
def test_an_expression_is_put_into_words(written: str, read: str) -> None:
    graph = Graph()
    graph.parse(data=f"{PREFIXES} dg:X owl:equivalentClass {written} .", format="turtle")
    (node,) = graph.objects(URIRef(TERM + "X"))
    axioms = Axioms(graph, lambda iri: iri.replace("#", "/").rpartition("/")[2])
    assert axioms.label_of(Expressions(graph).phrase(node)) == read


def test_an_expression_without_an_end_has_words_too() -> None:
    graph = Graph()
    graph.parse(data=f"{PREFIXES} dg:X owl:equivalentClass _:a . _:a owl:complementOf _:a .", format="turtle")
    graph.parse(
        data=f"{PREFIXES} dg:p owl:propertyChainAxiom _:l . _:l rdf:first dg:q ; rdf:rest _:l .", format="turtle"
    )
    (node,) = graph.objects(URIRef(TERM + "X"))
    assert Expressions(graph).phrase(node) == ("not ", "…")
    (head,) = graph.objects(URIRef(TERM + "p"))
    assert Expressions(graph).sequence(head, " then ")


def test_every_expression_of_the_ontology_is_read() -> None:
    documented = document(list(read_modules()), [])
    shown = [row for entry in documented.entries.values() for row in entry.rows]
    assert sum(len(row.values) for row in shown) > 500
    assert [row for row in shown if any("[" in phrase or "…" in phrase for phrase in row.values)] == []


def test_a_class_has_its_names_meaning_and_place(documentation: Documentation) -> None:
    actor = documentation.entries[TERM + "Actor"]
    assert (actor.label, actor.labels) == (Text("actor", "en"), (Text("Akteur", "de"), Text("actor", "es")))
    assert (actor.alternatives, actor.definitions) == ((Text("agent", "en"),), (Text("Who acts.", "en"),))
    assert actor.sources == ((Text("a-paper, 2"),),)
    assert actor.modules == (f"{TERM.rstrip('#')}/actors",)
    assert rows(documentation, TERM + "Actor") == {
        "Subclasses": ["firm", "person"],
        "Disjoint with": ["technology"],
        "Domain of": ["has role"],
        "Example": ["AIJU"],
        "Used in": ["gatekeeper (actor)"],
    }
    assert rows(documentation, TERM + "Firm") == {
        "Superclasses": ["actor"],
        "Restrictions": ["has role max 3 role"],
        "Disjoint with": ["person", "role"],
        "Domain of": ["uses"],
        "Range of": ["holds"],
    }
    assert rows(documentation, TERM + "Technology")["Disjoint with"] == ["actor"]


def test_a_defined_class_and_a_chain_are_words_with_links(documentation: Documentation) -> None:
    (row,) = documentation.entries[TERM + "Gatekeeper"].rows
    assert row.name == "Equivalent to"
    assert row.values == (
        (
            *(Name(TERM + "Actor"), " and ", "(", Name(TERM + "hasRole"), " value "),
            *(Name(THING + "gatekeeper"), ")"),
        ),
    )
    has_role = rows(documentation, TERM + "hasRole")
    assert has_role["Follows from"] == ["holds then (inverse held)"]
    assert has_role["Inverse"] == ["role of"]
    assert rows(documentation, TERM + "roleOf")["Inverse"] == ["has role"]
    assert rows(documentation, TERM + "roleOf")["Characteristics"] == ["asymmetric"]
    assert rows(documentation, TERM + "holds")["Range"] == ["firm or role"]


def test_a_deprecated_term_names_what_replaces_it(documentation: Documentation) -> None:
    company = documentation.entries[TERM + "Company"]
    assert company.is_deprecated
    assert company.replacements == (TERM + "Firm",)
    assert rows(documentation, TERM + "Company") == {"Change note": ["Said the same as firm."]}
    assert not documentation.entries[TERM + "Firm"].is_deprecated


def test_mappings_come_with_their_justification(documentation: Documentation) -> None:
    (mapping,) = documentation.entries[TERM + "Actor"].mappings
    assert mapping.relation.endswith("#equivalentClass")
    assert (mapping.object, mapping.justification) == ("http://xmlns.com/foaf/0.1/Agent", "Both act.")
    (close,) = documentation.entries[THING + "broker"].mappings
    assert (close.relation.rpartition("#")[2], close.justification) == ("closeMatch", "")
    assert documentation.entries[TERM + "Firm"].mappings == ()


def test_concepts_stand_in_trees_and_those_without_a_scheme_under_their_class(documentation: Documentation) -> None:
    scheme, without = documentation.schemes
    assert (scheme.iri, scheme.size) == (THING + "roles", 2)
    assert scheme.branches == (Branch(THING + "broker", True, (Branch(THING + "gatekeeper", True, ()),)),)
    assert (without.iri, without.entry, [branch.iri for branch in without.branches]) == (
        TERM + "Role",
        None,
        [THING + "loner"],
    )


def test_a_concept_of_two_schemes_is_described_in_the_first() -> None:
    second = """dgi:second a skos:ConceptScheme ; skos:prefLabel "second roles"@en .
        dgi:gatekeeper skos:inScheme dgi:second ."""
    first, other, _ = document([module("roles", ROLES + second)], []).schemes
    assert first.branches[0].below == (Branch(THING + "gatekeeper", True, ()),)
    assert (other.iri, other.branches) == (THING + "second", (Branch(THING + "gatekeeper", False, ()),))


def test_a_defined_class_stands_under_the_class_that_it_narrows(documentation: Documentation) -> None:
    (actor,) = [branch for branch in documentation.trees[Kind.CLASS] if branch.iri == TERM + "Actor"]
    assert [branch.iri for branch in actor.below] == [TERM + "Firm", TERM + "Gatekeeper", TERM + "Person"]


def test_anchors_of_terms_things_and_foreign_terms_never_meet() -> None:
    iris = (TERM + "about", THING + "about", "http://www.w3.org/2004/02/skos/core#about")
    assert [anchor(iri) for iri in iris] == ["about", "id/about", "skos:about"]


def everything_in(branches: tuple[Branch, ...]) -> list[str]:
    return [iri for branch in branches for iri in (branch.iri, *everything_in(branch.below))]


@given(st.dictionaries(st.sampled_from("abcdefgh"), st.lists(st.sampled_from("abcdefgh"), max_size=3)))
def test_a_tree_has_everything_once_in_full_whatever_stands_above_what(above: dict[str, list[str]]) -> None:
    def firsts(branches: tuple[Branch, ...]) -> list[str]:
        return [iri for b in branches for iri in ([b.iri] if b.is_first else []) + firsts(b.below)]

    grown = trees("abcdefgh", above, str)
    assert sorted(firsts(grown)) == list("abcdefgh")
    for parent in (b for b in grown if b.below):
        assert all(parent.iri in above[child.iri] for child in parent.below)


def test_the_archive_reads_as_the_folder_and_packs_to_equal_bytes(tmp_path: Path) -> None:
    (tmp_path / "catalog-v001.xml").write_text(
        '<catalog xmlns="urn:oasis:names:tc:entity:xmlns:xml:catalog">'
        f'<uri name="{TERM.rstrip("#")}/actors" uri="actors.ttl"/></catalog>'
    )
    (tmp_path / "actors.ttl").write_text(PREFIXES + ACTORS)
    (tmp_path / "alignments").mkdir()
    (tmp_path / "alignments/catalog-v001.xml").write_text(
        '<catalog xmlns="urn:oasis:names:tc:entity:xmlns:xml:catalog">'
        f'<uri name="{TERM.rstrip("#")}/alignments/foaf" uri="foaf.ttl"/></catalog>'
    )
    (tmp_path / "alignments/foaf.ttl").write_text(PREFIXES + ALIGNMENT)
    packed = pack(tmp_path)
    assert pack(tmp_path) == packed == pack(unpack(packed))
    (read,) = read_modules(unpack(packed))
    assert (read.name, read.content.decode()) == ("ontology/actors.ttl", PREFIXES + ACTORS)
    assert (unpack(packed) / "alignments/foaf.ttl").read_text() == PREFIXES + ALIGNMENT


def test_turtle_is_the_same_whatever_blank_nodes_were_called() -> None:
    once, again = (turtle(module("actors", ACTORS).triples) for _ in range(2))
    assert once == again
    reread = ox.parse(once, format=ox.RdfFormat.TURTLE)
    assert len(set(reread)) == len(module("actors", ACTORS).triples)


def test_the_picture_joins_main_classes_by_their_properties(documentation: Documentation) -> None:
    drawn = diagram(documentation)
    assert {box.label for box in drawn.boxes} == {"actor", "role", "technology"}
    assert sorted(drawn.sentences()) == ["actor: has role → role", "actor: uses → technology"]
    (actor,) = [box for box in drawn.boxes if box.label == "actor"]
    assert [kind.term.label for kind in actor.kinds] == ["firm", "person"]
    (follows,) = [p for arrow in drawn.arrows for p in arrow.properties if p.label == "has role"]
    assert follows.follows


def test_the_picture_of_the_ontology_is_svg_with_links_to_the_terms() -> None:
    documented = document(list(read_modules()), [])
    picture = draw(diagram(documented), "../ontology")
    svg = ElementTree.fromstring(picture)
    links = {link.get("href", "") for link in svg.iter("{http://www.w3.org/2000/svg}a")}
    anchors = {"../ontology#" + anchor(iri) for iri in documented.entries}
    assert {"../ontology#Actor", "../ontology#CollectiveActor", "../ontology#Technology", "../ontology#broker"} <= links
    assert links <= anchors
    assert len(list(svg.iter("{http://www.w3.org/2000/svg}rect"))) >= 10
    assert draw(diagram(documented), "../ontology") == picture


BOXES = st.lists(st.tuples(st.floats(50, 200), st.floats(20, 120)), min_size=1, max_size=8)


@settings(max_examples=40, deadline=None)
@given(BOXES, st.data())
@pytest.mark.slow
def test_nothing_in_a_layout_overlaps(sizes: list[tuple[float, float]], data: st.DataObject) -> None:
    boxes = {f"box {number}": Size(*size) for number, size in enumerate(sizes)}
    pairs = [pair for pair in combinations(boxes, 2) if data.draw(st.booleans())]
    edges = [(source, target, Size(60, 34)) for source, target in pairs]
    layout = lay_out(boxes, edges)
    places = [*layout.boxes.values(), *layout.labels]
    assert len(places) == len(boxes) + len(edges)
    for one, other in combinations(places, 2):
        assert apart(one, other)
    for place in places:
        assert 0 <= place.x <= place.right <= layout.size.width + 1e-6
        assert -1e-6 <= place.y <= place.y + place.size.height <= layout.size.height + 1e-6
    for (source, target, _), route in zip(edges, layout.routes, strict=True):
        assert (route[0], route[-1]) == (layout.boxes[source], layout.boxes[target])


def apart(one: Place, other: Place) -> bool:
    beside = one.right <= other.x or other.right <= one.x
    above = one.y + one.size.height <= other.y + 1e-6 or other.y + other.size.height <= one.y + 1e-6
    return beside or above


def test_kinds_are_told_apart(documentation: Documentation) -> None:
    assert [entry.label.value for entry in documentation.of_kind(Kind.OBJECT_PROPERTY)] == [
        *("has role", "held", "holds", "role of", "uses"),
    ]
    assert [entry.iri for entry in documentation.of_kind(Kind.CLASS, is_ours=False)] == [
        "http://www.w3.org/2004/02/skos/core#Concept"
    ]
