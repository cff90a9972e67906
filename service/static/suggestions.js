// Suggests things while somebody types; without it a form asks for what is typed, and that is all.
import Combobox from "./parts/combobox-nav.js";

const PAUSE = 120; // milliseconds without a key before it is asked

// Suggest in an input that has the address of suggestions; `chosen` is given the one that is taken.
function suggestIn(input, number, chosen) {
  const around = document.createElement("span");
  around.className = "suggested";
  input.replaceWith(around);
  const list = document.createElement("ul");
  Object.assign(list, { id: `suggestions-${number}`, className: "suggestions", hidden: true });
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Suggestions");
  around.append(input, list);
  const combobox = new Combobox(input, list, { tabInsertsSuggestions: false });
  let timer, asked;

  function close() {
    clearTimeout(timer);
    asked?.abort();
    if (list.hidden) return;
    list.hidden = true;
    combobox.stop();
  }

  function open(results) {
    if (results.length === 0 || document.activeElement !== input) return close();
    list.replaceChildren(...results.map(option));
    combobox.clearSelection();
    if (!list.hidden) return;
    list.hidden = false;
    combobox.start();
  }

  async function suggest() {
    asked?.abort();
    const typed = input.value.trim().slice(0, 200);
    if (typed.length < 2) return close();
    asked = new AbortController();
    const query = new URLSearchParams({ q: typed, ...(input.dataset.type && { type: input.dataset.type }) });
    try {
      const answer = await fetch(`${input.dataset.suggest}?${query}`, { signal: asked.signal });
      open(answer.ok ? (await answer.json()).results : []);
    } catch (error) {
      if (error.name !== "AbortError") close();
    }
  }

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(suggest, PAUSE);
  });
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || list.hidden) return;
    event.preventDefault(); // which would clear what was typed
    close();
  });
  input.addEventListener("blur", close);
  list.addEventListener("mousedown", (event) => event.preventDefault()); // the input keeps the focus
  list.addEventListener("combobox-commit", (event) => {
    close();
    chosen(event.target.closest("li").dataset);
  });
}

// A suggestion: the label, the name that was found where it is another, and the class.
function option(result) {
  const item = document.createElement("li");
  item.setAttribute("role", "option");
  Object.assign(item.dataset, { href: result.href, label: result.label, id: result.id.split("/id/").pop() });
  const found = result.highlight.map((part) => part.text).join("");
  const aside = document.createElement("small");
  const type = (result.type ?? "").replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
  aside.textContent = [found === result.label ? "" : found, type].filter(Boolean).join(" · ");
  item.append(result.label, " ", aside);
  return item;
}

document.querySelectorAll("input[data-suggest]").forEach((input, number) => {
  const goes = input.type === "search";
  const takes = input.dataset.takes ?? "label"; // what of a suggestion the input is given
  suggestIn(input, number, (chosen) => (goes ? location.assign(chosen.href) : (input.value = chosen[takes])));
});
