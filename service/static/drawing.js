// What every drawing of a graph has: the colours of the page, and cytoscape, fetched when something is drawn.

// A colour of the style sheet, as it is in light or dark now.
export function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

// Draw elements in a container; `look` is asked for the styles again when light and dark change.
export async function drawn(container, elements, look) {
  const { default: cytoscape } = await import("./parts/cytoscape.js");
  // cytoscape would add a style element, which the policy of the page forbids; our style sheet has what is in it.
  const mark = Object.assign(document.createElement("span"), { id: "__________cytoscape_stylesheet", hidden: true });
  document.body.append(mark);
  container.hidden = false;
  const graph = cytoscape({ container, elements, style: look(), minZoom: 0.2, maxZoom: 3 });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => graph.style(look()));
  container.graph = graph;
  return graph;
}

export function arrange(graph) {
  const layout = { name: "cose", animate: false, nodeDimensionsIncludeLabels: true, nodeRepulsion: () => 20_000 };
  graph.layout(layout).run();
}
