// What the report's parts look like. Each gets data and answers elements; none keeps anything.
import { ago, count, h, lasting, long, plural, until, when } from "./dom.js";
import { drop, give, replay } from "./orders.js";

const facts = (...entries) => h("dl", {}, entries.filter(Boolean).map(([name, ...value]) => h("div", {}, h("dt", {}, name), h("dd", {}, ...value))));

const nothing = text => h("p", { class: "quiet" }, text);

const bar = (label, value, most) => h("progress", { "aria-label": label, max: most || 1, value: value ?? false });

const badge = (text, tone) => h("span", { class: `badge ${tone}` }, text);

export function channel(state) {
  return facts(
    ["State", state.isOpen ? badge("open", "good") : badge(state.id ? "closed" : "not yet open", state.id ? "bad" : "busy")],
    state.expiresAt && (state.isOpen ? ["Time left", until(state.expiresAt)] : ["Expired", ago(state.expiresAt)]),
    state.isSilent && ["Silent", h("span", { class: "trouble" }, "Leads were modified of which it told nothing.")],
    ["Next renewal", ...(new Date(state.nextRenewal) > new Date() ? ["in ", until(state.nextRenewal)] : ["now"])],
    state.trouble && ["Trouble", h("span", { class: "trouble" }, state.trouble)]);
}

export function routine([catchUp, comparison]) {
  return facts(
    ["Catch-up", ...catchingUp(catchUp)],
    catchUp.next && ["Next", "in ", until(catchUp.next)],
    catchUp.trouble && ["Trouble", h("span", { class: "trouble" }, catchUp.trouble)],
    ["Last full read", ...(comparison.lastRead ? [ago(comparison.lastRead.startedAt)] : ["none yet"])],
    comparison.lastCompared && ["Missing then", `${count(comparison.lastCompared.missing)} of ${plural(comparison.lastCompared.living, "lead")}`],
    comparison.next && ["Next full read", "in ", until(comparison.next)]);
}

function catchingUp(state) {
  if (state.id === null) return state.lastStartedAt ? [ago(state.lastStartedAt)] : ["none yet"];
  return [badge("running", "busy"), state.pages === null
    ? ` ${plural(state.pagesProjected ?? 0, "page")} applied`
    : ` ${count(state.pagesProjected ?? 0)} of ${plural(state.pages, "page")} applied`];
}

const waiting = { catchUp: "the next catch-up", bulkRead: "a bulk read", fullComparison: "the full comparison" };

export function credits(state) {
  if (!state || state.used === null) return nothing("Not counted yet.");
  return [
    state.budget !== null && bar("API credits used", Math.min(state.used, state.budget), state.budget),
    facts(
      ["Used in 24 h", state.budget === null ? count(state.used) : `${count(state.used)} of ${count(state.budget)}`],
      ["Left", state.left === null ? "no budget is set" : count(state.left)],
      state.budget !== null && state.reserve > 0 && ["Reserve", `${count(state.reserve)} for notifications`],
      state.budget !== null && state.resetsAt && ["Next free", when(state.resetsAt)],
      state.postponed?.length > 0 && ["Waiting", h("span", { class: "trouble" }, state.postponed.map(what => waiting[what] ?? what).join(", "))]),
  ];
}

const purposes = { initialRead: "First read of every lead", fullComparison: "Full comparison: every lead once more", catchUp: "Catching up in bulk" };

export function held(state) {
  return state && [
    h("p", {}, `${count(state.missing)} of ${plural(state.living, "lead")} in the view were not in Zoho’s export. None is removed before you say so: Zoho is then asked about each.`),
    h("span", { class: "buttons" },
      h("button", { type: "button", "data-key": "release", click: () => give("full-comparison/release") }, "Release it"),
      h("button", { type: "button", "data-key": "drop-comparison", click: () => give("full-comparison/drop") }, "Drop it")),
  ];
}

export function run([state, comparison]) {
  if (!state) {
    return nothing(comparison.isComparing
      ? "All pages are applied; the view is being compared with them."
      : comparison.lastRead ? ["None is going on. Every lead was last read ", ago(comparison.lastRead.startedAt), "."] : "None has begun.");
  }
  return [
    h("p", {}, h("strong", {}, purposes[state.purpose] ?? state.purpose), ", begun ", ago(state.startedAt), ". ", pace(state)),
    h("ol", { class: "pages" }, pages(state.pages)),
  ];
}

function pace(state) {
  if (!state.rows) return "Zoho is preparing the first page.";
  return [
    `${count(state.rowsDone)} of ${plural(state.rows, "row")} so far`,
    state.rowsPerSecond ? `, ${count(state.rowsPerSecond)} a second` : "",
    state.secondsLeft ? `, about ${long(state.secondsLeft)} left` : "",
    ".",
  ].join("");
}

