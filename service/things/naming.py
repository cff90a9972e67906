"""Finds the things that a request names by id, prefixed name, IRI or label."""

from collections.abc import Sequence

import pyoxigraph as ox

from ontology.iris import PREFIXES
from service.reader import Reader
from service.store.selection import Selects
from service.things.description import LABEL
from service.things.unknown import near_things
from service.things.values import iri_of


async def named_things(reader: Reader, names: Sequence[str]) -> list[str]:
    """Return the IRI of each thing. Raises UnknownThingError, which names the near ones."""
    asked = [query for name in names for query in (_by_iri(name), _by_label(name))]
    answers = (await reader.answer(Selects(tuple(asked)))).content
    found = []
    for number, name in enumerate(names):
        by_iri, by_label = answers[2 * number : 2 * number + 2]
        if not by_iri and not by_label:
            raise await near_things(reader, name, None)
        found.append(str((by_iri or by_label)[0][0]))
    return list(dict.fromkeys(found))


def _by_iri(name: str) -> str:
    iri = iri_of(name)
    if iri is None:
        return "SELECT ?thing WHERE { VALUES ?thing { } }"
    return f"SELECT ?thing WHERE {{ VALUES ?thing {{ <{iri}> }} FILTER EXISTS {{ ?thing ?property ?value }} }}"


def _by_label(name: str) -> str:
    names, wanted = f"<{LABEL}>|<{PREFIXES['skos']}altLabel>", ox.Literal(name.lower())
    return f"""SELECT ?thing WHERE {{ ?thing {names} ?name FILTER(LCASE(STR(?name)) = {wanted} && isIRI(?thing)) }}
        ORDER BY ?thing LIMIT 1"""
