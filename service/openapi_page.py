"""Renders the OpenAPI document as a page: each operation with its parameters, and an example to follow."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from urllib.parse import quote, urlencode

from service.templating import template
from service.things.model import Model

_LAST = ("sparql", "health")
_COLLECTION = "things"


@dataclass(frozen=True)
class _Operation:
    """An operation, with its parameters resolved."""

    method: str
    path: str
    described: Mapping[str, Any]
    parameters: tuple[Mapping[str, Any], ...]

    @property
    def tag(self) -> str:
        """What it is listed under."""
        return str(self.described["tags"][0])

    @property
    def example(self) -> str | None:
        """The path and query of a request that can be followed, None where it takes more than a link."""
        required = [one for one in self.parameters if one.get("required")]
        if self.method != "get" or any(_example(one) is None for one in required):
            return None
        path = self.path
        for one in required:
            path = path.replace(f"{{{one['name']}}}", quote(str(_example(one)), safe=""))
        query = [(one["name"], _example(one)) for one in required if one["in"] == "query"]
        if self.tag == "sparql":  # whose parameters are not required singly, but one of them is
            query += [(one["name"], _example(one)) for one in self.parameters if _example(one) is not None][:1]
        return f"{path}?{urlencode(query, doseq=True)}" if query else path


def documentation_page(document: Mapping[str, Any], model: Model) -> bytes:
    """Return the page of an OpenAPI document; collections, which are all alike, are listed once."""
    operations = list(_operations(document))
    alike = {f"/api/{name}{rest}" for name in model.collections for rest in ("", "/{id}")}
    single = [one for one in operations if one.path not in alike or one.tag != _COLLECTION]
    single.sort(key=lambda one: (one.tag != _COLLECTION, one.tag in _LAST, one.tag))
    page = template("documentation.html").render(
        info=document["info"],
        groups=[(tag, list(of_tag)) for tag, of_tag in groupby(single, key=lambda one: one.tag)],
        collections=sorted(model.collections.items()),
        example=_example,
    )
    return page.encode()


def _operations(document: Mapping[str, Any]) -> Iterator[_Operation]:
    shared = document["components"].get("parameters", {})
    for path, by_method in document["paths"].items():
        for method, described in by_method.items():
            given = described.get("parameters", ())
            parameters = tuple(shared[one["$ref"].rpartition("/")[2]] if "$ref" in one else one for one in given)
            yield _Operation(method, path, described, parameters)


def _example(parameter: Mapping[str, Any]) -> Any:
    """Return the example of a parameter, which stands beside its schema or in it, or None."""
    if "example" in parameter:
        return parameter["example"]
    if "examples" in parameter:
        return next(iter(parameter["examples"].values()))["value"]
    return next(iter(parameter["schema"].get("examples", ())), None)
