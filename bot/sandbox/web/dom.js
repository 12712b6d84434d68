// Building elements. Text is always text: nothing here, or anywhere on the page, turns a string into HTML.

export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "class") node.className = value;
    else if (name === "text") node.textContent = value;
    else if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "value") node.value = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

const PATHS = {
  send: "M4 12l16-8-6 16-3-7z",
  clip: "M8 12.5l6-6a3 3 0 014 4l-8 8a5 5 0 01-7-7l8-8",
  close: "M6 6l12 12M18 6L6 18",
  back: "M15 5l-7 7 7 7",
  more: "M12 5a.6.6 0 100 1.2.6.6 0 000-1.2zM12 11.4a.6.6 0 100 1.2.6.6 0 000-1.2zM12 17.8a.6.6 0 100 1.2.6.6 0 000-1.2z",
  reply: "M10 6l-6 6 6 6M4 12h9a7 7 0 017 7",
  forward: "M14 6l6 6-6 6M20 12h-9a7 7 0 00-7 7",
  edit: "M5 19h3L19 8l-3-3L5 16z",
  moon: "M20 14A8 8 0 0110 4a8 8 0 1010 10z",
  sun: "M12 8a4 4 0 100 8 4 4 0 000-8zM12 2v3M12 19v3M2 12h3M19 12h3M5 5l2 2M17 17l2 2M5 19l2-2M17 7l2-2",
  clock: "M12 3a9 9 0 100 18 9 9 0 000-18zM12 7v5l3.5 2",
  help: "M12 3a9 9 0 100 18 9 9 0 000-18zM9.5 9.5a2.5 2.5 0 115 0c0 2-2.5 2-2.5 4M12 17v.01",
  tools: "M4 7h10M18 7h2M4 17h2M10 17h10M16 4.5v5M8 14.5v5",
  down: "M6 10l6 6 6-6",
  file: "M6 3h8l4 4v14H6zM14 3v4h4",
  users: "M9 11a3.5 3.5 0 100-7 3.5 3.5 0 000 7zM3 20a6 6 0 0112 0M16 5a3 3 0 010 6M17 14.5a6 6 0 014 5.5",
  channel: "M4 10v4h3l8 5V5L7 10zM18 9a4 4 0 010 6",
  phone: "M8 3h8v18H8zM11.5 18h1",
};

export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}

export function iconButton(name, label, onclick, props = {}) {
  return el("button", { type: "button", class: "icon-button", "aria-label": label, title: label, onclick, ...props }, icon(name));
}

// A round picture of a name: its first letter on a colour that follows from the id.
export function avatar(id, name, mark) {
  const first = [...new Intl.Segmenter().segment(name || "?")][0]?.segment ?? "?";
  const node = el("span", { class: `avatar tone-${Math.abs(Number(id) || 0) % 7}`, "aria-hidden": "true" });
  node.append(mark ? icon(mark) : first);
  return node;
}
