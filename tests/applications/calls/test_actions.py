"""Writing, publishing, opening, extending, cancelling: what is done, and every refusal by its code."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.core import mail

from accounts.models import AuditEvent, Notice
from applications.actions.calls import cancel_call, launch_call, replace_pieces, update_section
from applications.actions.deadlines import extend_deadline, set_first_deadline
from applications.domain.call_settings import DEFAULT_PIECES, CallSection, PieceFacts
from applications.enums import CallPhase, CallStatus, DeadlineKind
from applications.models import Call
from clusters_portal.errors import Refused
from tests.applications.calls.builders import (
    AT,
    CLOSES_AT,
    CLOSES_ON,
    CLOSES_TIME,
    MOMENT,
    announced,
    codes,
    dossier,
    draft,
    fresh,
    manager,
    opened,
    person,
    ready,
    reference,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def by():
    return manager()


def test_a_copy_of_2024_takes_its_words_and_marks_what_the_portal_proposes(by):
    reference()
    source = Call.objects.get(code="AAP-CL-2024")
    call = draft(by, source=source)
    assert call.copied_from == source
    assert call.tracks == ["new", "existing"]
    assert call.status == CallStatus.DRAFT
    assert call.assumed == ["scope", "support", "pieces", "grid"]
    assert (call.support_count, call.support_reference) == ("", "")
    assert not call.deadlines.exists()
    assert call.sectors.count() == 18
    assert [piece.code for piece in call.required_documents.all()] == [piece.code for piece in DEFAULT_PIECES]
    assert [row.code for row in call.grid.criteria.all()] == ["strategy", "innovation", "international"]


def test_a_copy_of_an_edition_of_the_portal_takes_its_pieces_and_its_grid(by):
    first = ready(by, code="AAP-DEMO-1")
    replace_pieces(first, [PieceFacts("seule", "Pièce seule")], version=first.version, by=by, at=AT)
    first.grid.criteria.filter(code="strategy").update(weight=50)
    copy = draft(by, code="AAP-DEMO-2", source=fresh(first))
    assert [piece.code for piece in copy.required_documents.all()] == ["seule"]
    assert copy.grid.criteria.get(code="strategy").weight == 50
    assert copy.grid.criteria.get(code="strategy").subcriteria.count() > 0
    assert first.grid.criteria.get(code="strategy").subcriteria.count() > 0
    assert copy.assumed == ["support"]


def test_a_code_is_taken_whatever_its_case(by):
    draft(by, code="AAP-DEMO-1")
    with pytest.raises(Refused) as refused:
        draft(by, code="aap-demo-1")
    assert codes(refused) == ["code_taken"]


def test_saving_a_section_confirms_it_and_leaves_a_trace(by):
    call = draft(by)
    saved = update_section(call, CallSection.SCOPE, version=1, changes={"minimum_members": 12}, by=by, at=AT)
    assert saved.minimum_members == 12
    assert "scope" not in saved.assumed
    assert saved.version == 2
    event = AuditEvent.objects.get(verb="call.edited")
    assert event.detail == {"section": "scope", "version": 2, "changes": {"minimum_members": [15, 12]}}


def test_the_second_of_two_editors_is_told(by):
    call = draft(by)
    update_section(call, CallSection.SCOPE, version=1, changes={"minimum_members": 12}, by=by, at=AT)
    with pytest.raises(Refused) as refused:
        update_section(call, CallSection.SCOPE, version=1, changes={"minimum_members": 9}, by=by, at=AT)
    assert codes(refused) == ["edited_meanwhile"]


def test_a_published_call_is_frozen(by):
    call = announced(by)
    attempts = [
        lambda: update_section(
            call, CallSection.TEXTS, version=call.version, changes={"title_fr": "X"}, by=by, at=AT
        ),
        lambda: replace_pieces(call, [PieceFacts("a", "A")], version=call.version, by=by, at=AT),
        lambda: set_first_deadline(
            call, wall_on=CLOSES_ON, wall_time=time(16), version=call.version, by=by, at=AT
        ),
    ]
    for attempt in attempts:
        with pytest.raises(Refused) as refused:
            attempt()
        assert codes(refused) == ["call_frozen"]


def test_a_section_writes_only_its_own_fields(by):
    call = draft(by)
    with pytest.raises(ValueError, match="not fields of texts"):
        update_section(call, CallSection.TEXTS, version=1, changes={"status": "archived"}, by=by, at=AT)


def test_a_fixed_reference_needs_its_day(by):
    call = draft(by)
    changes = {
        "support_count": "since_first_label",
        "support_reference": "fixed",
        "support_reference_on": None,
    }
    with pytest.raises(Refused) as refused:
        update_section(call, CallSection.SUPPORT, version=1, changes=changes, by=by, at=AT)
    assert codes(refused) == ["reference_day_missing"]


@pytest.mark.parametrize(
    ("pieces", "code"), [([], "no_piece"), ([PieceFacts("a", "A"), PieceFacts("a", "B")], "piece_twice")]
)
def test_a_list_of_pieces_is_refused(by, pieces, code):
    call = draft(by)
    with pytest.raises(Refused) as refused:
        replace_pieces(call, pieces, version=1, by=by, at=AT)
    assert codes(refused) == [code]


def test_the_deadline_is_the_wall_time_in_rabat(by):
    call = draft(by)
    set_first_deadline(call, wall_on=CLOSES_ON, wall_time=CLOSES_TIME, version=1, by=by, at=AT)
    deadline = fresh(call).deadline_in_force
    assert deadline.closes_at == CLOSES_AT
    assert (deadline.wall_on, deadline.wall_time, deadline.zone) == (
        CLOSES_ON,
        CLOSES_TIME,
        "Africa/Casablanca",
    )


@pytest.mark.parametrize(
    ("at", "day", "hour", "code"),
    [
        # Morocco put its clocks back for good at 2:00 on 20 September 2026: 1:30 took place twice.
        (datetime(2026, 9, 1, tzinfo=UTC), date(2026, 9, 20), time(1, 30), "ambiguous"),
        (datetime(2026, 1, 1, tzinfo=UTC), date(2026, 3, 22), time(2, 30), "nonexistent"),
        (AT, date(2026, 11, 2), time(9), "in_the_past"),
    ],
)
def test_an_impossible_wall_time_is_refused(by, at, day, hour, code):
    call = draft(by, at=at)
    with pytest.raises(Refused) as refused:
        set_first_deadline(call, wall_on=day, wall_time=hour, version=1, by=by, at=at)
    assert codes(refused) == [code]


def test_an_announced_call_opens_now_or_at_a_set_instant(by):
    call = announced(by)
    assert call.phase(at=AT) == CallPhase.ANNOUNCED
    later = AT + timedelta(days=2)
    launch_call(call, opens_at=later, by=by, at=AT)
    assert fresh(call).phase(at=later - MOMENT) == CallPhase.ANNOUNCED
    assert fresh(call).phase(at=later) == CallPhase.OPEN
    launch_call(call, opens_at=AT, by=by, at=AT)
    assert fresh(call).phase(at=AT) == CallPhase.OPEN
    assert fresh(call).opened_on == date(2026, 11, 2)


def test_openings_that_are_refused(by):
    call = announced(by)
    for opens_at, code in ((AT - MOMENT, "opening_passed"), (CLOSES_AT, "opening_after_deadline")):
        with pytest.raises(Refused) as refused:
            launch_call(call, opens_at=opens_at, by=by, at=AT)
        assert codes(refused) == [code]
    with pytest.raises(Refused) as refused:
        launch_call(ready(by, code="AAP-DEMO-2"), opens_at=AT, by=by, at=AT)
    assert codes(refused) == ["not_announced"]
    launch_call(call, opens_at=AT, by=by, at=AT)
    with pytest.raises(Refused) as refused:
        launch_call(call, opens_at=AT, by=by, at=AT)
    assert codes(refused) == ["already_open"]


def test_an_extension_keeps_the_earlier_version_and_tells_every_team(by, django_capture_on_commit_callbacks):
    call = opened(by)
    drafting, deposited = person("brouillon"), person("depot")
    dossier(call, drafting)
    dossier(call, deposited, submitted_at=AT)
    extend_deadline(
        call, wall_on=date(2026, 12, 11), wall_time=CLOSES_TIME, reason="Demande des acteurs", by=by, at=AT
    )
    first, second = fresh(call).deadline_versions
    assert (first.closes_at, first.kind) == (CLOSES_AT, DeadlineKind.INITIAL)
    assert (second.version, second.kind, second.reason) == (2, DeadlineKind.EXTENSION, "Demande des acteurs")
    assert second.announced_on == date(2026, 11, 2)
    told = Notice.objects.filter(kind="deadline_extended")
    assert {notice.user_id for notice in told} == {drafting.pk, deposited.pk}
    assert fresh(call).closes_at == datetime(2026, 12, 11, 15, tzinfo=UTC)
    assert AuditEvent.objects.get(verb="call.deadline_extended").detail["version"] == 2
    assert mail.outbox == []


@pytest.mark.parametrize(
    ("day", "hour", "reason", "at", "expected"),
    [
        (date(2026, 12, 11), CLOSES_TIME, " ", AT, ["reason_required"]),
        (CLOSES_ON, CLOSES_TIME, "Motif", AT, ["unchanged"]),
        (date(2026, 11, 20), CLOSES_TIME, "Motif", AT, ["shortened"]),
        (date(2026, 11, 1), CLOSES_TIME, "Motif", AT, ["shortened", "before_opening", "in_the_past"]),
        (date(2026, 12, 11), CLOSES_TIME, "Motif", CLOSES_AT - MOMENT, []),
        (date(2026, 12, 11), CLOSES_TIME, "Motif", CLOSES_AT, ["second_person_required"]),
    ],
)
def test_extensions_at_the_edges(by, day, hour, reason, at, expected):
    call = opened(by)
    if not expected:
        extend_deadline(call, wall_on=day, wall_time=hour, reason=reason, by=by, at=at)
        return
    with pytest.raises(Refused) as refused:
        extend_deadline(call, wall_on=day, wall_time=hour, reason=reason, by=by, at=at)
    assert codes(refused) == expected
    assert len(fresh(call).deadline_versions) == 1


def test_a_draft_has_no_deadline_to_extend(by):
    for call in (draft(by), ready(by, code="AAP-DEMO-2")):
        with pytest.raises(Refused) as refused:
            extend_deadline(
                call, wall_on=date(2026, 12, 11), wall_time=CLOSES_TIME, reason="Motif", by=by, at=AT
            )
        assert codes(refused) == ["call_not_announced"]


def test_cancelling_publishes_the_reason_and_tells_the_teams(by):
    call = opened(by)
    owner = person("porteur")
    dossier(call, owner)
    with pytest.raises(Refused) as refused:
        cancel_call(call, reason="  ", by=by, at=AT)
    assert codes(refused) == ["reason_required"]
    cancel_call(call, reason="Crédits non ouverts", by=by, at=AT)
    assert fresh(call).status == CallStatus.CANCELLED
    assert fresh(call).cancellation_reason == "Crédits non ouverts"
    assert Notice.objects.get(kind="call_cancelled").user == owner
    with pytest.raises(Refused) as refused:
        cancel_call(call, reason="Encore", by=by, at=AT)
    assert codes(refused) == ["forbidden_transition"]


def test_phase_and_queryset_agree_at_every_edge(by):
    """`taking_dossiers` says in SQL what `phase` says in Python."""
    calls = [draft(by, code="C-1"), ready(by, code="C-2"), announced(by, code="C-3"), opened(by, code="C-4")]
    later = announced(by, code="C-5")
    launch_call(later, opens_at=AT + timedelta(days=1), by=by, at=AT)
    extended = opened(by, code="C-6")
    extend_deadline(extended, wall_on=date(2026, 12, 11), wall_time=CLOSES_TIME, reason="Motif", by=by, at=AT)
    cancelled = opened(by, code="C-7")
    cancel_call(cancelled, reason="Motif", by=by, at=AT)
    reference()
    instants = [AT, AT + timedelta(days=1), CLOSES_AT, CLOSES_AT + timedelta(days=14)]
    for at in [moment + shift for moment in instants for shift in (-MOMENT, timedelta(0), MOMENT)]:
        by_clock = {
            call.code for call in Call.objects.with_deadlines() if call.phase(at=at) == CallPhase.OPEN
        }
        assert set(Call.objects.taking_dossiers(at=at).values_list("code", flat=True)) == by_clock, at
    assert len(calls) == 4
