// Trouble by button: each says in a line what it does. The bot's process is at hand where somebody runs it for the page.

import { act } from "./wire.js";
import { el } from "./dom.js";
import { openMenu, toast } from "./floating.js";
import { on, state } from "./state.js";
import { t } from "./words.js";

const SEND = "sendMessage";
const FAULTS = [
  ["slow", { method: "*", kind: "delay", amount: 2, times: null }],
  ["429", { method: SEND, kind: "retry_after", amount: 3 }],
  ["drop", { method: SEND, kind: "drop_after" }],
  ["5xx", { method: SEND, kind: "status", amount: 502, times: 3 }],
];

const tried = (asked) => asked.catch((error) => toast(error.message === "lost" ? t("line_lost") : error.message, document.body, "bad"));

function switchRow(name, label, why, pick, props = {}) {
  const button = el("button", { type: "button", class: "button small", "data-testid": name, text: label, onclick: pick, ...props });
  return el("div", { class: "switch" }, button, el("span", { text: why }));
}

export function faults() {
  const waiting = el("p", { class: "hint", role: "status", "data-testid": "faults-on" });
  const process = el("div", { class: "process" });
  const block = switchRow("fault-block", t("fault_block"), t("fault_block_why"), (event) => chooseWho(event.currentTarget), { "aria-haspopup": "menu" });
  const rows = FAULTS.map(([name, fault]) => switchRow(`fault-${name}`, t(`fault_${name}`), t(`fault_${name}_why`), () => tried(act("add_fault", fault))));
  const clear = switchRow("fault-clear", t("fault_clear"), t("fault_clear_why"), () => tried(act("clear_faults")));
  const node = el("section", { class: "faults", "aria-label": t("faults") }, el("h3", { text: t("faults") }), el("p", { class: "hint", text: t("faults_why") }), waiting, process, rows, block, clear);

  function draw() {
    waiting.textContent = state.faults.length ? t("faults_on", { n: state.faults.length }) : "";
  }

  on("state", draw);
  on("frame", draw);
  on("stage", () => drawProcess(process));
  return node;
}

function chooseWho(anchor) {
  const items = [...state.people.values()].map((person) => ({
    label: `${person.name}: ${t(person.blocked ? "unblock" : "block")}`,
    pick: () => tried(act(person.blocked ? "unblock" : "block", { user: person.id })),
  }));
  openMenu(anchor, items, t("fault_block"));
}

function drawProcess(node) {
  const stage = state.stage;
  node.hidden = !stage;
  if (!stage) return;
  const words = stage.running ? t("runs_as", { pid: String(stage.pid) }) : t("is_down");
  const head = el("p", { class: `state ${stage.running ? "up" : "down-state"}`, role: "status", "data-testid": "bot-status" }, el("b", { text: `${t("process")}: ` }), words);
  const run = (action) => (event) => {
    event.currentTarget.disabled = true;
    tried(act(action)).finally(() => drawProcess(node));
  };
  const rows = stage.running
    ? [switchRow("kill", t("kill"), t("kill_why"), run("kill_bot")), switchRow("restart", t("restart"), t("restart_why"), run("restart_bot"))]
    : [switchRow("start", t("start_bot"), "", run("start_bot"))];
  node.replaceChildren(head, ...rows);
}
