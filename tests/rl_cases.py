"""Cases of OWL 2 RL: what follows from which premises, or that these contradict each other, and whether it is found."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from loaders.inference import reason
from ontology.iris import OWL, RDF, RDFS, XSD

RULES = Path(__file__).parent / "owl2-rl/rules.trig"
PREMISES, CONCLUSION = "urn:premises:", "urn:conclusion:"
ASSERTED = ox.NamedNode("http://example.org/graph/asserted")

_REFLEXIVE = {
    OWL + "sameAs",
    RDFS + "subClassOf",
    RDFS + "subPropertyOf",
    OWL + "equivalentClass",
    OWL + "equivalentProperty",
}
_CLASSES_OF_ALL = {OWL + "Thing", RDFS + "Resource", OWL + "NamedIndividual"}
_ANNOTATIONS = {RDFS + name for name in ("label", "comment", "seeAlso", "isDefinedBy")} | {
    OWL + name for name in ("deprecated", "versionInfo", "priorVersion", "backwardCompatibleWith", "incompatibleWith")
}


@dataclass(frozen=True)
class Case:
    """A case by name: from `premises` follows `conclusion`, or, where that is None, they contradict each other.

    Where `holds` is False, the conclusion must not follow, or, where there is none, the premises do not contradict
    each other.
    """

    name: str
    premises: tuple[ox.Triple, ...]
    conclusion: tuple[ox.Triple, ...] | None
    holds: bool = True

    @property
    def rule(self) -> str:
        """The W3C rule that the case is for."""
        return self.name.partition("_")[0]


def rule_cases() -> list[Case]:
    """Return the cases of RULES."""
    by_graph: dict[str, list[ox.Triple]] = {}
    for quad in ox.parse(path=str(RULES), format=ox.RdfFormat.TRIG):
        by_graph.setdefault(quad.graph_name.value, []).append(quad.triple)
    names = [graph.removeprefix(PREMISES) for graph in by_graph if graph.startswith(PREMISES)]
    stray = {graph.removeprefix(CONCLUSION) for graph in by_graph if graph.startswith(CONCLUSION)} - {*names}
    assert not stray, f"{RULES}: {', '.join(sorted(stray))}: a conclusion without premises"
    return [Case(name, tuple(by_graph[PREMISES + name]), _conclusion(by_graph, name)) for name in names]


def _conclusion(by_graph: dict[str, list[ox.Triple]], name: str) -> tuple[ox.Triple, ...] | None:
    found = by_graph.get(CONCLUSION + name)
    return tuple(found) if found is not None else None


def failure(case: Case) -> str | None:
    """Return how what the reasoner finds differs from `case`, or None."""
    found = reason(asserted(case.premises))
    if case.conclusion is None:
        if bool(found.contradictions) == case.holds:
            return None
        return "no contradiction is found" if case.holds else f"contradictions are found: {found.contradictions}"
    follows = entailed({*case.premises, *(quad.triple for quad in found.inferred)}, case.conclusion)
    if follows == case.holds:
        return None
    return f"{'does not follow' if case.holds else 'follows'}: {' . '.join(map(str, case.conclusion))}"


def asserted(triples: Iterable[ox.Triple]) -> list[ox.Quad]:
    """Return triples in a graph of what is asserted."""
    return [ox.Quad(triple.subject, triple.predicate, triple.object, ASSERTED) for triple in triples]


def entailed(closure: Iterable[ox.Triple], conclusion: Iterable[ox.Triple]) -> bool:
    """Tell whether `closure` and what is trivial entail `conclusion`, whose blank nodes stand for anything."""
    store = ox.Store()
    store.extend(ox.Quad(triple.subject, triple.predicate, triple.object) for triple in closure)
    asked = [triple for triple in conclusion if not is_trivial(triple)]
    blank = {term: f"?blank{place}" for place, term in enumerate(_blank_nodes(asked))}
    pattern = " . ".join(" ".join(blank.get(term, str(term)) for term in triple) for triple in asked)
    return bool(store.query(f"ASK {{ {pattern} }}"))


def _blank_nodes(triples: Iterable[ox.Triple]) -> list[ox.BlankNode]:
    return list(dict.fromkeys(term for triple in triples for term in triple if isinstance(term, ox.BlankNode)))


def is_trivial(triple: ox.Triple) -> bool:
    """Tell whether a triple holds whatever is said, so that no reasoner need tell."""
    subject, predicate, object_ = (str(term).strip("<>") for term in triple)
    if predicate in _REFLEXIVE and subject == object_:
        return True
    if predicate == RDFS + "subClassOf":
        return object_ == OWL + "Thing" or subject == OWL + "Nothing"
    if predicate in (RDFS + "domain", RDFS + "range"):
        return object_ in _CLASSES_OF_ALL
    return predicate == RDF + "type" and (object_ in _CLASSES_OF_ALL or _is_axiomatic(subject, object_))


def _is_axiomatic(subject: str, class_: str) -> bool:
    """Tell whether prp-ap, cls-thing, cls-nothing1 or dt-type1 say of what class a term of the languages is."""
    if class_ == OWL + "AnnotationProperty":
        return subject in _ANNOTATIONS
    if class_ == RDFS + "Datatype":
        return subject.startswith(XSD) or subject in {RDFS + "Literal", RDF + "XMLLiteral", RDF + "PlainLiteral"}
    return class_ == OWL + "Class" and subject in {OWL + "Thing", OWL + "Nothing"}
