"""Marks cannot change once their sheet is sent or the round closed; nothing of a signed deliberation changes.

The one door for the chair's reopening of a sent sheet is the setting `portal.reopened_sheet`, local to a transaction:
`SELECT set_config('portal.reopened_sheet', '<evaluation id>', true)` before the UPDATE that makes it a draft again.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION evaluation_lock_marks() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    sheet_id bigint;
    sheet record;
BEGIN
    sheet_id := CASE WHEN TG_OP = 'DELETE' THEN OLD.evaluation_id ELSE NEW.evaluation_id END;
    IF TG_OP = 'UPDATE' AND NEW.evaluation_id <> OLD.evaluation_id THEN
        RAISE EXCEPTION 'a mark stays on its sheet' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    SELECT e.status, e.voided_at, r.closed_at INTO sheet
    FROM evaluation_evaluation e
    JOIN evaluation_assignment a ON a.id = e.assignment_id
    JOIN applications_application d ON d.id = a.application_id
    JOIN evaluation_evaluationround r ON r.call_id = d.call_id
    WHERE e.id = sheet_id
    FOR SHARE OF r;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no round of marking has begun' USING ERRCODE = 'integrity_constraint_violation';
    ELSIF sheet.closed_at IS NOT NULL THEN
        RAISE EXCEPTION 'the round is closed: marks do not change' USING ERRCODE = 'integrity_constraint_violation';
    ELSIF sheet.status = 'sent' THEN
        RAISE EXCEPTION 'the sheet is sent: marks do not change' USING ERRCODE = 'integrity_constraint_violation';
    ELSIF sheet.voided_at IS NOT NULL THEN
        RAISE EXCEPTION 'the sheet is set aside: marks are kept' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE TRIGGER score_locked BEFORE INSERT OR UPDATE OR DELETE ON evaluation_score
    FOR EACH ROW EXECUTE FUNCTION evaluation_lock_marks();
CREATE TRIGGER criterion_comment_locked BEFORE INSERT OR UPDATE OR DELETE ON evaluation_criterioncomment
    FOR EACH ROW EXECUTE FUNCTION evaluation_lock_marks();

CREATE FUNCTION evaluation_lock_sheet() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    stage record;
BEGIN
    SELECT r.closed_at, p.signed_at INTO stage
    FROM evaluation_assignment a
    JOIN applications_application d ON d.id = a.application_id
    LEFT JOIN evaluation_evaluationround r ON r.call_id = d.call_id
    LEFT JOIN evaluation_deliberation p ON p.call_id = d.call_id
    WHERE a.id = OLD.assignment_id;
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a sheet is never deleted' USING ERRCODE = 'integrity_constraint_violation';
    ELSIF NEW.assignment_id <> OLD.assignment_id THEN
        RAISE EXCEPTION 'a sheet stays with its juror' USING ERRCODE = 'integrity_constraint_violation';
    ELSIF stage.signed_at IS NOT NULL THEN
        RAISE EXCEPTION 'the deliberation is signed: sheets do not change'
            USING ERRCODE = 'integrity_constraint_violation';
    ELSIF OLD.voided_at IS NOT NULL AND NEW.voided_at IS DISTINCT FROM OLD.voided_at THEN
        RAISE EXCEPTION 'a sheet set aside stays so' USING ERRCODE = 'integrity_constraint_violation';
    ELSIF stage.closed_at IS NOT NULL AND (NEW.status, NEW.sent_at, NEW.version)
            IS DISTINCT FROM (OLD.status, OLD.sent_at, OLD.version) THEN
        RAISE EXCEPTION 'the round is closed: sheets do not change' USING ERRCODE = 'integrity_constraint_violation';
    ELSIF OLD.status = 'sent' AND (NEW.status, NEW.sent_at) IS DISTINCT FROM (OLD.status, OLD.sent_at)
            AND current_setting('portal.reopened_sheet', true) IS DISTINCT FROM OLD.id::text THEN
        RAISE EXCEPTION 'a sent sheet is locked' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER sheet_locked BEFORE UPDATE OR DELETE ON evaluation_evaluation
    FOR EACH ROW EXECUTE FUNCTION evaluation_lock_sheet();

CREATE FUNCTION evaluation_lock_round() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.closed_at IS NOT NULL THEN
        RAISE EXCEPTION 'a closed round stays closed' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE TRIGGER round_locked BEFORE UPDATE OR DELETE ON evaluation_evaluationround
    FOR EACH ROW EXECUTE FUNCTION evaluation_lock_round();

CREATE FUNCTION evaluation_lock_deliberation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.signed_at IS NULL THEN
        RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    IF TG_OP = 'UPDATE'
            AND (NEW.call_id, NEW.held_on, NEW.place, NEW.remarks, NEW.ranking, NEW.inputs_digest, NEW.output_digest,
                 NEW.signed_by_id, NEW.signed_at)
            IS NOT DISTINCT FROM
                (OLD.call_id, OLD.held_on, OLD.place, OLD.remarks, OLD.ranking, OLD.inputs_digest, OLD.output_digest,
                 OLD.signed_by_id, OLD.signed_at)
            AND (OLD.rendered_at IS NULL OR (NEW.pdf_key, NEW.pdf_sha256, NEW.pdf_size, NEW.rendered_at)
                 IS NOT DISTINCT FROM (OLD.pdf_key, OLD.pdf_sha256, OLD.pdf_size, OLD.rendered_at)) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a signed deliberation does not change' USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER deliberation_locked BEFORE UPDATE OR DELETE ON evaluation_deliberation
    FOR EACH ROW EXECUTE FUNCTION evaluation_lock_deliberation();

CREATE FUNCTION evaluation_lock_deliberation_part() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    signed timestamptz;
BEGIN
    SELECT signed_at INTO signed FROM evaluation_deliberation
    WHERE id = CASE WHEN TG_OP = 'DELETE' THEN OLD.deliberation_id ELSE NEW.deliberation_id END
    FOR SHARE;
    IF signed IS NOT NULL OR (TG_OP = 'UPDATE' AND NEW.deliberation_id <> OLD.deliberation_id) THEN
        RAISE EXCEPTION 'a signed deliberation does not change' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE TRIGGER attendance_locked BEFORE INSERT OR UPDATE OR DELETE ON evaluation_attendance
    FOR EACH ROW EXECUTE FUNCTION evaluation_lock_deliberation_part();
CREATE TRIGGER consensus_mark_locked BEFORE INSERT OR UPDATE OR DELETE ON evaluation_consensusmark
    FOR EACH ROW EXECUTE FUNCTION evaluation_lock_deliberation_part();
CREATE TRIGGER deliberation_outcome_locked BEFORE INSERT OR UPDATE OR DELETE ON evaluation_deliberationoutcome
    FOR EACH ROW EXECUTE FUNCTION evaluation_lock_deliberation_part();

CREATE FUNCTION evaluation_lock_declaration() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    signed timestamptz;
BEGIN
    SELECT p.signed_at INTO signed
    FROM evaluation_jurymember j JOIN evaluation_deliberation p ON p.call_id = j.call_id
    WHERE j.id = CASE WHEN TG_OP = 'DELETE' THEN OLD.juror_id ELSE NEW.juror_id END;
    IF signed IS NOT NULL THEN
        RAISE EXCEPTION 'the deliberation is signed: declarations do not change'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE TRIGGER declaration_locked BEFORE INSERT OR UPDATE OR DELETE ON evaluation_conflictdeclaration
    FOR EACH ROW EXECUTE FUNCTION evaluation_lock_declaration();
"""

BACKWARD = """
DROP TRIGGER declaration_locked ON evaluation_conflictdeclaration;
DROP TRIGGER deliberation_outcome_locked ON evaluation_deliberationoutcome;
DROP TRIGGER consensus_mark_locked ON evaluation_consensusmark;
DROP TRIGGER attendance_locked ON evaluation_attendance;
DROP TRIGGER deliberation_locked ON evaluation_deliberation;
DROP TRIGGER round_locked ON evaluation_evaluationround;
DROP TRIGGER sheet_locked ON evaluation_evaluation;
DROP TRIGGER criterion_comment_locked ON evaluation_criterioncomment;
DROP TRIGGER score_locked ON evaluation_score;
DROP FUNCTION evaluation_lock_declaration();
DROP FUNCTION evaluation_lock_deliberation_part();
DROP FUNCTION evaluation_lock_deliberation();
DROP FUNCTION evaluation_lock_round();
DROP FUNCTION evaluation_lock_sheet();
DROP FUNCTION evaluation_lock_marks();
"""


class Migration(migrations.Migration):
    dependencies = [("evaluation", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
