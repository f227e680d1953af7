// The parts of the report. Each function takes data and returns elements, without state.
import { ago, count, due, h, lasting, long, now, plural, until, when } from "./dom.js";
import { acknowledge, drop, dropGroup, give, replay, replayGroup } from "./actions.js";

const facts = (...entries) => h("dl", {}, entries.filter(Boolean).map(([name, ...value]) =>
  h("div", {}, h("dt", {}, name), h("dd", {}, ...value))));

const nothing = text => h("p", { class: "quiet" }, text);

const bar = (label, value, most) => h("progress", { "aria-label": label, max: most || 1, value: value ?? false });

const badge = (text, tone) => h("span", { class: `badge ${tone}` }, text);

/** The other reasons why the sync is not well, each with a link to its runbook. */
export function reasons([all, sentence]) {
  return all.map(reason => h("li", { class: reason.tone },
    reason.text === sentence ? null : [h("span", {}, reason.text), " "],
    h("a", { href: reason.help }, "What to do")));
}

export function services([all, isUnwritable]) {
  return facts(...all.map(one => [one.service, ...(one.replicas > 0
    ? [`${plural(one.replicas, "replica")}, ${one.versions.join(" and ")}`]
    // No heartbeat can be recorded in a database that takes no writes.
    : [isUnwritable ? badge("unknown", "busy") : badge("down", "bad"), ...(one.seenAt ? [", last seen ", ago(one.seenAt)] : [])])]));
}

export function log(page, more) {
  if (page.entries.length === 0) return nothing("Nothing has happened yet.");
  return [
    h("ol", { class: "log" }, page.entries.map(entry => h("li", { class: entry.tone },
      when(entry.at), " ", entry.text,
      (entry.by || entry.reason) && h("span", { class: "quiet" },
        entry.by && ` By ${entry.by}.`, entry.reason && ` “${entry.reason}”`)))),
    page.next !== null && h("button", { type: "button", "data-key": "more-log", click: more }, "Show more"),
  ];
}

export function alerts(answer) {
  const targets = answer.targets.length > 0
    ? `Sent to ${answer.targets.join(", ")}.`
    : "No receiver is configured: set a webhook or a mail server (Alerts__…).";
  return [
    answer.alerts.length === 0 ? nothing(`None so far. ${targets}`) : nothing(targets),
    answer.alerts.length > 0 && table(["Alert", "Since", "State", "Sent", "Do"], answer.alerts.map(alert => [
      [h("strong", {}, alert.name), " ", alert.text],
      when(alert.since),
      alert.closedAt
        ? ["over ", ago(alert.closedAt)]
        : alert.acknowledgedAt ? badge(`acknowledged by ${alert.acknowledgedBy}`, "busy") : badge("open", "bad"),
      told(alert.deliveries, answer.targets),
      [h("a", { href: alert.help, "data-key": `help-${alert.id}` }, "What to do"), " ",
        !alert.closedAt && !alert.acknowledgedAt && h("button", {
          type: "button", "data-key": `ack-${alert.id}`, click: () => acknowledge(alert),
        }, "Acknowledge")],
    ])),
  ];
}

function told(deliveries, targets) {
  const unsent = deliveries.filter(one => one.trouble && !one.sentAt);
  const sent = deliveries.filter(one => one.sentAt).length;
  return [
    sent > 0 ? plural(sent, "message") : targets.length > 0 ? "not yet" : "to nobody",
    ...unsent.slice(0, 2).map(one => h("span", { class: "trouble" }, ` ${one.target}: ${one.trouble}`)),
  ];
}

export function channel(state) {
  return facts(
    ["State", state.isOpen
      ? badge("open", "good")
      : badge(state.isLost ? "lost" : state.id ? "closed" : "not yet open", state.id ? "bad" : "busy")],
    state.isOpen && ["Time left", until(state.expiresAt)],
    !state.isOpen && state.expiresAt && new Date(state.expiresAt) <= now() && ["Expired", ago(state.expiresAt)],
    state.isSilent && ["Silent", h("span", { class: "trouble" },
      "A lead was modified ", ago(state.silentSince), ", and no notification has arrived since.")],
    ["Next renewal", due(state.nextRenewal)],
    state.trouble && ["Trouble", h("span", { class: "trouble" }, state.trouble)]);
}

