// Finds terms in the trees, keeping what they stand under; the page is whole without this.
"use strict";
const filter = document.getElementById("term-filter");
const told = document.getElementById("terms-found");
const trees = [...document.querySelectorAll(".tree")].filter((tree) => !tree.parentElement.closest(".tree"));
const folds = [...document.querySelectorAll(".tree details, .trees > details")];
let opened = new Map(); // what was unfolded before somebody searched
let searches = false;

// What is said of a term itself, apart from the terms below it.
function words(item) {
  const parts = [...item.children].filter((part) => part.localName !== "details").map((part) => part.textContent);
  return [...parts, item.dataset.also ?? ""].join(" ").toLowerCase();
}
const own = new Map([...document.querySelectorAll(".tree li")].map((item) => [item, words(item)]));

// Hide the terms of a list that have not all the words, nor anything below them that has; return where those that have are.
function show(list, wanted) {
  const found = [];
  for (const item of list.children) {
    const below = item.querySelector(":scope > details");
    const inside = below ? show(below.querySelector(":scope > ul"), wanted) : [];
    const has = wanted.every((word) => own.get(item).includes(word));
    item.hidden = !has && inside.length === 0;
    if (below) below.open = wanted.length > 0 ? inside.length > 0 : opened.get(below);
    found.push(...inside, ...(has ? [item.querySelector("a").href] : []));
  }
  return found;
}

function find() {
  const wanted = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
  if (!searches) opened = new Map(folds.map((fold) => [fold, fold.open]));
  searches = wanted.length > 0;
  const found = new Set(); // a concept may stand in several schemes
  for (const tree of trees) {
    const here = show(tree, wanted);
    const fold = tree.closest(".trees > details");
    if (fold) fold.open = searches ? here.length > 0 : opened.get(fold);
    tree.closest("section").hidden = here.length === 0;
    for (const place of here) found.add(place);
  }
  told.textContent = searches ? `${found.size} term${found.size === 1 ? "" : "s"} found` : "";
}

// An address may name a term within what is folded.
function reveal() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  for (let folded = target?.closest("details"); folded; folded = folded.parentElement.closest("details")) folded.open = true;
  target?.scrollIntoView();
}

function unfold(open) {
  for (const fold of folds) fold.open = open;
}

document.getElementById("find-terms").hidden = false;
filter.addEventListener("input", find);
document.getElementById("unfold").addEventListener("click", () => unfold(true));
document.getElementById("fold").addEventListener("click", () => unfold(false));
window.addEventListener("hashchange", reveal);
if (location.hash) reveal();
