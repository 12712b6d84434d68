"""Every code that people are told, and what it means: the tables of the parts of the desk together."""

from __future__ import annotations

from bot.views.notice_corrections import CORRECTIONS
from bot.views.notice_desk import DESK
from bot.views.notice_digests import DIGEST_NOTICES
from bot.views.notice_evidence import EVIDENCE
from bot.views.notice_handout import HAND_OUT
from bot.views.notice_kinds import Texts
from bot.views.notice_settings import SETTINGS
from bot.views.notice_teams import TEAMS
from bot.views.notice_triage import TRIAGE
from bot.views.words import mark

UNKNOWN = mark("This is not possible at the moment ({code}). Nothing was changed.")

NOTICES: Texts = {**DESK, **EVIDENCE, **TEAMS, **SETTINGS, **CORRECTIONS, **HAND_OUT, **TRIAGE, **DIGEST_NOTICES}
