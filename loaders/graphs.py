"""The named graphs of a release that are no source's."""

import pyoxigraph as ox

from ontology.iris import GRAPH

ONTOLOGY = ox.NamedNode(GRAPH + "ontology")
ALIGNMENTS = ox.NamedNode(GRAPH + "alignments")
INFERRED = ox.NamedNode(GRAPH + "inferred")
OF_NO_SOURCE = frozenset({ONTOLOGY, ALIGNMENTS, INFERRED})
