"""What an edited ontology would change in a release: terms, inferences, facts and answers, in words and in JSON."""

import json
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from conftest import copy_project, run

from loaders.answers import answer_difference
from loaders.canonical import canonical, release_id
from loaders.difference import against
from loaders.graphs import INFERRED, OF_NO_SOURCE
from loaders.reasoning.domain_rules import domain_rules
from loaders.release import Release
from loaders.releases import Releases
from ontology.iris import OWL, PREFIXES, RDF, RDFS, TERM
from ontology.modules import module_triples, read_modules
from queries.named_query import parse_query
from service.show_difference import difference_text

# Each infers with two ontologies on the whole corpus.
pytestmark = pytest.mark.slow

PREFIX = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items())
NEW = """
dg:FabLab a owl:Class ; rdfs:subClassOf dg:CollectiveActor ; rdfs:label "fab lab"@en ; skos:definition "A shop."@en .
dg:University rdfs:label "higher school"@en .
dg:brokers owl:propertyChainAxiom ( dg:brokerOf dg:place ) .
dg:TradeAssociation rdfs:subClassOf dg:Firm .
dg:acquired owl:deprecated true ; dcterms:isReplacedBy dg:memberOf .
"""
QUERIES = {
    "who-brokers": "#+ summary: s\nSELECT ?actor ?actorLabel ?technology WHERE "
    "{ ?actor dg:brokers ?technology ; rdfs:label ?actorLabel }\n",
    "towns": "#+ summary: s\n#+ parameters:\n#+   town: {type: Municipality, summary: s, example: ibi}\n"
    "SELECT ?town WHERE { ?town a dg:Location VALUES ?town { UNDEF } }\n",
    "broken": "#+ summary: s\nSELECT ?x WHERE { ?x\n",
    "untouched": "#+ summary: s\nSELECT (COUNT(*) AS ?n) WHERE { ?x a dg:Publication }\n",
}
Gone = Callable[[ox.Triple], bool]


def dg(name: str) -> ox.NamedNode:
    return ox.NamedNode(TERM + name)


def is_replaced(triple: ox.Triple) -> bool:
    """Tell what NEW takes the place of, and what is said of the class that goes."""
    subject, predicate = triple.subject, triple.predicate.value
    return (
        subject == dg("Municipality")
        or (subject, predicate) == (dg("brokers"), OWL + "propertyChainAxiom")
        or (subject, predicate, triple.object) == (dg("TradeAssociation"), RDFS + "subClassOf", dg("CollectiveActor"))
        or (subject == dg("University") and predicate == RDFS + "label" and triple.object.language == "en")
    )


