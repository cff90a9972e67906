"""Reads what a request asks of a collection: conditions, text, order, page, fields, facets, and what to include."""

import base64
import binascii
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

from ontology.collections import collections
from ontology.iris import PREFIXES, TERM, XSD, compress
from ontology.nearest import did_you_mean
from ontology.vocabulary import Kind, Property, Term, Vocabulary
from service.errors import RequestParameterError
from service.store.listing import Place
from service.things.document import INTEGERS, NUMBERS

LABEL_KEY = "label"
ID_KEY = "id"
TYPE_KEY = "type"
INCLUDABLE = ("inferred", "inverse", "evidence", "claims")
_OWN = ("cursor", "facets", "fields", "format", "include", "limit", "q", "sort", TYPE_KEY)
_LONGEST_VALUE, _MOST_VALUES, _MOST_CONDITIONS, _LONGEST_PATH, _MOST_FACETS = 1000, 50, 20, 3, 10
_LARGEST_PAGE, PAGE = 1000, 50
# Things of these classes join others, and what holds for one of them is asked of those that it joins.
_JOINING = frozenset({TERM + "Situation", TERM + "Statement"})
NUMERIC = INTEGERS | NUMBERS
"""The datatypes whose values are numbers."""
_NEXT_WORD = re.compile(r"_([a-z0-9])")


@dataclass(frozen=True)
class Reach:
    """A way from a thing to values: along properties, from the thing itself or from what joins it to others."""

    path: tuple[Property, ...]
    is_joined: bool = False

    @property
    def name(self) -> str:
        """The way as a parameter names it."""
        return ".".join(property_.name for property_ in self.path)


@dataclass(frozen=True)
class Condition:
    """What the values at the end of a way must be: one of several."""

    reach: Reach
    values: tuple[str, ...]


@dataclass(frozen=True)
class Order:
    """The order of a list: by label, by id, or by the least value of a property."""

    by: Property | str = LABEL_KEY
    descending: bool = False


@dataclass(frozen=True)
class Wanted:
    """What is asked of a collection; `class_` is None for all things."""

    class_: Term | None
    conditions: tuple[Condition, ...] = ()
    types: tuple[Term, ...] = ()
    text: str = ""
    order: Order = Order()
    limit: int = PAGE
    after: Place | None = None
    fields: frozenset[str] | None = None
    facets: tuple[Reach | str, ...] = ()
    include: frozenset[str] = frozenset()

    def terms(self) -> tuple[Term, ...]:
        """Return the classes and properties that it is asked by."""
        ways = [*(condition.reach for condition in self.conditions), *self.facets]
        properties = [property_ for way in ways if isinstance(way, Reach) for property_ in way.path]
        return (
            *([self.class_] if self.class_ else []),
            *self.types,
            *properties,
            *([self.order.by] if isinstance(self.order.by, Property) else []),
        )


