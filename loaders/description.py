"""Describes a release in RDF, with VoID: its id, its graphs and how many triples each has."""

from collections.abc import Iterable, Mapping

import pyoxigraph as ox

from loaders.graphs import COMPUTED
from loaders.graphs import RELEASE as RELEASE_GRAPH
from ontology.iris import PREFIXES, RDF, RELEASE, TERM, XSD

_OF_ANALYSIS = f" <{RDF}type> <{TERM}NetworkAnalysis> {COMPUTED} .".encode()


def description(id_: str, graphs: Mapping[str, int], analyses: Iterable[ox.NamedNode]) -> list[ox.Quad]:
    """Return the description of the release, which stands beside its content and is not hashed with it.

    So the analyses of its networks are joined to it here: their own statements are hashed.
    """
    release = ox.NamedNode(RELEASE + id_)
    integer = ox.NamedNode(XSD + "integer")

    def quad(subject: ox.NamedNode, prefix: str, name: str, value: ox.NamedNode | ox.Literal) -> ox.Quad:
        return ox.Quad(subject, ox.NamedNode(PREFIXES[prefix] + name), value, RELEASE_GRAPH)

    quads = [
        quad(release, "rdf", "type", ox.NamedNode(PREFIXES["void"] + "Dataset")),
        quad(release, "dcterms", "identifier", ox.Literal(id_)),
        quad(release, "rdfs", "label", ox.Literal(f"districtgraph release {id_}", language="en")),
        quad(release, "void", "triples", ox.Literal(str(sum(graphs.values())), datatype=integer)),
    ]
    for name, triples in graphs.items():
        part = ox.NamedNode(name)
        quads.append(quad(release, "void", "subset", part))
        quads.append(quad(part, "void", "triples", ox.Literal(str(triples), datatype=integer)))
    quads += [quad(analysis, "dcterms", "isPartOf", release) for analysis in analyses]
    return quads


def analyses_in(content: bytes) -> list[ox.NamedNode]:
    """Return the analyses of networks that canonical N-Quads state, in the order of their IRIs."""
    lines = (line for line in content.splitlines() if line.endswith(_OF_ANALYSIS))
    return [ox.NamedNode(line.removesuffix(_OF_ANALYSIS).decode().strip("<>")) for line in lines]
