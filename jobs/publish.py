"""From agreement to the public: an editor's decision, the verdict, the answers to everybody who asked."""

from __future__ import annotations

from datetime import datetime

from jobs.access import require
from jobs.consensus import Agreed, Judgement, Opinion, judge
from jobs.drafting import checked
from jobs.intake.language import detect
from jobs.lifecycle import Action
from jobs.notify import put, show_decision, tell
from jobs.policy import Policy
from jobs.posting import post
from jobs.steps import kept_focuses
from jobs.transitions import advance
from storage.errors import NotAllowed, Stale
from storage.figures import DecisionFacts, OpinionFacts
from storage.holds import Hold
from storage.kinds import Awaiting, ClaimState, HeldAction, Method, Role
from storage.ledger import Ledger
from storage.model import Claim, ClaimId, Person, PersonId, Source, Verdict


async def approve(
    ledger: Ledger, editor: Person, claim_id: ClaimId, revision: int, now: datetime, policy: Policy
) -> Verdict:
    """Release the rating on which the reviewers agree. It is published once that can no longer be taken back.

    Args:
        revision: the claim's revision on the card that the editor saw.

    Raises:
        Stale: `claim_changed`, if anything happened since. NotAllowed: `role_needed`, `approver_only_reviewer`.
    """
    require(editor, Role.EDITOR)
    facts = await ledger.figures.decision(claim_id)
    if facts.claim.state is not ClaimState.AGREED or facts.claim.revision != revision:
        raise Stale("claim_changed", claim=claim_id)
    judgement = judgement_on(facts, policy)
    if not isinstance(judgement, Agreed):
        raise Stale("claim_changed", claim=claim_id)
    if {opinion.person.id for opinion in facts.opinions} == {editor.id}:
        raise NotAllowed("approver_only_reviewer")
    aside = {"focuses": kept_focuses(await ledger.people.list_focused(claim_id))}
    await forget_choices(ledger, claim_id)
    claim = await advance(ledger, facts.claim, Action.APPROVE, now, actor=editor.id, rating=judgement.rating)
    verdict = await _decide(ledger, claim, facts, judgement.rating, now, by=editor)
    if not policy.undo_within:
        await publish_version(ledger, claim, verdict, now)
    else:
        since, until = facts.claim.state_at, now + policy.undo_within
        await ledger.holds.add(Hold(claim_id, HeldAction.APPROVE, editor.id, ClaimState.AGREED, since, aside, until))
    await show_decision(ledger, claim_id, now, only_shown=True)
    return verdict


async def approve_by_policy(ledger: Ledger, claim: Claim, judgement: Agreed, now: datetime) -> Verdict:
    """Publish what reviewers agree on where the policy asks for no editor."""
    facts = await ledger.figures.decision(claim.id)
    claim = await advance(ledger, claim, Action.APPROVE, now, rating=judgement.rating)
    verdict = await _decide(ledger, claim, facts, judgement.rating, now, by=None)
    await publish_version(ledger, claim, verdict, now)
    await show_decision(ledger, claim.id, now, only_shown=True)
    return verdict


async def ask_reason(
    ledger: Ledger, editor: Person, claim_id: ClaimId, revision: int, rating: str, now: datetime, policy: Policy
) -> None:
    """Begin to adjudicate a disputed claim: the editor chose a rating and is asked for the written reason.

    Raises:
        NotAllowed: `adjudicator_reviewed`, `adjudicator_alone`: the editor reviewed the claim, and another one can
            decide, or nobody else can and the policy does not permit it.
    """
    require(editor, Role.EDITOR)
    policy.rating(rating)
    await _disputed(ledger, editor, claim_id, revision, policy)
    await ledger.people.mark_focus(editor.id, claim_id, Awaiting.ADJUDICATION, now, rating=rating)
    await tell(ledger, editor, "reason_asked", now, claim=claim_id, rating=rating)


async def adjudicate(
    ledger: Ledger, editor: Person, claim_id: ClaimId, rating: str, reason: str, now: datetime, policy: Policy
) -> Verdict:
    """Decide a disputed claim with a written reason, and publish it.

    Raises:
        Refused: `reason_missing`, `text_too_long`. Stale: `claim_changed`. NotAllowed: `role_needed`,
            `adjudicator_reviewed`, `adjudicator_alone`.
    """
    require(editor, Role.EDITOR)
    reason = checked(reason, policy, "reason_missing")
    policy.rating(rating)
    facts = await _disputed(ledger, editor, claim_id, None, policy)
    reviewed = editor.id in {opinion.person.id for opinion in facts.opinions}
    claim = await advance(
        ledger, facts.claim, Action.ADJUDICATE, now, actor=editor.id, rating=rating, reason=reason, reviewed=reviewed
    )
    await forget_choices(ledger, claim_id)
    verdict = await _decide(ledger, claim, facts, rating, now, by=editor, reason=reason, by_reviewer=reviewed)
    await publish_version(ledger, claim, verdict, now)
    await show_decision(ledger, claim_id, now, only_shown=True)
    return verdict


async def forget_choices(ledger: Ledger, claim_id: ClaimId) -> None:
    """Forget which ratings editors have chosen for a claim that is no longer disputed as it was.

    They may have been asked for the reason; their next text must not be taken for it.
    """
    for editor in await ledger.people.list_with_role(Role.EDITOR, reachable=False):
        await ledger.people.clear_focus(editor.id, claim_id)


