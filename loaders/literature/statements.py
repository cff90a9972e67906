"""States what a record says, as lines of N-Triples."""

from collections.abc import Iterator

from loaders.literature.matching import Match
from loaders.literature.names import name_of
from loaders.literature.record import Author, Organisation, Record, Topic, Venue, byline
from loaders.loading.terms import LABEL, TYPE, address, boolean, decimal, integer, line, term, text, thing
from ontology.iris import PREFIXES

_SKOS = PREFIXES["skos"]
# The scheme of the topics of OpenAlex.
TOPICS = "scheme-openalex-topics"
_CONCEPT, _PREFERRED, _BROADER = (f"<{_SKOS}{name}>".encode() for name in ("Concept", "prefLabel", "broader"))
_IN_SCHEME, _SCHEME = f"<{_SKOS}inScheme>".encode(), thing(TOPICS)
_PUBLICATION, _VENUE = term("Publication"), term("Venue")
_PERSON, _ORGANISATION, _ACTOR = term("Person"), term("Organisation"), term("Actor")
_TITLE, _YEAR, _DOI, _OPENALEX, _BYLINE = (term(name) for name in ("title", "year", "doi", "openAlexId", "byline"))
_AUTHOR, _AUTHOR_NAME, _AFFILIATED = (term(name) for name in ("author", "authorName", "affiliatedWith"))
_AUTHOR_ORGANISATION, _AFFILIATION_NAME = term("authorOrganisation"), term("affiliationName")
_ORCID, _ROR, _COUNTRY, _ISSN = (term(name) for name in ("orcid", "ror", "countryCode", "issn"))
_VENUE_NAME, _PUBLISHED_IN, _ON, _KEYWORD, _CITES = (
    term(name) for name in ("venue", "publishedIn", "topic", "keyword", "cites")
)
_TEXTS = tuple((name, term(name)) for name in ("volume", "issue", "pages", "publisher", "language"))
_WEBSITE, _RETRACTED, _MENTIONS = term("website"), term("retracted"), term("mentions")


def statements_of(record: Record, mentioned: Iterator[str]) -> Iterator[bytes]:
    """Yield what a record says of its work, and of its authors, their organisations, its venue and its topics.

    `mentioned` are the IRIs of the concepts that it has names of. What the ontology concludes of these, such as that a
    person is an actor, is stated too; the inverse of `cites` and `author`, and what rests on that, is not.
    """
    work = thing(record.id)
    for class_ in {_PUBLICATION, term(record.type_)}:
        yield line(work, TYPE, class_)
    title = text(record.title)
    yield line(work, LABEL, title)
    yield line(work, _TITLE, title)
    if record.doi:
        yield line(work, _DOI, text(record.doi))
    if record.openalex:
        yield line(work, _OPENALEX, text(record.openalex))
    if record.year is not None:
        yield line(work, _YEAR, integer(record.year))
    for name, property_ in _TEXTS:
        if value := getattr(record, name):
            yield line(work, property_, text(value))
    if record.url:
        yield line(work, _WEBSITE, address(record.url))
    if record.retracted:
        yield line(work, _RETRACTED, boolean(True))
    if record.authors:
        yield line(work, _BYLINE, text(byline(record.authors)))
    for author in record.authors:
        yield from _author(work, author)
    if record.venue is not None:
        yield from _venue(work, record.venue)
    for topic in record.topics:
        yield line(work, _ON, thing(topic.id))
        yield from _topic(topic)
    for keyword in record.keywords:
        yield line(work, _KEYWORD, text(keyword))
    for cited in record.cites:
        if cited != record.id:
            yield line(work, _CITES, thing(cited))
    for concept in mentioned:
        yield line(work, _MENTIONS, f"<{concept}>".encode())


def _author(work: bytes, author: Author) -> Iterator[bytes]:
    """Yield what is said of an author; of one without an identifier, who may be anybody of that name, the name."""
    if author.id:
        person = thing(author.id)
        yield line(work, _AUTHOR, person)
        for class_ in (_PERSON, _ACTOR):
            yield line(person, TYPE, class_)
        yield line(person, LABEL, text(author.label))
        if author.openalex:
            yield line(person, _OPENALEX, text(author.openalex))
        if author.orcid:
            yield line(person, _ORCID, text(author.orcid))
    else:
        yield line(work, _AUTHOR_NAME, text(author.name))
    for organisation in author.organisations:
        if organisation.id and organisation.label:
            yield line(work, _AUTHOR_ORGANISATION, thing(organisation.id))
            if author.id:
                yield line(thing(author.id), _AFFILIATED, thing(organisation.id))
            yield from _organisation(organisation)
        elif organisation.label:
            yield line(work, _AFFILIATION_NAME, text(organisation.label))


def _organisation(organisation: Organisation) -> Iterator[bytes]:
    subject = thing(organisation.id)
    for class_ in (_ORGANISATION, _ACTOR):
        yield line(subject, TYPE, class_)
    yield line(subject, LABEL, text(organisation.label))
    for property_, value in (
        (_OPENALEX, organisation.openalex),
        (_ROR, organisation.ror),
        (_COUNTRY, organisation.country),
    ):
        if value:
            yield line(subject, property_, text(value))


def _venue(work: bytes, venue: Venue) -> Iterator[bytes]:
    yield line(work, _VENUE_NAME, text(venue.label))
    if venue.id:
        subject = thing(venue.id)
        yield line(work, _PUBLISHED_IN, subject)
        yield line(subject, TYPE, _VENUE)
        yield line(subject, LABEL, text(venue.label))
        if venue.openalex:
            yield line(subject, _OPENALEX, text(venue.openalex))
        for issn in venue.issns:
            yield line(subject, _ISSN, text(issn))


def _topic(topic: Topic) -> Iterator[bytes]:
    chain = [topic, *topic.wider]
    for each, wider in zip(chain, [*chain[1:], None], strict=True):
        subject, label = thing(each.id), text(each.label, "en")
        yield line(subject, TYPE, _CONCEPT)
        yield line(subject, _IN_SCHEME, _SCHEME)
        yield line(subject, LABEL, label)
        yield line(subject, _PREFERRED, label)
        if each.openalex:
            yield line(subject, _OPENALEX, text(each.openalex))
        if wider is not None:
            yield line(subject, _BROADER, thing(wider.id))


def match_statements(match: Match) -> Iterator[bytes]:
    """Yield that a record describes a work of the corpus, or may do, and what speaks for it."""
    subject = thing(name_of("match", f"{match.work} {match.record}"))
    work, record = thing(match.work), thing(match.record)
    yield line(subject, TYPE, term("WorkMatch"))
    yield line(subject, LABEL, text(f"{match.work} and {match.record}", "en"))
    yield line(subject, term("matchedWork"), work)
    yield line(subject, term("matchedRecord"), record)
    yield line(subject, term("matchBasis"), text(match.basis))
    yield line(subject, term("matchDecision"), text(match.decision))
    yield line(subject, term("titleSimilarity"), decimal(match.similarity))
    if match.decision != "different":
        same = term("sameWorkAs" if match.decision == "same" else "possiblySameAs")
        yield line(work, same, record)
        yield line(record, same, work)