def edit_modules(project: Path, gone: Gone, turtle: str) -> None:
    """Take triples out of the modules of a project, and put those of `turtle` in the first that is changed."""
    come = [quad.triple for quad in ox.parse((PREFIX + turtle).encode(), format=ox.RdfFormat.TURTLE)]
    for module in read_modules(project / "ontology"):
        kept = [triple for triple in module.triples if not gone(triple)]
        if len(kept) < len(module.triples):
            (project / module.name).write_bytes(ox.serialize(kept + come, format=ox.RdfFormat.N_TRIPLES))
            come = []
    assert come == []


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project with an edited ontology and a few queries more."""
    folder = tmp_path_factory.mktemp("edited")
    copy_project(folder)
    edit_modules(folder, is_replaced, NEW)
    for name, text in QUERIES.items():
        (folder / f"queries/{name}.rq").write_text(text)
    return folder


def compare(*arguments: str | Path, state: Path, cwd: Path | None = None) -> str:
    compared = run("check", "ontology", "--against", "current", *arguments, "--state", state, cwd=cwd)
    assert compared.returncode == 0, compared.stderr
    return compared.stdout


@pytest.fixture(scope="module")
def found(project: Path, state: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(compare("--format", "json", state=state, cwd=project))
    return document


@pytest.fixture(scope="module")
def text(project: Path, state: Path) -> str:
    return compare(state=state, cwd=project)


def term(found: dict[str, Any], list_: str, name: str) -> dict[str, Any]:
    (one,) = (term for term in found["terms"][list_] if term["name"] == name)
    return one


def changes(term: dict[str, Any]) -> dict[str, tuple[list[str], list[str]]]:
    return {change["aspect"]: (change["before"], change["after"]) for change in term["changes"]}


def test_the_same_ontology_has_no_difference(state: Path, found: dict[str, Any]) -> None:
    release = (state / "current").readlink().name
    same = json.loads(compare("--format", "json", state=state))
    assert same.keys() == found.keys()
    assert (same["differs"], found["differs"], same["release"]) == (False, True, release)
    assert [same[key] for key in ("queries", "inferences_by_changed_rules")] == [[], 0]
    assert not any(same["terms"].values())
    assert not any(same["inferences"].values())


def test_terms_are_added_changed_removed_and_deprecated(found: dict[str, Any], text: str) -> None:
    added = term(found, "added", "dg:FabLab")
    assert (added["kind"], added["label"]) == ("class", "fab lab")
    assert changes(added)["superclass"] == ([], ["dg:CollectiveActor"])
    assert "\nAdded\n  class dg:FabLab (fab lab)\n" in text
    assert changes(term(found, "changed", "dg:University")) == {"label (en)": (['"university"'], ['"higher school"'])}
    assert '    label (en): from "university" to "higher school"\n' in text
    assert changes(term(found, "deprecated", "dg:acquired")) == {
        "deprecated": ([], ["true"]),
        "replaced by": ([], ["dg:memberOf"]),
    }
    assert "\nRemoved\n  class dg:Municipality (municipality)\n" in text
    names = {list_: [term["name"] for term in terms] for list_, terms in found["terms"].items()}
    assert names == {
        "added": ["dg:FabLab"],
        "changed": ["dg:TradeAssociation", "dg:University", "dg:brokers"],
        "deprecated": ["dg:acquired"],
        "removed": ["dg:Municipality"],
    }
    assert "terms       1 removed, 1 deprecated, 3 changed, 1 added\n" in text


def test_stated_facts_that_use_a_removed_term_are_counted_by_source(found: dict[str, Any], state: Path) -> None:
    quads = ox.parse((state / "current/dataset.nq").read_bytes(), format=ox.RdfFormat.N_QUADS)
    towns = [q for q in quads if q.object == dg("Municipality") and q.predicate.value == RDF + "type"]
    stated = [quad for quad in towns if quad.graph_name not in OF_NO_SOURCE]
    facts = term(found, "removed", "dg:Municipality")["facts"]
    assert facts["count"] == len(stated) > 5
    assert facts["by_source"]["places"] == sum(q.graph_name.value.endswith("/places") for q in stated)
    assert "is of type municipality" in facts["examples"][0]
    assert term(found, "changed", "dg:brokers")["facts"]["count"] == 0


def test_inferences_are_gained_and_lost(found: dict[str, Any], text: str) -> None:
    groups = {key: {g["term"]: g for g in found["inferences"][key]} for key in ("gained", "lost")}
    assert groups["lost"]["dg:brokers"]["count"] > 10
    assert "AIJU brokers" in " ".join(groups["lost"]["dg:brokers"]["examples"])
    assert "AIJU brokers Toy Valley" in groups["gained"]["dg:brokers"]["examples"]
    assert groups["gained"]["dg:Firm"]["kind"] == "type"
    assert "IBIAE" in groups["gained"]["dg:Firm"]["examples"]
    assert "IBIAE" in groups["lost"]["dg:CollectiveActor"]["examples"]
    lost = groups["lost"]["dg:CollectiveActor"]
    assert f"  type dg:CollectiveActor (collective actor): {lost['count']}" in text


def test_named_queries_tell_what_they_name_and_which_rows_go_and_come(found: dict[str, Any], text: str) -> None:
    queries = {query["query"]: query for query in found["queries"]}
    rows = queries["who-brokers"]
    assert rows["names"] == ["dg:brokers"]
    assert (rows["gone"], rows["come"]) == (rows["rows_before"], rows["rows_after"])
    assert len(rows["gone_examples"]) == 3
    assert {"actor": "AIJU", "technology": "dgi:toy-valley"} in rows["come_examples"]
    assert "    + AIJU | dgi:toy-valley\n" in text
    assert "takes dg:Municipality, which is no class of the ontology" in queries["towns"]["problem"]
    assert queries["broken"]["problem"].startswith("it cannot be answered (")
    assert "untouched" not in queries
    assert "who-brokers" in term(found, "changed", "dg:brokers")["queries"]


def test_json_says_what_the_text_says(found: dict[str, Any], text: str) -> None:
    told = {leaf for leaf in leaves(found) if not leaf.startswith("http")}
    assert len(told) > 60
    assert [leaf for leaf in told if leaf not in text] == []


def leaves(node: Any) -> set[str]:
    if isinstance(node, dict):
        return {leaf for value in node.values() for leaf in leaves(value)}
    if isinstance(node, list):
        return {leaf for value in node for leaf in leaves(value)}
    return {node} if isinstance(node, str) else set()


def test_another_order_of_lists_triples_and_blank_nodes_is_no_difference(excerpt_state: Path, tmp_path: Path) -> None:
    """As a save by another editor would write them; the files take the place of the modules."""
    files, reversed_ = [], 0
    for module in read_modules():
        triples = {t.subject: t for t in module.triples if t.predicate.value == RDF + "first"}
        following = {t.subject: t.object for t in module.triples if t.predicate.value == RDF + "rest"}
        for triple in module.triples:
            if triple.predicate.value in (OWL + "unionOf", OWL + "members"):
                nodes = [triple.object]
                while following[nodes[-1]] in following:
                    nodes.append(following[nodes[-1]])
                items = [triples[node].object for node in reversed(nodes)]
                triples |= {n: ox.Triple(n, triples[n].predicate, i) for n, i in zip(nodes, items, strict=True)}
                reversed_ += len(nodes) > 1
        written = [triples[t.subject] if t.predicate.value == RDF + "first" else t for t in module.triples]
        random.Random(1).shuffle(written)
        files.append(tmp_path / Path(module.name).name)
        files[-1].write_bytes(ox.serialize(written, format=ox.RdfFormat.N_TRIPLES))
    assert reversed_ > 5
    release = (excerpt_state / "current").readlink().name
    told = f"The ontology states what that of release {release} does; nothing else follows.\n"
    assert compare(*files, state=excerpt_state) == told


def test_a_file_takes_the_place_of_its_module_only(excerpt_state: Path, tmp_path: Path) -> None:
    module = next(m for m in read_modules() if any(t.subject == dg("University") for t in m.triples))
    kept = [t for t in module.triples if not (t.subject == dg("University") and t.predicate.value == RDFS + "label")]
    (tmp_path / "saved.ttl").write_bytes(ox.serialize(kept, format=ox.RdfFormat.N_TRIPLES))
    found = json.loads(compare(tmp_path / "saved.ttl", "--format", "json", state=excerpt_state))
    assert [(list_, t["name"]) for list_, terms in found["terms"].items() for t in terms] == [
        ("changed", "dg:University")
    ]
    assert found["inferences"] == {"gained": [], "lost": []}
    (tmp_path / "other.ttl").write_text("<http://example.org/o> a <http://www.w3.org/2002/07/owl#Ontology> .")
    other = run("check", "ontology", tmp_path / "other.ttl", "--against", "current", "--state", excerpt_state)
    assert (other.returncode, "is the IRI of no module" in other.stderr) == (1, True)


def test_a_release_goes_by_its_id_or_by_the_beginning_of_it(state: Path, tmp_path: Path) -> None:
    shutil.copytree(state, tmp_path / "state", symlinks=True)
    releases = Releases(tmp_path / "state")
    id_ = releases.require_current().id
    assert releases.named(id_) == releases.named(id_[:6]) == releases.named("current")
    twin = id_[:8] + "0" * 8
    (tmp_path / "state/releases" / twin).mkdir()
    for name, message in (
        (id_[:6], f"'{id_[:6]}' begins several releases: {', '.join(sorted((id_, twin)))}; give more of the id"),
        (id_[:5], f"no release '{id_[:5]}'"),
        ("../current", "no release '../current'"),
        ("0123456789", f"there are: {', '.join(sorted((id_, twin)))} ("),
    ):
        compared = run("check", "ontology", "--against", name, "--state", tmp_path / "state")
        assert (compared.returncode, compared.stdout) == (2, "")
        assert message in compared.stderr
        assert "Traceback" not in compared.stderr
    assert releases.named(id_[:9]).id == id_


@pytest.mark.parametrize("name", ["current", "0123456789"])
def test_without_any_release_the_way_to_one_is_named(name: str, tmp_path: Path) -> None:
    compared = run("check", "ontology", "--against", name, "--state", tmp_path)
    assert (compared.returncode, "run 'districtgraph build'" in compared.stderr) == (2, True)


def test_a_damaged_release_is_named(tmp_path: Path) -> None:
    (tmp_path / "releases/0123456789abcdef").mkdir(parents=True)
    for content in (None, "", "<a"):
        if content is not None:
            (tmp_path / "releases/0123456789abcdef/dataset.nq").write_text(content)
        compared = run("check", "ontology", "--against", "012345", "--state", tmp_path)
        assert (compared.returncode, "is damaged (dataset.nq" in compared.stderr) == (2, True)


def release_of(folder: Path, quads: list[ox.Quad]) -> Release:
    content = canonical(quads)
    folder.mkdir()
    (folder / "dataset.nq").write_bytes(content)
    return Release(release_id(content), folder)


def test_what_other_rules_inferred_is_not_put_down_to_the_ontology(state: Path, tmp_path: Path) -> None:
    quads = Releases(state).require_current().quads()
    inferred = next(quad for quad in quads if quad.graph_name == INFERRED)
    release = release_of(tmp_path / "old", [quad for quad in quads if quad != inferred])
    release.ontology.write_bytes(Releases(state).require_current().ontology.read_bytes())
    report = against(module_triples(), domain_rules(), release, lambda step: None)
    assert (bool(report), report.by_rules) == (False, 1)
    assert "by them alone 1 inferred triples differ" in difference_text(report)


def test_what_a_query_joins_counts_in_any_order_and_with_every_part() -> None:
    text = (
        "#+ summary: s\nSELECT (GROUP_CONCAT(?l; separator=', ') AS ?labels) WHERE "
        "{ { SELECT ?l WHERE { ?x rdfs:label ?l ; dg:value ?n } ORDER BY ?n } }\n"
    )
    query = parse_query("joined.rq", text)

    def store(*labels: str) -> ox.Store:
        things = [(ox.NamedNode(f"{TERM}x{label}"), number, label) for number, label in enumerate(labels)]
        filled = ox.Store()
        for thing, number, label in things:
            filled.add(ox.Quad(thing, ox.NamedNode(RDFS + "label"), ox.Literal(label)))
            filled.add(ox.Quad(thing, dg("value"), ox.Literal(number)))
        return filled

    one, turned, less = store("a", "b"), store("b", "a"), store("b")
    raw = [str(next(iter(s.query(query.sparql({}))))["labels"]) for s in (one, turned)]
    assert raw == ['"a, b"', '"b, a"']
    assert not answer_difference(query, one, turned, (), ())
    found = answer_difference(query, one, less, (), ())
    assert (found.gone_examples, found.come_examples) == (({"labels": "a, b"},), ({"labels": "b"},))
