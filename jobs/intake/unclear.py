"""A text whose language could not be told: its sender is asked, and the answer decides who gets to check it."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import datetime

from jobs.dispatch import hand_out
from jobs.intake.language import UNKNOWN
from jobs.notify import private_chat
from jobs.policy import Policy
from storage.errors import NotAllowed, Stale
from storage.ledger import Ledger
from storage.model import Document, DocumentId, Person

_LETTER = re.compile(r"[^\W\d_]")


async def ask_language(ledger: Ledger, person: Person, document: Document, text: str, now: datetime) -> None:
    """Ask a person in which language the text is that they sent, if that is unknown and there is anything to read."""
    if document.language == UNKNOWN and document.submitted_by == person.id and _LETTER.search(text):
        await _show(ledger, person, document.id, now)


async def answer_language(
    ledger: Ledger,
    person: Person,
    document_id: DocumentId,
    language: str,
    known: Collection[str],
    now: datetime,
    policy: Policy,
) -> None:
    """Note in which language a document is, and so each of its claims that has none yet.

    Args:
        person: must have sent it.
        language: ISO code, one of `known`.

    Raises:
        NotAllowed: `document_not_yours`. Stale: `language_known`, or `button_unknown` for another code.
    """
    document = await ledger.documents.get(document_id)
    if document.submitted_by != person.id:
        raise NotAllowed("document_not_yours")
    if language not in known:
        raise Stale("button_unknown")
    if document.language != UNKNOWN:
        raise Stale("language_known")
    await ledger.documents.mark_language(document_id, language)
    for claim_id in await ledger.documents.list_claims(document_id):
        if (await ledger.claims.get(claim_id)).language == UNKNOWN:
            await ledger.claims.mark_language(claim_id, language)
    await ledger.audit.append(
        "document.language", "document", document_id, now, actor=person.id, data={"from": UNKNOWN, "to": language}
    )
    await _show(ledger, person, document_id, now)
    await hand_out(ledger, now, policy)


async def _show(ledger: Ledger, person: Person, document_id: DocumentId, now: datetime) -> None:
    await ledger.outbox.enqueue(
        private_chat(person),
        "language_unclear",
        {"document": document_id},
        now,
        person_id=person.id,
        card=f"document_language:{document_id}",
    )
