"""What is asked of the graph about publications, as SPARQL; values come in as RDF terms only."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

import pyoxigraph as ox

from loaders.bibliography import PROPERTIES
from ontology.iris import THING, expand, prologue

# The properties of a publication that its reference is made of.
DESCRIBED = (
    *(f"dg:{name}" for name in PROPERTIES.values() if name != "note"),
    *("skos:note", "dg:byline", "dg:year", "rdfs:label"),
)
_IS_PUBLICATION = "?class rdfs:subClassOf* dg:Publication . ?work a ?class ."

# The classes that name a type of the Citation Style Language; the more lie above one, the narrower it is.
TYPES = f"""{prologue("dg: rdfs:")}SELECT ?class ?type (COUNT(DISTINCT ?wider) AS ?above) WHERE {{
    ?class dg:cslType ?type ; rdfs:subClassOf* ?wider }} GROUP BY ?class ?type"""
NAMES = f"{prologue(_IS_PUBLICATION)}SELECT DISTINCT ?work WHERE {{ {_IS_PUBLICATION} }}"


@dataclass(frozen=True)
class Selection:
    """Which publications are asked for: all, or those that are `works`, are cited by one, cite one.

    `about` leaves what is cited for a thing: only where a citation says that it is about it. `years` are the first and
    the last one, None for no bound; `author` is contained in the byline, `text` in that, the label, the title or the
    venue.
    """

    works: Collection[ox.NamedNode] = ()
    cited_by: ox.NamedNode | None = None
    cites: ox.NamedNode | None = None
    about: ox.NamedNode | None = None
    years: tuple[int | None, int | None] = (None, None)
    author: str | None = None
    text: str | None = None

    @property
    def pattern(self) -> str:
        """The pattern that `?work` is a solution of."""
        parts = []
        if self.cited_by is not None:
            parts.append(_cites(str(self.cited_by), "?work", self.about))
        if self.cites is not None:
            parts.append(_cites("?work", str(self.cites), self.about))
        if self.works:
            parts.append(f"VALUES ?work {{ {' '.join(map(str, self.works))} }}")
        if self.about is not None and not parts:
            parts.append(f"?cited_in dg:citedWork ?work ; dg:about {self.about} .")
        if not parts or self.works:
            parts.append(_IS_PUBLICATION)
        return " ".join([*parts, *self._filters()])

    def _filters(self) -> Iterator[str]:
        first, last = self.years
        bounds = [f"?of_year {sign} {year}" for sign, year in ((">=", first), ("<=", last)) if year is not None]
        if bounds:
            yield f"?work dg:year ?of_year FILTER({' && '.join(bounds)})"
        for sought, properties in ((self.author, "dg:byline"), (self.text, "dg:byline|rdfs:label|dg:title|dg:venue")):
            if sought is not None:
                yield f"FILTER EXISTS {{ ?work {properties} ?in {_contains('?in', sought)} }}"

    @property
    def citations(self) -> str:
        """The pattern that each `?citation` that joins the publication to `?work` is a solution of."""
        citing, cited = (self.cited_by or "?citing", "?work") if self.cites is None else ("?work", self.cites)
        about = "" if self.about is None else f"?citation dg:about {self.about} ."
        return f"?citation dg:citingWork {citing} ; dg:citedWork {cited} . {about}"


def thing(name: str) -> ox.NamedNode | None:
    """Return the thing that `name` stands for, an id, a prefixed name or an IRI; None where it can be none."""
    iri = expand(name)
    try:
        return ox.NamedNode(iri if iri != name or "://" in name else THING + name)
    except ValueError:
        return None


def publication(work: ox.NamedNode) -> str:
    """Return the query for the labels of a publication, without solutions where there is none such."""
    one = Selection(works=(work,)).pattern
    return _complete(f"SELECT ?work ?label WHERE {{ {one} OPTIONAL {{ ?work rdfs:label ?label }} }}")


def described(selection: Selection, limit: int | None = None, offset: int = 0) -> tuple[str, str, str]:
    """Return three queries about the publications of a page: their order, what is said of each, their classes.

    They come as reference lists have them: by author, or else label, and year.
    """
    page = _page(selection, limit, offset)
    told = f"SELECT ?work ?property ?value WHERE {{ {{ {page} }} VALUES ?property {{ {' '.join(DESCRIBED)} }}"
    return (
        _complete(page),
        _complete(f"{told} ?work ?property ?value }}"),
        _complete(f"SELECT ?work ?class WHERE {{ {{ {page} }} ?work a ?class . ?class dg:cslType ?type }}"),
    )


def counted(selection: Selection) -> str:
    """Return the query for how many publications there are."""
    return _complete(f"SELECT (COUNT(DISTINCT ?work) AS ?total) WHERE {{ {selection.pattern} }}")


def cited_for(selection: Selection, limit: int, offset: int) -> tuple[str, str, str]:
    """Return three queries about the citations of a page: what they say, what they are about, where they stand."""
    inside = f"{{ {_page(selection, limit, offset)} }} {selection.citations}"
    return (
        _complete(
            f"""SELECT ?work ?citation ?label ?citedAs ?purpose WHERE {{ {inside}
            OPTIONAL {{ ?citation rdfs:label ?label }}
            OPTIONAL {{ ?citation dg:citedAs ?citedAs }} OPTIONAL {{ ?citation dg:purpose ?purpose }} }}"""
        ),
        _complete(
            f"""SELECT DISTINCT ?citation ?about ?label WHERE {{ {inside} ?citation dg:about ?about
            OPTIONAL {{ ?about rdfs:label ?label }} }}"""
        ),
        _complete(
            f"""SELECT DISTINCT ?citation ?evidence ?section ?start ?end WHERE {{
            {inside} ?citation dg:evidence ?evidence
            OPTIONAL {{ ?evidence dg:section ?section }}
            OPTIONAL {{ ?evidence oa:start ?start ; oa:end ?end }} }}"""
        ),
    )


def subjects(selection: Selection) -> str:
    """Return the query for the things that the citations of a publication, or of all, are about."""
    everything = replace(selection, about=None)
    return _complete(f"SELECT DISTINCT ?about WHERE {{ {everything.citations} ?citation dg:about ?about }}")


def _contains(variable: str, text: str) -> str:
    sought = ox.Literal(text.lower())
    return f"FILTER(CONTAINS(LCASE(STR({variable})), {sought}))"


def _cites(citing: str, cited: str, about: ox.NamedNode | None) -> str:
    situation = f"?cited_in dg:citingWork {citing} ; dg:citedWork {cited} ."
    if about is not None:
        return f"{situation} ?cited_in dg:about {about} ."
    # What is written through the API has no inferred triples, so that a citation alone must do.
    return f"{{ {citing} dg:cites {cited} }} UNION {{ {situation} }}"


def _page(selection: Selection, limit: int | None, offset: int) -> str:
    bounds = f"OFFSET {offset}" + ("" if limit is None else f" LIMIT {limit}")
    return f"""SELECT ?work (MIN(LCASE(STR(?name))) AS ?entry) (MIN(?published) AS ?year) WHERE {{
        {{ SELECT DISTINCT ?work WHERE {{ {selection.pattern} }} }}
        OPTIONAL {{ ?work dg:byline ?byline }} OPTIONAL {{ ?work rdfs:label ?label }}
        OPTIONAL {{ ?work dg:year ?published }} BIND(COALESCE(?byline, ?label, ?work) AS ?name) }}
        GROUP BY ?work ORDER BY ?entry ?year ?work {bounds}"""


def _complete(query: str) -> str:
    return prologue(query) + query
