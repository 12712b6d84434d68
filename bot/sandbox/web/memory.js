// What the page remembers between visits. A browser that forbids it costs comfort only.

let story = "";

export function setStory(name) {
  story = name;
}

export function recall(key, otherwise) {
  try {
    const kept = localStorage.getItem(`factdesk.${key}`);
    return kept === null ? otherwise : JSON.parse(kept);
  } catch {
    return otherwise;
  }
}

export function remember(key, value) {
  try {
    localStorage.setItem(`factdesk.${key}`, JSON.stringify(value));
  } catch {
    // Full or forbidden: then it is not remembered.
  }
}

// What belongs to the chats of one desk. Those of another desk on the same port are forgotten.
export function recallHere(key, otherwise) {
  const kept = recall(key, null);
  return kept && kept.story === story ? kept.value : otherwise;
}

export function rememberHere(key, value) {
  remember(key, { story, value });
}
