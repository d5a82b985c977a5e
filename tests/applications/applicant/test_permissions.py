"""Who gets what, by role and by phase: the team by its rights, everybody else a 404, the anonymous the log-in."""

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from accounts.enums import Role
from applications.enums import ApplicationStatus, CallStatus, TeamRole
from applications.models import Application, Section, Submission
from evaluation.models import JuryMember
from tests.applications.applicant import world

pytestmark = pytest.mark.django_db

PAGES = ("dossier", "dossier_check", "dossier_answers", "documents", "deposit", "withdrawal", "team")
SEALED = ("submission", "receipt", "receipt_pdf")
PHASES = {
    "open": (CallStatus.ANNOUNCED, ApplicationStatus.SUBMITTED, world.AT),
    "past": (CallStatus.ANNOUNCED, ApplicationStatus.SUBMITTED, world.CLOSES_AT),
    "opened": (CallStatus.OPENED, ApplicationStatus.IN_INSTRUCTION, world.CLOSES_AT),
    "evaluation": (CallStatus.EVALUATION, ApplicationStatus.IN_EVALUATION, world.CLOSES_AT),
    "published": (CallStatus.PUBLISHED, ApplicationStatus.DECIDED, world.CLOSES_AT),
}


@pytest.fixture(params=list(PHASES))
def phase(request, deposited, at) -> str:
    call_status, status, instant = PHASES[request.param]
    deposited.call.status = call_status
    deposited.call.published_at = instant
    deposited.call.save()
    Application.objects.filter(pk=deposited.pk).update(status=status)
    at(instant)
    return request.param


def addresses(application) -> list[str]:
    plain = [reverse(f"applications:{name}", args=[application.pk]) for name in PAGES]
    sealed = [reverse(f"applications:{name}", args=[application.pk, 1]) for name in SEALED]
    section = reverse("applications:section", args=[application.pk, "identity"])
    file = reverse("applications:document_file", args=[application.pk, application.documents.get().pk])
    return [*plain, *sealed, section, file]


def acts(application) -> list[tuple[str, dict]]:
    document = application.documents.get().pk
    pk = application.pk
    return [
        (reverse("applications:section", args=[pk, "identity"]), {"name": "Pris", "version": "1"}),
        (reverse("applications:document_add", args=[pk, "statuts"]), {}),
        (reverse("applications:document_remove", args=[pk, document]), {}),
        (reverse("applications:document_restore", args=[pk, document]), {}),
        (
            reverse("applications:deposit", args=[pk]),
            {"signatory": "A", "capacity": "B", "declared": "on", "token": str(uuid4())},
        ),
        (reverse("applications:withdrawal", args=[pk]), {"reason": "Pris"}),
        (reverse("applications:withdrawal_undo", args=[pk]), {}),
        (reverse("applications:team", args=[pk]), {"email": "x@demo.example", "role": "editor"}),
        (reverse("applications:team_seat", args=[pk, application.team.first().pk]), {"remove": "1"}),
        (reverse("applications:team_revoke", args=[pk, uuid4()]), {}),
    ]


def strangers(call) -> dict[str, object]:
    found = {role.value: world.officer(role) for role in Role}
    found["autre"] = world.person("autre")
    other = world.person("autre-porteur")
    Application.objects.create(call=call, created_by=other, created_at=world.AT, updated_at=world.AT)
    found["autre-porteur"] = other
    juror = world.person("jure")
    JuryMember.objects.create(call=call, user=juror, role="member", appointed_by=other, appointed_at=world.AT)
    found["jure"] = juror
    return found


def test_whoever_is_not_of_the_team_gets_a_404(phase, deposited, client_of):
    before = list(Section.objects.values("code", "data", "version"))
    for name, user in strangers(deposited.call).items():
        browser = client_of(user)
        for address in addresses(deposited):
            assert browser.get(address).status_code == 404, (name, address)
        for address, posted in acts(deposited):
            assert browser.post(address, posted).status_code == 404, (name, address)
    assert list(Section.objects.values("code", "data", "version")) == before
    assert Submission.objects.count() == 1


def test_an_unknown_dossier_looks_like_a_foreign_one(deposited, client_of):
    browser = client_of(world.person("autre"))
    foreign = browser.get(reverse("applications:dossier", args=[deposited.pk]))
    unknown = browser.get(reverse("applications:dossier", args=[uuid4()]))
    assert foreign.status_code == unknown.status_code == 404
    assert len(foreign.content) == len(unknown.content)


