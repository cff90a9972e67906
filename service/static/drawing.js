// What every drawing of a graph has: the colours of the page, and cytoscape with its layout, fetched when something is drawn.

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

// Draw elements in a container; `look` is asked for the styles again when light and dark change.
export async function drawn(container, elements, look) {
  const { default: cytoscape } = await import("./parts/cytoscape.js");
  for (const part of PARTS) await run(part);
  cytoscape.use(window.cytoscapeFcose);
  // cytoscape would add a style element, which the policy of the page forbids; our style sheet has what is in it.
  const mark = Object.assign(document.createElement("span"), { id: "__________cytoscape_stylesheet", hidden: true });
  document.body.append(mark);
  container.hidden = false;
  const graph = cytoscape({ container, elements, style: look(), minZoom: 0.2, maxZoom: 3 });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => graph.style(look()));
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
