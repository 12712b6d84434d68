// What stands below a chat: the field to write in, the file to go with it, the bot's keyboard, or what to do instead.

import { act, upload } from "./wire.js";
import { el, iconButton } from "./dom.js";
import { commandMenu } from "./commands.js";
import { keyboardOf, preview } from "./message.js";
import { recallHere, rememberHere } from "./memory.js";
import { explain } from "./pane.js";
import { state } from "./state.js";
import { number, t } from "./words.js";

const MOST_FILE = 20 << 20;
const MOST_PHOTO = 10 << 20;
const drafts = () => recallHere("drafts", {});

export function composer(pane) {
  let reply = null;
  let edited = null;
  let file = null;
  let shown = "";

  const field = el("textarea", { rows: "1", dir: "auto", "aria-label": t("write"), placeholder: t("write"), "data-testid": "composer", enterkeyhint: "send" });
  const picker = el("input", { type: "file", class: "hidden", tabindex: "-1", "aria-hidden": "true" });
  const extra = el("div", { class: "composer-extra" });
  const keyboard = el("div", { class: "keyboard", role: "group", "aria-label": t("keyboard") });
  const speaker = el("div", { class: "speaker" });
  const commands = commandMenu(pane, field, (text) => submit(text));
  const line = el(
    "form",
    { class: "composer-line" },
    iconButton("clip", t("attach"), () => picker.click()),
    el("button", { type: "button", class: "icon-button slash", "aria-label": t("commands"), title: t("commands"), "data-testid": "commands", onclick: () => commands.toggle(), text: "/" }),
    field,
    picker,
    el("button", { type: "submit", class: "icon-button send", "aria-label": t("send"), title: t("send"), "data-testid": "send" }, ...iconButton("send", "").childNodes),
  );
  const instead = el("div", { class: "instead" });
  const node = el("footer", { class: "composer" }, speaker, instead, commands.node, extra, line, keyboard);

  field.value = drafts()[pane.id] ?? "";

  line.addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  field.addEventListener("input", () => {
    keep();
    grow();
    commands.typed();
  });
  field.addEventListener("keydown", (event) => {
    if (commands.keydown(event)) return;
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      submit();
    } else if (event.key === "Escape" && (reply || edited || file)) {
      event.stopPropagation();
      clearExtra();
    }
  });
  field.addEventListener("paste", (event) => {
    const [pasted] = event.clipboardData?.files ?? [];
    if (pasted) {
      event.preventDefault();
      attach(pasted);
    }
  });
  picker.addEventListener("change", () => {
    if (picker.files[0]) attach(picker.files[0]);
    picker.value = "";
  });

  // A file may be dropped anywhere on the pane.
  let depth = 0;
  const over = (name, act) => pane.node.addEventListener(name, (event) => {
    if (![...(event.dataTransfer?.types ?? [])].includes("Files") || line.hidden) return;
    event.preventDefault();
    act(event);
  });
  const ready = () => {
    over("dragenter", () => pane.node.classList.toggle("dropping", (depth += 1) > 0));
    over("dragleave", () => pane.node.classList.toggle("dropping", (depth -= 1) > 0));
    over("dragover", () => {});
    over("drop", (event) => {
      depth = 0;
      pane.node.classList.remove("dropping");
      if (event.dataTransfer.files[0]) attach(event.dataTransfer.files[0]);
    });
  };
  queueMicrotask(ready);

  function keep() {
    const all = drafts();
    if (field.value) all[pane.id] = field.value;
    else delete all[pane.id];
    rememberHere("drafts", all);
  }

  function grow() {
    field.style.height = "auto";
    field.style.height = `${Math.min(field.scrollHeight, 160)}px`;
  }

  function clearExtra() {
    if (edited) setText("");
    reply = edited = file = null;
    showExtra();
    field.focus();
  }

  function setText(text) {
    field.value = text;
    keep();
    grow();
  }

  function showExtra() {
    extra.replaceChildren();
    const rows = [];
    if (reply) rows.push([t("replying", { name: reply.sender }), preview(reply), t("stop_reply")]);
    if (edited) rows.push([t("editing"), preview(edited), t("cancel")]);
    if (file) rows.push([t("attached", { name: file.name, size: Math.max(1, Math.round(file.size / 1024)) }), "", t("remove_file")]);
    for (const [title, text, stop] of rows) {
      const words = el("div", {}, el("b", { dir: "auto", text: title }), el("span", { dir: "auto", text }));
      extra.append(el("div", { class: "extra-row" }, words, iconButton("close", stop, clearExtra)));
    }
  }

  function attach(given) {
    if (given.size > MOST_FILE) return explain(new Error(`${given.name}: > ${number(MOST_FILE >> 20)} MB`), pane.node);
    file = given;
    showExtra();
    field.focus();
  }

  async function submit(command) {
    const text = command ?? field.value;
    if (!text.trim() && !file) return;
    const task = { text, reply, edited, file };
    if (command === undefined || commands.isTyped()) setText("");
    reply = edited = file = null;
    showExtra();
    commands.close();
    try {
      await carryOut(task);
      pane.toEnd(false);
    } catch (error) {
      explain(error, pane.node);
      // What was written is not lost with the connection.
      if (!field.value) setText(text);
      file = task.file;
      reply = task.reply;
      edited = task.edited;
      showExtra();
    }
  }

  async function carryOut(task) {
    const user = pane.me();
    const replyTo = task.reply?.id ?? null;
    if (task.edited) {
      await act("edit", { user, chat: pane.id, message_id: task.edited.id, text: task.text });
    } else if (task.file) {
      const kind = /^image\/(png|jpeg|gif|webp)$/.test(task.file.type) && task.file.size <= MOST_PHOTO ? "photo" : "document";
      const content = await base64(task.file);
      await upload({ user, chat: pane.id, kind, name: task.file.name, content, caption: task.text.trim(), reply_to: replyTo });
    } else {
      await act("send", { user, chat: pane.id, text: task.text, reply_to: replyTo });
    }
  }

  function refresh() {
    const chat = pane.chat;
    const person = state.people.get(pane.me());
    const is = chat.type === "private" ? (person.blocked ? "blocked" : person.started ? "open" : "new") : chat.type === "channel" ? "channel" : "open";
    const board = is === "open" ? keyboardOf(pane.id) : null;
    const signature = JSON.stringify([is, board?.id, board?.version, pane.me(), Object.keys(chat.members), person?.name]);
    if (signature === shown) return;
    shown = signature;
    const closed = is !== "open";
    for (const part of [line, extra, keyboard]) part.hidden = closed;
    instead.hidden = !closed;
    instead.replaceChildren(...(closed ? choices(is, person) : []));
    keyboard.replaceChildren(...(board?.keyboard ?? []).map((row) => el("div", { class: "key-row" }, row.map((text) => el("button", { type: "button", class: "key", dir: "auto", text, onclick: () => pane.say(text) })))));
    field.placeholder = board?.placeholder || t("write");
    speaker.hidden = chat.type === "private";
    if (!speaker.hidden) showSpeakers(chat);
  }

  function choices(is, person) {
    const button = (label, pick) => el("button", { type: "button", class: "button primary", text: label, onclick: pick });
    if (is === "channel") return [el("p", { text: t("read_only") })];
    if (is === "new") return [button(t("start"), () => pane.say("/start"))];
    const lift = () => act("unblock", { user: pane.id }).catch((error) => explain(error, pane.node));
    return [el("p", { dir: "auto", text: t("is_blocked", { name: person.first_name }) }), button(t("unblock"), lift)];
  }

  function showSpeakers(chat) {
    const options = Object.keys(chat.members).map((id) => {
      const person = state.people.get(Number(id));
      return el("option", { value: id, text: person?.name ?? id, selected: Number(id) === pane.speaker });
    });
    const choose = el("select", { "data-testid": "speaking-as", onchange: (event) => pane.speakAs(Number(event.target.value)) }, options);
    speaker.replaceChildren(el("label", {}, `${t("speaking_as")} `, choose));
  }

  return {
    node,
    refresh,
    leave: () => commands.close(),
    focus: () => field.focus(),
    fill(text) {
      setText(text);
      field.focus();
    },
    replyTo(message) {
      edited = null;
      reply = message;
      showExtra();
      field.focus();
    },
    edit(message) {
      reply = file = null;
      edited = message;
      showExtra();
      setText(message.text);
      field.focus();
    },
    shown: grow,
  };
}

async function base64(file) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let text = "";
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text);
}
