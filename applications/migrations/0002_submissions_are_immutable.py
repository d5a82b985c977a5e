from django.db import migrations

CREATE = r"""
CREATE FUNCTION submission_refuse_change() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    -- Test suites empty their tables. A database named test_... holds no deposit; no other one may.
    IF TG_OP = 'TRUNCATE' AND starts_with(current_database(), 'test_') THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION 'what was deposited stays as it was: % of % refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END
$$;

CREATE TRIGGER submission_is_immutable BEFORE UPDATE OR DELETE ON applications_submission
    FOR EACH ROW EXECUTE FUNCTION submission_refuse_change();
CREATE TRIGGER submission_is_never_emptied BEFORE TRUNCATE ON applications_submission
    FOR EACH STATEMENT EXECUTE FUNCTION submission_refuse_change();
CREATE TRIGGER submission_file_is_immutable BEFORE UPDATE OR DELETE ON applications_submissionfile
    FOR EACH ROW EXECUTE FUNCTION submission_refuse_change();
CREATE TRIGGER submission_file_is_never_emptied BEFORE TRUNCATE ON applications_submissionfile
    FOR EACH STATEMENT EXECUTE FUNCTION submission_refuse_change();
"""

DROP = """
DROP TRIGGER submission_file_is_never_emptied ON applications_submissionfile;
DROP TRIGGER submission_file_is_immutable ON applications_submissionfile;
DROP TRIGGER submission_is_never_emptied ON applications_submission;
DROP TRIGGER submission_is_immutable ON applications_submission;
DROP FUNCTION submission_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("applications", "0001_initial")]

    operations = [migrations.RunSQL(CREATE, DROP)]