def test_the_anonymous_is_sent_to_the_log_in(deposited):
    browser = Client()
    for address in [*addresses(deposited), reverse("applications:dossier_list")]:
        answer = browser.get(address)
        assert answer.status_code == 302
        assert answer.url.startswith(reverse("account_login"))
    for address, posted in acts(deposited):
        assert browser.post(address, posted).url.startswith(reverse("account_login"))


@pytest.mark.parametrize("role", [TeamRole.EDITOR, TeamRole.READER])
def test_the_whole_team_reads_in_every_phase(phase, deposited, client_of, role):
    colleague = world.person("collegue")
    world.seat(deposited, colleague, role)
    for browser in (client_of(colleague), client_of(deposited.created_by)):
        for address in addresses(deposited):
            answer = browser.get(address)
            assert answer.status_code in (200, 302), address
            if answer.streaming:
                b"".join(answer.streaming_content)


def test_a_reader_changes_nothing(deposited, client_of):
    reader = world.person("lecteur")
    world.seat(deposited, reader, TeamRole.READER)
    browser = client_of(reader)
    before = list(Section.objects.values("code", "data", "version"))
    for address, posted in acts(deposited):
        assert browser.post(address, posted).status_code in (302, 403, 409, 422), address
    deposited.refresh_from_db()
    assert deposited.status == ApplicationStatus.SUBMITTED
    assert list(Section.objects.values("code", "data", "version")) == before
    assert deposited.documents.current().count() == 1
    assert deposited.team.count() == 2
    assert not deposited.invitations.exists()


def test_an_editor_writes_but_neither_deposits_nor_withdraws_nor_invites(deposited, client_of):
    editor = world.person("redacteur")
    world.seat(deposited, editor, TeamRole.EDITOR)
    browser = client_of(editor)
    assert browser.post(acts(deposited)[0][0], {"name": "Changé", "version": "1"}).status_code == 302
    for address, posted in acts(deposited)[4:]:
        browser.post(address, posted)
    deposited.refresh_from_db()
    assert deposited.status == ApplicationStatus.SUBMITTED
    assert Submission.objects.count() == 1
    assert deposited.team.count() == 2
    assert not deposited.invitations.exists()


@pytest.mark.parametrize("name", ["past", "opened", "evaluation", "published"])
def test_after_closing_the_owner_changes_nothing(deposited, browser, at, name):
    call_status, status, instant = PHASES[name]
    deposited.call.status = call_status
    deposited.call.published_at = instant
    deposited.call.save()
    Application.objects.filter(pk=deposited.pk).update(status=status)
    at(instant)
    for address, posted in acts(deposited)[:5]:
        assert browser.post(address, posted).status_code in (409, 422), address
    assert Submission.objects.count() == 1
    assert deposited.documents.current().count() == 1


@pytest.mark.parametrize(
    "status",
    [ApplicationStatus.ADMISSIBLE, ApplicationStatus.INADMISSIBLE, ApplicationStatus.IN_EVALUATION],
)
def test_nothing_shows_before_the_results(deposited, browser, at, status):
    deposited.call.status = CallStatus.EVALUATION
    deposited.call.save()
    Application.objects.filter(pk=deposited.pk).update(status=status)
    at(world.CLOSES_AT)
    page = world.text_of(browser.get(reverse("applications:dossier", args=[deposited.pk])))
    assert "À l'examen" in page
    assert "ecevable" not in page.replace("Recevabilité", "")


def test_staff_start_no_dossier(call, client_of):
    browser = client_of(world.officer())
    answer = browser.post(reverse("applications:dossier_start", args=[call.code]))
    assert answer.status_code == 409
    assert not Application.objects.exists()


def test_no_get_writes(deposited, browser):
    before = (Section.objects.count(), Submission.objects.count(), deposited.documents.count())
    for address in addresses(deposited):
        answer = browser.get(address)
        if answer.streaming:
            b"".join(answer.streaming_content)
    assert (Section.objects.count(), Submission.objects.count(), deposited.documents.count()) == before
    for name in ("withdrawal_undo",):
        assert browser.get(reverse(f"applications:{name}", args=[deposited.pk])).status_code == 405


def test_extra_fields_change_nothing(browser, draft, owner):
    posted = {"name": "A", "version": "0", "status": "submitted", "owner": "x", "call": "y", "is_staff": "1"}
    browser.post(reverse("applications:section", args=[draft.pk, "identity"]), posted)
    draft.refresh_from_db()
    assert draft.status == ApplicationStatus.DRAFT
    assert set(Section.objects.get().data) == set(world.answers()["identity"])
