// Offers to draw the rows of an answer as a chart, where they have figures, and as a graph, where they join things.
import { canChart, drawChart } from "./chart.js";
import { canLink, drawLinks } from "./links.js";
import { answerIn } from "./rows.js";

const WAYS = [
  ["chart", "Draw a chart", canChart, drawChart],
  ["graph", "Draw a graph", canLink, drawLinks],
];

function offer(section, table, [name, text, , draw]) {
  const button = Object.assign(document.createElement("button"), { textContent: text });
  const figure = Object.assign(document.createElement("figure"), { hidden: true, id: `drawn-${name}` });
  button.setAttribute("aria-expanded", "false");
  button.setAttribute("aria-controls", figure.id);
  const title = document.querySelector("h1").textContent;
  let drawing;

  async function toggle() {
    figure.hidden = !figure.hidden;
    button.setAttribute("aria-expanded", String(!figure.hidden));
    if (!section.dataset.way) history.replaceState(null, "", figure.hidden ? location.pathname + location.search : `#${name}`);
    if (figure.hidden) return leave();
    try {
      drawing = await draw(figure, answerIn(table), { title });
      if (figure.hidden) leave(); // meanwhile
    } catch {
      figure.textContent = "It cannot be drawn here: what draws is not installed, or these rows have nothing to draw.";
    }
  }

  function leave() {
    drawing?.destroy();
    drawing = undefined;
  }
  button.addEventListener("click", toggle);
  table.addEventListener("rows", () => figure.hidden || drawing?.update(answerIn(table).rows));
  section.querySelector("p").append(button, " ");
  section.append(figure);
  if (location.hash === `#${name}`) toggle();
  else if (section.dataset.way === name) whenSeen(section, () => figure.hidden && toggle());
  return leave;
}

// A chart that a page would show at once is drawn, and what draws it fetched, when somebody comes to it.
function whenSeen(element, then) {
  const watch = new IntersectionObserver((seen) => {
    if (!seen.some(({ isIntersecting }) => isIntersecting)) return;
    watch.disconnect();
    then();
  });
  watch.observe(element);
}

// Offer what the answer below an element can be drawn as; returns what ends the drawings.
export function offerDrawings(root) {
  const [section, table] = ["section.drawn", "table.sortable"].map((selector) => root.querySelector(selector));
  if (!section || !table) return () => {};
  const answer = answerIn(table);
  const ways = WAYS.filter(([, , can]) => can(answer));
  section.hidden = ways.length === 0;
  const ends = ways.map((way) => offer(section, table, way));
  return () => ends.forEach((end) => end());
}

offerDrawings(document);
