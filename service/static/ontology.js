// Shows only the terms that have all the words typed; the page is whole without this.
"use strict";
const filter = document.getElementById("term-filter");
const terms = [...document.querySelectorAll("main article.term, main .concepts li")];
const schemes = [...document.querySelectorAll("details.scheme")];

function show() {
  const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
  for (const term of terms) {
    const text = term.textContent.toLowerCase();
    term.hidden = !words.every((word) => text.includes(word));
  }
  for (const scheme of schemes) {
    const found = scheme.querySelector(".concepts li:not([hidden])") !== null;
    scheme.hidden = !found;
    scheme.open = found && words.length > 0;
  }
}

// An address may name a concept within a scheme that is folded.
function reveal() {
  const target = document.querySelector(":target");
  for (let folded = target?.closest("details"); folded; folded = folded.parentElement.closest("details")) {
    folded.open = true;
  }
  target?.scrollIntoView();
}

filter.closest("label").hidden = false;
filter.addEventListener("input", show);
window.addEventListener("hashchange", reveal);
if (location.hash) reveal();