export function routine([catchUp, comparison, waiting, rereads]) {
  return facts(
    ["Catch-up", ...catchingUp(catchUp)],
    waiting && waiting.count > 0 && ["Waiting",
      plural(waiting.count, "message"), " with changes", ...(waiting.oldest ? [", the oldest sent ", ago(waiting.oldest)] : [])],
    rereads && rereads.count > 0 && ["Read again", plural(rereads.count, "message"), " with leads that an export left incomplete"],
    catchUp.next && ["Next", due(catchUp.next)],
    catchUp.trouble && ["Trouble", h("span", { class: "trouble" }, catchUp.trouble)],
    ["All leads last read", ...(comparison.lastRead ? [ago(comparison.lastRead.startedAt)] : ["none yet"])],
    comparison.lastCompared && ["Missing in last comparison",
      `${count(comparison.lastCompared.missing)} of ${plural(comparison.lastCompared.living, "lead")}`],
    comparison.next && ["Next full comparison", due(comparison.next)]);
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
      state.postponed?.length > 0 && ["Waiting", h("span", { class: "trouble" },
        state.postponed.map(what => waiting[what] ?? what).join(", "))]),
  ];
}

const purposes = {
  initialRead: "First read of every lead",
  fullComparison: "Full comparison: reads every lead again",
  catchUp: "Catching up in bulk",
};

export function held([state, leads]) {
  return state && [
    h("p", {}, `${count(state.missing)} of ${plural(state.living, "lead")} in the view were not in Zoho’s export. `
      + "LeadSync removes none until you release the comparison; it then asks Zoho about each."),
    leads
      ? leads.leads.length > 0 && h("details", {},
        h("summary", {}, leads.leads.length < state.missing ? `The first ${count(leads.leads.length)} of them` : "Which leads these are"),
        h("ul", {}, leads.leads.map(lead => h("li", {},
          h("a", { href: `/console/leads/${encodeURIComponent(lead.id)}`, "data-key": `held-${lead.id}` }, lead.name || lead.id),
          " ", h("span", { class: "quiet" }, [lead.company, lead.email].filter(Boolean).join(" · "))))))
      : h("p", { class: "trouble" }, "The leads could not be listed. Trying again."),
    h("span", { class: "buttons" },
      h("button", { type: "button", "data-key": "release", click: () => give("full-comparison/release", state.missing) }, "Release it"),
      h("button", { type: "button", "data-key": "drop-comparison", click: () => give("full-comparison/drop") }, "Drop it")),
  ];
}

