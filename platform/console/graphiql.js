// The page to write queries on: run, follow, look up the schema, find earlier queries. No library, nothing from elsewhere.
import { ask, follow } from "./client.js";
import { describe, load } from "./docs.js";

const at = (id) => document.getElementById(id);
const EXAMPLE = `{
  viewer { role }
  tenant { name }
  leaderboard(scheme: "engineers", period: "2026-05", first: 5) {
    nodes { rank score subject { code name } grade { name } }
  }
}`;
const HISTORY = "meritline.queries";
let stopFollowing = null;

function earlier() {
  try { return JSON.parse(localStorage.getItem(HISTORY)) || []; } catch { return []; }
}

function remember(query, variables) {
  const rest = earlier().filter((each) => each.query !== query || each.variables !== variables);
  localStorage.setItem(HISTORY, JSON.stringify([{ query, variables }, ...rest].slice(0, 30)));
  showHistory();
}

function showHistory() {
  const list = at("history");
  list.length = 1;
  earlier().forEach((each, place) => list.add(new Option(each.query.replace(/\s+/g, " ").slice(0, 60), place)));
}

function credentials() {
  return { token: at("token").value.trim(), language: at("language").value };
}

function show(value) {
  at("result").textContent = typeof value === "string" ? value : JSON.stringify(value, null, 2);
}

function request() {
  const text = at("variables").value.trim();
  return { query: at("query").value, variables: text ? JSON.parse(text) : undefined };
}

function stop() {
  if (stopFollowing) stopFollowing();
  stopFollowing = null;
  at("stop").disabled = true;
}

async function run() {
  stop();
  let body;
  try { body = request(); } catch (error) { show(`The variables are no JSON: ${error.message}`); return; }
  remember(body.query, at("variables").value);
  if (/^\s*subscription\b/m.test(body.query)) {
    at("stop").disabled = false;
    const seen = [];
    stopFollowing = follow(body, credentials(), (value) => { seen.unshift(value); show(seen.slice(0, 50)); },
      (reason) => { at("status").textContent = reason; at("stop").disabled = true; });
    return;
  }
  const begun = performance.now();
  at("status").textContent = "…";
  try {
    const { status, value } = await ask(body, credentials());
    show(value);
    at("status").textContent = `${status}, ${Math.round(performance.now() - begun)} ms`;
  } catch (error) {
    at("status").textContent = error.message;
  }
}

async function showSchema() {
  if (!credentials().token) { at("docs").textContent = "Give a key to see the schema."; return; }
  try { describe(at("docs"), at("search"), await load(credentials())); }
  catch (error) { at("docs").textContent = error.message; }
}

at("query").value = earlier()[0]?.query || EXAMPLE;
at("variables").value = earlier()[0]?.variables || "";
// The key is kept for this tab alone.
at("token").value = sessionStorage.getItem("meritline.key") || "";
at("token").addEventListener("change", () => {
  sessionStorage.setItem("meritline.key", at("token").value.trim());
  showSchema();
});
at("run").addEventListener("click", run);
at("stop").addEventListener("click", stop);
at("history").addEventListener("change", (event) => {
  const chosen = earlier()[event.target.value];
  if (chosen) { at("query").value = chosen.query; at("variables").value = chosen.variables; }
  event.target.selectedIndex = 0;
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); run(); }
});
at("query").addEventListener("keydown", (event) => {
  if (event.key !== "Tab" || event.shiftKey) return;
  event.preventDefault();
  event.target.setRangeText("  ", event.target.selectionStart, event.target.selectionEnd, "end");
});
showHistory();
showSchema();
