// The line to the sandbox: one WebSocket, opened again after each loss, with the key shown first.

const WRONG_KEY = 4403;
const LONGEST_PAUSE = 5000;

const waiting = new Map();
let socket = null;
let early = null;
let attempts = 0;
let lastId = 0;
let refused = false;

export function key() {
  return location.hash.slice(1);
}

function open() {
  const opened = new WebSocket(`ws://${location.host}/live`);
  opened.onopen = () => opened.send(JSON.stringify({ key: key() }));
  return opened;
}

// The first line is opened while the rest of the page still loads; what it says meanwhile is kept.
if (key()) {
  early = { opened: open(), said: [] };
  early.opened.onmessage = (message) => early.said.push(message);
  early.opened.onclose = (event) => (early.closed = event);
}

export function connect(heard) {
  if (!key()) {
    heard({ type: "line", line: "refused" });
    return;
  }
  heard({ type: "line", line: "connecting" });
  const first = early;
  early = null;
  const opened = first?.opened ?? open();
  socket = opened;
  opened.onmessage = (message) => {
    const said = JSON.parse(message.data);
    if (said.type === "result") return answer(said);
    if (said.type === "state") {
      attempts = 0;
      heard(said);
      heard({ type: "line", line: "open" });
    } else heard(said);
  };
  opened.onclose = (event) => {
    for (const { reject } of waiting.values()) reject(new Error("lost"));
    waiting.clear();
    if (event.code === WRONG_KEY) {
      refused = true;
      heard({ type: "line", line: "refused" });
      return;
    }
    heard({ type: "line", line: "lost" });
    attempts += 1;
    setTimeout(() => connect(heard), Math.min(250 * 2 ** (attempts - 1), LONGEST_PAUSE));
  };
  first?.said.forEach(opened.onmessage);
  if (first?.closed) opened.onclose(first.closed);
}

// Another address typed into the same tab may bring the right key.
addEventListener("hashchange", () => {
  if (refused || key()) location.reload();
});

function answer(said) {
  const asked = waiting.get(said.id);
  waiting.delete(said.id);
  if (!asked) return;
  if (said.ok) asked.resolve(said.result);
  else asked.reject(new Error(said.error));
}

// Carries out an action of the sandbox; rejects with its words if it cannot be done.
export function act(action, args = {}) {
  return new Promise((resolve, reject) => {
    if (!socket || socket.readyState !== WebSocket.OPEN) return reject(new Error("lost"));
    lastId += 1;
    waiting.set(lastId, { resolve, reject });
    socket.send(JSON.stringify({ id: lastId, action, arguments: args }));
  });
}

// Files go by plain HTTP, so that a large one does not hold up the line.
export async function upload(args) {
  const headers = { "X-Sandbox-Control": key() };
  const response = await fetch("/control/send_file", { method: "POST", headers, body: JSON.stringify(args) });
  const body = await response.json();
  if (!body.ok) throw new Error(body.error);
  return body.result;
}

const pictures = new Map();

export function content(fileId) {
  if (!pictures.has(fileId)) {
    const loading = fetch(`/content/${encodeURIComponent(fileId)}`, { headers: { "X-Sandbox-Control": key() } })
      .then((response) => {
        if (!response.ok) throw new Error(String(response.status));
        return response.blob();
      })
      .then((blob) => URL.createObjectURL(blob));
    loading.catch(() => pictures.delete(fileId));
    pictures.set(fileId, loading);
  }
  return pictures.get(fileId);
}
