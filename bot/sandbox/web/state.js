// What the page knows, and who wants to hear of its changes. Only this room changes it.

import { recallHere, rememberHere, setStory } from "./memory.js";

export const state = {
  line: "connecting",
  ready: false,
  bot: { id: 0, first_name: "", username: "" },
  people: new Map(),
  chats: new Map(),
  messages: new Map(),
  log: [],
  faults: [],
  stage: null,
  lastEvent: 0,
};

const MOST_LOGGED = 1000;
const listeners = new Map();
let read = {};

// Topics: line, state (everything is new), frame, message, log, stage, read, typing.
export function on(topic, listener) {
  if (!listeners.has(topic)) listeners.set(topic, new Set());
  listeners.get(topic).add(listener);
  return () => listeners.get(topic).delete(listener);
}

export function emit(topic, data) {
  for (const listener of [...(listeners.get(topic) ?? [])]) listener(data);
}

export function hear(said) {
  if (said.type === "line") {
    state.line = said.line;
    emit("line", said.line);
  } else if (said.type === "state") takeState(said);
  else if (said.type === "frame") takeFrame(said.frame);
  else if (said.type === "events") said.events.forEach(takeEvent);
}

function takeState(said) {
  setStory(said.story);
  read = recallHere("read", {});
  state.messages.clear();
  for (const [chat, messages] of Object.entries(said.messages)) {
    state.messages.set(Number(chat), new Map(messages.map((message) => [message.id, message])));
  }
  state.log = said.log;
  state.lastEvent = said.last_event;
  fill(said.frame);
  state.ready = true;
  emit("state");
  emit("stage", state.stage);
}

function takeFrame(frame) {
  const before = JSON.stringify(state.stage);
  fill(frame);
  emit("frame");
  if (before !== JSON.stringify(state.stage)) emit("stage", state.stage);
}

function fill(frame) {
  state.bot = frame.bot;
  state.people = new Map(frame.people.map((person) => [person.id, person]));
  state.chats = new Map(frame.chats.map((chat) => [chat.id, chat]));
  state.faults = frame.faults;
  state.stage = frame.stage;
  state.opening = frame.opening;
}

function takeEvent(event) {
  state.lastEvent = event.number;
  if (event.kind === "chat") return takeChange(event);
  if (event.kind === "stage") {
    const { running, pid, ahead, zone } = event;
    state.stage = { running, pid, ahead, zone };
    return emit("stage", state.stage);
  }
  state.log.push(event);
  if (state.log.length > MOST_LOGGED) state.log.splice(0, state.log.length - MOST_LOGGED);
  if (event.method?.toLowerCase() === "sendchataction" && event.status === 200) emit("typing", Number(event.params.chat_id));
  return emit("log", event);
}

function takeChange(event) {
  if (!state.messages.has(event.chat_id)) state.messages.set(event.chat_id, new Map());
  const messages = state.messages.get(event.chat_id);
  if (event.message) messages.set(event.message_id, event.message);
  else messages.delete(event.message_id);
  emit("message", { chat: event.chat_id, id: event.message_id, message: event.message, change: event.change });
}

export const messagesOf = (chat) => [...(state.messages.get(chat)?.values() ?? [])];

export function lastMessage(chat) {
  return messagesOf(chat).at(-1);
}

export function unread(chat) {
  const since = read[chat] ?? 0;
  return messagesOf(chat).filter((message) => message.version > since && message.sender_id !== chat).length;
}

export function markRead(chat) {
  const newest = messagesOf(chat).reduce((most, message) => Math.max(most, message.version), 0);
  if ((read[chat] ?? 0) >= newest) return;
  read[chat] = newest;
  rememberHere("read", read);
  emit("read", chat);
}

// Which part somebody plays: told by the menu that the bot gave them, or else by the groups they are in.
export function roleOf(person) {
  const menu = new Set(person.menu.map((command) => command.command));
  if (menu.has("channel") || menu.has("invite")) return "editor";
  if (menu.has("duty")) return "reviewer";
  let role = "public";
  for (const chat of state.chats.values()) {
    const standing = chat.type === "channel" ? undefined : chat.members[person.id];
    if (standing === "creator") return "editor";
    if (standing) role = "reviewer";
  }
  return role;
}

export const withRole = (role) => [...state.people.values()].filter((person) => roleOf(person) === role);

// The present of the desk.
export const now = () => new Date(Date.now() + (state.stage?.ahead ?? 0) * 1000);
export const zone = () => state.stage?.zone || Intl.DateTimeFormat().resolvedOptions().timeZone;
