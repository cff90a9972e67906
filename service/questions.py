"""Asks a named query: finds the things that its parameters may name, binds them and has the engine answer."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from ontology.iris import OWL, PREFIXES, RELEASE, TERM, THING
from queries.binding import Candidate, bind
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
    candidates = {
        parameter.type: await _candidates(reader, parameter.type)
        for name, parameter in query.parameters.items()
        if name in values and parameter.type not in LITERAL_TYPES
    }
    return await reader.answer(Query(bind(query, values, candidates.__getitem__), media_type))


def answer_document(query: NamedQuery, values: Mapping[str, str], release: str, table: Table) -> dict[str, Any]:
    """Return the answer to a named query as REST and the command line show it in JSON."""
    return {
        "query": query.name,
        "summary": query.summary,
        "parameters": dict(values),
        "release": RELEASE + release,
        "columns": list(table.shown),
        "rows": table.documents(),
    }


async def _candidates(reader: Reader, class_name: str) -> list[Candidate]:
    answer = await reader.answer(Query(_candidates_query(class_name), SOLUTIONS_JSON))
    rows = Table.parse(answer.content).rows
    return [Candidate(row["thing"]["value"], row["name"]["value"]) for row in rows]


@lru_cache
def _candidates_query(class_name: str) -> str:
    """Return the query for every thing of a class with its names; the name comes from a query's header."""
    type_, namespace = f"?thing a <{TERM}{class_name}> .", THING
    if class_name == ANY_THING:
        type_ = ""
    elif class_name == ANY_CLASS:
        type_, namespace = f"?thing a <{OWL}Class> .", TERM
    return f"""SELECT DISTINCT ?thing ?name WHERE {{
        {type_} ?thing <{PREFIXES["rdfs"]}label>|<{PREFIXES["skos"]}altLabel> ?name
        FILTER(STRSTARTS(STR(?thing), "{namespace}")) }}"""
