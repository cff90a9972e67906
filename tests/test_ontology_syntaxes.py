"""Files of the ontology are read whatever syntax they were saved in; what cannot be read is told in one line."""

import re
import time
from pathlib import Path

import pyoxigraph as ox
import pytest
from conftest import PROJECT, Owl, run
from hypothesis import given, settings
from hypothesis import strategies as st

from ontology.canonical import canonical_turtle, difference
from ontology.errors import OntologyFileError
from ontology.iris import OWL, RDF, RDFS, TERM
from ontology.syntaxes import MAX_BYTES, Syntax, parse_triples, syntax_of

EVERY_AXIOM = (PROJECT / "tests/every-axiom.ofn").read_bytes()
PREFIXES = f"@prefix owl: <{OWL}> .\n@prefix dg: <{TERM}> .\n"
RDF_XML = f'<rdf:RDF xmlns:rdf="{RDF}" xmlns:dg="{TERM}">'
OWL_XML = f'<Ontology xmlns="{OWL}" ontologyIRI="{TERM}x">\n'
FUNCTIONAL = f"Prefix(dg:=<{TERM}>)\nOntology(<{TERM}x>\n"


# ---------------------------------------------------------------- what is read


@pytest.mark.slow
def test_every_axiom_is_read_from_every_syntax_of_protege(owl: Owl, tmp_path: Path) -> None:
    """Also when Protégé keeps the name, and so `.ttl`; that the modules are too, tests of the canonical form show."""
    original = PROJECT / "tests/every-axiom.ofn"
    saved = [(syntax, tmp_path / f"{syntax}.ttl") for syntax in Owl.SYNTAXES]
    owl.do(*(("save", original, syntax, file) for syntax, file in saved))
    for _, file in saved:
        triples = parse_triples(file.name, file.read_bytes())
        file.with_suffix(".nt").write_bytes(ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES))
    owl.do(*(("compare", original, file.with_suffix(".nt")) for _, file in saved))


@pytest.mark.parametrize(
    "rdf_format, syntax",
    [
        (ox.RdfFormat.TURTLE, Syntax.TURTLE),
        (ox.RdfFormat.N_TRIPLES, Syntax.TURTLE),
        (ox.RdfFormat.N_QUADS, Syntax.TURTLE),
        (ox.RdfFormat.TRIG, Syntax.TURTLE),
        (ox.RdfFormat.RDF_XML, Syntax.RDF_XML),
        (ox.RdfFormat.JSON_LD, Syntax.JSON_LD),
    ],
    ids=str,
)
def test_what_an_rdf_library_writes_is_read(rdf_format: ox.RdfFormat, syntax: Syntax) -> None:
    triples = parse_triples("file", EVERY_AXIOM)
    graph = ox.NamedNode("x:graph") if rdf_format.supports_datasets else ox.DefaultGraph()
    content = ox.serialize([ox.Quad(*triple, graph) for triple in triples], format=rdf_format)
    assert syntax_of("file", content) is syntax
    assert difference(parse_triples("file", b"\xef\xbb\xbf" + content), triples) == (0, 0)


@pytest.mark.parametrize(
    "content, expected",
    [
        ("# a comment\n[] a dg:A .".replace("dg:A", f"<{TERM}A>"), f"_:b <{RDF}type> <{TERM}A>"),
        (f"graph <x:g> {{ <x:a> a <{TERM}A> }}", f"<x:a> <{RDF}type> <{TERM}A>"),
        (f"<urn:a> a <{TERM}A> .", f"<urn:a> <{RDF}type> <{TERM}A>"),
        (
            f'<!DOCTYPE rdf:RDF [<!ENTITY dg "{TERM}">]>\n{RDF_XML}<dg:A rdf:about="&dg;a"/></rdf:RDF>',
            f"<{TERM}a> <{RDF}type> <{TERM}A>",
        ),
        (f'{{"@id": "x:a", "@type": "{TERM}A"}}', f"<x:a> <{RDF}type> <{TERM}A>"),
        (
            f'{OWL_XML}<Declaration><Class abbreviatedIRI="rdfs:A"/></Declaration></Ontology>',
            f"<{RDFS}A> <{RDF}type> <{OWL}Class>",
        ),
        (
            f'<Ontology xmlns="{OWL}" xml:base="{TERM[:-1]}"><Declaration><Class IRI="#A"/></Declaration></Ontology>',
            f"<{TERM}A> <{RDF}type> <{OWL}Class>",
        ),
        (f"{FUNCTIONAL}# a comment\nDeclaration(Class(dg:A)))", f"<{TERM}A> <{RDF}type> <{OWL}Class>"),
        (
            f'{FUNCTIONAL}AnnotationAssertion(rdfs:label dg:A "a \\"b\\" \\\\ (c) # d"@en))',
            f'<{TERM}A> <{RDFS}label> "a \\"b\\" \\\\ (c) # d"@en',
        ),
        (
            f'{FUNCTIONAL}AnnotationAssertion(rdfs:label dg:A "a@b@en"^^rdf:PlainLiteral))',
            f'<{TERM}A> <{RDFS}label> "a@b"@en',
        ),
        (
            f"{FUNCTIONAL}ObjectPropertyAssertion(ObjectInverseOf(dg:p) dg:a _:b))",
            f"_:b <{TERM}p> <{TERM}a>",
        ),
        (f"{FUNCTIONAL}EquivalentClasses(dg:A dg:B dg:C))", f"<{TERM}B> <{OWL}equivalentClass> <{TERM}C>"),
    ],
)
def test_a_statement_is_read(content: str, expected: str) -> None:
    triples = parse_triples("file", content.encode())
    assert expected in {re.sub(r"_:\w+", "_:b", str(triple)) for triple in triples}


