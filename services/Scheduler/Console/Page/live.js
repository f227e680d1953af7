import { setClock } from "./dom.js";

// The scheduler sends a sign of life every five seconds.
const patience = 12_000;

/** Hears of every change. Tells when nothing is heard any more, and when it is again. */
export function listen(onReport, onLost) {
  let timer = 0;
  let source;

  function open() {
    source = new EventSource("/console/events");
    source.addEventListener("report", event => {
      const report = JSON.parse(event.data);
      setClock(report.at);
      alive();
      onReport(report);
    });
    source.addEventListener("alive", alive);
    source.addEventListener("error", () => {
      onLost(true);
      // A browser gives up when it gets an answer that is no stream, for instance from a proxy in front of us.
      if (source.readyState === EventSource.CLOSED) again(2000);
    });
  }

  function alive() {
    onLost(false);
    clearTimeout(timer);
    timer = setTimeout(() => {
      onLost(true);
      again(0);
    }, patience);
  }

  function again(pause) {
    clearTimeout(timer);
    source.close();
    timer = setTimeout(open, pause);
  }

  open();
}