// Of a long read, the pages that are done make one line.
const mostDone = 4;

function pages(all) {
  const open = all.findIndex(one => one.state !== "projected" || one.parked > 0);
  const done = open < 0 ? all.length : open;
  if (done <= mostDone) return all.map(page);
  const rows = all.slice(0, done).reduce((sum, one) => sum + one.rows, 0);
  return [
    line(`Pages 1–${done}`, bar(`Pages 1 to ${done}`, rows, rows), "applied", plural(rows, "row")),
    ...all.slice(done).map(page),
  ];
}

const line = (name, bar, state, rows, ...more) => h("li", {},
  h("span", {}, name), bar, h("span", {}, state), h("span", { class: "figure" }, rows), ...more);

const pageStates = {
  waiting: "waits for its turn", requested: "asked for", reading: "Zoho is preparing it", ready: "waits to be applied", projected: "applied",
};

function page(state) {
  const begun = state.rowsChecked !== null;
  const checking = begun && state.rowsChecked < state.rows;
  return line(`Page ${state.page}`,
    bar(`Page ${state.page}`, state.state === "projected" ? state.rows : checking ? null : state.rowsDone ?? 0, state.rows),
    checking ? "being checked" : begun ? "being applied" : pageStates[state.state] ?? state.state,
    state.rows === null ? "" : [begun && `${count(checking ? state.rowsChecked : state.rowsDone)} of `, plural(state.rows, "row")],
    state.parked > 0 && h("span", { class: "trouble" }, `${count(state.parked)} parked`),
    state.trouble && h("span", { class: "trouble" }, state.trouble));
}

export function rebuild(state) {
  if (!state) return nothing("None yet. It builds the view anew from its events, without asking Zoho.");
  const what = state.undo ? "Going back to the view before" : state.asOf ? ["The view as of ", when(state.asOf)] : "The view anew";
  const running = !["done", "failed"].includes(state.phase);
  return [
    h("p", {}, h("strong", {}, what), ", ordered ", ago(state.orderedAt), ". ",
      badge(state.phase, state.phase === "done" ? "good" : state.phase === "failed" ? "bad" : "busy")),
    running && h("div", { class: "bar" },
      bar("Leads folded", state.rowsTotal ? state.rowsDone : null, state.rowsTotal),
      h("span", { class: "figure" }, state.rowsTotal ? `${count(state.rowsDone)} of ${plural(state.rowsTotal, "lead")}` : "counting the leads"),
      state.rowsPerSecond > 0 && h("span", { class: "figure" }, `${count(state.rowsPerSecond)} a second`),
      state.secondsLeft > 0 && h("span", { class: "figure" }, `about ${long(state.secondsLeft)} left`)),
    state.phase === "done" && h("p", {}, `${state.table ?? "The view"} differs from the view before in ${plural(state.differences ?? 0, "lead")}.`,
      state.swappedAt && [" Readers see it since ", when(state.swappedAt), "."]),
    state.trouble && h("p", { class: "trouble" }, state.trouble),
  ];
}

export function gaps(state) {
  const all = [...state.open, ...state.recent];
  if (all.length === 0) return nothing("None: nothing can have been missed.");
  return table(["Cause", "From", "To", "Span", "State"], all.map(gap => [
    gap.cause,
    when(gap.from),
    gap.to ? when(gap.to) : "goes on",
    gap.to ? long((new Date(gap.to) - new Date(gap.from)) / 1000) : lasting(gap.from),
    gap.closedAt ? ["caught up ", ago(gap.closedAt)] : badge("open", "busy"),
  ]));
}

export function parked(items) {
  if (items.length === 0) return nothing("Nothing: everything could be applied.");
  return table(["Reason", "What", "From", "Parked", "Do"], items.map(item => [
    item.reason,
    item.leadId ? h("a", { href: `/console/leads/${encodeURIComponent(item.leadId)}`, "data-key": `lead-${item.id}` }, item.leadId) : item.line ? `row ${count(item.line)}` : item.kind,
    `${item.service}: ${item.origin}`,
    [ago(item.parkedAt), item.times > 1 ? `, ${count(item.times)} times` : ""],
    h("span", { class: "buttons" },
      h("button", { type: "button", "aria-label": `Replay ${item.leadId ?? item.id}`, "data-key": `replay-${item.id}`, click: () => replay(item) }, "Replay"),
      h("button", { type: "button", "aria-label": `Drop ${item.leadId ?? item.id}`, "data-key": `drop-${item.id}`, click: () => drop(item) }, "Drop")),
  ]));
}

function table(columns, rows) {
  return h("table", {},
    h("thead", {}, h("tr", {}, columns.map(name => h("th", { scope: "col" }, name)))),
    h("tbody", {}, rows.map(row => h("tr", {}, row.map((cell, index) => h("td", { "data-column": columns[index] }, ...[cell].flat()))))));
}
