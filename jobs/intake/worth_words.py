"""The words by which `worth_features.py` knows a feature, per language. Data only; chosen by hand, not from a corpus.

Phrases are parted by commas. One that ends in `*` is the beginning of a word, which is how inflected forms are met.
More languages are in `worth_words_more.py`.
"""

from __future__ import annotations

from collections.abc import Mapping

from storage.search import normal_form

Words = Mapping[str, tuple[str, ...]]
"""Of one language: feature → its phrases, as they occur in a line with a space before each word and after the last."""


def phrases(text: str) -> tuple[str, ...]:
    """Return the phrases in normal form, each with a space before it, and after it unless it is a beginning."""
    entries = [entry.strip() for entry in text.split(",")]
    return tuple(f" {normal_form(entry)}" + ("" if entry.endswith("*") else " ") for entry in entries)


WORDS: Mapping[str, Words] = {
    "en": {
        "attribution": phrases(
            "said, says, told, confirmed, confirms, announced, reported, reports, denied, denies, accused, accuse,"
            "claimed, claims, stated, according to, admitted, warned"
        ),
        "change": phrases(
            "rose, fell, doubled, tripled, increased, decreased, killed, wounded, injured, died, sent, banned,"
            "arrested, won, lost, cost, costs, caused, causes, signed, launched, destroyed, sank"
        ),
        "quantity": phrases(
            "percent, per cent, hundred, hundreds, thousand, thousands, million, millions, billion, billions, trillion,"
            "dozens, half of, a third of, a quarter of, twice, double, two, three, four, five, six, seven, eight, nine,"
            "ten, twenty, thirty, forty, fifty, sixty, seventy, eighty, ninety"
        ),
        "comparison": phrases(
            "more than, less than, fewer than, higher than, lower than, larger than, bigger than, the most, the least,"
            "the highest, the lowest, the largest, the biggest, the first, for the first time, ever before, record*"
        ),
        "promise": phrases(
            "will, won't, going to, i'll, we'll, i'd, would, let's, let me, want to, hope, wish, promise"
        ),
        "self": phrases("i, i'm, i've, me, my, mine, myself"),
        "hedge": phrases(
            "may, might, could, maybe, perhaps, possibly, probably, likely, reportedly, allegedly, appears to,"
            "seems to, is thought to, are thought to"
        ),
        "opinion": phrases(
            "i think, i believe, i feel, we think, we believe, in my opinion, should, ought to, must, analysts, experts"
            " believe, hopefully, best, worst, beautiful"
        ),
        "denial": phrases(
            "did not mention, made no mention, no remark*, no comment*, did not say, did not comment, no direct sign,"
            "no evidence, no sign, did not report, reported no"
        ),
    },
    "bn": {
        "attribution": phrases(
            "বলেছে*, বলেন, বলেছিলেন, বলা হয়েছে, জানিয়েছে*, জানায়, জানান, জানা গেছে, জানানো হয়েছে,"
            "দাবি কর*, দাবি, নিশ্চিত কর*,"
            "স্বীকার কর*, অস্বীকার কর*, অভিযোগ কর*, অভিযোগ, অভিযুক্ত, ঘোষণা কর*, মতে, অনুযায়ী, অনুসারে, তথ্যমতে"
        ),
        "change": phrases(
            "নিহত, আহত, হতাহত, মারা গেছে*, মৃত্যু, পাঠানো, পাঠিয়েছে*, বেড়েছে, কমেছে, দ্বিগুণ, তিনগুণ,"
            "বৃদ্ধি, গ্রেপ্তার, নিষিদ্ধ,"
            "মোতায়েন, গিয়েছে*, গেছে*, ধ্বংস"
        ),
        "quantity": phrases(
            "শতাংশ, শতকরা, শত, হাজার, হাজারো, লাখ, লক্ষ, কোটি, মিলিয়ন, বিলিয়ন, ডজন, অর্ধেক, দ্বিগুণ,"
            "দুই, দুটি, তিন, তিনটি, চার,"
            "চারটি, পাঁচ, পাঁচটি, ছয়, সাত, আট, নয়টি, দশ, বিশ, ত্রিশ, পঞ্চাশ"
        ),
        "comparison": phrases(
            "চেয়ে বেশি, চেয়ে কম, তুলনায়, সবচেয়ে বেশি, সবচেয়ে কম, সবচেয়ে বড়, সর্বোচ্চ, সর্বনিম্ন,প্রথমবার*, রেকর্ড"
        ),
        "promise": phrases("হবে, করব, করবে, করবেন, করবো, যাব, যাবে, দেব, দেবে, দেবেন, চাই, চান, আশা করি, চলুন, আসুন"),
        "self": phrases("আমি, আমার, আমাকে, নিজেকে"),
        "hedge": phrases(
            "সম্ভবত, হয়তো, হয়ত, সম্ভাবনা, সম্ভাব্য, পারে, পারেন, পারত, ধারণা করা হয়, ধারণা করা হচ্ছে,"
            "মনে করা হয়, মনে করা হচ্ছে,"
            "মনে হয়, মনে হচ্ছে"
        ),
        "opinion": phrases("আমার মতে, আমি মনে করি, উচিত, বিশ্লেষক*, বিশেষজ্ঞদের ধারণা, দুর্ভাগ্যজনক,চমৎকার, সবচেয়ে ভালো"),
        "denial": phrases(
            "উল্লেখ করেনি*, উল্লেখ নেই, উল্লেখ করা হয়নি, মন্তব্য করেনি*, মন্তব্যের কথা জানায়নি,"
            "মন্তব্য নেই, মন্তব্য ছিল না,"
            "কিছু বলেনি*, কিছুই বলেনি*, জানায়নি, বলেনি*, প্রকাশ করেনি*, প্রমাণ নেই, প্রমাণ মেলেনি,"
            "ইঙ্গিত নেই, ইঙ্গিত পাওয়া যায়নি,"
            "কথা জানা যায়নি, প্রচার করেনি, তুলে ধরেনি"
        ),
    },
    "hi": {
        "attribution": phrases(
            "कहा, कहा है, बताया, बताया है, दावा, पुष्टि, घोषणा, आरोप, आरोप लगाया, स्वीकार, इनकार, इन्कार,के अनुसार, के मुताबिक"
        ),
        "change": phrases("मारे गए, मौत, घायल, भेजे, भेजा, बढ़ा, बढ़ी, बढ़े, घटा, घटी, दोगुना, दोगुनी,गिरफ़्तार, गिरफ्तार, प्रतिबंध"),
        "quantity": phrases(
            "प्रतिशत, फ़ीसदी, फीसदी, सौ, सैकड़ों, हज़ार, हजार, हज़ारों, हजारों, लाख, लाखों, करोड़,"
            "करोड़ों, अरब, आधा, आधे, दो, तीन,"
            "चार, पांच, पाँच, छह, सात, आठ, दस, बीस, पचास"
        ),
        "comparison": phrases(
            "से ज़्यादा, से ज्यादा, से अधिक, से कम, की तुलना, सबसे ज़्यादा, सबसे ज्यादा, सबसे बड़ा, सबसे बड़ी, पहली बार"
        ),
        "promise": phrases("होगा, होगी, होंगे, करेगा, करेगी, करेंगे, करूंगा, करूँगा, चाहता, चाहते, उम्मीद, आइए"),
        "self": phrases("मैं, मैंने, मुझे, मेरा, मेरी, मेरे"),
        "hedge": phrases("शायद, संभवतः, सम्भवतः, संभावना, हो सकता, हो सकती, हो सकते, सकता है, सकती है, सकते हैं"),
        "opinion": phrases("मेरे विचार, मुझे लगता, हमें लगता, चाहिए, विश्लेषक*, दुर्भाग्य*"),
        "denial": phrases("उल्लेख नहीं, टिप्पणी नहीं, कुछ नहीं कहा, कोई सबूत नहीं, कोई प्रमाण नहीं, कोई संकेत नहीं"),
    },
    "ar": {
        "attribution": phrases(
            "قال, قالت, وقال, وقالت, أعلن, أعلنت, وأعلن, أكد, أكدت, وأكد, زعم, زعمت, اتهم, اتهمت, نفى, نفت, بحسب, وفقا"
        ),
        "change": phrases(
            "قتل, مقتل, أصيب, إصابة, أرسلت, أرسل, ارتفع, ارتفعت, انخفض, انخفضت, تضاعف, تضاعفت, اعتقل, اعتقلت"
        ),
        "quantity": phrases(
            "بالمئة, بالمائة, في المئة, في المائة, مئة, مائة, مئات, ألف, آلاف, مليون, ملايين, مليار, مليارات, نصف, ضعف,"
            "ثلاثة, أربعة, خمسة, ستة, سبعة, ثمانية, تسعة, عشرة, عشرات"
        ),
        "comparison": phrases("أكثر من, أقل من, أعلى من, أكبر من, مقارنة ب*, لأول مرة, للمرة الأولى, الأكبر, الأعلى"),
        "promise": phrases("سوف, سيكون, ستكون, سنقوم, نريد, أريد, أتمنى, نتمنى, نأمل, دعونا"),
        "self": phrases("أنا, إني, إنني, لي, عندي, نفسي"),
        "hedge": phrases("ربما, قد, وقد يكون, يمكن أن, من الممكن, من المحتمل, محتمل, يبدو, يعتقد"),
        "opinion": phrases("أعتقد, نعتقد, برأيي, يجب, ينبغي, محللون, المحللون, للأسف"),
        "denial": phrases("لم يذكر, لم تذكر, لم يعلق, لم تعلق, لا دليل, لا يوجد دليل, لا توجد أدلة"),
    },
    "ur": {
        "attribution": phrases("کہا, بتایا, دعویٰ, تصدیق, اعلان, الزام, تردید, کے مطابق"),
        "change": phrases("ہلاک, زخمی, بھیجے, بھیجا, اضافہ, کمی, دگنا, گرفتار, پابندی"),
        "quantity": phrases(
            "فیصد, سو, سینکڑوں, ہزار, ہزاروں, لاکھ, لاکھوں, کروڑ, کروڑوں, ارب, نصف, آدھا, دو, تین, چار,"
            "پانچ, چھ, سات, آٹھ, دس"
        ),
        "comparison": phrases("سے زیادہ, سے کم, کی نسبت, سب سے زیادہ, سب سے بڑا, سب سے بڑی, پہلی بار"),
        "promise": phrases("ہوگا, ہو گا, ہوگی, ہوں گے, کریں گے, کرے گا, چاہتا, چاہتے, امید"),
        "self": phrases("میں نے, مجھے, میرا, میری, میرے"),
        "hedge": phrases("شاید, ممکنہ, ممکن ہے, امکان, ہو سکتا, ہو سکتی, سکتا ہے, سکتی ہے, سکتے ہیں"),
        "opinion": phrases("میرے خیال, چاہیے, چاہئے, تجزیہ کار*, بدقسمتی"),
        "denial": phrases("ذکر نہیں, تبصرہ نہیں, کوئی ثبوت نہیں, کوئی اشارہ نہیں"),
    },
}
