// Draws the things of an answer as a graph, with an edge for each row between two of its columns.
//
//   canLink(answer)                     whether two columns have things; an answer is what rows.js says
//   drawLinks(container, answer, look)  puts selects and the graph into a container; resolves to { update, destroy }
//     look            { title } says what the graph is of, to somebody who does not see it; it may be left out
//     update(rows)    draws other rows of the same columns; what was chosen stays
import { choice, columnOptions } from "./choices.js";
import { arrange, colour, drawn, legend, PALETTE } from "./drawing.js";

const MOST = 300; // edges
const NONE = -1;

export function canLink(answer) {
  const things = columnOptions(answer, "thing");
  return things.length > 1 && answer.rows.some((row) => things.filter(([place]) => row[place].iri).length > 1);
}

export async function drawLinks(container, answer, { title = "Graph" } = {}) {
  const [selects, key, canvas, told] = ["p", "div", "div", "p"].map((name) => document.createElement(name));
  selects.className = "cases";
  told.setAttribute("role", "status");
  canvas.className = "graph";
  container.replaceChildren(selects, key, told, canvas);
  const chosen = sensible(answer);
  const graph = await drawn(canvas, [], look);

  function draw() {
    const { elements, rows } = elementsOf(answer, chosen);
    const [from, to] = [answer.columns[chosen.from].name, answer.columns[chosen.to].name];
    key.replaceChildren(legend([from, to]));
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", `${title}: ${from} and ${to} of ${rows} rows as a graph; the table says the same`);
    const rest = rows > MOST ? `The first ${MOST} of ${rows} rows are drawn. ` : "";
    told.textContent = `${rest}Click a thing to see what it is joined to.`;
    graph.elements().remove();
    graph.add(elements);
    graph.resize();
    arrange(graph);
  }

  function offer() {
    const things = columnOptions(answer, "thing");
    const others = columnOptions(answer, "text", "number", "year", "date", "unit", "thing");
    const change = (place) => (value) => {
      chosen[place] = value;
      draw();
    };
    selects.replaceChildren(
      choice("From", things, chosen.from, change("from")),
      choice("to", things, chosen.to, change("to")),
      choice("named by", [[NONE, "nothing"], ...others], chosen.name, change("name")),
    );
  }

  graph.on("tap", "node", ({ target }) => {
    graph.elements().removeClass("near");
    target.closedNeighborhood().addClass("near");
    told.replaceChildren(link(target.data()), `, joined to ${target.openNeighborhood("node").length} others here`);
  });
  offer();
  draw();
  return {
    update(rows) {
      answer = { columns: answer.columns, rows };
      draw();
    },
    destroy() {
      graph.destroy();
      container.replaceChildren();
    },
  };
}

// The two columns of things of which most rows have both, and which join most things.
function sensible(answer) {
  const places = columnOptions(answer, "thing").map(([place]) => place);
  const pairs = places.flatMap((from, number) => places.slice(number + 1).map((to) => ({ from, to, name: NONE })));
  const joined = ({ from, to }) => new Set(joining(answer, from, to).map((row) => `${row[from].iri} ${row[to].iri}`)).size;
  return pairs.reduce((best, pair) => (joined(pair) > joined(best) ? pair : best));
}

function joining({ rows }, from, to) {
  return rows.filter((row) => row[from].iri && row[to].iri);
}

function elementsOf(answer, { from, to, name }) {
  const rows = joining(answer, from, to);
  const [nodes, edges] = [new Map(), new Map()];
  for (const row of rows.slice(0, MOST)) {
    for (const [cell, side] of [[row[from], "from"], [row[to], "to"]]) {
      if (!nodes.has(cell.iri)) nodes.set(cell.iri, { data: { id: cell.iri, label: cell.text, href: cell.href ?? "", side } });
    }
    const label = name === NONE ? "" : row[name].text;
    const id = [row[from].iri, row[to].iri, label].join(" ");
    edges.set(id, { data: { id: `edge ${id}`, source: row[from].iri, target: row[to].iri, label } });
  }
  return { elements: [...nodes.values(), ...edges.values()], rows: rows.length };
}

function look() {
  const text = { color: colour("text"), "text-background-color": colour("ground"), "text-background-opacity": 0.8 };
  const node = {
    ...text, label: "data(label)", "background-color": PALETTE[0], width: 20, height: 20, "font-size": 13,
    "text-wrap": "wrap", "text-max-width": 120, "text-valign": "bottom", "text-margin-y": 3,
  };
  const edge = {
    ...text, label: "data(label)", width: 1.2, "line-color": colour("soft"), "target-arrow-color": colour("soft"),
    "target-arrow-shape": "triangle", "curve-style": "bezier", "font-size": 9, "text-rotation": "autorotate",
  };
  const near = { "line-color": colour("link"), "target-arrow-color": colour("link") };
  return [
    { selector: "node", style: node },
    { selector: 'node[side = "to"]', style: { "background-color": PALETTE[1] } },
    { selector: "node.near", style: { "border-width": 3, "border-color": colour("mark") } },
    { selector: "edge", style: edge },
    { selector: "edge.near", style: near },
  ];
}

function link({ label, href }) {
  if (!href) return label;
  return Object.assign(document.createElement("a"), { href, textContent: label });
}
