// What every drawing of a graph has: the colours of the page, and cytoscape, fetched when something is drawn.

// Colours that are told apart, on light and on dark.
export const PALETTE = ["#3b7dc4", "#c4703b", "#4b9b5e", "#9a5fb5", "#b5a12f", "#3aa3a3", "#b5506a", "#7a7a7a"];

// A colour of the style sheet, as it is in light or dark now.
export function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

// Draw elements in a container; `look` is asked for the styles again when light and dark change.
export async function drawn(container, elements, look) {
  const { default: cytoscape } = await import("./parts/cytoscape.js");
  // cytoscape would add a style element, which the policy of the page forbids; our style sheet has what is in it.
  const id = "__________cytoscape_stylesheet";
  if (!document.getElementById(id)) document.body.append(Object.assign(document.createElement("span"), { id, hidden: true }));
  container.hidden = false;
  const graph = cytoscape({ container, elements, style: look(), minZoom: 0.2, maxZoom: 3 });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => graph.destroyed() || graph.style(look()));
  container.graph = graph;
  return graph;
}

export function arrange(graph) {
  const layout = { name: "cose", animate: false, nodeDimensionsIncludeLabels: true, nodeRepulsion: () => 20_000 };
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
