// One chat on the page: its head, its messages, and below them what one can say.

import { act } from "./wire.js";
import { avatar, el, iconButton } from "./dom.js";
import { composer } from "./composer.js";
import { alertBox, openMenu, toast } from "./floating.js";
import { messageNode } from "./message.js";
import { emit, markRead, messagesOf, now, on, roleOf, state } from "./state.js";
import { dayOf, t } from "./words.js";

const EMOJI = ["👍", "❤", "😁", "🤔", "😢", "🙏"];
const NEAR = 80;
const TYPING_FOR = 5000;
const ANSWER_WITHIN = 30;

export function roleWord(chat) {
  const person = state.people.get(chat.id);
  if (person) return t(roleOf(person));
  return chat.type === "channel" ? t("channel") : t("members", { n: Object.keys(chat.members).length });
}

export function explain(error, within) {
  toast(error.message === "lost" ? t("line_lost") : error.message, within, "bad");
}

export class Pane {
  constructor(chatId, { close, speaker, speak }) {
    this.id = chatId;
    this.speaker = speaker;
    this.onSpeak = speak;
    const chat = this.chat;
    this.status = el("span", { class: "pane-role", dir: "auto", text: roleWord(chat) });
    this.log = el("div", { class: "log", role: "log", "aria-live": "polite", "aria-label": `${t("messages")}: ${chat.name}`, tabindex: "0" });
    this.down = iconButton("down", t("new_messages"), () => this.toEnd(), { class: "icon-button down", hidden: true });
    this.composer = composer(this);
    this.node = el(
      "section",
      { class: "pane", "aria-label": t("chat_with", { name: chat.name }), "data-testid": "pane", "data-chat": chatId },
      el(
        "header",
        { class: "pane-head" },
        iconButton("back", t("back"), close, { class: "icon-button only-narrow", "data-testid": "back" }),
        avatar(chat.id, chat.name, { group: "users", supergroup: "users", channel: "channel" }[chat.type]),
        el("div", { class: "pane-title" }, el("h2", { dir: "auto", text: chat.name }), this.status),
        chat.type === "private" ? iconButton("more", t("more"), (event) => this.openMore(event.currentTarget), { "aria-haspopup": "menu" }) : null,
        iconButton("close", t("close_pane"), close, { class: "icon-button only-wide", "data-testid": "close-pane" }),
      ),
      el("div", { class: "log-frame" }, this.log, this.down),
      this.composer.node,
      el("div", { class: "drop-here", "aria-hidden": "true", text: t("drop_here") }),
    );
    this.log.addEventListener("scroll", () => this.scrolled(), { passive: true });
    // A photo has its height only once it is there.
    this.log.addEventListener("load", () => this.atEnd && this.toEnd(false), true);
    this.stops = [
      on("message", (change) => change.chat === this.id && this.changed(change)),
      on("typing", (chatOf) => chatOf === this.id && this.showTyping()),
      on("frame", () => this.composer.refresh()),
      on("stage", () => this.nameDays()),
    ];
    // Whoever reads the newest message goes on doing so when a banner or a keyboard takes room.
    this.atEnd = true;
    const sizes = new ResizeObserver(() => this.atEnd && this.toEnd(false));
    sizes.observe(this.log);
    this.stops.push(() => sizes.disconnect());
    this.fill();
    this.composer.refresh();
  }

  get chat() {
    return state.chats.get(this.id);
  }

  // Who acts here: the phone's owner, or whoever speaks in the group.
  me() {
    return this.chat.type === "private" ? this.id : this.speaker;
  }

  speakAs(person) {
    this.speaker = person;
    this.onSpeak(person);
    this.fill();
    this.composer.refresh();
  }

  leave() {
    this.stops.forEach((stop) => stop());
    this.composer.leave();
    this.node.remove();
  }

  fill() {
    this.log.replaceChildren();
    this.lastDay = "";
    for (const message of messagesOf(this.id)) this.append(message);
    if (!this.log.childElementCount) this.log.append(el("p", { class: "empty", text: t("nothing_yet") }));
    requestAnimationFrame(() => this.toEnd(false));
  }

  append(message) {
    this.log.querySelector(".empty")?.remove();
    const day = dayOf(new Date(message.date * 1000));
    if (day !== this.lastDay) {
      this.lastDay = day;
      this.log.append(el("h3", { class: "day", "data-day": day }));
      this.nameDays();
    }
    this.log.append(messageNode(message, this.chat, this));
  }

  nameDays() {
    const today = dayOf(now());
    for (const head of this.log.querySelectorAll(".day")) head.textContent = head.dataset.day === today ? t("today") : head.dataset.day;
  }

