"""What search and suggestions answer, as the OpenAPI document describes it."""

from collections.abc import Callable, Iterator

from pydantic import BaseModel, Field

from loaders.words import parts, words


class Segment(BaseModel):
    """A part of a text."""

    text: str = Field(description="the part")
    match: bool = Field(description="whether it is a word that was found")


class Match(BaseModel):
    """A text of a thing that has words which were searched for."""

    matched: str = Field(description="the property of the text, by local name")
    language: str | None = Field(description="the language of the text, where it is given")
    highlight: list[Segment] = Field(description="the text, in parts")


class Found(Match):
    """A thing, class or property that was found, with the text that has most of the words."""

    id: str = Field(description="its IRI")
    label: str = Field(description="its label in English, or else another")
    type: str | None = Field(
        description="the narrowest of its classes, stated ones before inferred ones: that to which fewest things belong"
    )
    types: list[str] = Field(description="all of its classes, by local name")
    href: str = Field(description="where it is served: a path of this service, or its IRI where it is of others")
    others: list[Match] = Field(description="other texts of it, with words that this one has not")
    missing: list[str] = Field(description="the words that none of its texts has")


class SuggestAnswer(BaseModel):
    """The things whose names have words that begin as what was typed."""

    query: str = Field(description="what was typed")
    corrected: dict[str, list[str]] = Field(description="the words that were looked for in the place of unknown ones")
    missing: list[str] = Field(description="the words that no text has, nor a near one: they were left out")
    results: list[Found] = Field(description="the best first")


class SearchAnswer(SuggestAnswer):
    """A page of the things that were found."""

    total: int = Field(description="how many there are on all pages")
    is_all: bool = Field(
        description="whether nothing else was found; of words that are in very many texts, the best alone are on pages"
    )
    next: str | None = Field(description="the path of the next page, where there is one")


def highlight(text: str, fits: Callable[[str], bool]) -> list[Segment]:
    """Return `text` in segments; words that `fits` accepts, folded as a whole or in a part, are matches."""
    return [Segment(text=part, match=is_match) for part, is_match in _segments(text, fits) if part]


def _segments(text: str, fits: Callable[[str], bool]) -> Iterator[tuple[str, bool]]:
    end = 0
    for word in words(text):
        if fits(word.folded) or any(map(fits, parts(text[word.start : word.end]))):
            yield text[end : word.start], False
            yield text[word.start : word.end], True
            end = word.end
    yield text[end:], False
