"""Reads works of OpenAlex, as its API and its snapshot have them (https://docs.openalex.org/api-entities/works)."""

from collections.abc import Iterator, Mapping
from typing import Any

from loaders.literature.names import doi_in, issn_in, openalex_in, openalex_name, orcid_in, ror_in
from loaders.literature.record import (
    Author,
    BadRecordError,
    Organisation,
    Record,
    Topic,
    Venue,
    object_in,
    objects_in,
    page_range,
    required,
    text_in,
    texts_in,
    year_of,
)

# https://docs.openalex.org/api-entities/works/work-object#type
_CLASSES = {
    "article": "Article",
    "journal-article": "Article",
    "review": "Article",
    "letter": "Article",
    "editorial": "Article",
    "book": "Book",
    "monograph": "Book",
    "edited-book": "Book",
    "reference-book": "Book",
    "book-chapter": "BookChapter",
    "book-section": "BookChapter",
    "proceedings-article": "ConferencePaper",
    "report": "Report",
}
_LONGEST_ABSTRACT = 50_000


def is_work(item: Mapping[str, Any]) -> bool:
    """Tell whether a JSON object is a work of OpenAlex."""
    return str(item.get("id")).startswith("https://openalex.org/W")


def record_of(item: Mapping[str, Any]) -> Record:
    """Return what a work says. Raises BadRecordError."""
    identifier = openalex_in(text_in(item, "id"))
    if not identifier.startswith("W"):
        raise BadRecordError("'id' is no work of OpenAlex, such as https://openalex.org/W2741809807")
    biblio = object_in(item, "biblio")
    location = object_in(item, "primary_location") or object_in(item, "host_venue")
    source = object_in(location, "source") or object_in(item, "host_venue")
    return required(
        Record(
            id=openalex_name(identifier),
            title=text_in(item, "title") or text_in(item, "display_name"),
            type_=_class_of(item, source),
            openalex=identifier,
            doi=doi_in(text_in(item, "doi")),
            year=year_of(item.get("publication_year")),
            authors=[_author(each) for each in objects_in(item, "authorships")],
            venue=_venue(source),
            volume=text_in(biblio, "volume"),
            issue=text_in(biblio, "issue"),
            pages=_pages(biblio),
            language=text_in(item, "language"),
            retracted=item.get("is_retracted") is True,
            topics=[*filter(None, map(_topic, objects_in(item, "topics")))],
            keywords=[*filter(None, (text_in(each, "display_name") for each in objects_in(item, "keywords")))],
            cites=[openalex_name(openalex_in(each)) for each in texts_in(item, "referenced_works")],
            abstract=_abstract(item),
        )
    )


def _class_of(item: Mapping[str, Any], source: Mapping[str, Any]) -> str:
    """Return the class; `type_crossref` tells papers of conferences, which are articles in `type`."""
    types = text_in(item, "type_crossref"), text_in(item, "type")
    class_ = next((_CLASSES[type_] for type_ in types if type_ in _CLASSES), "Publication")
    return "ConferencePaper" if class_ == "Article" and source.get("type") == "conference" else class_


def _author(authorship: Mapping[str, Any]) -> Author:
    author = object_in(authorship, "author")
    identifier = openalex_in(text_in(author, "id"))
    label = text_in(author, "display_name") or text_in(authorship, "raw_author_name") or "unnamed"
    return Author(
        name=label,
        id=openalex_name(identifier) if identifier else "",
        label=label,
        openalex=identifier,
        orcid=orcid_in(text_in(author, "orcid")),
        organisations=tuple(
            _organisation(each) for each in objects_in(authorship, "institutions") if text_in(each, "display_name")
        ),
    )


def _organisation(institution: Mapping[str, Any]) -> Organisation:
    identifier = openalex_in(text_in(institution, "id"))
    return Organisation(
        label=text_in(institution, "display_name"),
        id=openalex_name(identifier) if identifier else "",
        openalex=identifier,
        ror=ror_in(text_in(institution, "ror")),
        country=text_in(institution, "country_code"),
    )


def _venue(source: Mapping[str, Any]) -> Venue | None:
    identifier, label = openalex_in(text_in(source, "id")), text_in(source, "display_name")
    if not label:
        return None
    return Venue(
        label=label,
        id=openalex_name(identifier) if identifier else "",
        openalex=identifier,
        issns=tuple(map(issn_in, texts_in(source, "issn"))),
    )


def _pages(biblio: Mapping[str, Any]) -> str:
    return page_range(text_in(biblio, "first_page"), text_in(biblio, "last_page"))


def _topic(item: Mapping[str, Any]) -> Topic | None:
    wider = [_level(object_in(item, level), level) for level in ("subfield", "field", "domain")]
    topic = _level(item, "topic")
    return topic and Topic(topic.id, topic.openalex, topic.label, tuple(filter(None, wider)))


def _level(item: Mapping[str, Any], level: str) -> Topic | None:
    """Return a topic, or what is above one, whose identifier has a number alone, as …/fields/27."""
    label, identifier = text_in(item, "display_name"), text_in(item, "id").rsplit("/", 1)[-1]
    if not (label and identifier.isascii() and identifier.isalnum()):
        return None
    name = openalex_name(identifier if level == "topic" else f"{level}-{identifier}")
    return Topic(name, identifier if level == "topic" else "", label)


def _abstract(item: Mapping[str, Any]) -> str:
    """Return the words of the abstract in their order, of which a work has the places of each."""
    places = dict(_placed(object_in(item, "abstract_inverted_index")))
    return " ".join(places[place] for place in sorted(places))[:_LONGEST_ABSTRACT]


def _placed(index: Mapping[str, Any]) -> Iterator[tuple[int, str]]:
    for word, places in index.items():
        if not isinstance(places, list) or not all(isinstance(place, int) for place in places):
            raise BadRecordError("'abstract_inverted_index' is to have a list of numbers for each word")
        for place in places:
            yield place, word