export function run([state, comparison]) {
  if (!state) {
    return nothing(comparison.isComparing
      ? "All pages are applied; the view is being compared with them."
      : comparison.lastRead
        ? ["No bulk read is running. Every lead was last read ", ago(comparison.lastRead.startedAt), "."]
        : "No bulk read has begun.");
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

// The finished pages of a long read share one line.
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
  waiting: "waits for its turn",
  requested: "asked for",
  reading: "Zoho is preparing it",
  ready: "waits to be applied",
  projected: "applied",
};

function page(state) {
  const begun = state.rowsChecked !== null;
  const checking = begun && state.rowsChecked < state.rows;
  return line(`Page ${state.page}`,
    bar(`Page ${state.page}`, state.state === "projected" ? state.rows : checking ? null : state.rowsDone ?? 0, state.rows),
    checking ? "being checked" : begun ? "being applied" : pageStates[state.state] ?? state.state,
    state.rows === null ? "" : [begun && `${count(checking ? state.rowsChecked : state.rowsDone)} of `, plural(state.rows, "row")],
    state.parked > 0 && h("span", { class: "trouble" }, `${count(state.parked)} parked`),
    state.difference && h("span", { class: "trouble" }, state.difference > 0
      ? `Its file has ${plural(state.difference, "row")} more than Zoho counts.`
      : `Its file has ${plural(-state.difference, "row")} fewer than Zoho counts.`),
    state.trouble && h("span", { class: "trouble" }, state.trouble));
}

export function rebuild(state) {
  if (!state) return nothing("None yet. A rebuild computes the view again from all events, without asking Zoho.");
  const what = state.undo ? "Going back to the view before"
    : state.asOf ? ["The view as of ", when(state.asOf)]
      : state.retype ? `A new column for ${state.retype}` : "Rebuilding the view";
  const running = !state.outcome;
  return [
    h("p", {}, h("strong", {}, what), ", started ", ago(state.orderedAt), ". ",
      badge(state.phase, running ? "busy" : state.outcome === "completed" ? "good" : "bad")),
    running && h("div", { class: "bar" },
      bar("Leads folded", state.rowsTotal ? state.rowsDone : null, state.rowsTotal),
      h("span", { class: "figure" },
        state.rowsTotal ? `${count(state.rowsDone)} of ${plural(state.rowsTotal, "lead")}` : "counting the leads"),
      state.rowsPerSecond > 0 && h("span", { class: "figure" }, `${count(state.rowsPerSecond)} a second`),
      state.secondsLeft > 0 && h("span", { class: "figure" }, `about ${long(state.secondsLeft)} left`)),
    state.outcome === "completed" && h("p", {}, state.undo ? "The view before the last rebuild is back."
      : state.asOf ? `It is in the table ${state.table}.`
        : `${state.table ?? "The view"} differs from the view before in ${plural(state.differences ?? 0, "lead")}.`,
      state.swappedAt && [" Readers have seen it since ", when(state.swappedAt), "."]),
    state.trouble && h("p", { class: "trouble" }, state.trouble),
  ];
}

export function gaps(state) {
  const all = [...state.open, ...state.recent];
  if (all.length === 0) return nothing("No gap is known.");
  return table(["Cause", "From", "To", "Span", "State"], all.map(gap => [
    gap.cause,
    when(gap.from),
    gap.to ? when(gap.to) : "still lasting",
    gap.to ? long((new Date(gap.to) - new Date(gap.from)) / 1000) : lasting(gap.from),
    gap.closedAt ? ["caught up ", ago(gap.closedAt)] : badge("open", "busy"),
  ]));
}

export function parked({ items, next, total, groups, groupCount }, more) {
  if (total === 0) return nothing("Nothing is parked.");
  return [
    h("p", {}, `${plural(total, "item")} could not be applied.`,
      h("span", { class: "buttons" },
        h("button", { type: "button", "data-key": "replay-all", click: () => replayGroup(null, total) }, "Replay all"),
        h("button", { type: "button", "data-key": "drop-all", click: () => dropGroup(null, total) }, "Drop all"))),
    groups.length > 1 && h("ul", { class: "groups" }, groups.map((group, index) => h("li", {},
      h("span", { class: "figure" }, count(group.count)), " ", group.reason, " ",
      h("span", { class: "buttons" },
        h("button", {
          type: "button", "data-key": `replay-group-${index}`, click: () => replayGroup(group.reason, group.count),
        }, "Replay these"),
        h("button", {
          type: "button", "data-key": `drop-group-${index}`, click: () => dropGroup(group.reason, group.count),
        }, "Drop these"))))),
    groups.length < groupCount && h("p", { class: "quiet" },
      `These are the ${count(groups.length)} most frequent of ${count(groupCount)} reasons.`),
    parkedTable(items),
    next !== null && h("button", { type: "button", "data-key": "more-parked", click: more }, `Show more than ${count(items.length)}`),
  ];
}

function parkedTable(items) {
  return table(["Reason", "What", "From", "Parked", "Do"], items.map(item => [
    item.reason,
    item.leadId
      ? h("a", { href: `/console/leads/${encodeURIComponent(item.leadId)}`, "data-key": `lead-${item.id}` }, item.leadId)
      : item.line ? `row ${count(item.line)}` : item.kind,
    `${item.service}: ${item.origin}`,
    [ago(item.parkedAt), item.times > 1 ? `, ${count(item.times)} times` : ""],
    h("span", { class: "buttons" },
      h("button", {
        type: "button", "aria-label": `Replay ${item.leadId ?? item.id}`, "data-key": `replay-${item.id}`, click: () => replay(item),
      }, "Replay"),
      h("button", {
        type: "button", "aria-label": `Drop ${item.leadId ?? item.id}`, "data-key": `drop-${item.id}`, click: () => drop(item),
      }, "Drop")),
  ]));
}

const columnTypes = { numeric: "numeric", integer: "bigint", boolean: "boolean", dateTime: "timestamptz", date: "date" };

const columnType = type => type === null ? "–" : columnTypes[type] ?? "text";

const fieldName = field => [
  h("strong", {}, field.label ?? field.name),
  field.label && field.label !== field.name && h("span", { class: "quiet" }, ` ${field.name}`),
];

export function fields({ fields: all, readAt }) {
  if (!readAt) return nothing("Zoho has not described its fields yet.");
  const synced = all.filter(field => field.syncedAs !== null);
  const changed = all.filter(field => field.change !== null);
  const left = all.filter(field => field.syncedAs === null && field.type !== null);
  return [
    h("p", {},
      `${plural(synced.length, "field")} ${synced.length === 1 ? "is" : "are"} synced, `,
      `${count(left.length)} ${left.length === 1 ? "is" : "are"} not, as Zoho described them `, ago(readAt), ". ",
      changed.length === 0 && "Every synced field has its column."),
    changed.length > 0 && table(["Field", "Zoho’s type", "Column", "What changes"], changed.map(field => [
      fieldName(field), field.type ?? "–", columnType(field.column),
      [`${field.change}.`, field.reason && h("span", { class: "quiet" }, ` ${field.reason}.`)]])),
    h("details", {},
      h("summary", {}, "All fields"),
      table(["Field", "Zoho’s type", "Synced as", "Remark"], all.filter(field => field.type !== null).map(field => [
        fieldName(field), field.type, columnType(field.syncedAs), field.reason ?? ""]))),
  ];
}

function table(columns, rows) {
  return h("table", {},
    h("thead", {}, h("tr", {}, columns.map(name => h("th", { scope: "col" }, name)))),
    h("tbody", {}, rows.map(row => h("tr", {}, row.map((cell, index) => h("td", { "data-column": columns[index] }, ...[cell].flat()))))));
}
