"""What differs between two ontologies: what they state, however it is written, and nothing else."""

import random
from itertools import combinations

import owlrl
import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rdflib.namespace import OWL, RDF, RDFS

from ontology.difference import Change, TermDifference, difference
from ontology.modules import module_triples
from ontology.stated_axioms import StatedAxioms, read_axioms

pytestmark = pytest.mark.slow

HEAD = """
@prefix : <https://w3id.org/districtgraph/ontology#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> . @prefix dcterms: <http://purl.org/dc/terms/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
NS = "https://w3id.org/districtgraph/ontology#"
CLASSES = [rdflib.URIRef(NS + name) for name in "ABCDE"]
PROPERTIES = [rdflib.URIRef(NS + name) for name in "pqr"]


def axioms(turtle: str) -> StatedAxioms:
    return read_axioms(quad.triple for quad in ox.parse((HEAD + turtle).encode(), format=ox.RdfFormat.TURTLE))


def stated(turtle: str) -> set[str]:
    """Return what is stated of :X in `turtle`, and what is stated of nothing."""
    found = axioms(turtle)
    term = found.terms.get(NS + "X")
    return {str(statement) for statement in (term.statements if term else ())} | found.unnamed


@pytest.mark.parametrize(
    ("turtle", "words"),
    [
        (":X rdfs:subClassOf [ owl:unionOf ( :B :A :B ) ]", "superclass dg:A or dg:B"),
        (
            ":X owl:equivalentClass [ owl:intersectionOf ( :B [ owl:onProperty :p ; owl:someValuesFrom :A ] ) ]",
            "equivalent to dg:B and (dg:p some dg:A)",
        ),
        (":X owl:intersectionOf ( :B [ owl:complementOf :A ] )", "equivalent to dg:B and (not dg:A)"),
        (":X owl:equivalentClass [ owl:oneOf ( :b :a ) ]", "equivalent to {dg:a, dg:b}"),
        (":X rdfs:subClassOf [ owl:onProperty :p ; owl:minCardinality 2 ]", "superclass dg:p min 2"),
        (
            ":X rdfs:subClassOf [ owl:onProperty :p ; owl:qualifiedCardinality 1 ; owl:onClass :A ]",
            "superclass dg:p exactly 1 dg:A",
        ),
        (
            ":X rdfs:subClassOf [ owl:onProperty [ owl:inverseOf :p ] ; owl:allValuesFrom :A ]",
            "superclass (inverse dg:p) only dg:A",
        ),
        (":X rdfs:subClassOf [ owl:onProperty :p ; owl:hasValue 'a'@en ]", 'superclass dg:p value "a"@en'),
        (":X rdfs:subClassOf [ owl:onProperty :p ; owl:hasSelf true ]", "superclass dg:p Self"),
        (
            ":X rdfs:range [ owl:onDatatype xsd:integer ; owl:withRestrictions "
            "( [ xsd:maxInclusive 12 ] [ xsd:minInclusive 1 ] ) ]",
            "range xsd:integer[<= 12, >= 1]",
        ),
        (":X owl:propertyChainAxiom ( :q [ owl:inverseOf :p ] )", "chain dg:q o (inverse dg:p)"),
        (":X owl:hasKey ( :q :p )", "key dg:p, dg:q"),
        (":X owl:disjointUnionOf ( :B :A )", "disjoint union dg:A, dg:B"),
        (":X a owl:TransitiveProperty", "characteristic transitive"),
        (":X a :A", "type dg:A"),
        (":X skos:definition 'a \"b\"'@en", 'definition (en) "a \\"b\\""'),
        (":X dcterms:source <http://example.org/a>", "source <http://example.org/a>"),
        (":X rdfs:seeAlso '2021'^^xsd:gYear", 'rdfs:seeAlso "2021"^^xsd:gYear'),
        (
            "[] a owl:Axiom ; owl:annotatedSource :X ; owl:annotatedProperty rdfs:subClassOf ; "
            "owl:annotatedTarget :A ; rdfs:comment 'why'@en",
            'on superclass dg:A: comment (en) "why"',
        ),
        (
            "[] a owl:NegativePropertyAssertion ; owl:sourceIndividual :X ; owl:assertionProperty :p ; "
            "owl:targetIndividual :a",
            "not dg:p dg:a",
        ),
        ("[ owl:unionOf ( :A :B ) ] owl:disjointWith :X", "disjoint with dg:A or dg:B"),
        ("[ owl:unionOf ( :B :A ) ] rdfs:subClassOf :C", "dg:A or dg:B: superclass dg:C"),
        ("[] :p :a ; :q ( 1 2 )", "[dg:p dg:a; dg:q (1 2)]"),
        (":X :p _:x . _:x :p _:x", "dg:p [dg:p …]"),
        (":X owl:propertyChainAxiom _:x . _:x rdf:first :p ; rdf:rest _:x", "chain [rdf:first dg:p; rdf:rest …]"),
    ],
)
def test_what_is_stated_has_words(turtle: str, words: str) -> None:
    assert stated(turtle + " .") == {words}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            ":A owl:disjointWith :B , :C . :B owl:disjointWith :C .",
            "[] a owl:AllDisjointClasses ; owl:members (:C :A :B) .",
        ),
        (":p owl:inverseOf :q .", ":q owl:inverseOf :p ."),
        (":A owl:equivalentClass [ owl:unionOf (:B :C) ] .", "[ owl:unionOf (:C :B) ] owl:equivalentClass :A ."),
        (":a owl:differentFrom :b .", "[] a owl:AllDifferent ; owl:distinctMembers (:b :a) ."),
    ],
)
def test_one_axiom_has_several_forms(one: str, other: str) -> None:
    declared = ":A a owl:Class . :B a owl:Class . :C a owl:Class . :p a owl:ObjectProperty . :q a owl:ObjectProperty ."
    assert not difference(axioms(declared + one), axioms(declared + other))
    assert difference(axioms(declared), axioms(declared + one))


def test_the_order_of_a_chain_counts() -> None:
    (term,) = difference(
        axioms(":p owl:propertyChainAxiom ( :q :r ) ."), axioms(":p owl:propertyChainAxiom ( :r :q ) .")
    ).changed
    assert term.changes == (Change("chain", ("dg:q o dg:r",), ("dg:r o dg:q",)),)


def test_a_class_that_becomes_disjoint_with_many_is_told_of_once() -> None:
    declared = "".join(f":{name} a owl:Class . " for name in "ABCD")
    before = axioms(declared + "[] a owl:AllDisjointClasses ; owl:members ( :A :B :C ) .")
    found = difference(before, axioms(declared + "[] a owl:AllDisjointClasses ; owl:members ( :A :B :C :D ) ."))
    assert [(term.name, term.changes) for term in found.changed] == [
        ("dg:D", (Change("disjoint with", (), ("dg:A", "dg:B", "dg:C")),))
    ]


def test_an_added_class_brings_its_own_axioms_and_changes_no_other() -> None:
    before = axioms(":A a owl:Class .")
    found = difference(before, axioms(":A a owl:Class ; owl:disjointWith :B . :B a owl:Class ; rdfs:label 'b'@en ."))
    assert (found.changed, found.removed) == ((), ())
    assert [(t.kind, t.name, t.label) for t in found.added] == [("class", "dg:B", "b")]
    assert found.added[0].changes == (Change("label (en)", (), ('"b"',)), Change("disjoint with", (), ("dg:A",)))


def test_what_is_renamed_is_recognised() -> None:
    found = difference(axioms(":A a owl:Class ; rdfs:label 'a'@en ."), axioms(":B a owl:Class ; rdfs:label 'a'@en ."))
    assert (found.removed[0].namesake, found.added[0].namesake) == ("dg:B", "dg:A")


def test_another_kind_and_deprecation_are_told() -> None:
    found = difference(
        axioms(":p a owl:ObjectProperty . :A a owl:Class ."),
        axioms(":p a owl:DatatypeProperty . :A a owl:Class ; owl:deprecated true ; dcterms:isReplacedBy :B ."),
    )
    assert [t.changes for t in found.changed] == [(Change("kind", ("object property",), ("data property",)),)]
    (deprecated,) = found.deprecated
    assert Change("replaced by", (), ("dg:B",)) in deprecated.changes


def test_what_comes_to_lie_below_is_told_where_it_is_not_stated() -> None:
    declared = ":A a owl:Class . :B a owl:Class ; rdfs:subClassOf :A . :C a owl:Class ."
    found = difference(axioms(declared), axioms(declared + ":A rdfs:subClassOf [ owl:intersectionOf ( :C :D ) ] ."))
    assert found.now_below == {"dg:C": ("dg:A", "dg:B"), "dg:D": ("dg:A", "dg:B")}
    assert found.no_longer_below == {}


# An expression is a name, or a tuple of a word and its parts; those of `and` and `or` are a set.
NAMED = st.sampled_from(CLASSES)
EXPRESSIONS = st.recursive(
    NAMED,
    lambda part: st.one_of(
        st.tuples(st.sampled_from(["and", "or"]), st.frozensets(part, min_size=2, max_size=3)),
        st.tuples(st.just("not"), part),
        st.tuples(st.sampled_from(["some", "only"]), st.sampled_from(PROPERTIES), part),
    ),
    max_leaves=5,
)
AXIOMS = st.frozensets(
    st.one_of(
        st.tuples(st.just("sub"), EXPRESSIONS, EXPRESSIONS),
        st.tuples(st.just("same"), NAMED, EXPRESSIONS),
        st.tuples(st.just("disjoint"), st.frozensets(NAMED, min_size=2)),
        st.tuples(st.just("chain"), st.sampled_from(PROPERTIES), st.tuples(*[st.sampled_from(PROPERTIES)] * 2)),
        st.tuples(st.just("domain"), st.sampled_from(PROPERTIES), EXPRESSIONS),
        st.tuples(st.just("label"), NAMED, st.sampled_from(["a", 'a"@en', "b"]), st.sampled_from(["en", "de"])),
        st.tuples(st.just("class"), NAMED),
    ),
    max_size=8,
)
WORDS = {"and": OWL.intersectionOf, "or": OWL.unionOf, "some": OWL.someValuesFrom, "only": OWL.allValuesFrom}


class Written:
    """A set of axioms as triples, in an order and with blank nodes that `chance` decides on."""

    def __init__(self, axioms: frozenset, chance: random.Random) -> None:
        self.graph = rdflib.Graph()
        self.chance = chance
        for axiom in self.shuffled(axioms):
            self.add(*axiom)

    def shuffled(self, items) -> list:
        return self.chance.sample(sorted(items, key=str), len(items))

    def list(self, items) -> rdflib.term.Node:
        head = rdflib.BNode()
        rdflib.collection.Collection(self.graph, head, items)
        return head

    def node(self, expression) -> rdflib.term.Node:
        if isinstance(expression, rdflib.URIRef):
            return expression
        node = rdflib.BNode()
        word, *parts = expression
        if word in ("and", "or"):
            self.graph.add((node, WORDS[word], self.list([self.node(part) for part in self.shuffled(parts[0])])))
        elif word == "not":
            self.graph.add((node, OWL.complementOf, self.node(parts[0])))
        else:
            self.graph.add((node, OWL.onProperty, parts[0]))
            self.graph.add((node, WORDS[word], self.node(parts[1])))
        return node

    def add(self, kind: str, *parts) -> None:
        if kind == "sub":
            self.graph.add((self.node(parts[0]), RDFS.subClassOf, self.node(parts[1])))
        elif kind == "same":
            both = [parts[0], self.node(parts[1])]
            self.graph.add((both.pop(self.chance.randrange(2)), OWL.equivalentClass, both.pop()))
        elif kind == "disjoint":
            node = rdflib.BNode()
            self.graph.add((node, RDF.type, OWL.AllDisjointClasses))
            self.graph.add((node, OWL.members, self.list(self.shuffled(parts[0]))))
        elif kind == "chain":
            self.graph.add((parts[0], OWL.propertyChainAxiom, self.list(parts[1])))
        elif kind == "domain":
            self.graph.add((parts[0], RDFS.domain, self.node(parts[1])))
        elif kind == "label":
            self.graph.add((parts[0], RDFS.label, rdflib.Literal(parts[1], lang=parts[2])))
        else:
            self.graph.add((parts[0], RDF.type, OWL.Class))

    def axioms(self) -> StatedAxioms:
        lines = self.graph.serialize(format="nt").splitlines()
        content = "\n".join(self.shuffled(lines)).encode()
        return read_axioms(quad.triple for quad in ox.parse(content, format=ox.RdfFormat.N_TRIPLES))


def meaning(axioms: frozenset) -> set:
    """Return the axioms in one form: disjointness by pairs, equivalence both ways."""
    found = set()
    for axiom in axioms:
        if axiom[0] == "disjoint":
            found |= {("disjoint", frozenset(pair)) for pair in combinations(axiom[1], 2)}
        elif axiom[0] == "same":
            found.add(("same", frozenset(axiom[1:])))
        else:
            found.add(axiom)
    return found


@settings(max_examples=100, deadline=None)
@given(AXIOMS, AXIOMS, st.randoms(use_true_random=False))
def test_ontologies_differ_if_and_only_if_their_axioms_do(
    one: frozenset, other: frozenset, chance: random.Random
) -> None:
    """Blank nodes, the order of triples and that of sets are nothing; anything else is a difference."""
    assert not difference(Written(one, chance).axioms(), Written(one, chance).axioms())
    differ = difference(Written(one, chance).axioms(), Written(other, chance).axioms())
    assert bool(differ) == (meaning(one) != meaning(other))


@settings(max_examples=60, deadline=None)
@given(AXIOMS, AXIOMS, st.randoms(use_true_random=False))
def test_the_difference_the_other_way_is_its_mirror_image(
    one: frozenset, other: frozenset, chance: random.Random
) -> None:
    before, after = Written(one, chance).axioms(), Written(other, chance).axioms()
    there, back = difference(before, after), difference(after, before)
    assert (changes(there.added), changes(there.removed)) == (
        changes(back.removed, turn=True),
        changes(back.added, turn=True),
    )
    assert changes(there.changed) == changes(back.changed, turn=True)
    assert (there.axioms_added, there.axioms_removed) == (back.axioms_removed, back.axioms_added)
    assert (there.now_below, there.no_longer_below) == (back.no_longer_below, back.now_below)


def changes(terms: tuple[TermDifference, ...], turn: bool = False) -> list:
    return [(t.iri, [Change(c.aspect, c.after, c.before) if turn else c for c in t.changes], t.namesake) for t in terms]


def test_the_ontology_is_as_it_was_after_shuffling_and_renaming() -> None:
    lines = ox.serialize(module_triples(), format=ox.RdfFormat.N_TRIPLES).splitlines()
    random.Random(7).shuffle(lines)
    again = ox.parse(b"\n".join(lines), format=ox.RdfFormat.N_TRIPLES, rename_blank_nodes=True)
    found = read_axioms(module_triples())
    assert len(found.terms) > 300
    assert not difference(found, read_axioms(quad.triple for quad in again))


SOME = ("some", PROPERTIES[0], CLASSES[0])


@settings(max_examples=40, deadline=None)
@given(AXIOMS)
@example(frozenset({("sub", CLASSES[1], SOME), ("sub", SOME, CLASSES[0]), ("sub", CLASSES[0], CLASSES[0])}))
def test_what_lies_below_is_what_owlrl_finds_without_restrictions(axioms: frozenset) -> None:
    written = Written(axioms, random.Random(1))
    ours = written.axioms().below
    for restriction in (OWL.someValuesFrom, OWL.allValuesFrom):
        written.graph.remove((None, restriction, None))
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(written.graph)
    theirs = {
        (str(narrow), str(wide))
        for narrow, wide in written.graph.subject_objects(RDFS.subClassOf)
        if narrow in CLASSES and wide in CLASSES and narrow != wide
    }
    assert ours == theirs
