"""What stands together on the page of a thing is what the ontology says, of terms that are added too."""

import shutil
from pathlib import Path

import pytest
from conftest import PROJECT

from ontology.groups import OTHERS, Groups
from ontology.vocabulary import Kind, Vocabulary, load_vocabulary

ADDED = """
dg:rents rdf:type owl:ObjectProperty ;
    rdfs:domain dg:Firm ; rdfs:range dg:Municipality ; rdfs:label "rents in"@en .
dg:lends rdf:type owl:ObjectProperty ; dg:groupedAs "Money"@en ;
    rdfs:domain dg:Firm ; rdfs:range dg:Firm ; rdfs:label "lends to"@en .
"""


def grouped(vocabulary: Vocabulary, name: str, type_: str = "Actor", *, is_inverse: bool = False) -> str:
    types = [vocabulary.class_named(type_).iri]
    return Groups(vocabulary).of(vocabulary.property_named(name), types, is_inverse=is_inverse).name


def test_a_property_is_in_the_group_of_what_it_leads_to() -> None:
    vocabulary = load_vocabulary()
    assert grouped(vocabulary, "activeIn") == "Places"
    assert grouped(vocabulary, "activeIn", "Cluster", is_inverse=True) == "Actors"
    assert grouped(vocabulary, "brokers") == "Technologies and topics"
    assert grouped(vocabulary, "website") == "Details"
    assert grouped(vocabulary, "about", "Cluster", is_inverse=True) == "What is said"


@pytest.mark.parametrize(("type_", "group"), [("Actor", "Actors"), ("Policy", "Policies, projects and events")])
def test_where_several_kinds_may_stand_what_is_like_the_thing_counts(type_: str, group: str) -> None:
    assert grouped(load_vocabulary(), "partOf", type_, is_inverse=True) == group


def test_groups_have_their_order_and_hardly_anything_is_in_none() -> None:
    vocabulary = load_vocabulary()
    groups = Groups(vocabulary)
    properties = [one for one in vocabulary.properties.values() if one.kind is Kind.OBJECT and one.range]
    found = [groups.of(one, ()) for one in properties]
    assert OTHERS not in found
    names = [group.name for group in sorted({*found})]
    assert names.index("Places") < names.index("Actors") < names.index("Situations") < names.index("Networks")


def test_a_property_that_is_added_falls_into_a_group(tmp_path: Path) -> None:
    shutil.copytree(PROJECT / "ontology", tmp_path, dirs_exist_ok=True)
    with (tmp_path / "relations.ttl").open("a") as file:
        file.write(ADDED)
    vocabulary = load_vocabulary(tmp_path)
    assert grouped(vocabulary, "rents", "Firm") == "Places"
    assert grouped(vocabulary, "lends", "Firm") == "Money"
