// The schema beside the editor, from introspection.
import { ask } from "./client.js";

const TYPE = "kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name } } } }";
const INTROSPECTION = `{ __schema { types { kind name description
  fields { name description args { name type { ${TYPE} } } type { ${TYPE} } }
  inputFields { name description type { ${TYPE} } }
  enumValues { name description } } } }`;

export async function load(credentials) {
  const { value } = await ask({ query: INTROSPECTION }, credentials);
  if (!value.data) throw new Error(value.errors?.[0]?.message || "The schema cannot be read.");
  return value.data.__schema.types.filter((each) => !each.name.startsWith("__"));
}

function written(type) {
  if (type.kind === "NON_NULL") return `${written(type.ofType)}!`;
  return type.kind === "LIST" ? `[${written(type.ofType)}]` : type.name;
}

function named(type) {
  return type.ofType ? named(type.ofType) : type.name;
}

function element(tag, text) {
  const made = document.createElement(tag);
  if (text) made.textContent = text;
  return made;
}

function link(type, open) {
  const made = element("a", written(type));
  made.tabIndex = 0;
  made.addEventListener("click", () => open(named(type)));
  made.addEventListener("keydown", (event) => { if (event.key === "Enter") open(named(type)); });
  return made;
}

function typeBlock(type, open) {
  const block = element("section");
  const list = element("dl");
  block.append(element("h3", type.name), element("p", type.description), list);
  for (const each of [...(type.fields || []), ...(type.inputFields || []), ...(type.enumValues || [])]) {
    const term = element("dt", each.name + (each.args?.length ? `(${each.args.map((a) => `${a.name}: ${written(a.type)}`).join(", ")})` : ""));
    if (each.type) term.append(": ", link(each.type, open));
    list.append(term, element("dd", each.description));
  }
  return block;
}

export function describe(place, search, types) {
  const open = (name) => { search.value = name; show(); };
  const show = () => {
    const wish = search.value.trim().toLowerCase();
    const exact = types.filter((each) => each.name.toLowerCase() === wish);
    const some = (each) => each.name.toLowerCase().includes(wish) || each.fields?.some((f) => f.name.toLowerCase().includes(wish));
    const found = !wish ? types.filter((each) => ["Query", "Mutation", "Subscription"].includes(each.name)) : exact.length ? exact : types.filter(some);
    place.replaceChildren(...found.slice(0, 15).map((each) => typeBlock(each, open)));
  };
  search.oninput = show;
  show();
}
