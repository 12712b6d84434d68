// The drawer: what bot and Bot API say to each other, line by line, and below it the trouble one can make.

import { el, iconButton } from "./dom.js";
import { faults } from "./faults.js";
import { recall, remember } from "./memory.js";
import { on, state } from "./state.js";
import { secondOf, t } from "./words.js";

const MOST_ROWS = 400;

export function inspector() {
  const rows = el("div", { class: "calls", role: "log", "aria-label": t("log"), tabindex: "0", "data-testid": "calls" });
  const filter = el("input", { type: "search", placeholder: t("filter"), "aria-label": t("filter"), "data-testid": "filter" });
  const polls = el("input", { type: "checkbox" });
  const pause = el("button", { type: "button", class: "button small", "aria-pressed": "false", text: t("pause"), onclick: togglePause });
  const node = el(
    "aside",
    { class: "inspector", "aria-label": t("inspector"), "data-testid": "inspector", hidden: true },
    el("header", { class: "drawer-head" }, el("h2", { text: t("inspector") }), iconButton("close", t("close"), () => show(false))),
    el("p", { class: "hint", text: t("inspector_why") }),
    el("div", { class: "drawer-tools" }, filter, pause, el("label", { class: "check" }, polls, el("span", { text: t("polls") }))),
    rows,
    faults(),
  );
  let paused = false;
  let opener = null;

  const fits = (event) => {
    if (!polls.checked && event.method?.toLowerCase() === "getupdates" && !event.fault && event.status === 200) return false;
    const wanted = filter.value.trim().toLowerCase();
    return !wanted || JSON.stringify(event).toLowerCase().includes(wanted);
  };

  function draw() {
    if (node.hidden) return;
    rows.replaceChildren(...state.log.filter(fits).slice(-MOST_ROWS).map(rowOf));
    rows.scrollTop = rows.scrollHeight;
  }

  function add(event) {
    if (node.hidden || paused || !fits(event)) return;
    const near = rows.scrollHeight - rows.scrollTop - rows.clientHeight < 60;
    rows.append(rowOf(event));
    if (rows.childElementCount > MOST_ROWS) rows.firstElementChild.remove();
    if (near) rows.scrollTop = rows.scrollHeight;
  }

  function togglePause() {
    paused = !paused;
    pause.setAttribute("aria-pressed", String(paused));
    pause.textContent = t(paused ? "go_on" : "pause");
    if (!paused) draw();
  }

  function show(open = node.hidden, from = null) {
    node.hidden = !open;
    document.body.classList.toggle("inspecting", open);
    remember("inspector", open);
    opener = from ?? opener;
    opener?.setAttribute("aria-expanded", String(open));
    if (open) {
      draw();
      if (from) filter.focus();
    } else opener?.focus();
  }

  node.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    show(false);
  });
  filter.addEventListener("input", draw);
  polls.addEventListener("change", draw);
  on("state", draw);
  on("log", add);
  // On a small screen it would hide the chats a visitor comes back to.
  if (recall("inspector", false) && matchMedia("(min-width: 1100px)").matches) show(true);
  return { node, toggle: (from) => show(node.hidden, from) };
}

function rowOf(event) {
  const isCall = event.kind === "call";
  const name = isCall ? event.method : `${event.update_kind}`;
  const failed = isCall && event.status !== 200;
  const details = el("details", {});
  const summary = el(
    "summary",
    {},
    el("time", { text: secondOf(new Date(event.at)) }),
    el("span", { class: "arrow", "aria-hidden": "true", text: isCall ? "→" : "←" }),
    el("b", { text: name }),
    el("span", { class: "about", dir: "auto", text: about(event) }),
    event.fault ? el("span", { class: "pill bad", text: event.fault }) : null,
    isCall ? el("span", { class: `pill ${failed ? "bad" : ""}`, text: failed ? String(event.status) : t("took", { n: Math.round(event.ms) }) }) : el("span", { class: "pill", text: t("update") }),
  );
  details.append(summary);
  details.addEventListener("toggle", () => {
    if (!details.open) return;
    if (details.childElementCount === 1) details.append(...bodies(event));
    details.scrollIntoView({ block: "nearest" });
  });
  return el("div", { class: `line-of-log ${isCall ? "call" : "got"}`, "data-testid": isCall ? "call" : "update", "data-name": name }, details);
}

function bodies(event) {
  const json = (value) => el("pre", { class: "json", tabindex: "0", text: JSON.stringify(value, null, 2) });
  return event.kind === "call" ? [json(event.params), json(event.answer)] : [json(event.update)];
}

function about(event) {
  if (event.kind === "call") {
    const chat = state.chats.get(Number(event.params.chat_id));
    const failure = event.answer?.ok === false ? event.answer.description : "";
    return [chat?.name, failure || event.params.text || event.params.caption || ""].filter(Boolean).join(" · ").slice(0, 120);
  }
  const body = event.update[event.update_kind] ?? {};
  return [body.from?.first_name, body.data ?? body.text ?? body.caption ?? ""].filter(Boolean).join(" · ").slice(0, 120);
}
