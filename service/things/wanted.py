"""What is asked of a collection: which things, in which order, which page of them, and what of each."""

import base64
import binascii
import json
from dataclasses import dataclass, field

from ontology.iris import XSD
from ontology.vocabulary import Kind, Property, Term
from service.errors import RequestParameterError
from service.store.large_classes import ALL_NAMED
from service.store.listing import Place
from service.things.description import FACT_PROPERTIES
from service.things.document import INTEGERS, NUMBERS

LABEL_KEY, ID_KEY, TYPE_KEY = "label", "id", "type"
NUMERIC = INTEGERS | NUMBERS
"""The datatypes whose values are numbers."""
PAGE = 50


@dataclass(frozen=True)
class Reach:
    """A way from a thing to values: along properties, from the thing itself or from what joins it to others."""

    path: tuple[Property, ...]
    is_joined: bool = False

    @property
    def name(self) -> str:
        """The way as a parameter names it."""
        return ".".join(property_.name for property_ in self.path)

    @property
    def leads_to_text(self) -> bool:
        """Whether its values are texts, of which language and case do not count in a filter."""
        last = self.path[-1]
        if last.kind is Kind.DATA:
            return last.datatype not in NUMERIC and last.datatype != XSD + "boolean"
        return last.kind is Kind.ANNOTATION and last.iri not in FACT_PROPERTIES


@dataclass(frozen=True)
class Condition:
    """What the values at the end of a way must be: one of several."""

    reach: Reach
    values: tuple[str, ...]


@dataclass(frozen=True)
class Order:
    """The order of a list: by label, by id, or by the least value at the end of a way."""

    by: Reach | str = LABEL_KEY
    descending: bool = False

    @property
    def is_numeric(self) -> bool:
        """Whether it is one of numbers."""
        return isinstance(self.by, Reach) and self.by.path[-1].datatype in NUMERIC


@dataclass(frozen=True)
class Wanted:
    """What is asked of a collection; `class_` is None for all things.

    `types` are classes, of each group of which a thing has one; `named` are names of things, of which it is one;
    `fields` are keys, None for all; `facets` have the names that they were asked for by.
    """

    class_: Term | None
    conditions: tuple[Condition, ...] = ()
    types: tuple[tuple[Term, ...], ...] = ()
    named: tuple[str, ...] = ()
    text: str = ""
    order: Order = Order()
    limit: int = PAGE
    after: Place | None = None
    fields: frozenset[str] | None = None
    facets: tuple[tuple[str, Reach | str], ...] = ()
    include: frozenset[str] = frozenset()
    terms: tuple[Term, ...] = field(default=(), compare=False)
    """The classes and properties that it is asked by."""

    @property
    def class_iri(self) -> str:
        """The class of the collection, or what stands for that of all things."""
        return self.class_.iri if self.class_ else ALL_NAMED

    @property
    def has_inferred(self) -> bool:
        """Whether what is inferred is shown: where it is asked for, or some keys are, whatever they come from."""
        return "inferred" in self.include or self.fields is not None


def cursor(sort: str, place: Place) -> str:
    """Return what names a place in a list of that order; it is read by `place_at`."""
    content = json.dumps([sort, place.key, place.iri], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(content.encode()).decode().rstrip("=")


def place_at(text: str, sort: str) -> Place:
    """Return the place that a cursor names. Raises RequestParameterError where it names none in that order."""
    try:
        of, key, iri = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (ValueError, TypeError, binascii.Error, RecursionError) as error:
        raise RequestParameterError("the cursor is not one that a page gave; begin without") from error
    if of != sort or not isinstance(iri, str) or not isinstance(key, str | None):
        raise RequestParameterError("the cursor is of a list in another order; begin without")
    return Place(key, iri)
