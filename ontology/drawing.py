"""Draws boxes of text and arrows between them as SVG, for light and dark screens."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from xml.etree import ElementTree

from ontology.layout import GAP, Layout, Place, Size

LINE = 17.0
PADDING = 10.0
_MARGIN = 8.0
_CHARACTER = 6.6
_WIDE_CHARACTER = 8.6
_SVG = "http://www.w3.org/2000/svg"
STYLE = """
svg { background: #fff; font: 13px system-ui, sans-serif; fill: #1d2733; }
rect { fill: #eef3f8; stroke: #5a6f86; rx: 6px; }
path { fill: none; stroke: #5a6f86; stroke-width: 1.2; }
marker path { fill: #5a6f86; stroke: none; }
rect.rule { fill: none; stroke-dasharray: 4 3; }
rect.fact { stroke-width: 2.2; }
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
Piece = tuple[str, str | None, str]
Line = list[Piece]


def canvas(size: Size, title: str, description: str) -> ElementTree.Element:
    """Return an empty picture with room for a drawing of some size, and with words for who does not see it."""
    width, height = size.width + 2 * _MARGIN, size.height + 2 * _MARGIN
    view = f"{-_MARGIN:.0f} {-_MARGIN:.0f} {width:.0f} {height:.0f}"
    attributes = {"xmlns": _SVG, "viewBox": view, "width": f"{width:.0f}", "height": f"{height:.0f}"}
    svg = ElementTree.Element("svg", attributes)
    ElementTree.SubElement(svg, "title").text = title
    ElementTree.SubElement(svg, "desc").text = description
    ElementTree.SubElement(svg, "style").text = STYLE
    head = {"id": "arrow", "viewBox": "0 0 8 8", "refX": "8", "refY": "4", "markerWidth": "8", "markerHeight": "8"}
    marker = ElementTree.SubElement(svg, "marker", {**head, "orient": "auto"})
    ElementTree.SubElement(marker, "path", {"d": "M0 0 L8 4 L0 8 z"})
    return svg


def room(lines: Sequence[Line], least: float = 0.0) -> Size:
    """Return the size of a box for some lines, which has at least some width."""
    return Size(max(least, *(width(line) + 2 * PADDING for line in lines)), len(lines) * LINE + PADDING)


def width(line: Line) -> float:
    """Return an upper bound of how wide a line is drawn: fonts differ from machine to machine."""
    return sum(len(text) * (_WIDE_CHARACTER if class_ == "name" else _CHARACTER) for text, _, class_ in line)


def draw_arrows(svg: ElementTree.Element, layout: Layout) -> None:
    """Draw the edges of a layout as arrows."""
    for path in _curves(layout):
        ElementTree.SubElement(svg, "path", {"d": path, "marker-end": "url(#arrow)"})


def draw_box(svg: ElementTree.Element, lines: Iterable[Line], place: Place, class_: str = "") -> None:
    """Draw a box with its lines."""
    rectangle = {"x": place.x, "y": place.y, "width": place.size.width, "height": place.size.height}
    attributes = {name: f"{value:.1f}" for name, value in rectangle.items()}
    ElementTree.SubElement(svg, "rect", attributes | ({"class": class_} if class_ else {}))
    draw_lines(svg, lines, place.x + PADDING, place.y + PADDING / 2, "start")


def draw_lines(svg: ElementTree.Element, lines: Iterable[Line], x: float, y: float, side: str) -> None:
    """Draw lines of text below a point, which is at their `start` or in their `middle`."""
    for number, line in enumerate(lines):
        place = {"x": f"{x:.1f}", "y": f"{y + number * LINE + 13:.1f}", "text-anchor": side}
        text = ElementTree.SubElement(svg, "text", place)
        for words, href, class_ in line:
            link = ElementTree.SubElement(text, "a", {"href": href}) if href else text
            ElementTree.SubElement(link, "tspan", {"class": class_}).text = words


def rendered(svg: ElementTree.Element) -> bytes:
    """Return a picture as a document."""
    ElementTree.indent(svg)
    return f"{ElementTree.tostring(svg, encoding='unicode')}\n".encode()


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
