"""Before an editor approves: the summary can be written anew, or the claim is sent back to its reviewers."""

from __future__ import annotations

from datetime import datetime

from jobs.access import bringers, require
from jobs.consensus import Agreed
from jobs.dispatch import candidates_for, hand_out, offer, settle
from jobs.drafting import checked
from jobs.lifecycle import Action
from jobs.notify import show_decision, show_work, tell
from jobs.policy import Policy
from jobs.publish import forget_choices, judgement_on
from jobs.transitions import advance
from storage.errors import Stale
from storage.kinds import AssignmentState, Awaiting, ClaimState, Role
from storage.ledger import Ledger
from storage.model import Claim, ClaimId, Focus, Person
from storage.wordings import Wording


async def ask_summary(
    ledger: Ledger, editor: Person, claim_id: ClaimId, revision: int, now: datetime, policy: Policy
) -> None:
    """Ask an editor for the summary that is to be published in place of a reviewer's.

    Args:
        revision: the claim's revision on the card that the editor saw.

    Raises:
        Stale: `claim_changed`, if anything happened since.
    """
    claim, _ = await _agreed(ledger, editor, claim_id, revision, policy)
    await ledger.people.mark_focus(editor.id, claim.id, Awaiting.SUMMARY, now)
    await tell(ledger, editor, "summary_asked", now, claim=claim.id)


async def take_summary(ledger: Ledger, editor: Person, focus: Focus, text: str, now: datetime, policy: Policy) -> None:
    """Keep the summary; who wants to approve has to see it first, so the cards of before no longer work."""
    text = checked(text, policy, "reason_missing")
    claim, agreed = await _agreed(ledger, editor, focus.claim_id, None, policy)
    await ledger.wordings.set(Wording(claim.id, agreed.rating, text, editor.id, now))
    await ledger.claims.mark_touched(claim.id)
    await ledger.people.clear_focus(editor.id, claim.id)
    await ledger.audit.append("verdict.reworded", "claim", claim.id, now, actor=editor.id, data={"summary": text})
    await show_decision(ledger, claim.id, now)


async def ask_comment(
    ledger: Ledger, editor: Person, claim_id: ClaimId, revision: int, now: datetime, policy: Policy
) -> None:
    """Ask an editor what the reviewers are to look at again; Stale `claim_changed`."""
    claim, _ = await _agreed(ledger, editor, claim_id, revision, policy)
    await ledger.people.mark_focus(editor.id, claim.id, Awaiting.SEND_BACK, now)
    await tell(ledger, editor, "comment_asked", now, claim=claim.id)


async def send_back(ledger: Ledger, editor: Person, focus: Focus, text: str, now: datetime, policy: Policy) -> None:
    """Give the reviews back to their authors as drafts, with the editor's comment, and let the claim begin anew.

    Authors who can take it are offered it first, with their draft; if they do not, others are asked as ever.
    """
    text = checked(text, policy, "reason_missing")
    claim, _ = await _agreed(ledger, editor, focus.claim_id, None, policy)
    await forget_choices(ledger, claim.id)
    await ledger.wordings.drop(claim.id)
    claim = await advance(ledger, claim, Action.REOPEN, now, actor=editor.id, comment=text)
    authors = []
    for review in await ledger.reviews.list_submitted(claim.id):
        await ledger.reviews.mark_returned(review, now)
        authors.append(await ledger.people.get(review.person_id))
    for assignment in await ledger.assignments.list_for_claim(claim.id):
        if assignment.state is AssignmentState.DONE:
            await ledger.assignments.mark_returned(assignment.id)
            await show_work(ledger, await ledger.people.get(assignment.person_id), assignment.id, now)
    await settle(ledger, claim.id, now, policy)
    for author in authors:
        await tell(ledger, author, "review_returned", now, claim=claim.id, comment=text)
    await _offer_again(ledger, claim, authors, now, policy)
    await hand_out(ledger, now, policy)
    await show_decision(ledger, claim.id, now, only_shown=True)


async def _offer_again(ledger: Ledger, claim: Claim, authors: list[Person], now: datetime, policy: Policy) -> None:
    barred = await bringers(ledger, claim.id)
    candidates = await candidates_for(ledger, now)
    free = {person_id for person_id, candidate in candidates.items() if candidate.is_free(policy)}
    for author in authors[: policy.quorum]:
        if author.id in free - barred:
            await offer(ledger, claim, author.id, now, policy)


async def _agreed(
    ledger: Ledger, editor: Person, claim_id: ClaimId, revision: int | None, policy: Policy
) -> tuple[Claim, Agreed]:
    require(editor, Role.EDITOR)
    facts = await ledger.figures.decision(claim_id)
    judgement = judgement_on(facts, policy)
    changed = revision not in (None, facts.claim.revision)
    if facts.claim.state is not ClaimState.AGREED or changed or not isinstance(judgement, Agreed):
        raise Stale("claim_changed", claim=claim_id)
    return facts.claim, judgement
