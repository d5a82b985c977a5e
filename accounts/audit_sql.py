"""The SQL of migration 0002: the chain of the audit trail, and the refusal to change it."""

CREATE = r"""
CREATE FUNCTION audit_event_digest(e accounts_auditevent) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT encode(sha256(convert_to(string_agg(octet_length(v) || ':' || v, '' ORDER BY n), 'UTF8')), 'hex')
    FROM unnest(ARRAY[
        e.previous_digest, e.chain, e.position::text,
        to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        coalesce(e.actor_id::text, ''), e.actor_label, e.verb, e.subject_type, e.subject_id,
        e.call_code, e.detail::text, e.request_id
    ]) WITH ORDINALITY AS f(v, n)
$$;

CREATE FUNCTION audit_event_chain() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    last record;
BEGIN
    -- One writer per chain until the transaction ends: positions have no gap and no double.
    PERFORM pg_advisory_xact_lock(hashtextextended('accounts_auditevent:' || NEW.chain, 0));
    SELECT position, digest INTO last FROM accounts_auditevent
        WHERE chain = NEW.chain ORDER BY position DESC LIMIT 1;
    NEW.position := coalesce(last.position, 0) + 1;
    NEW.previous_digest := coalesce(last.digest, repeat('0', 64));
    NEW.digest := audit_event_digest(NEW);
    RETURN NEW;
END
$$;

CREATE FUNCTION audit_event_refuse_change() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    -- Test suites empty their tables. A database named test_... holds no evidence; no other one may.
    IF TG_OP = 'TRUNCATE' AND starts_with(current_database(), 'test_') THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION 'the audit trail is append-only: % refused', TG_OP USING ERRCODE = 'insufficient_privilege';
END
$$;

CREATE TRIGGER audit_event_chain BEFORE INSERT ON accounts_auditevent
    FOR EACH ROW EXECUTE FUNCTION audit_event_chain();
CREATE TRIGGER audit_event_is_append_only BEFORE UPDATE OR DELETE ON accounts_auditevent
    FOR EACH ROW EXECUTE FUNCTION audit_event_refuse_change();
CREATE TRIGGER audit_event_is_never_emptied BEFORE TRUNCATE ON accounts_auditevent
    FOR EACH STATEMENT EXECUTE FUNCTION audit_event_refuse_change();
"""

DROP = """
DROP TRIGGER audit_event_is_never_emptied ON accounts_auditevent;
DROP TRIGGER audit_event_is_append_only ON accounts_auditevent;
DROP TRIGGER audit_event_chain ON accounts_auditevent;
DROP FUNCTION audit_event_refuse_change();
DROP FUNCTION audit_event_chain();
DROP FUNCTION audit_event_digest(accounts_auditevent);
"""
