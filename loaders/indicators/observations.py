"""Makes observations of the table of regional indicators (The RDF Data Cube Vocabulary, 2014)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from loaders.indicators.table import COLUMNS, TABLE, Indicator, Row, Stretch, indicators_in, row_of, stretches_of
from loaders.loading.plan import Fault, Part, Plan
from loaders.loading.terms import LABEL, TYPE, decimal, integer, iri, line, term, text, thing
from ontology.iris import PREFIXES

NAME = "regional-indicators"
_TITLE = "Industry 4.0 readiness of European regions"
_LICENSE = "https://creativecommons.org/licenses/by/4.0/"
_DOI = "10.1016/j.dib.2020.106464"
_ROWS = 500
_CUBE = "http://purl.org/linked-data/cube#"
_SKOS, _DCTERMS = PREFIXES["skos"], PREFIXES["dcterms"]
_DATA_SET = thing(NAME)
# Aggregates of Eurostat, which are made of countries and have no place in the hierarchy.
_AGGREGATE = re.compile(r"EU[0-9]{2}|EA[0-9]{2}|EFTA")


def plan(folder: Path) -> Plan:
    """Return how to load the table in `folder`. Raises LoadError where it cannot be read."""
    indicators = indicators_in(folder)
    table = folder / TABLE
    slugs = tuple(indicator.slug for indicator in indicators)
    parts: list[Part] = [Structure(tuple(indicators))]
    parts += (Observations(table, stretch, slugs) for stretch in stretches_of(table, _ROWS))
    about = {"license": _LICENSE, "doi": _DOI}
    return Plan(NAME, _TITLE, [table, folder / COLUMNS], parts, about)


@dataclass(frozen=True)
class Structure:
    """The data set, its structure and its indicators."""

    indicators: Sequence[Indicator]
    key = "structure"

    def triples(self, fault: Fault) -> Iterator[bytes]:
        """Yield what is said of them."""
        structure, scheme = thing(f"{NAME}-structure"), thing(f"scheme-{NAME}")
        for class_ in (term("DataSet"), _cube("DataSet")):
            yield line(_DATA_SET, TYPE, class_)
        yield line(_DATA_SET, LABEL, text(_TITLE, "en"))
        yield line(_DATA_SET, iri(f"{_DCTERMS}license"), iri(_LICENSE))
        yield line(_DATA_SET, iri(f"{_DCTERMS}source"), iri(f"https://doi.org/{_DOI}"))
        yield line(_DATA_SET, _cube("structure"), structure)
        yield line(structure, TYPE, _cube("DataStructureDefinition"))
        yield line(structure, LABEL, text(f"{_TITLE}: structure", "en"))
        dimensions = [("dimension", name) for name in ("region", "year", "indicator")]
        for order, (kind, name) in enumerate([*dimensions, ("measure", "value")], 1):
            component = thing(f"{NAME}-structure-{name}")
            yield line(structure, _cube("component"), component)
            yield line(component, TYPE, _cube("ComponentSpecification"))
            yield line(component, LABEL, text(f"{_TITLE}: {name}", "en"))
            yield line(component, _cube(kind), term(name))
            yield line(component, _cube("order"), integer(order))
            yield line(term(name), TYPE, _cube(f"{kind.title()}Property"))
        yield line(term("indicator"), _cube("codeList"), scheme)
        yield line(scheme, TYPE, iri(f"{_SKOS}ConceptScheme"))
        yield line(scheme, LABEL, text(f"{_TITLE}: indicators", "en"))
        for indicator in self.indicators:
            yield from _described(indicator, scheme)


@dataclass(frozen=True)
class Observations:
    """The observations of a stretch of the table, and the regions that these are of."""

    table: Path
    stretch: Stretch
    slugs: Sequence[str]

    @property
    def key(self) -> str:
        """Where the stretch begins."""
        return f"line-{self.stretch.line:08}"

    def triples(self, fault: Fault) -> Iterator[bytes]:
        """Yield the observations, each row as a whole or not at all."""
        indicators = [(slug, thing(slug)) for slug in self.slugs]
        with self.table.open("rb") as file:
            file.seek(self.stretch.offset)
            for number in range(self.stretch.line, self.stretch.line + self.stretch.rows):
                content = file.readline()
                if not content.strip():
                    continue
                try:
                    row = row_of(content, len(indicators))
                except ValueError as error:
                    fault(str(self.table), number, str(error))
                    continue
                yield from _region(row.region)
                yield from _observed(row, indicators)


def _observed(row: Row, indicators: Sequence[tuple[str, bytes]]) -> Iterator[bytes]:
    region, year = _region_iri(row.region), integer(row.year)
    same = (
        b" %b %b .\n" % (TYPE, term("Observation")),
        b" %b %b .\n" % (TYPE, _cube("Observation")),
        b" %b %b .\n" % (_cube("dataSet"), _DATA_SET),
        b" %b %b .\n" % (term("region"), region),
        b" %b %b .\n" % (term("year"), year),
    )
    of_indicator, of_value = term("indicator"), term("value")
    for (slug, indicator), value in zip(indicators, row.values, strict=True):
        if value is not None:
            observation = thing(f"{row.region.lower()}-{row.year}-{slug}")
            yield from (observation + rest for rest in same)
            yield line(observation, of_indicator, indicator)
            yield line(observation, of_value, decimal(value))


def _described(indicator: Indicator, scheme: bytes) -> Iterator[bytes]:
    subject = thing(indicator.slug)
    label = text(indicator.description.removesuffix("."), "en")
    for class_ in (term("Indicator"), iri(f"{_SKOS}Concept")):
        yield line(subject, TYPE, class_)
    for property_ in (LABEL, iri(f"{_SKOS}prefLabel")):
        yield line(subject, property_, label)
    yield line(subject, iri(f"{_SKOS}notation"), text(indicator.code))
    yield line(subject, iri(f"{_SKOS}inScheme"), scheme)
    yield line(subject, term("dataSet"), _DATA_SET)
    if indicator.unit:
        yield line(subject, term("unit"), text(indicator.unit))


def _region(code: str) -> Iterator[bytes]:
    """Yield what a code says: the region, and those around it, of which it has the first signs."""
    levels = [code] if _AGGREGATE.fullmatch(code) else [code[:signs] for signs in range(len(code), 1, -1)]
    for place, each in enumerate(levels):
        subject = _region_iri(each)
        for class_ in ("StatisticalRegion", "Place", "Location"):
            yield line(subject, TYPE, term(class_))
        yield line(subject, LABEL, text(f"NUTS {each}" if len(levels) > 1 else each, "en"))
        yield line(subject, term("nutsCode"), text(each))
        if len(levels) > 1:
            yield line(subject, term("nutsLevel"), integer(len(each) - 2))
        for around in levels[place + 1 :]:
            yield line(subject, term("locatedIn"), _region_iri(around))


def _region_iri(code: str) -> bytes:
    return thing(f"nuts-{code.lower()}")


def _cube(name: str) -> bytes:
    return f"<{_CUBE}{name}>".encode()
