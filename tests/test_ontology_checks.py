"""`districtgraph check ontology` finds every fault that is planted, names the term, and says the way out."""

import json
import re
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from conftest import Edit, copy_project, run

from loaders.ontology_checks import CHECKS as OUTSIDE
from ontology.checks.registry import CHECKS

MODULE = "ontology/planted.ttl"
IRI = "https://w3id.org/districtgraph/ontology/planted"
HEADER = f"""PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX dg: <https://w3id.org/districtgraph/ontology#>
PREFIX dgi: <https://w3id.org/districtgraph/id/>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>

<{IRI}> a owl:Ontology ;
    owl:versionIRI <{IRI}/1> ; rdfs:label "planted"@en ; dcterms:creator "me" ;
    dcterms:license <https://creativecommons.org/licenses/by/4.0/> ; owl:imports %s .
"""


@dataclass(frozen=True)
class Fault:
    """A fault: the check that finds it, the Turtle that has it, the term it is told of, and what is told."""

    check: str
    turtle: str
    term: str
    message: str
    way_out: str


def text(label: str, definition: str = "", source: str = "hervas-oliver-2021, 3") -> str:
    """Return the annotations that every term needs."""
    definition = definition or f"What {label} is."
    return f'rdfs:label "{label}"@en ; skos:definition "{definition}"@en ; dcterms:source "{source}"'


def class_(name: str, more: str = "") -> str:
    return f"dg:{name} a owl:Class ; {text(name)} {more} .\n"


def object_property(name: str, more: str = "") -> str:
    return f"dg:{name} a owl:ObjectProperty ; {text(name)} {more} .\n"


def concept(name: str, more: str = "; skos:inScheme dgi:planted-scheme") -> str:
    return (
        f"dgi:{name} a owl:NamedIndividual , dg:Topic ; {text(name).replace('rdfs:label', 'skos:prefLabel')} {more} .\n"
    )


SCHEME = "dgi:planted-scheme a owl:NamedIndividual , skos:ConceptScheme ; " + text("planted").replace(
    "rdfs:label", "skos:prefLabel"
)


def rule(construct: str, where: str, section: str = "Conclusions") -> str:
    """Return a rule of the domain, each part of which stands on a line of its own."""
    header = f"#+ summary: One thing makes another.\n#+ source: gotz-2019, {section}\n"
    return f"{header}CONSTRUCT {{\n {construct}\n}} WHERE {{\n {where}\n}}\n"


