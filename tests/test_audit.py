import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from accounts import audit
from accounts.models import AuditEvent
from tests.accounts.people import AT, make_user

pytestmark = pytest.mark.django_db


def record(verb: str = "test.done", call_code: str = "", **detail) -> AuditEvent:
    user = make_user()
    return audit.record(verb, by=user, at=AT, subject=user, call_code=call_code, detail=detail)


def tamper(sql: str, *params: object) -> None:
    """What a database administrator could do: the triggers are his."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(sql, params)
        cursor.execute("SET session_replication_role = DEFAULT")


def test_the_database_numbers_and_chains_the_events() -> None:
    first, second = record(texte="é « ا »", n=1.5), record()
    other = record(call_code="AAP-2026")
    assert [(e.chain, e.position) for e in (first, second, other)] == [
        ("portal", 1),
        ("portal", 2),
        ("AAP-2026", 1),
    ]
    assert first.previous_digest == "0" * 64
    assert second.previous_digest == first.digest
    assert other.previous_digest == "0" * 64
    assert audit.verify_chain() == []
    assert audit.heads() == [
        audit.Head("AAP-2026", 1, other.digest),
        audit.Head("portal", 2, second.digest),
    ]


def test_what_the_author_writes_about_position_and_digest_is_ignored() -> None:
    event = AuditEvent.objects.create(
        chain="portal",
        position=77,
        digest="f" * 64,
        previous_digest="f" * 64,
        at=AT,
        actor_label="x",
        verb="test.forged",
        subject_type="t",
        subject_id="1",
    )
    event.refresh_from_db()
    assert (event.position, event.previous_digest) == (1, "0" * 64)
    assert audit.verify_chain() == []


def test_every_way_of_writing_is_chained() -> None:
    record()
    AuditEvent.objects.bulk_create(
        [
            AuditEvent(
                chain="portal", at=AT, actor_label="x", verb="test.bulk", subject_type="t", subject_id=str(n)
            )
            for n in range(3)
        ]
    )
    assert list(AuditEvent.objects.order_by("position").values_list("position", flat=True)) == [1, 2, 3, 4]
    assert audit.verify_chain() == []


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE accounts_auditevent SET verb = 'other'",
        "DELETE FROM accounts_auditevent",
    ],
)
def test_the_database_refuses_to_change_the_trail(sql: str) -> None:
    record()
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        AuditEvent.objects.update(verb="other")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        AuditEvent.objects.all().delete()
    assert AuditEvent.objects.get().verb == "test.done"


def test_only_a_test_database_may_be_emptied() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT prosrc FROM pg_proc WHERE proname = 'audit_event_refuse_change'")
        source = cursor.fetchone()[0]
        assert "starts_with(current_database(), 'test_')" in source
        # The same function, told that it is elsewhere.
        cursor.execute(
            "CREATE OR REPLACE FUNCTION audit_event_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $x$"
            + source.replace("current_database()", "'portal'::text")
            + "$x$"
        )
    append_only = pytest.raises(DatabaseError, match="append-only: TRUNCATE")
    with append_only, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE accounts_auditevent CASCADE")


@pytest.mark.parametrize(
    ("sql", "params", "fault"),
    [
        (
            "UPDATE accounts_auditevent SET detail = '{\"n\": 2}' WHERE position = 2",
            (),
            "#2",
        ),
        ("UPDATE accounts_auditevent SET actor_label = 'x' WHERE position = 1", (), "#1"),
        ("UPDATE accounts_auditevent SET at = at + interval '1 microsecond' WHERE position = 2", (), "#2"),
        ("DELETE FROM accounts_auditevent WHERE position = 2", (), "#2 is missing"),
        ("UPDATE accounts_auditevent SET digest = repeat('a', 64) WHERE position = 1", (), "#1"),
    ],
)
def test_tampering_shows(sql: str, params: tuple, fault: str) -> None:
    for n in range(3):
        record(n=n)
    tamper(sql, *params)
    faults = audit.verify_chain()
    assert faults
    assert fault in faults[0]


def test_a_rewritten_chain_shows_against_a_head_noted_earlier() -> None:
    for n in range(3):
        record(n=n)
    noted = audit.heads()
    tamper("DELETE FROM accounts_auditevent WHERE position = 3")
    assert audit.verify_chain() == []
    assert audit.verify_heads(noted) == ["portal #3: the event is missing, the chain was cut"]
    record(n="other")
    assert audit.verify_heads(noted) == ["portal #3: the digest is not the one noted"]


def test_an_act_that_is_rolled_back_leaves_no_event() -> None:
    record()
    with transaction.atomic():
        record()
        transaction.set_rollback(True)
    assert AuditEvent.objects.count() == 1
    record()
    assert audit.verify_chain() == []


@pytest.mark.django_db(transaction=True)
def test_an_event_outside_of_the_transaction_of_its_act_is_refused() -> None:
    user = make_user()
    with pytest.raises(transaction.TransactionManagementError):
        audit.record("test.done", by=user, at=AT, subject=user)


def test_the_command_prints_the_heads_and_says_what_is_wrong(tmp_path) -> None:
    event = record()
    out = StringIO()
    call_command("verify_audit", stdout=out)
    assert json.loads(out.getvalue()) == [{"chain": "portal", "position": 1, "digest": event.digest}]
    noted = tmp_path / "heads.json"
    noted.write_text(json.dumps([{"chain": "portal", "position": 2, "digest": "0" * 64}]))
    with pytest.raises(CommandError, match="#2: the event is missing"):
        call_command("verify_audit", against=str(noted))
    tamper("UPDATE accounts_auditevent SET verb = 'other'")
    with pytest.raises(CommandError, match="the content was changed"):
        call_command("verify_audit")


@pytest.mark.django_db(transaction=True)
def test_writers_at_the_same_time_leave_no_gap() -> None:
    from concurrent.futures import ThreadPoolExecutor

    user = make_user()

    def write(_: int) -> None:
        try:
            with transaction.atomic():
                audit.record("test.done", by=user, at=AT, subject=user, call_code="AAP-2026")
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(40)))
    assert list(AuditEvent.objects.order_by("position").values_list("position", flat=True)) == list(
        range(1, 41)
    )
    assert audit.verify_chain() == []


def test_the_role_that_the_portal_works_under_cannot_touch_the_trail(settings) -> None:
    """docs/audit-roles.sql, last part, on the tables of this database."""
    script = (settings.BASE_DIR / "docs" / "audit-roles.sql").read_text()
    record()
    with connection.cursor() as cursor:
        cursor.execute(script.replace("LOGIN", "").replace("ALTER SCHEMA public OWNER TO portal_owner;", ""))
        cursor.execute("SET ROLE portal_app")
        cursor.execute("SELECT count(*) FROM accounts_auditevent")
        assert cursor.fetchone() == (1,)
        for attempt in (
            "UPDATE accounts_auditevent SET verb = 'x'",
            "DELETE FROM accounts_auditevent",
            "TRUNCATE accounts_auditevent",
            "ALTER TABLE accounts_auditevent DISABLE TRIGGER ALL",
            "DROP TRIGGER audit_event_chain ON accounts_auditevent",
            "CREATE OR REPLACE FUNCTION audit_event_chain() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN END'",
        ):
            with pytest.raises(DatabaseError, match=r"permission denied|must be owner"), transaction.atomic():
                cursor.execute(attempt)
        cursor.execute("RESET ROLE")
        cursor.execute("SET ROLE portal_app")
    assert record().position == 2  # and its work goes on
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
    assert audit.verify_chain() == []
