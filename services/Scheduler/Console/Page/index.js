import { draw, moment } from "./dom.js";
import { listen } from "./live.js";
import { addPlots, show as showPlots } from "./plots.js";
import { addSearch } from "./search.js";
import { give } from "./orders.js";
import { channel, credits, gaps, held, parked, rebuild, routine, run } from "./sections.js";

const element = id => document.getElementById(id);
let minutes = 60;
let plotted = null;
let lastReport = null;
let lastSituation = null;
let parkedSeen = null;
let parkedItems = [];

addSearch(element("search"));
addPlots(element("plots"));
for (const button of document.querySelectorAll("[data-order]")) button.addEventListener("click", () => give(button.dataset.order));
element("range").addEventListener("change", event => {
  minutes = Number(event.target.value);
  readPlots();
});

listen(show, lost => {
  document.body.classList.toggle("stale", lost);
  element("lost").hidden = !lost;
  if (lost && !element("lost").textContent) {
    say({ tone: "wait", text: "The scheduler does not answer." });
    element("lost").textContent = lastReport
      ? `What you see below is from ${moment(lastReport.at)}. Trying again.`
      : "Trying again.";
  } else if (!lost && element("lost").textContent) {
    element("lost").textContent = "";
    if (lastReport) show(lastReport);
  }
});

function say({ tone, text }) {
  const title = element("sentence");
  if (title.textContent !== text) title.textContent = text;
  title.dataset.tone = tone;
  title.classList.toggle("long", text.length > 70);
  document.title = `${text.split(/[.:]/)[0]} – LeadSync`;
}

function show(status) {
  lastReport = status;
  say(status.sentence);
  announce(status);
  element("good-until").textContent = status.lastGoodSync
    ? `Everything that changed in Zoho before ${moment(status.lastGoodSync)} is in the view, for certain.`
    : "Nothing is complete before every lead was read once.";
  document.querySelector("[data-order=pause]").hidden = status.paused;
  document.querySelector("[data-order=resume]").hidden = !status.paused;

  draw(element("channel"), status.channel, channel);
  draw(element("routine"), [status.catchUp, status.fullComparison], routine);
  draw(element("held"), status.fullComparison.heldBack, held);
  element("held").hidden = !status.fullComparison.heldBack;
  draw(element("credits"), status.credits ?? null, credits);
  draw(element("run"), [status.run, status.fullComparison], run);
  draw(element("rebuild"), status.rebuild ?? null, rebuild);
  draw(element("gaps"), status.gaps, gaps);
  if (JSON.stringify(status.parked) !== parkedSeen) {
    parkedSeen = JSON.stringify(status.parked);
    readParked();
  }
  if (JSON.stringify(status.lastChange) !== plotted) {
    plotted = JSON.stringify(status.lastChange);
    readPlots();
  }
}

// The sentence itself changes every second; only a new situation is worth a word to somebody who listens.
function announce({ sentence, phase }) {
  if (lastSituation === sentence.tone + phase) return;
  lastSituation = sentence.tone + phase;
  element("announcement").textContent = sentence.text;
}

let reading = false;
let again = false;

async function readPlots() {
  if (reading) {
    again = true;
    return;
  }
  reading = true;
  again = false;
  const answer = await fetch(`/console/latency?minutes=${minutes}`).catch(() => null);
  if (answer?.ok) showPlots(await answer.json());
  reading = false;
  if (again) readPlots();
}

setInterval(readPlots, 5000);

async function readParked() {
  const answer = await fetch("/parked").catch(() => null);
  parkedItems = answer?.ok ? (await answer.json()).items : [];
  draw(element("parked"), parkedItems, parked);
}
