"""Runs the W3C's SPARQL suites against any service over HTTP.

    python tests/w3c.py FOLDER QUERY_URL UPDATE_URL GRAPH_STORE_URL [BASE_IRI] [TOKEN]

prints the cases of the suites in FOLDER that fail, each with its reason, and the counts. The vocabularies are those of
https://www.w3.org/2001/sw/DataAccess/tests/README.
"""

import csv
import io
import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

import httpx
import pyoxigraph as ox

MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
QT = "http://www.w3.org/2001/sw/DataAccess/tests/test-query#"
UT = "http://www.w3.org/2009/sparql/tests/test-update#"
HT = "http://www.w3.org/2011/http#"
CNT = "http://www.w3.org/2011/content#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
SD = "http://www.w3.org/ns/sparql-service-description#"
RS = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"
TABULAR = {"application/sparql-results+json", "application/sparql-results+xml", "text/csv", "text/tab-separated-values"}
BOOLEAN = {"application/sparql-results+json", "application/sparql-results+xml"}
RESULTS = {
    ".srx": "application/sparql-results+xml",
    ".srj": "application/sparql-results+json",
    ".csv": "text/csv",
    ".tsv": "text/tab-separated-values",
}
GRAPHS = {"text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json"}

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
Solution = Mapping[str, Term]


class CaseFailedError(Exception):
    """A case did not come out as the suite says; the message says how."""


@dataclass(frozen=True)
class Target:
    """A service: where its operations are, what direct graph IRIs begin with, and a token to write with."""

    query: str
    update: str
    graph_store: str
    base_iri: str
    token: str = ""
    client: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=60))

    def send(self, method: str, url: str, **options: object) -> httpx.Response:
        """Send a request, with the token."""
        headers = dict(options.pop("headers", {}))  # type: ignore[call-overload]
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        return self.client.request(method, url, headers=headers, **options)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Case:
    """A case of a suite: its name, its type, and the manifest that describes it."""

    node: ox.NamedNode | ox.BlankNode
    type: str
    manifest: "Manifest"

    @property
    def name(self) -> str:
        """The folder of the manifest and what the case's IRI ends in."""
        folder = "/".join(self.manifest.path.parent.parts[-2:])
        return f"{folder}/{re.split('[#/]', str(self.node).strip('<>'))[-1]}"

    def value(self, *predicates: str) -> Term | None:
        """Follow predicates from the case."""
        return self.manifest.value(self.node, *predicates)


