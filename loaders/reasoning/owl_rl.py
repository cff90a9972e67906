"""The rules of OWL 2 RL that a few triple patterns tell, as the W3C's tables 4 to 9 do.

https://www.w3.org/TR/owl2-profiles/#Reasoning_in_OWL_2_RL_and_RDF_Graphs_using_Rules; those about lists and class
expressions are in list_axioms.py and class_expressions.py. Left out is what holds of everything, such as that each
thing is the same as itself and a member of owl:Thing (eq-ref, cls-thing, cls-nothing1, cax of owl:Thing, scm-cls,
scm-op, scm-dp, prp-ap), and the types of literals (dt-type1, dt-type2).
"""

from dataclasses import dataclass

from ontology.iris import OWL

_IS_NO_TEXT = "FILTER(!isLiteral(?y))"
_ARE_TWO_THINGS = "FILTER(!sameTerm(?y, ?z) && !isLiteral(?y) && !isLiteral(?z))"
# Two literals differ if their values do (dt-diff); of those whose values SPARQL cannot compare nothing is said.
_ARE_TWO_VALUES = "FILTER(isLiteral(?y) && isLiteral(?z) && ?y != ?z)"
# Of what is the same as what, eq-sym and eq-trans say all.
_IS_NOT_SAMENESS = f"FILTER(?p != <{OWL}sameAs>)"
_IS_ANOTHER = "FILTER(!sameTerm(?c, ?e))"


@dataclass(frozen=True)
class Template:
    """A rule for all terms for which the ontology has `axioms`; without a conclusion it is a contradiction."""

    axioms: str
    premises: str
    conclusion: str | None
    condition: str = ""


# A rule of several templates has them under its name and a number; under two names is a rule that joins two.
# About things: https://www.w3.org/TR/owl2-profiles/#tab-equality and the tables behind it.
FACTS = {
    "eq-sym": Template("", "?x owl:sameAs ?y", "?y owl:sameAs ?x", _IS_NO_TEXT),
    "eq-trans": Template("", "?x owl:sameAs ?y . ?y owl:sameAs ?z", "?x owl:sameAs ?z", "FILTER(!sameTerm(?x, ?z))"),
    "eq-rep-s": Template("", "?x owl:sameAs ?z . ?x ?p ?y", "?z ?p ?y", f"FILTER(!isLiteral(?z)) {_IS_NOT_SAMENESS}"),
    "eq-rep-p": Template("", "?p owl:sameAs ?q . ?x ?p ?y", "?x ?q ?y", "FILTER(isIRI(?q))"),
    "eq-rep-o": Template("", "?y owl:sameAs ?z . ?x ?p ?y", "?x ?p ?z", _IS_NOT_SAMENESS),
    "eq-diff1": Template("", "?x owl:sameAs ?y . ?x owl:differentFrom ?y", None),
    "eq-diff1/2": Template("", "?x owl:differentFrom ?x", None),
    "prp-dom": Template("?p rdfs:domain ?c", "?x ?p ?y", "?x a ?c"),
    "prp-rng": Template("?p rdfs:range ?c", "?x ?p ?y", "?y a ?c", _IS_NO_TEXT),
    "prp-fp": Template("?p a owl:FunctionalProperty", "?x ?p ?y . ?x ?p ?z", "?y owl:sameAs ?z", _ARE_TWO_THINGS),
    "prp-fp dt-diff": Template("?p a owl:FunctionalProperty", "?x ?p ?y . ?x ?p ?z", None, _ARE_TWO_VALUES),
    "prp-ifp": Template(
        "?p a owl:InverseFunctionalProperty",
        "?y ?p ?x . ?z ?p ?x",
        "?y owl:sameAs ?z",
        "FILTER(!sameTerm(?y, ?z))",
    ),
    "prp-irp": Template("?p a owl:IrreflexiveProperty", "?x ?p ?x", None),
    "prp-symp": Template("?p a owl:SymmetricProperty", "?x ?p ?y", "?y ?p ?x", _IS_NO_TEXT),
    "prp-asyp": Template("?p a owl:AsymmetricProperty", "?x ?p ?y . ?y ?p ?x", None),
    "prp-trp": Template("?p a owl:TransitiveProperty", "?x ?p ?y . ?y ?p ?z", "?x ?p ?z"),
    "prp-spo1": Template("?p rdfs:subPropertyOf ?q", "?x ?p ?y", "?x ?q ?y"),
    "prp-eqp1": Template("?p owl:equivalentProperty ?q", "?x ?p ?y", "?x ?q ?y"),
    "prp-eqp2": Template("?q owl:equivalentProperty ?p", "?x ?p ?y", "?x ?q ?y"),
    "prp-pdw": Template("?p owl:propertyDisjointWith ?q", "?x ?p ?y . ?x ?q ?y", None),
    "prp-inv1": Template("?p owl:inverseOf ?q", "?x ?p ?y", "?y ?q ?x", _IS_NO_TEXT),
    "prp-inv2": Template("?q owl:inverseOf ?p", "?x ?p ?y", "?y ?q ?x", _IS_NO_TEXT),
    "cls-nothing2": Template("", "?x a owl:Nothing", None),
    "cax-sco": Template("?c rdfs:subClassOf ?d", "?x a ?c", "?x a ?d"),
    "cax-eqc1": Template("?c owl:equivalentClass ?d", "?x a ?c", "?x a ?d"),
    "cax-eqc2": Template("?d owl:equivalentClass ?c", "?x a ?c", "?x a ?d"),
    "cax-dw": Template("?c owl:disjointWith ?d", "?x a ?c . ?x a ?d", None),
}

