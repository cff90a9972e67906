"""Reads what a request asks of a collection: conditions, text, order, page, fields, facets, and what to include."""

import csv
from collections.abc import Sequence
from contextlib import suppress

import pyoxigraph as ox

from ontology.collections import collections
from ontology.iris import TERM, XSD, expand, local_name
from ontology.nearest import did_you_mean
from ontology.vocabulary import Kind, Property, Term, Vocabulary
from service.errors import RequestParameterError
from service.things.description import FACT_PROPERTY, FACT_SUBJECT
from service.things.wanted import ID_KEY, LABEL_KEY, PAGE, TYPE_KEY, Condition, Order, Reach, Wanted, place_at
from service.things.ways import Ways

INCLUDABLE = ("inferred", "inverse", "evidence", "claims")
_OWN = ("cursor", "facets", "fields", "format", ID_KEY, "include", "limit", "q", "sort", TYPE_KEY)
_OWN_FIELDS = (ID_KEY, LABEL_KEY, "labels", TYPE_KEY, "href")
_LONGEST_VALUE, _MOST_VALUES, _MOST_CONDITIONS, _MOST_FACETS = 1000, 50, 20, 10
_LARGEST_PAGE = 1000


class Reading:
    """Reads parameters against a vocabulary; every method raises RequestParameterError, which names the near ones."""

    def __init__(self, vocabulary: Vocabulary, class_: Term | None) -> None:
        self._vocabulary = vocabulary
        self._class = class_
        self._ways = Ways(vocabulary, class_)

    def wanted(self, parameters: Sequence[tuple[str, str]]) -> Wanted:
        """Return what the parameters of a request ask for."""
        given: dict[str, str] = {}
        conditions = []
        types: list[tuple[Term, ...]] = []
        for name, value in parameters:
            if len(value) > _LONGEST_VALUE:
                raise RequestParameterError(f"the value of {name[:50]!r} is longer than {_LONGEST_VALUE} characters")
            if name == TYPE_KEY:
                types.append(tuple(self._type(part) for part in _parts(name, value)))
            elif name not in _OWN:
                reach = self._ways.reach(name, "parameter", _OWN)
                conditions.append(Condition(reach, _parts(name, value) if _is_list(reach.path[-1]) else (value,)))
            elif name in given:
                raise RequestParameterError(f"the parameter {name!r} is given twice")
            else:
                given[name] = value
        if len(conditions) + len(types) > _MOST_CONDITIONS:
            raise RequestParameterError(f"there are more than {_MOST_CONDITIONS} conditions")
        sort = given.get("sort", LABEL_KEY)
        order, facets = self._order(sort), self._facets(given.get("facets", ""))
        fields = self._fields(given["fields"]) if "fields" in given else None
        ways = (*(one.reach for one in conditions), order.by, *(way for _, way in facets))
        return Wanted(
            self._class,
            tuple(conditions),
            tuple(types),
            _parts(ID_KEY, given[ID_KEY]) if ID_KEY in given else (),
            given.get("q", ""),
            order,
            _limit(given.get("limit", str(PAGE))),
            place_at(given["cursor"], sort) if "cursor" in given else None,
            None if fields is None else frozenset(fields),
            facets,
            included(given.get("include", "")),
            (
                *([self._class] if self._class else []),
                *(term for group in types for term in group),
                *(property_ for way in ways if isinstance(way, Reach) for property_ in way.path),
                *(property_ for property_ in (fields or {}).values() if property_ is not None),
            ),
        )

    def of_thing(self, parameters: Sequence[tuple[str, str]]) -> Wanted:
        """Return what the parameters of a request ask for that is about one thing."""
        known = ("fields", "format", "include")
        for name, _ in parameters:
            if name not in known:
                near = did_you_mean(name, known)
                raise RequestParameterError(f"a thing takes {', '.join(known)}, not {name[:50]!r}{near}")
        return self.wanted(parameters)

    def _type(self, name: str) -> Term:
        """Return the class of a collection, a local name, a prefixed name or an IRI."""
        classes = self._vocabulary.classes
        iri = expand(name)
        if found := collections(classes.values()).get(name) or classes.get(name):
            return found
        if found := next((class_ for class_ in classes.values() if class_.iri == iri), None):
            return found
        if (iri != name or "://" in name) and not iri.startswith(TERM):
            with suppress(ValueError):
                return Term(ox.NamedNode(iri).value, local_name(iri), name, "", None)
        raise RequestParameterError(f"there is no class {name[:100]!r}{did_you_mean(name, classes)}")

    def _order(self, sort: str) -> Order:
        name = sort.removeprefix("-")
        if name in (LABEL_KEY, ID_KEY):
            return Order(name, sort.startswith("-"))
        sortable = [LABEL_KEY, ID_KEY, *filter(self._has_values, self._ways.direct_names())]
        reach = self._ways.reach(name, "order", (LABEL_KEY, ID_KEY))
        if reach.is_joined or reach.path[-1].kind is not Kind.DATA:
            near = did_you_mean(name, sortable)
            raise RequestParameterError(f"there is no order {name!r} of these{near} (there are: {', '.join(sortable)})")
        return Order(reach, sort.startswith("-"))

    def _has_values(self, name: str) -> bool:
        return self._vocabulary.properties[name].kind is Kind.DATA

    def _fields(self, text: str) -> dict[str, Property | None]:
        """Return the keys that `fields` names, with the properties that they are of."""
        found: dict[str, Property | None] = {}
        for name in _parts("fields", text):
            if name in _OWN_FIELDS:
                found[name] = None
            else:
                property_ = self._ways.direct(name, "field", _OWN_FIELDS)
                found[property_.name] = property_
        return found

    def _facets(self, text: str) -> tuple[tuple[str, Reach | str], ...]:
        names = list(dict.fromkeys(_parts("facets", text))) if text else []
        if len(names) > _MOST_FACETS:
            raise RequestParameterError(f"there are more than {_MOST_FACETS} facets")
        return tuple(
            (name, name if name == TYPE_KEY else self._ways.reach(name, "facet", (TYPE_KEY,))) for name in names
        )


