"""Reads entries of BibTeX."""

from collections.abc import Iterator, Mapping

from bibtexparser.entrypoint import parse_string
from bibtexparser.model import Entry
from pylatexenc.latex2text import (  # type: ignore[import-untyped]
    LatexNodes2Text,
    MacroTextSpec,
    get_default_latex_context_db,
)

from loaders.literature.names import doi_in, doi_name, issn_in, name_of
from loaders.literature.record import Author, BadRecordError, Record, Venue, one_line, page_range, required, year_of

_CLASSES = {
    "article": "Article",
    "book": "Book",
    "booklet": "Book",
    "proceedings": "Book",
    "inbook": "BookChapter",
    "incollection": "BookChapter",
    "inproceedings": "ConferencePaper",
    "conference": "ConferencePaper",
    "techreport": "Report",
    "report": "Report",
}
_VENUES = ("journal", "journaltitle", "booktitle", "series")
_KNOWN = get_default_latex_context_db()
# Two that pylatexenc 2.11 writes, and does not read.
_BRACES = [MacroTextSpec("textbraceleft", "{"), MacroTextSpec("textbraceright", "}")]
_KNOWN.add_context_category("braces", macros=_BRACES, prepend=True)
_LATEX = LatexNodes2Text(_KNOWN, math_mode="verbatim", strict_latex_spaces=True)


def entries_in(text: str) -> Iterator[tuple[int, Entry | str]]:
    """Yield each entry of a file with the line that it begins in; what cannot be read is told in words."""
    library = parse_string(text)
    for block in sorted([*library.entries, *library.failed_blocks], key=lambda block: block.start_line or 0):
        line = (block.start_line or 0) + 1
        yield line, block if isinstance(block, Entry) else f"is no entry of BibTeX that can be read ({_why(block)})"


def record_of(entry: Entry) -> Record:
    """Return what an entry says. Raises BadRecordError."""
    fields = {name.lower(): _plain(str(field.value), name) for name, field in entry.fields_dict.items()}
    doi = doi_in(fields.get("doi", ""))
    raw = {name.lower(): str(field.value) for name, field in entry.fields_dict.items()}
    return required(
        Record(
            id=doi_name(doi) if doi else name_of("work", entry.key),
            title=fields.get("title", ""),
            type_=_CLASSES.get(entry.entry_type.lower(), "Publication"),
            doi=doi,
            year=year_of(fields.get("year") or fields.get("date")),
            authors=_authors(raw.get("author", "")),
            venue=_venue(fields),
            volume=fields.get("volume", ""),
            issue=fields.get("number", "") or fields.get("issue", ""),
            pages=page_range(fields.get("pages", "")),
            publisher=fields.get("publisher", "") or fields.get("institution", "") or fields.get("school", ""),
            url="" if doi else raw.get("url", ""),
            language=fields.get("language", "") if len(fields.get("language", "")) == 2 else "",
            keywords=[
                *filter(None, (part.strip() for part in fields.get("keywords", "").replace(";", ",").split(",")))
            ],
            abstract=fields.get("abstract", ""),
        )
    )


def _why(block: object) -> str:
    return " ".join(str(getattr(block, "error", "")).split())[:200]


def _plain(value: str, name: str) -> str:
    """Return the text that LaTeX commands and braces stand for."""
    if not any(sign in value for sign in "\\{}$~%"):
        return one_line(value, name)
    try:
        return one_line(_LATEX.latex_to_text(value), name)
    except RecursionError as error:
        raise BadRecordError(f"{name!r} is nested too deeply") from error


def _authors(value: str) -> list[Author]:
    """Return the authors, whom `and` parts outside of braces; `others` are not named."""
    names = (_plain(part, "author") for part in _parted(value))
    return [Author(name, label=name) for name in names if name and name.lower() != "others"]


def _parted(value: str) -> Iterator[str]:
    depth, part = 0, list[str]()
    for word in value.split():
        if word.lower() == "and" and depth == 0:
            yield " ".join(part)
            part = []
        else:
            depth += word.count("{") - word.count("}")
            part.append(word)
    yield " ".join(part)


def _venue(fields: Mapping[str, str]) -> Venue | None:
    label = next((fields[name] for name in _VENUES if fields.get(name)), "")
    issns = [*filter(None, map(issn_in, fields.get("issn", "").replace(",", " ").split()))]
    return Venue(label, f"issn-{issns[0].lower()}" if issns else "", issns=tuple(issns)) if label else None
