import { h } from "./dom.js";

const pause = 200;

/** A search field that finds leads while the user types. */
export function addSearch(place) {
  const results = h("ul", { class: "results", id: "results", hidden: true, "aria-label": "Leads found" });
  const input = h("input", {
    type: "search", id: "find", placeholder: "Find a lead", autocomplete: "off", spellcheck: "false",
    "aria-label": "Find a lead by id, name, company or e-mail", "aria-controls": "results",
  });
  let timer = 0;
  let asking = new AbortController();

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(find, pause);
  });
  place.addEventListener("keydown", move);
  document.addEventListener("keydown", event => {
    if (event.key === "/" && !event.target.closest("input, dialog")) {
      event.preventDefault();
      input.focus();
    }
  });
  document.addEventListener("click", event => {
    if (!place.contains(event.target)) show([]);
  });
  place.append(input, results);

  async function find() {
    const text = input.value.trim();
    // Cancels a search when the user types on.
    asking.abort();
    asking = new AbortController();
    const { signal } = asking;
    if (text.length < 2) return show([]);
    if (results.hidden) show([h("li", { class: "quiet" }, "Looking.")]);
    const found = await fetch(`/leads?text=${encodeURIComponent(text)}`, { signal })
      .then(async answer => answer.ok ? answer.json() : { trouble: await answer.text() })
      .catch(() => ({ trouble: "The search does not answer." }));
    if (signal.aborted) return;
    if (found.trouble) return show([h("li", { class: "quiet" }, found.trouble)]);
    show(found.length > 0
      ? found.map(item)
      : [h("li", { class: "quiet" }, "No lead has that id, or that in its name, company or e-mail.")]);
  }

  function item(lead) {
    const about = [lead.company, lead.email].filter(Boolean).join(" · ");
    return h("li", {}, h("a", { href: `/console/leads/${encodeURIComponent(lead.id)}` },
      h("strong", {}, lead.name || (lead.alive ? "No name" : "Deleted lead")),
      about && h("span", {}, about),
      h("span", { class: "id" }, lead.id)));
  }

  function show(items) {
    results.replaceChildren(...items);
    results.hidden = items.length === 0;
  }

  function move(event) {
    const stops = [input, ...results.querySelectorAll("a")];
    const at = stops.indexOf(document.activeElement);
    if (event.key === "Escape" && !results.hidden) {
      event.preventDefault();
      show([]);
      input.focus();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      stops[Math.min(Math.max(at + (event.key === "ArrowDown" ? 1 : -1), 0), stops.length - 1)].focus();
    } else if (event.key === "Enter" && document.activeElement === input) {
      results.querySelector("a")?.click();
    }
  }
}
