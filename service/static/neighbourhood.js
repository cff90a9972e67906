// Draws what a thing is joined to, and lets somebody walk on; the same stands in the tables of the page.
import { arrange, colour, drawn } from "./drawing.js";
import { words } from "./rows.js";

const MOST = 60; // of the neighbours of one thing
const MOST_LABELS = 12; // of edges, which more would cover
const section = document.getElementById("around");
const here = JSON.parse(document.querySelector('script[type="application/ld+json"]').textContent);
const SKIPPED = new Set(["@context", "labels", "inferred", "inverse", "more", "source", "evidence", "type"]);

// The neighbours of a thing: its id, the property, whether it points to the thing or from it, and whether inferred.
function* neighbours(thing) {
  for (const [part, inferred] of [[thing, false], [thing.inferred ?? {}, true]]) {
    for (const [key, values] of Object.entries(part)) {
      if (SKIPPED.has(key) || !Array.isArray(values)) continue;
      for (const other of values) {
        if (other.id && other.href?.startsWith("/api/")) yield { from: thing, key, to: other, inferred };
      }
    }
  }
  for (const [key, others] of Object.entries(thing.inverse ?? {})) {
    if (SKIPPED.has(key)) continue;
    for (const other of others) {
      if (other.href?.startsWith("/api/")) yield { from: other, key, to: thing, inferred: other.basis === "inferred" };
    }
  }
}

function elements(thing) {
  const found = new Map([[thing.id, { data: { id: thing.id, label: thing.label, href: thing.href } }]]);
  for (const { from, key, to, inferred } of neighbours(thing)) {
    if (found.size > 2 * MOST) break;
    for (const end of [from, to]) found.set(end.id, { data: { id: end.id, label: end.label, href: end.href } });
    const id = `${from.id} ${key} ${to.id}`;
    found.set(id, { data: { id, source: from.id, target: to.id, label: words(key) }, classes: inferred ? "inferred" : "" });
  }
  return [...found.values()];
}

function look() {
  const node = {
    label: "data(label)", color: colour("text"), "background-color": colour("bar"), width: 18, height: 18, "font-size": 11,
    "text-wrap": "wrap", "text-max-width": 120, "text-valign": "bottom", "text-margin-y": 3,
    "text-background-color": colour("ground"), "text-background-opacity": 0.8,
  };
  const edge = {
    color: colour("soft"), width: 1.2, "line-color": colour("line"), "target-arrow-color": colour("line"),
    "target-arrow-shape": "triangle", "curve-style": "bezier", "font-size": 9, "text-rotation": "autorotate",
    "text-background-color": colour("ground"), "text-background-opacity": 0.8,
  };
  const near = { label: "data(label)", "line-color": colour("link"), "target-arrow-color": colour("link") };
  return [
    { selector: "node", style: node },
    { selector: "node.walked", style: { "background-color": colour("link"), width: 26, height: 26 } },
    { selector: "node:selected", style: { "border-width": 3, "border-color": colour("mark") } },
    { selector: "edge", style: edge },
    { selector: "edge.inferred", style: { "line-style": "dashed" } },
    { selector: "edge.near", style: near },
  ];
}

// A place beside another, from which the layout goes on.
function around({ x, y }, angle) {
  return { x: x + 100 * Math.cos(angle), y: y + 100 * Math.sin(angle) };
}

async function draw(canvas, told) {
  const graph = await drawn(canvas, elements(here), look);
  graph.getElementById(here.id).addClass("walked");
  arrange(graph);

  async function walk(node) {
    told.replaceChildren(link(node.data()));
    if (node.hasClass("walked")) return;
    const answer = await fetch(`${node.data("href")}?format=json`).catch(() => ({ ok: false }));
    told.append(answer.ok ? ", whose neighbours are added" : ", of which the service tells nothing now");
    if (!answer.ok) return;
    node.addClass("walked");
    const known = new Set(graph.elements().map((element) => element.id()));
    const added = graph.add(elements(await answer.json()).filter((element) => !known.has(element.data.id))).nodes();
    added.positions((_, number) => around(node.position(), (2 * Math.PI * number) / added.length));
    arrange(graph, false);
  }
  graph.on("tap", "node", (event) => walk(event.target));
  graph.on("mouseover tap", "node", (event) => {
    graph.edges().removeClass("near");
    const edges = event.target.connectedEdges();
    if (edges.length <= MOST_LABELS) edges.addClass("near");
  });
}

function link({ id, label }) {
  const anchor = document.createElement("a");
  Object.assign(anchor, { href: new URL(id).pathname.replace(/^.*\/id\//, "/page/"), textContent: label });
  return anchor;
}

function offer() {
  const button = document.createElement("button");
  button.textContent = "Draw it as a graph";
  const told = document.createElement("p");
  told.setAttribute("role", "status");
  told.tabIndex = -1;
  const canvas = document.createElement("div");
  Object.assign(canvas, { className: "graph", hidden: true });
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", `What ${here.label} is joined to; the tables below say the same`);
  button.addEventListener("click", async () => {
    button.hidden = true;
    told.textContent = "Click a thing to see what it is joined to.";
    told.focus(); // which the button had
    try {
      await draw(canvas, told);
    } catch {
      canvas.hidden = true;
      told.textContent = "It cannot be drawn: the part that draws is not installed here.";
    }
  });
  section.append(button, told, canvas);
  section.hidden = false;
}

if (!neighbours(here).next().done) offer();
