import { setClock } from "./dom.js";

// The scheduler sends a sign of life every five seconds, and within three seconds the status, or that it cannot read the status.
const patience = 12_000;
const firstPatience = 6_000;

/**
 * Listens for changes. A report says how the sync is. Trouble says that the scheduler answers, but cannot read its database.
 * Lost says that the scheduler does not answer. The last of them counts until the next one comes.
 */
export function listen({ onReport, onTrouble, onLost }) {
  let timer = 0;
  let source;

  function open() {
    source = new EventSource("/console/events");
    source.addEventListener("report", event => {
      const report = JSON.parse(event.data);
      setClock(report.at);
      heard();
      onReport(report);
    });
    source.addEventListener("trouble", event => {
      const trouble = JSON.parse(event.data);
      setClock(trouble.at);
      heard();
      onTrouble(trouble);
    });
    source.addEventListener("alive", () => {
      heard();
      onReport(null);
    });
    source.addEventListener("error", () => {
      onLost();
      // A browser gives up after an answer that is not a stream, for instance from a proxy.
      if (source.readyState === EventSource.CLOSED) again(2000);
    });
    wait(firstPatience);
  }

  const heard = () => wait(patience);

  function wait(milliseconds) {
    clearTimeout(timer);
    timer = setTimeout(() => {
      onLost();
      again(0);
    }, milliseconds);
  }

  function again(pause) {
    clearTimeout(timer);
    source.close();
    timer = setTimeout(open, pause);
  }

  open();
}

/** Runs slow work: never twice at once, with a pause in between, and once more when it was requested meanwhile. */
export function once(run, apart = 1000) {
  let isRunning = false;
  let isWanted = false;
  return async function ask() {
    if (isRunning) {
      isWanted = true;
      return;
    }
    isRunning = true;
    isWanted = false;
    const pause = new Promise(resolve => { setTimeout(resolve, apart); });
    await run();
    await pause;
    isRunning = false;
    if (isWanted) ask();
  };
}
