// Small selects above a drawing, by which a reader chooses what is drawn.

// A label with a select; `options` are [value, text]. `changed` is called with the value, as it was typed in `options`.
export function choice(label, options, chosen, changed) {
  const select = document.createElement("select");
  options.forEach(([, text], number) => select.append(new Option(text, number)));
  select.selectedIndex = options.findIndex(([value]) => String(value) === String(chosen)); // a value may be a list
  select.addEventListener("change", () => changed(options[select.value][0]));
  const around = document.createElement("label");
  around.append(`${label} `, select);
  return around;
}

// The columns of some kinds, as options.
export function columnOptions({ columns }, ...kinds) {
  return columns.map(({ name, kind }, place) => [place, name, kind]).filter(([, , kind]) => kinds.includes(kind));
}
