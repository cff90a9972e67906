"""States what a record says, as lines of N-Triples."""

from collections.abc import Iterable, Iterator, Sequence

from loaders.literature.matching import Match
from loaders.literature.names import name_of
from loaders.literature.record import Author, Organisation, Record, Topic, Venue, byline
from loaders.loading.terms import LABEL, TYPE, address, boolean, decimal, integer, line, term, text, thing
from ontology.iris import PREFIXES

_SKOS = PREFIXES["skos"]
# The scheme of the topics of OpenAlex.
TOPICS = "scheme-openalex-topics"
_CONCEPT, _PREFERRED = (f"<{_SKOS}{name}>".encode() for name in ("Concept", "prefLabel"))
_BROADER, _NARROWER, _BROADER_TRANSITIVE = (
    f"<{_SKOS}{name}>".encode() for name in ("broader", "narrower", "broaderTransitive")
)
_IN_SCHEME, _SCHEME = f"<{_SKOS}inScheme>".encode(), thing(TOPICS)
_PUBLICATION, _VENUE = term("Publication"), term("Venue")
_PERSON, _ORGANISATION, _ACTOR = term("Person"), term("Organisation"), term("Actor")
_TITLE, _YEAR, _OPENALEX, _BYLINE = (term(name) for name in ("title", "year", "openAlexId", "byline"))
_AUTHOR, _AUTHOR_NAME, _AFFILIATED = (term(name) for name in ("author", "authorName", "affiliatedWith"))
_AUTHOR_ORGANISATION, _AFFILIATION_NAME = term("authorOrganisation"), term("affiliationName")
_ORCID, _ROR, _COUNTRY, _ISSN = (term(name) for name in ("orcid", "ror", "countryCode", "issn"))
_VENUE_NAME, _PUBLISHED_IN, _ON, _KEYWORD, _CITES = (
    term(name) for name in ("venue", "publishedIn", "topic", "keyword", "cites")
)
_TEXTS = (
    ("openalex", _OPENALEX),
    *((name, term(name)) for name in ("doi", "volume", "issue", "pages", "publisher", "language")),
)
_WEBSITE, _RETRACTED, _MENTIONS = term("website"), term("retracted"), term("mentions")

Described = Author | Organisation | Venue | Topic
"""What a record describes beside its work."""


def statements_of(record: Record, mentioned: Iterable[str]) -> Iterator[bytes]:
    """Yield what a record says of its work; `mentioned` are the IRIs of the concepts that it has names of.

    What the ontology concludes of it, such as that an article is a publication, is stated too; the inverse of `cites`
    and `author`, and what rests on that, is not.
    """
    work, title = thing(record.id), text(record.title)
    for class_ in {_PUBLICATION, term(record.type_)}:
        yield line(work, TYPE, class_)
    yield line(work, LABEL, title)
    yield line(work, _TITLE, title)
    for name, property_ in _TEXTS:
        if value := getattr(record, name):
            yield line(work, property_, text(value))
    if record.year is not None:
        yield line(work, _YEAR, integer(record.year))
    if record.url:
        yield line(work, _WEBSITE, address(record.url))
    if record.retracted:
        yield line(work, _RETRACTED, boolean(True))
    if record.authors:
        yield line(work, _BYLINE, text(byline(record.authors)))
    for author in record.authors:
        yield from _wrote(work, author)
    if record.venue is not None:
        yield line(work, _VENUE_NAME, text(record.venue.label))
        if record.venue.id:
            yield line(work, _PUBLISHED_IN, thing(record.venue.id))
    yield from (line(work, _ON, thing(topic.id)) for topic in record.topics)
    yield from (line(work, _KEYWORD, text(keyword)) for keyword in record.keywords)
    yield from (line(work, _CITES, thing(cited)) for cited in record.cites if cited != record.id)
    yield from (line(work, _MENTIONS, f"<{concept}>".encode()) for concept in mentioned)


