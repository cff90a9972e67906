"""What the tests of comparisons ask: the cells of a comparison, and what the graph says itself."""

from collections.abc import Iterator, Mapping
from typing import Any

import httpx
from conftest import Service

DG = "https://w3id.org/districtgraph/ontology#"
DGI = "https://w3id.org/districtgraph/id/"
CASES = "castellon,toy-valley,its-owl"
PREFIXES = f"""PREFIX dg: <{DG}> PREFIX dgi: <{DGI}> PREFIX oa: <http://www.w3.org/ns/oa#>
    PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> PREFIX owl: <http://www.w3.org/2002/07/owl#> """
INFERRED = "<https://w3id.org/districtgraph/graph/inferred>"

Document = dict[str, Any]


def document_of(service: Service, query: str) -> Document:
    answer = service.get(f"/api/compare?{query}")
    assert answer.status_code == 200, answer.text
    document: Document = answer.json()
    return document


def compared(service: Service, query: str) -> dict[str, dict[str, list[Document]]]:
    """The values by row and case."""
    return {
        row["dimension"]: {cell["item"].removeprefix(DGI): cell["values"] for cell in row["cells"]}
        for row in document_of(service, query)["rows"]
    }


def values_of(document: Document) -> Iterator[Document]:
    for row in document["rows"]:
        for cell in row["cells"]:
            yield from cell["values"]


def relations_of(document: Document) -> Iterator[Document]:
    for value in values_of(document):
        yield from value["relations"]


def labels(values: list[Document], *bases: str) -> set[str]:
    return {str(value["label"]) for value in values if value["basis"] in bases}


def solutions(service: Service, query: str) -> list[dict[str, str]]:
    asked, headers = {"query": PREFIXES + query}, {"Accept": "application/json"}
    answer = httpx.post(f"{service.url}/sparql", data=asked, headers=headers, timeout=60)
    assert answer.status_code == 200, answer.text
    return [{name: term["value"] for name, term in row.items()} for row in answer.json()["results"]["bindings"]]


def property_of(relation: Mapping[str, str]) -> str:
    name = relation["property"]
    return f"<{name}>" if ":" in name else f"dg:{name}"


def triple_of(relation: Mapping[str, Any]) -> str:
    """The triple of a relation between things."""
    return f"(<{relation['subject']}> {property_of(relation)} <{relation['object']}>)"
