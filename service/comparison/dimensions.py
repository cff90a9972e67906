"""Reads the rows of a comparison from the ontology: what is `dg:comparedAs` something, or any class or property."""

from dataclasses import dataclass

from ontology.nearest import did_you_mean
from ontology.vocabulary import Term
from service.errors import RequestParameterError
from service.things.model import Model

_MOST = 30


@dataclass(frozen=True)
class Dimension:
    """A row: its name in addresses, its label, and the classes and properties whose things and values stand in it."""

    name: str
    label: str
    classes: tuple[Term, ...]
    properties: tuple[Term, ...]


def dimensions(model: Model, by: str) -> list[Dimension]:
    """Return the rows that `by` names, separated by commas, or those of the ontology where it names none.

    Raises RequestParameterError, which names the near ones.
    """
    standard = standard_dimensions(model)
    if not by:
        return list(standard.values())
    names = list(dict.fromkeys(name.strip() for name in by.split(",")))
    if len(names) > _MOST:
        raise RequestParameterError(f"a comparison has {_MOST} rows at most, not {len(names)}")
    return [standard.get(name) or _named(model, name, standard) for name in names]


def standard_dimensions(model: Model) -> dict[str, Dimension]:
    """Return the rows that the ontology tells of, by name."""
    terms = {term.iri: term for term in (*model.vocabulary.classes.values(), *model.vocabulary.properties.values())}
    classes = {term.iri for term in model.vocabulary.classes.values()}
    found = {}
    for label, iris in model.vocabulary.compared.items():
        name = "-".join(label.lower().split())
        of_classes = tuple(terms[iri] for iri in iris if iri in classes)
        of_properties = tuple(terms[iri] for iri in iris if iri in terms and iri not in classes)
        found[name] = Dimension(name, label, of_classes, of_properties)
    return found


def _named(model: Model, name: str, standard: dict[str, Dimension]) -> Dimension:
    vocabulary = model.vocabulary
    class_ = model.collections.get(name) or vocabulary.classes.get(name)
    if class_:
        return Dimension(name, class_.label, (class_,), ())
    if name in vocabulary.properties:
        property_ = vocabulary.properties[name]
        return Dimension(name, property_.label, (), (property_,))
    near = did_you_mean(name, [*standard, *model.collections, *vocabulary.properties])
    raise RequestParameterError(
        f"cases cannot be compared by {name[:100]!r}{near} (by {', '.join(standard)}, or any class or property)"
    )
