"""What figures are made of."""

from __future__ import annotations

from storage.invariants.base import Invariant

FIGURES = (
    Invariant(
        "milestone_missing",
        "claim",
        "Every claim that came in here, and no other, has its milestones.",
        """
        SELECT c.id FROM claims c LEFT JOIN milestones m ON m.claim_id = c.id
        WHERE (m.claim_id IS NULL) <> (c.practice = 1 OR EXISTS (
          SELECT 1 FROM audit a WHERE a.subject = 'claim' AND a.subject_id = c.id AND a.action = 'claim.imported'))
        """,
    ),
    Invariant(
        "milestone_wrong",
        "claim",
        "Milestones say what the records say: who handed in which rating, and what is decided, published and closed.",
        """
        SELECT c.id FROM milestones m JOIN claims c ON c.id = m.claim_id
        WHERE m.ratings <> coalesce((SELECT group_concat(rating, ' ') FROM (
            SELECT r.rating FROM reviews r WHERE r.claim_id = c.id AND r.state = 'submitted' ORDER BY r.rating)), '')
          OR (m.decided_at IS NULL) <> NOT EXISTS (SELECT 1 FROM verdicts v WHERE v.claim_id = c.id)
          OR (m.published_at IS NULL) <> NOT EXISTS (
            SELECT 1 FROM verdicts v WHERE v.claim_id = c.id AND v.published_at IS NOT NULL)
          OR (m.ended_at IS NULL) = (c.state IN ('closed', 'duplicate'))
        """,
    ),
    Invariant(
        "demand_wrong",
        "claim",
        "A claim knows how many people asked about it, and how many of them wait.",
        """
        SELECT c.id FROM claims c WHERE
          c.asked <> (SELECT count(*) FROM requests r WHERE r.claim_id = c.id AND r.state <> 'withdrawn')
          OR c.waiting <> (SELECT count(*) FROM requests r WHERE r.claim_id = c.id AND r.state = 'waiting')
        """,
    ),
)
