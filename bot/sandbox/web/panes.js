// Which chats are open side by side, and who speaks in the rooms.

import { el } from "./dom.js";
import { recallHere, rememberHere } from "./memory.js";
import { Pane } from "./pane.js";
import { emit, on, state, withRole } from "./state.js";
import { t } from "./words.js";

const LEAST_WIDTH = 330;
const MOST = 3;

export function panes() {
  const node = el("main", { class: "panes", "aria-label": t("chats") });
  const empty = el("p", { class: "empty", text: t("choose_chat") });
  let open = [];
  let wanted = null;
  let last = null;
  let speakers = {};

  const room = () => (narrow() ? 1 : Math.max(1, Math.min(MOST, Math.floor(node.clientWidth / LEAST_WIDTH))));
  const narrow = () => matchMedia("(max-width: 700px)").matches;

  // Who plays the main parts, until the visitor has chosen otherwise.
  function first() {
    if (state.opening.length) return state.opening;
    return ["public", "reviewer", "editor"].map((role) => withRole(role)[0]?.id).filter(Boolean);
  }

  function speakerOf(chat) {
    const members = Object.keys(state.chats.get(chat).members).map(Number);
    return members.includes(speakers[chat]) ? speakers[chat] : members[0];
  }

  function draw() {
    const ids = (wanted ?? first()).filter((id) => state.chats.has(id)).slice(-MOST);
    const most = room();
    let shown = ids;
    // With less room the chat used last stays, and its neighbours as far as they fit.
    if (ids.length > most) {
      const keep = new Set([last && ids.includes(last) ? last : ids[0]]);
      for (const id of ids) if (keep.size < most) keep.add(id);
      shown = ids.filter((id) => keep.has(id));
    }
    for (const pane of open.filter((each) => !shown.includes(each.id))) pane.leave();
    const kept = new Map(open.filter((each) => shown.includes(each.id)).map((each) => [each.id, each]));
    open = shown.map((id) => kept.get(id) ?? make(id));
    open.forEach((pane, index) => {
      if (node.children[index] !== pane.node) node.insertBefore(pane.node, node.children[index] ?? null);
    });
    empty.remove();
    if (!open.length) node.append(empty);
    node.dataset.count = open.length;
    requestAnimationFrame(() => open.forEach((pane) => (pane.composer.shown(), pane.read())));
    // On a small screen the list stands in front of the chats until one is chosen.
    const inFront = narrow() && !document.body.classList.contains("in-chat");
    emit("panes", inFront ? [] : open.map((pane) => pane.id));
  }

  function make(id) {
    const pane = new Pane(id, {
      close: () => shut(id),
      speaker: speakerOf(id),
      speak: (person) => {
        speakers[id] = person;
        rememberHere("speakers", speakers);
      },
    });
    pane.node.addEventListener("focusin", () => (last = id));
    return pane;
  }

  function show(id, focus = true) {
    if (!state.chats.has(id)) return;
    let ids = wanted ?? first();
    if (!ids.includes(id)) {
      // A new chat takes the place of the one used last once all places are taken.
      const full = ids.length >= Math.max(room(), narrow() ? 1 : 0);
      const out = full ? (ids.includes(last) ? last : ids.at(-1)) : null;
      ids = out === null ? [...ids, id] : ids.map((each) => (each === out ? id : each));
    }
    wanted = ids;
    last = id;
    document.body.classList.add("in-chat");
    save();
    draw();
    const pane = open.find((each) => each.id === id);
    if (!pane) return;
    pane.toEnd(false);
    // Where a keyboard would slide over the chat, it is opened by whoever wants to write.
    if (focus) matchMedia("(pointer: coarse)").matches ? pane.log.focus() : pane.composer.focus();
  }

  function shut(id) {
    if (narrow()) {
      document.body.classList.remove("in-chat");
      save();
      emit("panes", []);
      document.querySelector(`.sidebar [data-chat="${id}"]`)?.focus();
      return;
    }
    wanted = (wanted ?? first()).filter((each) => each !== id);
    save();
    draw();
  }

  function save() {
    rememberHere("panes", wanted);
    rememberHere("front", document.body.classList.contains("in-chat") ? last : null);
  }

  on("state", () => {
    wanted = recallHere("panes", wanted);
    speakers = recallHere("speakers", {});
    const front = recallHere("front", null);
    if (front !== null) {
      last = front;
      document.body.classList.add("in-chat");
    }
    // Messages may be other ones than before the connection was lost.
    open.forEach((pane) => (pane.fill(), pane.composer.refresh()));
    draw();
  });
  on("frame", () => wanted === null && draw());
  on("open", (id) => show(id));
  new ResizeObserver(() => state.ready && open.length && room() !== open.length && draw()).observe(node);
  document.addEventListener("visibilitychange", () => open.forEach((pane) => pane.read()));

  return {
    node,
    show,
    find: (id) => open.find((pane) => pane.id === id),
    isShown: (id) => open.some((pane) => pane.id === id),
  };
}
