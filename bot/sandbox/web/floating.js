// What floats above the page for a moment: menus, passing lines, boxes to dismiss.

import { el, icon } from "./dom.js";
import { t } from "./words.js";

let closeOpen = null;

// `items`: {label, icon?, pick} or {row: [{label, text, pick}]} or {note}. Esc and a tap elsewhere close it.
export function openMenu(anchor, items, label) {
  closeOpen?.();
  const menu = el("div", { class: "menu", role: "menu", "aria-label": label, "data-testid": "menu" });
  const close = (back = true) => {
    menu.remove();
    removeEventListener("pointerdown", outside, true);
    closeOpen = null;
    anchor.removeAttribute("aria-expanded");
    if (back && anchor.isConnected) anchor.focus();
  };
  const outside = (event) => {
    if (!menu.contains(event.target)) close(false);
  };
  const entry = (item, props) => {
    const pick = () => {
      close();
      item.pick();
    };
    const button = el("button", { type: "button", role: "menuitem", tabindex: "-1", onclick: pick, ...props });
    if (item.icon) button.append(icon(item.icon));
    button.append(item.text ?? item.label);
    return button;
  };
  for (const item of items) {
    if (item.note) menu.append(el("p", { class: "menu-note", role: "none", text: item.note }));
    else if (item.row) {
      menu.append(el("div", { class: "menu-row", role: "none" }, item.row.map((each) => entry(each, { "aria-label": each.label }))));
    } else menu.append(entry(item, { dir: "auto" }));
  }
  menu.addEventListener("keydown", (event) => {
    const buttons = [...menu.querySelectorAll("button")];
    const at = buttons.indexOf(document.activeElement);
    const move = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    if (event.key === "Escape" || event.key === "Tab") {
      event.preventDefault();
      event.stopPropagation();
      close();
    } else if (move) {
      event.preventDefault();
      buttons[(at + move + buttons.length) % buttons.length].focus();
    }
  });
  document.body.append(menu);
  place(menu, anchor);
  anchor.setAttribute("aria-expanded", "true");
  addEventListener("pointerdown", outside, true);
  closeOpen = close;
  menu.querySelector("button")?.focus();
}

function place(menu, anchor) {
  const at = anchor.getBoundingClientRect();
  const size = menu.getBoundingClientRect();
  const left = Math.max(8, Math.min(at.left, innerWidth - size.width - 8));
  const below = at.bottom + 4 + size.height < innerHeight;
  menu.style.left = `${left}px`;
  menu.style.top = `${below ? at.bottom + 4 : Math.max(8, at.top - size.height - 4)}px`;
}

// A passing line at the head of `within`, or of the page: at the foot are the buttons one presses next.
export function toast(text, within = document.body, kind = "") {
  let stack = within.querySelector(":scope > .toasts");
  if (!stack) within.append((stack = el("div", { class: "toasts" })));
  const line = el("div", { class: `toast ${kind}`, role: "status", dir: "auto", "data-testid": "toast", text });
  stack.append(line);
  setTimeout(() => line.remove(), Math.min(8000, 3000 + text.length * 40));
}

// A box that waits to be dismissed.
export function alertBox(text, title) {
  const box = el("dialog", { class: "box", "data-testid": "alert", "aria-label": title });
  const done = el("button", { type: "button", class: "button primary", text: t("ok"), onclick: () => box.close() });
  box.append(el("p", { dir: "auto", text }), el("div", { class: "box-foot" }, done));
  box.addEventListener("close", () => box.remove());
  document.body.append(box);
  box.showModal();
  done.focus();
}

export function pictureBox(url, label) {
  const box = el("dialog", { class: "box picture", "aria-label": label });
  const close = el("button", { type: "button", class: "icon-button", "aria-label": t("close"), onclick: () => box.close() }, icon("close"));
  box.append(close, el("img", { src: url, alt: label }));
  box.addEventListener("click", (event) => event.target === box && box.close());
  box.addEventListener("close", () => box.remove());
  document.body.append(box);
  box.showModal();
}
