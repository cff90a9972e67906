"""Names what an ontology can state of a term: the words for the predicates and types of OWL 2 and of annotations."""

from collections.abc import Mapping

from rdflib.namespace import DCTERMS, OWL, RDFS, SKOS
from rdflib.term import Node

DEPRECATED = "deprecated"

KINDS: Mapping[Node, str] = {
    OWL.Ontology: "module",
    OWL.Class: "class",
    RDFS.Datatype: "datatype",
    OWL.ObjectProperty: "object property",
    OWL.DatatypeProperty: "data property",
    OWL.AnnotationProperty: "annotation property",
    OWL.NamedIndividual: "individual",
}
CHARACTERISTICS: Mapping[Node, str] = {
    OWL.FunctionalProperty: "functional",
    OWL.InverseFunctionalProperty: "inverse functional",
    OWL.TransitiveProperty: "transitive",
    OWL.SymmetricProperty: "symmetric",
    OWL.AsymmetricProperty: "asymmetric",
    OWL.ReflexiveProperty: "reflexive",
    OWL.IrreflexiveProperty: "irreflexive",
}
DEFINING = (OWL.intersectionOf, OWL.unionOf, OWL.oneOf, OWL.complementOf)
ASPECTS: Mapping[Node, str] = {
    RDFS.label: "label",
    RDFS.comment: "comment",
    SKOS.prefLabel: "preferred label",
    SKOS.altLabel: "alternative label",
    SKOS.definition: "definition",
    SKOS.example: "example",
    SKOS.scopeNote: "scope note",
    SKOS.changeNote: "change note",
    SKOS.inScheme: "scheme",
    SKOS.broader: "broader concept",
    DCTERMS.source: "source",
    DCTERMS.description: "description",
    DCTERMS.isReplacedBy: "replaced by",
    OWL.deprecated: DEPRECATED,
    OWL.imports: "import",
    OWL.versionIRI: "version IRI",
    OWL.versionInfo: "version",
    OWL.priorVersion: "prior version",
    RDFS.subClassOf: "superclass",
    RDFS.subPropertyOf: "superproperty",
    RDFS.domain: "domain",
    RDFS.range: "range",
    OWL.propertyChainAxiom: "chain",
    OWL.hasKey: "key",
    OWL.disjointUnionOf: "disjoint union",
    **dict.fromkeys(DEFINING, "equivalent to"),
}
SYMMETRIC: Mapping[Node, str] = {
    OWL.equivalentClass: "equivalent to",
    OWL.equivalentProperty: "equivalent to",
    OWL.disjointWith: "disjoint with",
    OWL.propertyDisjointWith: "disjoint with",
    OWL.inverseOf: "inverse of",
    OWL.sameAs: "same as",
    OWL.differentFrom: "different from",
}
PAIRWISE: Mapping[Node, str] = {
    OWL.AllDisjointClasses: "disjoint with",
    OWL.AllDisjointProperties: "disjoint with",
    OWL.AllDifferent: "different from",
}
