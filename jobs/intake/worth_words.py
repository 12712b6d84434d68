"""The words by which `worth.py` knows a feature, per language. Data only; chosen by hand, not from a corpus.

Phrases are parted by commas. One that ends in `*` is the beginning of a word, which is how inflected forms are met.
"""

from __future__ import annotations

from collections.abc import Mapping

from storage.search import normal_form


def _phrases(text: str) -> tuple[str, ...]:
    """Return the phrases in normal form, as they occur in a line with a space before each word and after the last."""
    entries = [entry.strip() for entry in text.split(",")]
    return tuple(f" {normal_form(entry)}" + ("" if entry.endswith("*") else " ") for entry in entries)


PHRASES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "en": {
        "attribution": _phrases(
            "said, says, told, confirmed, confirms, announced, reported, reports, denied, denies, accused, accuse,"
            "claimed, claims, stated, according to, admitted, warned"
        ),
        "change": _phrases(
            "rose, fell, doubled, tripled, increased, decreased, killed, wounded, injured, died, sent, banned,"
            "arrested, won, lost, cost, costs, caused, causes, signed, launched, destroyed, sank"
        ),
        "hedge": _phrases(
            "may, might, could, maybe, perhaps, possibly, probably, likely, reportedly, allegedly, appears to,"
            "seems to, is thought to, are thought to"
        ),
        "opinion": _phrases(
            "i think, i believe, i feel, we think, we believe, in my opinion, should, ought to, must, analysts, experts"
            " believe, hopefully, best, worst, beautiful"
        ),
        "denial": _phrases(
            "did not mention, made no mention, no remark*, no comment*, did not say, did not comment, no direct sign,"
            "no evidence, no sign, did not report, reported no"
        ),
    },
    "bn": {
        "attribution": _phrases(
            "বলেছে*, বলেন, বলেছিলেন, বলা হয়েছে, জানিয়েছে*, জানায়, জানান, জানা গেছে, জানানো হয়েছে, দাবি কর*, দাবি, নিশ্চিত কর*,"
            "স্বীকার কর*, অস্বীকার কর*, অভিযোগ কর*, অভিযোগ, অভিযুক্ত, ঘোষণা কর*, মতে, অনুযায়ী, অনুসারে, তথ্যমতে"
        ),
        "change": _phrases(
            "নিহত, আহত, হতাহত, মারা গেছে*, মৃত্যু, পাঠানো, পাঠিয়েছে*, বেড়েছে, কমেছে, দ্বিগুণ, তিনগুণ, বৃদ্ধি, গ্রেপ্তার, নিষিদ্ধ,"
            "মোতায়েন, গিয়েছে*, গেছে*, ধ্বংস"
        ),
        "hedge": _phrases(
            "সম্ভবত, হয়তো, হয়ত, সম্ভাবনা, সম্ভাব্য, পারে, পারেন, পারত, ধারণা করা হয়, ধারণা করা হচ্ছে, মনে করা হয়, মনে করা হচ্ছে,"
            "মনে হয়, মনে হচ্ছে"
        ),
        "opinion": _phrases("আমার মতে, আমি মনে করি, উচিত, বিশ্লেষক*, বিশেষজ্ঞদের ধারণা, দুর্ভাগ্যজনক, চমৎকার, সবচেয়ে ভালো"),
        "denial": _phrases(
            "উল্লেখ করেনি*, উল্লেখ নেই, উল্লেখ করা হয়নি, মন্তব্য করেনি*, মন্তব্যের কথা জানায়নি, মন্তব্য নেই, মন্তব্য ছিল না,"
            "কিছু বলেনি*, কিছুই বলেনি*, জানায়নি, বলেনি*, প্রকাশ করেনি*, প্রমাণ নেই, প্রমাণ মেলেনি, ইঙ্গিত নেই, ইঙ্গিত পাওয়া যায়নি,"
            "কথা জানা যায়নি, প্রচার করেনি, তুলে ধরেনি"
        ),
    },
    "hi": {
        "attribution": _phrases(
            "कहा, कहा है, बताया, बताया है, दावा, पुष्टि, घोषणा, आरोप, आरोप लगाया, स्वीकार, इनकार, इन्कार, के अनुसार, के मुताबिक"
        ),
        "change": _phrases(
            "मारे गए, मौत, घायल, भेजे, भेजा, बढ़ा, बढ़ी, बढ़े, घटा, घटी, दोगुना, दोगुनी, गिरफ़्तार, गिरफ्तार, प्रतिबंध"
        ),
        "hedge": _phrases("शायद, संभवतः, सम्भवतः, संभावना, हो सकता, हो सकती, हो सकते, सकता है, सकती है, सकते हैं"),
        "opinion": _phrases("मेरे विचार, मुझे लगता, हमें लगता, चाहिए, विश्लेषक*, दुर्भाग्य*"),
        "denial": _phrases("उल्लेख नहीं, टिप्पणी नहीं, कुछ नहीं कहा, कोई सबूत नहीं, कोई प्रमाण नहीं, कोई संकेत नहीं"),
    },
    "ar": {
        "attribution": _phrases(
            "قال, قالت, وقال, وقالت, أعلن, أعلنت, وأعلن, أكد, أكدت, وأكد, زعم, زعمت, اتهم, اتهمت, نفى, نفت, بحسب, وفقا"
        ),
        "change": _phrases(
            "قتل, مقتل, أصيب, إصابة, أرسلت, أرسل, ارتفع, ارتفعت, انخفض, انخفضت, تضاعف, تضاعفت, اعتقل, اعتقلت"
        ),
        "hedge": _phrases("ربما, قد, وقد يكون, يمكن أن, من الممكن, من المحتمل, محتمل, يبدو, يعتقد"),
        "opinion": _phrases("أعتقد, نعتقد, برأيي, يجب, ينبغي, محللون, المحللون, للأسف"),
        "denial": _phrases("لم يذكر, لم تذكر, لم يعلق, لم تعلق, لا دليل, لا يوجد دليل, لا توجد أدلة"),
    },
    "ur": {
        "attribution": _phrases("کہا, بتایا, دعویٰ, تصدیق, اعلان, الزام, تردید, کے مطابق"),
        "change": _phrases("ہلاک, زخمی, بھیجے, بھیجا, اضافہ, کمی, دگنا, گرفتار, پابندی"),
        "hedge": _phrases("شاید, ممکنہ, ممکن ہے, امکان, ہو سکتا, ہو سکتی, سکتا ہے, سکتی ہے, سکتے ہیں"),
        "opinion": _phrases("میرے خیال, چاہیے, چاہئے, تجزیہ کار*, بدقسمتی"),
        "denial": _phrases("ذکر نہیں, تبصرہ نہیں, کوئی ثبوت نہیں, کوئی اشارہ نہیں"),
    },
}
