"""Draws an explanation as SVG: the plainest proof from left to right, from what is stated to what follows."""

from collections.abc import Iterator
from textwrap import wrap

from ontology.drawing import Line, canvas, draw_arrows, draw_box, rendered, room
from ontology.layout import Edge, Size, lay_out_in
from service.addresses import address
from service.explanation.schema import Explanation, Expression, Fact, Proof, Reference, Value
from service.explanation.words import places, shown, statement, stating

_LONGEST_LINE = 44
_MOST_SOURCES = 4
_NO_LABEL = Size(0, 0)


def explanation_picture(document: Explanation) -> bytes:
    """Return the picture of the first proof of a triple, or of the triple alone where it has none."""
    drawing = _Drawing()
    if document.proofs:
        drawing.add(document.proofs[0])
        title = f"Why it follows that {statement(document)}"
    else:
        drawing.add_alone(document)
        title = f"What is known of {statement(document)}"
    return drawing.svg(title)


class _Drawing:
    """Boxes of triples and of the steps between them; each is drawn once, wherever it is in the tree."""

    def __init__(self) -> None:
        self._texts: dict[str, list[Line]] = {}
        self._classes: dict[str, str] = {}
        self._edges: dict[tuple[str, str], Edge] = {}
        self._distance: dict[str, int] = {}
        self._sentences: list[str] = []

    def add(self, proof: Proof, distance: int = 0) -> str:
        """Add a proof, whose conclusion is so far from that of the whole; return its box."""
        box = _key(proof)
        self._distance[box] = max(distance, self._distance.get(box, 0))
        if not proof.rules:
            self._texts[box] = [*_triple(proof), *_stated(proof)]
            self._classes[box] = "fact"
            return box
        self._texts[box] = _triple(proof)
        step = f"{box} by {' '.join(rule.name for rule in proof.rules)}"
        self._texts[step], self._classes[step] = _step(proof), "rule"
        self._distance[step] = max(distance + 1, self._distance.get(step, 0))
        premises = [self.add(premise, self._distance[step] + 1) for premise in proof.premises]
        for edge in (*((premise, step) for premise in premises), (step, box)):
            self._edges[edge] = (*edge, _NO_LABEL)
        by = "; ".join(axiom.label for axiom in proof.axioms) or proof.rules[0].summary
        told = " and ".join(map(statement, proof.premises))
        sentence = f"{statement(proof)}, as {by}" + (f", and {told}" if told else "")
        if sentence not in self._sentences:
            self._sentences.append(sentence)
        return box

    def add_alone(self, document: Explanation) -> None:
        """Add a triple that no proof is shown of."""
        box = _key(document)
        self._texts[box] = [*_triple(document), *_sources(document.facts)]
        if document.unproven:
            self._texts[box] += [[(part, None, "below")] for part in wrap(document.unproven, _LONGEST_LINE)]
        self._classes[box], self._distance[box] = "fact", 0
        self._sentences.append(document.unproven or "; ".join(_words(self._texts[box])))

    def svg(self, title: str) -> bytes:
        """Return the picture."""
        last = max(self._distance.values())
        columns = {box: last - distance for box, distance in self._distance.items()}
        layout = lay_out_in(columns, {box: room(lines) for box, lines in self._texts.items()}, [*self._edges.values()])
        svg = canvas(layout.size, title, ". ".join(self._sentences))
        draw_arrows(svg, layout)
        for box, lines in self._texts.items():
            draw_box(svg, lines, layout.boxes[box], self._classes.get(box, ""))
        return rendered(svg)


def _key(one: Proof | Explanation) -> str:
    """Return what tells a triple from others, those of things with the same labels included."""
    ends = (one.subject, one.object)
    subject, object_ = (value.id if isinstance(value, Reference) else repr(value) for value in ends)
    return f"{subject} {one.property.id} {object_}"


def _triple(one: Proof | Explanation) -> list[Line]:
    subject, object_ = _value(one.subject, "name"), _value(one.object, "name")
    return [*subject, [(one.property.label, address(one.property.id), "property")], *object_]


def _value(value: Expression | Value, class_: str) -> list[Line]:
    href = address(value.id) if isinstance(value, Reference) else None
    return [[(part, href, class_)] for part in wrap(shown(value), _LONGEST_LINE) or [""]]


def _step(proof: Proof) -> list[Line]:
    lines: list[Line] = [[(", ".join(rule.name for rule in proof.rules), proof.rules[0].href, "follows")]]
    for axiom in proof.axioms:
        href = axiom.term.href if axiom.term else None
        lines += [[(part, href, "below")] for part in wrap(axiom.label, _LONGEST_LINE)]
    if not proof.axioms:
        lines += [[(part, None, "below")] for part in wrap(proof.rules[0].summary, _LONGEST_LINE)]
    return lines


def _stated(proof: Proof) -> list[Line]:
    return _sources(proof.facts) or [[(part, None, "below")] for part in wrap(stating(proof), _LONGEST_LINE)]


def _sources(facts: list[Fact]) -> list[Line]:
    places_: dict[str, str] = {text: fact.href for fact in facts for text in places(fact)}
    lines: list[Line] = [[(text, href, "below")] for text, href in list(places_.items())[:_MOST_SOURCES]]
    return lines + ([[(f"{len(places_) - _MOST_SOURCES} more", None, "below")]] if len(places_) > _MOST_SOURCES else [])


def _words(lines: list[Line]) -> Iterator[str]:
    return (" ".join(text for text, _, _ in line) for line in lines)
