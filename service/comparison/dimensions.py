"""Reads the rows of a comparison from the ontology: what is `dg:comparedAs` something, or any class or property."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

from ontology.nearest import did_you_mean
from ontology.vocabulary import Property, Term
from service.errors import RequestParameterError
from service.things.model import Model
from service.things.ways import Ways

_MOST = 30


@dataclass(frozen=True)
class Dimension:
    """A row: its name in addresses, its label, and the classes and properties whose things and values stand in it."""

    name: str
    label: str
    classes: tuple[Term, ...]
    properties: tuple[Property, ...]


def dimensions(model: Model, names: Iterable[str]) -> list[Dimension]:
    """Return the rows of these names, each once, or those of the ontology where there are none.

    Raises RequestParameterError, which names the near ones.
    """
    standard = standard_dimensions(model)
    rows = [standard.get(name) or _named(model, name, standard) for name in names] or [*standard.values()]
    found = {row.name: row for row in rows}
    if len(found) > _MOST:
        raise RequestParameterError(f"a comparison has {_MOST} rows at most, not {len(found)}")
    return [*found.values()]


def standard_dimensions(model: Model) -> dict[str, Dimension]:
    """Return the rows that the ontology tells of, by name."""
    classes = {term.iri: term for term in model.vocabulary.classes.values()}
    properties = {term.iri: term for term in model.vocabulary.properties.values()}
    found = {}
    for label, iris in model.vocabulary.compared.items():
        name = "-".join(label.lower().split())
        of_classes = tuple(classes[iri] for iri in iris if iri in classes)
        of_properties = tuple(properties[iri] for iri in iris if iri in properties)
        found[name] = Dimension(name, label, of_classes, of_properties)
    return found


def _named(model: Model, name: str, standard: dict[str, Dimension]) -> Dimension:
    class_ = model.collections.get(name) or model.vocabulary.classes.get(name)
    if class_:
        return Dimension(name, class_.label, (class_,), ())
    with suppress(RequestParameterError):
        property_ = Ways(model.vocabulary, None).property(name, "row")
        return Dimension(name if property_.name in standard else property_.name, property_.label, (), (property_,))
    near = did_you_mean(name, [*standard, *model.collections, *model.vocabulary.properties])
    raise RequestParameterError(
        f"cases cannot be compared by {name[:100]!r}{near} (by {', '.join(standard)}, or any class or property)"
    )
