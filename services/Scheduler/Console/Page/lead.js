import { draw, h, moment, plural, span, when } from "./dom.js";
import { listen, once } from "./live.js";
import { addSearch } from "./search.js";

const element = id => document.getElementById(id);
const id = decodeURIComponent(location.pathname.split("/").at(-1));
const address = `/leads/${encodeURIComponent(id)}`;
const form = element("as-of");
let asOf = new URLSearchParams(location.search).get("asOf");
if (asOf && Number.isNaN(Date.parse(asOf))) asOf = null;
let now = null;
let steps = [];
let before = null;
let seen = null;
const unread = Symbol("unread");

addSearch(element("search"));
element("older").addEventListener("click", readOlder);
form.addEventListener("submit", event => {
  event.preventDefault();
  if (element("as-of-time").value) goTo(new Date(element("as-of-time").value).toISOString());
});
form.addEventListener("reset", () => goTo(null));
listen({
  onReport(report) {
    stale(null);
    if (!report) return;
    const last = JSON.stringify(report.lastChange);
    if (last !== seen) look();
    seen = last;
  },
  onTrouble: trouble => stale(trouble.sentence.text),
  onLost: () => stale("The scheduler does not answer."),
});

function stale(why) {
  document.body.classList.toggle("stale", why !== null);
  element("lost").hidden = why === null;
  element("lost").textContent = why ? `${why} The page shows what it could last read.` : "";
}

// A lead has changed. Checks whether it was this one.
const look = once(async () => {
  const answer = await get(`${address}/version`);
  if (answer !== unread && answer?.version !== (now?.version ?? 0)) read();
});

function goTo(moment) {
  asOf = moment;
  history.replaceState(null, "", asOf ? `?asOf=${encodeURIComponent(asOf)}` : location.pathname);
  element("fields-title").scrollIntoView({ block: "nearest" });
  read();
}

const read = once(async () => {
  const [lead, then, timeline] = await Promise.all([
    get(address), asOf ? get(`${address}?asOf=${encodeURIComponent(asOf)}`) : null, get(`${address}/timeline`),
  ]);
  if ([lead, then, timeline].includes(unread)) {
    if (!now) element("name").textContent = "The lead could not be read. Trying again.";
    setTimeout(read, 2000);
    return;
  }
  now = lead;
  if (timeline) {
    const older = steps.filter(step => step.version < (timeline.before ?? 0));
    if (older.length === 0) before = timeline.before;
    steps = [...timeline.steps, ...older];
  }
  show(then);
});

async function readOlder() {
  const page = await get(`${address}/timeline?before=${before}`);
  if (!page || page === unread) return;
  steps.push(...page.steps);
  before = page.before;
  drawTimeline();
}

/** Returns null when there is none, and unread when the read failed. */
const get = path => fetch(path)
  .then(answer => answer.ok ? answer.json() : answer.status === 404 ? null : unread)
  .catch(() => unread);

function show(then) {
  for (const part of [form, ...document.querySelectorAll(".jump, .columns")]) part.hidden = !now;
  if (!now) {
    element("name").textContent = "No such lead";
    element("about").textContent = `${id} is unknown: LeadSync has never seen it in Zoho. `
      + "Search for a name, a company or an e-mail address above.";
    return;
  }
  const fields = now.fields;
  const name = fields.Full_Name ?? ([fields.First_Name, fields.Last_Name].filter(Boolean).join(" ") || "No name");
  element("name").textContent = name;
  element("name").classList.toggle("long", name.length > 40);
  document.title = `${name} – LeadSync`;
  draw(element("about"), [now.alive, now.deletedAt, now.modifiedTime, fields.Company, now.version], () => [
    fields.Company && h("span", {}, fields.Company),
    h("span", { class: "id" }, id),
    now.alive ? h("span", { class: "badge good" }, "in the view") : h("span", { class: "badge bad" }, "deleted"),
    now.modifiedTime && h("span", {}, "modified ", when(now.modifiedTime)),
    !now.alive && now.deletedAt && h("span", {}, "deleted ", when(now.deletedAt)),
    h("span", {}, plural(now.version, "event")),
  ]);
  form.querySelector("[type=reset]").hidden = !asOf;
  document.querySelector(".columns").classList.toggle("then", Boolean(asOf));
  if (asOf) element("as-of-time").value = local(asOf);
  draw(element("fields"), [asOf, then, now.fields], drawFields);
  drawTimeline();
}