# Each stands in the module at a line of its own, with names of its own.
FAULTS = {
    "class that is nowhere": Fault(
        "undeclared-term",
        class_("Pa", "; rdfs:subClassOf dg:Organistion"),
        "dg:Organistion",
        "used as a class and declared nowhere in what is said of dg:Pa; did you mean 'dg:Organisation'",
        "correct the name",
    ),
    "restriction on a misspelled property": Fault(
        "undeclared-term",
        class_(
            "Pb", "; rdfs:subClassOf [ a owl:Restriction ; owl:onProperty dg:locatdIn ; owl:someValuesFrom dg:Place ]"
        ),
        "dg:locatdIn",
        "declared nowhere in what is said of dg:Pb; did you mean 'dg:locatedIn'",
        "correct the name",
    ),
    "individual that is nowhere": Fault(
        "undeclared-term",
        concept("pc", "; skos:inScheme dgi:planted-scheme ; skos:broader dgi:agilty"),
        "dgi:agilty",
        "individual and declared nowhere.*did you mean 'dgi:agility'",
        "correct the name",
    ),
    "annotation that is nowhere": Fault(
        "undeclared-term",
        class_("Pd", '; dg:remark "x"@en'),
        "dg:remark",
        "used as a property and declared nowhere",
        "correct the name, declare",
    ),
    "property as class": Fault(
        "wrong-kind",
        class_("Pe", "; rdfs:subClassOf dg:locatedIn"),
        "dg:locatedIn",
        "is an object property and is used as a class in what is said of dg:Pe",
        "use a term of that kind",
    ),
    "data property where things are joined": Fault(
        "wrong-kind",
        object_property("pf", "; rdfs:subPropertyOf dg:year"),
        "dg:year",
        "is a data property and is used as an object property",
        "use a term of that kind",
    ),
    "class and individual": Fault(
        "punning",
        class_("Pg", "; a dg:Topic"),
        "dg:Pg",
        "as an individual and as a class|as a class and as an individual",
        "keep one of them",
    ),
    "object and data property": Fault(
        "punning",
        object_property("ph", "; a owl:DatatypeProperty"),
        "dg:ph",
        "data property and as an object property",
        "keep one of them",
    ),
    "word that OWL does not have": Fault(
        "reserved-name",
        class_("Pi", "; rdfs:subclassOf dg:Place"),
        "rdfs:subclassOf",
        "does not exist; did you mean 'rdfs:subClassOf'",
        "correct the name",
    ),
    "type of RDF Schema": Fault(
        "reserved-name",
        f"dg:Pj a rdfs:Class ; {text('Pj')} .",
        "rdfs:Class",
        "is no type of OWL 2.*of dg:Pj",
        "write owl:Class",
    ),
    "word of OWL redefined": Fault(
        "reserved-name",
        "owl:Thing rdfs:subClassOf dg:Place .",
        "owl:Thing",
        "says something new of it",
        "remove it",
    ),
    "thing without a name": Fault(
        "no-name",
        "[] a dg:Mechanism .",
        "dg:Mechanism",
        "has an individual without a name",
        "give it an IRI",
    ),
    "restriction without a filler": Fault(
        "expression",
        class_("Pk", "; rdfs:subClassOf [ a owl:Restriction ; owl:onProperty dg:locatedIn ]"),
        "dg:Pk",
        "needs one of some, only, .* and has none",
        "make it again",
    ),
    "union of one": Fault(
        "expression",
        class_("Pl", "; owl:equivalentClass [ a owl:Class ; owl:unionOf ( dg:Place ) ]"),
        "dg:Pl",
        "owl:unionOf with a single member",
        "make it again",
    ),
    "expression without an axiom": Fault(
        "left-over",
        "[] a owl:Class ; owl:unionOf ( dg:Place dg:Actor ) .",
        "dg:Actor|dg:Place",
        "belongs to no axiom",
        "remove it",
    ),
    "functional transitive property": Fault(
        "not-simple",
        object_property("pm", "; a owl:TransitiveProperty , owl:FunctionalProperty"),
        "dg:pm",
        "is functional, which OWL 2 DL forbids: it is transitive",
        "drop one of the two",
    ),
    "count of a chain": Fault(
        "not-simple",
        object_property("pn", "; owl:propertyChainAxiom ( dg:memberOf dg:locatedIn )")
        + class_(
            "Pn",
            "; rdfs:subClassOf [ a owl:Restriction ; owl:onProperty dg:pn ; "
            'owl:maxCardinality "1"^^xsd:nonNegativeInteger ]',
        ),
        "dg:pn",
        "counted in what is said of dg:Pn, which OWL 2 DL forbids: it is a chain",
        "drop one of the two",
    ),
    "chain that needs itself": Fault(
        "irregular-chain",
        object_property("po", "; owl:propertyChainAxiom ( dg:memberOf dg:po dg:locatedIn )"),
        "dg:po",
        "needs the property itself",
        "may be the first or the last",
    ),
    "year as xsd:gYear": Fault(
        "datatype",
        f"dg:pp a owl:DatatypeProperty ; rdfs:range xsd:gYear ; {text('pp')} .",
        "dg:pp",
        "has the datatype xsd:gYear, which OWL 2 does not have",
        "write years as xsd:integer",
    ),
    "value that is no number": Fault(
        "value",
        concept("pq", '; skos:inScheme dgi:planted-scheme ; dg:fromYear "soon"^^xsd:integer'),
        "dgi:pq",
        "has the value 'soon', which is no xsd:integer",
        "correct the value",
    ),
    "two ranges": Fault(
        "range",
        f"dg:pr a owl:DatatypeProperty ; rdfs:range xsd:integer , xsd:string ; {text('pr')} .",
        "dg:pr",
        "more than one range, xsd:integer and xsd:string",
        "keep one",
    ),
    "pattern of a number": Fault(
        "facet",
        class_(
            "Ps",
            "; rdfs:subClassOf [ a owl:Restriction ; owl:onProperty dg:year ; owl:someValuesFrom [ a rdfs:Datatype ; "
            'owl:onDatatype xsd:integer ; owl:withRestrictions ( [ xsd:pattern "19.." ] ) ] ]',
        ),
        "dg:Ps",
        "restricts xsd:integer by xsd:pattern",
        "use xsd:minInclusive",
    ),
    "text where a thing belongs": Fault(
        "property-value",
        concept("pt", '; skos:inScheme dgi:planted-scheme ; dg:about "tiles"'),
        "dg:about",
        "is an object property and has the text 'tiles' in what is said of dgi:pt",
        "give the IRI",
    ),
    "class in lower case": Fault(
        "name-pattern", class_("pu"), "dg:pu", "is no name for a class", "rename it, as in dg:Ind"
    ),
    "term in the module's namespace": Fault(
        "namespace",
        f"<{IRI}#Pv> a owl:Class ; {text('Pv')} .",
        f"{IRI}#Pv",
        "outside the namespaces of districtgraph; did you mean 'dg:Pv'",
        "rename it to https.*#Pv",
    ),
    "term in the namespace that Protégé makes up": Fault(
        "namespace",
        f"<http://www.semanticweb.org/me/ontologies/2026/0/untitled-ontology-7#Pw> a owl:Class ; {text('Pw')} .",
        "http.*#Pw",
        "did you mean 'dg:Pw'",
        "rename it",
    ),
    "slip in the namespace": Fault(
        "namespace",
        f"<https://w3id.org/distrctgraph/ontology#Px> a owl:Class ; {text('Px')} .",
        "https.*#Px",
        "did you mean 'dg:Px'",
        "rename it",
    ),
    "names that differ by case": Fault(
        "same-name",
        class_("PyLab") + "\n" + class_("PyLAB"),
        "dg:PyLab",
        "differs from dg:PyLAB by case",
        "rename one",
    ),
    "a plural that another class has": Fault(
        "collection",
        class_("PyBase") + "\n" + class_("PyBasis"),
        "dg:PyBase",
        "would have the collection 'py-bases', and dg:PyBasis is called so",
        "rename it",
    ),
    "a plural that is the name of something else": Fault(
        "collection",
        class_("Stat"),
        "dg:Stat",
        "would have the collection 'stats', and something else",
        "rename it",
    ),
    "no label": Fault(
        "missing-text",
        'dg:Pz a owl:Class ; skos:definition "Z."@en ; dcterms:source "hervas-oliver-2021, 3" .',
        "dg:Pz",
        "has no English label",
        'add rdfs:label "…"@en',
    ),
    "no definition": Fault(
        "missing-text",
        'dg:Qa a owl:Class ; rdfs:label "Qa"@en ; dcterms:source "hervas-oliver-2021, 3" .',
        "dg:Qa",
        "has no English definition",
        "add skos:definition",
    ),
    "two labels in a language": Fault(
        "two-labels",
        class_("Qb", '; rdfs:label "other Qb"@en'),
        "dg:Qb",
        "2 labels in 'en': 'Qb' and 'other Qb'",
        "make the others skos:altLabel",
    ),
    "label without a language": Fault(
        "no-language",
        class_("Qc", '; skos:altLabel "cue see"'),
        "dg:Qc",
        "skos:altLabel without a language, 'cue see'",
        "add one",
    ),
    "language that has no such tag": Fault(
        "language",
        class_("Qlang", '; skos:altLabel "kola"@sp'),
        "dg:Qlang",
        "has a skos:altLabel in 'sp', 'kola'",
        "correct the language to one of en, es, de, it, nb, pl",
    ),
    "label in a tag for English": Fault(
        "missing-text",
        'dg:Qeng a owl:Class ; rdfs:label "queng"@eng ; skos:definition "Queng."@en ; dcterms:source owl:Thing .',
        "dg:Qeng",
        "has no English label, and one in 'eng'",
        'add rdfs:label "…"@en',
    ),
    "name that Protégé made up": Fault(
        "namespace",
        f"<https://w3id.org/districtgraph/ontology/actors#OWLClass_5f3a_00> a owl:Class ; {text('made up')} .",
        "https://.*OWLClass_5f3a_00",
        "has a name that Protégé made up",
        "rename it to what it is called",
    ),
    "concept without the type of its scheme": Fault(
        "scheme-type",
        f"dgi:qtype a owl:NamedIndividual , skos:Concept ; skos:inScheme dgi:scheme-technologies ; {text('qtype')} .",
        "dgi:qtype",
        "is in the scheme dgi:scheme-technologies, whose concepts are dg:Technology, and is none",
        "add the type dg:Technology",
    ),
    "concept with rdfs:label": Fault(
        "label-property",
        f"dgi:qd a owl:NamedIndividual , dg:Topic ; skos:inScheme dgi:planted-scheme ; {text('qd')} .",
        "dgi:qd",
        "rdfs:label and no skos:prefLabel",
        "make it skos:prefLabel",
    ),
    "label of another class": Fault(
        "same-label",
        class_("Qe").replace('"Qe"', '"cluster"'),
        "dg:Qe",
        "has the label of dg:Cluster, 'cluster'",
        "make the labels different",
    ),
    "definition of another class": Fault(
        "repeated-text",
        class_("Qf") + class_("Qg").replace("What Qg is", "What Qf is"),
        "dg:Qg",
        "has the definition of dg:Qf",
        "what tells the two apart",
    ),
    "alternative label that is the label": Fault(
        "repeated-text",
        class_("Qh", '; skos:altLabel "Qh"@en'),
        "dg:Qh",
        "has its label as skos:altLabel",
        "remove it",
    ),
    "sibling without a translation": Fault(
        "untranslated",
        concept("qi", '; skos:inScheme dgi:planted-scheme ; skos:prefLabel "cu i"@es , "cu i"@it') + concept("qj"),
        "dgi:qi",
        "has no label in de, nb, pl",
        "add those that you are sure of",
    ),
    "no source": Fault(
        "source",
        'dg:Qk a owl:Class ; rdfs:label "Qk"@en ; skos:definition "What Qk is."@en .',
        "dg:Qk",
        "has no dcterms:source",
        "add dcterms:source",
    ),
    "space at the end": Fault(
        "slip",
        class_("Ql", '; skos:altLabel "ell "@en'),
        "dg:Ql",
        "spaces at an end of skos:altLabel 'ell '",
        "remove them",
    ),
    "deprecated by a word": Fault(
        "annotation-value",
        class_("Qm", '; owl:deprecated "yes"'),
        "dg:Qm",
        "owl:deprecated 'yes'.* neither true nor false",
        "write true as xsd:boolean",
    ),
    "class below itself": Fault(
        "cycle",
        class_("Qn", "; rdfs:subClassOf dg:Qo") + "\n" + class_("Qo", "; rdfs:subClassOf dg:Qn"),
        "dg:Qn",
        "dg:Qn → dg:Qo → dg:Qn",
        "remove one of these steps",
    ),
    "concept below itself": Fault(
        "cycle",
        concept("qp", "; skos:inScheme dgi:planted-scheme ; skos:broader dgi:qp"),
        "dgi:qp",
        "dgi:qp → dgi:qp",
        "remove one of these steps",
    ),
    "class against itself": Fault(
        "own-opposite",
        class_("Qq", "; owl:disjointWith dg:Qq"),
        "dg:Qq",
        "is disjoint with itself",
        "remove that axiom",
    ),
    "class below two disjoint ones": Fault(
        "impossible-class",
        class_("Qr", "; rdfs:subClassOf dg:Person , dg:Firm"),
        "dg:Qr",
        r"can have no instances: it is below .*\(dg:Qr → .*, and the two are disjoint",
        "drop one of the axioms",
    ),
    "class with an impossible value": Fault(
        "impossible-class",
        class_(
            "Qs",
            "; rdfs:subClassOf [ a owl:Restriction ; owl:onProperty dg:broker ; owl:someValuesFrom dg:Technology ]",
        ),
        "dg:Qs",
        "must have a dg:broker that, with the range of that property, is in",
        "drop one of the axioms",
    ),
    "property that can join nothing": Fault(
        "impossible-property",
        object_property("qt", "; rdfs:domain dg:Person , dg:Firm"),
        "dg:qt",
        "can join nothing: by its domains",
        "drop one of the axioms",
    ),
    "thing in two disjoint classes": Fault(
        "impossible-thing",
        concept("qu", "; skos:inScheme dgi:planted-scheme ; a dg:Technology"),
        "dgi:qu",
        "cannot exist: .*and the two are disjoint",
        "correct its type",
    ),
    "concept without a scheme": Fault(
        "scheme", concept("qv", ""), "dgi:qv", "is a concept and in no scheme", "add skos:inSch"
    ),
    "broader concept of another scheme": Fault(
        "scheme",
        concept("qw", "; skos:inScheme dgi:planted-scheme ; skos:broader dgi:robotics"),
        "dgi:qw",
        "has dgi:robotics above it, which is in another scheme",
        "use skos:related",
    ),
    "scheme without a top": Fault(
        "top-concept",
        SCHEME.replace("planted", "empty") + " .",
        "dgi:empty-scheme",
        "without a concept at its top",
        "add conc",
    ),
    "no replacement": Fault(
        "replacement",
        class_("Qx", "; owl:deprecated true"),
        "dg:Qx",
        "is deprecated and names no replacement",
        "add dcterms:isReplacedBy",
    ),
    "replacement that is nowhere": Fault(
        "replacement",
        class_("Qy", "; owl:deprecated true ; dcterms:isReplacedBy dg:Qyy"),
        "dg:Qy",
        "is replaced by dg:Qyy, which is declared nowhere",
        "name a term that there is",
    ),
    "deprecated term in an axiom": Fault(
        "deprecated-in-axiom",
        class_("Qz", "; owl:deprecated true ; dcterms:isReplacedBy dg:Place") + class_("Ra", "; rdfs:subClassOf dg:Qz"),
        "dg:Qz",
        "still stands in what is said of dg:Ra",
        "use dg:Place instead",
    ),
    "source that no paper has": Fault(
        "unknown-source",
        class_("Rb").replace("2021, 3", "2012, 3"),
        "dg:Rb",
        "no such paper; did you mean 'hervas-oliver-20",
        'write "<paper>, <section>"',
    ),
    "source in a section that the paper does not have": Fault(
        "unknown-source",
        class_("Rc").replace("2021, 3", "2021, 9.9"),
        "dg:Rc",
        "that paper has no such section",
        "paper.yaml",
    ),
}

