"""Draws the main classes and the object properties between them, as SVG."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise, zip_longest
from xml.etree import ElementTree

from ontology.diagram import Arrow, Box, Diagram, KindOf
from ontology.entries import anchor
from ontology.layout import GAP, Layout, Place, Size, lay_out

_LINE = 17.0
_PADDING = 10.0
_MARGIN = 8.0
_BOX_WIDTH = 210.0
_CHARACTER = 6.6
_WIDE_CHARACTER = 8.6
_SVG = "http://www.w3.org/2000/svg"
STYLE = """
svg { background: #fff; font: 13px system-ui, sans-serif; fill: #1d2733; }
rect { fill: #eef3f8; stroke: #5a6f86; rx: 6px; }
path { fill: none; stroke: #5a6f86; stroke-width: 1.2; }
marker path { fill: #5a6f86; stroke: none; }
.name { font-weight: 600; font-size: 14px; }
.below { fill: #46566a; }
.follows { font-style: italic; }
a:hover { text-decoration: underline; }
@media (prefers-color-scheme: dark) {
  svg { background: #12171d; fill: #e4e9ef; }
  rect { fill: #1e2731; stroke: #8fa3ba; }
  path { stroke: #8fa3ba; }
  marker path { fill: #8fa3ba; }
  .below { fill: #b3c0ce; }
}
"""

# A piece of text with what it links to, if anything, and its class in the style sheet.
_Piece = tuple[str, str | None, str]
_Line = list[_Piece]


def draw(diagram: Diagram, page: str) -> bytes:
    """Return the picture of `diagram` as an SVG document whose names link to the terms on `page`."""
    texts = {box.iri: _box_lines(box) for box in diagram.boxes}
    labels = [_arrow_lines(arrow) for arrow in diagram.arrows]
    boxes = {iri: _room(lines, least=_BOX_WIDTH) for iri, lines in texts.items()}
    edges = [(arrow.source, arrow.target, _room(lines)) for arrow, lines in zip(diagram.arrows, labels, strict=True)]
    layout = lay_out(boxes, edges)
    svg = _canvas(layout.size, diagram)
    for path in _curves(layout):
        ElementTree.SubElement(svg, "path", {"d": path, "marker-end": "url(#arrow)"})
    for iri, lines in texts.items():
        place = layout.boxes[iri]
        rectangle = {"x": place.x, "y": place.y, "width": place.size.width, "height": place.size.height}
        ElementTree.SubElement(svg, "rect", {name: f"{value:.1f}" for name, value in rectangle.items()})
        _write(svg, lines, place.x + _PADDING, place.y + _PADDING / 2, "start", page)
    for lines, place in zip(labels, layout.labels, strict=True):
        _write(svg, lines, place.x + place.size.width / 2, place.y + _PADDING / 2, "middle", page)
    ElementTree.indent(svg)
    return f"{ElementTree.tostring(svg, encoding='unicode')}\n".encode()


def _canvas(size: Size, diagram: Diagram) -> ElementTree.Element:
    width, height = size.width + 2 * _MARGIN, size.height + 2 * _MARGIN
    view = f"{-_MARGIN:.0f} {-_MARGIN:.0f} {width:.0f} {height:.0f}"
    attributes = {"xmlns": _SVG, "viewBox": view, "width": f"{width:.0f}", "height": f"{height:.0f}"}
    svg = ElementTree.Element("svg", attributes)
    ElementTree.SubElement(svg, "title").text = "Main classes and object properties of the districtgraph ontology"
    ElementTree.SubElement(svg, "desc").text = "; ".join(diagram.sentences())
    ElementTree.SubElement(svg, "style").text = STYLE
    head = {"id": "arrow", "viewBox": "0 0 8 8", "refX": "8", "refY": "4", "markerWidth": "8", "markerHeight": "8"}
    marker = ElementTree.SubElement(svg, "marker", {**head, "orient": "auto"})
    ElementTree.SubElement(marker, "path", {"d": "M0 0 L8 4 L0 8 z"})
    return svg


def _box_lines(box: Box) -> list[_Line]:
    pieces = [piece for kind in box.kinds for piece in _kind_pieces(kind)]
    if box.left_out:
        pieces.append((f"{box.left_out} more", None, "below"))
    loops: _Line = [(f"↻ {term.label}", term.iri, "follows" if term.follows else "property") for term in box.loops]
    return [[(box.label, box.iri, "name")], *_wrapped(pieces), *([loop] for loop in loops)]


def _kind_pieces(kind: KindOf) -> Iterator[_Piece]:
    yield (kind.term.label, kind.term.iri, "kind")
    names: list[tuple[str, str | None]] = [(term.label, term.iri) for term in kind.below]
    names += [(f"{kind.left_out} more", None)] if kind.left_out else []
    for index, (label, iri) in enumerate(names):
        opening, closing = "(" if index == 0 else "", ")" if index == len(names) - 1 else ""
        yield (f"{opening}{label}{closing}", iri, "below")


def _arrow_lines(arrow: Arrow) -> list[_Line]:
    lines: list[_Line] = [[(t.label, t.iri, "follows" if t.follows else "property")] for t in arrow.properties]
    if arrow.left_out:
        lines.append([(f"{arrow.left_out} more", None, "below")])
    return lines


def _wrapped(pieces: Sequence[_Piece]) -> Iterator[_Line]:
    """Yield lines that are no wider than a box, with commas between the pieces, but none before a bracket."""
    line: _Line = []
    for (text, iri, class_), following in zip_longest(pieces, pieces[1:]):
        after = "" if following is None else " " if following[0].startswith("(") else ", "
        if line and _width([*line, (text, iri, class_)]) > _BOX_WIDTH - 2 * _PADDING:
            yield line
            line = []
        line.append((text + after, iri, class_))
    if line:
        yield line


def _room(lines: Sequence[_Line], least: float = 0.0) -> Size:
    return Size(max(least, *(_width(line) + 2 * _PADDING for line in lines)), len(lines) * _LINE + _PADDING)


def _width(line: _Line) -> float:
    """Return an upper bound of how wide a line is drawn: fonts differ from machine to machine."""
    return sum(len(text) * (_WIDE_CHARACTER if class_ == "name" else _CHARACTER) for text, _, class_ in line)


def _write(svg: ElementTree.Element, lines: Sequence[_Line], x: float, y: float, side: str, page: str) -> None:
    for number, line in enumerate(lines):
        place = {"x": f"{x:.1f}", "y": f"{y + number * _LINE + 13:.1f}", "text-anchor": side}
        text = ElementTree.SubElement(svg, "text", place)
        for words, iri, class_ in line:
            link = ElementTree.SubElement(text, "a", {"href": f"{page}#{anchor(iri)}"}) if iri else text
            ElementTree.SubElement(link, "tspan", {"class": class_}).text = words


def _curves(layout: Layout) -> Iterator[str]:
    """Yield the path of each edge: level within a column, curved between columns, stopping for its label."""
    heights = _heights(layout)
    labels = set(map(id, layout.labels))
    for number, route in enumerate(layout.routes):
        path = ""
        for step, (one, other) in enumerate(pairwise(route)):
            forward = one.x < other.x
            start, end = heights.get((number, step, 0), one.middle), heights.get((number, step, 1), other.middle)
            leave, arrive = (one.right, other.x) if forward else (one.x, other.right)
            if not path or id(one) in labels:
                path += f"M{leave:.1f} {start:.1f}"
            edge, far = (one.column[1], other.column[0]) if forward else (one.column[0], other.column[1])
            half = (edge + far) / 2
            path += f" H{edge:.1f}" if edge != leave else ""
            path += f" C{half:.1f} {start:.1f} {half:.1f} {end:.1f} {far:.1f} {end:.1f}"
            path += f" H{arrive:.1f}" if far != arrive else ""
        yield path


def _heights(layout: Layout) -> dict[tuple[int, int, int], float]:
    """Return at which height an edge meets a box, spread over the side in the order of the edges' other ends."""
    sides: dict[tuple[int, bool], list[tuple[float, tuple[int, int, int]]]] = defaultdict(list)
    boxes: dict[int, Place] = {id(place): place for place in layout.boxes.values()}
    for number, route in enumerate(layout.routes):
        for step, box, other, end in ((0, route[0], route[1], 0), (len(route) - 2, route[-1], route[-2], 1)):
            sides[id(box), box.x < other.x].append((other.middle, (number, step, end)))
    heights: dict[tuple[int, int, int], float] = {}
    for (box_id, _), meetings in sides.items():
        box = boxes[box_id]
        room = max(0.0, box.size.height - GAP)
        for index, (_, key) in enumerate(sorted(meetings)):
            heights[key] = box.y + GAP / 2 + room * (index + 0.5) / len(meetings)
    return heights
