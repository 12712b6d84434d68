"""The rules that editors made: their list, what they would do with a claim, and what one has done."""

from __future__ import annotations

from collections.abc import Sequence

from bot.callbacks import Verb
from bot.views.closing import REASONS
from bot.views.labels import severity_name
from bot.views.message import Button, Message, escape
from bot.views.parts import button, lines, number_of, one_line, paragraphs, quote
from bot.views.words import Words
from jobs.desk_rules import Act, Asks, Condition, Does, Spec, read_rule
from jobs.desk_ruling import Trial
from storage.desk_rules import DeskRule
from storage.kinds import ClosingReason, RuleState, Severity
from storage.model import Claim

_VALUE_MOST = 60
_QUOTE_MOST = 300
_LISTED_MOST = 20
_LINE_MOST = 110


def rules_shown(rules: Sequence[DeskRule], words: Words) -> Message:
    """Show the rules, each with a button that switches it and one that removes it."""
    example = words.text("To add one: {example}", example=f"<code>{_example(words)}</code>")
    if not rules:
        return Message(paragraphs(words.text("There are no rules yet."), example))
    return Message(
        paragraphs(
            words.text("<b>The rules of this desk</b>: each acts once on a claim"),
            *(_rule(rule, words) for rule in rules),
            lines(example, words.text("What would they do? {example}", example="<code>/rules test 42</code>")),
        ),
        tuple(_buttons(rule, words) for rule in rules),
    )


def _example(words: Words) -> str:
    return "/rule add " + escape(words.text("text contains flood and requests >= 3 then severity high and notify"))


def _rule(rule: DeskRule, words: Words) -> str:
    state = words.text("on") if rule.state is RuleState.ON else words.text("off")
    return f"<b>{words.number(rule.id)}</b> · {state}\n{_sentence(read_rule(rule.text), words)}"


def _buttons(rule: DeskRule, words: Words) -> tuple[Button, ...]:
    number = words.number(rule.id)
    if rule.state is RuleState.ON:
        label, wanted = words.text("Switch {number} off", number=number), RuleState.OFF
    else:
        label, wanted = words.text("Switch {number} on", number=number), RuleState.ON
    return (
        button(label, Verb.RULE, rule.id, rule.state, wanted),
        button(words.text("Remove {number}", number=number), Verb.RULE, rule.id, rule.state, RuleState.REMOVED),
    )


def _sentence(spec: Spec, words: Words) -> str:
    return words.text(
        "If {conditions}: {actions}",
        conditions=words.text(" and ").join(_condition(each, words) for each in spec.conditions),
        actions=_acts(spec, words),
    )


def _acts(spec: Spec, words: Words) -> str:
    return ", ".join(_act(each, words) for each in spec.acts)


def _condition(condition: Condition, words: Words) -> str:
    value = escape(one_line(condition.value, _VALUE_MOST))
    match condition.asks:
        case Asks.TEXT:
            return words.text("the text contains “{value}”", value=value)
        case Asks.SOURCE:
            return words.text("the source contains “{value}”", value=value)
        case Asks.REQUESTS:
            return words.text("at least {n} people asked", n=int(condition.value))
        case Asks.LANGUAGE:
            return words.text("the language is {language}", language=escape(words.language_name(condition.value)))


def _act(act: Act, words: Words) -> str:
    match act.does:
        case Does.SEVERITY:
            return severity_name(words, Severity(act.value))
        case Does.TAG:
            return words.text("tag {tag}", tag=escape(f"#{act.value}"))
        case Does.ASSIGN:
            return words.text("offer it to {person}", person=escape(act.value))
        case Does.NOTIFY:
            return words.text("tell the editors")
        case Does.CLOSE:
            return words.text("close it ({reason})", reason=words.text(REASONS[ClosingReason(act.value)]))


def rules_tested(claim: Claim, trials: Sequence[Trial], words: Words) -> Message:
    """Show which rules would do what with a claim, those that are off among them."""
    head = words.text("<b>What the rules would do with {claim}</b>", claim=number_of(claim.id))
    told = [_trial(trial, words) for trial in trials] or [words.text("There are no rules yet.")]
    after = words.text("This was only a test: nothing was changed.")
    return Message(paragraphs(lines(head, quote(claim.text, _QUOTE_MOST)), lines(*told), after), claim_id=claim.id)


def _trial(trial: Trial, words: Words) -> str:
    state = words.text("on") if trial.rule.state is RuleState.ON else words.text("off")
    if trial.acted:
        outcome = words.text("has acted already")
    elif trial.fits:
        outcome = _acts(trial.spec, words)
    else:
        outcome = words.text("nothing, it does not fit")
    return f"<b>{words.number(trial.rule.id)}</b> ({state}): {outcome}"


def rule_acted(rule: DeskRule, claims: Sequence[Claim], words: Words) -> Message:
    """Tell an editor on which claims a rule has acted."""
    head = words.count(
        "<b>Rule {rule} fits {n} claim</b>", "<b>Rule {rule} fits {n} claims</b>", len(claims), rule=rule.id
    )
    told = [f"<b>{number_of(claim.id)}</b> {escape(one_line(claim.text, _LINE_MOST))}" for claim in claims]
    more = len(told) - _LISTED_MOST
    return Message(
        paragraphs(
            lines(head, _sentence(read_rule(rule.text), words)),
            lines(*told[:_LISTED_MOST], words.count("… and {n} more", "… and {n} more", more) if more > 0 else None),
        ),
        claim_id=claims[0].id if len(claims) == 1 else None,
    )
