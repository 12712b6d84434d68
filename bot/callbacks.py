"""What a button carries: version, verb and ids, in at most 64 bytes.

Nothing in it is trusted: the job behind the verb checks the person's role and the state of the records again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from storage.errors import Stale

VERSION = "1"
LONGEST = 64
"""Bytes that Telegram allows in callback_data."""


class Verb(StrEnum):
    """What a press means. The comment names the arguments."""

    TAKE = "take"  # assignment
    PASS = "pass"  # noqa: S105 - assignment
    HAND_BACK = "back"  # assignment
    RENEW = "renew"  # assignment, renewals so far
    STEP = "step"  # assignment, Awaiting
    RATE = "rate"  # assignment, rating
    SOURCE_KIND = "skind"  # assignment, source, SourceKind
    SOURCE_STANCE = "stance"  # assignment, source, Stance
    SOURCE_REMOVE = "sdel"  # assignment, source
    SOURCE = "src"  # assignment, source, LookAt
    SOURCE_COPY = "scopy"  # assignment, source, the source of which it is a copy
    SOURCE_APART = "sapart"  # assignment, source
    SOURCE_SHOWN = "sshow"  # assignment, source: it is protected no longer
    FILE = "file"  # source: send its photo or document
    SUBMIT = "submit"  # assignment, review revision
    UNDO = "undo"  # assignment
    APPROVE = "approve"  # claim, claim revision
    UNDO_APPROVAL = "unappr"  # claim, claim revision
    REWRITE = "asum"  # claim, claim revision
    SEND_BACK = "sback"  # claim, claim revision
    ADJUDICATE = "judge"  # claim, claim revision, rating
    CORRECT = "corr"  # claim, version on the card, rating
    PROPOSE = "cprop"  # correction, its revision
    SUMMARY = "csum"  # correction, its revision
    RELEASE = "crel"  # correction, its revision
    DROP = "cdrop"  # correction, its revision
    CORRECTIONS = "corrs"  # offset
    HISTORY = "hist"  # claim
    HELPED = "helped"  # verdict, 1 / 0
    EVIDENCE = "evid"  # claim: I have new evidence
    REOPEN = "reopen"  # objection
    DECLINE = "decl"  # objection
    MERGE = "merge"  # claim, claim revision, claim that says the same, its revision
    UNMERGE = "unmerge"  # claim, claim revision
    TRIAGE = "triage"  # document: open its card
    TRIAGE_TURN = "tturn"  # document, offset, 1 / 0: at the reasons to close the rest
    TRIAGE_CHOOSE = "tpick"  # claim, claim revision, 1 / 0
    TRIAGE_ALL = "tall"  # document, 1 / 0
    TRIAGE_SEND = "tsend"  # document, print of what waits and is chosen
    TRIAGE_CLOSE = "tclose"  # document, print, ClosingReason
    TRIAGE_UNDO = "tundo"  # document: what was closed a moment ago waits again
    CLOSE = "close"  # claim, claim revision, ClosingReason
    CLOSE_ASK = "closeq"  # claim: show the reasons
    SEVERITY = "sev"  # claim, Severity that the card shows, Severity that is wanted
    RULE = "rule"  # rule, RuleState that the list shows, RuleState that is wanted
    TAKE_UP = "takeup"  # claim, claim revision
    SEND = "send"  # submission
    DISCARD = "discard"  # submission
    STATUS = "status"  # claim
    WORK = "work"  # assignment: show its card again
    QUEUE = "queue"  # offset
    MINE = "mine"  # offset
    SEARCH = "search"  # offset
    SETTINGS = "sets"  # offset
    SETTING = "set"  # setting, value as typed, value that the card shows
    DIGESTS = "digs"  # the digests of this chat, or of a channel: its number
    DIGEST = "dig"  # subscription
    DIGEST_DO = "digdo"  # subscription, pause / resume / end / time / told
    DIGEST_AT = "digat"  # subscription, minute of the day
    DIGEST_NEW = "dignew"  # cadence, day (- if not asked yet or needless), minute (so, too), channel
    DIGEST_FOR = "digfor"  # subscription, Audience
    DIGEST_PART = "digpart"  # subscription, Section, 1 / 0
    DIGEST_OPEN = "digopen"  # digest, Section: the claims behind a number
    DIGEST_TURN = "digturn"  # digest, Section, offset
    DIGEST_WISH = (
        "digwish"  # subscription, limits / order: show; intro / leave: ask, or not; all / bare / ours: as it was
    )
    DIGEST_LANGUAGE = "diglang"  # subscription, code, 1 / 0
    DIGEST_TOPIC = "digtag"  # subscription, tag, 1 / 0
    DIGEST_UP = "digup"  # subscription, Section, place at which the card shows it
    LANGUAGE = "lang"  # code
    TEXT_LANGUAGE = "tlang"  # document, code: in which language is this text?
    DUTY = "duty"  # 1 / 0
    STAY = "stay"  # who was asked whether they are still there is
    PROFILE = "prof"  # lang, code, 1 / 0 · cap, number · hours, 0
    CHANNEL = "chan"  # chat, 1 / 0
    MEMBERS = "members"  # offset
    REMOVE = "remove"  # person, their role, 1 / 0: reviews under a pseudonym
    PSEUDONYM = "alias"  # person: show my reviews under one
    WISH = "wish"  # Subject, Manner
    DECIDE = "decide"  # claim: send its decision card
    AMEND = "amend"  # correction: send its card
    OBJECTION_FILE = "objf"  # objection: send its photo or document
    OBJECTION = "objn"  # objection: send its card
    TAKE_CLAIM = "room"  # claim: from the card in the review room
    PRACTICE = "prac"  # person, newest practice assignment (0 before the first): the next practice claim
    PRACTICE_STOP = "pstop"  # person
    PRACTICE_AGAIN = "pagain"  # person, newest practice assignment


_NUMBER = re.compile(r"-?[0-9]{1,18}")
_VERBS = {verb.value: verb for verb in Verb}


@dataclass(frozen=True, slots=True)
class Press:
    """A decoded button."""

    verb: Verb
    args: tuple[str, ...]

    def number(self, index: int) -> int:
        """Return an argument that must be a whole number; Stale if it is not."""
        text = self.word(index)
        if _NUMBER.fullmatch(text) is None:
            raise Stale("button_unknown")
        return int(text)

    def word(self, index: int) -> str:
        """Return an argument; Stale if there is none."""
        if index >= len(self.args):
            raise Stale("button_unknown")
        return self.args[index]


def encode(verb: Verb, *args: int | str) -> str:
    """Return the callback_data for a verb and its arguments.

    Raises:
        ValueError: an argument holds a colon, or the whole is longer than Telegram allows.
    """
    parts = [str(arg) for arg in args]
    if any(":" in part for part in parts):
        raise ValueError("arguments of a button hold no colon")
    data = ":".join((VERSION, verb.value, *parts))
    if len(data.encode()) > LONGEST:
        raise ValueError(f"callback_data of {len(data.encode())} bytes; {LONGEST} are allowed")
    return data


def decode(data: str) -> Press:
    """Read callback_data; Stale if it is not of this version of the desk."""
    version, _, rest = data.partition(":")
    word, *args = rest.split(":")
    verb = _VERBS.get(word)
    if version != VERSION or verb is None:
        raise Stale("button_unknown")
    return Press(verb, tuple(args))