# Beside the module: a change in a file of the project (its name, what stands there, what takes its place).
ELSEWHERE = {
    "removed class in the corpus": (
        ("loaders/corpus/places.yaml", "type: Municipality", "type: Municipalty"),
        (
            "removed-term",
            "dg:Municipalty",
            "did you mean 'dg:Municipality'",
            "correct the name here",
        ),
    ),
    "removed property in a query": (
        ("queries/evidence/facts.rq", "dg:factSubject", "dg:factsSubject"),
        ("removed-term", "dg:factsSubject", "did you mean 'dg:factSubject'", "correct the name here"),
    ),
    "removed class in the header of a query": (
        ("queries/evidence/facts.rq", "type: Publication", "type: Publicaton"),
        ("removed-term", "dg:Publicaton", "did you mean 'dg:Publication'", "correct the name here"),
    ),
    "removed class as the default of a parameter": (
        ("queries/actors/instances.rq", "default: Gatekeeper", "default: Gatekeepr"),
        ("removed-term", "dg:Gatekeepr", "did you mean 'dg:Gatekeeper'", "correct the name here"),
    ),
    "removed class in our code": (
        ("loaders/facts.py", 'TERM + "Fact"', 'TERM + "Facts"'),
        ("removed-term", "dg:Facts", "did you mean 'dg:Fact'", "correct the name here"),
    ),
    "removed property in a shape": (
        ("ontology/shapes/planted.ttl", "", "[] <urn:path> dg:locatdIn ."),
        ("removed-term", "dg:locatdIn", "did you mean 'dg:locatedIn'", "correct the name here"),
    ),
    "deprecated class in a query": (
        ("queries/actors/names.rq", "WHERE {", "WHERE {\n  OPTIONAL { ?thing a dg:Qz }"),
        ("deprecated-term", "dg:Qz", "is deprecated and still used here", "use dg:Place instead"),
    ),
    "rule that is none": (
        ("ontology/rules/planted-none.rq", "", rule("?a dg:hosts ?b", "OPTIONAL { ?a dg:leads ?b }")),
        ("rule", "rule planted-none", "has OPTIONAL", "leave it out"),
    ),
    "property in a rule that is nowhere": (
        ("ontology/rules/planted-term.rq", "", rule("?a dg:hosts ?b", "?a dg:ledBy ?b . ?b dg:leeds ?a .")),
        ("rule-term", "rule planted-term", "did you mean 'dg:leads'", "correct the name"),
    ),
    "class in a rule for a property": (
        ("ontology/rules/planted-kind.rq", "", rule("?a a dg:Firm", "?a dg:Actor ?b .")),
        ("rule-term", "rule planted-kind", "uses dg:Actor as a property, which it is not", "name a property"),
    ),
    "text in a rule for a thing": (
        ("ontology/rules/planted-text.rq", "", rule("?n dg:hosts ?a", "?a dg:purpose ?n .")),
        ("rule-conclusion", "rule planted-text", "takes ?n for a thing", "conclude it of the thing"),
    ),
    "conclusion by a term of others": (
        ("ontology/rules/planted-others.rq", "", rule("?a skos:broader ?b", "?a dg:hosts ?b .")),
        ("rule-conclusion", "rule planted-others", "by skos:broader, which is not of this ontology", "conclude"),
    ),
    "deprecated class in a rule": (
        ("ontology/rules/planted-old.rq", "", rule("?a dg:hosts ?b", "?a dg:leads ?b . ?b a dg:Qz .")),
        ("deprecated-in-rule", "rule planted-old", "uses dg:Qz, which is deprecated", "use dg:Place instead"),
    ),
    "source of a rule that is no section": (
        ("ontology/rules/planted-source.rq", "", rule("?a dg:hosts ?b", "?a dg:leads ?b .", "Conclusion")),
        ("unknown-source", "rule planted-source", "did you mean 'Conclusions'", "write a section"),
    ),
}

