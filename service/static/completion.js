// Completes what is typed in a query: classes, properties and things by their labels, prefixes by their names.
const PROPERTIES = ["ObjectProperty", "DatatypeProperty", "AnnotationProperty"];
const MOST = 30;
const WORD = /[\p{L}\p{N}_:-]*$/u;
const SAFE = /^\w[\w-]*$/; // a local name that stands in SPARQL as it is

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

// The word that the cursor is at the end of; the tokens of the editor cut one such as `aij` after its first letter.
function wordAt(editor) {
  const { line, ch } = editor.getDoc().getCursor();
  const [word] = editor.getLine(line).slice(0, ch).match(WORD);
  return { string: word, line, start: ch - word.length, end: ch };
}

// What may stand there: after `a` a class, where a predicate may be a property, else anything.
function wantedTypes(editor, { line, start }) {
  const before = editor.getTokenAt({ line, ch: start }, true);
  const { string } = before.type === "ws" ? editor.getPreviousNonWsToken(line, before) : before;
  if (["a", "rdf:type", "rdfs:subClassOf"].includes(string)) return ["Class"];
  return before.state.possibleNext.includes("a") ? PROPERTIES : [];
}

// Whether a word is part of a term to come, and not of a variable, a literal, an IRI, a comment or a prefix.
function isTerm(editor, { string, line, start }) {
  const before = editor.getLine(line).slice(0, start);
  const { type } = editor.getTokenAt({ line, ch: start + 1 }, true);
  return string.length > 1 && !/[?$<"'@^]$|PREFIX\s*$/i.test(before) && !["comment", "string"].includes(type);
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
    for (const type of wantedTypes(editor, wordAt(editor))) query.append("type", type);
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
      isValidCompletionPosition: (editor) => isTerm(editor, wordAt(editor)),
      preProcessToken: (editor) => {
        const word = wordAt(editor);
        return { ...word, from: { ch: word.start }, to: { ch: word.end } };
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
