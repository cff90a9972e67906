"""The REST routes of search: what is found in pages, and suggestions while somebody types."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response

from loaders.search_tables import FORMAT
from service.errors import SearchIndexError
from service.http.answers import Validator, hidden_from, reader_of, resources_of, wording_of
from service.search.answers import SearchAnswer, SuggestAnswer
from service.search.index import Page, Question, SearchIndex
from service.search.page import search_page
from service.search.parameters import (
    RESULTS,
    SEARCH,
    SUGGEST,
    SUGGESTIONS,
    cursor,
    described,
    digest,
    offset_of,
    question_of,
    values_of,
)
from service.sparql.negotiation import choose
from service.sparql.openapi import problems
from service.store.html import HTML
from service.templating import PAGE_POLICY

_JSON = "application/json"
_HEADERS = {"Content-Security-Policy": PAGE_POLICY}
router = APIRouter(tags=["search"], responses=problems(400, 401, 405, 414, 429, 503))


@router.get(
    "/api/search",
    summary="Search names, definitions, summaries, titles and other texts",
    operation_id="search",
    response_model=SearchAnswer,
    responses={200: {"content": {HTML: {}}}, 304: {"description": "The client has it already"}},
    openapi_extra=described(SEARCH),
)
async def search(request: Request) -> Response:
    """Return what is found: things that are called so, then other names, then other texts, in this order.

    Where no thing has all the words, those with the most of them are found, a rare word counting more, and `missing` of
    each tells what it lacks. Function words do not count beside others, nor do case, marks, inflections of English, and
    whether its spelling is British. A word that no text has is joined with its neighbour, replaced by the nearest ones,
    or cut into several, which `corrected` tells. What has been written to the service since the release was built is
    not searched. A browser gets a page.
    """
    sent = choose(",".join(request.headers.getlist("accept")), (_JSON, HTML))
    values = values_of(request.query_params.multi_items(), SEARCH)
    question = question_of(values, hidden_from(request), RESULTS)
    index = await _index(request)
    key = digest(index.release, question)
    if given := values.get("cursor"):
        question = replace(question, offset=offset_of(given[0], key))
    model = await resources_of(request).model()
    wording = wording_of(request, model)
    validator = _validator(request, index, sent, wording.language if sent == HTML else None)
    if known := await validator.known():
        return known
    page = await _found(request, index, question)
    end, next_ = question.offset + len(page.results), None
    if page.results and end < page.total:
        asked = [(name, value) for name, each in values.items() for value in each if name != "cursor"]
        next_ = f"/api/search?{urlencode([*asked, ('cursor', cursor(end, key))])}"
    answer = SearchAnswer(
        query=question.text,
        corrected=page.corrected,
        missing=page.missing,
        results=page.results,
        total=page.total,
        is_all=page.is_all,
        next=next_,
    )
    links = {"Link": f'<{next_}>; rel="next"'} if next_ else {}
    if sent == HTML:
        content = search_page(answer, values, question.offset, model, wording)
        return await _answer(request, validator, index, content, links | _HEADERS)
    return await _answer(request, validator, index, answer.model_dump_json().encode(), links)


@router.get(
    "/api/suggest",
    summary="Suggest things while somebody types",
    operation_id="suggest",
    response_model=SuggestAnswer,
    responses={304: {"description": "The client has it already"}},
    openapi_extra=described(SUGGEST),
)
async def suggest(request: Request) -> Response:
    """Return things with names that have words which begin as what was typed: things before what is said of them."""
    values = values_of(request.query_params.multi_items(), SUGGEST)
    question = replace(question_of(values, hidden_from(request), SUGGESTIONS), is_suggestion=True)
    index = await _index(request)
    validator = _validator(request, index, _JSON)
    if known := await validator.known():
        return known
    page = await _found(request, index, question)
    answer = SuggestAnswer(query=question.text, corrected=page.corrected, missing=page.missing, results=page.results)
    return await _answer(request, validator, index, answer.model_dump_json().encode(), {})


async def _index(request: Request) -> SearchIndex:
    """Return the index of the release that is served. Raises SearchIndexError where there is none."""
    if resources_of(request).settings.empty:
        raise SearchIndexError("this service has no release to search in; what is written to it is asked by SPARQL")
    return await resources_of(request).indexes.current()


async def _found(request: Request, index: SearchIndex, question: Question) -> Page:
    with reader_of(request).charged():
        return await asyncio.to_thread(index.find, question)


def _validator(request: Request, index: SearchIndex, sent: str, language: str | None = None) -> Validator:
    return Validator(request, sent, f"{index.release} {FORMAT}", language)


async def _answer(
    request: Request, validator: Validator, index: SearchIndex, content: bytes, headers: Mapping[str, str]
) -> Response:
    version = await reader_of(request).version()
    return validator.answer(content, version, index.release, headers)
