"""Words that stand in almost every text of a language and so say nothing about which claim it is."""

from __future__ import annotations

from storage.search.normal import normal_form

_STOPS = (
    # English
    "a an the and or but of in on at to for from by with as is are was were be been being it its "
    "this that these those he "
    "she they his her their has have had will would can could do does did there which who what when "
    "where how than then "
    "about after before into over under also just only very so if we you your our my i me us",
    # Bengali
    "ও এবং আর বা কিন্তু তবে যে যা যার যাদের এই সেই ওই এ সে তা তার তাদের তিনি তাঁর তাঁরা তারা আমি "
    "আমরা আপনি কি কী হয় হয়ে হয়েছে "
    "হয়েছেন হচ্ছে হবে ছিল ছিলেন আছে করে করেন করা করেছে করেছেন করতে করার জন্য থেকে সঙ্গে সাথে মধ্যে "
    "পর পরে আগে একটি এক একজন কোনো "
    "কিছু দিয়ে নিয়ে বলে হিসেবে প্রতি মতো এর",
    # Hindi
    "और या पर लेकिन कि जो यह वह ये वे इस उस इन उन का की के को से में ने तक लिए साथ है हैं था थी थे "
    "हो होगा होता रहा रही रहे गया गई "
    "गए कर करने किया एक अब भी ही तो बाद",
    # Urdu, Arabic, Persian
    "اور یا کہ جو یہ وہ اس ان کا کی کے کو سے میں نے پر تک ہے ہیں تھا تھی تھے ہو گا ایک بھی ہی تو بعد",
    "و في من على إلى عن أن إن التي الذي هذا هذه ذلك كان كانت قد مع بعد قبل كما بين هو هي أو ثم",
    "و در از به که این آن را با برای است بود شد شده می تا هم یک بر",
    # Spanish, Portuguese, French, German, Indonesian, Turkish, Russian
    "el la los las un una y o de del en que por para con se su sus es son fue al lo como más pero",
    "o os as um uma e do da dos das em no na nos nas por para com se seu sua é são foi ao mais mas",
    "le les des du et ou à au aux dans par pour avec ce cette ces qui que est sont était sur plus mais il elle",
    "der die das den dem des ein eine und oder von zu zum zur im ist sind war mit auf für dass auch als wie",
    "yang dan di ke dari untuk dengan pada ini itu adalah akan oleh juga dalam",
    "ve bir bu da de için ile olarak olan çok daha gibi",
    "и в во на с со к по из за от у о об что как это он она они был была были а но или",
)

_NEGATIONS = (
    "no not never none nobody nothing neither nor without cannot can't don't doesn't didn't isn't "
    "aren't wasn't weren't "
    "won't wouldn't hasn't haven't hadn't shouldn't couldn't false fake deny denies denied",
    "না নয় নেই নাই নি নহে নন ছাড়া মিথ্যা ভুয়া গুজব",
    "नहीं न ना नही मत बिना झूठ फर्जी",
    "نہیں نہ مت بغیر لا لم لن ليس ليست غير ما نیست نه",
    "no ni nunca jamás sin não nem nunca sem ne pas jamais sans nicht kein keine nie ohne",
    "tidak bukan tanpa jangan belum değil yok hiç не нет ни без",
)

_ARTICLES = "a an the el la los las un una le les des une der die das den dem ein eine o os as um uma"

NEGATIONS = frozenset(normal_form(" ".join(_NEGATIONS)).split())
"""Words that turn a claim around, in normal form. With one of them more or less, two texts are not the same claim."""

STOPS = frozenset(normal_form(" ".join(_STOPS)).split()) - NEGATIONS
"""In normal form, all languages together: a claim may mix them, and the language of a short text is uncertain."""

ARTICLES = frozenset(_ARTICLES.split())
"""Words that may be there or not without changing what is claimed."""
