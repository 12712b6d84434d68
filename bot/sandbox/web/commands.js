// The bot's commands over the field: opened by "/" or by the button, narrowed by what is typed, walked by arrows.

import { act } from "./wire.js";
import { el } from "./dom.js";
import { t } from "./words.js";

let lists = 0;

export function commandMenu(pane, field, chosen) {
  lists += 1;
  const id = `commands-${lists}`;
  const node = el("ul", { class: "commands", role: "listbox", id, "aria-label": t("commands"), hidden: true });
  let all = [];
  let fits = [];
  let at = 0;
  let forced = false;

  for (const [name, value] of Object.entries({ "aria-autocomplete": "list", "aria-haspopup": "listbox", "aria-controls": id })) {
    field.setAttribute(name, value);
  }

  const isTyped = () => /^\/[a-z0-9_]*$/i.test(field.value);

  async function load() {
    all = await act("menu", { user: pane.me(), chat: pane.id }).catch(() => []);
  }

  async function typed() {
    if (!isTyped()) return close();
    if (node.hidden) await load();
    // The text may have gone on while the menu was fetched.
    if (isTyped()) show(field.value.slice(1).toLowerCase());
  }

  function show(prefix) {
    fits = all.filter((each) => each.command.startsWith(prefix));
    at = 0;
    if (!fits.length && !forced) return close();
    const rows = fits.map((each, index) =>
      el(
        "li",
        { role: "option", id: `${id}-${index}`, "aria-selected": String(index === 0), onpointerdown: (event) => event.preventDefault(), onclick: () => chosen(`/${each.command}`) },
        el("b", { text: `/${each.command}` }),
        el("span", { dir: "auto", text: each.description }),
      ),
    );
    if (!rows.length) rows.push(el("li", { role: "option", "aria-disabled": "true", text: t("no_commands") }));
    node.replaceChildren(...rows);
    node.hidden = false;
    // Only while the list is there: otherwise it is a field of several lines like any other.
    field.setAttribute("role", "combobox");
    field.setAttribute("aria-expanded", "true");
    mark();
  }

  function mark() {
    [...node.children].forEach((row, index) => row.setAttribute("aria-selected", String(index === at)));
    const row = node.children[at];
    if (!row) return;
    field.setAttribute("aria-activedescendant", row.id);
    row.scrollIntoView({ block: "nearest" });
  }

  function close() {
    node.hidden = true;
    forced = false;
    for (const name of ["role", "aria-expanded", "aria-activedescendant"]) field.removeAttribute(name);
  }

  async function toggle() {
    if (!node.hidden) return close();
    await load();
    forced = true;
    show("");
    field.focus();
  }

  // True if the key was meant for the menu.
  function keydown(event) {
    if (node.hidden) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && fits.length) {
      at = (at + step + fits.length) % fits.length;
      mark();
    } else if (event.key === "Enter" && fits[at] && !event.shiftKey) {
      chosen(`/${fits[at].command}`);
    } else if (event.key === "Tab" && fits[at] && !event.shiftKey) {
      field.value = `/${fits[at].command} `;
      field.dispatchEvent(new Event("input"));
      close();
    } else if (event.key === "Escape") close();
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  }

  field.addEventListener("blur", () => setTimeout(() => document.activeElement !== field && close(), 150));

  return { node, typed, toggle, close, keydown, isTyped };
}
