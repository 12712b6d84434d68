"""The normal form of a text: what makes two writings of one claim the same claim.

Kept: letters and their marks, digits, currency and per cent signs, a decimal point, the minus before a number. Gone:
case, punctuation, emoji, invisible characters, the script of digits, grouping commas, the spaces in telephone numbers,
widths and other forms of one letter, Arabic vowel signs, and of web addresses whatever does not tell which page it is.
What would change the fact is never dropped: 3.5 is not 35, and -5 is not 5.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata

from storage.search.urls import replace_links

# Written before Unicode 4.1 had the letter: ta, hasanta and a joiner stand for khanda ta. Must go before joiners do.
_KHANDA_TA = ("\u09a4\u09cd\u200d", "\u09ce")

# A fraction sign would stick to the digits before it: 1½ must not turn into 11/2.
_FRACTION = re.compile("(?=[\u00bc-\u00be\u2150-\u215e\u2189])")

# 15,000 and 1,50,000 but not 2019,2020: groups of two or three digits, the last one of three. At most eight, and no
# other before: to look through a long list anew from each of its members would take quadratic time.
_GROUPED = re.compile(r"(?<![0-9])(?<![0-9],)[0-9]{1,3}(?:,[0-9]{2,3}){0,7},[0-9]{3}(?!,?[0-9])")

# +880 1712-345678, 01712-345678 and (0171) 2345678, but not 2019-2020 nor 01-05-2020: after a plus eight to fifteen
# digits (ITU E.164), without one a zero and at least nine more, in two or three groups.
_PHONE = re.compile(
    r"(?<![\d.,+-])(?:(?P<plus>\+)\d{1,4}(?:[ .()-]{1,2}\d{2,8}){1,5}|\(?0\d{2,5}\)?(?:[ -]\d{3,8}){1,2})(?![.,-]?\d)"
)
_ABROAD, _AT_HOME = range(8, 16), range(10, 13)

_POINT = re.compile(r"(?<![0-9])\.|\.(?![0-9])")
_HYPHEN = re.compile(r"(?<=\S)-|-(?![0-9])")
_LOOSE_PERCENT = re.compile(r"(?<=[0-9]) (?=[%‰])")

# Written inside words or around them without parting them: don't = dont, শ’খানেক = শখানেক.
_QUOTES = frozenset("'\"`´‘’‚‛“”„‟‹›«»′″‵‶ʼʹʻ՚＇＂「」『』")

# No format characters by category, yet invisible: grapheme joiner, Hangul fillers, variation selectors. Then what only
# stretches a word (tatweel), and the vowel signs of Arabic, which one newspaper writes and the next does not.
_INVISIBLE = frozenset(
    "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u3164\uffa0\u0640\u0670"
    + "".join(map(chr, (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0), *range(0x064B, 0x0660))))
)

_SINGLE = {"٪": "%", "٫": ".", "٬": ",", "，": ",", "−": "-", "‐": "-", "‑": "-", "–": "-"} | {
    # One letter on an Arabic, a Persian and an Urdu keyboard; and what typists leave out: the hamza on an alef, the
    # dots of a last yeh or heh.
    **dict.fromkeys("\u0622\u0623\u0625\u0671", "\u0627"),
    **dict.fromkeys("\u0649\u06cc", "\u064a"),
    **dict.fromkeys("\u06a9", "\u0643"),
    **dict.fromkeys("\u0629\u06c0\u06c1\u06c2\u06c3\u06d5", "\u0647"),
}

_MARKS_MOST = 30
"""Combining marks in a row that are kept: no language needs more (UAX #15, Stream-Safe Text Format), and to put a long
row in order takes quadratic time."""

_LONG = 2_000
"""Characters from which a text is looked through for such rows; in a shorter one they take no time worth saving."""


def normal_form(text: str) -> str:
    """Return the words of `text` in a form that is equal for equal claims.

    Takes any text, lone surrogates included; the answer is words parted by single spaces, possibly empty. Applying it
    twice changes nothing. Exact duplicates are found by it, and the full-text index is fed with it.
    """
    form = _pass(replace_links(text))
    # Taking out a character can bring a letter and a mark together that compose, or begin a number. Passes only
    # shorten or compose, so this ends; real text needs the one check.
    while (again := _pass(form)) != form:
        form = again
    return form


def claim_key(text: str) -> str:
    """Return the SHA-256, in hex, of the normal form. Of a text without any words, that of the text, stripped."""
    return hashlib.sha256((normal_form(text) or text.strip()).encode("utf-8", "surrogatepass")).hexdigest()


def _pass(text: str) -> str:
    if text.isascii():
        text = text.lower()
    else:
        text = _FRACTION.sub(" ", text.replace(*_KHANDA_TA))
        if len(text) > _LONG:
            text = _without_piles(text)
        # Folding case can undo composition, and composing can need folding again (Unicode 3.13, toNFKC_Casefold).
        text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    text = _PHONE.sub(_joined, text).translate(_FOLDED)
    # Looked for before it is replaced: most texts have only some of these, and this runs for every text twice.
    if "," in text:
        text = _GROUPED.sub(lambda found: found[0].replace(",", ""), text).replace(",", " ")
    if "." in text:
        text = _POINT.sub(" ", text)
    if "-" in text:
        text = _HYPHEN.sub(" ", text)
    text = " ".join(text.split())
    if "%" in text or "‰" in text:
        text = _LOOSE_PERCENT.sub("", text)
    return text if text.isascii() else unicodedata.normalize("NFKC", text)


def _joined(found: re.Match[str]) -> str:
    digits = "".join(filter(str.isdecimal, found[0]))
    return f" {digits}" if len(digits) in (_ABROAD if found["plus"] else _AT_HOME) else found[0]


def _without_piles(text: str) -> str:
    """Return `text` with no more than `_MARKS_MOST` combining marks in a row."""
    kept, row = [], 0
    for char in text:
        row = row + 1 if unicodedata.combining(char) else 0
        if row <= _MARKS_MOST:
            kept.append(char)
    return "".join(kept)


def _fold(char: str) -> str:
    """Return what stands for one character: itself, an ASCII digit, a space, or nothing."""
    char = _SINGLE.get(char, char)
    if char in _QUOTES or char in _INVISIBLE:
        return ""
    if char in ".,-%‰":
        return char
    category = unicodedata.category(char)
    if category == "Nd":
        return str(unicodedata.decimal(char))
    if category == "Cf":
        return ""
    # Unassigned, private and surrogate code points stay: this table is older than the letters of tomorrow. Marks that
    # enclose do not: they make a button of a digit (1️⃣2️⃣ is 1 and 2), and no letter of any language.
    return char if (category[0] in "LMN" and category != "Me") or category in {"Sc", "Cn", "Co", "Cs"} else " "


class _Folded(dict[int, str]):
    """`_fold` as a table for `str.translate`, which is many times faster; filled as characters come along."""

    def __missing__(self, code: int) -> str:
        folded = _fold(chr(code))
        # The letters of living languages and no more, lest a hostile text fill the memory.
        if code < _TABLE_ENDS:
            self[code] = folded
        return folded


_TABLE_ENDS = 0x10000
_FOLDED = _Folded()
