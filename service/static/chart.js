// Draws the figures of an answer: lines over years, bars for anything else. Chart.js is fetched when one is drawn.
//
//   canChart(answer)                     whether a column has figures; an answer is what rows.js says
//   drawChart(container, answer, look)   puts selects and the chart into a container; resolves to { update, destroy }
//     look            { title } says what the chart is of, to somebody who does not see it; it may be left out
//     update(rows)    draws other rows of the same columns; what was chosen stays
import { choice, columnOptions } from "./choices.js";
import { colour, PALETTE } from "./drawing.js";

const MOST_BARS = 60;
const MOST_LINES = 12;
const NONE = -1;

export function canChart(answer) {
  return columnOptions(answer, "number").some(([place]) => answer.rows.some((row) => Number.isFinite(row[place].number)));
}

export async function drawChart(container, answer, { title = "Chart" } = {}) {
  await import("./parts/chart.js"); // it is no module, and leaves Chart in the window
  Object.assign(Chart.defaults.font, { family: getComputedStyle(container).fontFamily, size: 13 });
  const { selects, unit, told, frame, canvas } = placesIn(container);
  const chosen = sensible(answer);
  let chart;

  function draw() {
    chart?.destroy();
    const drawn = chosen.by !== NONE && answer.columns[chosen.by].kind === "year" ? lines(answer, chosen) : bars(answer, chosen);
    frame.style.height = drawn.height;
    canvas.setAttribute("aria-label", `${title}: ${described(answer, chosen)}; the table says the same`);
    told.textContent = drawn.told;
    chart = new Chart(canvas, drawn.config);
  }

  const change = (key) => (value) => {
    chosen[key] = value;
    if (key === "figure") offerUnits();
    draw();
  };

  function offerUnits() {
    const units = unitsOf(answer, chosen.figure);
    if (!units.includes(chosen.unit)) chosen.unit = units[0] ?? "";
    const options = units.map((unit) => [unit, unit || "no unit"]);
    unit.replaceChildren(...(units.length > 1 ? [choice("in", options, chosen.unit, change("unit"))] : []));
  }

  const labels = columnOptions(answer, "thing", "text", "unit");
  selects.append(
    choice("Figures", columnOptions(answer, "number"), chosen.figure, change("figure")),
    choice("by", [...columnOptions(answer, "year"), ...labels], chosen.by, change("by")),
    choice("coloured by", seriesOptions(answer, chosen), chosen.series, change("series")),
    unit,
  );
  offerUnits();
  draw();
  const scheme = matchMedia("(prefers-color-scheme: dark)");
  scheme.addEventListener("change", draw);
  return {
    update(rows) {
      answer = { columns: answer.columns, rows };
      offerUnits();
      draw();
    },
    destroy() {
      scheme.removeEventListener("change", draw);
      chart.destroy();
      container.replaceChildren();
    },
  };
}

// What a chart is made of: selects, one of them for units, the canvas in its frame, and what is told of it.
function placesIn(container) {
  const made = (name, className = "") => Object.assign(document.createElement(name), { className });
  const [selects, unit, told, frame, canvas] = [made("p", "cases"), made("span"), made("p", "lead"), made("div", "chart"), made("canvas")];
  told.setAttribute("role", "status");
  canvas.setAttribute("role", "img");
  frame.append(canvas);
  container.replaceChildren(selects, frame, told);
  return { selects, unit, told, frame, canvas };
}

// The figure that most rows have, over years where most have one, else by what tells the rows apart best.
function sensible(answer) {
  const filled = (place) => answer.rows.filter((row) => row[place].text !== "").length;
  const best = (options, worth) => options.reduce((one, [place]) => (one === NONE || worth(place) > worth(one) ? place : one), NONE);
  const figure = best(columnOptions(answer, "number"), filled);
  const years = columnOptions(answer, "year").filter(([place]) => different(answer, place) > 1 && 2 * filled(place) >= filled(figure));
  const labels = columnOptions(answer, "thing", "text");
  const before = labels.filter(([place]) => place < figure);
  const isOverYears = years.length > 0;
  const by = isOverYears ? best(years, filled) : best(before.length > 0 ? before : labels, (place) => different(answer, place));
  return { figure, by, series: isOverYears ? named(answer, figure) : [], unit: unitsOf(answer, figure)[0] ?? "" };
}

// What a figure is of stands before it, in an answer that is well made: the labels there that are not all the same.
function named(answer, figure) {
  const labels = columnOptions(answer, "thing", "text").map(([place]) => place);
  return labels.filter((place) => place < figure && different(answer, place) > 1);
}

function different({ rows }, place) {
  return new Set(rows.map((row) => row[place].text)).size;
}

function seriesOptions(answer, { figure }) {
  const alone = columnOptions(answer, "thing", "text", "unit").map(([place, name]) => [[place], name]);
  const together = named(answer, figure);
  const names = together.map((place) => answer.columns[place].name).join(" and ");
  return [[[], "nothing"], ...(together.length > 1 ? [[together, names]] : []), ...alone];
}

// The units of a figure, the most common one first; none where the answer has no column of units.
function unitsOf({ columns, rows }, figure) {
  const place = columns.findIndex(({ kind }) => kind === "unit");
  const counts = new Map();
  if (place === NONE) return [];
  for (const row of rows.filter((one) => Number.isFinite(one[figure].number))) counts.set(row[place].text, (counts.get(row[place].text) ?? 0) + 1);
  return [...counts.keys()].sort((one, other) => counts.get(other) - counts.get(one));
}

