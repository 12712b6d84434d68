// One message of a chat as an element.

import { content } from "./wire.js";
import { el, icon, iconButton } from "./dom.js";
import { pictureBox } from "./floating.js";
import { rich } from "./rich.js";
import { messagesOf, state } from "./state.js";
import { number, t, timeOf } from "./words.js";

// `doer` has what a person can do with it: press, tapped, menu, react, jump, me().
export function messageNode(message, chat, doer) {
  if (message.kind === "service") {
    return el("p", { class: "service", dir: "auto", ...marks(message), text: `${message.sender}: ${message.text}` });
  }
  const mine = message.sender_id === doer.me() && !message.by_bot;
  const bubble = el("div", { class: "bubble" });
  if (chat.type !== "private" && !mine) {
    bubble.append(el("div", { class: `who tone-text-${Math.abs(message.sender_id ?? 0) % 7}`, dir: "auto", text: message.sender }));
  }
  if (message.forwarded) {
    const words = message.forwarded_from ? t("forwarded_from", { name: message.forwarded_from }) : t("forwarded");
    bubble.append(el("div", { class: "forwarded", dir: "auto", text: words }));
  }
  if (message.reply_to) bubble.append(quoted(message, doer));
  if (message.kind === "photo") bubble.append(photo(message));
  if (message.kind === "document") bubble.append(documentLink(message));
  if (message.text) bubble.append(el("div", { class: "text", dir: "auto" }, rich(message.text, message.entities, doer.tapped)));
  const when = new Date(message.date * 1000);
  const edited = message.edited ? el("span", { text: t("edited") }) : null;
  bubble.append(el("div", { class: "meta" }, edited, el("time", { datetime: when.toISOString(), text: timeOf(when) })));
  bubble.append(iconButton("more", t("message_menu"), (event) => doer.menu(message, event.currentTarget), { class: "icon-button tools", "aria-haspopup": "menu" }));
  const body = el("div", { class: "body" }, bubble, buttons(message, doer), reactions(message, doer));
  return el("article", { class: `message ${mine ? "mine" : "theirs"}`, ...marks(message) }, body);
}

const marks = (message) => ({ "data-testid": "message", "data-message": message.id, "data-version": message.version });

function quoted(message, doer) {
  const target = state.messages.get(message.chat_id)?.get(message.reply_to);
  const text = target ? preview(target) : "…";
  return el(
    "button",
    { type: "button", class: "quoted", title: t("to_message"), onclick: () => doer.jump(message.reply_to) },
    el("b", { dir: "auto", text: target?.sender ?? "" }),
    el("span", { dir: "auto", text }),
  );
}

export function preview(message) {
  const kind = { photo: t("photo"), document: message.file?.name || t("document") }[message.kind];
  const text = message.text.replace(/\s+/g, " ").slice(0, 160);
  return kind ? `${kind}${text ? `: ${text}` : ""}` : text;
}

function photo(message) {
  const image = el("img", { alt: message.text || t("photo"), width: message.width, height: message.height });
  const open = el("button", { type: "button", class: "photo", "aria-label": t("open_photo") }, image);
  content(message.file.file_id).then(
    (url) => {
      image.src = url;
      open.addEventListener("click", () => pictureBox(url, image.alt));
    },
    () => open.replaceWith(el("p", { text: t("photo") })),
  );
  return open;
}

function documentLink(message) {
  const name = message.file.name || t("document");
  const size = t("kilobytes", { n: Math.max(1, Math.round(message.file.size / 1024)) });
  const save = async () => {
    const url = await content(message.file.file_id);
    el("a", { href: url, download: name }).click();
  };
  return el(
    "button",
    { type: "button", class: "document", "aria-label": t("download", { name }), onclick: save },
    icon("file"),
    el("span", {}, el("b", { dir: "auto", text: name }), el("small", { text: size })),
  );
}

function buttons(message, doer) {
  if (!message.buttons.length) return null;
  const rows = message.buttons.map((row) => el("div", { class: "key-row" }, row.map((button) => keyOf(button, message, doer))));
  return el("div", { class: "keys" }, rows);
}

function keyOf(button, message, doer) {
  const label = el("span", { dir: "auto", text: button.text });
  if (button.url && /^https?:\/\//i.test(button.url)) {
    return el("a", { class: "key", href: button.url, target: "_blank", rel: "noopener noreferrer" }, label, el("span", { class: "key-mark", "aria-hidden": "true", text: "↗" }));
  }
  const key = el("button", { type: "button", class: "key", "data-data": button.data }, label);
  if (!button.data) key.disabled = true;
  else key.addEventListener("click", () => doer.press(message, button, key));
  return key;
}

function reactions(message, doer) {
  const counts = new Map();
  for (const emoji of message.reactions) counts.set(emoji, (counts.get(emoji) ?? 0) + 1);
  if (!counts.size) return null;
  const own = new Set(message.reacted[doer.me()] ?? []);
  const chips = [...counts].map(([emoji, count]) =>
    el(
      "button",
      {
        type: "button",
        class: `reaction ${own.has(emoji) ? "own" : ""}`,
        "aria-pressed": String(own.has(emoji)),
        "aria-label": `${t("react", { emoji })} (${number(count)})`,
        onclick: () => doer.react(message, own.has(emoji) ? null : emoji),
      },
      `${emoji} ${number(count)}`,
    ),
  );
  return el("div", { class: "reactions" }, chips);
}

// The keyboard that stands under a chat now: that of the newest message that has said anything about it.
export function keyboardOf(chat) {
  const last = messagesOf(chat).findLast((message) => message.keyboard !== null);
  return last?.keyboard.length ? last : null;
}