  changed({ id, message, change }) {
    const near = this.atEnd || this.isNear();
    const before = this.nodeOf(id);
    const focused = before?.contains(document.activeElement) ? document.activeElement.textContent : null;
    if (!message) {
      before?.remove();
      if (focused !== null) this.composer.focus();
    } else if (before) {
      const after = messageNode(message, this.chat, this);
      before.replaceWith(after);
      if (change !== "reacted") after.classList.add("fresh");
      if (focused !== null) this.goOnFrom(after, focused);
    } else this.append(message);
    if (message?.by_bot) this.stopTyping();
    if (near) this.toEnd(false);
    else if (!before) this.down.hidden = false;
    if (message) this.composer.refresh();
    this.read();
  }

  // A press replaces the button under the finger: the keyboard goes on from its successor, or else from the new card, but
  // never from another button, which a key pressed a moment too long would press.
  goOnFrom(node, label) {
    const same = [...node.querySelectorAll("button")].find((button) => button.textContent === label);
    if (!same) node.tabIndex = -1;
    (same ?? node).focus({ preventScroll: true });
  }

  nodeOf(id) {
    return this.log.querySelector(`[data-message="${id}"]`);
  }

  isNear() {
    return this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < NEAR;
  }

  toEnd(smooth = true) {
    this.atEnd = true;
    const still = !smooth || matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.log.scrollTo({ top: this.log.scrollHeight, behavior: still ? "instant" : "smooth" });
    this.down.hidden = true;
    this.read();
  }

  scrolled() {
    this.atEnd = this.isNear();
    this.down.hidden = this.atEnd;
  }

  read() {
    if (!document.hidden && this.node.isConnected && this.node.offsetParent !== null) markRead(this.id);
  }

  showTyping() {
    this.status.textContent = t("typing");
    this.status.classList.add("typing");
    clearTimeout(this.typing);
    this.typing = setTimeout(() => this.stopTyping(), TYPING_FOR);
  }

  stopTyping() {
    clearTimeout(this.typing);
    this.status.textContent = roleWord(this.chat);
    this.status.classList.remove("typing");
  }

  // What a person can do with a message.

  async press(message, button, key) {
    key.classList.add("busy");
    key.setAttribute("aria-busy", "true");
    try {
      const args = { user: this.me(), chat: this.id, message_id: message.id, data: button.data, seconds: ANSWER_WITHIN };
      const { answer } = await act("press", args);
      if (!answer) toast(t("no_answer"), this.node);
      else if (answer.text && answer.alert) alertBox(answer.text, state.bot.first_name);
      else if (answer.text) toast(answer.text, this.node);
    } catch (error) {
      explain(error, this.node);
    }
    key.classList.remove("busy");
    key.removeAttribute("aria-busy");
  }

  tapped = (kind, value) => {
    this.say(kind === "start" ? `/start ${value}` : value);
  };

  async say(text, more = {}) {
    const user = this.chat.type === "channel" ? null : this.me();
    await act("send", { user, chat: this.id, text, ...more }).catch((error) => explain(error, this.node));
    this.toEnd(false);
  }

  react(message, emoji) {
    const args = { user: this.me(), chat: this.id, message_id: message.id, emoji };
    act("react", args).catch((error) => explain(error, this.node));
  }

  jump(id) {
    const node = this.nodeOf(id);
    node?.scrollIntoView({ block: "center" });
    node?.classList.add("fresh");
  }

  menu(message, anchor) {
    const own = message.sender_id === this.me() && !message.by_bot;
    const items = [{ row: EMOJI.map((emoji) => ({ label: t("react", { emoji }), text: emoji, pick: () => this.react(message, (message.reacted[this.me()] ?? []).includes(emoji) ? null : emoji) })) }];
    if (this.chat.type !== "channel") items.push({ label: t("reply"), icon: "reply", pick: () => this.composer.replyTo(message) });
    items.push({ label: t("forward"), icon: "forward", pick: () => this.forward(message, anchor) });
    if (own && message.kind === "text") items.push({ label: t("edit"), icon: "edit", pick: () => this.composer.edit(message) });
    openMenu(anchor, items, t("message_menu"));
  }

  forward(message, anchor) {
    const person = state.people.get(this.me());
    const open = (chat) => (chat.type === "private" ? chat.id === person.id : chat.type !== "channel" && person.id in chat.members);
    const pass = async (chat) => {
      const args = { user: person.id, from_chat: this.id, message_id: message.id, chat: chat.id };
      await act("forward", args).then(() => emit("open", chat.id), (error) => explain(error, this.node));
    };
    const targets = [...state.chats.values()].filter(open);
    const label = (chat) => (chat.type === "private" ? state.bot.first_name : chat.name);
    const items = targets.map((chat) => ({ label: label(chat), icon: chat.type === "private" ? "phone" : "users", pick: () => pass(chat) }));
    openMenu(anchor, [{ note: t("forward_to", { name: person.name }) }, ...items], t("forward"));
  }

  openMore(anchor) {
    const person = state.people.get(this.id);
    const action = person.blocked ? "unblock" : "block";
    openMenu(anchor, [{ label: t(action), pick: () => act(action, { user: this.id }).catch((error) => explain(error, this.node)) }], t("more"));
  }
}
