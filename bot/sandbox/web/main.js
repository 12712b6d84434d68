// Puts the page together: list, chats, drawer, tour; and says what stands in the way of them.

import { act, connect } from "./wire.js";
import { clock } from "./clock.js";
import { el, iconButton } from "./dom.js";
import { openMenu, toast } from "./floating.js";
import { inspector } from "./inspector.js";
import { recall, remember } from "./memory.js";
import { panes } from "./panes.js";
import { sidebar } from "./sidebar.js";
import { hear, on, state, unread } from "./state.js";
import { tour } from "./tour.js";
import { changeLanguage, language, t } from "./words.js";

const LOST_AFTER = 700;

document.documentElement.lang = language;
setTheme(recall("theme", null));

const banner = el("div", { class: "banner", role: "status", "data-testid": "banner", hidden: true });
const drawer = inspector();
const chats = panes();
const guide = tour(chats);
const tools = el(
  "div",
  { class: "tools-row" },
  el("button", { type: "button", class: "language", lang: language === "en" ? "bn" : "en", text: t("language"), onclick: changeLanguage, "data-testid": "language" }),
  iconButton("moon", t("theme"), toggleTheme, { "data-testid": "theme" }),
  iconButton("tools", t("inspector"), (event) => drawer.toggle(event.currentTarget), { "data-testid": "open-inspector", "aria-expanded": "false" }),
  iconButton("help", t("help"), openHelp, { "data-testid": "help", "aria-haspopup": "menu" }),
);
const head = el("header", { class: "app-head" }, el("h1", {}, "Factdesk ", el("small", { text: t("sandbox") })), tools, clock());

const list = sidebar(head);
list.append(guide.node);
document.body.replaceChildren(banner, list, chats.node, drawer.node);

function setTheme(theme) {
  if (theme) document.documentElement.dataset.theme = theme;
}

function toggleTheme() {
  const dark = document.documentElement.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
  const theme = dark === "dark" ? "light" : "dark";
  setTheme(theme);
  remember("theme", theme);
}

function openHelp(event) {
  openMenu(event.currentTarget, [{ note: t("about") }, { label: t("restart_tour"), pick: guide.again }], t("help"));
}

// What stands in the way, above everything else.

let wasDown = false;
let losing = 0;

function showBanner(text, kind, button) {
  banner.className = `banner ${kind}`;
  banner.replaceChildren(el("span", { text }), ...(button ? [button] : []));
  banner.hidden = false;
}

function stand() {
  if (state.line === "refused") return;
  if (state.line !== "open") {
    // A short interruption is not worth a word.
    losing ||= setTimeout(() => state.line !== "open" && showBanner(t("line_lost"), "bad"), LOST_AFTER);
    return;
  }
  clearTimeout(losing);
  losing = 0;
  if (state.stage && !state.stage.running) {
    wasDown = true;
    const start = el("button", { type: "button", class: "button small", text: t("start_bot"), onclick: (event) => {
      event.currentTarget.disabled = true;
      act("start_bot").catch((error) => toast(error.message, document.body, "bad"));
    } });
    showBanner(t("bot_down"), "bad", start);
    return;
  }
  banner.hidden = true;
  if (wasDown) toast(t("bot_back"));
  wasDown = false;
}

function refuse() {
  const box = el("main", { class: "refused", "data-testid": "refused" }, el("h1", { text: t("refused_title") }), el("p", { text: t("refused") }));
  document.body.replaceChildren(box);
}

function title() {
  const count = [...state.chats.keys()].reduce((sum, chat) => sum + unread(chat), 0);
  document.title = `${count ? `(${count}) ` : ""}${state.bot.first_name || "Factdesk"}`;
}

on("line", (line) => (line === "refused" ? refuse() : stand()));
on("stage", stand);
for (const topic of ["state", "message", "read"]) on(topic, title);

connect(hear);
