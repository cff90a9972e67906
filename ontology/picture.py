"""Draws the main classes and the object properties between them, as SVG."""

from collections.abc import Iterator, Sequence
from itertools import zip_longest

from ontology.diagram import Arrow, Box, Diagram, KindOf
from ontology.drawing import PADDING, Line, Piece, canvas, draw_arrows, draw_box, draw_lines, rendered, room, width
from ontology.entries import anchor
from ontology.layout import lay_out

_BOX_WIDTH = 210.0
_TITLE = "Main classes and object properties of the districtgraph ontology"


def draw(diagram: Diagram, page: str) -> bytes:
    """Return the picture of `diagram` as an SVG document whose names link to the terms on `page`."""
    texts = {box.iri: _linked(_box_lines(box), page) for box in diagram.boxes}
    labels = [_linked(_arrow_lines(arrow), page) for arrow in diagram.arrows]
    boxes = {iri: room(lines, least=_BOX_WIDTH) for iri, lines in texts.items()}
    edges = [(arrow.source, arrow.target, room(lines)) for arrow, lines in zip(diagram.arrows, labels, strict=True)]
    layout = lay_out(boxes, edges)
    svg = canvas(layout.size, _TITLE, "; ".join(diagram.sentences()))
    draw_arrows(svg, layout)
    for iri, lines in texts.items():
        draw_box(svg, lines, layout.boxes[iri])
    for lines, place in zip(labels, layout.labels, strict=True):
        draw_lines(svg, lines, place.x + place.size.width / 2, place.y + PADDING / 2, "middle")
    return rendered(svg)


def _linked(lines: Sequence[Line], page: str) -> list[Line]:
    """Return lines whose pieces link to the terms on a page, where they name one."""
    return [[(text, f"{page}#{anchor(iri)}" if iri else None, class_) for text, iri, class_ in line] for line in lines]


def _box_lines(box: Box) -> list[Line]:
    pieces = [piece for kind in box.kinds for piece in _kind_pieces(kind)]
    if box.left_out:
        pieces.append((f"{box.left_out} more", None, "below"))
    loops: Line = [(f"↻ {term.label}", term.iri, "follows" if term.follows else "property") for term in box.loops]
    return [[(box.label, box.iri, "name")], *_wrapped(pieces), *([loop] for loop in loops)]


def _kind_pieces(kind: KindOf) -> Iterator[Piece]:
    yield (kind.term.label, kind.term.iri, "kind")
    names: list[tuple[str, str | None]] = [(term.label, term.iri) for term in kind.below]
    names += [(f"{kind.left_out} more", None)] if kind.left_out else []
    for index, (label, iri) in enumerate(names):
        opening, closing = "(" if index == 0 else "", ")" if index == len(names) - 1 else ""
        yield (f"{opening}{label}{closing}", iri, "below")


def _arrow_lines(arrow: Arrow) -> list[Line]:
    lines: list[Line] = [[(t.label, t.iri, "follows" if t.follows else "property")] for t in arrow.properties]
    if arrow.left_out:
        lines.append([(f"{arrow.left_out} more", None, "below")])
    return lines


def _wrapped(pieces: Sequence[Piece]) -> Iterator[Line]:
    """Yield lines that are no wider than a box, with commas between the pieces, but none before a bracket."""
    line: Line = []
    for (text, iri, class_), following in zip_longest(pieces, pieces[1:]):
        after = "" if following is None else " " if following[0].startswith("(") else ", "
        if line and width([*line, (text, iri, class_)]) > _BOX_WIDTH - 2 * PADDING:
            yield line
            line = []
        line.append((text + after, iri, class_))
    if line:
        yield line