def _wrote(work: bytes, author: Author) -> Iterator[bytes]:
    """Yield who wrote a work; where a name is all that is known, it may be anybody's, and stays a name."""
    if author.id:
        yield line(work, _AUTHOR, thing(author.id))
    else:
        yield line(work, _AUTHOR_NAME, text(author.name))
    for organisation in author.organisations:
        if organisation.id:
            yield line(work, _AUTHOR_ORGANISATION, thing(organisation.id))
        else:
            yield line(work, _AFFILIATION_NAME, text(organisation.label))


def described_in(record: Record) -> Iterator[Described]:
    """Yield what a record describes beside its work: authors, their organisations, its venue and its topics."""
    for author in record.authors:
        if author.id:
            yield author
        yield from (organisation for organisation in author.organisations if organisation.id)
    if record.venue is not None and record.venue.id:
        yield record.venue
    yield from record.topics


def statements_about(described: Described) -> Iterator[bytes]:
    """Yield what a record says of one of these."""
    match described:
        case Author():
            yield from _person(described)
        case Organisation():
            yield from _organisation(described)
        case Venue():
            yield from _venue(described)
        case Topic():
            yield from _topics([described, *described.wider])


def _person(author: Author) -> Iterator[bytes]:
    subject = thing(author.id)
    yield line(subject, TYPE, _PERSON)
    yield line(subject, TYPE, _ACTOR)
    yield line(subject, LABEL, text(author.label))
    if author.openalex:
        yield line(subject, _OPENALEX, text(author.openalex))
    if author.orcid:
        yield line(subject, _ORCID, text(author.orcid))
    for organisation in author.organisations:
        if organisation.id:
            yield line(subject, _AFFILIATED, thing(organisation.id))


def _organisation(organisation: Organisation) -> Iterator[bytes]:
    subject = thing(organisation.id)
    yield line(subject, TYPE, _ORGANISATION)
    yield line(subject, TYPE, _ACTOR)
    yield line(subject, LABEL, text(organisation.label))
    for property_, value in (
        (_OPENALEX, organisation.openalex),
        (_ROR, organisation.ror),
        (_COUNTRY, organisation.country),
    ):
        if value:
            yield line(subject, property_, text(value))


def _venue(venue: Venue) -> Iterator[bytes]:
    subject = thing(venue.id)
    yield line(subject, TYPE, _VENUE)
    yield line(subject, LABEL, text(venue.label))
    if venue.openalex:
        yield line(subject, _OPENALEX, text(venue.openalex))
    for issn in venue.issns:
        yield line(subject, _ISSN, text(issn))


def _topics(chain: Sequence[Topic]) -> Iterator[bytes]:
    """Yield what is said of a topic and those above it, which are concepts of the scheme of OpenAlex."""
    yield line(_SCHEME, TYPE, f"<{_SKOS}ConceptScheme>".encode())
    yield line(_SCHEME, LABEL, text("Topics of OpenAlex", "en"))
    for place, topic in enumerate(chain):
        subject, label = thing(topic.id), text(topic.label, "en")
        yield line(subject, TYPE, _CONCEPT)
        yield line(subject, _IN_SCHEME, _SCHEME)
        yield line(subject, LABEL, label)
        yield line(subject, _PREFERRED, label)
        if topic.openalex:
            yield line(subject, _OPENALEX, text(topic.openalex))
        for wider in chain[place + 1 : place + 2]:
            yield line(subject, _BROADER, thing(wider.id))
            yield line(thing(wider.id), _NARROWER, subject)
        yield from (line(subject, _BROADER_TRANSITIVE, thing(wider.id)) for wider in chain[place + 1 :])


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
    if match.similarity is not None:
        yield line(subject, term("titleSimilarity"), decimal(match.similarity))
    if match.decision != "different":
        same = term("sameWorkAs" if match.decision == "same" else "possiblySameAs")
        yield line(work, same, record)
        yield line(record, same, work)
