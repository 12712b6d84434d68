"""Which language a text is in: a rule over Unicode scripts, to be replaced by a trained model.

What it cannot do, by design: tell apart languages of one script (Marathi and Nepali are reported as Hindi, Bulgarian
as Russian, Pashto as Urdu), and name a language in Latin letters other than English.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter

# First and last code point, and the script's language, or the script's name in capitals if it needs a second look.
# Letters only: digits and punctuation are shared. Ranges from the Unicode Character Database, Blocks.txt.
_RANGES = (
    (0x0041, 0x005A, "LATIN"),
    (0x0061, 0x007A, "LATIN"),
    (0x00AA, 0x024F, "LATIN"),
    (0x0370, 0x03FF, "el"),
    (0x0400, 0x052F, "CYRILLIC"),
    (0x0530, 0x058F, "hy"),
    (0x0590, 0x05FF, "he"),
    (0x0600, 0x06FF, "ARABIC"),
    (0x0750, 0x077F, "ARABIC"),
    (0x0900, 0x097F, "hi"),
    (0x0980, 0x09FF, "BENGALI"),
    (0x0A00, 0x0A7F, "pa"),
    (0x0A80, 0x0AFF, "gu"),
    (0x0B00, 0x0B7F, "or"),
    (0x0B80, 0x0BFF, "ta"),
    (0x0C00, 0x0C7F, "te"),
    (0x0C80, 0x0CFF, "kn"),
    (0x0D00, 0x0D7F, "ml"),
    (0x0D80, 0x0DFF, "si"),
    (0x0E00, 0x0E7F, "th"),
    (0x0E80, 0x0EFF, "lo"),
    (0x0F00, 0x0FFF, "bo"),
    (0x1000, 0x109F, "my"),
    (0x10A0, 0x10FF, "ka"),
    (0x1100, 0x11FF, "ko"),
    (0x1200, 0x139F, "am"),
    (0x1780, 0x17FF, "km"),
    (0x1E00, 0x1EFF, "LATIN"),
    (0x1F00, 0x1FFF, "el"),
    (0x3040, 0x30FF, "KANA"),
    (0x3130, 0x318F, "ko"),
    (0x31F0, 0x31FF, "KANA"),
    (0x3400, 0x4DBF, "HAN"),
    (0x4E00, 0x9FFF, "HAN"),
    (0xAC00, 0xD7FF, "ko"),
    (0xF900, 0xFAFF, "HAN"),
    (0xFB50, 0xFDFF, "ARABIC"),
    (0xFE70, 0xFEFF, "ARABIC"),
    (0xFF66, 0xFF9D, "KANA"),
    (0x20000, 0x3FFFF, "HAN"),
)
_STARTS = [first for first, _, _ in _RANGES]

# A Latin letter counts half: names and quotations in English are common in a Bengali text, the other way round rare.
_OTHERS_FAVOUR = 2

# Letters that Urdu has and Arabic lacks; Urdu shares the second group with Persian. One in twenty-five is
# below what any text of theirs has, and above a foreign name in an Arabic one.
_URDU = frozenset("ٹڈڑےۓںھہۂۃ")
_PERSIAN = frozenset("پچژگکی")
_FEW = 25

_UKRAINIAN = frozenset("іїєґІЇЄҐ")
_ASSAMESE = frozenset("ৰৱ")

_WORD = re.compile(r"[a-z]+(?:['’][a-z]+)?")
# Function words that no other language of Latin letters has in common use (left out: in, is, was, a, an, on, do, me).
_ENGLISH = frozenset(
    [
        *("the", "of", "and", "to", "that", "it", "with", "from", "by", "be", "been", "this", "which", "would", "not"),
        *(
            "are",
            "were",
            "has",
            "have",
            "had",
            "will",
            "its",
            "their",
            "they",
            "his",
            "her",
            "she",
            "you",
            "your",
            "we",
        ),
        *("who", "what", "when", "how", "there", "these", "those", "than", "into", "about", "after", "could", "should"),
        *("may", "might", "can", "does", "did", "don't", "doesn't", "isn't", "it's", "our", "my", "because", "if"),
        *(
            "for",
            "more",
            "most",
            "all",
            "out",
            "says",
            "said",
            "new",
            "year",
            "years",
            "people",
            "first",
            "two",
            "being",
        ),
    ]
)
# English prose has about four in ten; headlines have few.
_ENGLISH_SHARE = 1 / 12


def detect(text: str) -> str:
    """Return the ISO 639-1 code of the language `text` is written in, `und` if the rule cannot tell.

    The script with the most letters decides, Latin letters counting half; digits, punctuation, emoji count for nothing.
    """
    letters = [char for char in text if char.isalpha()]
    scripts = Counter(script for script in map(_script, letters) if script)
    latin = scripts.pop("LATIN", 0)
    if not scripts or max(scripts.values()) * _OTHERS_FAVOUR < latin:
        return _latin(text) if latin else "und"
    # Japanese is mostly Han characters by count, and no other language mixes them with kana.
    if scripts["KANA"]:
        scripts["KANA"] += scripts.pop("HAN", 0)
    # Equal counts go by name, so that the answer does not hang on which came first.
    script = min(scripts, key=lambda each: (-scripts[each], each))
    return _language(script, letters)


def _script(char: str) -> str | None:
    code = ord(char)
    index = bisect_right(_STARTS, code) - 1
    if index < 0:
        return None
    _, last, script = _RANGES[index]
    return script if code <= last else None


def _language(script: str, letters: list[str]) -> str:
    match script:
        case "BENGALI":
            return "as" if _ASSAMESE.intersection(letters) else "bn"
        case "ARABIC":
            return _arabic_script(letters)
        case "CYRILLIC":
            return "uk" if _UKRAINIAN.intersection(letters) else "ru"
        case "KANA":
            return "ja"
        case "HAN":
            return "zh"
        case _:
            return script


def _arabic_script(letters: list[str]) -> str:
    if sum(letter in _URDU for letter in letters) * _FEW > len(letters):
        return "ur"
    return "fa" if sum(letter in _PERSIAN for letter in letters) * _FEW > len(letters) else "ar"


def _latin(text: str) -> str:
    words = _WORD.findall(text.lower())
    known = sum(word in _ENGLISH for word in words)
    return "en" if known and known >= len(words) * _ENGLISH_SHARE else "und"
