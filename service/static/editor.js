// Makes the query an editor: it completes by label, asks without leaving the page, shows errors at their line.
// The page does without: then the query is a text to type in, and the browser asks.
import { offerDrawings } from "./answer.js";
import { completers } from "./completion.js";
import { sortTables } from "./tables.js";

const form = document.getElementById("editor");
const area = document.getElementById("query");
const told = document.getElementById("told");
const button = form.querySelector("button");
const DRAFT = "districtgraph-query";
const LONGEST_LINK = 8_000; // characters of an address that everything on its way takes
const FIRST = `PREFIX dg: <https://w3id.org/districtgraph/ontology#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>

# Which collective actors brokered which technologies?
SELECT ?actor ?technology WHERE {
  ?actor a dg:CollectiveActor ;
         dg:brokers ?technology .
}
LIMIT 100
`;

let editor, asking, wrong;
let shown = area.value; // the query whose answer stands on the page
let leave = () => {}; // what was drawn of it

// What was typed last, for the next time; a browser may forbid to keep anything.
function kept() {
  try {
    return localStorage.getItem(DRAFT);
  } catch {
    return null;
  }
}

function keep(query) {
  try {
    localStorage.setItem(DRAFT, query);
  } catch {
    // then it is not kept
  }
}

// The query with what else the form asks: a dataset, where the address named one.
function parameters(query) {
  return new URLSearchParams([["query", query], ...new FormData(form)]);
}

// Mark the line that the service could not read, and put the cursor there.
function markProblem() {
  if (wrong) editor.removeLineClass(wrong, "background", "wrong");
  const { line, column } = document.querySelector("#answer [data-line]")?.dataset ?? {};
  wrong = line && editor.addLineClass(Math.min(line, editor.lineCount()) - 1, "background", "wrong");
  if (line) editor.getDoc().setCursor(Number(line) - 1, Number(column) - 1);
}

// What a page says that has no answer, such as that the service is closed to who asks.
function refusal(page) {
  const section = Object.assign(document.createElement("section"), { id: "answer" });
  const alert = document.createElement("div");
  alert.setAttribute("role", "alert");
  alert.append(...page.querySelectorAll("main :is(h1, .told)"));
  section.append(alert);
  return section;
}

function showAnswer(page) {
  const fresh = document.adoptNode(page.getElementById("answer") ?? refusal(page));
  leave();
  document.getElementById("answer").replaceWith(fresh);
  sortTables(fresh);
  leave = offerDrawings(fresh);
  markProblem();
}

async function ask(isNew = true) {
  const query = editor.getValue();
  asking?.abort();
  asking = new AbortController();
  const { signal } = asking;
  const address = `${form.action}?${parameters(query)}`;
  const isShort = address.length <= LONGEST_LINK;
  const began = performance.now();
  button.textContent = "Stop";
  told.textContent = "Asking …";
  try {
    const asked = isShort ? fetch(address, { signal, headers: { Accept: "text/html" } }) : post(query, signal);
    const answer = await asked;
    const text = await answer.text();
    shown = query;
    showAnswer(new DOMParser().parseFromString(text, "text/html"));
    const seconds = ((performance.now() - began) / 1000).toFixed(2);
    told.textContent = answer.ok ? `Answered in ${seconds} s${isShort ? "" : "; too long for a link"}` : "Not answered";
    if (isNew && isShort && address !== location.href) history.pushState(null, "", address);
  } catch (error) {
    if (signal !== asking?.signal) return;
    told.textContent = error.name === "AbortError" ? "Stopped" : "The service does not answer";
  }
  button.textContent = "Ask";
  asking = undefined;
}

function post(query, signal) {
  return fetch(form.action, { method: "POST", signal, body: parameters(query), headers: { Accept: "text/html" } });
}

function put(query) {
  if (editor) editor.setValue(query);
  else area.value = query;
  (editor ?? area).focus();
}

// Back and forward: what was asked at that address is asked again; a link within the page changes nothing.
function goBack() {
  const query = new URLSearchParams(location.search).get("query") ?? "";
  if (query === shown) return;
  editor.setValue(query);
  if (query) ask(false);
  else document.getElementById("answer").replaceChildren();
  shown = query;
}

// The questions as examples: each is put into the editor.
async function listExamples(details) {
  const answer = await fetch(area.dataset.examples, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(answer.statusText);
  const { queries } = await answer.json();
  const groups = Map.groupBy(queries, ({ group }) => group);
  const parts = [...groups].map(([group, of]) => {
    const part = document.createElement("section");
    const list = document.createElement("ul");
    list.append(...of.map(example));
    part.append(Object.assign(document.createElement("h2"), { textContent: group }), list);
    return part;
  });
  details.querySelector("p").after(...parts);
}

function example({ summary, sparql }) {
  const item = document.createElement("li");
  const chosen = Object.assign(document.createElement("button"), { textContent: summary, className: "plain" });
  chosen.addEventListener("click", () => put(sparql));
  item.append(chosen);
  return item;
}

async function begin() {
  const [{ default: Yasqe }, answer] = await Promise.all([
    import("./parts/yasqe.js"),
    fetch(area.dataset.prefixes, { headers: { Accept: "application/json" } }),
  ]);
  const { prefixes } = answer.ok ? await answer.json() : { prefixes: {} };
  const ours = completers(area.dataset.suggest, prefixes);
  for (const completer of ours) Yasqe.registerAutocompleter(completer, false);
  Yasqe.defaults.autocompleters = []; // those that it brings ask others on the web
  const isAsked = area.value !== "";
  const around = document.createElement("div");
  area.before(around);
  editor = new Yasqe(around, {
    value: area.value || kept() || FIRST,
    autocompleters: [...ours.map(({ name }) => name), "variables"],
    persistenceId: null,
    consumeShareLink: null,
    createShareableLink: null,
    showQueryButton: false,
    prefixCcApi: null,
    screenReaderLabel: "Query",
    theme: "districtgraph",
    editorHeight: "auto",
    extraKeys: { "Ctrl-Enter": () => ask(), "Cmd-Enter": () => ask(), Tab: false, "Shift-Tab": false },
  });
  area.hidden = area.disabled = true;
  document.getElementById("keys").hidden = false;
  editor.getInputField().id = "query-edited";
  form.querySelector("label").htmlFor = "query-edited";
  editor.on("change", () => keep(editor.getValue()));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (asking) asking.abort();
    else ask();
  });
  window.addEventListener("popstate", goBack);
  if (isAsked) markProblem();
}

const details = document.getElementById("examples");
let listed;
details.addEventListener("toggle", () => {
  listed ??= listExamples(details).catch(() => (listed = undefined)); // and is tried again
});
begin().catch(() => (area.hidden = area.disabled = false));
