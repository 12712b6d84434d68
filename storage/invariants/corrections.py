"""Corrections and retractions, and that they reach everybody."""

from __future__ import annotations

from storage.invariants.base import Invariant

CORRECTIONS = (
    Invariant(
        "correction_without_version",
        "correction",
        "A released correction is followed by the version that it describes; what waits is about what is published.",
        """
        SELECT k.id FROM corrections k JOIN verdicts v ON v.id = k.verdict_id JOIN claims c ON c.id = k.claim_id
        WHERE v.claim_id <> k.claim_id
          OR (k.state = 'released' AND k.kind = 'correction' AND NOT EXISTS (
            SELECT 1 FROM verdicts n WHERE n.claim_id = k.claim_id AND n.version = v.version + 1
              AND n.rating = k.rating AND n.summary = k.summary AND n.reason = k.reason AND n.published_at IS NOT NULL))
          OR (k.state IN ('draft', 'proposed') AND (c.state <> 'published' OR v.version <> (
            SELECT max(w.version) FROM verdicts w WHERE w.claim_id = k.claim_id)))
        """,
    ),
    Invariant(
        "correction_alone",
        "correction",
        "Who releases what they proposed themselves did so with nobody else there, or no approval asked for: the audit "
        "says which.",
        """
        SELECT k.id FROM corrections k WHERE k.state = 'released' AND k.decided_by = k.proposed_by AND NOT EXISTS (
          SELECT 1 FROM audit a WHERE a.subject = 'claim' AND a.subject_id = k.claim_id
            AND a.action = 'correction.released' AND json_extract(a.data, '$.correction') = k.id
            AND json_extract(a.data, '$.alone') IS NOT NULL)
        """,
    ),
    Invariant(
        "correction_untold",
        "claim",
        "Everybody who was told a version that was replaced was told the newest one, and of a verdict that was taken "
        "back, that it was.",
        """
        SELECT DISTINCT v.claim_id FROM answers a JOIN verdicts v ON v.id = a.verdict_id
        JOIN claims c ON c.id = v.claim_id
        JOIN verdicts n ON n.claim_id = v.claim_id
          AND n.version = (SELECT max(w.version) FROM verdicts w WHERE w.claim_id = v.claim_id)
        WHERE (c.state = 'published' AND NOT EXISTS (
            SELECT 1 FROM answers b WHERE b.person_id = a.person_id AND b.verdict_id = n.id))
          OR (c.state = 'retracted' AND NOT EXISTS (
            SELECT 1 FROM outbox o WHERE o.dedup_key = 'retraction:' || n.id || ':' || a.person_id))
        """,
    ),
)
