"""The words that decide whether a full stop ends a sentence. Data and look-ups; the rules are in `sentences.py`.

Collected from general knowledge of news style, not from a corpus. A word is compared case-folded, without its stop.
"""

from __future__ import annotations

import re
import unicodedata


def _words(text: str) -> frozenset[str]:
    return frozenset(folded(text).split())


def folded(word: str) -> str:
    """Return `word` as it is looked up here: case-folded, and NFC, so that it makes no difference how it was typed."""
    return unicodedata.normalize("NFC", word).casefold()


# Followed by a name, or another part of the same thing: a sentence never ends here.
_TITLES = _words(
    """
    mr mrs ms mx dr prof gen sen sens rep reps gov govs lt col sgt capt cpl maj adm cmdr brig rev fr st ste hon pres
    supt insp det messrs mme mlle me sr sra srta dra hr frau bzw vgl ca z.b d.h u.a e.g i.e viz cf vs v al
    dña excmo excma ilmo ing lic arq dipl habil sig sig.ra dott avv doç yrd av dhr mevr
    drs drg tn ny nn jend letjen mayjen brigjen kombes bw bi dkt mh mhe tt ts ths bs gs pgs tp
    ড ডা ডঃ মো মোঃ মোছা মু অধ্যা প্রফে ইঞ্জি লে মে ব্রি জে কর্নেল অব অ্যাড সৈ শ্রী শেঠ রেভ সেন মি মিস মিসেস
    ਡਾ ਸ ਸ੍ਰੀ ਸ਼੍ਰੀ ਪ੍ਰੋ ਮਿ ਰੈਵ ਸੇਨ ਸੇਂਟ ગો ડૉ ડો શ્રી પ્રો திரு திருமதி டாக்டர் பேரா డా శ్రీ ప్రొ ಡಾ ಶ್ರೀ ಪ್ರೊ ഡോ ശ്രീ പ്രൊ
    सेंट सेन्ट सिने डॉ डा श्री प्रो पं मो मौ कु सुश्री स्व ले जन कर्न इंजी सर मिस मिसेज सेन रेव
    د أ م
    ул им т.е т.д проф др св англ лат нем
    """
)

# Titles only when capitalised; otherwise words that end sentences as well (Turkish sen: you; Malay gen).
_ONLY_CAPITAL = _words("sen gen rep gov maj col hon me mh bs ts tt gs pres adm rev ing det ny bi")

# Usually inside a sentence, at times its last word.
_ABBREVIATIONS = _words(
    """
    etc inc ltd co corp plc llc jr sr bros dept est approx ave blvd rd mt ft vol pp eds
    a.m p.m u.s u.k u.n e.u d.c ph.d b.a m.a b.sc m.sc sq mph bn tn usd usw dgl co ltda cía vb tbk dll dsb
    г гг руб коп тыс млн млрд
    লি কি.মি কিমি কিঃমিঃ মি সে.মি সেমি কে.জি কেজি খ্রি খ্রিঃ খৃ পৃ নং তাং প্রাঃ প্রা জি.পি.এ জিপিএ ইং বাং হি
    कि.मी किमी मि मी से.मी कि.ग्रा ग्रा लि प्रा ई.पू सं पृ रु
    """
)

_TAKE_NUMBER = _words(
    """
    no nos art sec fig vol pp p ch para nr núm núms nº jan feb mar apr jun jul aug sep sept oct nov dec
    ene abr ago dic
    janv févr avr juil déc okt dez str abb bd kap pág págs cap hal стр рис табл ст ص
    নং পৃ ধারা তাং रु सं पृ ক্র क्र rs tk
    """
)

# Capitalised after an abbreviation, these begin a new sentence; other capitals are as likely names. Articles, pronouns,
# conjunctions and adverbs of news in English, Spanish, Portuguese, French, German, Turkish, Indonesian, Vietnamese,
# Swahili and Russian.
_OPENERS = _words(
    """
    the a an he she it they we you i this that these those there here his her its their our my in on at but and or if
    when while after before as although though however since because for from with by under over so yet then now
    some many most all no not what who how why where one two meanwhile also today yesterday last next according
    en y pero por para con sin según cuando mientras tras desde hasta aunque sin él ella ellos ellas esto este esta
    estos estas ese esa una unos unas su sus lo se si más también además ahora ayer hoy así qué quién cómo como no
    o os as em e mas com sem segundo quando enquanto após apesar ele ela eles elas isto isso esta este uma um seu sua
    também agora ontem hoje já ao à na no nas nos
    il elle ils elles on nous vous je ce cet cette ces et mais dans pour par avec sans selon quand lorsque après avant
    depuis si une à au aux son sa ses leur leurs aussi hier aujourd’hui
    er sie es wir ich ihr dies diese dieser dieses und aber oder wenn als nach vor seit mit ohne für bei im am in zu
    auf eine ein einer sein seine auch jetzt gestern heute doch dabei damit laut wie was
    o onlar biz bu şu ve ama fakat ancak için göre bir sonra ayrıca dün bugün
    ia dia mereka kami kita ini itu dan tetapi namun karena jika ketika setelah sebelum dalam di pada menurut saat
    khi nếu trong theo tuy nhưng các những một đây đó họ tôi chúng sau trước với để và tại vào
    yeye wao sisi hii hiyo huyo lakini kwa katika baada kabla kama wakati pia alisema hata huku
    он она оно они мы вы я это этот эта эти тот и но а или если когда после до с со в во на по при для из за от к у о
    об как что кто где так также однако потом теперь вчера сегодня его её их все не
    """
)

