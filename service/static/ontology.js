// Finds terms in the trees, keeping what they stand under; the page is whole without this.
"use strict";
const filter = document.getElementById("term-filter");
const told = document.getElementById("terms-found");
const trees = [...document.querySelectorAll(".tree")].filter((tree) => !tree.parentElement.closest(".tree"));
const folds = [...document.querySelectorAll(".tree details, .trees > details")];
const opened = new Map(folds.map((fold) => [fold, fold.open]));

// What is said of a term itself, apart from the terms below it.
function words(item) {
  const parts = [...item.children].filter((part) => part.localName !== "details").map((part) => part.textContent);
  return [...parts, item.dataset.also ?? ""].join(" ").toLowerCase();
}
const own = new Map([...document.querySelectorAll(".tree li")].map((item) => [item, words(item)]));

// Hide the terms of a list that have not all the words, nor anything below them that has; return how many have.
function show(list, wanted) {
  let found = 0;
  for (const item of list.children) {
    const below = item.querySelector(":scope > details");
    const inside = below ? show(below.querySelector(":scope > ul"), wanted) : 0;
    const has = wanted.every((word) => own.get(item).includes(word));
    item.hidden = !has && inside === 0;
    if (below) below.open = wanted.length > 0 ? inside > 0 : opened.get(below);
    found += inside + has;
  }
  return found;
}

function find() {
  const wanted = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
  let found = 0;
  for (const tree of trees) {
    const here = show(tree, wanted);
    const fold = tree.closest(".trees > details");
    if (fold) fold.open = wanted.length > 0 ? here > 0 : opened.get(fold);
    tree.closest("section").hidden = here === 0;
    found += here;
  }
  told.textContent = wanted.length > 0 ? `${found} term${found === 1 ? "" : "s"} found` : "";
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
