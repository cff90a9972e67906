// Completes what is typed in a query: classes, properties and things by their labels, prefixes by their names.
const PROPERTIES = ["ObjectProperty", "DatatypeProperty", "AnnotationProperty"];
const MOST = 30;
const SAFE = /^[A-Za-z_][\w-]*$/; // a local name that stands in SPARQL as it is

// The prefixed name of an IRI, else the IRI in brackets.
function named(iri, prefixes) {
  for (const [prefix, namespace] of Object.entries(prefixes)) {
    const local = iri.startsWith(namespace) ? iri.slice(namespace.length) : "";
    if (SAFE.test(local)) return `${prefix}:${local}`;
  }
  return `<${iri}>`;
}

// The words of what was typed: activeI -> "active I", toy-val -> "toy val".
function words(typed) {
  return typed.replace(/([a-z0-9])([A-Z])/g, "$1 $2").replace(/[-_]+/g, " ").trim();
}

// What may stand where the cursor is: after `a` a class, where a predicate may be a property, else anything.
function wantedTypes(editor, token) {
  const before = editor.getPreviousNonWsToken(editor.getDoc().getCursor().line, token);
  if (["a", "rdf:type", "rdfs:subClassOf"].includes(before.string)) return ["Class"];
  return token.state.possibleCurrent.includes("a") ? PROPERTIES : [];
}

function isTerm(token) {
  return !/^[?$<"'@^#]/.test(token.string) && !["comment", "string"].includes(token.type);
}

// A hint shows the label, beside it what is put into the query and what kind of thing it is.
function shown(suggestion) {
  return (element) => {
    const aside = document.createElement("small");
    aside.textContent = `${suggestion.name} · ${suggestion.kind}`;
    element.append(suggestion.label, " ", aside);
  };
}

function suggestionOf(result, prefixes) {
  const isProperty = result.types.some((type) => PROPERTIES.includes(type));
  const kind = isProperty ? "property" : words(result.type ?? "").toLowerCase();
  return { name: named(result.id, prefixes), label: result.label, kind };
}

// The completers of an editor; `suggestAt` is where suggestions are asked for, `prefixes` are ours.
export function completers(suggestAt, prefixes) {
  const suggested = new Map(); // by what is put into the query

  async function terms(editor, token) {
    const [, prefix, typed] = token.string.match(/^(?:([\w-]*):)?(.*)$/s);
    const q = words(typed);
    if (q === "") return [];
    const query = new URLSearchParams({ q: q.slice(0, 200), limit: MOST });
    for (const type of wantedTypes(editor, token)) query.append("type", type);
    const answer = await fetch(`${suggestAt}?${query}`);
    if (!answer.ok) return [];
    const found = (await answer.json()).results.map((result) => suggestionOf(result, prefixes));
    const fitting = found.filter(({ name }) => prefix === undefined || name.startsWith(`${prefix}:`));
    for (const suggestion of fitting) suggested.set(suggestion.name, suggestion);
    return fitting.map(({ name }) => name);
  }

  function declare(editor, hints) {
    for (const hint of hints) {
      const suggestion = suggested.get(hint.text);
      if (suggestion) hint.render = shown(suggestion);
      hint.hint = (_, data, { text }) => {
        editor.getDoc().replaceRange(text, hint.from ?? data.from, hint.to ?? data.to, "complete");
        const prefix = text.match(/^([\w-]+):/)?.[1];
        if (prefix && !(prefix in editor.getPrefixesFromQuery())) editor.addPrefixes({ [prefix]: prefixes[prefix] });
      };
    }
    return hints;
  }

  return [
    {
      name: "terms",
      bulk: false,
      autoShow: true,
      isValidCompletionPosition: (editor) => {
        const token = editor.getCompleteToken();
        const before = editor.getPreviousNonWsToken(editor.getDoc().getCursor().line, token);
        return token.string.trim().length > 1 && isTerm(token) && before.string.toUpperCase() !== "PREFIX";
      },
      get: terms,
      postprocessHints: declare,
    },
    {
      name: "our prefixes",
      bulk: false,
      autoShow: true,
      isValidCompletionPosition: (editor) => {
        const cursor = editor.getDoc().getCursor();
        return /^\s*PREFIX\s+[\w-]*$/i.test(editor.getLine(cursor.line).slice(0, cursor.ch));
      },
      get: (editor, token) =>
        Object.entries(prefixes)
          .filter(([prefix]) => prefix.startsWith(token.string.trim()))
          .map(([prefix, namespace]) => `${token.string.trim() ? "" : " "}${prefix}: <${namespace}>`),
    },
  ];
}
