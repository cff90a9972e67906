"""Tells what kinds of entity an IRI names (OWL 2 Structural Specification, section 5), in a module and its imports."""

from collections import defaultdict
from collections.abc import Iterable
from enum import IntEnum

import pyoxigraph as ox

from ontology.canonical.graph import OwlGraph
from ontology.canonical.terms import TYPE, Term
from ontology.iris import OWL, RDFS

NAMED_INDIVIDUAL = ox.NamedNode(OWL + "NamedIndividual")


class EntityKind(IntEnum):
    """A kind of entity, in the order of the sections of a file."""

    ANNOTATION_PROPERTY = 0
    DATATYPE = 1
    OBJECT_PROPERTY = 2
    DATA_PROPERTY = 3
    CLASS = 4
    INDIVIDUAL = 5


DECLARATIONS: dict[Term, EntityKind] = {
    ox.NamedNode(OWL + "AnnotationProperty"): EntityKind.ANNOTATION_PROPERTY,
    ox.NamedNode(RDFS + "Datatype"): EntityKind.DATATYPE,
    ox.NamedNode(OWL + "ObjectProperty"): EntityKind.OBJECT_PROPERTY,
    ox.NamedNode(OWL + "DatatypeProperty"): EntityKind.DATA_PROPERTY,
    ox.NamedNode(OWL + "Class"): EntityKind.CLASS,
    NAMED_INDIVIDUAL: EntityKind.INDIVIDUAL,
}
_BUILT_IN: dict[Term, EntityKind] = {  # OWL 2 Structural Specification, sections 5.1 to 5.4
    **{ox.NamedNode(OWL + name): EntityKind.CLASS for name in ("Thing", "Nothing")},
    **{ox.NamedNode(OWL + f"{end}ObjectProperty"): EntityKind.OBJECT_PROPERTY for end in ("top", "bottom")},
    **{ox.NamedNode(OWL + f"{end}DataProperty"): EntityKind.DATA_PROPERTY for end in ("top", "bottom")},
    ox.NamedNode(RDFS + "Literal"): EntityKind.DATATYPE,
}


class Entities:
    """What the declarations of a module and of what it imports say about IRIs."""

    def __init__(self, graph: OwlGraph, imported: Iterable[ox.Triple]) -> None:
        self._kinds: dict[Term, set[EntityKind]] = defaultdict(set, {term: {kind} for term, kind in _BUILT_IN.items()})
        for triple in imported:
            if triple.predicate == TYPE and triple.object in DECLARATIONS:
                self._kinds[triple.subject].add(DECLARATIONS[triple.object])
        for subject in graph.subjects():
            for type_ in graph.objects(subject).get(TYPE, ()):
                if type_ in DECLARATIONS:
                    self._kinds[subject].add(DECLARATIONS[type_])

    def kinds(self, term: Term) -> set[EntityKind]:
        """Return every kind of entity that `term` is declared as, or is without."""
        return self._kinds.get(term, set())

    def property_kind(self, term: Term) -> EntityKind:
        """Return the kind of the property `term`; one that is not declared is an annotation property."""
        if not isinstance(term, ox.NamedNode):
            return EntityKind.OBJECT_PROPERTY
        for kind in (EntityKind.OBJECT_PROPERTY, EntityKind.DATA_PROPERTY):
            if kind in self.kinds(term):
                return kind
        return EntityKind.ANNOTATION_PROPERTY

    def is_data_property(self, term: Term) -> bool:
        """Tell whether `term` is a data property."""
        return self.property_kind(term) is EntityKind.DATA_PROPERTY