Findings = list[Mapping[str, Any]]


def add_module(project: Path, turtle: str) -> None:
    """Put a module into the catalog of `project` that imports all others, and have the root import it."""
    catalog = project / "ontology/catalog-v001.xml"
    entries = catalog.read_text()
    others = [iri for iri in re.findall(r'name="([^"]+)"', entries) if not iri.endswith("/ontology")]
    (project / MODULE).write_text(HEADER % " , ".join(f"<{iri}>" for iri in others) + turtle)
    catalog.write_text(entries.replace("</catalog>", f'    <uri name="{IRI}" uri="planted.ttl"/>\n</catalog>'))
    root = project / "ontology/districtgraph.ttl"
    root.write_text(root.read_text().replace("owl:imports", f"owl:imports <{IRI}> ,", 1))


def check(project: Path, *files: Path | str) -> tuple[subprocess.CompletedProcess[str], Findings]:
    """Run the check in `project` and return what it found."""
    ran = run("check", "ontology", "--format", "json", *files, cwd=project)
    assert "Traceback" not in ran.stderr, ran.stderr
    return ran, json.loads(ran.stdout)["findings"]


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Findings]:
    """A project with every fault of FAULTS and ELSEWHERE, and what the check found in it."""
    project = tmp_path_factory.mktemp("planted")
    copy_project(project)
    add_module(project, "\n".join([SCHEME + " .", *(fault.turtle for fault in FAULTS.values())]) + "\n")
    for (name, old, new), _ in ELSEWHERE.values():
        path = project / name
        path.parent.mkdir(exist_ok=True)
        content = path.read_text() if path.exists() else "PREFIX dg: <https://w3id.org/districtgraph/ontology#>\n"
        assert old in content
        path.write_text(content.replace(old, new, 1) if old else content + new)
    (project / "ontology/forgotten.ttl").write_text("# in no catalog\n")
    ran, findings = check(project)
    assert ran.returncode == 1
    return project, findings


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_is_found(name: str, planted: tuple[Path, Findings]) -> None:
    fault = FAULTS[name]
    (finding,) = [
        f
        for f in planted[1]
        if f["check"] == fault.check and re.fullmatch(fault.term, f["term"]) and re.search(fault.message, f["message"])
    ] or pytest.fail(str([f for f in planted[1] if re.fullmatch(fault.term, f["term"])]))
    assert fault.way_out == finding["way_out"][: len(fault.way_out)] or re.search(fault.way_out, finding["way_out"])
    lines = (planted[0] / MODULE).read_text().splitlines()
    assert finding["file"] == MODULE
    # an expression without an axiom has no name to look for, and is looked for where one of its terms stands
    assert lines[finding["line"] - 1] in fault.turtle or fault.check == "left-over", lines[finding["line"] - 1]