# These begin sentences as well, but also surnames: J. De Niro, C. R. Das.
_NAME_PARTS = _words("de la le das der die den el al les los las un lo di da do du dos del van von os um")

# The names of Latin letters, as initials are written in Bengali and Hindi (এম. এ. হক, एस. जयशंकर). Left out are those
# that also end sentences, such as the Hindi के.
_LETTER_NAMES = _words(
    """
    এ বি সি ডি ই এফ জি এইচ আই জে কে এল এম এন ও পি কিউ আর এস টি ইউ ভি ডব্লিউ এক্স ওয়াই জেড
    ஏ பி சி டி ஈ எஃப் ஜி எச் ஐ ஜே கே எல் எம் என் ஓ கியூ ஆர் எஸ் யு வி டபிள்யூ எக்ஸ் ஒய்
    ए बी सी डी ई एफ जी एच आई जे एल एम एन ओ पी क्यू आर एस टी यू वी डब्ल्यू एक्स वाई ज़ेड
    """
)

# A number after one of these is an ordinal in German: in der 89. Minute.
_BEFORE_ORDINAL = _words(
    """
    der die das dem den des am im vom zum zur beim bis ab seit ein eine einen einem einer jeder jede jedes jedem jeden
    mein meine meinen meinem meiner dein deine deinen deinem deiner sein seine seinen seinem seiner
    ihr ihre ihren ihrem ihrer unser unsere unseren unserem unserer dieser diese dieses diesem diesen
    """
)
_MONTHS = _words("januar jänner februar märz april mai juni juli august september oktober november dezember")

# Symbols of units take no stop (SI brochure, 9th edition, 5.2), so one after them is the sentence's.
_UNITS = frozenset({"km", "m", "cm", "mm", "kg", "g", "mg", "t", "l", "ml", "s", "h", "min", "ha", "kW", "MW", "GW"})

_DOTTED = re.compile(r"(?:[^\W\d][\u0900-\u0dff]{0,4}\.){1,8}[^\W\d][\u0900-\u0dff]{0,4}")

# Initials in the south of India are a letter with its vowel sign: மு. கருணாநிதி.
_DRAVIDIAN_LETTER = re.compile(r"[\u0b80-\u0d7f][\u0bbe-\u0bcd\u0c3e-\u0c4d\u0cbe-\u0ccd\u0d3e-\u0d4d]{0,2}")

_NEXT_INITIAL = re.compile(r"([^\W\d_])\1?\.")
_FIRST_WORD = re.compile(r"[\w’\u0900-\u0dff]++")


def is_title(word: str) -> bool:
    """True if `word` with a stop belongs to what follows, so that no sentence ends there."""
    lowered = folded(word)
    return lowered in _TITLES and not (word[:1].islower() and lowered in _ONLY_CAPITAL)


def is_abbreviation(word: str) -> bool:
    """True if `word` with a stop is usually inside a sentence and at times its last word."""
    # Plurals double their letter in Spanish (EE. UU., FF. AA.); II, XX, CC and MM are more often numbers.
    doubled = len(word) == 2 and word.isupper() and word[0] == word[1] and word[0] not in "IXCM"
    return doubled or folded(word) in _ABBREVIATIONS


def is_initial(word: str) -> bool:
    """True for a single letter, a letter's name in South Asia, or letters parted by stops (U.S, কি.মি)."""
    lowered = folded(word)
    return (
        (len(lowered) == 1 and lowered.isalpha())
        or lowered in _LETTER_NAMES
        or _DOTTED.fullmatch(lowered) is not None
        or _DRAVIDIAN_LETTER.fullmatch(lowered) is not None
    )


def is_unit(word: str, before: str) -> bool:
    """True if `word` is the symbol of a unit, and `before`, the word in front of it, a number."""
    return word in _UNITS and before.isdecimal()


def takes_number(word: str) -> bool:
    """True if `word` with its stop is commonly followed by a number (No. 5, Jan. 5)."""
    return folded(word) in _TAKE_NUMBER


def is_ordinal(word: str, before: str, after: str) -> bool:
    """True if `word`, a number with a stop, counts something; `before` and `after` are the text on its two sides."""
    if len(word) > 3 or not word.isdecimal():
        return False
    following = _FIRST_WORD.match(after)
    return folded(before) in _BEFORE_ORDINAL or (following is not None and folded(following[0]) in _MONTHS)


def opens(after: str, *, initial: bool) -> bool:
    """True if `after`, the text behind an abbreviation, begins a sentence; `initial`: behind a single letter."""
    following = _FIRST_WORD.match(after)
    if following is None or not after[:1].isupper() or _NEXT_INITIAL.match(after):
        return False
    if len(following[0]) > 1 and following[0].isupper():
        return False  # letters read one by one, as in 7 p.m. ET
    word = folded(following[0])
    return word in _OPENERS or (word in _NAME_PARTS and not initial)
