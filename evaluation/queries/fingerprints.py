"""What a kept ranking depends on, read in one query. Two equal digests mean equal rankings."""

from dataclasses import dataclass
from hashlib import sha256

from django.db import connection

from applications.models import Call

# Marks, assignments and attendance are told by counts and versions: once the round is closed a sheet can only be set
# aside. Everything that can change in both directions is told by its content.
RANKING = """
WITH sheets AS (
    SELECT count(a.id) AS assigned, count(e.id) AS begun, sum(e.version) AS versions,
           count(e.voided_at) AS voided, max(e.voided_at) AS last_voided, max(e.updated_at) AS last_written
    FROM evaluation_assignment a JOIN evaluation_jurymember j ON j.id = a.juror_id
    LEFT JOIN evaluation_evaluation e ON e.assignment_id = a.id
    WHERE j.call_id = %(call)s
), dossiers AS (
    SELECT a.id, a.name FROM applications_application a
    WHERE a.call_id = %(call)s AND (a.status = 'in_evaluation' OR EXISTS (
        SELECT 1 FROM evaluation_deliberationoutcome o
        JOIN evaluation_deliberation d ON d.id = o.deliberation_id
        WHERE o.application_id = a.id AND d.call_id = a.call_id AND d.signed_at IS NOT NULL))
)
SELECT
    (SELECT count(*) FROM dossiers),
    (SELECT md5(string_agg(id || name, ',' ORDER BY id)) FROM dossiers),
    (SELECT sheets::text FROM sheets),
    (SELECT closed_at FROM evaluation_evaluationround WHERE call_id = %(call)s),
    (SELECT string_agg(concat_ws(' ', id, role, removed_at), ',' ORDER BY id)
     FROM evaluation_jurymember WHERE call_id = %(call)s),
    (SELECT md5(string_agg(concat_ws(' ', c.juror_id, c.application_id, c.ruling = 'recuse'), ',' ORDER BY c.id))
     FROM evaluation_conflictdeclaration c JOIN evaluation_jurymember j ON j.id = c.juror_id
     WHERE j.call_id = %(call)s AND c.kind <> 'none' AND c.ruling <> 'keep'),
    (SELECT md5(string_agg(concat_ws(' ', m.application_id, m.criterion_id, m.mark), ',' ORDER BY m.id))
     FROM evaluation_consensusmark m JOIN evaluation_deliberation d ON d.id = m.deliberation_id
     WHERE d.call_id = %(call)s),
    (SELECT md5(string_agg(g::text || c.code || c.weight || s.code || s.weight, ',' ORDER BY s.id))
     FROM evaluation_grid g JOIN evaluation_criterion c ON c.grid_id = g.id
     JOIN evaluation_subcriterion s ON s.criterion_id = c.id WHERE g.call_id = %(call)s)
"""
OUTCOMES = """
SELECT
    (SELECT md5(string_agg(o::text, ',' ORDER BY o.id)) FROM evaluation_deliberationoutcome o
     WHERE o.deliberation_id = d.id),
    (SELECT string_agg(concat_ws(' ', t.juror_id, t.is_present), ',' ORDER BY t.id)
     FROM evaluation_attendance t WHERE t.deliberation_id = d.id),
    d.held_on, d.place, d.signed_at
FROM evaluation_deliberation d WHERE d.call_id = %(call)s
"""
DELIBERATION = f"SELECT * FROM ({RANKING}) ranking, ({OUTCOMES}) outcomes"  # noqa: S608 (two constants)
RANKING_COLUMNS = 8


@dataclass(frozen=True)
class Fingerprint:
    dossier_count: int
    ranking: str
    deliberation: str = ""


def fingerprint(call: Call, *, with_deliberation: bool = False) -> Fingerprint:
    """One query. `deliberation` adds the outcomes, the meeting and who was there."""
    with connection.cursor() as cursor:
        cursor.execute(DELIBERATION if with_deliberation else RANKING, {"call": call.pk})
        row = cursor.fetchone()
    if row is None:
        return Fingerprint(0, "")
    return Fingerprint(row[0], _digest(row[:RANKING_COLUMNS]), _digest(row))


def _digest(row: tuple[object, ...]) -> str:
    return sha256(repr(row).encode()).hexdigest()