@pytest.mark.parametrize("name", ELSEWHERE)
def test_a_use_outside_the_ontology_is_found(name: str, planted: tuple[Path, Findings]) -> None:
    (file, _, new), (kind, term, message, way_out) = ELSEWHERE[name]
    found = [f for f in planted[1] if (f["check"], f["term"], f["file"]) == (kind, term, file)]
    (finding,) = found or pytest.fail(str([f for f in planted[1] if f["file"] == file]))
    assert message in finding["message"]
    assert finding["way_out"].startswith(way_out)
    line = (planted[0] / file).read_text().splitlines()[finding["line"] - 1]
    assert line.strip() in new or new in line


def test_a_module_that_the_catalog_does_not_name_is_found(planted: tuple[Path, Findings]) -> None:
    (finding,) = [f for f in planted[1] if f["check"] == "catalog"]
    assert (finding["term"], finding["file"]) == ("ontology/forgotten.ttl", "ontology/catalog-v001.xml")
    assert 'uri="forgotten.ttl"' in finding["way_out"]


def test_nothing_else_is_found(planted: tuple[Path, Findings]) -> None:
    """What is found in the planted module is of a term that a fault is about."""
    names = " ".join(fault.turtle for fault in FAULTS.values())
    for finding in planted[1]:
        if finding["file"] == MODULE:
            assert finding["term"].rpartition(":")[2].rpartition("#")[2] in names, finding


