"""The words that decide whether a full stop ends a sentence. Data and look-ups; the rules are in `sentences.py`.

Collected from general knowledge of news style, not from a corpus. A word is compared case-folded, without its stop.
"""

from __future__ import annotations

import re
import unicodedata


def _words(text: str) -> frozenset[str]:
    # NFC, so that it makes no difference in which form the letters of this file or of the text were typed.
    return frozenset(unicodedata.normalize("NFC", text).split())


# Followed by a name, or another part of the same thing: a sentence never ends here.
TITLES = _words(
    """
    mr mrs ms mx dr prof gen sen sens rep reps gov govs lt col sgt capt cpl maj adm cmdr brig rev fr st ste hon pres
    supt insp det messrs mme mlle sr sra srta dra hr frau bzw vgl ca z.b e.g i.e viz cf vs v al
    ড ডা ডঃ মো মোঃ মোছা মু অধ্যা প্রফে ইঞ্জি লে মে ব্রি জে কর্নেল অব অ্যাড সৈ শ্রী শেঠ রেভ সেন মি মিস মিসেস
    डॉ डा श्री प्रो पं मो मौ कु सुश्री स्व ले जन कर्न इंजी सर मिस मिसेज सेन रेव
    د أ م
    г гг ул им т.е т.д проф др св англ лат нем
    """
)

# Usually inside a sentence, at times its last word.
ABBREVIATIONS = _words(
    """
    etc inc ltd co corp plc llc jr sr bros dept est approx ave blvd rd mt ft vol pp eds
    a.m p.m u.s u.k u.n e.u d.c ph.d b.a m.a b.sc m.sc sq km kg cm mm mph bn tn usd
    লি কি.মি কিমি কিঃমিঃ মি সে.মি সেমি কে.জি কেজি খ্রি খ্রিঃ খৃ পৃ নং তাং প্রাঃ প্রা জি.পি.এ জিপিএ ইং বাং হি
    कि.मी किमी मि मी से.मी कि.ग्रा ग्रा लि प्रा ई.पू सं पृ रु
    """
)

_TAKE_NUMBER = _words(
    """
    no nos art sec fig vol pp p ch para nr núm núms nº jan feb mar apr jun jul aug sep sept oct nov dec
    নং পৃ ধারা তাং रु सं पृ ক্র क्र rs tk
    """
)

# Capitalised after an abbreviation, these begin a new sentence; other capitals are as likely names.
OPENERS = _words(
    """
    the a an he she it they we you i this that these those there here his her its their our my in on at but and or if
    when while after before as although though however since because for from with by under over so yet then now
    some many most all no not what who how why where one two meanwhile also today yesterday last next according
    """
)

# The names of Latin letters, as initials are written in Bengali and Hindi (এম. এ. হক, एस. जयशंकर). Left out are those
# that also end sentences, such as the Hindi के.
_LETTER_NAMES = _words(
    """
    এ বি সি ডি ই এফ জি এইচ আই জে কে এল এম এন ও পি কিউ আর এস টি ইউ ভি ডব্লিউ এক্স ওয়াই জেড
    ए बी सी डी ई एफ जी एच आई जे एल एम एन ओ पी क्यू आर एस टी यू वी डब्ल्यू एक्स वाई ज़ेड
    """
)

# A number after one of these is an ordinal in German: in der 89. Minute.
_BEFORE_ORDINAL = _words("der die das dem den des am im vom zum zur beim bis ab seit ein eine einen einem einer")

_DOTTED = re.compile(r"(?:\w[\u0900-\u0dff]{0,4}\.){1,8}\w[\u0900-\u0dff]{0,4}")


def is_initial(word: str) -> bool:
    """True for a single letter, a letter's name in Bengali or Hindi, or letters parted by stops (U.S, কি.মি)."""
    return (len(word) == 1 and word.isalpha()) or word in _LETTER_NAMES or _DOTTED.fullmatch(word) is not None


def takes_number(word: str) -> bool:
    """True if the folded `word` with its stop is commonly followed by a number (No. 5, Jan. 5)."""
    return word in _TAKE_NUMBER


def is_ordinal(word: str, before: str) -> bool:
    """True if `word`, a number with a stop, counts something: `before` is the folded word in front of it."""
    return len(word) <= 3 and word.isdecimal() and before in _BEFORE_ORDINAL
