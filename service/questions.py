"""Asks a named query: finds the things that its parameters may name, binds them and has the engine answer."""

from collections.abc import Mapping
from typing import Any

from ontology.iris import OWL, PREFIXES, RELEASE, TERM, THING
from queries.binding import Candidate, bind, check, possible_iris
from queries.named_query import ANY_CLASS, ANY_THING, LITERAL_TYPES, NamedQuery
from service.engine.engine import Answer
from service.reader import Reader
from service.store.evaluation import Query
from service.tables import Table

SOLUTIONS_JSON = "application/sparql-results+json"


async def ask(reader: Reader, query: NamedQuery, values: Mapping[str, str], media_type: str) -> Answer[bytes]:
    """Return the answer to `query` with the parameter `values`, serialised as `media_type`.

    Raises ParameterError, ReleaseError or EngineError.
    """
    return await reader.answer(Query(await bound(reader, query, values), media_type))


async def bound(reader: Reader, query: NamedQuery, values: Mapping[str, str]) -> str:
    """Return the SPARQL text that answers `query` with the parameter `values`.

    Raises ParameterError, ReleaseError or EngineError.
    """
    check(query, values)
    meant: dict[str, list[str]] = {}
    for name, value in values.items():
        if (type_ := query.parameters[name].type) not in LITERAL_TYPES:
            meant.setdefault(type_, []).append(value)
    candidates = {type_: await _candidates(reader, type_, of_type) for type_, of_type in meant.items()}
    return bind(query, values, candidates.__getitem__)


def answer_document(query: NamedQuery, values: Mapping[str, str], release: str, table: Table) -> dict[str, Any]:
    """Return the answer to a named query as REST and the command line show it in JSON."""
    return {
        "query": query.name,
        "summary": query.summary,
        "parameters": {
            name: query.parameters[name].native(value) for name, value in {**query.defaults, **values}.items()
        },
        "release": RELEASE + release,
        "columns": list(table.shown),
        "rows": table.documents(),
    }


async def _candidates(reader: Reader, class_name: str, values: list[str]) -> list[Candidate]:
    """Return the things of a class that `values` name by IRI, and all where one of them names none."""
    meant = [possible_iris(value) for value in values]
    if iris := sorted({iri for possible in meant for iri in possible}):
        found = await _found(reader, class_name, iris)
        known = {candidate.iri for candidate in found}
        if all(known.intersection(possible) for possible in meant):
            return found
    return await _found(reader, class_name, [])


async def _found(reader: Reader, class_name: str, iris: list[str]) -> list[Candidate]:
    answer = await reader.answer(Query(_candidates_query(class_name, iris), SOLUTIONS_JSON))
    rows = Table.parse(answer.content).rows
    return [Candidate(row["thing"]["value"], row["name"]["value"]) for row in rows]


def _candidates_query(class_name: str, iris: list[str]) -> str:
    """Return the query for the things of a class with their names, for all or those among `iris`.

    The name of the class comes from a query's header.
    """
    type_, namespace = f"?thing a <{TERM}{class_name}> .", THING
    if class_name == ANY_THING:
        type_ = ""
    elif class_name == ANY_CLASS:
        type_, namespace = f"?thing a <{OWL}Class> .", TERM
    among = f"VALUES ?thing {{ {' '.join(f'<{iri}>' for iri in iris)} }}" if iris else ""
    return f"""SELECT DISTINCT ?thing ?name WHERE {{ {among}
        {type_} ?thing <{PREFIXES["rdfs"]}label>|<{PREFIXES["skos"]}altLabel> ?name
        FILTER(STRSTARTS(STR(?thing), "{namespace}")) }}"""
