// Six steps through the main job. Each is done when it really happened, or when the visitor goes on.

import { act } from "./wire.js";
import { el, iconButton } from "./dom.js";
import { move, tomorrowAt } from "./clock.js";
import { recall, recallHere, remember, rememberHere } from "./memory.js";
import { emit, messagesOf, on, state, withRole, zone } from "./state.js";
import { toast } from "./floating.js";
import { explainStep } from "./tour-words.js";
import { t } from "./words.js";

const STEPS = 6;
const verbOf = (data) => (data ?? "").split(":")[1];
const has = (message, ...verbs) => message.buttons.some((row) => row.some((button) => verbs.includes(verbOf(button.data))));

export function tour(chats) {
  const node = el("aside", { class: "tour", "aria-label": t("tour"), "data-testid": "tour", hidden: true });
  // `who`: the parts as they turned out: whoever really took the claim, handed in a review.
  let at = { step: 0, who: [], handed: [] };
  let watching = false;

  const people = () => ({
    sorter: [...state.people.values()].find((each) => newest(each.id, "triage", "tsend")) ?? withRole("editor")[0],
    asker: withRole("public")[0],
    first: person(at.who[0]) ?? withRole("reviewer").find(isOffered) ?? withRole("reviewer")[0],
    second: person(at.who[1]) ?? withRole("reviewer").find((each) => each.id !== at.who[0] && (isOffered(each) || isWorking(each.id))) ?? withRole("reviewer")[1],
    editor: [...state.people.values()].find((each) => newest(each.id, "approve", "judge")) ?? withRole("editor")[0],
  });
  const person = (id) => state.people.get(id);
  const newest = (chat, ...verbs) => messagesOf(chat).findLast((message) => has(message, ...verbs));
  const isOffered = (each) => Boolean(newest(each.id, "take"));
  const isWorking = (id) => Boolean(newest(id, "rate", "step", "submit"));

  // The rumour is one that the reviewers are offered at this moment, so that it is theirs next.
  function rumour() {
    for (const each of withRole("reviewer")) {
      const offer = newest(each.id, "take", "rate", "step");
      const quote = offer?.entities.find((entity) => entity.type.endsWith("blockquote"));
      if (quote) return offer.text.slice(quote.offset, quote.offset + quote.length);
    }
    return "";
  }

  const phone = () => {
    const { sorter, asker, first, second, editor } = people();
    return [sorter, asker, first, first, second, editor, asker][at.step];
  };

  function draw() {
    node.hidden = !watching || !state.ready || !phone();
    node.parentNode?.classList.toggle("touring", !node.hidden);
    if (node.hidden) return;
    const done = at.step === STEPS;
    const person_ = phone();
    const { title, text } = explainStep(at.step, { name: person_.first_name, reviewer: people().first?.first_name ?? "" });
    const buttons = [];
    const add = (label, pick, kind = "") => buttons.push(el("button", { type: "button", class: `button small ${kind}`, text: label, onclick: pick }));
    add(t("tour_show"), () => emit("open", person_.id));
    if (at.step === 1 && rumour()) add(t("tour_fill"), fillIn, "primary");
    if (at.step === 5 && team() && !at.ordered) add(t("tour_order"), order);
    if (done && team() && state.stage) add(t("tour_digest"), digest, "primary");
    add(t(done ? "tour_end" : "tour_next"), done ? end : () => go(at.step + 1));
    const focused = node.contains(document.activeElement);
    node.replaceChildren(
      el(
        "header",
        {},
        el("small", { "data-testid": "tour-step", text: done ? t("tour") : t("tour_step", { n: at.step + 1, all: STEPS }) }),
        iconButton("close", t("tour_end"), end, { "data-testid": "tour-close" }),
      ),
      el("div", { "aria-live": "polite" }, el("h2", { dir: "auto", text: title }), el("p", { dir: "auto", text })),
      el("div", { class: "tour-foot" }, buttons),
    );
    if (focused) node.querySelector("button")?.focus();
    point();
  }

  // The pane that the step is about is framed.
  function point() {
    for (const other of document.querySelectorAll(".pane.pointed")) other.classList.remove("pointed");
    if (watching && phone()) chats.find(phone().id)?.node.classList.add("pointed");
  }

  function go(step) {
    if (step <= at.step) return;
    at.step = Math.min(step, STEPS);
    rememberHere("tour", at);
    // On a wide page the right phone comes into view by itself; on a small one nobody is torn out of a chat.
    if (phone() && !chats.isShown(phone().id) && !matchMedia("(max-width: 700px)").matches) chats.show(phone().id, false);
    draw();
  }

  function fillIn() {
    const { asker } = people();
    emit("open", asker.id);
    chats.find(asker.id)?.composer.fill(rumour());
  }

  const team = () => [...state.chats.values()].find((chat) => chat.type !== "private" && chat.type !== "channel");

  // Before the verdict is out, because a digest tells what is new since it was ordered.
  async function order() {
    at.ordered = true;
    const chat = team().id;
    const before = messagesOf(chat).length;
    const said = new Promise((resolve) => {
      const stop = on("message", (change) => {
        if (change.chat !== chat || messagesOf(chat).length < before + 2) return;
        stop();
        resolve();
      });
    });
    const command = `/digest daily 09:00 ${zone()}`;
    await act("send", { user: people().editor.id, chat, text: command }).then(() => toast(t("tour_ordered")), () => (at.ordered = false));
    rememberHere("tour", at);
    draw();
    return said;
  }

  async function digest() {
    chats.show(team().id);
    // The clock is moved once the bot has said that it will.
    if (!at.ordered) await order();
    await move(tomorrowAt(9));
    end();
  }

  function end() {
    watching = false;
    remember("tour.done", true);
    point();
    draw();
  }

  // What happened, told by what people send and press, and by what the bot then shows.
  function noted(event) {
    if (!watching || event.kind !== "update") return;
    const { message, callback_query: press } = event.update;
    if (message?.chat.id === people().asker?.id && !message.text?.startsWith("/")) at.asked = true;
    if (press) {
      const verb = verbOf(press.data);
      const who = press.from.id;
      if (verb === "take" || verb === "submit") at.who = [...new Set([...at.who, who])];
      if (verb === "submit") at.handed = [...new Set([...(at.handed ?? []), who])];
      if (verb === "approve" || verb === "judge") at.approved = true;
    }
    rememberHere("tour", at);
  }

  function changed({ chat, message }) {
    if (!watching || !message?.by_bot) return;
    const { asker } = people();
    if (chat === asker?.id && at.asked && !has(message, "send")) at.heard = true;
    if (chat === asker?.id && at.approved) at.answered = true;
    follow();
  }

  function follow() {
    const { editor } = people();
    const settled = (at.handed ?? []).filter((id) => !newest(id, "submit"));
    // The article may be sorted already, by an earlier visitor; then reviewers have offers of it.
    let step = at.heard ? 2 : rumour() ? 1 : 0;
    // Reviewers may be ahead of whoever asks; the card waits for the question, whose answer is the end of the tour.
    if (Math.max(step, at.step) > 1) {
      if (at.who.some(isWorking)) step = 3;
      if (settled.length) step = 4;
      if (settled.length > 1 || (editor && newest(editor.id, "approve", "judge"))) step = 5;
      if (at.answered) step = STEPS;
    }
    if (watching && step > at.step) go(step);
    else draw();
  }

  on("state", () => {
    at = recallHere("tour", at);
    // Where other chats are to be seen first, the visit is about something else.
    watching = !recall("tour.done", false) && !state.opening.length;
    follow();
  });
  on("log", noted);
  on("message", changed);
  on("panes", () => queueMicrotask(draw));

  return {
    node,
    again() {
      at = { step: 0, who: [], handed: [] };
      watching = true;
      remember("tour.done", false);
      rememberHere("tour", at);
      follow();
    },
  };
}
