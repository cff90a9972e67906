"""Finds the FROM and FROM NAMED of a query where there are several, which the service merges itself."""

from service.sparql.lexer import Token
from service.store.rdf_dataset import DatasetClause

_FORMS = frozenset({"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"})


def dataset_clause(text: str, found: list[Token]) -> DatasetClause | None:
    """Return the graphs that a query with these tokens names, None where it names no two for its default graph."""
    defaults: list[str] = []
    named: list[str] = []
    head = next((token.start for token in found if token.kind == "word" and token.text in _FORMS), 0)
    end = Token("word", "", len(text))
    depth = 0
    for before, token, after in zip([end, *found], found, [*found[1:], end], strict=False):
        depth += (token.kind == "open") - (token.kind == "close")
        if depth or token.kind != "word":
            continue
        iri = text[token.start + len(token.text) : after.start]
        if token.text == "FROM" and after.text != "NAMED":
            defaults.append(iri)
        elif token.text == "NAMED" and before.text == "FROM":
            named.append(iri)
    return DatasetClause(tuple(defaults), tuple(named), text[:head]) if len(defaults) > 1 else None