def test_blank_nodes_of_files_are_kept_apart() -> None:
    for content in (
        "_:b <x:p> 1 .",
        f'{RDF_XML}<rdf:Description rdf:nodeID="b"><dg:p>1</dg:p></rdf:Description></rdf:RDF>',
        f"{FUNCTIONAL}ClassAssertion(dg:A _:b))",
        f'{OWL_XML}<ClassAssertion><Class IRI="x:A"/><AnonymousIndividual nodeID="_:b"/></ClassAssertion></Ontology>',
    ):
        first, second = (
            {t.subject for t in parse_triples("file", content.encode()) if isinstance(t.subject, ox.BlankNode)}
            for _ in range(2)
        )
        assert first and not first & second


# ---------------------------------------------------------------- what is not

ONE = "<dg:A><dg:p>{}</dg:p></dg:A></rdf:RDF>"
ENTITIES = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
BOMB = f'<!DOCTYPE rdf:RDF [<!ENTITY e0 "ha">{ENTITIES}]>\n{RDF_XML}' + ONE.format("&e9;")
LONG = (
    f'<!DOCTYPE rdf:RDF [<!ENTITY e "{"ha" * 50_000}">]>\n{RDF_XML}<dg:A><dg:p>{"&e;" * 50_000}</dg:p></dg:A></rdf:RDF>'
)
FAR = f'<!DOCTYPE rdf:RDF [<!ENTITY e SYSTEM "file:///etc/hostname">]>\n{RDF_XML}' + ONE.format("&e;")

