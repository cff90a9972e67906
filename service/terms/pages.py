"""Renders the page of the ontology, its terms as trees, and the page of each term."""

from collections.abc import Sequence

from ontology.diagram import Diagram
from ontology.entries import Entry, Kind
from service.explanation.reading import LONGEST_VALUE
from service.templating import template
from service.terms.examples import MOST, Example
from service.terms.view import ONTOLOGY, View, term_path
from service.things.document import explanation

_SECTIONS = (
    ("classes", "Classes", Kind.CLASS),
    ("object-properties", "Object properties", Kind.OBJECT_PROPERTY),
    ("data-properties", "Data properties", Kind.DATA_PROPERTY),
    ("annotation-properties", "Annotation properties", Kind.ANNOTATION_PROPERTY),
    ("datatypes", "Datatypes", Kind.DATATYPE),
)
_TITLES = {kind: (f"all-{name}", title) for name, title, kind in _SECTIONS}
_CONCEPTS = ("all-concepts", "Concepts")


def ontology_page(view: View, diagram: Diagram, release: str) -> bytes:
    """Return the page of the ontology: the trees of all that it has, the rules, and the files."""
    documentation = view.documentation
    page = template("ontology.html").render(
        documentation=documentation,
        diagram=diagram,
        sections=[
            {"id": f"all-{name}", "title": title, "nodes": nodes, "size": len(documentation.of_kind(kind))}
            for name, title, kind in _SECTIONS
            if (nodes := view.trees.of_kind[kind])
        ],
        files=[
            ("all-modules", "Modules", [head for head in documentation.modules.values() if head.iri != ONTOLOGY]),
            ("all-alignments", "Alignments with other vocabularies", list(documentation.alignments.values())),
        ],
        release=release,
        about=documentation.modules[ONTOLOGY],
        rules=view.rules,
        view=view,
    )
    return page.encode()


def term_page(view: View, entry: Entry, examples: Sequence[Example], release: str) -> bytes:
    """Return the page of a term: what it means, what it is used for, with examples, and what is below it."""
    *above, node = view.trees.way(entry.iri)
    page = template("term.html").render(
        view=view.seen_from("../" * term_path(entry.iri).count("/")),
        entry=entry,
        node=node,
        above=above,
        group=_TITLES.get(entry.kind, _CONCEPTS),
        examples=[(example, _why(entry, example)) for example in examples],
        most=MOST,
        release=release,
    )
    return page.encode()


def _why(entry: Entry, example: Example) -> str | None:
    """Return where it is told why an example is in the graph."""
    assert example.thing.iri is not None
    if example.property is None:
        return explanation(example.thing.iri, "type", entry.iri)
    value = example.value
    if value is None or len(value.text) > LONGEST_VALUE:
        return None
    return explanation(example.thing.iri, example.property, value.iri or value.text)
