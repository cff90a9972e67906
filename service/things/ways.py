"""Finds the ways from the things of a collection to values, by the names that parameters give them."""

from collections.abc import Iterable

import inflection

from ontology.iris import PREFIXES, TERM, compress
from ontology.nearest import did_you_mean
from ontology.vocabulary import Property, Term, Vocabulary
from service.errors import RequestParameterError
from service.things.wanted import Reach

_LONGEST_PATH = 3
# Things of these classes join others, and what holds for one of them is asked of those that it joins.
_JOINING = frozenset({TERM + "Situation", TERM + "Statement"})


def in_camel_case(name: str) -> str:
    """Return a name such as `located_in` as the ontology has it."""
    return inflection.camelize(name, uppercase_first_letter=False) if name else name


class Ways:
    """The ways from things of a class, or from all things where it is None; each raises RequestParameterError."""

    def __init__(self, vocabulary: Vocabulary, class_: Term | None) -> None:
        self._vocabulary = vocabulary
        self._class = class_
        self._by_iri = {property_.iri: property_ for property_ in vocabulary.properties.values()}

    def reach(self, name: str, what: str, others: Iterable[str] = ()) -> Reach:
        """Return the way that `name` stands for: `technology`, `located_in`, or `claimant.year`.

        Where there is none, the message tells `what` it should be, and the near ones, of the `others` too.
        """
        steps = name.split(".")
        if len(steps) > _LONGEST_PATH:
            raise RequestParameterError(f"the {what} {name[:100]!r} has more than {_LONGEST_PATH} steps")
        first = self.property(steps[0], what, others if len(steps) == 1 else ())
        path = (first, *(self.property(step, what) for step in steps[1:]))
        if self._is_direct(first):
            return Reach(path)
        if self._is_of_joining(first):
            return Reach(path, is_joined=True)
        source = self._vocabulary.properties.get("source")
        if source and self._vocabulary.overlap(source.range, first.domain):
            return Reach((source, *path))
        raise self._not_of_these(name, what, first, self.names())

    def direct(self, name: str, what: str, others: Iterable[str] = ()) -> Property:
        """Return a property that the things may have themselves."""
        property_ = self.property(name, what, others)
        if not self._is_direct(property_):
            raise self._not_of_these(name, what, property_, self.direct_names())
        return property_

    def property(self, name: str, what: str, others: Iterable[str] = ()) -> Property:
        """Return the property of a name as in Python or in the ontology, also with a prefix."""
        known = self._vocabulary.properties
        camel = in_camel_case(name)
        prefix, colon, local = name.partition(":")
        if colon and (found := self._by_iri.get(PREFIXES.get(prefix, "") + local)):
            return found
        if camel in known:
            return known[camel]
        near = did_you_mean(camel, [*known, *others])
        own = f"{', '.join(others)}, and " if others else ""
        rest = near or f" (there are: {own}the properties that /api/docs tells of)"
        raise RequestParameterError(f"there is no {what} {name[:100]!r}{rest}")

    def names(self) -> list[str]:
        """Return the names of the properties that a filter of this collection may begin with."""
        properties = self._vocabulary.properties.items()
        return sorted(name for name, one in properties if self._is_direct(one) or self._is_of_joining(one))

    def direct_names(self) -> list[str]:
        """Return the names of the properties that the things may have themselves."""
        return sorted(name for name, one in self._vocabulary.properties.items() if self._is_direct(one))

    def _is_of_joining(self, property_: Property) -> bool:
        return bool(property_.domain) and self._vocabulary.is_a(property_.domain, _JOINING)

    def _is_direct(self, property_: Property) -> bool:
        if self._class is None or not property_.domain:
            return True
        return self._vocabulary.overlap(frozenset({self._class.iri}), property_.domain)

    def _not_of_these(self, name: str, what: str, property_: Property, known: list[str]) -> RequestParameterError:
        assert self._class is not None
        domain = ", ".join(sorted(map(compress, property_.domain)))
        message = f"the {what} {name[:100]!r} is no property of a thing of {self._class.label!r}, but of {domain}"
        return RequestParameterError(message + did_you_mean(name, known))
