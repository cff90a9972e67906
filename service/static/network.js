// Draws a network of actors, sized by a measure, and hands the picture out as SVG and PNG; the table says the same.
import { arrange, colour, drawn, legend, PALETTE } from "./drawing.js";
import { words } from "./rows.js";

const section = document.getElementById("drawing");
const canvas = document.getElementById("network");
const measure = document.getElementById("measure");
const elements = JSON.parse(document.getElementById("elements").textContent);
const SMALLEST = 14, LARGEST = 60;
const kinds = [...new Set(elements.nodes.map((node) => node.data.actorKind))].sort();

function size(data) {
  const most = Math.max(...elements.nodes.map((node) => node.data[measure.value])) || 1;
  return SMALLEST + (LARGEST - SMALLEST) * Math.sqrt(data[measure.value] / most);
}

function look() {
  const kind = (node) => PALETTE[kinds.indexOf(node.data("actorKind")) % PALETTE.length];
  const span = (node) => size(node.data());
  const text = { "text-background-color": colour("ground"), "text-background-opacity": 0.8, color: colour("text") };
  const node = {
    ...text, label: "data(label)", "background-color": kind, width: span, height: span, "font-size": 11,
    "text-wrap": "wrap", "text-max-width": 110, "text-valign": "bottom", "text-margin-y": 3,
  };
  const edge = {
    ...text, width: 1.4, "line-color": colour("line"), "target-arrow-color": colour("line"),
    "curve-style": "bezier", "font-size": 9,
  };
  const near = { label: (edge) => words(edge.data("tieRelation")), "line-color": colour("link"), "target-arrow-color": colour("link") };
  return [
    { selector: "node", style: node },
    { selector: "node.broker", style: { "border-width": 4, "border-color": colour("mark") } },
    { selector: "edge", style: edge },
    { selector: "edge[?directed]", style: { "target-arrow-shape": "triangle" } },
    { selector: "edge.near", style: near },
  ];
}

function save(blob, ending) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = `${location.pathname.split("/").pop()}.${ending}`;
  link.click();
  URL.revokeObjectURL(link.href);
}

// The picture as SVG: ties as lines, actors as circles with their names, where they are drawn now.
function svg(graph) {
  const box = graph.elements().boundingBox();
  const parts = new DOMParser().parseFromString('<svg xmlns="http://www.w3.org/2000/svg"/>', "image/svg+xml");
  const root = parts.documentElement;
  const add = (name, attributes, text = "") => {
    const element = parts.createElementNS(root.namespaceURI, name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.textContent = text;
    root.append(element);
  };
  root.setAttribute("viewBox", [box.x1 - 10, box.y1 - 10, box.w + 20, box.h + 20].map(Math.round).join(" "));
  add("title", {}, document.querySelector("h1").textContent);
  graph.edges().forEach((edge) => {
    const [from, to] = [edge.source().position(), edge.target().position()];
    add("line", { x1: from.x, y1: from.y, x2: to.x, y2: to.y, stroke: colour("soft"), "stroke-width": 1 });
  });
  graph.nodes().forEach((node) => {
    const { x, y } = node.position();
    const radius = size(node.data()) / 2;
    const ring = node.hasClass("broker") ? { stroke: colour("mark"), "stroke-width": 4 } : {};
    add("circle", { cx: x, cy: y, r: radius, fill: node.style("background-color"), ...ring });
    add("text", { x, y: y + radius + 12, "text-anchor": "middle", "font-size": 11, "font-family": "sans-serif", fill: colour("text") }, node.data("label"));
  });
  return new XMLSerializer().serializeToString(root);
}

async function draw() {
  section.hidden = false;
  const graph = await drawn(canvas, elements, look);
  canvas.before(legend(kinds));
  graph.nodes().filter((node) => node.data("roles").length > 0).addClass("broker");
  arrange(graph);
  graph.on("tap", "node", (event) => {
    graph.edges().removeClass("near");
    event.target.connectedEdges().addClass("near");
  });
  measure.addEventListener("change", () => graph.style(look()));
  document.getElementById("as-svg").addEventListener("click", () => save(new Blob([svg(graph)], { type: "image/svg+xml" }), "svg"));
  document.getElementById("as-png").addEventListener("click", () => save(graph.png({ output: "blob", full: true, scale: 2, bg: colour("ground") }), "png"));
}

if (elements.nodes.length > 0) draw().catch(() => (section.hidden = true));
