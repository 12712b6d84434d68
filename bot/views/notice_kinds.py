"""What a table of notices is: code → msgid, or both forms of a msgid and the value that decides between them.

Longest allowed: 200 characters with the values filled in, in every language (a test measures).
"""

from __future__ import annotations

Texts = dict[str, str | tuple[str, str, str]]