// The rows that have the figure, in the unit that is chosen: figures of different units have no axis in common.
function withFigure({ columns, rows }, { figure, unit }) {
  const place = columns.findIndex(({ kind }) => kind === "unit");
  return rows.filter((row) => Number.isFinite(row[figure].number) && (place === NONE || row[place].text === unit));
}

function grouped(rows, series) {
  const groups = new Map();
  for (const row of rows) {
    const name = series.map((place) => row[place].text).filter(Boolean).join(", ") || "—";
    groups.set(name, [...(groups.get(name) ?? []), row]);
  }
  return groups;
}

// Points are joined where a line has one a year: others would be joined to what they are not comparable with.
function lines(answer, chosen) {
  const { figure, by, series } = chosen;
  const rows = withFigure(answer, chosen).filter((row) => Number.isFinite(row[by].number));
  const groups = [...grouped(rows, series)];
  const datasets = groups.slice(0, MOST_LINES).map(([label, group], number) => ({
    label, ...paint(number), pointRadius: 5, pointHoverRadius: 7, borderWidth: 2,
    showLine: new Set(group.map((row) => row[by].number)).size === group.length,
    data: group.map((row) => ({ x: row[by].number, y: row[figure].number, row })).sort((one, other) => one.x - other.x),
  }));
  const years = rows.map((row) => row[by].number);
  const x = { type: "linear", min: Math.min(...years) - 1, max: Math.max(...years) + 1, ticks: { precision: 0, callback: String } };
  const scales = { x: axis(answer.columns[by].name, x), y: axis(inUnit(answer, chosen), { beginAtZero: true }) };
  const told = groups.length > MOST_LINES ? `The first ${MOST_LINES} of ${groups.length} lines are drawn; filter the table for others.` : "";
  return { height: "26rem", told, config: config(answer, "line", { datasets }, scales, series.length > 0) };
}

// A bar a row, in the order of the table, so that nothing is added up that a source did not.
function bars(answer, chosen) {
  const { figure, series } = chosen;
  const all = withFigure(answer, chosen);
  const rows = all.slice(0, MOST_BARS);
  const datasets = [...grouped(rows, series)].map(([label, group], number) => ({
    label, ...paint(number), grouped: false, maxBarThickness: 22,
    data: group.map((row) => ({ x: row[figure].number, y: rows.indexOf(row), row })),
  }));
  const ticks = { autoSkip: false, callback: (place) => shortened(barName(answer, chosen, rows, rows[place])) };
  const scales = { x: axis(inUnit(answer, chosen), { beginAtZero: true }), y: axis("", { ticks, grid: { display: false } }) };
  const told = all.length > MOST_BARS ? `The first ${MOST_BARS} of ${all.length} rows with a figure are drawn; filter or sort the table for others.` : "";
  const drawn = config(answer, "bar", { labels: rows.map((_, place) => place), datasets }, scales, series.length > 0);
  drawn.options.indexAxis = "y";
  return { height: `${rows.length * 1.6 + (series.length === 0 ? 5 : 8)}rem`, told, config: drawn };
}

// What a bar is called: with what else stands before the figure, where the label alone is that of several bars.
function barName(answer, { figure, by }, rows, row) {
  if (by === NONE) return `${rows.indexOf(row) + 1}`;
  const text = row[by].text;
  if (rows.filter((other) => other[by].text === text).length === 1) return text;
  const others = named(answer, figure).filter((place) => place !== by).map((place) => row[place].text);
  return [shortened(text, 20), ...others].filter(Boolean).join(", ");
}

function config(answer, type, data, scales, hasLegend) {
  const lines = (item) => answer.columns.map(({ name }, place) => [name, item.raw.row[place].text]).filter(([, text]) => text);
  const plugins = {
    legend: { display: hasLegend, position: "bottom", labels: { color: colour("text"), boxWidth: 14, generateLabels: shortLabels } },
    tooltip: { callbacks: { title: () => "", label: (item) => lines(item).map(([name, text]) => `${name}: ${shortened(text, 60)}`) } },
  };
  return { type, data, options: { animation: false, locale: "en", maintainAspectRatio: false, scales, plugins } };
}

function axis(title, more) {
  const ticks = { color: colour("text"), ...more.ticks };
  const grid = { color: colour("line"), ...more.grid };
  return { ...more, ticks, grid, border: { color: colour("soft") }, title: { display: title !== "", text: title, color: colour("soft") } };
}

function paint(number) {
  const own = PALETTE[number % PALETTE.length];
  return { backgroundColor: own, borderColor: own };
}

function shortLabels(chart) {
  return Chart.defaults.plugins.legend.labels.generateLabels(chart).map((label) => ({ ...label, text: shortened(label.text) }));
}

function shortened(text, most = 40) {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}

function inUnit({ columns }, { figure, unit }) {
  return unit ? `${columns[figure].name} (${unit})` : columns[figure].name;
}

function described(answer, chosen) {
  const name = (place) => answer.columns[place].name;
  const parts = [inUnit(answer, chosen), chosen.by === NONE ? "" : `by ${name(chosen.by)}`, chosen.series.length === 0 ? "" : `coloured by ${chosen.series.map(name).join(" and ")}`];
  return `${parts.filter(Boolean).join(" ")}, ${withFigure(answer, chosen).length} figures`;
}