function local(text) {
  const at = new Date(text);
  return new Date(at - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
}

function drawFields([moment, then]) {
  const shown = moment ? then?.fields ?? {} : now.fields;
  const isOther = name => moment && (shown[name] ?? null) !== (now.fields[name] ?? null);
  const names = [...new Set([...Object.keys(shown), ...(moment ? Object.keys(now.fields) : [])])]
    .sort((one, other) => Number(isOther(other)) - Number(isOther(one)) || (one < other ? -1 : 1));
  const about = moment && h("p", { class: "note" }, !then || then.version === 0
    ? "LeadSync did not know the lead yet at that moment."
    : [then.alive ? "As the view showed it at " : "It was not in the view at ", when(moment), ". What differs from now comes first."]);
  return [about, h("dl", { class: "fields" }, names.map(name => {
    const [was, is] = [shown[name] ?? null, now.fields[name] ?? null];
    const differs = isOther(name);
    const why = h("p", { class: "why", id: `why-${name}`, hidden: true });
    return h("div", { class: differs ? "differs" : null },
      h("dt", {}, h("button", {
        type: "button", class: "link", title: "Where this value comes from", "data-key": `field-${name}`,
        "aria-expanded": "false", "aria-controls": why.id, click: event => explain(name, event.currentTarget, why),
      }, name)),
      h("dd", {}, was ?? h("span", { class: "quiet" }, "empty"), differs && h("span", { class: "now" }, `now ${is ?? "empty"}`), why));
  }))];
}

async function explain(name, button, why) {
  why.hidden = !why.hidden;
  button.setAttribute("aria-expanded", String(!why.hidden));
  if (why.hidden) return;
  why.textContent = "Looking.";
  const answer = await get(`${address}/fields/${encodeURIComponent(name)}`);
  if (answer === unread) {
    why.textContent = "It could not be looked up. Try again.";
    return;
  }
  if (!answer?.setBy) {
    why.textContent = "This field has never had a value.";
    return;
  }
  why.replaceChildren(
    `Set by event ${answer.setBy.version}, ${sources[answer.setBy.source] ?? answer.setBy.source}, modified in Zoho `,
    when(answer.setBy.modifiedTime), ", in the view since ", when(answer.setBy.recordedAt),
    answer.changes > 1
      ? `. Before: ${answer.before ?? "empty"}. It has changed ${plural(answer.changes - 1, "time")}.`
      : ". It has not changed since.");
}

const sources = {
  Notification: "a notification", BulkPage: "a bulk read", CatchUp: "a catch-up", FullComparison: "a full comparison",
};
const effects = {
  added: "Added", changed: "Changed", removed: "Removed", returned: "Came back",
  nothing: "Came too late; the view stayed as it was",
};
const many = 8;

function drawTimeline() {
  const isLater = step => asOf && new Date(step.recordedAt) > new Date(asOf);
  draw(element("timeline"), [steps, asOf], () => steps.map(step => h("li", { class: isLater(step) ? "later" : step.effect },
    h("p", { class: "head" },
      when(step.recordedAt), " ", h("strong", {}, effects[step.effect] ?? step.effect), ` by ${sources[step.source] ?? step.source}`),
    h("p", { class: "quiet" },
      step.modifiedTime && `modified in Zoho ${moment(step.modifiedTime)}`,
      step.modifiedTime && step.delaySeconds !== null && `, in the view ${span(step.delaySeconds)} later`,
      !step.modifiedTime && step.deletedAt && `deleted in Zoho ${moment(step.deletedAt)}`,
      " · ",
      h("button", {
        type: "button", class: "link", "data-key": `as-of-${step.version}`, click: () => goTo(step.recordedAt),
      }, `as of event ${step.version}`),
      step.traceUrl && " · ",
      step.traceUrl && h("a", { href: step.traceUrl, rel: "noreferrer", "data-key": `trace-${step.version}` }, "trace")),
    step.changes.length > many
      ? h("details", {}, h("summary", {}, plural(step.changes.length, "field")), changes(step))
      : changes(step))));
  element("older").hidden = before === null;
}

function changes(step) {
  return step.changes.length > 0 && h("ul", { class: "changes" }, step.changes.map(change => h("li", {},
    h("span", { class: "field" }, change.field), " ",
    change.from !== null && h("del", {}, change.from), change.from !== null && " ",
    change.to !== null ? h("ins", {}, change.to) : h("span", { class: "quiet" }, "emptied"))));
}

read();
