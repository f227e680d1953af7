import { h } from "./dom.js";

// The effect and the cost of each action. The dialog shows both before the action starts.
const actions = {
  "catch-up": {
    title: "Catch up now?",
    text: "Asks Zoho for everything that was modified or deleted since the last good sync. "
      + "You can do this at any time; it costs a few API credits.",
    verb: "Catch up",
    done: "A catch-up was requested.",
  },
  "full-comparison": {
    title: "Compare everything?",
    text: "Reads every lead from Zoho in bulk, 50 API credits for each 200,000 leads, and compares it with the view. "
      + "Live changes still arrive.",
    verb: "Compare",
    done: "A full comparison was requested.",
  },
  "full-comparison/release": {
    title: "Release the comparison?",
    text: "Zoho is asked about each lead that its export did not show. Those that it no longer has leave the view; the others stay.",
    noun: "leads",
    verb: "Release",
    done: "The comparison is released.",
  },
  "full-comparison/drop": {
    title: "Drop the comparison?",
    text: "Nothing is removed. The next full comparison looks again.",
    verb: "Drop",
    done: "The comparison is dropped.",
  },
  rebuild: {
    title: "Rebuild the view?",
    text: "Computes the view again from all events, and replaces the present one with it. "
      + "Zoho is not asked, and readers wait for milliseconds.",
    verb: "Rebuild",
    done: "A rebuild was requested.",
  },
  pause: {
    title: "Pause the sync?",
    text: "Live changes still arrive, but nothing is read in bulk, caught up or compared until you resume. The channel stays open.",
    verb: "Pause",
    done: "The sync is paused.",
  },
  resume: {
    title: "Resume the sync?",
    text: "Scheduled reads continue where they stopped.",
    verb: "Resume",
    done: "The sync is resumed.",
  },
};

const remembered = "leadsync.action-token";

/** Starts one of the actions above, after asking. */
export const give = (name, number) => ask({ ...actions[name], number }, `/${name}`);

const parkedFor = reason => reason ? ` The reason: ${reason}` : "";

export const replayGroup = (reason, number) => ask({
  title: `Replay ${number === 1 ? "it" : `all ${number}`}?`,
  text: "Messages go back into their queues, and leads are read from Zoho again. What fails again is parked again."
    + parkedFor(reason),
  verb: "Replay",
  done: "LeadSync is processing them again.",
}, "/parked/replay", { group: reason });

export const dropGroup = (reason, number) => ask({
  title: `Drop ${number === 1 ? "it" : `all ${number}`} permanently?`,
  text: "This cannot be undone. The leads are read again with their next change or the next full comparison."
    + parkedFor(reason),
  noun: "items",
  number,
  verb: "Drop",
  done: "They are dropped.",
}, "/parked/drop", { group: reason });

export const acknowledge = alert => ask({
  title: "Acknowledge the alert?",
  text: `LeadSync sends no more reminders of this alert, only one message when it is over. ${alert.text}`,
  verb: "Acknowledge",
  done: "It is acknowledged.",
}, `/alerts/${alert.id}/acknowledge`);

export const replay = item => ask({
  title: "Replay this item?",
  text: (item.kind === "message" ? "The message goes back into its queue." : "The lead is read from Zoho again.")
    + ` What fails again is parked again.${parkedFor(item.reason)}`,
  verb: "Replay",
  done: "LeadSync is processing it again.",
}, `/parked/${item.id}/replay`);

export const drop = item => ask({
  title: "Drop this item permanently?",
  text: "This cannot be undone. The lead is read again with its next change or the next full comparison."
    + parkedFor(item.reason),
  verb: "Drop",
  done: "It is dropped.",
}, `/parked/${item.id}/drop`);

async function ask(action, path, query = {}) {
  const access = await fetch("/console/access").then(answer => answer.json()).catch(() => ({ actions: "open" }));
  const token = h("input", {
    type: "password", id: "token", autocomplete: "off", value: sessionStorage.getItem(remembered) ?? "", required: true,
  });
  const reason = h("input", { type: "text", id: "action-reason", maxlength: 500, autocomplete: "off" });
  const number = h("input", {
    type: "text", id: "action-number", inputmode: "numeric", autocomplete: "off", required: true, pattern: String(action.number),
  });
  const trouble = h("p", { class: "trouble", role: "alert", hidden: access.actions !== "closed" }, access.reason ?? "");
  const confirm = h("button", { type: "submit", class: "main", disabled: access.actions === "closed" }, action.verb);
  const dialog = h("dialog", { "aria-labelledby": "action-title", "aria-describedby": "action-text" },
    h("form", { method: "dialog", submit: send },
      h("h2", { id: "action-title" }, action.title),
      h("p", { id: "action-text" }, action.text),
      action.noun && h("p", { class: "token" },
        h("label", { for: "action-number" }, `To confirm, type the number of ${action.noun}: ${action.number}`), number),
      access.actions !== "closed" && h("p", { class: "token" },
        h("label", { for: "action-reason" }, "Why (for the log, optional)"), reason),
      access.actions === "token" && h("p", { class: "token" }, h("label", { for: "token" }, "Action token"), token),
      trouble,
      h("div", { class: "choice" }, h("button", { type: "button", click: () => dialog.close() }, "Cancel"), confirm)));
  const opener = document.activeElement;
  dialog.addEventListener("close", () => {
    dialog.remove();
    if (opener?.isConnected && !opener.hidden) opener.focus();
  });
  document.body.append(dialog);
  dialog.showModal();
  if (action.noun) number.focus();
  else if (access.actions === "open") confirm.focus();
  else if (access.actions === "token") token.focus();

  async function send(event) {
    event.preventDefault();
    confirm.disabled = true;
    const missing = action.noun && path.startsWith("/full") ? number.value : null;
    const parameters = Object.entries({ ...query, reason: reason.value, missing })
      .filter(([, value]) => value);
    const { refusal, note } = await post(`${path}?${new URLSearchParams(parameters)}`, access.actions === "token" ? token.value : null);
    confirm.disabled = false;
    if (!refusal) {
      if (access.actions === "token") sessionStorage.setItem(remembered, token.value);
      dialog.close();
      tell(note ? `${action.done} ${note}` : action.done);
    } else {
      trouble.textContent = refusal;
      trouble.hidden = false;
    }
  }
}

/** Returns why the scheduler refused the action, or its note about the action. */
async function post(path, token) {
  const headers = { "X-LeadSync-Console": "1" };
  if (token) headers.Authorization = `Bearer ${token}`;
  try {
    const answer = await fetch(path, { method: "POST", headers });
    const text = await answer.text();
    const isJson = answer.headers.get("Content-Type")?.includes("json");
    if (answer.ok) return { note: isJson ? JSON.parse(text)?.note : null };
    if (answer.status === 401) return { refusal: "That is not the action token." };
    return { refusal: isJson ? JSON.parse(text).sentence?.text ?? text : text || `The scheduler answers ${answer.status}.` };
  } catch {
    return { refusal: "The scheduler does not answer." };
  }
}

let timer = 0;

function tell(text) {
  const notice = document.getElementById("notice");
  if (!notice) return;
  notice.textContent = text;
  notice.hidden = false;
  clearTimeout(timer);
  timer = setTimeout(() => { notice.hidden = true; }, 8000);
}
