"""The REST routes of the rules of the domain: what the ontology concludes beside what its axioms say."""

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response
from pydantic import BaseModel

from loaders.reasoning.domain_rules import DomainRule
from ontology.iris import compress
from service.edition import Edition
from service.http.answers import reader_of, resources_of
from service.http.conditional import tagged_response
from service.http.parameters import takes
from service.http.validators import RELEASE_HEADER
from service.linked_data.files import require_ontology
from service.sparql.negotiation import choose
from service.sparql.openapi import problems

_JSON = "application/json"

router = APIRouter(
    tags=["service"], responses=problems(400, 401, 403, 404, 405, 406, 414, 429, 503), dependencies=[takes()]
)


class RuleDocument(BaseModel):
    """A rule: the sentence that it is, the paper and section that it is from, and its SPARQL, a CONSTRUCT.

    `reason` says why a rule whose source is `ours` holds, `note` what to mind; `concludes` are the prefixed names of
    classes and properties, `page` is where it is shown.
    """

    name: str
    summary: str
    source: list[str]
    reason: str
    note: str
    concludes: list[str]
    text: str
    href: str
    page: str


class RuleList(BaseModel):
    """The rules of the release that is served."""

    rules: list[RuleDocument]


@router.get("/api/rules", summary="The rules of the domain", operation_id="list_rules", response_model=RuleList)
async def list_rules(request: Request) -> Response:
    """Return each rule of the domain by which something is inferred, beside the axioms of the ontology."""
    media_type = choose(",".join(request.headers.getlist("accept")), (_JSON,))
    edition = await _edition(request)
    return _answer(request, edition, RuleList(rules=[_document(rule) for rule in edition.rules.values()]), media_type)


@router.get("/api/rules/{name}", summary="A rule of the domain", operation_id="get_rule", response_model=RuleDocument)
async def get_rule(
    request: Request, name: Annotated[str, Path(description="its name", examples=["host-passes-technology"])]
) -> Response:
    """Return a rule of the domain: what it concludes from what, in words and in SPARQL, and where it is from."""
    media_type = choose(",".join(request.headers.getlist("accept")), (_JSON,))
    edition = await _edition(request)
    return _answer(request, edition, _document(edition.rule(name)), media_type)


async def _edition(request: Request) -> Edition:
    require_ontology(reader_of(request).view or frozenset(), "the rules of the ontology")
    return await resources_of(request).editions.current()


def _answer(request: Request, edition: Edition, document: RuleDocument | RuleList, media_type: str) -> Response:
    content = document.model_dump_json().encode()
    return tagged_response(request, content, media_type, {RELEASE_HEADER: edition.release})


def _document(rule: DomainRule) -> RuleDocument:
    return RuleDocument(
        name=rule.name,
        summary=rule.summary,
        source=list(rule.sources),
        reason=rule.reason,
        note=rule.note,
        concludes=[compress(iri) for iri in rule.concluded],
        text=rule.text,
        href=f"/api/rules/{rule.name}",
        page=f"/ontology#rule-{rule.name}",
    )
