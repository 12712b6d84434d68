"""Claims, the work on them, and reviews."""

from __future__ import annotations

from storage.invariants.base import Invariant

WORK = (
    # Claims and the work on them.
    Invariant(
        "review_without_work",
        "claim",
        "A claim in review has a lease or a submitted review.",
        """
        SELECT c.id FROM claims c WHERE c.state = 'in_review'
          AND NOT EXISTS (SELECT 1 FROM assignments a WHERE a.claim_id = c.id AND a.state = 'taken')
          AND NOT EXISTS (SELECT 1 FROM reviews r WHERE r.claim_id = c.id AND r.state = 'submitted')
        """,
    ),
    Invariant(
        "queued_with_work",
        "claim",
        "A queued claim has neither a lease nor a submitted review.",
        """
        SELECT c.id FROM claims c WHERE c.state = 'queued'
          AND (EXISTS (SELECT 1 FROM assignments a WHERE a.claim_id = c.id AND a.state = 'taken')
            OR EXISTS (SELECT 1 FROM reviews r WHERE r.claim_id = c.id AND r.state = 'submitted'))
        """,
    ),
    Invariant(
        "judged_below_quorum",
        "claim",
        "An agreed or disputed claim has at least as many submitted reviews as the quorum.",
        """
        SELECT c.id FROM claims c WHERE c.state IN ('agreed', 'disputed')
          AND (SELECT count(*) FROM reviews r WHERE r.claim_id = c.id AND r.state = 'submitted') < :quorum
        """,
    ),
    Invariant(
        "judged_wrongly",
        "claim",
        "In an agreed claim one rating has more than half of the submitted reviews; in a disputed one none has.",
        """
        SELECT c.id FROM claims c WHERE c.state IN ('agreed', 'disputed') AND (c.state = 'agreed') <> EXISTS (
          SELECT 1 FROM reviews r WHERE r.claim_id = c.id AND r.state = 'submitted' GROUP BY r.rating
          HAVING count(*) * 2 > (SELECT count(*) FROM reviews s WHERE s.claim_id = c.id AND s.state = 'submitted'))
        """,
    ),
    Invariant(
        "closed_without_reason",
        "claim",
        "A claim has a closing reason exactly if it is closed, and names another claim exactly if it is a duplicate.",
        """
        SELECT id FROM claims WHERE (state = 'closed') <> (closing_reason IS NOT NULL)
          OR (state = 'duplicate') <> (duplicate_of IS NOT NULL)
        """,
    ),
    Invariant(
        "closed_in_public",
        "claim",
        "No claim is closed of which a verdict was published.",
        """
        SELECT c.id FROM claims c JOIN verdicts v ON v.claim_id = c.id
        WHERE c.state = 'closed' AND v.published_at IS NOT NULL
        """,
    ),
    Invariant(
        "duplicates_in_a_circle",
        "claim",
        "Following a duplicate to what it repeats ends at a claim that is no duplicate.",
        """
        WITH RECURSIVE way (start, at) AS (
          SELECT id, duplicate_of FROM claims WHERE duplicate_of IS NOT NULL
          UNION SELECT w.start, c.duplicate_of FROM way w JOIN claims c ON c.id = w.at WHERE c.duplicate_of IS NOT NULL)
        SELECT start FROM way WHERE start = at
        """,
    ),
    Invariant(
        "claim_without_appearance",
        "claim",
        "A claim stands in its document at its position, and its words can be searched.",
        """
        SELECT c.id FROM claims c
        WHERE c.practice = 0 AND (NOT EXISTS (SELECT 1 FROM appearances a
                          WHERE a.document_id = c.document_id AND a.position = c.position AND a.claim_id = c.id)
          OR NOT EXISTS (SELECT 1 FROM claim_words w WHERE w.rowid = c.id))
        """,
    ),
    Invariant(
        "state_not_in_audit",
        "claim",
        "A claim is in the state to which its newest move in the audit log led.",
        """
        SELECT c.id FROM claims c WHERE c.state <> 'new' AND c.state IS NOT (
          SELECT json_extract(e.data, '$.to') FROM audit e
          WHERE e.subject = 'claim' AND e.subject_id = c.id AND e.action LIKE 'claim.%'
            AND json_extract(e.data, '$.to') IS NOT NULL ORDER BY e.id DESC LIMIT 1)
        """,
    ),
    # Offers, leases and what a person is busy with.
    Invariant(
        "room_nowhere",
        "chat",
        "A room of the team is in a group that the desk is in.",
        """
        SELECT r.chat_id FROM rooms r LEFT JOIN chats c ON c.id = r.chat_id
        WHERE c.id IS NULL OR c.present = 0 OR c.kind NOT IN ('group', 'supergroup')
        """,
    ),
    Invariant(
        "lease_on_settled_claim",
        "assignment",
        "A live offer is on a claim that is queued or in review, a lease on one in review.",
        """
        SELECT a.id FROM assignments a JOIN claims c ON c.id = a.claim_id
        WHERE c.practice = 0 AND ((a.state = 'offered' AND c.state NOT IN ('queued', 'in_review'))
          OR (a.state = 'taken' AND c.state <> 'in_review'))
        """,
    ),
    Invariant(
        "lease_of_outsider",
        "assignment",
        "Who has a live offer or lease is a reviewer at least and can be written to; with an open offer, also on duty.",
        """
        SELECT a.id FROM assignments a JOIN people p ON p.id = a.person_id
        WHERE a.state IN ('offered', 'taken') AND a.claim_id > 0
          AND (p.role = 'public' OR p.reachable = 0 OR (a.state = 'offered' AND p.on_duty = 0))
        """,
    ),
    Invariant(
        "lease_on_own_claim",
        "assignment",
        "Nobody has a live offer or lease on a claim that they asked about or brought in.",
        """
        SELECT a.id FROM assignments a WHERE a.state IN ('offered', 'taken')
          AND (EXISTS (SELECT 1 FROM requests q WHERE q.claim_id = a.claim_id AND q.person_id = a.person_id)
            OR EXISTS (SELECT 1 FROM appearances s JOIN documents d ON d.id = s.document_id
                       WHERE s.claim_id = a.claim_id AND d.submitted_by = a.person_id))
        """,
    ),
    Invariant(
        "done_without_review",
        "assignment",
        "A lease that is done has a review of that person that was handed in.",
        """
        SELECT a.id FROM assignments a WHERE a.state = 'done' AND NOT EXISTS (
          SELECT 1 FROM reviews r WHERE r.claim_id = a.claim_id AND +r.person_id = a.person_id
            AND r.submitted_at IS NOT NULL)
        """,
    ),
    Invariant(
        "duty_of_outsider",
        "person",
        "Who is on duty is a reviewer at least, and can be written to.",
        "SELECT id FROM people WHERE on_duty = 1 AND (role = 'public' OR reachable = 0)",
    ),
    Invariant(
        "desk_without_admin",
        "person",
        "A desk that has had an admin has one.",
        """
        SELECT e.subject_id FROM audit e
        WHERE NOT EXISTS (SELECT 1 FROM people WHERE role = 'admin') AND e.action = 'person.role'
          AND json_extract(e.data, '$.to') = 'admin'
        """,
    ),
    Invariant(
        "focus_without_work",
        "person",
        "Who is at a step of a review holds its lease; who is asked for another text may give it, and the claim is "
        "where it is wanted.",
        """
        SELECT f.person_id FROM focuses f JOIN claims c ON c.id = f.claim_id JOIN people p ON p.id = f.person_id
        WHERE CASE
          WHEN f.awaiting = 'new_evidence' THEN c.state NOT IN ('published', 'retracted')
          WHEN f.awaiting NOT IN ('rating', 'source', 'quote', 'archive', 'explanation', 'preview')
            THEN p.role NOT IN ('editor', 'admin') OR CASE
              WHEN f.awaiting = 'adjudication' THEN c.state <> 'disputed'
              WHEN f.awaiting IN ('summary', 'send_back') THEN c.state <> 'agreed'
              WHEN f.awaiting IN ('correction', 'retraction') THEN c.state <> 'published'
              ELSE c.state NOT IN ('new', 'triage', 'queued', 'in_review', 'agreed', 'disputed') END
          ELSE NOT EXISTS (SELECT 1 FROM assignments a
                           WHERE a.claim_id = f.claim_id AND a.person_id = f.person_id AND a.state = 'taken') END
        """,
    ),
    # Reviews.
    Invariant(
        "review_of_own_claim",
        "review",
        "Nobody handed in a review of a claim that they had asked about or brought in before.",
        """
        SELECT r.id FROM reviews r WHERE r.state = 'submitted'
          AND (EXISTS (SELECT 1 FROM requests q
                       WHERE q.asked_id = r.claim_id AND q.person_id = r.person_id AND q.created_at < r.submitted_at)
            OR EXISTS (SELECT 1 FROM appearances s JOIN documents d ON d.id = s.document_id
                       WHERE s.claim_id = r.claim_id AND d.submitted_by = r.person_id
                         AND d.created_at < r.submitted_at))
        """,
    ),
    Invariant(
        "review_without_lease",
        "review",
        "A submitted review was made under a lease that is done.",
        """
        SELECT r.id FROM reviews r WHERE r.state = 'submitted' AND NOT EXISTS (
          SELECT 1 FROM assignments a
          WHERE a.claim_id = r.claim_id AND a.person_id = r.person_id AND a.state = 'done')
        """,
    ),
    Invariant(
        "revision_lost",
        "review",
        "Every revision of a review is kept, and the newest one says what the review says.",
        """
        SELECT r.id FROM reviews r LEFT JOIN review_revisions n ON n.review_id = r.id AND n.revision = r.revision
        WHERE (SELECT count(*) FROM review_revisions v WHERE v.review_id = r.id) <> r.revision
          OR (r.revision > 0 AND (n.revision IS NULL OR n.state <> r.state OR n.rating IS NOT r.rating
                                  OR n.explanation IS NOT r.explanation))
        """,
    ),
    Invariant(
        "practice_reaches_the_public",
        "claim",
        "A practice claim is new for ever, out of the search, and in no request, appearance, verdict or audit entry.",
        """
        SELECT c.id FROM claims c WHERE c.practice <> (c.id < 0) OR (c.practice = 1 AND (c.state <> 'new'
          OR NOT EXISTS (SELECT 1 FROM practice_cases p WHERE p.claim_id = c.id)
          OR EXISTS (SELECT 1 FROM claim_words w WHERE w.rowid = c.id)
          OR EXISTS (SELECT 1 FROM requests q WHERE q.claim_id = c.id)
          OR EXISTS (SELECT 1 FROM appearances a WHERE a.claim_id = c.id OR a.document_id = c.document_id)
          OR EXISTS (SELECT 1 FROM verdicts v WHERE v.claim_id = c.id)
          OR EXISTS (SELECT 1 FROM audit e WHERE e.subject = 'claim' AND e.subject_id = c.id)))
        """,
    ),
)