BROKEN = {
    # Turtle and its relatives
    "a dot too few": (f"{PREFIXES}dg:A a owl:Class\ndg:B a owl:Class .", "file:4: not Turtle (", "A dot is expected"),
    "an unknown prefix": (f"{PREFIXES}\nskos:A a owl:Class .", "file:4: not Turtle (", "prefix skos: has not been"),
    "an open text": (f'{PREFIXES}dg:A dg:p "a\n .', "file:3: not Turtle (", "Unexpected end of file"),
    "no UTF-8": (PREFIXES.encode() + b'dg:A dg:p "\xff" .', "file:3: not Turtle (", "Invalid UTF-8"),
    "UTF-16": (PREFIXES.encode("utf-16"), "file:1: ", "in UTF-16; save it in UTF-8"),
    "an open graph": ("<x:g> {\n<x:a> <x:b> <x:c> .\n<x:d> }", "file:3: not Turtle (", "not a valid predicate"),
    "half a quad": ("<x:a> <x:b> <x:c> <x:g> .\n<x:a> <x:b>", "file:2: not Turtle (", "Unexpected end"),
    "an identity of Notation3": (f"{PREFIXES}dg:A = dg:B .", "file:3: not Turtle (", "= is not a valid predicate"),
    "a triple about a triple": (f"{PREFIXES}dg:A dg:p <<( dg:B dg:p 1 )>> .", "file:3: not Turtle (", "OWL has not"),
    "triples within each other": (
        "<x:a> <x:b> " + "<<( <x:a> <x:b> " * 20_000 + "1" + " )>>" * 20_000,
        "file:1: not Turtle (",
        "OWL has not",
    ),
    # JSON-LD
    "a brace too many": ('{\n"@id": "x:a",\n"x:p": }', "file:3: not JSON-LD (", "Unexpected closing curly bracket"),
    "a context elsewhere": (
        '{"@context": "https://schema.org/",\n"@id": "x:a", "name": "a"}',
        "not JSON-LD (",
        "context is in another file",
    ),
    "JSON that says nothing": ('{"a": 1}', "file:1: says nothing (read as JSON-LD)", ""),
    "braces within each other": ('{"x:p":' * 100_000, "file:1: not JSON-LD (", "Max stack size"),
    # RDF/XML
    "a wrong end tag": (f"{RDF_XML}\n<dg:A>\n<dg:p></dg:A></rdf:RDF>", "file:3: not XML that is read (", "mismatched"),
    "an end that is missing": (f"{RDF_XML}\n<dg:A>\n<dg:p>a</dg:p>\n", "file:4: not XML that is read (", "too early"),
    "an IRI with a space": (
        f'{RDF_XML}\n\n<dg:A rdf:about="x:a b">\n<dg:p>1</dg:p></dg:A>\n</rdf:RDF>',
        "file:3: not RDF/XML (",
        "Invalid IRI",
    ),
    "a bomb": (BOMB, "file:1: not XML that is read (", "made of other entities"),
    "a long bomb": (LONG, "file:2: not XML that is read (", "longer than any ontology"),
    "an entity elsewhere": (FAR, "file:1: not XML that is read (", "is in another file"),
    "a document type elsewhere": (f'<!DOCTYPE a SYSTEM "http://127.0.0.1:1/">{RDF_XML}', "file:1: ", "in another file"),
    "elements within each other": (RDF_XML + "<dg:A><dg:p>" * 100_000, "file:1: not XML that is read (", "deeper than"),
    "another encoding": (f'<?xml version="1.0" encoding="iso-8859-1"?>{RDF_XML}</rdf:RDF>', "not RDF/XML (", "UTF-8"),
    "no RDF and no OWL": ('<?xml version="1.0"?>\n\n<html/>', "file:3: ", "neither RDF/XML nor OWL/XML"),
    # OWL/XML
    "half an axiom": (
        f'{OWL_XML}\n<SubClassOf><Class IRI="x:A"/></SubClassOf></Ontology>',
        "file:3: not OWL/XML (",
        "SubClassOf takes 2 arguments, not 1",
    ),
    "an unknown element": (f"{OWL_XML}\n<SubclassOf/></Ontology>", "file:3: not OWL/XML (", "SubclassOf is no axiom"),
    "an element of something else": (f'{OWL_XML}<a xmlns="x:"/></Ontology>', "file:2: not OWL/XML (", "no element of"),
    "an unknown prefix in OWL/XML": (
        f'{OWL_XML}<Declaration><Class abbreviatedIRI="zz:A"/></Declaration></Ontology>',
        "file:2: not OWL/XML (",
        "prefix of zz:A is not declared",
    ),
    "text between": (f"{OWL_XML}<SubClassOf>A</SubClassOf></Ontology>", "file:2: not OWL/XML (", "text stands in"),
    "a rule": (f"{OWL_XML}<DLSafeRule/></Ontology>", "file:2: not OWL/XML (", "save as Turtle"),
    "expressions within each other in OWL/XML": (
        f"{OWL_XML}<SubClassOf>"
        + "<ObjectComplementOf>" * 200
        + "</ObjectComplementOf>" * 200
        + "</SubClassOf></Ontology>",
        "file:2: not OWL/XML (",
        "deeper than",
    ),
    # functional syntax
    "an axiom without an end": (
        f"{FUNCTIONAL}SubClassOf(dg:A dg:B)\n",
        "file:4: not OWL functional syntax (",
        "the end",
    ),
    "half an axiom of functions": (f"{FUNCTIONAL}SubClassOf(dg:A))", "file:3: not OWL functional syntax (", "takes 2"),
    "an unknown prefix of functions": (
        f"{FUNCTIONAL}SubClassOf(dg:A zz:B))",
        "file:3: not OWL f",
        "zz: is not",
    ),
    "an unknown expression": (
        f"{FUNCTIONAL}SubClassOf(dg:A Some(dg:B)))",
        "file:3: not OWL f",
        "Some is no",
    ),
    "an open text of functions": (
        f'{FUNCTIONAL}\nAnnotation(rdfs:label "a))',
        "file:4: not OWL f",
        "text that has no end",
    ),
    "a wrong language": (f'{FUNCTIONAL}Annotation(rdfs:label "a"@en_US))', "file:3: not OWL f", "language"),
    "about a text": (f'{FUNCTIONAL}SubClassOf("a" dg:B))', "file:3: not OWL functional syntax (", "not about the text"),
    "functions within each other": (
        f"{FUNCTIONAL}SubClassOf({'ObjectComplementOf(' * 100_000}",
        "file:3: not OWL functional syntax (",
        "deeper than 100",
    ),
    # no syntax that is read
    "Manchester syntax": (
        "Prefix: dg: <x:>\nOntology: <x:o>",
        "file:1: in Manchester syntax",
        "in Protégé: File",
    ),
    "OBO": ("format-version: 1.2\n", "file:1: in the OBO format", "what is read is Turtle"),
    "prose": ("# from a colleague\n\nDear librarian, here it is", "file:3: in no syntax", "what is read is Turtle"),
    "an archive": (b"PK\x03\x04\x00\x00", "file:1: in a packed or binary file", "what is read is Turtle"),
    "nothing": ("", "file:1: says nothing", ""),
    "prefixes": (PREFIXES, "file:1: says nothing", ""),
    "too much": ("<x:a> <x:b> <x:c> .\n" * (MAX_BYTES // 20 + 1), "file:1: too long", "20 at most"),
}


@pytest.mark.parametrize("content, where, what", BROKEN.values(), ids=BROKEN)
def test_what_cannot_be_read_is_told_with_its_line(content: str | bytes, where: str, what: str) -> None:
    start = time.monotonic()
    with pytest.raises(OntologyFileError) as caught:
        parse_triples("file", content if isinstance(content, bytes) else content.encode())
    assert time.monotonic() - start < 5
    assert re.match(r"file:\d+: ", str(caught.value))
    assert where in str(caught.value)
    assert what in str(caught.value)
    assert len(str(caught.value)) < 400


SAVED = [
    canonical_turtle(parse_triples("file", EVERY_AXIOM)).encode(),
    EVERY_AXIOM,
    ox.serialize(parse_triples("file", EVERY_AXIOM), format=ox.RdfFormat.RDF_XML),
    ox.serialize(parse_triples("file", EVERY_AXIOM), format=ox.RdfFormat.JSON_LD),
    f"""{OWL_XML}<Prefix name="dg" IRI="{TERM}"/><Import>x:i</Import>
    <Annotation><AnnotationProperty abbreviatedIRI="rdfs:label"/><Literal xml:lang="en">a</Literal></Annotation>
    <SubClassOf><Class abbreviatedIRI="dg:A"/><ObjectMinCardinality cardinality="1"><ObjectProperty IRI="x:p"/>
    <Class IRI="x:B"/></ObjectMinCardinality></SubClassOf>
    <DatatypeDefinition><Datatype IRI="x:d"/><DatatypeRestriction><Datatype abbreviatedIRI="xsd:integer"/>
    <FacetRestriction facet="http://www.w3.org/2001/XMLSchema#minInclusive"><Literal datatypeIRI="x:i">1</Literal>
    </FacetRestriction></DatatypeRestriction></DatatypeDefinition></Ontology>""".encode(),
]


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(SAVED),
    st.integers(0, 10**6),
    st.integers(0, 40),
    st.binary(max_size=8) | st.sampled_from([b")", b"<<("]),
)
def test_a_damaged_file_is_read_or_told_in_one_line(content: bytes, place: int, length: int, put: bytes) -> None:
    place %= len(content)
    damaged = content[:place] + put + content[place + length :]
    try:
        triples = parse_triples("file", damaged)
    except OntologyFileError as error:
        assert re.match(r"file:\d+: ", str(error))
    else:
        assert canonical_turtle(triples)


# ---------------------------------------------------------------- in the service


@pytest.mark.slow
def test_the_same_is_built_from_a_module_in_another_syntax(excerpt_state: Path, copied_project: Path) -> None:
    for file in (copied_project / "ontology").glob("*.ttl"):
        if b'"industrial district"@en' in file.read_bytes():
            triples = parse_triples(file.name, file.read_bytes())
            file.write_bytes(ox.serialize(triples, format=ox.RdfFormat.RDF_XML))
    built = run("build", "--state", "state", cwd=copied_project)
    assert built.returncode == 0, built.stderr
    assert (copied_project / "state/current").resolve().name == (excerpt_state / "current").resolve().name