async def _disputed(
    ledger: Ledger, editor: Person, claim_id: ClaimId, revision: int | None, policy: Policy
) -> DecisionFacts:
    facts = await ledger.figures.decision(claim_id)
    if facts.claim.state is not ClaimState.DISPUTED or revision not in (None, facts.claim.revision):
        raise Stale("claim_changed", claim=claim_id)
    reviewers = {opinion.person.id for opinion in facts.opinions}
    if editor.id in reviewers:
        others = {other.id for other in await ledger.people.list_with_role(Role.EDITOR)} - reviewers
        if others:
            raise NotAllowed("adjudicator_reviewed", claim=claim_id)
        # A tiny team may find one of the parties better than nobody; every reader of the verdict is told, then.
        if not policy.reviewer_may_adjudicate:
            raise NotAllowed("adjudicator_alone", claim=claim_id)
    return facts


def judgement_on(facts: DecisionFacts, policy: Policy) -> Judgement:
    """Return what the reviews in front of an editor amount to."""
    return judge([Opinion(each.person.id, each.review.rating or "") for each in facts.opinions], policy)


async def _decide(
    ledger: Ledger,
    claim: Claim,
    facts: DecisionFacts,
    rating: str,
    now: datetime,
    *,
    by: Person | None,
    reason: str | None = None,
    by_reviewer: bool = False,
) -> Verdict:
    wording = None if reason is not None else await ledger.wordings.find(claim.id, rating)
    summary = summary_of(facts.opinions, rating, claim.language) or reason or "" if wording is None else wording.summary
    again = await ledger.objections.find_accepted(claim.id)
    verdict = await ledger.verdicts.add(
        claim_id=claim.id,
        rating=rating,
        summary=summary,
        summary_language=detect(summary),
        method=Method.CONSENSUS if reason is None else Method.ADJUDICATED,
        # A later version says why there is one; the first one has no need to.
        reason=again.reason if reason is None and again is not None else reason,
        decided_by=None if by is None else by.id,
        decided_at=now,
        sources=_sources(facts.opinions, rating),
        by_reviewer=by_reviewer,
    )
    await ledger.audit.append(
        "verdict.decided",
        "claim",
        claim.id,
        now,
        actor=None if by is None else by.id,
        data={"verdict": verdict.id, "version": verdict.version, "rating": rating, "method": verdict.method},
    )
    return verdict


def summary_of(opinions: list[OpinionFacts], rating: str, language: str) -> str | None:
    """Return the explanation that stands for the verdict: of those who gave its rating, in the claim's language if
    there is one, the first that came in.
    """
    fitting = [each.review.explanation for each in opinions if each.review.rating == rating and each.review.explanation]
    return next((text for text in fitting if detect(text) == language), fitting[0] if fitting else None)


def _sources(opinions: list[OpinionFacts], rating: str) -> list[Source]:
    """Return the sources of those who gave the verdict's rating, each address, file or description once.

    Nobody gave an adjudicated rating, perhaps: then every source was before the editor, and all are kept.
    """
    fitting = [each for each in opinions if each.review.rating == rating] or opinions
    found: dict[str | None, Source] = {}
    for opinion in fitting:
        for source in opinion.sources:
            # A protected source stays apart from the same one cited openly: to join them would tell what it is.
            key = source.description if source.protected else source.sha256 or source.url or source.title
            found.setdefault(key, source)
    return list(found.values())


async def publish_version(ledger: Ledger, claim: Claim, verdict: Verdict, now: datetime) -> None:
    """Make a version of a verdict public, and tell it to everybody who asked or was told an earlier one."""
    await advance(ledger, claim, Action.PUBLISH, now, version=verdict.version)
    # Not before: an approval that is taken back finds it again.
    await ledger.wordings.drop(claim.id)
    before = await ledger.verdicts.find_published(claim.id)
    await ledger.verdicts.mark_published(verdict.id, now)
    await ledger.index.describe(claim.id, claim.text, verdict.summary, "" if before is None else before.summary)
    await answer_all(ledger, claim, now)
    await post(ledger, claim, verdict, now)


async def answer_all(ledger: Ledger, claim: Claim, now: datetime, *, due_at: datetime | None = None) -> None:
    """Tell the newest version of a verdict to everybody who asked about its claim and has not been told it.

    An earlier version is corrected with all who were told it, also with those whose question has moved elsewhere since.

    Args:
        due_at: nobody is told before.
    """
    verdict = await ledger.verdicts.find_latest(claim.id)
    if verdict is None or verdict.published_at is None:
        return
    for request in await ledger.requests.list_unanswered(claim.id, verdict.version):
        await ledger.requests.mark_answered(request, verdict.id, verdict.version, now)
        await _tell(ledger, request.person_id, verdict, now, due_at)
    for person_id in await ledger.posts.list_told(claim.id, but=verdict.id):
        await ledger.posts.add_answer(person_id, verdict.id, now)
        await _tell(ledger, person_id, verdict, now, due_at)


async def _tell(ledger: Ledger, person_id: PersonId, verdict: Verdict, now: datetime, due_at: datetime | None) -> None:
    """Tell one person one version of a verdict, once."""
    person = await ledger.people.get(person_id)
    payload, key = {"verdict": verdict.id, "to": "requester"}, f"answer:{verdict.id}:{person.id}"
    await put(ledger, person, "verdict_published", payload, now, dedup_key=key, not_before=due_at)
