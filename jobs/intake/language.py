"""Which language a text is in: first by its script, then, where languages share one, by a trained model.

The script with the most letters is that of the text. Bengali, Tamil or Thai is then known; for Latin, Cyrillic, Arabic
and Devanagari the model of py3langid (a naive Bayes over byte n-grams that comes in its package) chooses among the
languages written so that a desk may meet: the fewer it may choose from, the more often it is right. Letters that only
one of the languages has go before the model.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

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
    (0x0900, 0x097F, "DEVANAGARI"),
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
UNKNOWN = "und"
"""ISO 639-2's code for a language that is not determined."""

_STARTS = [first for first, _, _ in _RANGES]

# A Latin letter counts half: names and quotations in English are common in a Bengali text, the other way round rare.
_OTHERS_FAVOUR = 2

_LANGUAGES: dict[str, tuple[str, ...]] = {
    "LATIN": (
        *("af", "az", "ca", "cs", "da", "de", "en", "es", "et", "eu", "fi", "fr", "ga", "ha", "hr", "hu", "id", "ig"),
        *("is", "it", "lt", "lv", "mg", "mt", "nl", "no", "pl", "pt", "ro", "rw", "sk", "sl", "so", "sq", "sv"),
        *("sw", "tl", "tr", "uz", "vi", "xh", "yo", "zu"),
    ),
    "CYRILLIC": ("be", "bg", "kk", "ky", "mk", "mn", "ru", "sr", "uk"),
    "ARABIC": ("ar", "fa", "ku", "ps", "ug", "ur"),
    "DEVANAGARI": ("hi", "mr", "ne"),
}
"""The languages of a script among which the model chooses. Malay is not told apart from Indonesian."""

_WIDESPREAD = frozenset(
    {"en", "es", "pt", "fr", "de", "id", "tr", "vi", "sw", "ru", "ar", "fa", "ur", "hi", "mr", "ne"}
)
_OFTEN = 5
"""Before it is read, a text is so many times as likely in one of the languages with the most readers as in another one.
The model itself thinks each language equally likely, and four words tell it little."""

# Letters that one language of a script has and the others lack. One in twenty-five is below what any text of theirs
# has, and above a foreign name in another one.
_PECULIAR = (
    ("ARABIC", "ur", frozenset("ٹڈڑےۓںہۂۃ")),
    ("ARABIC", "ps", frozenset("ټډړږښڅځېۍ")),
    ("CYRILLIC", "uk", frozenset("їєґЇЄҐ")),
    ("CYRILLIC", "be", frozenset("ўЎ")),
    ("LATIN", "vi", frozenset("ạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹđơư")),
    ("BENGALI", "as", frozenset("ৰৱ")),
)
_FEW = 25

# A Persian keyboard has its own kaf and yeh; Arabic text has neither them nor the four letters of Persian sounds.
_PERSIAN = frozenset("پچژگکی")

LOOKED_AT = 400
"""Characters from the beginning: more do not make the answer surer, and the time stays below a millisecond."""

SURE = 0.4
"""Below this share of the model's belief no language is named: a wrong one sends a claim to who cannot read it."""

_NOT_WORDS = re.compile(r"(?:https?://|www\.)\S+|[@#]\w+|\d+")


def detect(text: str) -> str:
    """Return the ISO 639-1 code of the language `text` is written in, `und` if that cannot be told.

    The script with the most letters decides, Latin letters counting half; links, names with an @, hashtags, digits and
    punctuation count for nothing. Only the first `LOOKED_AT` characters are looked at.
    """
    text = _NOT_WORDS.sub(" ", text[: 4 * LOOKED_AT])[:LOOKED_AT]
    letters = [char for char in text if char.isalpha()]
    scripts = Counter(script for script in map(_script, letters) if script)
    if not scripts:
        return UNKNOWN
    # Japanese is mostly Han characters by count, and no other language mixes them with kana.
    if scripts["KANA"]:
        scripts["KANA"] += scripts.pop("HAN", 0)
    if len(scripts) > 1 and "LATIN" in scripts:
        scripts["LATIN"] //= _OTHERS_FAVOUR
    # Equal counts go by name, so that the answer does not hang on which came first.
    script = min(scripts, key=lambda each: (-scripts[each], each))
    return _language(script, letters, text)


def warm() -> None:
    """Load the model now, which takes half a second, rather than when the first text needs it."""
    _model()


def _script(char: str) -> str | None:
    code = ord(char)
    index = bisect_right(_STARTS, code) - 1
    if index < 0:
        return None
    _, last, script = _RANGES[index]
    return script if code <= last else None


def _language(script: str, letters: list[str], text: str) -> str:
    for of, language, peculiar in _PECULIAR:
        if of == script and sum(letter in peculiar for letter in letters) * _FEW > len(letters):
            return language
    if script in _LANGUAGES:
        return _by_model(script, letters, text)
    return {"BENGALI": "bn", "KANA": "ja", "HAN": "zh"}.get(script, script)


def _by_model(script: str, letters: list[str], text: str) -> str:
    among = set(_LANGUAGES[script])
    if script == "ARABIC" and not _PERSIAN.intersection(letters):
        among &= {"ar", "ur"}
    # Letters of another script are names and quotations; they would draw the model away.
    own = "".join(char if _script(char) in {script, None} else " " for char in text)
    ranked = [
        (language, belief * (_OFTEN if language in _WIDESPREAD else 1))
        for language, belief in _model().rank(own)
        if language in among
    ]
    total = sum(belief for _, belief in ranked)
    if not ranked or total <= 0:
        return UNKNOWN
    language, belief = max(ranked, key=lambda each: each[1])
    return language if belief / total >= SURE else UNKNOWN


@lru_cache(maxsize=1)
def _model() -> LanguageIdentifier:
    # Reads a few megabytes of weights; a command that only looks does not need them.
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415

    model = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    model.set_languages(sorted({language for each in _LANGUAGES.values() for language in each}))
    return model
