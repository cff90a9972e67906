"""Renders what was found as a page."""

from collections.abc import Sequence
from urllib.parse import urlencode

from markupsafe import Markup, escape

from service.search.answers import SearchAnswer
from service.search.parameters import Values
from service.templating import template
from service.things.model import Model
from service.things.wording import Wording


def search_page(answer: SearchAnswer, values: Values, before: int, model: Model, wording: Wording) -> bytes:
    """Return a page of what was found by `values`; `before` is how many are on the pages before it."""

    def label(class_: str) -> Markup:
        return wording.name(term.iri, term.label) if (term := model.keys.classes.get(class_)) else escape(class_)

    asked = [(name, value) for name, each in values.items() for value in each if name != "cursor"]
    types = {result.type for result in answer.results} - {None, *values.get("type", ())}
    page = template("search.html").render(
        answer=answer,
        first=before + 1,
        last=before + len(answer.results),
        narrower=[(label(type_), _query(asked, type_)) for type_ in sorted(filter(None, types))],
        label=label,
        wording=wording,
        kept=[(name, value) for name, value in asked if name != "q"],
        wider=_query([(name, value) for name, value in asked if name != "type"], None) if "type" in values else None,
        chosen=list(map(label, values.get("type", ()))),
    )
    return page.encode()


def _query(asked: Sequence[tuple[str, str]], type_: str | None) -> str:
    return f"?{urlencode([*asked, *([('type', type_)] if type_ else [])])}"
