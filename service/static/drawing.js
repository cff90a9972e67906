// What every drawing of a graph has: the colours of the page, and cytoscape with its layout, fetched when something is drawn.

// Colours that are told apart, on light and on dark.
export const PALETTE = ["#3b7dc4", "#c4703b", "#4b9b5e", "#9a5fb5", "#b5a12f", "#3aa3a3", "#b5506a", "#7a7a7a", "#8a6d4b", "#e08ab8"];

// A colour of the style sheet, as it is in light or dark now.
export function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

const PARTS = ["layout-base", "cose-base", "cytoscape-fcose"]; // each needs the one before

// Run a part that is no module but a script, which leaves what it has in the window.
function run(part) {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    Object.assign(script, { src: new URL(`./parts/${part}.js`, import.meta.url).href, onload: resolve, onerror: reject });
    document.head.append(script);
  });
}

let fetched; // what draws, once

async function fetchParts() {
  const { default: cytoscape } = await import("./parts/cytoscape.js");
  for (const part of PARTS) await run(part);
  cytoscape.use(window.cytoscapeFcose);
  return cytoscape;
}

// Draw elements in a container; `look` is asked for the styles again when light and dark change.
export async function drawn(container, elements, look) {
  const cytoscape = await (fetched ??= fetchParts());
  // cytoscape would add a style element, which the policy of the page forbids; our style sheet has what is in it.
  const id = "__________cytoscape_stylesheet";
  if (!document.getElementById(id)) document.body.append(Object.assign(document.createElement("span"), { id, hidden: true }));
  container.hidden = false;
  const graph = cytoscape({ container, elements, style: look(), minZoom: 0.2, maxZoom: 3 });
  const scheme = matchMedia("(prefers-color-scheme: dark)");
  const repaint = () => graph.style(look());
  scheme.addEventListener("change", repaint);
  graph.on("destroy", () => scheme.removeEventListener("change", repaint));
  container.graph = graph;
  return graph;
}

// Give each its place: anew, or from where they are now.
export function arrange(graph, anew = true) {
  const layout = {
    name: "fcose", animate: false, quality: "proof", randomize: anew, nodeDimensionsIncludeLabels: true,
    nodeRepulsion: () => 12_000, idealEdgeLength: () => 110, nodeSeparation: 110, padding: 20,
  };
  graph.layout(layout).run();
}

// Which colour of the palette has which name.
export function legend(names) {
  const list = Object.assign(document.createElement("ul"), { className: "contents" });
  const drawing = "http://www.w3.org/2000/svg";
  names.forEach((name, number) => {
    const dot = document.createElementNS(drawing, "svg");
    dot.setAttribute("viewBox", "0 0 10 10");
    dot.setAttribute("class", "dot");
    dot.setAttribute("aria-hidden", "true");
    const circle = document.createElementNS(drawing, "circle");
    for (const [key, value] of Object.entries({ cx: 5, cy: 5, r: 5, fill: PALETTE[number % PALETTE.length] })) circle.setAttribute(key, value);
    dot.append(circle);
    const item = document.createElement("li");
    item.append(dot, ` ${name}`);
    list.append(item);
  });
  return list;
}
