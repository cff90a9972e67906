"""Reads the named queries: one `.rq` file each, whose `#+` header is YAML and whose text runs as it stands.

    #+ summary: Which collective actors brokered which technologies?
    #+ sentence: Which technologies did {actor} broker?
    #+ parameters:
    #+   actor: {type: Actor, summary: only what this actor brokered, example: aiju}
    SELECT … WHERE { … VALUES ?actor { UNDEF } }

Each parameter has its place in the text, `VALUES ?name { UNDEF }`, where its value is bound. One that nobody gives a
value is left as it stands, or has the value that the header names as its `default`. A query with a `sentence` stands on
the home page, with a blank to fill for each parameter that the sentence names. One with a `source` asks of a source
that has to be loaded, and is left out of releases that lack that.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

import pyoxigraph as ox

from ontology.iris import TERM, THING, XSD, expand, prologue
from ontology.nearest import did_you_mean
from queries.errors import QueryFileError, UnknownQueryError
from queries.header import split

LITERAL_TYPES = ("integer", "string")
ANY_THING = "thing"
ANY_CLASS = "class"
# What a request says of its answer stands beside the values of the parameters, so none of these may have its name.
RESERVED = ("format", "limit", "offset")
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_TYPE = re.compile(r"[A-Za-z]\w*", re.ASCII)
_SLOT = re.compile(r"VALUES\s+\?(?P<name>\w+)\s*\{\s*UNDEF\s*\}")
_BLANK = re.compile(r"\{(\w*)\}")
_KEYS = ("summary", "sentence", "parameters", "source")
_PARAMETER_KEYS = ("type", "summary", "example")
_OPTIONAL_KEYS = ("default",)
_INTEGER = re.compile(r"[+-]?[0-9]{1,18}")


@dataclass(frozen=True)
class Parameter:
    """A parameter; it takes things of a class of the ontology, ANY_THING, ANY_CLASS, or one of LITERAL_TYPES."""

    name: str
    type: str
    summary: str
    example: str
    default: str | None = None

    @property
    def is_literal(self) -> bool:
        """Whether it takes a literal, rather than a thing."""
        return self.type in LITERAL_TYPES

    def native(self, value: str) -> str | int:
        """Return a value as JSON has it: a number where the parameter takes one."""
        return int(value) if self.type == "integer" else value

    @property
    def default_term(self) -> str | None:
        """The default as a serialised RDF term. Raises ValueError where it is none."""
        if self.default is None:
            return None
        if self.is_literal:
            return str(literal(self.type, self.default))
        iri = expand(self.default)
        return str(ox.NamedNode(iri if ":" in iri else (TERM if self.type == ANY_CLASS else THING) + iri))


@dataclass(frozen=True)
class NamedQuery:
    """A question of the graph: its name, its group (the folder it is in), what it answers, parameters and SPARQL.

    `line` is the one of its file at which the text begins; `sentence` asks it with blanks, such as `{actor}`; `source`
    is the loaded one that it asks of, if any.
    """

    name: str
    group: str
    summary: str
    parameters: Mapping[str, Parameter]
    text: str
    line: int = 1
    sentence: str | None = None
    source: str | None = None

    @property
    def sentence_parts(self) -> list[str | Parameter]:
        """The sentence in parts: text, and parameters where blanks are."""
        parts = _BLANK.split(self.sentence or "")
        return [self.parameters[part] if place % 2 else part for place, part in enumerate(parts) if part]

    @property
    def defaults(self) -> dict[str, str]:
        """The values of the parameters that have one where none is given."""
        return {name: p.default for name, p in self.parameters.items() if p.default is not None}

    def sparql(self, terms: Mapping[str, str]) -> str:
        """Return the SPARQL text with prefixes, each parameter bound to its serialised RDF term in `terms`.

        One that `terms` lacks is bound to its default, if it has one.
        """

        def bind(slot: re.Match[str]) -> str:
            term = terms.get(slot["name"]) or self.parameters[slot["name"]].default_term
            return slot[0] if term is None else f"VALUES ?{slot['name']} {{ {term} }}"

        return prologue(self.text) + _SLOT.sub(bind, self.text)


def literal(type_: str, value: str) -> ox.Literal:
    """Return `value` as a literal of one of LITERAL_TYPES. Raises ValueError where it is none."""
    if type_ == "string":
        return ox.Literal(value)
    if not _INTEGER.fullmatch(value):
        raise ValueError(f"{value!r} is no whole number")
    return ox.Literal(value, datatype=ox.NamedNode(XSD + "integer"))


def load_queries(directory: Traversable | None = None) -> dict[str, NamedQuery]:
    """Read every `.rq` file of `directory`, by default the packaged ones, and of the folders in it, by group and name.

    Raises QueryFileError for the first file that is broken.
    """
    queries: dict[str, NamedQuery] = {}
    for group, file in query_files(directory or resources.files("queries")):
        try:
            query = parse_query(file.name, file.read_text(encoding="utf-8"), group)
        except UnicodeDecodeError as error:
            raise QueryFileError(f"{file.name}:1: not UTF-8") from error
        if query.name in queries:
            raise QueryFileError(f"{file.name}:1: another file has the name {query.name!r}; rename one")
        queries[query.name] = query
    return {query.name: query for query in sorted(queries.values(), key=lambda query: (query.group, query.name))}


def askable(queries: Mapping[str, NamedQuery], sources: Collection[str]) -> dict[str, NamedQuery]:
    """Return those of `queries` that can be asked where just these sources were loaded."""
    return {name: query for name, query in queries.items() if query.source is None or query.source in sources}


def query_named(queries: Mapping[str, NamedQuery], name: str) -> NamedQuery:
    """Return the named query `name`. Raises UnknownQueryError, which names the nearest."""
    if name not in queries:
        raise UnknownQueryError(f"no named query {name!r}{did_you_mean(name, queries)}")
    return queries[name]


def parse_query(file_name: str, content: str, group: str = "") -> NamedQuery:
    """Read one `.rq` file. Raises QueryFileError."""
    name = file_name.removesuffix(".rq")
    if not _NAME.fullmatch(name):
        raise QueryFileError(f"{file_name}:1: the name must be lower-case letters, digits and hyphens")
    fields, text, first = split(file_name, content, _KEYS)
    if not re.search(r"\bSELECT\b", text, re.IGNORECASE):
        raise QueryFileError(f"{file_name}:1: a named query is a SELECT")
    parameters = _parameters(file_name, fields.get("parameters") or {})
    slots = [slot["name"] for slot in _SLOT.finditer(text)]
    if sorted(slots) != sorted(parameters):
        raise QueryFileError(
            f"{file_name}:1: the header has the parameters {sorted(parameters)}, and the text has "
            f"'VALUES ?name {{ UNDEF }}' for {sorted(slots)}; each parameter needs one"
        )
    sentence = fields.get("sentence")
    _check_sentence(file_name, sentence, parameters)
    source = fields.get("source")
    if source is not None and not (isinstance(source, str) and _NAME.fullmatch(source)):
        raise QueryFileError(f"{file_name}:1: 'source' must be the name of a source that can be loaded")
    return NamedQuery(name, group, fields["summary"], parameters, text, first, sentence, source)


def _check_sentence(file_name: str, sentence: Any, parameters: Mapping[str, Parameter]) -> None:
    if sentence is None:
        return
    if not isinstance(sentence, str):
        raise QueryFileError(f"{file_name}:1: 'sentence' must be a text; put it in quotes")
    blanks = _BLANK.findall(sentence)
    for name in blanks:
        if name not in parameters:
            near = did_you_mean(name, parameters)
            raise QueryFileError(f"{file_name}:1: the sentence has a blank {{{name}}}, which is no parameter{near}")
    if not blanks or len({*blanks}) < len(blanks):
        raise QueryFileError(f"{file_name}:1: the sentence needs a blank such as {{name}}, each parameter at most once")


def query_files(directory: Traversable, group: str = "") -> list[tuple[str, Traversable]]:
    """Return the files of queries with the folder that each is in, those of the directory itself first."""
    children = sorted(directory.iterdir(), key=lambda child: child.name)
    folders = [child for child in children if child.is_dir() and not child.name.startswith(("_", "."))]
    here = [(group, child) for child in children if child.name.endswith(".rq")]
    return here + [found for folder in folders for found in query_files(folder, folder.name)]


def _parameters(file_name: str, fields: Any) -> dict[str, Parameter]:
    if not isinstance(fields, dict):
        raise QueryFileError(f"{file_name}:1: 'parameters' must be a mapping of names")
    return {name: _parameter(file_name, name, values) for name, values in fields.items()}


def _parameter(file_name: str, name: str, values: Any) -> Parameter:
    if name in RESERVED:
        raise QueryFileError(
            f"{file_name}:1: no parameter can be called {name!r}, which says how the answer is sent; rename it"
        )
    keys = set(values) if isinstance(values, dict) else set()
    if not keys >= {*_PARAMETER_KEYS} or not keys <= {*_PARAMETER_KEYS, *_OPTIONAL_KEYS}:
        way_out = f"needs {', '.join(_PARAMETER_KEYS)} and may have {', '.join(_OPTIONAL_KEYS)}"
        raise QueryFileError(f"{file_name}:1: parameter {name!r} {way_out}")
    if not _TYPE.fullmatch(str(values["type"])):
        raise QueryFileError(f"{file_name}:1: the type of {name!r} must be the name of a class")
    texts = {key: str(value) for key, value in values.items()}
    parameter = Parameter(name, texts["type"], texts["summary"], texts["example"], texts.get("default"))
    try:
        _ = parameter.default_term, literal(parameter.type, parameter.example) if parameter.is_literal else None
    except ValueError as error:
        wanted = f"of type {parameter.type}" if parameter.is_literal else "an id, a prefixed name or an IRI"
        raise QueryFileError(f"{file_name}:1: example and default of {name!r} must be {wanted}: {error}") from error
    return parameter