# About classes and properties, those without a name included (table 9).
SCHEMA = {
    "scm-sco": Template("", "?c rdfs:subClassOf ?d . ?d rdfs:subClassOf ?e", "?c rdfs:subClassOf ?e", _IS_ANOTHER),
    "scm-eqc1": Template("", "?c owl:equivalentClass ?e", "?c rdfs:subClassOf ?e", _IS_ANOTHER),
    "scm-eqc1/2": Template("", "?e owl:equivalentClass ?c", "?c rdfs:subClassOf ?e", _IS_ANOTHER),
    "scm-eqc2": Template("", "?c rdfs:subClassOf ?e . ?e rdfs:subClassOf ?c", "?c owl:equivalentClass ?e", _IS_ANOTHER),
    "scm-spo": Template(
        "", "?c rdfs:subPropertyOf ?d . ?d rdfs:subPropertyOf ?e", "?c rdfs:subPropertyOf ?e", _IS_ANOTHER
    ),
    "scm-eqp1": Template("", "?c owl:equivalentProperty ?e", "?c rdfs:subPropertyOf ?e", _IS_ANOTHER),
    "scm-eqp1/2": Template("", "?e owl:equivalentProperty ?c", "?c rdfs:subPropertyOf ?e", _IS_ANOTHER),
    "scm-eqp2": Template(
        "", "?c rdfs:subPropertyOf ?e . ?e rdfs:subPropertyOf ?c", "?c owl:equivalentProperty ?e", _IS_ANOTHER
    ),
    "scm-dom1": Template("", "?p rdfs:domain ?c . ?c rdfs:subClassOf ?d", "?p rdfs:domain ?d"),
    "scm-dom2": Template("", "?q rdfs:domain ?c . ?p rdfs:subPropertyOf ?q", "?p rdfs:domain ?c"),
    "scm-rng1": Template("", "?p rdfs:range ?c . ?c rdfs:subClassOf ?d", "?p rdfs:range ?d"),
    "scm-rng2": Template("", "?q rdfs:range ?c . ?p rdfs:subPropertyOf ?q", "?p rdfs:range ?c"),
    "scm-hv": Template(
        "",
        "?c owl:hasValue ?i . ?c owl:onProperty ?p . ?p rdfs:subPropertyOf ?q . ?e owl:onProperty ?q . "
        "?e owl:hasValue ?i",
        "?c rdfs:subClassOf ?e",
        _IS_ANOTHER,
    ),
    "scm-hv/2": Template(
        "",
        "?c owl:hasValue ?i . ?c owl:onProperty ?p . ?e owl:onProperty ?p . ?e owl:hasValue ?i",
        "?c rdfs:subClassOf ?e",
        _IS_ANOTHER,
    ),
    "scm-svf1": Template(
        "",
        "?c owl:someValuesFrom ?a . ?c owl:onProperty ?p . ?a rdfs:subClassOf ?b . ?e owl:someValuesFrom ?b . "
        "?e owl:onProperty ?p",
        "?c rdfs:subClassOf ?e",
        _IS_ANOTHER,
    ),
    "scm-svf2": Template(
        "",
        "?c owl:someValuesFrom ?a . ?c owl:onProperty ?p . ?p rdfs:subPropertyOf ?q . ?e owl:onProperty ?q . "
        "?e owl:someValuesFrom ?a",
        "?c rdfs:subClassOf ?e",
        _IS_ANOTHER,
    ),
    "scm-svf1/2": Template(
        "",
        "?c owl:someValuesFrom ?a . ?c owl:onProperty ?p . ?e owl:onProperty ?p . ?e owl:someValuesFrom ?a",
        "?c rdfs:subClassOf ?e",
        _IS_ANOTHER,
    ),
    "scm-avf1": Template(
        "",
        "?c owl:allValuesFrom ?a . ?c owl:onProperty ?p . ?a rdfs:subClassOf ?b . ?e owl:allValuesFrom ?b . "
        "?e owl:onProperty ?p",
        "?c rdfs:subClassOf ?e",
        _IS_ANOTHER,
    ),
    "scm-avf1/2": Template(
        "",
        "?c owl:allValuesFrom ?a . ?c owl:onProperty ?p . ?e owl:onProperty ?p . ?e owl:allValuesFrom ?a",
        "?c rdfs:subClassOf ?e",
        _IS_ANOTHER,
    ),
    "scm-avf2": Template(
        "",
        "?e owl:allValuesFrom ?a . ?e owl:onProperty ?p . ?p rdfs:subPropertyOf ?q . ?c owl:onProperty ?q . "
        "?c owl:allValuesFrom ?a",
        "?c rdfs:subClassOf ?e",
        _IS_ANOTHER,
    ),
}
