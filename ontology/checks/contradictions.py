"""Checks that classes, properties and things can be at all, as far as disjoint classes tell without a reasoner."""

from collections.abc import Iterator
from functools import lru_cache

from rdflib import URIRef
from rdflib.namespace import OWL, RDF
from rdflib.term import Node

from ontology.checks.checked import Checked, Flaw, is_reserved
from ontology.checks.told import restrictions, told
from ontology.findings import Severity
from ontology.iris import compress

_ERROR = Severity.ERROR
_WAY_OUT = "drop one of the axioms on the way, or the disjointness"


def own_opposites(checked: Checked) -> Iterator[Flaw]:
    """No class is disjoint with itself."""
    for class_, others in sorted(told(checked).disjoint.items(), key=lambda item: str(item[0])):
        if class_ in others and isinstance(class_, URIRef):
            yield checked.flaw(_ERROR, class_, "is disjoint with itself", "remove that axiom", str(OWL.disjointWith))


def impossible_classes(checked: Checked) -> Iterator[Flaw]:
    """No class is below two disjoint ones, or must have a value that cannot be there."""
    for class_, reason in _impossible(checked).items():
        yield checked.flaw(_ERROR, class_, f"can have no instances: {reason}", _WAY_OUT)


def impossible_properties(checked: Checked) -> Iterator[Flaw]:
    """No property has domains, or ranges, that nothing can be in together."""
    for property_ in checked.of_kind(OWL.ObjectProperty):
        for name, ends in zip(("domains", "ranges"), told(checked).ends(property_), strict=True):
            if (clash := told(checked).clash(ends)) is not None:
                message = (
                    f"can join nothing: by its {name} or those of properties above it, what it joins is in {clash}"
                )
                yield checked.flaw(_ERROR, property_, message, _WAY_OUT)


def impossible_things(checked: Checked) -> Iterator[Flaw]:
    """No individual is in two disjoint classes, by its types or by what it is joined to."""
    types: dict[Node, list[Node]] = {}
    for thing, type_ in checked.graph.subject_objects(RDF.type):
        if isinstance(thing, URIRef) and not is_reserved(type_):
            types.setdefault(thing, []).append(type_)
    for property_ in checked.of_kind(OWL.ObjectProperty):
        domains, ranges = told(checked).ends(property_)
        for subject, object_ in checked.graph.subject_objects(property_):
            types.setdefault(subject, []).extend(domains)
            types.setdefault(object_, []).extend(ranges)
    for thing, found in sorted(types.items()):
        if isinstance(thing, URIRef) and (clash := told(checked).clash(sorted(set(found), key=str))) is not None:
            message = f"cannot exist: by its types and properties it is in {clash}"
            yield checked.flaw(_ERROR, thing, message, "correct its type or the property, or drop the disjointness")


@lru_cache(maxsize=1)
def _impossible(checked: Checked) -> dict[URIRef, str]:
    """Return every class that can have no instances, with the reason."""
    classes = checked.of_kind(OWL.Class)
    found: dict[URIRef, str] = {}
    for class_ in classes:
        if (clash := told(checked).clash([class_])) is not None:
            found[class_] = f"it is below {clash}"
    for class_ in classes:
        if class_ not in found and (reason := _impossible_value(checked, class_, found)):
            found[class_] = reason
    for class_ in classes:
        above = [wide for wide in told(checked).ways_up(class_) if wide in found and wide != class_]
        if class_ not in found and above:
            found[class_] = f"it is below {compress(str(above[0]))}, which can have none"
    return found


def _impossible_value(checked: Checked, class_: URIRef, impossible: dict[URIRef, str]) -> str:
    for property_, filler in restrictions(checked.graph, class_):
        domains, ranges = told(checked).ends(property_)
        name = compress(str(property_))
        if filler in impossible:
            return f"it must have a {name} in {compress(str(filler))}, which can have no instances"
        if (clash := told(checked).clash([class_, *domains])) is not None:
            return f"it must have a {name}, and with the domain of that it is in {clash}"
        if (
            OWL.ObjectProperty in checked.kinds.get(property_, ())
            and told(checked).clash([filler, *ranges]) is not None
        ):
            clash = told(checked).clash([filler, *ranges])
            return f"it must have a {name} that, with the range of that property, is in {clash}"
    return ""
