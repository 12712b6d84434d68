// A text with its entities as nodes. Offsets count UTF-16 units, as JavaScript's own do.

import { el } from "./dom.js";

const BLOCKS = { blockquote: "blockquote", expandable_blockquote: "blockquote", pre: "pre" };
const TAGS = { bold: "b", italic: "i", underline: "u", strikethrough: "s", code: "code" };
const SAFE = /^(https?:\/\/|mailto:)/i;

// `tapped(kind, value)` is called for what a tap would do in a chat: a command, a link that starts the bot.
export function rich(text, entities, tapped) {
  const part = document.createDocumentFragment();
  const blocks = entities.filter((entity) => BLOCKS[entity.type]).sort((a, b) => a.offset - b.offset);
  let at = 0;
  for (const block of blocks) {
    if (block.offset < at) continue;
    lines(part, text, at, block.offset, entities, tapped, at > 0, true);
    const end = block.offset + block.length;
    part.append(blockNode(block, text, end, entities, tapped));
    at = end;
  }
  lines(part, text, at, text.length, entities, tapped, at > 0, false);
  return part;
}

function blockNode(block, text, end, entities, tapped) {
  const node = el(BLOCKS[block.type]);
  lines(node, text, block.offset, end, entities, tapped, false, false);
  if (block.type !== "expandable_blockquote") return node;
  node.className = "folded";
  const toggle = () => node.classList.toggle("folded");
  node.append(el("button", { type: "button", class: "unfold", "aria-label": "…", onclick: toggle, text: "⌄" }));
  return node;
}

// Each line is a paragraph with a direction of its own.
function lines(into, text, from, to, entities, tapped, afterBlock, beforeBlock) {
  let start = from;
  let end = to;
  if (afterBlock && text[start] === "\n") start += 1;
  if (beforeBlock && end > start && text[end - 1] === "\n") end -= 1;
  if (start >= end) return;
  const inner = entities.filter((entity) => !BLOCKS[entity.type] && entity.offset < end && entity.offset + entity.length > start);
  while (start <= end) {
    const found = text.indexOf("\n", start);
    const stop = found === -1 || found > end ? end : found;
    const line = el("div", { class: "line", dir: "auto" });
    if (stop === start) line.append(el("br"));
    else segments(line, text, start, stop, inner, tapped);
    into.append(line);
    start = stop + 1;
  }
}

function segments(into, text, from, to, entities, tapped) {
  const bounds = new Set([from, to]);
  for (const entity of entities) {
    for (const bound of [entity.offset, entity.offset + entity.length]) if (bound > from && bound < to) bounds.add(bound);
  }
  const cuts = [...bounds].sort((a, b) => a - b);
  for (let index = 0; index + 1 < cuts.length; index += 1) {
    const [start, stop] = [cuts[index], cuts[index + 1]];
    const piece = text.slice(start, stop);
    const marks = entities.filter((entity) => entity.offset <= start && entity.offset + entity.length >= stop);
    let node = document.createTextNode(piece);
    for (const mark of [...marks].reverse()) node = wrapped(node, mark, piece, tapped);
    into.append(node);
  }
}

function wrapped(node, mark, piece, tapped) {
  if (TAGS[mark.type]) return el(TAGS[mark.type], {}, node);
  if (mark.type === "spoiler") return spoiler(node);
  if (mark.type === "bot_command") {
    return el("button", { type: "button", class: "in-text", onclick: () => tapped("command", piece) }, node);
  }
  if (mark.type === "text_link" || mark.type === "url" || mark.type === "email") return link(node, mark, piece, tapped);
  if (mark.type === "mention" || mark.type === "hashtag" || mark.type === "text_mention") return el("span", { class: "tag" }, node);
  return node;
}

export function startPayload(url) {
  return /^(?:https?:\/\/)?t\.me\/\w+\?start=([\w-]{1,64})$/.exec(url)?.[1];
}

function link(node, mark, piece, tapped) {
  let url = mark.url ?? piece;
  const payload = startPayload(url);
  if (payload) return el("button", { type: "button", class: "in-text", onclick: () => tapped("start", payload) }, node);
  if (mark.type === "email") url = `mailto:${piece}`;
  else if (mark.type === "url" && !/^\w+:/.test(url)) url = `http://${url}`;
  if (!SAFE.test(url)) return el("span", { class: "tag" }, node);
  return el("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, node);
}

// One tap shows all of a message's spoilers.
function spoiler(node) {
  const veil = el("span", { class: "spoiler", role: "button", tabindex: "0", "aria-label": "●●●" }, node);
  const reveal = (event) => {
    if (event.type === "keydown" && event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    const scope = veil.closest(".text") ?? veil.parentNode;
    for (const other of scope.querySelectorAll(".spoiler")) {
      other.classList.add("shown");
      for (const name of ["role", "tabindex", "aria-label"]) other.removeAttribute(name);
    }
  };
  veil.addEventListener("click", reveal, { once: true });
  veil.addEventListener("keydown", reveal);
  return veil;
}
