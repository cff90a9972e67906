"""The IRIs of districtgraph: where terms, things, graphs and releases have their names."""

import re

BASE = "https://w3id.org/districtgraph/"
TERM = BASE + "ontology#"
THING = BASE + "id/"
GRAPH = BASE + "graph/"
RELEASE = BASE + "release/"

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
OWL = "http://www.w3.org/2002/07/owl#"
SH = "http://www.w3.org/ns/shacl#"
XSD = "http://www.w3.org/2001/XMLSchema#"

PREFIXES = {
    "dg": TERM,
    "dgi": THING,
    "dcterms": "http://purl.org/dc/terms/",
    "oa": "http://www.w3.org/ns/oa#",
    "owl": OWL,
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": RDF,
    "rdfs": RDFS,
    "sh": SH,
    "shape": BASE + "shapes#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "void": "http://rdfs.org/ns/void#",
    "xsd": XSD,
}


def expand(name: str) -> str:
    """Return the IRI of a prefixed name such as `dgi:aiju`; anything else comes back as it is."""
    prefix, colon, local = name.partition(":")
    return PREFIXES[prefix] + local if colon and prefix in PREFIXES else name


def compress(iri: str) -> str:
    """Return the prefixed name of `iri`, or `iri` itself where no prefix fits."""
    for prefix, namespace in PREFIXES.items():
        local = iri.removeprefix(namespace)
        if local != iri and local and not set(local) & set("/#?"):
            return f"{prefix}:{local}"
    return iri


def prologue(text: str) -> str:
    """Return PREFIX lines for the prefixes of districtgraph that the SPARQL `text` uses and does not declare."""
    used = set(re.findall(r"(?<![\w<])([a-z]+):", text))
    declared = set(re.findall(r"PREFIX\s+([a-z]+):", text, re.IGNORECASE))
    return "".join(f"PREFIX {p}: <{PREFIXES[p]}>\n" for p in sorted(used - declared) if p in PREFIXES)


def local_name(iri: str) -> str:
    """Return the part of `iri` behind its `#`, or behind its last `/` where it has none."""
    return iri.rpartition("#")[2] if "#" in iri else iri.rpartition("/")[2]