class Reading:
    """Reads parameters against a vocabulary; every method raises RequestParameterError, which names the near ones."""

    def __init__(self, vocabulary: Vocabulary, class_: Term | None) -> None:
        self._vocabulary = vocabulary
        self._class = class_
        self._by_iri = {property_.iri: property_ for property_ in vocabulary.properties.values()}

    def wanted(self, parameters: Sequence[tuple[str, str]]) -> Wanted:
        """Return what the parameters of a request ask for."""
        given: dict[str, str] = {}
        conditions = []
        types: list[Term] = []
        for name, value in parameters:
            if len(value) > _LONGEST_VALUE:
                raise RequestParameterError(f"the value of {name[:50]!r} is longer than {_LONGEST_VALUE} characters")
            if name == TYPE_KEY:
                types += [self._type(part) for part in _parts(name, value)]
            elif name not in _OWN:
                reach = self.reach(name)
                conditions.append(Condition(reach, _parts(name, value) if _is_list(reach.path[-1]) else (value,)))
            elif name in given:
                raise RequestParameterError(f"the parameter {name!r} is given twice")
            else:
                given[name] = value
        if len(conditions) > _MOST_CONDITIONS:
            raise RequestParameterError(f"there are more than {_MOST_CONDITIONS} conditions")
        order = self._order(given.get("sort", LABEL_KEY))
        return Wanted(
            self._class,
            tuple(conditions),
            tuple(types),
            given.get("q", ""),
            order,
            _limit(given.get("limit", str(PAGE))),
            _place(given["cursor"], given.get("sort", LABEL_KEY)) if "cursor" in given else None,
            self._fields(given["fields"]) if "fields" in given else None,
            self._facets(given.get("facets", "")),
            included(given.get("include", "")),
        )

    def reach(self, name: str) -> Reach:
        """Return the way that `name` stands for: `technology`, `located_in`, or `claimant.year`."""
        steps = name.split(".")
        if len(steps) > _LONGEST_PATH:
            raise RequestParameterError(f"{name[:100]!r} has more than {_LONGEST_PATH} steps")
        path = tuple(self._property(step) for step in steps)
        if self._is_direct(path[0]):
            return Reach(path)
        if self._is_of_joining(path[0]):
            return Reach(path, is_joined=True)
        source = self._vocabulary.properties.get("source")
        if source and self._vocabulary.overlap(source.range, path[0].domain):
            return Reach((source, *path))
        assert self._class is not None
        domain = ", ".join(sorted(map(compress, path[0].domain)))
        message = f"{name[:100]!r} is no property of a thing of {self._class.label!r}, but of {domain}"
        raise RequestParameterError(message + did_you_mean(name, self.names()))

    def names(self) -> list[str]:
        """Return the names of the properties that a filter of this collection may begin with."""
        properties = self._vocabulary.properties.items()
        return sorted(name for name, one in properties if self._is_direct(one) or self._is_of_joining(one))

    def _is_of_joining(self, property_: Property) -> bool:
        return bool(property_.domain) and self._vocabulary.is_a(property_.domain, _JOINING)

    def _is_direct(self, property_: Property) -> bool:
        if self._class is None or not property_.domain:
            return True
        return self._vocabulary.overlap(frozenset({self._class.iri}), property_.domain)

    def _property(self, name: str) -> Property:
        known = self._vocabulary.properties
        camel = _NEXT_WORD.sub(lambda match: match[1].upper(), name)
        prefix, colon, local = name.partition(":")
        if colon and (found := self._by_iri.get(PREFIXES.get(prefix, "") + local)):
            return found
        if camel not in known:
            near = did_you_mean(camel, [*known, *_OWN])
            others = "" if near else f" (there are: {', '.join(_OWN)}, and the properties {', '.join(self.names())})"
            raise RequestParameterError(f"there is no parameter {name[:100]!r}{near}{others}")
        return known[camel]

    def _type(self, name: str) -> Term:
        classes = self._vocabulary.classes
        by_collection = collections(classes.values())
        if name in by_collection:
            return by_collection[name]
        local = name.removeprefix("dg:").removeprefix(TERM)
        if local not in classes:
            raise RequestParameterError(f"there is no class {name[:100]!r}{did_you_mean(local, classes)}")
        return classes[local]

    def _order(self, name: str) -> Order:
        key = name.removeprefix("-")
        if key in (LABEL_KEY, ID_KEY):
            return Order(key, name.startswith("-"))
        property_ = self._property(key)
        if property_.kind is not Kind.DATA:
            sortable = [LABEL_KEY, ID_KEY]
            sortable += [n for n in self.names() if self._vocabulary.properties[n].kind is Kind.DATA]
            raise RequestParameterError(
                f"things have no order by {key!r}{did_you_mean(key, sortable)} (they have by: {', '.join(sortable)})"
            )
        return Order(property_, name.startswith("-"))

    def _fields(self, text: str) -> frozenset[str]:
        return frozenset(self._field(part) for part in _parts("fields", text))

    def _field(self, name: str) -> str:
        own = (ID_KEY, LABEL_KEY, "labels", TYPE_KEY, "href")
        return name if name in own else self._property(name).name

    def _facets(self, text: str) -> tuple[Reach | str, ...]:
        names = list(dict.fromkeys(_parts("facets", text))) if text else []
        if len(names) > _MOST_FACETS:
            raise RequestParameterError(f"there are more than {_MOST_FACETS} facets")
        return tuple(name if name == TYPE_KEY else self.reach(name) for name in names)


def included(text: str) -> frozenset[str]:
    """Return what `include` names. Raises RequestParameterError."""
    names = _parts("include", text) if text else ()
    for name in names:
        if name not in INCLUDABLE:
            near = did_you_mean(name, INCLUDABLE)
            others = ", ".join(INCLUDABLE)
            raise RequestParameterError(f"nothing called {name[:100]!r} can be included{near} (there are: {others})")
    return frozenset(names)


def cursor(sort: str, place: Place) -> str:
    """Return what names a place in a list of that order; it is read by `wanted`."""
    content = json.dumps([sort, place.key, place.iri], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(content.encode()).decode().rstrip("=")


def _place(text: str, sort: str) -> Place:
    try:
        of, key, iri = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (ValueError, TypeError, binascii.Error, RecursionError) as error:
        raise RequestParameterError("the cursor is not one that a page gave; begin without") from error
    if of != sort or not isinstance(iri, str) or not isinstance(key, str | None):
        raise RequestParameterError("the cursor is of a list in another order; begin without")
    return Place(key, iri)


def _limit(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 9 or not 1 <= int(text) <= _LARGEST_PAGE:
        raise RequestParameterError(f"limit is a number from 1 to {_LARGEST_PAGE}, not {text[:50]!r}")
    return int(text)


def _parts(name: str, text: str) -> tuple[str, ...]:
    parts = tuple(part.strip() for part in text.split(","))
    if not all(parts):
        raise RequestParameterError(f"a value of {name[:50]!r} is empty")
    if len(parts) > _MOST_VALUES:
        raise RequestParameterError(f"{name[:50]!r} has more than {_MOST_VALUES} values")
    return parts


def _is_list(property_: Property) -> bool:
    """Tell whether a comma stands between values of a property, and not within one."""
    return property_.kind is Kind.OBJECT or (property_.kind is Kind.DATA and property_.datatype != XSD + "string")
