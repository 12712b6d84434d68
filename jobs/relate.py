"""What a claim is like by what it means: in another language, or in quite other words of its own.

A vector sees neither numbers nor a "not", so all of this is *similar*, for people to look at.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol, TypeVar

from jobs.fusion import Evidence, Fused, fuse, lead, similar_by_meaning, stands_out
from jobs.meaning import UNKNOWN, Around, Fresh, Meanings, Near
from jobs.policy import Policy
from jobs.recognise import find_known
from jobs.requests import canonical
from storage.ledger import Ledger
from storage.matches import Match, MatchLevel, MatchMethod
from storage.model import Claim, ClaimId
from storage.search.terms import words_of


async def alike(
    ledger: Ledger, claim: Claim, new: Fresh, around: Around, meanings: Meanings, now: datetime, policy: Policy
) -> list[Match]:
    """Return what a claim is like: at most one known claim in its own language and one in another.

    What came with it in one document, or after it, is not compared, nor what has too few words or is in a language that
    could not be told: there the words alone decide.
    """
    words = words_of(claim.text)
    if len(words) < policy.match_min_words or claim.language == UNKNOWN or not policy.match_shown:
        return []
    ranked, _ = await find_known(ledger, words, before=new.claim.first)
    score_of = {each.candidate.claim_id: each.score for each in ranked}
    cosine_of = meanings.cosines(new.vector, list(score_of)) | {each.claim_id: each.cosine for each in around.home}
    known = await ledger.claims.find_many([*score_of, *(each.claim_id for each in (*around.home, *around.abroad))])
    # Their languages are as they are now: some are told by a person after the claim came in.
    home = {number: each for number, each in known.items() if each.language == claim.language}
    fused = fuse(
        Evidence(number, score_of.get(number, 0.0), cosine_of[number]) for number in sorted(home) if number in cosine_of
    )
    found = [
        _at_home(_apart(fused, home)),
        _abroad(_apart([each for each in around.abroad if each.claim_id not in home], known), known),
    ]
    matches = []
    for number, score, parts in filter(None, found):
        nearest = known[number]
        meant = await canonical(ledger, nearest)
        # A rewording that was merged into this very claim says nothing new.
        if meant.id != claim.id and len(words_of(nearest.text)) >= policy.match_min_words:
            level, rounded = MatchLevel.SIMILAR, round(min(1.0, score), 4)
            matches.append(Match(claim.id, meant.id, level, rounded, MatchMethod.MEANING, parts, now))
    return matches


_Found = tuple[ClaimId, float, dict[str, Any]]


def _at_home(fused: Sequence[Fused]) -> _Found | None:
    """Words and meaning together, in one language."""
    if not stands_out(fused):
        return None
    return fused[0].claim_id, fused[0].score, {"lead": round(lead([each.score for each in fused]), 3)}


def _abroad(near: Sequence[Near], known: Mapping[ClaimId, Claim]) -> _Found | None:
    """The meaning alone, where no word is shared."""
    cosines = [each.cosine for each in near]
    if not similar_by_meaning(cosines):
        return None
    parts = {"lead": round(lead(cosines), 3), "language": known[near[0].claim_id].language}
    return near[0].claim_id, cosines[0], parts


class _Numbered(Protocol):
    @property
    def claim_id(self) -> ClaimId: ...


_T = TypeVar("_T", bound=_Numbered)


def _apart(ranked: Sequence[_T], known: Mapping[ClaimId, Claim]) -> list[_T]:
    """Leave of a claim and those merged into it only the best: they are no rivals of each other."""
    kept: dict[ClaimId, _T] = {}
    for each in ranked:
        claim = known[each.claim_id]
        kept.setdefault(claim.duplicate_of or claim.id, each)
    return list(kept.values())
