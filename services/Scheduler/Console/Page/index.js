import { draw, h, moment } from "./dom.js";
import { listen, once } from "./live.js";
import { addPlots, show as showPlots } from "./plots.js";
import { addSearch } from "./search.js";
import { give } from "./actions.js";
import { alerts, channel, credits, fields, gaps, held, log, parked, reasons, rebuild, routine, run, services } from "./sections.js";

const element = id => document.getElementById(id);
const parkedPage = 100;
const logPage = 25;
const pause = 5000;
let minutes = 60;
let plotted = null;
let lastReport = null;
let lastSituation = null;
let parkedSeen = null;
let heldSeen = null;
let parkedShown = parkedPage;
let logShown = logPage;

addSearch(element("search"));
addPlots(element("plots"));
for (const button of document.querySelectorAll("[data-action]")) button.addEventListener("click", () => give(button.dataset.action));

const read = path => fetch(path).then(answer => answer.ok ? answer.json() : null).catch(() => null);

/** Shows that a list could not be read, instead of an empty list, and reads it again. */
const list = (place, path, picture) => {
  const ask = once(async () => {
    const answer = await read(path());
    if (answer) draw(element(place), answer, picture);
    else {
      draw(element(place), "unread", () => h("p", { class: "trouble" }, "The list could not be read. Trying again."));
      setTimeout(ask, pause);
    }
  });
  return ask;
};

const readPlots = once(async () => showPlots(await read(`/console/latency?minutes=${minutes}`)));
const readParked = list("parked", () => `/parked?limit=${parkedShown}`, page => parked(page, () => {
  parkedShown = Math.min(parkedShown + parkedPage, 1000);
  readParked();
}));
const readLog = list("log", () => `/log?limit=${logShown}`, page => log(page, () => {
  logShown = Math.min(logShown * 2, 1000);
  readLog();
}));
const readAlerts = list("alerts", () => "/alerts", alerts);
const readFields = list("fields", () => "/console/fields", fields);
const readHeld = once(async () => {
  const answer = await read("/full-comparison/held");
  const state = lastReport?.fullComparison.heldBack ?? null;
  draw(element("held"), [state, answer], held);
  if (state && !answer) setTimeout(readHeld, pause);
});

element("range").addEventListener("change", event => {
  minutes = Number(event.target.value);
  readPlots();
});
// Nobody looks at a page in the background. It reads everything again when somebody does.
const timed = [[readPlots, pause], [readLog, 10_000], [readAlerts, 10_000], [readFields, 10_000], [readParked, 30_000]];
for (const [ask, apart] of timed) setInterval(() => { if (!document.hidden) ask(); }, apart);
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) for (const [ask] of timed) ask();
});

listen({
  onReport(report) {
    const wasBlind = document.body.classList.contains("stale");
    document.body.classList.remove("stale");
    element("lost").hidden = true;
    element("lost").textContent = "";
    if (report) show(report);
    else if (wasBlind && lastReport) show(lastReport);
  },
  onTrouble(trouble) {
    blind(trouble.sentence, trouble.lastSeenAt);
    draw(element("reasons"), [trouble.reasons, trouble.sentence.text], reasons);
  },
  onLost() {
    blind({ tone: "bad", text: "The scheduler does not answer." }, lastReport?.at);
    draw(element("reasons"), [[], ""], reasons);
  },
});

/** Says since when the content below is out of date. */
function blind(sentence, lastSeenAt) {
  say(sentence);
  document.body.classList.add("stale");
  const seen = lastReport?.at ?? lastSeenAt;
  const text = lastReport ? `What you see below is from ${moment(seen)}. Trying again.` : "Nothing can be shown. Trying again.";
  element("lost").hidden = false;
  if (element("lost").textContent !== text) element("lost").textContent = text;
  announce({ sentence, phase: "unseen" });
}

const signs = { good: "", busy: "… ", bad: "✖ ", wait: "" };

function say({ tone, text }) {
  const title = element("sentence");
  if (title.textContent !== text) title.textContent = text;
  title.dataset.tone = tone;
  title.classList.toggle("long", text.length > 70);
  document.title = `${signs[tone] ?? ""}${text.split(/[.:](?:\s|$)/)[0]} – LeadSync`;
  const icon = document.querySelector("link[rel=icon]");
  const wanted = `/console/files/icon${tone === "busy" || tone === "bad" ? `-${tone}` : ""}.svg`;
  if (icon.getAttribute("href") !== wanted) icon.setAttribute("href", wanted);
}

function show(status) {
  lastReport = status;
  say(status.sentence);
  announce(status);
  const but = Object.values(status.parked).some(count => count > 0) ? ", except what is parked" : "";
  element("good-until").textContent = status.lastGoodSync && status.fullComparison.lastRead
    ? `Verified: every change made in Zoho before ${moment(status.lastGoodSync)} is in the view${but}.`
    : "The first read of every lead is not finished yet.";
  document.querySelector("[data-action=pause]").hidden = status.paused;
  document.querySelector("[data-action=resume]").hidden = !status.paused;

  draw(element("reasons"), [status.reasons, status.sentence.text], reasons);
  draw(element("channel"), status.channel, channel);
  draw(element("routine"), [status.catchUp, status.fullComparison, status.waiting, status.rereads], routine);
  draw(element("credits"), status.credits ?? null, credits);
  const running = status.services.map(one => one.replicas > 0 ? { ...one, seenAt: null } : one);
  draw(element("services"), [running, Boolean(status.database)], services);
  draw(element("run"), [status.run, status.fullComparison], run);
  draw(element("rebuild"), status.rebuild ?? null, rebuild);
  draw(element("gaps"), status.gaps, gaps);
  element("held").hidden = !status.fullComparison.heldBack;
  heldSeen = changed(heldSeen, status.fullComparison.heldBack, readHeld);
  parkedSeen = changed(parkedSeen, status.parked, readParked);
  plotted = changed(plotted, status.lastChange, readPlots);
}

function changed(before, part, ask) {
  const now = JSON.stringify(part);
  if (now !== before) ask();
  return now;
}

// The sentence changes every second. A screen reader announces only a new situation.
function announce({ sentence, phase }) {
  if (lastSituation === sentence.tone + phase) return;
  lastSituation = sentence.tone + phase;
  element("announcement").textContent = sentence.text;
  readLog();
  readAlerts();
  readFields();
}
