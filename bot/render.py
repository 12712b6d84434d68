"""From an outbox row to a message: one loader per kind reads the facts, one view makes words of them.

`load` is awaited inside the courier's short transaction; what it returns is called after it, and touches nothing. So a
message shows what is so when it is sent, in the language that its reader has then.
"""

from __future__ import annotations

from datetime import datetime

from bot.loaders.base import Delivery, Deps, Render
from bot.loaders.charts import CHARTS
from bot.loaders.claims import CLAIMS
from bot.loaders.corrections import CORRECTIONS
from bot.loaders.desk import DESK
from bot.loaders.digests import DIGESTS
from bot.loaders.evidence import EVIDENCE
from bot.loaders.figures import FIGURES
from bot.loaders.leases import LEASES
from bot.loaders.profiles import PROFILES
from bot.loaders.summaries import SUMMARIES, summary
from bot.loaders.teams import TEAMS
from bot.loaders.triage import TRIAGE
from bot.loaders.work import WORK
from bot.views.words import words_for
from storage.ledger import Ledger
from storage.model import OutboxMessage, Person

__all__ = ["KINDS", "Deps", "Render", "load"]


async def load(ledger: Ledger, row: OutboxMessage, deps: Deps, now: datetime) -> Render:
    """Read the facts of a message and return what makes it.

    Raises:
        ValueError: no view for this kind.
        NotFound: what the message is about is gone.
    """
    loader = _LOADERS.get(row.kind)
    if loader is None:
        raise ValueError(f"no view for a message of kind {row.kind!r}")
    person = await _person(ledger, row)
    language, zone = deps.default_language, deps.default_zone
    if person is not None:
        language, zone = person.language or language, person.zone or zone
    elif (chat := await ledger.chats.find(row.chat_id)) is not None:
        language = chat.language or language
    return await loader(Delivery(ledger, row, deps, now, person, words_for(language, zone)))


async def _person(ledger: Ledger, row: OutboxMessage) -> Person | None:
    if row.person_id is not None:
        return await ledger.people.get(row.person_id)
    # A digest set in a private chat is put for the chat; its id is the person's, and groups have negative ones.
    return await ledger.people.find_by_telegram(row.chat_id) if row.chat_id > 0 else None


_LOADERS = {
    **DESK,
    **DIGESTS,
    **FIGURES,
    **CHARTS,
    **LEASES,
    **PROFILES,
    **CLAIMS,
    **EVIDENCE,
    **WORK,
    **TEAMS,
    **SUMMARIES,
    **CORRECTIONS,
    **TRIAGE,
}
_LOADERS["summary_posted"] = summary(_LOADERS)
"""Every kind of message that a job may put into the outbox."""

KINDS = frozenset(_LOADERS)
