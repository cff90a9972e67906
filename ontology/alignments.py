"""Reads how terms map to those of other vocabularies, from the folder of alignments, which no module imports."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import PurePosixPath

import pyoxigraph as ox

from ontology.iris import BASE, OWL, PREFIXES, RDFS
from ontology.modules import Module, catalogued_files, parse_module

FOLDER = "alignments"
_SKOS = PREFIXES["skos"]
RELATIONS = frozenset(
    {RDFS + "subClassOf", RDFS + "subPropertyOf", OWL + "equivalentClass", OWL + "equivalentProperty"}
    | {_SKOS + f"{how}Match" for how in ("exact", "close", "broad", "narrow", "related")}
)
_PARTS = [OWL + f"annotated{part}" for part in ("Source", "Property", "Target")]


@dataclass(frozen=True, order=True)
class Mapping:
    """A term or thing of ours, how it relates to one of another vocabulary, which, and why; the first three are IRIs.

    `vocabulary` is the name of the alignment that says it, such as `schema-org`.
    """

    subject: str
    relation: str
    object: str
    justification: str
    vocabulary: str


def alignment_files(directory: Traversable | None = None) -> dict[str, Traversable]:
    """Return the file of each alignment of the ontology in `directory`, by default the packaged one, by its IRI.

    Raises OntologyFileError where the catalog, or a file that it names, is missing or broken.
    """
    return catalogued_files((directory or resources.files("ontology")) / FOLDER, f"ontology/{FOLDER}")


def read_alignments(directory: Traversable | None = None) -> Iterator[Module]:
    """Yield the alignments of the ontology in `directory`, by default the packaged one. Raises OntologyFileError."""
    for iri, file in alignment_files(directory).items():
        yield parse_module(iri, f"ontology/{FOLDER}/{file.name}", file.read_bytes())


def mappings(alignments: Iterable[Module]) -> Iterator[Mapping]:
    """Yield every mapping that `alignments` state.

    Its justification is the note on the axiom that annotates it (OWL 2 Mapping to RDF Graphs, section 2.2), and
    empty where there is none.
    """
    for module in alignments:
        notes = _notes(module)
        for triple in module.triples:
            mapped = (_value(triple.subject), triple.predicate.value, _value(triple.object))
            if mapped[0].startswith(BASE) and mapped[1] in RELATIONS and not mapped[2].startswith(BASE):
                yield Mapping(*mapped, notes.get(mapped, ""), PurePosixPath(module.name).stem)


def _notes(module: Module) -> dict[tuple[str, ...], str]:
    axioms: dict[str, dict[str, str]] = {}
    for triple in module.triples:
        if isinstance(triple.subject, ox.BlankNode):
            axioms.setdefault(triple.subject.value, {})[triple.predicate.value] = _value(triple.object)
    return {
        tuple(axiom[part] for part in _PARTS): axiom.get(_SKOS + "note", "")
        for axiom in axioms.values()
        if axiom.keys() >= set(_PARTS)
    }


def _value(node: object) -> str:
    return node.value if isinstance(node, ox.NamedNode | ox.BlankNode | ox.Literal) else ""
