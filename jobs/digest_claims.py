"""The claims behind a number of a digest: those it was counted from, as they are now."""

from __future__ import annotations

from jobs.digest_content import Section
from jobs.lookup import Page
from jobs.policy import Policy
from storage.errors import Stale
from storage.figures import ClaimLine
from storage.ledger import Ledger
from storage.model import AuditId, ClaimId, DigestId
from storage.values import Marks


async def claims_behind(
    ledger: Ledger, digest_id: DigestId, section: Section, offset: int, policy: Policy
) -> Page[ClaimLine]:
    """Return a page of the claims behind a number of a digest, as they are now.

    Raises:
        Stale: the digest has no such section.
    """
    digest = await ledger.subscriptions.get_digest(digest_id)
    told = digest.content["sections"].get(section)
    if told is None:
        raise Stale("button_unknown")
    offset, size = max(0, offset), policy.page_size
    ids = told.get("ids")
    total = told["total"] if ids is None else len(ids)
    if ids is None:
        after = Marks(AuditId(digest.content["after"]["event"]), ClaimId(digest.content["after"]["claim"]))
        ids = await _ids(ledger, section, after, Marks(digest.last_event, digest.last_claim), offset + size)
    lines = await ledger.finding.list_lines(ids[offset : offset + size])
    return Page(lines, total, offset, size, more=total < told["total"])


async def _ids(ledger: Ledger, section: Section, after: Marks, upto: Marks, limit: int) -> list[ClaimId]:
    news = ledger.news
    match section:
        case Section.NEW:
            return [claim.id for claim in (await news.list_claims(after, upto, limit=limit))[0]]
        case Section.DECIDED:
            return [claim_id for claim_id, _ in (await news.list_decided(after, upto, limit=limit))[0]]
        case Section.PUBLISHED:
            found, _ = await news.list_published(after, upto, corrections=False, limit=limit)
            return [verdict.claim_id for verdict in found]
        case Section.CORRECTED:
            taken_back, _ = await news.list_retracted(after, upto, limit=limit)
            found, _ = await news.list_published(after, upto, corrections=True, limit=limit)
            return [*(verdict.claim_id for verdict, _ in taken_back), *(verdict.claim_id for verdict in found)]
        case Section.ABSORBED:
            return [ClaimId(each) for each in await news.list_subjects("claim.merge", after, upto, limit=limit)]
        case _:
            return []
