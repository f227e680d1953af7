// Elements, numbers and times. All content is inserted as text, never as markup.

/** Makes an element: h("p", { class: "quiet" }, "text", other). Functions become listeners; null, undefined and false are left out. */
export function h(name, attributes = {}, ...children) {
  return fill(document.createElement(name), attributes, children);
}

/** The same for SVG. */
export function s(name, attributes = {}, ...children) {
  return fill(document.createElementNS("http://www.w3.org/2000/svg", name), attributes, children);
}

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter(child => child !== null && child !== undefined && child !== false));
  return element;
}

const drawn = new WeakMap();

/** Draws into an element, but only when the drawing has changed, so that focus and selection stay. */
export function draw(element, data, picture) {
  const text = JSON.stringify(data);
  if (drawn.get(element) === text) return;
  drawn.set(element, text);
  const focused = element.contains(document.activeElement) ? document.activeElement.dataset.key : undefined;
  element.replaceChildren(...[picture(data)].flat(Infinity).filter(Boolean));
  if (focused) element.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus();
  tick();
}

const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });

export const count = number => whole.format(number);

export const plural = (number, one, many = `${one}s`) => `${count(number)} ${number === 1 ? one : many}`;

/** A duration in words. */
export function span(seconds) {
  const value = Math.max(seconds, 0);
  if (value < 0.9995) return `${Math.round(value * 1000)} ms`;
  if (value < 9.95) return `${value.toFixed(1)} s`;
  if (value < 99.5) return `${Math.round(value)} s`;
  return long(value);
}

/** A duration in whole units, for countdowns. */
export function long(seconds) {
  const value = Math.max(Math.round(seconds), 0);
  if (value < 100) return `${value} s`;
  const minutes = Math.floor(value / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

const time = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short" });

/** A moment: the time of day, and the day when it is not today. */
export function moment(text) {
  const at = new Date(text);
  return at.toDateString() === new Date().toDateString() ? time.format(at) : `${day.format(at)} ${time.format(at)}`;
}

export const when = text => h("time", { datetime: text, title: text }, moment(text));

/** The time since or until a moment, which updates itself. */
export const ago = text => h("time", { datetime: text, title: moment(text), "data-tick": "ago" });

export const lasting = text => h("time", { datetime: text, title: moment(text), "data-tick": "lasting" });

export const until = text => h("time", { datetime: text, title: moment(text), "data-tick": "until" });

/** The time until something is due, or "now". */
export const due = text => h("time", { datetime: text, title: moment(text), "data-tick": "due" });

let ahead = 0;

/** Uses the scheduler's clock for all times, because this computer's clock may be wrong. */
export function setClock(serverNow) {
  ahead = new Date(serverNow) - Date.now();
}

export const now = () => Date.now() + ahead;

const ticking = {
  ago: seconds => `${long(seconds)} ago`,
  lasting: seconds => long(seconds),
  until: seconds => long(-seconds),
  due: seconds => seconds < -1 ? `in ${long(-seconds)}` : "now",
};

function tick() {
  for (const element of document.querySelectorAll("[data-tick]")) {
    const seconds = (now() - new Date(element.dateTime)) / 1000;
    const text = ticking[element.dataset.tick](seconds);
    if (element.textContent !== text) element.textContent = text;
  }
}

setInterval(tick, 500);
