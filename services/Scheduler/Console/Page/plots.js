import { h, s, span, moment, plural } from "./dom.js";

const rows = [
  {
    key: "freshness", name: "Freshness", about: "how far the view is behind",
    of: point => point.freshness === null ? null : { p50: point.freshness },
  },
  { key: "total", name: "Zoho to view", about: "a change’s whole way", of: point => point.total },
  { key: "received", name: "Zoho to gateway", about: "modified, then announced", of: point => point.received },
  { key: "published", name: "Reading it", about: "announced, then read", of: point => point.published },
  { key: "folded", name: "Applying it", about: "read, then in the view", of: point => point.folded },
];

const width = 600;
const height = 44;
const cells = new Map();
const empty = h("p", { class: "quiet", hidden: true }, "No change has come by notification yet.");
const unread = h("p", { class: "trouble", hidden: true }, "The delays could not be read. Trying again.");
let plot;
let pointed = null;

/** Creates the rows, which show fills. */
export function addPlots(place) {
  for (const row of rows) {
    const value = h("output", { class: "value" }, "–");
    const beside = h("span", { class: "beside" });
    const most = h("span", { class: "most", "aria-hidden": "true" });
    const svg = s("svg", {
      viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: "none", role: "img", "aria-label": `${row.name}: no changes yet`,
    });
    cells.set(row.key, { value, beside, most, svg });
    place.append(h("div", { class: "plot" },
      h("div", { class: "what" }, h("span", { class: "name" }, row.name), h("span", { class: "about" }, row.about)),
      h("div", { class: "now" }, value, beside),
      h("div", { class: "canvas" }, svg, most)));
  }
  place.before(unread, empty);
  const axis = h("div", { class: "axis", "aria-hidden": "true" }, h("span", {}), h("span", {}), h("span", {}));
  cells.set("axis", axis);
  place.append(axis);
  place.addEventListener("pointermove", event => point(event));
  place.addEventListener("pointerleave", () => point(null));
}

/** Draws the delays, or says that they could not be read. */
export function show(next) {
  unread.hidden = next !== null;
  if (next === null) return;
  plot = next;
  const isEmpty = plot.points.every(point => point.freshness === null);
  empty.hidden = !isEmpty;
  empty.closest("section").classList.toggle("empty", isEmpty);
  for (const row of rows) drawRow(row);
  tellAxis();
}

function drawRow(row) {
  const { svg, most } = cells.get(row.key);
  const points = plot.points.map(point => ({ at: new Date(point.at), ...row.of(point) }));
  const known = points.filter(point => point.p50 !== undefined);
  const top = Math.max(...known.map(point => point.p95 ?? point.p50), 0.001) * 1.06;
  const from = new Date(plot.from);
  const length = new Date(plot.to) - from;
  const x = point => ((point.at - from) / length * width).toFixed(1);
  const y = value => (height - 1 - value / top * (height - 3)).toFixed(1);

  const stretches = [];
  for (const [index, point] of points.entries()) {
    if (point.p50 === undefined) continue;
    if (index === 0 || points[index - 1].p50 === undefined) stretches.push([]);
    stretches.at(-1).push(point);
  }

  const line = stretch => stretch.map(point => `${x(point)},${y(point.p50)}`).join(" ");
  svg.replaceChildren(
    ...stretches.map(stretch => stretch.length === 1
      ? s("path", { class: "dot", d: `M${line(stretch)}h0` })
      : s("g", {},
        stretch[0].p95 !== undefined && s("polygon", {
          class: "shade", points: `${stretch.map(point => `${x(point)},${y(point.p95)}`).join(" ")} ${line([...stretch].reverse())}`,
        }),
        s("polyline", { class: "line", points: line(stretch) }))),
    s("line", { class: "cross", x1: -9, x2: -9, y1: 0, y2: height }));
  most.textContent = known.length > 0 ? `up to ${span(top / 1.06)}` : "";
  svg.setAttribute("aria-label", known.length > 0
    ? `${row.name}: last ${span(known.at(-1).p50)}, at most ${span(top / 1.06)}, since ${moment(plot.from)}`
    : `${row.name}: no changes since ${moment(plot.from)}`);
  tellRow(row, points);
}

function tellRow(row, points) {
  const { value, beside, svg } = cells.get(row.key);
  const index = pointed ?? points.findLastIndex(point => point.p50 !== undefined);
  const point = points[index];
  value.textContent = point?.p50 === undefined ? "–" : span(point.p50);
  beside.textContent = point?.p95 === undefined ? "" : `95 %: ${span(point.p95)}`;
  const cross = svg.querySelector(".cross");
  const at = pointed === null || !point ? -9 : (point.at - new Date(plot.from)) / (new Date(plot.to) - new Date(plot.from)) * width;
  cross.setAttribute("x1", at);
  cross.setAttribute("x2", at);
}

function tellAxis() {
  const [from, middle, to] = cells.get("axis").children;
  from.textContent = moment(plot.from).slice(0, -3);
  const point = pointed === null ? null : plot.points[pointed];
  middle.textContent = point ? `${moment(point.at)} · ${plural(point.changes, "change")}` : "";
  to.textContent = "now";
}

function point(event) {
  const canvas = event?.target.closest(".canvas");
  if (!plot) return;
  const box = canvas?.getBoundingClientRect();
  const at = box && Math.floor((event.clientX - box.left) / box.width * plot.points.length);
  pointed = box ? Math.min(Math.max(at, 0), plot.points.length - 1) : null;
  for (const row of rows) tellRow(row, plot.points.map(one => ({ at: new Date(one.at), ...row.of(one) })));
  tellAxis();
}
