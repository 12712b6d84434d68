// The page's own words, in English and Bengali. What people and the bot write is theirs and stays as it is.

import { recall, remember } from "./memory.js";
import { zone } from "./state.js";

const WORDS = {
  people: ["People", "মানুষ"],
  rooms: ["Rooms", "গ্রুপ ও চ্যানেল"],
  editor: ["editor", "সম্পাদক"],
  reviewer: ["reviewer", "যাচাইকারী"],
  public: ["member of the public", "সাধারণ পাঠক"],
  group: ["group", "গ্রুপ"],
  channel: ["channel", "চ্যানেল"],
  members: ["{n} members", "{n} জন সদস্য"],
  chats: ["Chats", "চ্যাট"],
  chat_with: ["{name}, chat", "{name}, চ্যাট"],
  unread: ["{n} unread", "{n}টি না-পড়া"],
  nothing_yet: ["Nothing yet", "এখনো কিছু নেই"],
  photo: ["Photo", "ছবি"],
  document: ["Document", "ফাইল"],
  choose_chat: ["Choose a chat on the left.", "বাঁ দিক থেকে একটি চ্যাট বেছে নিন।"],
  close_pane: ["Close this chat", "এই চ্যাট বন্ধ করুন"],
  back: ["Back to the chats", "চ্যাটের তালিকায় ফিরুন"],
  more: ["More", "আরও"],
  messages: ["Messages", "বার্তা"],
  new_messages: ["To the newest message", "সবশেষ বার্তায় যান"],
  edited: ["edited", "সম্পাদিত"],
  forwarded_from: ["Forwarded from {name}", "{name}-এর কাছ থেকে ফরোয়ার্ড করা"],
  forwarded: ["Forwarded", "ফরোয়ার্ড করা"],
  typing: ["typing…", "লিখছে…"],
  today: ["Today", "আজ"],
  message_menu: ["Reply, forward, react", "উত্তর, ফরোয়ার্ড, প্রতিক্রিয়া"],
  reply: ["Reply", "উত্তর দিন"],
  forward: ["Forward …", "ফরোয়ার্ড করুন …"],
  forward_to: ["Forward as {name} to", "{name} হিসেবে ফরোয়ার্ড করুন"],
  edit: ["Edit", "সম্পাদনা"],
  editing: ["Editing a message", "বার্তা সম্পাদনা হচ্ছে"],
  react: ["React with {emoji}", "{emoji} প্রতিক্রিয়া দিন"],
  replying: ["Reply to {name}", "{name}-কে উত্তর"],
  stop_reply: ["Do not reply", "উত্তর বাদ দিন"],
  to_message: ["Go to that message", "সেই বার্তায় যান"],
  write: ["Write a message", "বার্তা লিখুন"],
  send: ["Send", "পাঠান"],
  attach: ["Attach a photo or a file", "ছবি বা ফাইল যোগ করুন"],
  attached: ["{name}, {size} kB", "{name}, {size} কিলোবাইট"],
  kilobytes: ["{n} kB", "{n} কিলোবাইট"],
  remove_file: ["Remove the file", "ফাইলটি বাদ দিন"],
  drop_here: ["Drop the file to attach it", "ফাইলটি এখানে ছাড়ুন"],
  commands: ["The bot's commands", "বটের কমান্ড"],
  no_commands: ["The bot has no commands here.", "এখানে বটের কোনো কমান্ড নেই।"],
  keyboard: ["The bot's keyboard", "বটের কিবোর্ড"],
  start: ["Start", "শুরু করুন"],
  block: ["Block the bot", "বটকে ব্লক করুন"],
  unblock: ["Unblock the bot", "ব্লক তুলে নিন"],
  is_blocked: ["{name} has blocked the bot.", "{name} বটকে ব্লক করেছেন।"],
  speaking_as: ["Speaking as", "যাঁর হয়ে লিখছেন"],
  read_only: ["Only the channel's own posts appear here.", "এখানে শুধু চ্যানেলের নিজের পোস্ট আসে।"],
  no_answer: ["The bot has not answered yet.", "বট এখনো উত্তর দেয়নি।"],
  ok: ["OK", "ঠিক আছে"],
  cancel: ["Cancel", "বাতিল"],
  close: ["Close", "বন্ধ করুন"],
  download: ["Download {name}", "{name} ডাউনলোড করুন"],
  open_photo: ["Open the photo", "ছবিটি খুলুন"],
  theme: ["Light or dark", "হালকা বা গাঢ় রং"],
  language: ["বাংলা", "English"],
  help: ["Help", "সহায়তা"],
  restart_tour: ["Show the tour again", "আবার ঘুরিয়ে দেখান"],
  about: [
    "A sandbox on this computer only. The bot is the real one; Telegram, the people and the clock are played.",
    "এটি কেবল এই কম্পিউটারের একটি মহড়া। বটটি আসল; টেলিগ্রাম, মানুষজন ও ঘড়ি সাজানো।",
  ],
  sandbox: ["Sandbox", "মহড়া"],
  clock: ["The demo's clock: {time}. Move it forward", "ডেমোর ঘড়ি: {time}। এগিয়ে দিন"],
  clock_why: ["Moving on makes what is due happen at once.", "সময় এগোলে যা হওয়ার কথা, তা তখনই হয়।"],
  plus_hour: ["+1 hour", "১ ঘণ্টা পরে"],
  tomorrow_nine: ["Tomorrow 09:00", "আগামীকাল ০৯:০০"],
  next_sunday: ["Next Sunday 18:00", "আগামী রবিবার ১৮:০০"],
  other_time: ["Another time", "অন্য সময়"],
  move: ["Move the clock", "ঘড়ি এগিয়ে দিন"],
  line_lost: ["The connection to the sandbox is lost; trying again …", "মহড়ার সঙ্গে সংযোগ নেই; আবার চেষ্টা হচ্ছে …"],
  bot_down: ["The bot is down. What you send waits for it.", "বট বন্ধ আছে। আপনি যা পাঠাবেন, তা অপেক্ষায় থাকবে।"],
  bot_back: ["The bot is back.", "বট আবার চালু হয়েছে।"],
  refused_title: ["This page needs its key", "এই পাতা খুলতে চাবি লাগবে"],
  refused: [
    "Open the address that the terminal printed, all of it, with what follows the #. Each start of the demo has a new one.",
    "টার্মিনালে ছাপা পুরো ঠিকানাটি খুলুন, # চিহ্নের পরের অংশসহ। ডেমো যতবার চালু হয়, ঠিকানাও নতুন হয়।",
  ],
  inspector: ["Inspector", "ভেতরের দৃশ্য"],
  inspector_why: ["What bot and Bot API say to each other, newest last.", "বট ও বট এপিআইয়ের কথাবার্তা, নতুনটি সবার নিচে।"],
  filter: ["Filter", "ছেঁকে দেখুন"],
  polls: ["Show polling", "পোলিং দেখান"],
  pause: ["Pause", "থামান"],
  go_on: ["Go on", "চালান"],
  log: ["Calls and updates", "কল ও আপডেট"],
  took: ["{n} ms", "{n} মি.সে."],
  update: ["update", "আপডেট"],
  faults: ["Make trouble", "গোলমাল ঘটান"],
  faults_why: ["Nothing may get lost, whatever you do here.", "এখানে যা-ই করুন, কিছু হারানোর কথা নয়।"],
  faults_on: ["Waiting to happen: {n}", "ঘটার অপেক্ষায়: {n}"],
  fault_slow: ["Slow network", "ধীর নেটওয়ার্ক"],
  fault_slow_why: ["Every call takes 2 seconds longer, until cleared.", "তুলে না নেওয়া পর্যন্ত প্রতিটি কলে ২ সেকেন্ড বেশি লাগে।"],
  fault_429: ["Too many requests", "অতিরিক্ত অনুরোধ"],
  fault_429_why: ["The next message is refused: try again in 3 seconds.", "পরের বার্তাটি ফেরত যায়: ৩ সেকেন্ড পরে আবার।"],
  fault_drop: ["Answer lost", "উত্তর হারানো"],
  fault_drop_why: ["The next message arrives, but the bot never hears so.", "পরের বার্তা পৌঁছায়, কিন্তু বট তা জানতে পারে না।"],
  fault_5xx: ["Server error", "সার্ভারের ত্রুটি"],
  fault_5xx_why: ["The next three messages fail with error 502.", "পরের তিনটি বার্তা ৫০২ ত্রুটিতে ব্যর্থ হয়।"],
  fault_block: ["Block …", "ব্লক …"],
  fault_block_why: ["Somebody blocks the bot; their claims go to others.", "কেউ বটকে ব্লক করেন; তাঁর দাবি অন্যরা পান।"],
  fault_clear: ["Clear all", "সব তুলে নিন"],
  fault_clear_why: ["No more trouble. Blocks stay until lifted.", "আর গোলমাল নেই। ব্লক আলাদা করে তুলতে হয়।"],
  process: ["The bot's process", "বটের প্রসেস"],
  runs_as: ["Running as process {pid}", "চলছে, প্রসেস {pid}"],
  is_down: ["Down", "বন্ধ"],
  kill: ["Kill", "হঠাৎ বন্ধ করুন"],
  kill_why: ["At once, as in a power cut; it stays down.", "বিদ্যুৎ চলে যাওয়ার মতো, তখনই; বন্ধই থাকে।"],
  start_bot: ["Start the bot", "বট চালু করুন"],
  restart: ["Restart", "আবার চালু"],
  restart_why: ["Stops it in order and starts it again.", "গুছিয়ে থামিয়ে আবার চালু করে।"],
  tour: ["Guided tour", "ঘুরে দেখা"],
  tour_step: ["Step {n} of {all}", "ধাপ {n}/{all}"],
  tour_next: ["Next", "পরের ধাপ"],
  tour_end: ["End the tour", "শেষ করুন"],
  tour_fill: ["Fill it in for me", "আমার হয়ে লিখে দিন"],
  tour_show: ["Show me that phone", "সেই ফোনটি দেখান"],
  tour_order: ["Order the team's digest first", "আগে দলের সারসংক্ষেপ চালু করুন"],
  tour_ordered: ["The team gets a digest every morning at 09:00.", "দল রোজ সকাল ৯টায় সারসংক্ষেপ পাবে।"],
  tour_digest: ["Go to tomorrow 09:00", "আগামীকাল ০৯:০০-তে যান"],
};

export const language = ["en", "bn"].includes(recall("language")) ? recall("language") : navigator.language?.startsWith("bn") ? "bn" : "en";
const locale = language === "bn" ? "bn-BD" : "en-GB";
const column = language === "bn" ? 1 : 0;
const numbers = new Intl.NumberFormat(locale);

export function t(name, values = {}) {
  return fill(WORDS[name], values);
}

// Longer texts live beside what uses them, in the same form.
export function fill(both, values = {}) {
  return both[column].replace(/\{(\w+)\}/g, (_, key) => {
    const value = values[key];
    return typeof value === "number" ? numbers.format(value) : String(value);
  });
}

export function changeLanguage() {
  remember("language", language === "en" ? "bn" : "en");
  location.reload();
}

const dates = new Map();

function formatted(date, options) {
  const name = JSON.stringify(options) + zone();
  if (!dates.has(name)) dates.set(name, new Intl.DateTimeFormat(locale, { ...options, timeZone: zone() }));
  return dates.get(name).format(date);
}

export const timeOf = (date) => formatted(date, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
export const dayOf = (date) => formatted(date, { weekday: "short", day: "numeric", month: "short" });
export const secondOf = (date) => formatted(date, { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
export const number = (value) => numbers.format(value);
