"""A query as it is asked; what it is, and what may be sent for it, is found out in the worker that evaluates it."""

import hashlib
from typing import NamedTuple

import pyoxigraph as ox

from service.errors import NotOfferedError
from service.sparql.dataset_clause import dataset_clause
from service.sparql.lexer import Token, with_small_booleans
from service.sparql.negotiation import media_type_for
from service.sparql.query_form import NOWHERE, form_in, harmless, plain_form
from service.sparql.reach import Reach
from service.store.coding import coded, coding_for
from service.store.dataset import Dataset
from service.store.evaluation import Query, require_sparql
from service.store.html import HTML, page_of
from service.store.labels import label_of
from service.store.rdf_dataset import DatasetClause

# What has another value each time (SPARQL 1.1 Query, section 17.4).
_FLEETING = frozenset({"NOW", "RAND", "UUID", "STRUUID"})


class Serialised(NamedTuple):
    """An answer as it is sent: its media type and content coding ("" for none), and what of it stays the same.

    `form` is that of the query, `stays` whether it has the same answer next time on the same dataset.
    """

    content: bytes
    media_type: str
    coding: str
    form: str
    stays: bool


class Asked(NamedTuple):
    """The text of a query, what the client accepts, and the dataset of the request, if it names one.

    `as_set` tells whether it is about the default graph that the service is set to, rather than all graphs.
    """

    text: str
    accept: str
    accept_encoding: str
    dataset: DatasetClause | None
    base_iri: str
    reach: Reach = NOWHERE
    as_set: bool = True

    @property
    def may_dial(self) -> bool:
        """Tell whether another server is asked, and one may be."""
        return bool(self.reach.allowed) and "service" in self.text.lower()

    def digest(self, code: str = "") -> str:
        """Return what tells it, as it is answered by this code, from any other."""
        parts = f"{code}\n{self.accept}\n{self.accept_encoding}\n{self.dataset}\n{self.text}"
        return hashlib.sha256(parts.encode("utf-8", "surrogatepass")).hexdigest()[:16]

    def run(self, dataset: Dataset, max_bytes: int) -> Serialised:
        """Return the answer. Raises RequestError, QueryAbortedError or ResultTooLargeError."""
        text, clause, stays = self.text, self.dataset, True
        form = plain_form(text)
        if form is None:
            text = with_small_booleans(text)
            tokens = self._harmless(text, dataset)
            form = form_in(tokens)
            stays = not any(token.kind == "word" and token.text in _FLEETING for token in tokens)
            clause = clause or dataset_clause(text, tokens)
        stays = stays and not self.may_dial
        media_type = media_type_for(form, self.accept)
        query = Query(text, media_type, clause, self.base_iri, self.as_set)
        is_page = media_type == HTML
        content = self._page(query, dataset, max_bytes) if is_page else query.run(dataset, max_bytes)
        content, coding = coded(content, coding_for(self.accept_encoding))
        return Serialised(content, media_type, coding, form.value, stays)

    def _page(self, query: Query, dataset: Dataset, max_bytes: int) -> bytes:
        everything = dataset.everything
        merged, _ = everything.default_graph()

        def label(thing: ox.NamedNode) -> str | None:
            return label_of(everything, merged, thing)

        return query.written(dataset, lambda results: page_of(self.text, self.dataset, results, label, max_bytes))

    def _harmless(self, text: str, dataset: Dataset) -> list[Token]:
        nowhere = Reach(lets_silent_fail=not dataset.open_files())
        try:
            return harmless(text, self.reach if self.may_dial else nowhere)
        except NotOfferedError:
            require_sparql(text, self.base_iri)
            raise
