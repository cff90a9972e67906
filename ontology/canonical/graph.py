"""The triples of one ontology by subject, with its lists, and with the blank nodes that need a label told apart.

Spellings that OWL does not tell apart become one: a symmetric axiom has the smaller IRI first (OWL 2 Mapping to RDF,
section 2), and the axiom's annotations follow it.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping

import pyoxigraph as ox

from ontology.canonical.terms import (
    AXIOMS,
    DATATYPE,
    FIRST,
    LIST,
    NIL,
    PROPERTY,
    REST,
    SETS,
    SOURCE,
    TARGET,
    TYPE,
    Node,
    Objects,
    Term,
    is_backwards,
)

MAX_NESTING = 60
"""How many blank nodes are written within each other; what is deeper gets a label."""


class OwlGraph:
    """An ontology's triples by subject.

    `lists` has the items of each well-formed list by its first cell, whose cells are no subjects any more;
    `labelled` the blank nodes that cannot be written where they are used.
    """

    def __init__(self, triples: Iterable[ox.Triple]) -> None:
        self._objects: dict[Node, Objects] = defaultdict(dict)
        self._index(dict.fromkeys(triples))
        self.lists = dict(self._well_formed_lists())
        self._join_copied_targets()
        self._annotations = self._annotated_triples()
        self._annotating = {node for nodes in self._annotations.values() for node in nodes}
        self._sources = Counter(source for (source, _, _), nodes in self._annotations.items() for _ in nodes)
        self._references, self._targets = self._count_references()
        self._heights = self._measure()
        self._sets = {object_ for _, predicate, object_ in self.triples() if predicate in SETS}
        self.labelled = frozenset(filter(self._needs_label, self._heights))

    def subjects(self) -> Iterable[Node]:
        """Return every subject that is not a cell of a list."""
        return self._objects.keys()

    def items(self, term: Term) -> tuple[Term, ...]:
        """Return the items of a list; what is no list has none."""
        return self.lists.get(term, ()) if isinstance(term, ox.BlankNode) else ()

    def is_set(self, head: ox.BlankNode) -> bool:
        """Tell whether the order of a list means nothing."""
        return head in self._sets

    def objects(self, node: Term) -> Mapping[ox.NamedNode, list[Term]]:
        """Return the objects of `node` by predicate; a literal and a list have none."""
        return self._objects.get(node, {}) if isinstance(node, ox.NamedNode | ox.BlankNode) else {}

    def value(self, node: Term, predicate: ox.NamedNode) -> Term | None:
        """Return the object of `node` and `predicate` where there is one and no more."""
        objects = self.objects(node).get(predicate, ())
        return objects[0] if len(objects) == 1 else None

    def triples(self) -> Iterator[tuple[Node, ox.NamedNode, Term]]:
        """Yield every triple that is not within a list."""
        for subject, predicates in self._objects.items():
            for predicate, objects in predicates.items():
                for object_ in objects:
                    yield subject, predicate, object_

    def annotations_of(self, subject: Node, predicate: ox.NamedNode, object_: Term) -> list[ox.BlankNode]:
        """Return the nodes that annotate a triple: owl:Axiom, or owl:Annotation where it is an annotation itself."""
        return self._annotations.get((subject, predicate, object_), [])

    def annotates(self, node: ox.BlankNode) -> bool:
        """Tell whether `node` annotates a triple."""
        return node in self._annotating

    def blank_nodes(self) -> Iterable[ox.BlankNode]:
        """Return every blank node that is a subject, an object or a list."""
        return self._heights.keys()

    def is_root(self, node: ox.BlankNode) -> bool:
        """Tell whether nothing has `node` as its object."""
        return not self._references[node]

    def stands_alone(self, node: ox.BlankNode) -> bool:
        """Tell whether nothing has `node` as its object but annotations of what it says."""
        return self._references[node] == self._sources[node]

    def height(self, node: ox.BlankNode) -> float:
        """Return how many blank nodes are below each other from `node` on; in and above a circle there is no end."""
        return self._heights[node]

    def is_deep(self, node: ox.BlankNode) -> bool:
        """Tell whether what is below `node` goes round in a circle, or down too far to be compared by content."""
        return self._heights[node] > MAX_NESTING

    def is_shared(self, node: ox.BlankNode) -> bool:
        """Tell whether several triples have `node` as their object, those that annotate aside."""
        return self._references[node] - self._sources[node] - self._targets[node] > 1

    def below(self, node: ox.BlankNode) -> Iterator[ox.BlankNode]:
        """Yield the blank nodes that are objects or items of `node`."""
        terms = [*self.lists.get(node, ()), *(o for objects in self.objects(node).values() for o in objects)]
        yield from (term for term in terms if isinstance(term, ox.BlankNode))

    def _index(self, triples: Iterable[ox.Triple]) -> None:
        triples = list(triples)
        datatypes = {t.subject for t in triples if t.predicate == TYPE and t.object == DATATYPE}

        def turns(subject: Term, predicate: Term, object_: Term) -> bool:
            return subject not in datatypes and is_backwards(subject, predicate, object_)

        for subject, predicate, object_ in triples:
            if turns(subject, predicate, object_):
                subject, object_ = object_, subject
            objects = self._objects[subject].setdefault(predicate, [])
            if object_ not in objects:
                objects.append(object_)
        for node, predicates in self._objects.items():
            source, property_, target = (self.value(node, p) for p in (SOURCE, PROPERTY, TARGET))
            if source and property_ and target and turns(source, property_, target):
                predicates[SOURCE], predicates[TARGET] = [target], [source]

    def _well_formed_lists(self) -> Iterator[tuple[ox.BlankNode, tuple[Term, ...]]]:
        """Take the cells of lists that `( … )` can say out of the subjects, and yield the lists by first cell."""
        cells: dict[Term, Objects] = {node: by for node, by in self._objects.items() if _is_cell(node, by)}
        used = Counter(object_ for _, _, object_ in self.triples() if object_ in cells)
        rests = {by[REST][0] for by in cells.values()}
        for head in [node for node in cells if node not in rests and used[node] and isinstance(node, ox.BlankNode)]:
            members: list[Term] = []
            cell: Term = head
            while cell in cells and (cell is head or used[cell] == 1):
                members.append(cell)
                cell = cells[cell][REST][0]
            if cell == NIL:
                yield head, tuple(cells[member][FIRST][0] for member in members)
                for member in members:
                    self._objects.pop(member)  # type: ignore[arg-type]

    def _join_copied_targets(self) -> None:
        """Have annotations be about the list of their axiom: RDF/XML of the OWL API gives them a copy of it."""
        for node in list(self._objects):
            source, property_, copy = (self.value(node, predicate) for predicate in (SOURCE, PROPERTY, TARGET))
            if source is None or copy is None or not isinstance(property_, ox.NamedNode) or not self.items(copy):
                continue
            originals = [o for o in self.objects(source).get(property_, ()) if self._alike(copy, o)]
            if originals and copy not in originals:
                self._objects[node][TARGET] = originals[:1]
                self._drop(copy)

    def _alike(self, left: Term, right: Term) -> bool:
        """Tell whether two terms are the same, or lists and expressions of the same."""
        pairs = [(left, right)]
        for one, other in pairs:
            if one != other:
                these, those = self._parts(one), self._parts(other)
                if not these or len(these) != len(those) or len(pairs) > MAX_NESTING:
                    return False
                pairs += zip(these, those, strict=True)
        return True

    def _parts(self, term: Term) -> list[Term]:
        if not isinstance(term, ox.BlankNode):
            return []
        objects = sorted(self.objects(term).items(), key=lambda item: item[0].value)
        return [*self.items(term), *(part for predicate, values in objects for part in (predicate, *values))]

    def _drop(self, term: Term) -> None:
        dropped = [term]
        for one in dropped:
            if isinstance(one, ox.BlankNode):
                dropped += self.below(one)
                self.lists.pop(one, None)
                self._objects.pop(one, None)

    def _annotated_triples(self) -> dict[tuple[Term, Term, Term], list[ox.BlankNode]]:
        found: dict[tuple[Term, Term, Term], list[ox.BlankNode]] = defaultdict(list)
        for node in self._objects:
            source, property_, target = (self.value(node, p) for p in (SOURCE, PROPERTY, TARGET))
            if isinstance(node, ox.BlankNode) and source and target and isinstance(property_, ox.NamedNode):
                stated = target in self.objects(source).get(property_, ())
                found[source, property_, target] += [node] if stated else []
        return found

    def _count_references(self) -> tuple[Counter[Term], Counter[Term]]:
        references, targets = Counter[Term](), Counter[Term]()
        for _, predicate, object_ in self.triples():
            if isinstance(object_, ox.BlankNode):
                references[object_] += 1
                targets[object_] += predicate == TARGET
        for items in self.lists.values():
            references.update(item for item in items if isinstance(item, ox.BlankNode))
        return references, targets

    def _measure(self) -> dict[ox.BlankNode, float]:
        """Return how deep each blank node is: infinitely, where it is in or above a circle."""
        terms = (*self._objects, *self.lists, *self._references)
        heights = {node: float("inf") for node in terms if isinstance(node, ox.BlankNode)}
        above: dict[ox.BlankNode, list[ox.BlankNode]] = defaultdict(list)
        waiting: Counter[ox.BlankNode] = Counter()
        for node in heights:
            for child in self.below(node):
                above[child].append(node)
                waiting[node] += 1
        ready = [node for node in heights if not waiting[node]]
        for node in ready:
            heights[node] = 1 + max((heights[child] for child in self.below(node)), default=0)
            for parent in above[node]:
                waiting[parent] -= 1
                if not waiting[parent]:
                    ready.append(parent)
        return heights

    def _needs_label(self, node: ox.BlankNode) -> bool:
        height = self._heights[node]
        return (
            self._references[node] > 1
            or (bool(self._sources[node]) and not AXIOMS.isdisjoint(self.objects(node).get(TYPE, ())))
            or height == float("inf")
            or height % MAX_NESTING == 0
        )


def _is_cell(node: Node, predicates: Objects) -> bool:
    return (
        isinstance(node, ox.BlankNode)
        and predicates.keys() - {TYPE} == {FIRST, REST}
        and len(predicates[FIRST]) == len(predicates[REST]) == 1
        and predicates.get(TYPE, [LIST]) == [LIST]
    )