class Manifest:
    """The triples of a manifest file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.store = ox.Store()
        self.store.load(path=str(path), format=ox.RdfFormat.TURTLE, base_iri=path.as_uri())

    def values(self, subject: Term, predicate: str) -> list[Term]:
        """Return every object of a subject and predicate."""
        return [q.object for q in self.store.quads_for_pattern(subject, ox.NamedNode(predicate), None)]  # type: ignore[arg-type]

    def value(self, subject: Term, *predicates: str) -> Term | None:
        """Follow predicates from a subject."""
        found: Term | None = subject
        for predicate in predicates:
            found = next(iter(self.values(found, predicate)), None) if found is not None else None
        return found

    def items(self, subject: Term, predicate: str) -> list[Term]:
        """Return the items of the list that is the object."""
        items, node = [], self.value(subject, predicate)
        while node is not None and node != ox.NamedNode(f"{RDF}nil"):
            first = self.value(node, f"{RDF}first")
            assert first is not None
            items.append(first)
            node = self.value(node, f"{RDF}rest")
        return items

    def cases(self) -> Iterator[Case]:
        """Yield the cases of this manifest and of those that it includes."""
        for quad in self.store.quads_for_pattern(None, ox.NamedNode(f"{RDF}type"), ox.NamedNode(f"{MF}Manifest")):
            for included in self.items(quad.subject, f"{MF}include"):
                yield from Manifest(path_of(included)).cases()
            for node in self.items(quad.subject, f"{MF}entries"):
                assert isinstance(node, ox.NamedNode | ox.BlankNode)
                types = [t.value for t in self.values(node, f"{RDF}type") if isinstance(t, ox.NamedNode)]
                yield Case(node, next(re.split("[#/]", t)[-1] for t in types if t.endswith(("Test", "Test11"))), self)


def path_of(term: Term | None) -> Path:
    """Return the file that a term names."""
    assert isinstance(term, ox.NamedNode), term
    return Path(unquote(urlsplit(term.value).path))


def suites(root: Path) -> dict[str, list[Case]]:
    """Return the cases below the folder of the suites, by the version of SPARQL and by what is tested."""
    found: dict[str, list[Case]] = {}
    for name in ("sparql10/manifest", "sparql11/manifest-all", "sparql12/manifest"):
        for case in Manifest((root / f"{name}.ttl").resolve()).cases():
            version = f"{name[6]}.{name[7]}"
            found.setdefault(f"SPARQL {version} {_subject(case)}", []).append(case)
    return found


def _subject(case: Case) -> str:
    folder = case.name.split("/")[1]
    if case.type == "QueryEvaluationTest":
        of_folder = {
            "csv-tsv-res": "results",
            "json-res": "results",
            "entailment": "entailment",
            "service": "federation",
        }
        return of_folder.get(folder, "query")
    subjects = ("Syntax", "Update", "CSVResult", "GraphStore", "Protocol", "ServiceDescription")
    names = ("syntax", "update", "results", "graph store", "protocol", "service description")
    return next(name for subject, name in zip(subjects, names, strict=True) if subject in case.type)


def outcome(case: Case, target: Target) -> str | None:
    """Run a case, and return how it failed, or None."""
    try:
        run(case, target)
    except (CaseFailedError, httpx.HTTPError, SyntaxError, ValueError, AssertionError, StopIteration) as error:
        return str(error) or repr(error)
    return None


def run(case: Case, target: Target) -> None:
    """Run a case. Raises CaseFailedError."""
    match case.type:
        case "QueryEvaluationTest" | "CSVResultFormatTest":
            evaluate(case, target)
        case "UpdateEvaluationTest":
            update(case, target)
        case "ProtocolTest" | "GraphStoreProtocolTest":
            converse(case, target)
        case "ServiceDescriptionTest":
            describe(case, target)
        case type_:
            parse(case, target, "Update" in type_, "Positive" in type_)


def parse(case: Case, target: Target, is_update: bool, is_positive: bool) -> None:
    """Send what must be accepted, or must be refused as no SPARQL: that, and nothing else, is what 400 says.

    A legal request may still fail, or be refused with another status (SPARQL 1.1 Protocol, sections 2.1.6 and 2.2.4).
    """
    path = path_of(case.value(f"{MF}action"))
    if is_update:  # what is dropped is to be there
        dropped = re.findall(r"(?:DROP|CLEAR)\s+GRAPH\s+<([^>]*)>", path.read_text(errors="replace"))
        fill(target, {(path.parent / name).as_uri(): [] for name in dropped})
    kind, url = ("update", target.update) if is_update else ("query", target.query)
    content = based(path.read_bytes(), path)
    answer = target.send("POST", url, content=content, headers={"Content-Type": f"application/sparql-{kind}"})
    if is_positive and answer.status_code == 400:
        raise CaseFailedError(f"{answer.status_code}: {answer.text[:200]}")
    if not is_positive and answer.status_code != 400:
        raise CaseFailedError(f"{answer.status_code}, not 400")


def evaluate(case: Case, target: Target) -> None:
    """Ask a query of the data of the case, and hold the answer against the expected one."""
    path = path_of(case.value(f"{MF}action", f"{QT}query"))
    query = path.read_text()
    action = case.value(f"{MF}action")
    assert action is not None
    graphs: dict[str, list[Path]] = {}
    for data in case.manifest.values(action, f"{QT}data"):
        graphs.setdefault("", []).append(path_of(data))
    for data in case.manifest.values(action, f"{QT}graphData"):
        graphs.setdefault(str(data).strip("<>"), []).append(path_of(data))
    if not graphs:
        for name in re.findall(r"FROM\s+(?:NAMED\s+)?<([^>]*)>", query):
            graphs[(path.parent / name).as_uri()] = [path.parent / name]
    fill(target, graphs)
    result = path_of(case.value(f"{MF}result"))
    accept = {".csv": "text/csv", ".tsv": "text/tab-separated-values"}.get(result.suffix, "")
    if not accept:
        accept = "application/sparql-results+xml, application/n-triples"
    headers = {"Accept": accept, "Content-Type": "application/sparql-query"}
    answer = target.send("POST", target.query, content=based(query.encode(), path), headers=headers)
    if not answer.is_success:
        raise CaseFailedError(f"{answer.status_code}: {answer.text[:200]}")
    lax = case.value(f"{MF}resultCardinality") == ox.NamedNode(f"{MF}LaxCardinality")
    # the order of the columns is that of the SELECT clause; for `SELECT *` it is left open (section 18.2.4.3)
    selected = re.search(r"\bSELECT\s*(?:DISTINCT|REDUCED)?\s*(.)", query, re.IGNORECASE)
    compare(answer, result, lax, selected is not None and selected[1] != "*")


def update(case: Case, target: Target) -> None:
    """Carry out an update on the data of the case, and hold the dataset against the expected one."""
    action, result = case.value(f"{MF}action"), case.value(f"{MF}result")
    assert action is not None
    path = path_of(case.manifest.value(action, f"{UT}request"))
    fill(target, _dataset(case, action))
    headers = {"Content-Type": "application/sparql-update"}
    answer = target.send("POST", target.update, content=based(path.read_bytes(), path), headers=headers)
    if not answer.is_success:
        raise CaseFailedError(f"{answer.status_code}: {answer.text[:200]}")
    expected = _dataset(case, result) if result is not None else {}
    wanted = canonical(_quads(expected))
    got = canonical(quads_in(target))
    if got != wanted:
        raise CaseFailedError(f"too much: {sorted(got - wanted)[:3]}, too little: {sorted(wanted - got)[:3]}")


def _dataset(case: Case, node: Term) -> dict[str, list[Path]]:
    graphs: dict[str, list[Path]] = {}
    for data in case.manifest.values(node, f"{UT}data"):
        graphs.setdefault("", []).append(path_of(data))
    for data in case.manifest.values(node, f"{UT}graphData"):
        name = case.manifest.value(data, f"{RDFS}label")
        assert isinstance(name, ox.Literal)
        graphs.setdefault(name.value, []).append(path_of(case.manifest.value(data, f"{UT}graph")))
    return graphs


def converse(case: Case, target: Target) -> None:
    """Send the requests of a protocol case, and hold each answer against what is expected of it."""
    manifest, action = case.manifest, case.value(f"{MF}action")
    assert action is not None
    data = {}
    for graph in manifest.values(case.node, f"{UT}graphData"):
        name = manifest.value(graph, f"{RDFS}label")
        assert isinstance(name, ox.Literal)
        data[name.value] = [path_of(manifest.value(graph, f"{UT}graph"))]
    fill(target, data)
    known: dict[str, str] = {}
    for number, request in enumerate(manifest.items(action, f"{HT}requests"), 1):
        expected = manifest.value(request, f"{HT}resp")
        assert expected is not None
        answer = _sent(case, request, target, known)
        statuses = [re.split("[#/]", str(s).strip("<>"))[-1] for s in manifest.values(expected, f"{MF}expectedStatus")]
        if statuses and not any(fits(answer.status_code, status) for status in statuses):
            wanted = " or ".join(statuses)
            raise CaseFailedError(f"request {number}: {answer.status_code}, not {wanted}: {answer.text[:150]}")
        if (name := manifest.value(expected, f"{MF}expectedLocation")) is not None:
            assert isinstance(name, ox.Literal)
            if "location" not in answer.headers:
                raise CaseFailedError(f"request {number}: no Location")
            known[name.value] = answer.headers["location"]
        _hold(manifest, expected, answer, number, target, known)


def _hold(
    manifest: Manifest, expected: Term, answer: httpx.Response, number: int, target: Target, known: dict[str, str]
) -> None:
    media_type = answer.headers.get("content-type", "").partition(";")[0]
    if (kind := manifest.value(expected, f"{MF}expectedFormat")) is not None:
        offered = {"boolean": BOOLEAN, "tabular": TABULAR, "RDF": GRAPHS}[str(kind).strip('"')]
        if media_type not in offered:
            raise CaseFailedError(f"request {number}: sent as {media_type}")
    if (boolean := manifest.value(expected, f"{MF}expectedBoolean")) is not None:
        assert isinstance(boolean, ox.Literal)
        if solutions(answer.content, media_type) is not (boolean.value == "true"):
            raise CaseFailedError(f"request {number}: not {boolean.value}")
    chars = manifest.value(expected, f"{HT}body", f"{CNT}chars")
    if isinstance(chars, ox.Literal) and chars.value.strip():
        base = target.base_iri
        wanted = ox.parse(_filled(chars.value, target, known), format=ox.RdfFormat.TURTLE, base_iri=base)
        got = ox.parse(answer.content, format=ox.RdfFormat.from_media_type(media_type), base_iri=base)
        if canonical(q.triple for q in got) != canonical(q.triple for q in wanted):
            raise CaseFailedError(f"request {number}: another graph than expected: {answer.text[:300]}")


def fits(status: int, expected: str) -> bool:
    """Tell whether a status is the one, or in the class, that a case expects."""
    if found := re.fullmatch(r"StatusCode(\d)xx", expected):
        return status // 100 == int(found[1])
    named = {"OK": (200, 204), "Created": (201,), "NoContent": (204, 200), "NotFound": (404,), "BadRequest": (400,)}
    return status in named[expected]


def _sent(case: Case, request: Term, target: Target, known: dict[str, str]) -> httpx.Response:
    manifest = case.manifest

    def text(*predicates: str) -> str:
        value = manifest.value(request, *predicates)
        return value.value if isinstance(value, ox.Literal) else ""

    headers = {}
    for header in manifest.items(request, f"{HT}headers"):
        name, value = (manifest.value(header, HT + key) for key in ("fieldName", "fieldValue"))
        assert isinstance(name, ox.Literal) and isinstance(value, ox.Literal)
        headers[name.value] = value.value
    body = text(f"{HT}body", f"{CNT}chars")
    encoding = text(f"{HT}body", f"{CNT}characterEncoding") or "utf-8"
    path = _filled(text(f"{HT}absolutePath"), target, known)
    if path.startswith("/sparql"):
        said = f"{headers.get('content-type', '')} {body} {path}"
        is_update = "update" in case.name and "sparql-query" not in said and "query=" not in said
        url = (target.update if is_update else target.query) + path.removeprefix("/sparql").removeprefix("/")
    else:
        url = path if path.startswith("http") else target.graph_store + path.removeprefix("/gsp")
    if url.startswith(target.base_iri):  # a Location that is not where the service is reached
        url = target.graph_store + url.removeprefix(target.base_iri)
    content = _filled(body, target, known).encode(encoding) if body else None
    return target.send(text(f"{HT}methodName"), url, headers=headers, content=content)


def _filled(text: str, target: Target, known: dict[str, str]) -> str:
    for name, value in known.items():
        text = text.replace(name, value)
    return text.replace("http://www.example/gsp", target.base_iri).replace(
        quote("http://www.example/gsp", safe=""), quote(target.base_iri, safe="")
    )


def describe(case: Case, target: Target) -> None:
    """Ask for the service description, and hold it against the schema of the vocabulary."""
    answer = target.send("GET", target.query, headers={"Accept": "text/turtle"})
    if not answer.is_success:
        raise CaseFailedError(f"{answer.status_code}: {answer.text[:100]}")
    store = ox.Store()
    store.load(answer.content, format=ox.RdfFormat.TURTLE, base_iri=target.query)
    service = f"PREFIX sd: <{SD}> ASK {{ ?service a sd:Service ; sd:endpoint ?endpoint }}"
    if "returns-rdf" not in case.name and not store.query(service):
        raise CaseFailedError("no sd:Service with an sd:endpoint")
    schema = f"""PREFIX sd: <{SD}> ASK {{ {{ ?s sd:supportedLanguage|sd:feature|sd:resultFormat|sd:inputFormat ?l
        FILTER(!isIRI(?l)) }} UNION {{ ?s sd:namedGraph ?g FILTER NOT EXISTS {{ ?g sd:name ?n }} }} }}"""
    if "schema" in case.name and store.query(schema):
        raise CaseFailedError("not as the schema says")


def fill(target: Target, graphs: Mapping[str, list[Path]]) -> None:
    """Make the files of `graphs` the whole dataset: by graph name, the empty name for the default graph."""
    by_graph: dict[str, list[str]] = {name: [] for name in graphs}
    for quad in _quads(graphs):
        name = quad.graph_name.value if isinstance(quad.graph_name, ox.NamedNode) else ""
        by_graph.setdefault(name, []).append(f"{quad.triple} .\n")
    data = "".join(f"GRAPH <{n}> {{ {''.join(t)} }}\n" if n else "".join(t) for n, t in by_graph.items())
    text = f"DROP ALL; {' '.join(f'CREATE SILENT GRAPH <{n}>;' for n in by_graph if n)} INSERT DATA {{ {data} }}"
    headers = {"Content-Type": "application/sparql-update"}
    answer = target.send("POST", target.update, content=text.encode(), headers=headers)
    assert answer.is_success, answer.text


def _quads(graphs: Mapping[str, list[Path]]) -> Iterator[ox.Quad]:
    for name, paths in graphs.items():
        for quad in (quad for path in paths for quad in quads_of(path)):
            graph = ox.NamedNode(name) if name else quad.graph_name
            yield ox.Quad(quad.subject, quad.predicate, quad.object, graph)


def quads_in(target: Target) -> Iterator[ox.Quad]:
    """Yield every quad of the dataset of a service."""
    query = "SELECT ?s ?p ?o ?g { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"
    headers = {"Accept": "application/sparql-results+xml", "Content-Type": "application/sparql-query"}
    answer = target.send("POST", target.query, content=query.encode(), headers=headers)
    found = solutions(answer.content, "application/sparql-results+xml")
    assert not isinstance(found, bool)
    for s in found:
        yield ox.Quad(s["s"], s["p"], s["o"], s.get("g", ox.DefaultGraph()))  # type: ignore[arg-type]


def based(query: bytes, path: Path) -> bytes:
    """Return a query whose relative IRIs are relative to its file."""
    return f"BASE <{path.as_uri()}>\n".encode() + query


def compare(answer: httpx.Response, expected: Path, lax: bool, has_columns: bool) -> None:
    """Hold an answer against a file, blank nodes apart, and the order of columns where it has one."""
    media_type = answer.headers["content-type"].partition(";")[0]
    if has_columns and expected.suffix in RESULTS:
        got_columns, wanted_columns = (
            columns(answer.content, media_type),
            columns(expected.read_bytes(), RESULTS[expected.suffix]),
        )
        if got_columns != wanted_columns:
            raise CaseFailedError(f"the columns are {got_columns}, not {wanted_columns}")
    if expected.suffix == ".csv":
        got, wanted = rows(answer.content), rows(expected.read_bytes())
        if got != wanted:
            raise CaseFailedError(
                f"too much: {list((got - wanted).elements())[:3]}, too little: {list((wanted - got).elements())[:3]}"
            )
        return
    if media_type in GRAPHS:
        format_ = ox.RdfFormat.from_media_type(media_type)
        got_graph = canonical(q.triple for q in ox.parse(answer.content, format=format_))
        if got_graph != canonical(q.triple for q in quads_of(expected)):
            raise CaseFailedError("another graph than expected")
        return
    got_solutions, wanted_solutions = solutions(answer.content, media_type), expected_solutions(expected)
    if isinstance(got_solutions, bool) or isinstance(wanted_solutions, bool):
        if got_solutions is not wanted_solutions:
            raise CaseFailedError(f"got {got_solutions}, expected {wanted_solutions}")
    elif as_graph(got_solutions, lax) != as_graph(wanted_solutions, lax):
        raise CaseFailedError(f"got {_shown(got_solutions)}, expected {_shown(wanted_solutions)}")
    elif has_order(expected) and _plain(got_solutions) != _plain(wanted_solutions):
        raise CaseFailedError(f"the order is not that of {_shown(wanted_solutions)}")


def _shown(found: list[Solution]) -> list[str]:
    return sorted(" ".join(f"?{name}={term}" for name, term in sorted(row.items())) for row in found)[:4]


def has_order(expected: Path) -> bool:
    """Tell whether a file is a result set in RDF that gives its solutions in their order."""
    return expected.suffix not in RESULTS and any(q.predicate.value == f"{RS}index" for q in quads_of(expected))


def _plain(found: list[Solution]) -> list[dict[str, Term | str]]:
    """Return solutions with all blank nodes alike."""
    return [{n: "_:" if isinstance(t, ox.BlankNode) else t for n, t in row.items()} for row in found]


def rows(content: bytes) -> Counter[frozenset[tuple[str, str]]]:
    """Return the rows of an answer in CSV by column, which says nothing of types and of which blank nodes are one."""
    assert content.endswith(b"\r\n") or b"\r" not in content, "lines end in CRLF (RFC 4180)"
    read = csv.DictReader(io.StringIO(content.decode(), newline=""), strict=True)
    return Counter(frozenset((n, re.sub(r"^_:.*", "_:", value)) for n, value in row.items()) for row in read)


def columns(content: bytes, media_type: str) -> list[str]:
    """Return the variables of an answer in their order."""
    if media_type == "text/csv":
        return content.decode().splitlines()[0].split(",")
    parsed = ox.parse_query_results(content, format=ox.QueryResultsFormat.from_media_type(media_type))
    return [] if isinstance(parsed, ox.QueryBoolean) else [variable.value for variable in parsed.variables]


def solutions(content: bytes, media_type: str) -> list[Solution] | bool:
    """Return the solutions or the boolean of an answer."""
    parsed = ox.parse_query_results(content, format=ox.QueryResultsFormat.from_media_type(media_type))
    if isinstance(parsed, ox.QueryBoolean):
        return bool(parsed)
    names = [variable.value for variable in parsed.variables]
    return [{name: term for name, term in zip(names, row, strict=True) if term is not None} for row in parsed]


def expected_solutions(path: Path) -> list[Solution] | bool:
    """Return what a file expects: results in XML, JSON or TSV, or a result set in RDF."""
    if path.suffix in RESULTS:
        return solutions(path.read_bytes(), RESULTS[path.suffix])
    store = ox.Dataset(quads_of(path))

    def values(node: Term, name: str) -> list[Term]:
        return [q.object for q in store.quads_for_subject(node) if q.predicate.value == RS + name]  # type: ignore[arg-type]

    head = next(q.subject for q in store.quads_for_object(ox.NamedNode(f"{RS}ResultSet")))
    if found := values(head, "boolean"):
        return bool(found[0].value == "true")  # type: ignore[union-attr]
    found_solutions = sorted(values(head, "solution"), key=lambda node: int(str(*_texts(values(node, "index"))) or 0))
    return [
        {values(b, "variable")[0].value: values(b, "value")[0] for b in values(solution, "binding")}  # type: ignore[union-attr]
        for solution in found_solutions
    ]


def _texts(found: list[Term]) -> list[str]:
    return [term.value for term in found if isinstance(term, ox.Literal)]


def as_graph(found: list[Solution], lax: bool) -> set[str]:
    """Return solutions as canonical triples, so that blank nodes compare as they should; `lax` leaves repeats out."""
    counted = Counter(frozenset(solution.items()) for solution in found)
    triples = []
    for number, (solution, times) in enumerate(counted.items()):
        row = ox.BlankNode(f"row{number}")
        triples.append(ox.Triple(row, ox.NamedNode("urn:times"), ox.Literal("1" if lax else str(times))))
        triples += [ox.Triple(row, ox.NamedNode(f"urn:variable:{name}"), term) for name, term in solution]
    return canonical(triples)


def quads_of(path: Path) -> list[ox.Quad]:
    """Return the quads of a file, in its order."""
    format_ = ox.RdfFormat.from_extension(path.suffix[1:])
    content, base = path.read_bytes(), path.as_uri()
    return list(ox.parse(content, format=format_, base_iri=base, rename_blank_nodes=True))


def canonical(found: object) -> set[str]:
    """Return triples or quads as text, with canonical blank nodes."""
    quads = [q if isinstance(q, ox.Quad) else ox.Quad(q.subject, q.predicate, q.object) for q in found]  # type: ignore[attr-defined]
    dataset = ox.Dataset(quads)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    return {str(quad) for quad in dataset}


def main() -> None:
    """Run the suites of a folder, and print what fails."""
    folder, query, update_, graph_store, *rest = sys.argv[1:]
    target = Target(query, update_, graph_store, rest[0] if rest else graph_store, "".join(rest[1:2]))
    for suite, cases in suites(Path(folder)).items():
        failed = {case.name: why for case in cases if (why := outcome(case, target)) is not None}
        for name, why in failed.items():
            print(f"{name}: {why}")
        print(f"{suite}: {len(cases) - len(failed)} of {len(cases)} pass")


if __name__ == "__main__":
    main()
