"""Has the reasoner find the classes that cannot be, and says by which terms' axioms they cannot."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence

import pyoxigraph as ox
from rdflib import URIRef
from rdflib.namespace import OWL, RDF

from ontology.checks.checked import DECLARATIONS, Checked, Flaw, named
from ontology.checks.told import told
from ontology.checks.uses import is_annotation
from ontology.errors import ReasonerError
from ontology.findings import Severity
from ontology.iris import compress
from ontology.reasoner import Group, Reasoner, names_in, narrow

Progress = Callable[[str], None]

_MOST_EXPLAINED = 3
_WAY_OUT = "look at these terms in Protégé and drop or weaken one of the axioms"


def impossible(checked: Checked, reasoner: Reasoner, progress: Progress) -> Iterator[Flaw]:
    """Yield the classes that can have no instances by the axioms of all modules together. Raises ReasonerError."""
    progress("asking the reasoner HermiT about the ontology")
    classes = reasoner.impossible_classes(axioms_about_classes(checked))
    if classes is None:
        yield from contradiction(checked, reasoner, progress)
        return
    declared, groups = _axioms(checked)
    for number, class_ in enumerate(_roots_first(checked, classes)):
        above = [wide for wide in told(checked).ways_up(class_) if str(wide) in classes and wide != class_]
        reason = f": it is below {compress(str(above[0]))}, which can have none" if above else ""
        if not above and number < _MOST_EXPLAINED:
            progress(f"{compress(class_)} can have no instances; narrowing it down")
            reason = _of(_explained(checked, reasoner, class_, declared, groups))
        yield checked.flaw(Severity.ERROR, class_, f"can have no instances{reason}", _WAY_OUT)


def contradiction(checked: Checked, reasoner: Reasoner, progress: Progress) -> Iterator[Flaw]:
    """Yield by which terms the modules, which do so, contradict themselves. Raises ReasonerError."""
    progress("the ontology contradicts itself; narrowing it down")
    declared, groups = _axioms(checked)
    patient = reasoner.for_narrowing()
    kept = _narrowed(groups, lambda some: not patient.is_possible(_together(declared, some)))
    message = f"contradicts itself with the axioms of other terms{_of(kept)}"
    yield checked.flaw(Severity.ERROR, URIRef(kept[0][0]), message, _WAY_OUT)


def axioms(checked: Checked) -> list[ox.Triple]:
    """Return what the modules say to a reasoner, and not to people."""
    return [triple for _, triples in _axioms(checked)[1] for triple in triples]


def axioms_about_classes(checked: Checked) -> list[ox.Triple]:
    """Return the axioms but for those about things that no class is defined by; HermiT takes a third of the time."""
    things = {str(thing) for thing in checked.of_kind(OWL.NamedIndividual)}
    groups = _axioms(checked)[1]
    defining = {name for group in groups if group[0] not in things for name in names_in(group)}
    return [triple for name, triples in groups if name not in things - defining for triple in triples]


def _explained(
    checked: Checked, reasoner: Reasoner, class_: URIRef, declared: Sequence[ox.Triple], groups: Sequence[Group]
) -> list[Group]:
    """Return few terms whose axioms make `class_` impossible, sought among those that are nearest to it."""
    patient = reasoner.for_narrowing()

    def contradicts(some: Iterable[Group]) -> bool:
        return not patient.is_possible(_together(declared, some), class_)

    try:
        return narrow(groups, contradicts, near=[str(class_)])
    except ReasonerError:
        return []


def _narrowed(groups: Sequence[Group], contradicts: Callable[[Sequence[Group]], bool]) -> list[Group]:
    try:
        return narrow(groups, contradicts)
    except ReasonerError:
        return list(groups)


def _axioms(checked: Checked) -> tuple[list[ox.Triple], list[Group]]:
    """Return all declarations, and the axioms by the term that they are about."""
    declared: list[ox.Triple] = []
    groups: dict[str, list[ox.Triple]] = defaultdict(list)
    for module in checked.modules:
        for (subject, predicate, object_), triple in zip(module.statements, module.triples, strict=True):
            if predicate == RDF.type and object_ in DECLARATIONS:
                declared.append(triple)
            if not is_annotation(checked, predicate):
                groups[str(checked.owner(subject) or module.iri)].append(triple)
    return declared, sorted(groups.items())


def _together(declared: Sequence[ox.Triple], groups: Iterable[Group]) -> list[ox.Triple]:
    return [*declared, *(triple for _, triples in groups for triple in triples)]


def _roots_first(checked: Checked, classes: Sequence[str]) -> list[URIRef]:
    """Return `classes` with those first that are below fewest others of them."""
    iris = [URIRef(class_) for class_ in classes]
    return sorted(iris, key=lambda iri: (sum(str(wide) in classes for wide in told(checked).ways_up(iri)), iri))


def _of(groups: Sequence[Group]) -> str:
    """Return by which terms something is so, or nothing where they were not found, or are too many to help."""
    return f", by what is said of {named(URIRef(name) for name, _ in groups)}" if 0 < len(groups) <= 12 else ""
