// The list on the left: people with their phones, then the rooms where several are.

import { avatar, el } from "./dom.js";
import { preview } from "./message.js";
import { emit, lastMessage, now, on, roleOf, state, unread } from "./state.js";
import { dayOf, number, t, timeOf } from "./words.js";

export function sidebar(head) {
  const list = el("nav", { class: "chat-list", "aria-label": t("chats") });
  const node = el("aside", { class: "sidebar", "aria-label": t("chats") }, head, list);
  const rows = new Map();
  let shown = [];
  let planned = false;

  function draw() {
    planned = false;
    const chats = [...state.chats.values()];
    const groups = [
      [t("people"), chats.filter((chat) => chat.type === "private" && state.people.has(chat.id))],
      [t("rooms"), chats.filter((chat) => chat.type !== "private")],
    ];
    const parts = [];
    for (const [title, members] of groups) {
      if (members.length) parts.push(el("section", { "aria-label": title }, el("h2", { text: title }), members.map(rowOf)));
    }
    const focused = list.contains(document.activeElement) ? document.activeElement.dataset.chat : null;
    list.replaceChildren(...parts);
    if (focused) rows.get(Number(focused))?.focus();
  }

  function rowOf(chat) {
    const person = state.people.get(chat.id);
    const last = lastMessage(chat.id);
    const count = unread(chat.id);
    const mark = { group: "users", supergroup: "users", channel: "channel" }[chat.type];
    const role = person ? t(roleOf(person)) : t(chat.type === "channel" ? "channel" : "group");
    const row = el(
      "button",
      { type: "button", class: `chat-row ${count ? "has-unread" : ""}`, "data-chat": chat.id, "data-testid": "chat", "aria-current": shown.includes(chat.id) ? "true" : null, onclick: () => emit("open", chat.id) },
      avatar(chat.id, chat.name, mark),
      el(
        "span",
        { class: "chat-words" },
        el("span", { class: "chat-top" }, el("b", { dir: "auto", text: chat.name }), last ? el("time", { text: whenOf(last) }) : null),
        el("small", { class: "role", text: role }),
        el(
          "span",
          { class: "chat-bottom" },
          el("span", { class: "chat-preview", dir: "auto", text: last ? said(last, chat) : t("nothing_yet") }),
          count ? el("span", { class: "badge", "data-testid": "unread", "aria-label": t("unread", { n: count }), text: number(count) }) : null,
        ),
      ),
    );
    rows.set(chat.id, row);
    return row;
  }

  function said(message, chat) {
    return chat.type === "private" || chat.type === "channel" ? preview(message) : `${message.sender}: ${preview(message)}`;
  }

  function whenOf(message) {
    const date = new Date(message.date * 1000);
    return dayOf(date) === dayOf(now()) ? timeOf(date) : dayOf(date);
  }

  // A burst of events is drawn once.
  function plan() {
    if (planned || !state.ready) return;
    planned = true;
    requestAnimationFrame(draw);
  }

  for (const topic of ["state", "frame", "message", "read", "stage"]) on(topic, plan);
  on("panes", (ids) => {
    shown = ids;
    plan();
  });
  return node;
}
