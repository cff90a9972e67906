"""Reads which triple is asked about: a subject, a property of the ontology and an object, as people write them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from ontology.iris import PREFIXES, RDF, TERM, expand
from ontology.keys import LABELS
from ontology.nearest import did_you_mean
from ontology.vocabulary import Kind, Vocabulary
from service.errors import RequestParameterError
from service.things.description import EVIDENCE, LABEL, TYPE
from service.things.values import iri_of
from service.things.ways import in_camel_case

PARAMETERS = ("subject", "property", "object")
LONGEST_VALUE = 1000
_FORMAT = "format"
_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,15})?", re.ASCII)
_WITH_LANGUAGE = re.compile(r"(?P<text>.+)@(?P<language>[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*)", re.DOTALL)
_NAMES = "|".join(f"<{PREFIXES[prefix]}{name}>" for prefix, name in (("rdfs", "label"), ("skos", "altLabel")))
_TYPE_NAMES = ("type", "a", "rdf:type", RDF + "type")
# What these say of a situation or statement does not hold for what it joins.
_OF_ITSELF = frozenset({TERM + "source", EVIDENCE})


@dataclass(frozen=True)
class Written:
    """A thing or a value as somebody writes it, and the IRIs that this may stand for."""

    text: str
    iris: tuple[str, ...]

    def test(self, variable: str) -> str:
        """Return the SPARQL expression for whether a variable has a value that is written so."""
        value, lower = f"?{variable}", ox.Literal(self.text.lower())
        tests = [f"{value} IN ({', '.join(f'<{iri}>' for iri in self.iris)})"] if self.iris else []
        tests.append(f"(isLiteral({value}) && LCASE(STR({value})) = {lower})")
        if _NUMBER.fullmatch(self.text):
            tests.append(f"(isNumeric({value}) && {value} = {self.text})")
        if (found := _WITH_LANGUAGE.fullmatch(self.text)) is not None:
            tests.append(f"{value} = {ox.Literal(found['text'], language=found['language'])}")
        tests.append(f"EXISTS {{ {value} {_NAMES} ?{variable}Name FILTER(LCASE(STR(?{variable}Name)) = {lower}) }}")
        return f"({' || '.join(tests)})"


@dataclass(frozen=True)
class Asked:
    """The triple that is asked about; `is_joined` tells whether a situation may say the property of its members."""

    subject: Written
    property: str
    object: Written
    is_joined: bool


def given(parameters: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Return subject, property and object as a request gives them. Raises RequestParameterError."""
    values: dict[str, str] = {}
    for name, value in parameters:
        if name not in (*PARAMETERS, _FORMAT):
            near = did_you_mean(name, PARAMETERS)
            there = ", ".join((*PARAMETERS, _FORMAT))
            raise RequestParameterError(f"there is no parameter {name[:100]!r}{near} (there are: {there})")
        if name in values:
            raise RequestParameterError(f"the parameter {name!r} is given twice")
        values[name] = value
    return {name: value for name, value in values.items() if name != _FORMAT}


def asked(values: dict[str, str], vocabulary: Vocabulary) -> Asked:
    """Return what the values of subject, property and object ask about.

    Raises RequestParameterError, which names those that are missing or too long, and the properties that are near.
    """
    if missing := [name for name in PARAMETERS if not values.get(name, "").strip()]:
        example = "subject=aiju&property=brokers&object=drones"
        raise RequestParameterError(f"the triple lacks {' and '.join(missing)}; give all three, as in {example}")
    for name, value in values.items():
        if len(value) > LONGEST_VALUE:
            raise RequestParameterError(f"{name!r} is longer than {LONGEST_VALUE} characters")
    subject, property_, object_ = (values[name].strip() for name in PARAMETERS)
    iri, is_joined = _property(property_, vocabulary)
    return Asked(_written(subject, vocabulary), iri, _written(object_, vocabulary), is_joined)


def _written(text: str, vocabulary: Vocabulary) -> Written:
    """Return what is written as a thing, where it can be one, or as the name of a class."""
    found = [iri for iri in [iri_of(text)] if iri]
    if text in vocabulary.classes:
        found.append(vocabulary.classes[text].iri)
    return Written(text, tuple(found))


def _property(name: str, vocabulary: Vocabulary) -> tuple[str, bool]:
    """Return the IRI of a property, and whether it may hold for what a situation joins."""
    if name in _TYPE_NAMES:
        return TYPE, False
    if name == LABELS:
        return LABEL, False
    camel = in_camel_case(name)
    by_iri = {property_.iri: property_ for property_ in vocabulary.properties.values()}
    found = vocabulary.properties.get(camel) or by_iri.get(expand(name))
    if found is not None:
        return found.iri, found.kind is not Kind.ANNOTATION and found.iri not in _OF_ITSELF
    iri = iri_of(name) if "://" in expand(name) else None
    if iri is not None and not iri.startswith(TERM):
        return iri, False
    by_label = {property_.label.lower(): property_ for property_ in vocabulary.properties.values()}
    if name.lower() in by_label:
        return _property(by_label[name.lower()].iri, vocabulary)
    near = did_you_mean(camel, vocabulary.properties)
    others = "" if near else "; /ontology lists them"
    raise RequestParameterError(f"the ontology has no property {name[:100]!r}{near}{others}")
