"""Words that stand in almost every text of a language and so say nothing about which claim it is."""

from __future__ import annotations

STOPS: frozenset[str] = frozenset(
    """
    a an the and or of in on at to for from by with is are was were be been it its this that as
    ও এবং আর বা যে এই সেই কি না হয় করে করা জন্য থেকে একটি এক
    """.split()
)
"""In normal form, all languages together: a claim may mix them, and the language of a short text is uncertain."""
