"""The grid of a draft, the readiness check, publication."""

from datetime import date, time, timedelta
from decimal import Decimal

import pytest

from accounts.enums import Role
from applications.actions.calls import lock_draft, update_section
from applications.actions.deadlines import set_first_deadline
from applications.domain.call_settings import CallSection
from applications.enums import CallPhase, CallStatus
from applications.models import Call
from clusters_portal.errors import Refused
from evaluation.actions.calls import SubcriterionRow, publish_call, replace_subcriteria, update_grid
from evaluation.actions.readiness import holiday_name, publication_blockers, readiness
from evaluation.domain.default_grid import DEFAULT_GRID
from evaluation.enums import JuryRole
from evaluation.models import Criterion, JuryMember
from evaluation.queries.grids import grid_rows
from tests.applications.calls.builders import (
    AT,
    CLOSES_AT,
    announced,
    codes,
    complete,
    draft,
    fresh,
    manager,
    person,
    ready,
)

pytestmark = pytest.mark.django_db

SETTINGS = {
    "pass_total": Decimal(60),
    "pass_criterion": Decimal("2.5"),
    "spread_alert": Decimal(2),
    "quorum": 5,
    "all_read_up_to": 10,
    "tie_break": ["strategy", "innovation", "international"],
}


def weights(strategy: int, innovation: int, international: int) -> dict:
    texts = {"title_fr": "Titre", "title_ar": "", "guidance_fr": "", "guidance_ar": ""}
    given = {"strategy": strategy, "innovation": innovation, "international": international}
    return {code: texts | {"weight": Decimal(weight)} for code, weight in given.items()}


def row(code: str) -> SubcriterionRow:
    return SubcriterionRow(
        code, "Titre", "", Decimal(1), "", "", tuple({"fr": "", "ar": ""} for _mark in range(6))
    )


@pytest.fixture
def by():
    return manager()


def test_the_default_grid_is_the_portals_proposal(by):
    call = draft(by)
    assert grid_rows(call.pk).facts == DEFAULT_GRID
    assert "grid" in call.assumed


def test_saving_the_grid_confirms_it(by):
    call = draft(by)
    update_grid(call, version=1, settings=SETTINGS, criteria=weights(30, 50, 20), by=by, at=AT)
    facts = grid_rows(call.pk).facts
    assert [criterion.weight for criterion in facts.criteria] == [30, 50, 20]
    assert (facts.pass_total, facts.quorum) == (60, 5)
    assert "grid" not in fresh(call).assumed


def test_weights_that_are_not_100_are_kept_and_refused_at_publication(by):
    call = ready(by)
    update_grid(call, version=call.version, settings=SETTINGS, criteria=weights(30, 50, 30), by=by, at=AT)
    with pytest.raises(Refused) as refused:
        publish_call(call, by=by, at=AT, opens_at=AT)
    assert codes(refused) == ["grid_weights_not_100"]
    assert "110" in str(refused.value.blockers[0].message)
    assert fresh(call).status == CallStatus.DRAFT


@pytest.mark.parametrize(
    ("rows", "code"), [([], "no_subcriterion"), ([row(f"s{n}") for n in range(5)], "too_many_subcriteria")]
)
def test_lists_of_subcriteria_that_are_refused(by, rows, code):
    call = draft(by)
    criterion = Criterion.objects.get(grid__call=call, code="strategy")
    with pytest.raises(Refused) as refused:
        replace_subcriteria(call, criterion, rows, version=1, by=by, at=AT)
    assert codes(refused) == [code]


def test_a_published_grid_is_frozen(by):
    call = announced(by)
    criterion = Criterion.objects.get(grid__call=call, code="strategy")
    attempts = [
        lambda: update_grid(
            call, version=call.version, settings=SETTINGS, criteria=weights(30, 50, 20), by=by, at=AT
        ),
        lambda: replace_subcriteria(call, criterion, [row("s")], version=call.version, by=by, at=AT),
        lambda: lock_draft(call, version=call.version),
    ]
    for attempt in attempts:
        with pytest.raises(Refused) as refused:
            attempt()
        assert codes(refused) == ["call_frozen"]


def test_everything_that_a_bare_draft_lacks(by):
    call = draft(by)
    found = [blocker.code for blocker in publication_blockers(fresh(call), at=AT)]
    assert found == ["text_missing", "contact_missing", "deadline_missing", "support_count_missing"]


