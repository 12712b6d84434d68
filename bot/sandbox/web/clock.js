// The desk's clock, and the ways to move it forward. Without somebody behind the scene it is not there.

import { act } from "./wire.js";
import { el, icon } from "./dom.js";
import { openMenu, toast } from "./floating.js";
import { now, on, state, zone } from "./state.js";
import { dayOf, t, timeOf } from "./words.js";

const HOUR = 3_600_000;

export function clock() {
  const time = el("span", {});
  const node = el("button", { type: "button", class: "clock", "data-testid": "clock", "aria-haspopup": "menu", hidden: true, onclick: open }, icon("clock"), time);

  function draw() {
    node.hidden = !state.stage;
    if (!state.stage) return;
    const words = `${dayOf(now())}, ${timeOf(now())}`;
    if (time.textContent === words) return;
    time.textContent = words;
    node.setAttribute("aria-label", t("clock", { time: words }));
    node.title = t("clock", { time: words });
  }

  function open() {
    openMenu(
      node,
      [
        { note: t("clock_why") },
        { label: t("plus_hour"), pick: () => move(new Date(now().getTime() + HOUR)) },
        { label: t("tomorrow_nine"), pick: () => move(tomorrowAt(9)) },
        { label: t("next_sunday"), pick: () => move(nextSunday()) },
        { label: `${t("other_time")} …`, pick: ask },
      ],
      t("move"),
    );
  }

  function ask() {
    const field = el("input", { type: "datetime-local", required: true, "aria-label": t("other_time"), value: localText(new Date(now().getTime() + HOUR)) });
    const box = el("dialog", { class: "box", "aria-label": t("move") });
    const form = el(
      "form",
      { method: "dialog" },
      el("label", {}, el("span", { text: `${t("other_time")} (${zone()})` }), field),
      el(
        "div",
        { class: "box-foot" },
        el("button", { type: "button", class: "button", text: t("cancel"), onclick: () => box.close() }),
        el("button", { type: "submit", class: "button primary", text: t("move") }),
      ),
    );
    form.addEventListener("submit", () => field.value && move(inZone(field.value)));
    box.append(form);
    box.addEventListener("close", () => box.remove());
    document.body.append(box);
    box.showModal();
  }

  on("stage", draw);
  on("state", draw);
  setInterval(draw, 1000);
  return node;
}

export function move(date) {
  return act("move_clock", { at: date.toISOString() }).catch((error) => toast(error.message === "lost" ? t("line_lost") : error.message, document.body, "bad"));
}

// Year, month … of an instant on a clock in the desk's zone.
function wall(date) {
  const options = { timeZone: zone(), hourCycle: "h23", year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit" };
  const parts = new Intl.DateTimeFormat("en-GB", options).formatToParts(date);
  return Object.fromEntries(parts.map((part) => [part.type, part.value]));
}

function localText(date) {
  const at = wall(date);
  return `${at.year}-${at.month}-${at.day}T${at.hour}:${at.minute}`;
}

// The instant at which a clock in the desk's zone shows that. Twice, because the offset may change on the way.
export function inZone(text) {
  const meant = Date.parse(`${text}Z`);
  let instant = meant;
  for (let turn = 0; turn < 2; turn += 1) instant += meant - Date.parse(`${localText(new Date(instant))}Z`);
  return new Date(instant);
}

function dayAt(days, hour) {
  const day = new Date(`${localText(now()).slice(0, 10)}T00:00Z`);
  day.setUTCDate(day.getUTCDate() + days);
  return inZone(`${day.toISOString().slice(0, 10)}T${String(hour).padStart(2, "0")}:00`);
}

export const tomorrowAt = (hour) => dayAt(1, hour);

function nextSunday() {
  const weekday = new Date(`${localText(now()).slice(0, 10)}T00:00Z`).getUTCDay();
  const first = dayAt((7 - weekday) % 7, 18);
  return first > now() ? first : dayAt(7, 18);
}
