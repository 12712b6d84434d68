"""Rules that editors made, at work: kept, tried on a claim, switched, and carried out once per claim."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from jobs.access import require
from jobs.closing import close_claims
from jobs.desk_rules import LONGEST, Asks, Does, Spec, read_rule, source_fits
from jobs.dispatch import candidates_for
from jobs.leases import give
from jobs.lifecycle import OPEN_STATES, REVIEWABLE_STATES, Action, allowed
from jobs.lookup import find_claim
from jobs.notify import private_chat, tell, tell_editors
from jobs.policy import Policy
from jobs.severity import put_severity
from jobs.tags import MOST as MOST_TAGS
from jobs.team import find_person
from storage.desk_rules import DeskRule, RuleId, Subject
from storage.errors import NotFound, Refused, Stale
from storage.kinds import ClosingReason, Role, RuleState, Severity
from storage.ledger import Ledger
from storage.model import Claim, ClaimId, Person

MOST = 20
"""Rules of a desk: their list is one message."""

AT_ONCE = 200
"""Claims on which a rule acts in one run; what is left comes with the next one, a minute later."""

LIST_CARD = "rules"


@dataclass(frozen=True, slots=True)
class Trial:
    """What a rule would do with a claim: `fits` if its conditions hold, `acted` if it has done it already."""

    rule: DeskRule
    spec: Spec
    fits: bool
    acted: bool


async def add_rule(ledger: Ledger, editor: Person, typed: str, now: datetime) -> DeskRule:
    """Keep a rule, switched off, and show the list.

    Raises:
        Refused: what `read_rule` raises, `rule_too_long`, `rule_too_many`, `rule_known`, `assign_no_reviewer`.
        NotAllowed: `role_needed`. NotFound: `person_unknown`.
    """
    require(editor, Role.EDITOR)
    if len(typed) > LONGEST:
        raise Refused("rule_too_long", longest=LONGEST)
    text = (await _with_people(ledger, read_rule(typed))).typed()
    known = await ledger.desk_rules.list_all()
    if any(each.text == text for each in known):
        raise Refused("rule_known")
    if len(known) >= MOST:
        raise Refused("rule_too_many", most=MOST)
    rule = await ledger.desk_rules.add(text, editor.id, now)
    await ledger.audit.append("rule.added", "rule", rule.id, now, actor=editor.id, data={"text": text})
    await show_rules(ledger, editor, now)
    return rule


async def _with_people(ledger: Ledger, spec: Spec) -> Spec:
    """Return a rule with the numbers of those whom it names: names change."""
    acts = []
    for act in spec.acts:
        if act.does is Does.ASSIGN:
            person = await find_person(ledger, act.value)
            if not person.role.covers(Role.REVIEWER):
                raise Refused("assign_no_reviewer", name=person.name)
            acts.append(replace(act, value=f"№{person.id}"))
        else:
            acts.append(act)
    return replace(spec, acts=tuple(dict.fromkeys(acts)))


async def switch_rule(
    ledger: Ledger,
    editor: Person,
    rule_id: RuleId,
    seen: RuleState,
    wanted: RuleState,
    now: datetime,
    policy: Policy,
) -> None:
    """Switch a rule on or off, or remove it; wanted twice, it is as wanted once. Every editor's list shows it.

    Switched on, it acts at once on what fits.

    Raises:
        Stale: `rule_changed`: another editor was faster. NotFound: `rule_not_found`. NotAllowed: `role_needed`.
    """
    require(editor, Role.EDITOR)
    rule = await ledger.desk_rules.find(rule_id)
    if rule is None:
        raise NotFound("rule_not_found", rule=rule_id)
    if rule.state is not wanted:
        if rule.state is not seen:
            raise Stale("rule_changed", rule=rule_id)
        await ledger.desk_rules.mark_state(rule_id, wanted)
        data = {"was": rule.state, "state": wanted}
        await ledger.audit.append("rule.switched", "rule", rule_id, now, actor=editor.id, data=data)
        if wanted is RuleState.ON:
            await _carry_out(ledger, rule, now, policy)
    for other in await ledger.people.list_with_role(Role.EDITOR):
        if await ledger.outbox.shows(private_chat(other), LIST_CARD):
            await _show_list(ledger, other, now)


async def show_rules(ledger: Ledger, editor: Person, now: datetime) -> None:
    """Show an editor the rules, at the end of the chat."""
    require(editor, Role.EDITOR)
    await ledger.outbox.forget_card(private_chat(editor), LIST_CARD)
    await _show_list(ledger, editor, now)


async def try_rules(ledger: Ledger, editor: Person, claim_id: ClaimId, now: datetime) -> None:
    """Tell an editor which rules would do what with a claim; nothing is changed."""
    require(editor, Role.EDITOR)
    claim = await find_claim(ledger, claim_id)
    await tell(ledger, editor, "rules_tested", now, claim=claim.id)


async def trials(ledger: Ledger, claim: Claim) -> list[Trial]:
    """Return what each rule, on or off, would do with a claim."""
    acted = set(await ledger.desk_rules.list_acted(claim.id))
    found = []
    for rule in await ledger.desk_rules.list_all():
        spec = read_rule(rule.text)
        fits = bool(await _subjects(ledger, spec, claim_id=claim.id))
        found.append(Trial(rule, spec, fits, rule.id in acted))
    return found


async def carry_out(ledger: Ledger, now: datetime, policy: Policy) -> int:
    """Let every rule that is on act on the open claims that fit and on which it has not acted; returns how often."""
    done = 0
    for rule in await ledger.desk_rules.list_all():
        if rule.state is not RuleState.ON:
            continue
        done += await _carry_out(ledger, rule, now, policy)
    return done


async def _carry_out(ledger: Ledger, rule: DeskRule, now: datetime, policy: Policy) -> int:
    spec = read_rule(rule.text)
    claims = [each.claim for each in await _subjects(ledger, spec, unless_acted=rule.id)]
    await _act(ledger, rule, spec, claims, now)
    return len(claims) + await _assign(ledger, rule, spec, now, policy)


async def _assign(ledger: Ledger, rule: DeskRule, spec: Spec, now: datetime, policy: Policy) -> int:
    """Offer claims on which a rule acted to whom it names, one at a time; returns with how many the rule is done.

    The others wait until the person has answered what they were offered: nobody gets a hundred offers at once. Editors
    are told of what a person may not have.
    """
    if not spec.find(Does.ASSIGN):
        return 0
    people = [await find_person(ledger, name) for name in spec.find(Does.ASSIGN)]
    done = 0
    for claim in await ledger.desk_rules.list_to_assign(rule.id, sorted(REVIEWABLE_STATES), AT_ONCE):
        candidates = await candidates_for(ledger, now)
        # Of somebody who is off duty editors are told below, instead of the rule waiting for ever.
        if not all(candidates[person.id].is_free(policy) for person in people if person.id in candidates):
            break
        for person in people:
            try:
                await give(ledger, claim, person, now, policy, actor=None, rule=rule.id)
            except Refused as refused:
                await tell_editors(ledger, "notice", now, code=refused.code, **refused.data)
        await ledger.desk_rules.mark_assigned(rule.id, claim.id)
        done += 1
    return done


async def _subjects(
    ledger: Ledger, spec: Spec, *, unless_acted: RuleId | None = None, claim_id: ClaimId | None = None
) -> list[Subject]:
    # What acts on a claim in some states only waits for those: a rule acts on a claim once.
    states = [state for state in OPEN_STATES if not spec.find(Does.CLOSE) or Action.CLOSE in allowed(state)]
    found = await ledger.desk_rules.list_subjects(
        sorted(states),
        words=spec.values(Asks.TEXT),
        requests=max(map(int, spec.values(Asks.REQUESTS)), default=0),
        languages=spec.values(Asks.LANGUAGE),
        unless_acted=unless_acted,
        claim_id=claim_id,
        never_public=bool(spec.find(Does.CLOSE)),
        # A source is asked for after the reading: what does not fit must not fill the window.
        limit=-1 if spec.values(Asks.SOURCE) else AT_ONCE,
    )
    return [each for each in found if source_fits(spec, each.document)][:AT_ONCE]


async def _act(ledger: Ledger, rule: DeskRule, spec: Spec, claims: Sequence[Claim], now: datetime) -> None:
    if not claims:
        return
    for claim in claims:
        await ledger.desk_rules.mark_acted(rule.id, claim.id, now, to_assign=bool(spec.find(Does.ASSIGN)))
        for severity in spec.find(Does.SEVERITY):
            await put_severity(ledger, claim, Severity(severity), now, actor=None, rule=rule.id)
        await _tag(ledger, rule, spec, claim, now)
    for reason in spec.find(Does.CLOSE):
        await close_claims(ledger, claims, ClosingReason(reason), now, actor=None, rule=rule.id)
    if spec.find(Does.NOTIFY):
        # One message for all of them: a rule that is switched on may fit a great many.
        for claim in claims:
            await ledger.audit.append("rule.told", "claim", claim.id, now, data={"rule": rule.id})
        await tell_editors(ledger, "rule_acted", now, rule=rule.id, claims=[claim.id for claim in claims])


async def _tag(ledger: Ledger, rule: DeskRule, spec: Spec, claim: Claim, now: datetime) -> None:
    before = await ledger.tags.list_of(claim.id)
    added = [tag for tag in spec.find(Does.TAG) if tag not in before][: max(0, MOST_TAGS - len(before))]
    if added:
        await ledger.tags.add(claim.id, tuple(added))
        data = {"added": added, "removed": [], "rule": rule.id}
        await ledger.audit.append("claim.tagged", "claim", claim.id, now, data=data)


async def _show_list(ledger: Ledger, editor: Person, now: datetime) -> None:
    await ledger.outbox.enqueue(private_chat(editor), "rules_shown", {}, now, person_id=editor.id, card=LIST_CARD)
