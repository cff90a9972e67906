// The rows of an answer as plain values, which chart.js and links.js draw.
//
//   { columns: [{ name, kind }], rows: [[cell]] }
//   name   what a reader sees, such as "from year"
//   kind   "thing", "number", "year", "date" (a month or day), "unit" (what figures are counted in: those of several are
//          not drawn on one axis) or "text"
//   cell   { text, href?, iri?, number? }, `{ text: "" }` where nothing is bound; `href` is the page of a thing
//
//   answerIn(table)         the answer that stands in a table: figures in cells of the class `number`, things as links, with what
//                           they are called in a small element where the link has their IRI
//   words(name)             fromYear -> "from year"
const YEAR = /\byear\b/i;
const PART_OF_YEAR = /\b(month|day)\b/i;
const UNIT = /\bunit\b/i;

export function words(name) {
  return name.replaceAll("_", " ").replace(/([a-z0-9])([A-Z])/g, "$1 $2").toLowerCase();
}

function answerOf(names, rows) {
  const columns = names.map((name, place) => ({ name: words(name), kind: kindOf(words(name), rows.map((row) => row[place])) }));
  return { columns, rows };
}

export function answerIn(table) {
  const names = [...table.tHead.rows[0].cells].map((head) => head.textContent);
  const rows = [...table.tBodies[0].rows];
  const cells = rows.map((row) => [...row.cells].map(cellIn));
  return { columns: answerOf(names, cells).columns, rows: cells.filter((_, number) => !rows[number].hidden) };
}

function kindOf(name, cells) {
  const bound = cells.filter((cell) => cell.text !== "");
  if (bound.length === 0) return "text";
  if (bound.every((cell) => cell.iri)) return "thing";
  if (!bound.every((cell) => Number.isFinite(cell.number))) return UNIT.test(name) ? "unit" : "text";
  if (PART_OF_YEAR.test(name)) return "date"; // a number, and no figure
  return YEAR.test(name) && bound.every((cell) => Number.isInteger(cell.number)) ? "year" : "number";
}

function cellIn(cell) {
  const [text, link] = [cell.textContent.trim(), cell.querySelector("a[href]")];
  if (link) return { text: cell.querySelector("small")?.textContent ?? text, href: link.href, iri: link.href };
  return cell.classList.contains("number") && text !== "" ? { text, number: Number(text) } : { text };
}