def included(text: str) -> frozenset[str]:
    """Return what `include` names. Raises RequestParameterError."""
    names = _parts("include", text) if text else ()
    for name in names:
        if name not in INCLUDABLE:
            near = did_you_mean(name, INCLUDABLE)
            others = ", ".join(INCLUDABLE)
            raise RequestParameterError(f"nothing called {name[:100]!r} can be included{near} (there are: {others})")
    return frozenset(names)


def _limit(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 9 or not 1 <= int(text) <= _LARGEST_PAGE:
        raise RequestParameterError(f"limit is a number from 1 to {_LARGEST_PAGE}, not {text[:50]!r}")
    return int(text)


def _parts(name: str, text: str) -> tuple[str, ...]:
    """Return what stands between commas; one that is part of a value stands in quotation marks (RFC 4180)."""
    try:
        (found,) = csv.reader([text], skipinitialspace=True, strict=True)
    except (csv.Error, ValueError) as error:
        raise RequestParameterError(f"the quotation marks in {name[:50]!r} do not fit") from error
    parts = tuple(dict.fromkeys(part.strip() for part in found))
    if not all(parts) or not parts:
        raise RequestParameterError(f"a value of {name[:50]!r} is empty")
    if len(parts) > _MOST_VALUES:
        raise RequestParameterError(f"{name[:50]!r} has more than {_MOST_VALUES} values")
    return parts


def _is_list(property_: Property) -> bool:
    """Tell whether a comma stands between values of a property, and not within one."""
    if property_.kind is Kind.DATA:
        return property_.datatype != XSD + "string"
    return property_.kind is Kind.OBJECT or property_.iri in (FACT_SUBJECT, FACT_PROPERTY)
