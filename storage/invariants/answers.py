"""Verdicts, who was told them, digests and messages."""

from __future__ import annotations

from storage.invariants.base import Invariant

ANSWERS = (
    # Verdicts and answers.
    Invariant(
        "decided_without_verdict",
        "claim",
        "An approved, published or retracted claim has a verdict; of a published claim the newest one is published.",
        """
        SELECT c.id FROM claims c
        LEFT JOIN verdicts v ON v.claim_id = c.id AND v.version = (
          SELECT max(w.version) FROM verdicts w WHERE w.claim_id = c.id)
        WHERE c.state IN ('approved', 'published', 'retracted')
          AND (v.id IS NULL OR (c.state = 'published' AND v.published_at IS NULL))
        """,
    ),
    Invariant(
        "verdict_versions_with_gap",
        "claim",
        "The versions of a claim's verdict run 1, 2, 3 … without a gap.",
        "SELECT claim_id FROM verdicts GROUP BY claim_id HAVING min(version) <> 1 OR max(version) <> count(*)",
    ),
    Invariant(
        "decided_alone",
        "verdict",
        "Who approves was not the only reviewer; who adjudicates was none, or the verdict says so; "
        "a correction takes two editors instead.",
        """
        SELECT v.id FROM verdicts v WHERE v.decided_by IS NOT NULL
          AND EXISTS (SELECT 1 FROM reviews r
                      WHERE r.claim_id = v.claim_id AND r.state = 'submitted' AND +r.person_id = v.decided_by)
          AND NOT EXISTS (SELECT 1 FROM corrections k JOIN verdicts b ON b.id = k.verdict_id
                          WHERE k.state = 'released' AND k.claim_id = v.claim_id AND b.claim_id = v.claim_id
                            AND b.version = v.version - 1)
          AND CASE v.method WHEN 'adjudicated' THEN NOT v.by_reviewer
            ELSE NOT EXISTS (
              SELECT 1 FROM reviews r
              WHERE r.claim_id = v.claim_id AND r.state = 'submitted' AND r.person_id <> v.decided_by) END
        """,
    ),
    Invariant(
        "request_unanswered",
        "request",
        "Everybody who asked about a published claim was answered with the newest version of its verdict.",
        """
        SELECT q.id FROM requests q JOIN claims c ON c.id = q.claim_id
        WHERE c.state = 'published' AND q.state <> 'withdrawn'
          AND q.answered_version < (SELECT max(v.version) FROM verdicts v WHERE v.claim_id = c.id)
        """,
    ),
    Invariant(
        "answer_not_sent",
        "request",
        "An answered request has its message in the outbox: exactly one for the version it was answered with.",
        """
        SELECT q.id FROM requests q WHERE q.state = 'answered' AND (
          SELECT count(*) FROM verdicts v JOIN outbox o ON o.dedup_key = 'answer:' || v.id || ':' || q.person_id
          WHERE v.claim_id = q.claim_id AND v.version = q.answered_version) <> 1
        """,
    ),
    Invariant(
        "answer_unasked",
        "message",
        "Every answer in the outbox is noted with who was told, and its verdict is published.",
        """
        SELECT o.id FROM outbox o WHERE o.dedup_key >= 'answer:' AND o.dedup_key < 'answer;' AND NOT EXISTS (
          SELECT 1 FROM answers a JOIN verdicts v ON v.id = a.verdict_id
          WHERE a.verdict_id = CAST(substr(o.dedup_key, 8) AS INTEGER) AND v.published_at IS NOT NULL
            AND a.person_id = CAST(substr(o.dedup_key, 8 + instr(substr(o.dedup_key, 8), ':')) AS INTEGER)
            AND o.dedup_key = 'answer:' || a.verdict_id || ':' || a.person_id)
        """,
    ),
    Invariant(
        "request_astray",
        "request",
        "A request stands at the claim to which the one asked about leads, or waits at its own while another of that "
        "person stands there.",
        """
        WITH RECURSIVE way (start, at) AS (
          SELECT DISTINCT asked_id, asked_id FROM requests
          UNION SELECT w.start, c.duplicate_of FROM way w JOIN claims c ON c.id = w.at WHERE c.duplicate_of IS NOT NULL)
        SELECT q.id FROM requests q JOIN way w ON w.start = q.asked_id JOIN claims e ON e.id = w.at
        WHERE q.state <> 'withdrawn' AND e.duplicate_of IS NULL AND (q.claim_id NOT IN (q.asked_id, e.id)
          OR NOT EXISTS (SELECT 1 FROM requests r
                         WHERE r.claim_id = e.id AND r.person_id = q.person_id AND r.state <> 'withdrawn'))
        """,
    ),
    Invariant(
        "merge_of_no_duplicate",
        "claim",
        "What a merge put aside is kept exactly as long as the claim is a duplicate.",
        """
        SELECT m.claim_id FROM merges m JOIN claims c ON c.id = m.claim_id WHERE c.state <> 'duplicate'
        """,
    ),
    Invariant(
        "held_wrongly",
        "claim",
        "What can be taken back is as it was left, approved or closed; an approved claim is not published for no "
        "other reason.",
        """
        SELECT h.claim_id FROM holds h JOIN claims c ON c.id = h.claim_id
        WHERE c.state <> CASE h.action WHEN 'approve' THEN 'approved' ELSE 'closed' END
        UNION SELECT c.id FROM claims c
        WHERE c.state = 'approved' AND NOT EXISTS (SELECT 1 FROM holds h WHERE h.claim_id = c.id)
        """,
    ),
    Invariant(
        "publication_not_sent",
        "publication",
        "Every publication in a chat is of a published verdict and has its message in the outbox.",
        """
        SELECT p.id FROM publications p JOIN verdicts v ON v.id = p.verdict_id
        WHERE v.published_at IS NULL OR NOT EXISTS (
          SELECT 1 FROM outbox o WHERE o.dedup_key = 'publication:' || p.verdict_id || ':' || p.chat_id)
        """,
    ),
    # Digests and messages.
    Invariant(
        "digests_do_not_tile",
        "subscription",
        "The digests of a subscription follow one another without gap or overlap, and end where it is covered until.",
        """
        SELECT subscription_id FROM (
          SELECT d.subscription_id, d.period_start, d.period_end, s.covered_until,
            lead(d.period_start) OVER (PARTITION BY d.subscription_id ORDER BY d.period_start) AS following
          FROM digests d JOIN subscriptions s ON s.id = d.subscription_id)
        WHERE coalesce(following, covered_until) <> period_end
        """,
    ),
    Invariant(
        "digest_never_due",
        "subscription",
        "An active subscription is due again after the instant it is covered until.",
        "SELECT id FROM subscriptions WHERE active = 1 AND next_at <= covered_until",
    ),
    Invariant(
        "two_on_their_way",
        "chat",
        "A chat has at most one message on its way.",
        "SELECT chat_id FROM outbox WHERE state = 'sending' GROUP BY chat_id HAVING count(*) > 1",
    ),
)
