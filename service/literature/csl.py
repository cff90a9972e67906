"""Turns publications into items of CSL-JSON, the form from which every other form of a reference is made."""

import re
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from loaders.bibliography import PROPERTIES
from service.literature.works import Work

MEDIA_TYPE = "application/vnd.citationstyles.csl+json"

Item = Mapping[str, Any]


class CslName(BaseModel):
    """A name, in two parts or as it is printed."""

    family: str | None = None
    given: str | None = None
    literal: str | None = None


class CslDate(BaseModel):
    """A date, of which the year is known."""

    date_parts: list[list[int]] = Field(alias="date-parts", examples=[[[2019]]])


class CslItem(BaseModel):
    """A reference in CSL-JSON; what is not known is left out."""

    model_config = ConfigDict(extra="forbid")

    id: str = Field(examples=["gotz-2019"])
    type: str = Field(examples=["article-journal"])
    title: str | None = None
    author: list[CslName] | None = None
    issued: CslDate | None = None
    container_title: str | None = Field(None, alias="container-title")
    volume: str | None = None
    issue: str | None = None
    page: str | None = None
    publisher: str | None = None
    note: str | None = Field(None, description="What is known of a work without a title: its label, and why no more.")
    doi: str | None = Field(None, alias="DOI")
    url: str | None = Field(None, alias="URL")


def item_of(work: Work) -> Item:
    """Return a publication in CSL-JSON: what the graph does not say is left out, and nothing is added.

    The fields have the names of https://docs.citationstyles.org/en/stable/specification.html#appendix-iv-variables.
    """
    item: dict[str, Any] = {"id": work.id, "type": work.csl_type}
    if byline := work.value("byline"):
        item["author"] = [name_of(part) for part in byline.split(";") if part.strip()]
    if re.fullmatch(r"-?[0-9]{1,4}", year := work.value("year") or ""):
        item["issued"] = {"date-parts": [[int(year)]]}
    for field, property_ in PROPERTIES.items():
        if (text := work.value(property_)) and field != "note":
            item[field] = text
    if "title" not in item:
        item["note"] = ". ".join((work.label, *(note.removesuffix(".") for note in work.values.get("note", ()))))
    return item


def name_of(part: str) -> dict[str, str]:
    """Return a name of a byline, `Family, Given`, in CSL-JSON; what is not of this form stands as it is printed."""
    match [text.strip() for text in part.split(",")]:
        case [str(family), str(given)] if family and given:
            return {"family": family, "given": given}
    return {"literal": part.strip()}
