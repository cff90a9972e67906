"""Tells what a SPARQL update does, without carrying it out, and gives it the dataset that a request names for it."""

from service.errors import NotOfferedError, QueryRefusedError
from service.sparql.lexer import Token, tokens
from service.sparql.query_form import NOWHERE, harmless
from service.sparql.reach import Reach
from service.store.rdf_dataset import DatasetClause

_OF_DATASETS = {"AS", "DEFAULT", "GRAPH", "INTO", "NAMED", "SILENT", "TO", "USING", "WITH"}
_OPERATIONS = {"ADD", "ALL", "CLEAR", "COPY", "CREATE", "DATA", "DELETE", "DROP", "INSERT", "LOAD", "MOVE", "WHERE"}
_PROLOGUE = {"PREFIX": 2, "BASE": 1, "VERSION": 1}


def only_inserts(text: str, reach: Reach = NOWHERE) -> bool:
    """Tell whether every operation of the update is INSERT DATA.

    Raises QueryRefusedError for SERVICE and LOAD beyond `reach`, and for what overflows the engine's stack.
    """
    harmless(text, reach)
    outside = _outside(list(tokens(text)))
    _refuse_load(outside, reach)
    outside = [token for token in outside if token.kind != "semicolon"]
    words = [token.text for token in outside if token.kind == "word"]
    of_prologue = sum(_PROLOGUE.get(word, 0) for word in words)
    operations = [word for word in words if word not in _PROLOGUE]
    has_no_more = len(outside) == len(words) + of_prologue
    return has_no_more and operations == ["INSERT", "DATA"] * (len(operations) // 2)


def with_dataset(text: str, dataset: DatasetClause | None) -> str:
    """Return the update with USING clauses for the graphs of the request (SPARQL 1.1 Protocol, section 2.2.3).

    Raises QueryRefusedError where the update has USING or WITH itself.
    """
    if dataset is None:
        return text
    clauses = "".join(f" USING <{iri}>" for iri in dataset.default_graphs)
    clauses += "".join(f" USING NAMED <{iri}>" for iri in dataset.named_graphs)
    found = harmless(text)
    outside = [token for token in _outside(found) if token.kind == "word"]
    if any(token.text in ("USING", "WITH") for token in outside):
        raise QueryRefusedError("an update with USING or WITH takes no using-graph-uri or using-named-graph-uri")
    known = _OF_DATASETS | _OPERATIONS | _PROLOGUE.keys()
    for token in outside:
        if token.text not in known:
            raise QueryRefusedError(f"not SPARQL Update: {token.text[:50]}")
    for number, token in reversed(list(enumerate(found))):
        if token.text == "WHERE" and token in outside:
            # DELETE WHERE takes no USING; what it deletes is what it looks for (SPARQL 1.1 Update, section 3.1.3.3)
            template = _group_after(text, found, number) if found[number - 1].text == "DELETE" else ""
            text = f"{text[: token.start]}{template}{clauses} {text[token.start :]}"
    return text


def _refuse_load(outside: list[Token], reach: Reach) -> None:
    """Refuse LOAD, also where the engine finds it in a word or a name that has it before the first letter of an IRI."""
    for number, token in enumerate(outside):
        before = outside[number - 1] if number else None
        if token.kind == "word" and token.text == "LOAD":
            is_silent = [after.text for after in outside[number + 1 : number + 2]] == ["SILENT"]
            reach.require("LOAD", is_silent, next(iter(outside[number + 1 + is_silent :]), None))
        is_in_word = token.kind == "word" and "LOAD" in token.text and token.text != "LOAD"
        prefix = token.text.partition(":")[0].upper() if token.kind == "name" else ""
        begins = before is None or before.kind != "word"
        if is_in_word or (begins and prefix.endswith(("LOAD", "LOADSILENT"))):
            raise NotOfferedError("LOAD is not offered here; send the triples to /graph-store yourself")


def _group_after(text: str, found: list[Token], number: int) -> str:
    """Return the group `{…}` that follows a token, "" where none does."""
    depth = 0
    for token in found[number + 1 :]:
        depth += (token.kind == "open") - (token.kind == "close")
        if depth == 0:
            return text[found[number + 1].start : token.start + 1] if token.kind == "close" else ""
    return ""


def _outside(tokens: list[Token]) -> list[Token]:
    """Return the tokens that stand in no bracket."""
    found, depth = [], 0
    for token in tokens:
        if token.kind == "open":
            depth += 1
        elif token.kind == "close":
            depth -= 1
        elif depth == 0:
            found.append(token)
    return found
