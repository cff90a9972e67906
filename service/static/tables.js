// Sorts and filters the rows of an answer that are on the page, by the ARIA pattern of a sortable table; each time the
// table has an event `rows`, for what is drawn of them.
const texts = new Intl.Collator(document.documentElement.lang, { numeric: true, sensitivity: "base" });

function compared(one, other) {
  if (one === "" || other === "") return (one === "") - (other === ""); // what is empty comes last
  const difference = Number(one) - Number(other);
  return Number.isNaN(difference) ? texts.compare(one, other) : difference;
}

function text(row, column) {
  return row.cells[column].textContent.trim();
}

function sortable(table) {
  const heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, column) => {
    const button = document.createElement("button");
    button.textContent = head.textContent;
    button.addEventListener("click", () => {
      const turn = head.getAttribute("aria-sort") === "ascending" ? -1 : 1;
      heads.forEach((other) => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", turn === 1 ? "ascending" : "descending");
      const rows = [...table.tBodies[0].rows];
      rows.sort((one, other) => {
        const [here, there] = [text(one, column), text(other, column)];
        return here === "" || there === "" ? compared(here, there) : turn * compared(here, there);
      });
      table.tBodies[0].append(...rows);
      table.dispatchEvent(new Event("rows"));
    });
    head.replaceChildren(button);
  });
}

function filterable(table) {
  const label = document.createElement("label");
  const input = Object.assign(document.createElement("input"), { type: "search", autocomplete: "off" });
  const told = document.createElement("span");
  told.setAttribute("role", "status");
  label.append("Show rows with ", input);
  const line = Object.assign(document.createElement("p"), { className: "filter" });
  line.append(label, " ", told);
  table.parentElement.before(line);
  input.addEventListener("input", () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    const rows = [...table.tBodies[0].rows];
    for (const row of rows) row.hidden = !words.every((word) => row.textContent.toLowerCase().includes(word));
    told.textContent = words.length ? `${rows.filter((row) => !row.hidden).length} of ${rows.length} on this page` : "";
    table.dispatchEvent(new Event("rows"));
  });
}

// Have the tables below an element sorted and filtered.
export function sortTables(root) {
  for (const table of root.querySelectorAll("table.sortable")) {
    if (table.tBodies[0].rows.length < 2) continue;
    sortable(table);
    filterable(table);
  }
}

sortTables(document);
