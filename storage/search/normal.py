"""The normal form of a text: what makes two writings of one claim the same claim.

Kept: letters and their marks, digits, currency and per cent signs, a decimal point, the minus before a number. Gone:
case, punctuation, invisible characters, the script of digits, grouping commas, widths and other forms of one letter.
What would change the fact is never dropped: 3.5 is not 35, and -5 is not 5.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from functools import lru_cache

# Written before Unicode 4.1 had the letter: ta, hasanta and a joiner stand for khanda ta. Must go before joiners do.
_KHANDA_TA = ("\u09a4\u09cd\u200d", "\u09ce")

# A fraction sign would stick to the digits before it: 1½ must not turn into 11/2.
_FRACTION = re.compile("(?=[\u00bc-\u00be\u2150-\u215e\u2189])")

# 15,000 and 1,50,000 but not 2019,2020: groups of two or three digits, the last one of three.
_GROUPED = re.compile(r"(?<![0-9])[0-9]{1,3}(?:,[0-9]{2,3})*,[0-9]{3}(?![0-9])")

_POINT = re.compile(r"(?<![0-9])\.|\.(?![0-9])")
_HYPHEN = re.compile(r"(?<=\S)-|-(?![0-9])")
_LOOSE_PERCENT = re.compile(r"(?<=[0-9]) (?=[%‰])")

# Written inside words or around them without parting them: don't = dont, শ’খানেক = শখানেক.
_QUOTES = frozenset("'\"`´‘’‚‛“”„‟‹›«»′″‵‶ʼʹʻ՚＇＂「」『』")

# No format characters by category, yet invisible: grapheme joiner, Hangul fillers, variation selectors. And tatweel,
# which only stretches a word.
_INVISIBLE = frozenset(
    "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u3164\uffa0\u0640"
    + "".join(map(chr, (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))))
)

_SINGLE = {"٪": "%", "٫": ".", "٬": ",", "，": ",", "−": "-", "‐": "-", "‑": "-", "–": "-"}


def normal_form(text: str) -> str:
    """Return the words of `text` in a form that is equal for equal claims.

    Takes any text, lone surrogates included; the answer is words parted by single spaces, possibly empty. Applying it
    twice changes nothing. Exact duplicates are found by it, and the full-text index is fed with it.
    """
    form = _pass(text)
    # Taking out a character can bring a letter and a mark together that compose, or begin a number. Passes only
    # shorten or compose, so this ends; real text needs the one check.
    while (again := _pass(form)) != form:
        form = again
    return form


def claim_key(text: str) -> str:
    """Return the SHA-256, in hex, of the normal form. Of a text without any words, that of the text, stripped."""
    return hashlib.sha256((normal_form(text) or text.strip()).encode("utf-8", "surrogatepass")).hexdigest()


def _pass(text: str) -> str:
    text = _FRACTION.sub(" ", text.replace(*_KHANDA_TA))
    # Folding case can undo composition, and composing can need folding again (Unicode 3.13, toNFKC_Casefold).
    text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    text = "".join(map(_fold, text))
    text = _GROUPED.sub(lambda found: found[0].replace(",", ""), text).replace(",", " ")
    text = _HYPHEN.sub(" ", _POINT.sub(" ", text))
    text = _LOOSE_PERCENT.sub("", " ".join(text.split()))
    return unicodedata.normalize("NFKC", text)


@lru_cache(maxsize=4096)
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
    # Unassigned, private and surrogate code points stay: this table is older than the letters of tomorrow.
    return char if category[0] in "LMN" or category in {"Sc", "Cn", "Co", "Cs"} else " "