def test_a_deadline_that_passed_meanwhile_forbids_the_publication(by):
    call = ready(by)
    with pytest.raises(Refused) as refused:
        publish_call(call, by=by, at=CLOSES_AT, opens_at=None)
    assert codes(refused) == ["deadline_passed"]


def test_publishing_opens_now_later_or_at_a_set_instant(by):
    now = publish_call(ready(by, code="C-1"), by=by, at=AT, opens_at=AT)
    assert fresh(now).phase(at=AT) == CallPhase.OPEN
    later = publish_call(ready(by, code="C-2"), by=by, at=AT, opens_at=None)
    assert fresh(later).phase(at=AT) == CallPhase.ANNOUNCED
    with pytest.raises(Refused) as refused:
        publish_call(ready(by, code="C-3"), by=by, at=AT, opens_at=CLOSES_AT)
    assert codes(refused) == ["opening_after_deadline"]
    with pytest.raises(Refused) as refused:
        publish_call(now, by=by, at=AT, opens_at=AT)
    assert codes(refused) == ["already_published"]


def test_what_looks_wrong_is_said_and_forbids_nothing(by):
    call = ready(by)
    found = {doubt.code.value for doubt in readiness(call, at=AT).doubts}
    assert found == {
        "no_arabic_title",
        "no_arabic_text",
        "unconfirmed_section",
        "no_article",
        "officers_missing",
        "no_decision_maker",
        "no_administrator",
        "no_chair",
        "jury_below_quorum",
    }
    publish_call(call, by=by, at=AT, opens_at=None)


def test_a_complete_staff_and_jury_raise_no_doubt_about_people(by):
    call = ready(by)
    for name, role in (
        ("un", Role.CASE_OFFICER),
        ("deux", Role.CASE_OFFICER),
        ("decideur", Role.DECISION_MAKER),
        ("admin", Role.ADMINISTRATOR),
    ):
        person(name, role)
    for name, role in (("chair", JuryRole.CHAIR), ("j1", JuryRole.JUROR), ("j2", JuryRole.JUROR)):
        JuryMember.objects.create(call=call, user=person(name), role=role, appointed_by=by, appointed_at=AT)
    found = {doubt.code.value for doubt in readiness(call, at=AT).doubts}
    assert found == {"no_arabic_title", "no_arabic_text", "unconfirmed_section", "no_article"}


def test_the_missing_officer_is_told_by_the_name_of_the_one_there_is(by):
    person("seul", Role.CASE_OFFICER)
    sentences = {doubt.code.value: str(doubt.message) for doubt in readiness(ready(by), at=AT).doubts}
    assert "Personne Seul" in sentences["officers_missing"]


def test_a_juror_who_holds_a_role_is_named(by):
    call = ready(by)
    JuryMember.objects.create(
        call=call,
        user=person("double", Role.CASE_OFFICER),
        role=JuryRole.JUROR,
        appointed_by=by,
        appointed_at=AT,
    )
    sentences = {doubt.code.value: str(doubt.message) for doubt in readiness(call, at=AT).doubts}
    assert "Personne Double" in sentences["juror_holds_role"]


@pytest.mark.parametrize(
    ("day", "code"),
    [
        (date(2026, 11, 28), "deadline_on_weekend"),
        (date(2026, 11, 18), "deadline_on_holiday"),
        (date(2027, 1, 11), "deadline_on_holiday"),
    ],
)
def test_a_deadline_on_a_day_off_is_doubted(by, day, code):
    call = ready(by)
    set_first_deadline(call, wall_on=day, wall_time=time(15), version=call.version, by=by, at=AT)
    assert code in {doubt.code.value for doubt in readiness(fresh(call), at=AT).doubts}


def test_a_working_day_is_no_holiday():
    assert holiday_name(date(2026, 11, 27)) == ""
    assert holiday_name(date(2026, 11, 18)) == "Fête de l'indépendance"


def test_publication_needs_a_person_to_have_chosen_the_count(by):
    call = ready(by)
    Call.objects.filter(pk=call.pk).update(support_count="", support_reference="")
    with pytest.raises(Refused) as refused:
        publish_call(call, by=by, at=AT, opens_at=AT + timedelta(days=1))
    assert codes(refused) == ["support_count_missing"]
    again = complete(fresh(call), by)
    update_section(again, CallSection.TEXTS, version=again.version, changes={"title_fr": " "}, by=by, at=AT)
    with pytest.raises(Refused) as refused:
        publish_call(again, by=by, at=AT, opens_at=None)
    assert codes(refused) == ["title_missing"]
