import { h } from "./dom.js";

// What each order does, and what it costs, said before it is given.
const orders = {
  "catch-up": {
    title: "Catch up now?",
    text: "Asks Zoho for everything that was modified or deleted since the last good time. Harmless at any moment; it costs a few API credits.",
    verb: "Catch up",
    done: "A catch-up is ordered.",
  },
  "full-comparison": {
    title: "Compare everything?",
    text: "Reads every lead from Zoho in bulk, 50 API credits for each 200,000 leads, and compares it with the view. Live changes go on meanwhile.",
    verb: "Compare",
    done: "A full comparison is ordered.",
  },
  "full-comparison/release": {
    title: "Release the comparison?",
    text: "Zoho is asked about each lead that its export did not show. Those that it no longer has leave the view; the others stay.",
    verb: "Release",
    done: "The comparison goes on.",
  },
  "full-comparison/drop": {
    title: "Drop the comparison?",
    text: "Nothing is removed. The next full comparison looks again.",
    verb: "Drop",
    done: "The comparison is dropped.",
  },
  rebuild: {
    title: "Rebuild the view?",
    text: "Builds the view anew from its events, beside the one that is read, and exchanges the two. Zoho is not asked; readers notice nothing.",
    verb: "Rebuild",
    done: "A rebuild is ordered.",
  },
  pause: {
    title: "Pause the sync?",
    text: "Live changes still arrive, but nothing is read in bulk, caught up or compared until you resume. The channel stays open.",
    verb: "Pause",
    done: "The sync is paused.",
  },
  resume: { title: "Resume the sync?", text: "Reading, catching up and comparing go on where they stopped.", verb: "Resume", done: "The sync goes on." },
};

const remembered = "leadsync.action-token";

/** Gives one of the orders above, after asking. */
export const give = name => ask(orders[name], `/${name}`);

export const replay = item => ask({
  title: "Try it once more?",
  text: `${item.kind === "message" ? "The message goes back into its queue" : "The lead is read from Zoho again"}. What fails again is parked again. It was parked because: ${item.reason}`,
  verb: "Replay",
  done: "It is being tried once more.",
}, `/parked/${item.id}/replay`);

export const drop = item => ask({
  title: "Drop it for good?",
  text: `Nobody can bring it back. The next change of its lead, or the next full comparison, settles it. It was parked because: ${item.reason}`,
  verb: "Drop",
  done: "It is dropped.",
}, `/parked/${item.id}/drop`);

async function ask(order, path) {
  const access = await fetch("/console/access").then(answer => answer.json()).catch(() => ({ orders: "open" }));
  const token = h("input", { type: "password", id: "token", autocomplete: "off", value: sessionStorage.getItem(remembered) ?? "", required: true });
  const trouble = h("p", { class: "trouble", role: "alert", hidden: access.orders !== "closed" }, access.reason ?? "");
  const confirm = h("button", { type: "submit", class: "main", disabled: access.orders === "closed" }, order.verb);
  const dialog = h("dialog", { "aria-labelledby": "order-title", "aria-describedby": "order-text" },
    h("form", { method: "dialog", submit: send },
      h("h2", { id: "order-title" }, order.title),
      h("p", { id: "order-text" }, order.text),
      access.orders === "token" && h("p", { class: "token" }, h("label", { for: "token" }, "Action token"), token),
      trouble,
      h("div", { class: "choice" }, h("button", { type: "button", click: () => dialog.close() }, "Cancel"), confirm)));
  const opener = document.activeElement;
  dialog.addEventListener("close", () => {
    dialog.remove();
    if (opener?.isConnected && !opener.hidden) opener.focus();
  });
  document.body.append(dialog);
  dialog.showModal();
  if (access.orders === "open") confirm.focus();

  async function send(event) {
    event.preventDefault();
    confirm.disabled = true;
    const refusal = await post(path, access.orders === "token" ? token.value : null);
    confirm.disabled = false;
    if (refusal === null) {
      if (access.orders === "token") sessionStorage.setItem(remembered, token.value);
      dialog.close();
      tell(order.done);
    } else {
      trouble.textContent = refusal;
      trouble.hidden = false;
    }
  }
}

/** Answers why it was refused; null when it was not. */
async function post(path, token) {
  const headers = { "X-LeadSync-Console": "1" };
  if (token) headers.Authorization = `Bearer ${token}`;
  try {
    const answer = await fetch(path, { method: "POST", headers });
    if (answer.ok) return null;
    const text = await answer.text();
    if (answer.status === 401) return "That is not the action token.";
    return answer.headers.get("Content-Type")?.includes("json") ? JSON.parse(text).detail ?? text : text || `The scheduler answers ${answer.status}.`;
  } catch {
    return "The scheduler does not answer.";
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
