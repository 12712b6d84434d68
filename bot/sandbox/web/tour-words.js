// What the tour says, step by step; the last text stands for the end.

import { fill } from "./words.js";

const STEPS = [
  [
    ["Sort an article", "একটি নথি বাছাই করুন"],
    [
      "{name} edits the desk, which has taken in a newspaper article. Open it with the button under the message, and send to the queue what the bot has chosen, or what you choose.",
      "{name} ডেস্কের সম্পাদক; ডেস্কে একটি খবরের প্রতিবেদন এসেছে। বার্তার নিচের বোতাম টিপে সেটি খুলুন, তারপর বট যেগুলো বেছেছে বা আপনি যেগুলো বাছবেন, সেগুলো সারিতে পাঠান।",
    ],
  ],
  [
    ["Send a rumour", "একটি গুজব পাঠান"],
    [
      "You are {name}, who has heard something. Write it to the bot, or let it be filled in, and send it; then confirm that it is what you want checked.",
      "আপনি এখন {name}, একটা কথা শুনেছেন। কথাটা বটকে লিখুন, কিংবা আপনার হয়ে লিখে দিতে বলুন, তারপর পাঠিয়ে নিশ্চিত করুন।",
    ],
  ],
  [
    ["Take the claim", "দাবিটি নিন"],
    [
      "{name} reviews for the desk and has been offered a claim. Take it with the button under the message.",
      "{name} ডেস্কের যাচাইকারী; তাঁর কাছে একটি দাবি এসেছে। বার্তার নিচের বোতাম টিপে দাবিটি নিন।",
    ],
  ],
  [
    ["Rate it, with a source", "রেটিং দিন, সূত্রসহ"],
    [
      "Choose a rating, send a link as a source, say in a sentence why, and hand in. The bot asks for one thing after the other.",
      "রেটিং বাছুন, সূত্র হিসেবে একটি লিংক পাঠান, এক বাক্যে কারণ লিখুন, তারপর জমা দিন। বট একটার পর একটা চাইবে।",
    ],
  ],
  [
    ["A second pair of eyes", "আরেক জোড়া চোখ"],
    [
      "{name} gets the same claim and cannot see what {reviewer} said. Take it, rate it alike, hand in.",
      "{name}-এর কাছেও একই দাবি এসেছে; {reviewer} কী বলেছেন, তিনি দেখতে পান না। দাবিটি নিয়ে একই রেটিং দিন, জমা দিন।",
    ],
  ],
  [
    ["Approve", "অনুমোদন দিন"],
    [
      "Both have rated. {name} edits the desk and decides: approve with the button under the claim, and whoever asked is told.",
      "দুজনেই রেটিং দিয়েছেন। {name} ডেস্কের সম্পাদক; সিদ্ধান্ত তাঁর। দাবির নিচের বোতাম টিপে অনুমোদন দিলেই যিনি জানতে চেয়েছিলেন, তিনি উত্তর পাবেন।",
    ],
  ],
  [
    ["The answer is there", "উত্তর এসে গেছে"],
    [
      "{name} has been told. One thing is left: the team's digest, which comes every morning. You need not wait for it.",
      "{name} উত্তর পেয়ে গেছেন। বাকি শুধু দলের দৈনিক সারসংক্ষেপ, যা রোজ সকালে আসে। তার জন্য অপেক্ষা করতে হবে না।",
    ],
  ],
];

export function explainStep(step, values) {
  const [title, text] = STEPS[step];
  return { title: fill(title, values), text: fill(text, values) };
}