def test_every_check_has_a_planted_fault() -> None:
    told = {fault.check for fault in FAULTS.values()} | {kind for _, (kind, *_) in ELSEWHERE.values()}
    told |= {mistake.check for mistake in FILES.values()}
    told |= {"catalog", "contradiction"}  # above, and in test_ontology_reasoner
    told |= {"rule-contradiction", "idle-rule"}  # in test_loaders_domain_rules
    assert told >= {check.name for check in CHECKS} | OUTSIDE.keys()


@dataclass(frozen=True)
class Mistake:
    """A mistake with a whole file: the module, what is done to its text, and what is told of it."""

    module: str
    change: Callable[[str], str | bytes]
    check: str
    term: str
    message: str
    way_out: str


def replaced(old: str, new: str) -> Callable[[str], str]:
    """Return a change that puts `new` in every place of `old`, which must be there."""

    def change(content: str) -> str:
        assert old in content, old
        return content.replace(old, new)

    return change


FILES = {
    "class renamed": Mistake(
        "places.ttl",
        replaced("dg:Municipality", "dg:Town"),
        "removed-term",
        "dg:Municipality",
        "is used here and declared nowhere$",
        "keep the old term, owl:deprecated true",
    ),
    "class deleted that other modules use": Mistake(
        "places.ttl",
        lambda text: re.sub(r"^dg:Agglomeration rdf:type.*? \.\n", "", text, flags=re.DOTALL | re.MULTILINE),
        "undeclared-term",
        "dg:Agglomeration",
        "declared nowhere in what is said of",
        "correct the name, declare the term",
    ),
    "individual deleted that the corpus uses": Mistake(
        "technologies.ttl",
        lambda text: re.sub(r"^dgi:digital-manufacturing rdf:type.*? \.\n", "", text, flags=re.DOTALL | re.MULTILINE),
        "removed-term",
        "dgi:digital-manufacturing",
        "is used here and declared nowhere",
        "keep the old term, owl:deprecated true",
    ),
    "domain that facts do not fit": Mistake(
        "policies.ttl",
        replaced("rdfs:domain dg:LivingLab ;", "rdfs:domain dg:Project ;"),
        "corpus",
        "the corpus",
        "is for project, and",
        "correct the entry, or the axiom",
    ),
    "import forgotten": Mistake(
        "places.ttl",
        lambda text: re.sub(r"owl:imports[^;]*;", "", text, count=1),
        "missing-import",
        "https://.*/places",
        "which is declared in https://.*, and does not import that",
        "add owl:imports <https:",
    ),
    "import of another vocabulary": Mistake(
        "places.ttl",
        replaced("owl:imports", "owl:imports <http://www.w3.org/ns/org#> ,"),
        "import",
        "https://.*/places",
        "imports http://www.w3.org/ns/org#, which the catalog does not have",
        "correct the import",
    ),
    "circular import": Mistake(
        "places.ttl",
        replaced("owl:imports", "owl:imports <https://w3id.org/districtgraph/ontology/actors> ,"),
        "import-cycle",
        "https://.*/(places|actors)",
        "which imports it back",
        "remove one of the imports",
    ),
    "no version": Mistake(
        "places.ttl",
        lambda text: re.sub(r"owl:versionIRI[^;]*;", "", text),
        "header",
        "https://.*/places",
        "has no version IRI in its header",
        "add it to the header",
    ),
    "version IRI of another version": Mistake(
        "places.ttl",
        lambda text: re.sub(r"(owl:versionIRI <[^>]*/)[0-9.]+>", r"\g<1>9.9.9>", text),
        "header",
        "https://.*/places",
        r"is of the version '[0-9.]+' by owl:versionInfo, and its version IRI is https://.*/9\.9\.9",
        "make the two the same",
    ),
    "merge left open": Mistake(
        "places.ttl",
        lambda text: f"<<<<<<< HEAD\n{text}=======\n{text}>>>>>>> theirs\n",
        "unreadable-file",
        "https://.*/places|places.ttl",
        "git left the versions of two people here",
        "delete the lines of the marks",
    ),
    "no header": Mistake(
        "places.ttl",
        replaced("rdf:type owl:Ontology ;", ""),
        "unknown-module",
        "places.ttl",
        "has no owl:Ontology",
        "give it the ontology IRI of its module",
    ),
    "wrong ontology IRI": Mistake(
        "places.ttl",
        replaced("<https://w3id.org/districtgraph/ontology/places>", "<https://w3id.org/districtgraph/ontology/place>"),
        "unknown-module",
        "https://.*/place",
        "is the IRI of no module; did you mean 'https://.*/places'",
        "correct the ontology IRI",
    ),
    "quotes of a word processor": Mistake(
        "places.ttl",
        lambda text: text.replace('"', "“", 1).replace('"', "”", 1),
        "unreadable-file",
        "places.ttl",
        "cannot be read",
        "save it again",
    ),
    "half a file": Mistake(
        "places.ttl",
        lambda text: text[: len(text) // 2],
        "unreadable-file",
        "places.ttl",
        "cannot be read",
        "save it again",
    ),
    "UTF-16": Mistake(
        "places.ttl",
        lambda text: text.encode("utf-16"),
        "unreadable-file",
        "places.ttl",
        "cannot be read",
        "save it again",
    ),
    "a page instead of the file": Mistake(
        "places.ttl",
        lambda text: "<!DOCTYPE html>\n<html><body>Not found</body></html>\n",
        "unreadable-file",
        "places.ttl",
        "cannot be read",
        "save it again",
    ),
    "an empty file": Mistake(
        "places.ttl",
        lambda text: "",
        "unreadable-file",
        "places.ttl",
        "cannot be read",
        "save it again",
    ),
    "bytes of nothing": Mistake(
        "places.ttl",
        lambda text: bytes(range(256)),
        "unreadable-file",
        "places.ttl",
        "cannot be read",
        "save it again",
    ),
    "a statement about a statement": Mistake(
        "places.ttl",
        lambda text: text + "dg:Place dg:locatedIn <<( dg:Place a dg:Place )>> .\n",
        "unreadable-file",
        "places.ttl",
        "cannot be read",
        "save it again",
    ),
}


@pytest.mark.slow
def test_an_error_outside_the_modules_stops_a_build(copied_project: Path, edit: Edit) -> None:
    edit("ontology/alignments/org.ttl", "dg:Organisation ", "dg:Organistion ")
    built = run("build", "--state", "state", cwd=copied_project)
    assert (built.returncode, (copied_project / "state/current").exists()) == (1, False)
    assert re.search(r"ontology/alignments/org\.ttl:\d+: error: dg:Organistion: .*'dg:Organisation'", built.stderr)


@pytest.mark.slow
def test_a_module_that_nobody_would_read_stops_a_build(copied_project: Path) -> None:
    (copied_project / "ontology/materials.ttl").write_text(
        "<https://w3id.org/districtgraph/ontology/materials> a <http://www.w3.org/2002/07/owl#Ontology> ."
    )
    built = run("build", "--state", "state", cwd=copied_project)
    assert (built.returncode, (copied_project / "state/current").exists()) == (1, False)
    entry = '<uri name="https://w3id.org/districtgraph/ontology/materials" uri="materials.ttl"/>'
    assert f"add {entry} to the catalog" in built.stderr


@pytest.mark.parametrize("name", FILES)
@pytest.mark.slow
def test_a_mistake_in_a_saved_file_is_told(name: str, tmp_path: Path, excerpt_state: Path) -> None:
    mistake, project = FILES[name], excerpt_state.parent
    content = mistake.change((project / "ontology" / mistake.module).read_text())
    (tmp_path / mistake.module).write_bytes(content if isinstance(content, bytes) else content.encode())
    ran = run("check", "ontology", "--format", "json", mistake.module, cwd=tmp_path, PYTHONPATH=str(project))
    assert (ran.returncode, "Traceback" in ran.stderr) == (1, False), ran.stderr
    findings = json.loads(ran.stdout)["findings"]
    found = [f for f in findings if f["check"] == mistake.check and re.fullmatch(mistake.term, f["term"])]
    assert found, findings
    assert re.search(mistake.message, found[0]["message"])
    assert mistake.way_out in found[0]["way_out"]
