from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.db import InternalError, ProgrammingError, connection, transaction
from django.urls import reverse

from accounts import outbox
from accounts.enums import OutboxKind
from accounts.models import AuditEvent, Notice, OutboxMessage
from applications.actions import receipts
from applications.actions.dossiers import save_section
from applications.actions.submissions import is_intact, submit
from applications.domain.sealing import digest, verify_receipt_number
from applications.enums import ApplicationStatus, SectionCode, TeamRole
from applications.models import DepositFailure, Receipt, Submission, SubmissionFile
from clusters_portal import storage
from clusters_portal.errors import Refused
from tests.applications.applicant import world
from tests.applications.applicant.world import text_of

pytestmark = pytest.mark.django_db


def url(name: str, *args) -> str:
    return reverse(f"applications:{name}", args=args)


def declaration(**extra) -> dict[str, str]:
    return {
        "signatory": "Promoteur Démonstration 1",
        "capacity": "Présidente",
        "declared": "on",
        "token": str(uuid4()),
        **extra,
    }


def test_a_deposit_seals_everything_and_gives_a_receipt(browser, filled, owner):
    answer = browser.post(url("deposit", filled.pk), declaration())
    assert answer.url == url("receipt", filled.pk, 1)
    filled.refresh_from_db()
    sealed = filled.standing_submission
    assert filled.status == ApplicationStatus.SUBMITTED
    assert verify_receipt_number(sealed.number)
    assert sealed.submitted_at == world.AT
    assert sealed.submitted_by == owner
    assert sealed.digest == digest(sealed.snapshot)
    assert is_intact(sealed)
    assert sealed.snapshot["deadline"]["version"] == 1
    assert sealed.snapshot["call"] == "AAP-TEST-2026"
    assert sealed.snapshot["sections"]["identity"]["name"] == "Cluster Démonstration Atlas"
    assert sealed.snapshot["sections"]["statement"] == {
        "signatory": "Promoteur Démonstration 1",
        "capacity": "Présidente",
        "declared": True,
    }
    document = filled.documents.get()
    assert sealed.snapshot["files"] == [
        {"piece": "statuts", "name": "Statuts signés.pdf", "size": document.size, "sha256": document.sha256}
    ]
    assert SubmissionFile.objects.get().sha256 == document.sha256
    assert Receipt.objects.get().rendered_at is None
    assert OutboxMessage.objects.filter(kind=OutboxKind.RENDER_RECEIPT, key=str(sealed.pk)).count() == 1
    assert AuditEvent.objects.get(verb="application.submitted").detail["digest"] == sealed.digest


def test_everybody_of_the_team_is_told_with_the_digests(filled, owner, browser):
    editor = world.person("redactrice")
    world.seat(filled, editor, TeamRole.EDITOR)
    browser.post(url("deposit", filled.pk), declaration())
    sealed = Submission.objects.get()
    assert set(Notice.objects.filter(kind="deposit_received").values_list("user__email", flat=True)) == {
        owner.email,
        editor.email,
    }
    mail = OutboxMessage.objects.filter(kind=OutboxKind.MAIL).first().payload
    assert sealed.number in mail["subject"]
    assert sealed.digest in mail["text"]
    assert sealed.snapshot["files"][0]["sha256"] in mail["text"]
    assert "vendredi 20 novembre 2026" in mail["text"]
    assert "heure de Rabat" in mail["text"]


@pytest.mark.parametrize(
    ("offset", "status"), [(-world.MICROSECOND, 302), (world.MICROSECOND * 0, 409), (world.MICROSECOND, 409)]
)
def test_the_closing_instant_through_the_view(browser, filled, at, offset, status):
    at(world.CLOSES_AT + offset)
    answer = browser.post(url("deposit", filled.pk), declaration())
    assert answer.status_code == status
    assert Submission.objects.count() == (status == 302)
    failures = list(DepositFailure.objects.values_list("at", "codes"))
    assert failures == ([] if status == 302 else [(world.CLOSES_AT + offset, ["deadline_passed"])])
    if status != 302:
        page = text_of(answer)
        assert "15 h 00".replace(" ", "\xa0") in page
        assert "Rien n'est perdu" in page
        assert filled.sections.count() == 11


def test_the_last_second_in_casablanca(browser, filled, at):
    at(datetime(2026, 11, 27, 14, 59, 59, tzinfo=UTC))
    assert browser.post(url("deposit", filled.pk), declaration()).status_code == 302
    assert "14:59:59" in text_of(browser.get(url("receipt", filled.pk, 1)))


def test_coming_late_with_a_broken_form_is_said_to_be_late(browser, filled, at):
    at(world.CLOSES_AT)
    answer = browser.post(url("deposit", filled.pk), {"token": "x"})
    assert answer.status_code == 409
    assert "date limite est passée" in text_of(answer)


@pytest.mark.parametrize("missing", ["signatory", "capacity", "declared"])
def test_what_is_not_declared_is_asked_and_the_rest_kept(browser, filled, missing):
    given = declaration()
    del given[missing]
    answer = browser.post(url("deposit", filled.pk), given)
    assert answer.status_code == 422
    assert not Submission.objects.exists()
    if missing != "signatory":
        assert "Promoteur Démonstration 1" in text_of(answer)


def test_a_token_that_is_none_is_said(browser, filled):
    answer = browser.post(url("deposit", filled.pk), declaration(token="<script>"))
    assert answer.status_code == 422
    assert "plus à jour" in text_of(answer)


def test_an_incomplete_dossier_is_refused_with_the_list_and_noted(browser, draft):
    answer = browser.post(url("deposit", draft.pk), declaration())
    assert answer.status_code == 409
    assert url("section", draft.pk, "identity") in text_of(answer)
    assert not Submission.objects.exists()
    assert "section_incomplete" in DepositFailure.objects.get().codes


def test_a_double_click_makes_one_deposit(browser, filled):
    given = declaration()
    first, second = (
        browser.post(url("deposit", filled.pk), given),
        browser.post(url("deposit", filled.pk), given),
    )
    assert first.url == second.url
    assert Submission.objects.count() == 1
    assert Notice.objects.filter(kind="deposit_received").count() == 1


def test_two_colleagues_make_one_deposit(browser, client_of, filled):
    other = world.person("redactrice")
    world.seat(filled, other, TeamRole.EDITOR, may_deposit=True)
    first = browser.post(url("deposit", filled.pk), declaration())
    second = client_of(other).post(url("deposit", filled.pk), declaration(capacity="Directrice"))
    assert first.url == second.url
    assert Submission.objects.count() == 1


def test_amending_keeps_the_standing_deposit_until_the_next(browser, deposited, owner):
    first = deposited.standing_submission
    given = {**world.answers()[SectionCode.IDENTITY], "name": "Autre nom"}
    save_section(deposited, SectionCode.IDENTITY, given, by=owner, at=world.AT, version=1)
    deposited.refresh_from_db()
    assert deposited.status == ApplicationStatus.SUBMITTED
    assert deposited.standing_submission == first
    assert deposited.name == "Cluster Démonstration Atlas"
    page = text_of(browser.get(url("dossier", deposited.pk)))
    assert "Vos modifications ne sont pas déposées" in page
    assert first.number in page
    browser.post(url("deposit", deposited.pk), declaration())
    deposited.refresh_from_db()
    second = deposited.standing_submission
    assert (second.version, deposited.name) == (2, "Autre nom")
    assert second.number != first.number
    assert "remplacé par un autre" in text_of(browser.get(url("receipt", deposited.pk, 1)))
    assert "Cluster Démonstration Atlas" in text_of(browser.get(url("submission", deposited.pk, 1)))
    assert Receipt.objects.count() == 2


def test_what_was_deposited_is_read_from_the_snapshot(browser, deposited, owner):
    given = {**world.answers()[SectionCode.IDENTITY], "name": "Modifié depuis"}
    save_section(deposited, SectionCode.IDENTITY, given, by=owner, at=world.AT, version=1)
    page = text_of(browser.get(url("submission", deposited.pk, 1)))
    assert "Modifié depuis" not in page
    assert "vient d'être recalculée" in page


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE applications_submission SET digest = digest",
        "DELETE FROM applications_submission",
        "UPDATE applications_submissionfile SET name = 'x'",
        "DELETE FROM applications_submissionfile",
    ],
)
def test_the_database_refuses_to_change_what_was_deposited(deposited, statement):
    refusal = pytest.raises((ProgrammingError, InternalError), match="stays as it was")
    with refusal, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_withdrawn_and_put_back(browser, deposited, at):
    assert browser.post(url("withdrawal", deposited.pk), {"reason": " "}).status_code == 422
    browser.post(url("withdrawal", deposited.pk), {"reason": "Partenaire parti"})
    deposited.refresh_from_db()
    assert (deposited.status, deposited.withdrawal_reason) == (
        ApplicationStatus.WITHDRAWN,
        "Partenaire parti",
    )
    assert browser.post(url("deposit", deposited.pk), declaration()).status_code == 409
    browser.post(url("withdrawal_undo", deposited.pk))
    deposited.refresh_from_db()
    assert (deposited.status, deposited.withdrawn_at) == (ApplicationStatus.SUBMITTED, None)


def test_a_withdrawal_after_closing_is_final(browser, deposited, at):
    at(world.CLOSES_AT)
    browser.post(url("withdrawal", deposited.pk), {"reason": "Partenaire parti"})
    browser.post(url("withdrawal_undo", deposited.pk))
    deposited.refresh_from_db()
    assert deposited.status == ApplicationStatus.WITHDRAWN


def test_a_track_record_of_a_new_cluster_is_not_sealed(filled, owner):
    save_section(
        filled, SectionCode.TRACK_RECORD, {"summary": "Bilan", "rows": []}, by=owner, at=world.AT, version=0
    )
    sealed = submit(filled, by=owner, at=world.AT, token=uuid4(), signatory="A", capacity="B")
    assert "track_record" not in sealed.snapshot["sections"]


def test_a_reader_of_the_form_cannot_deposit(filled):
    editor = world.person("redactrice")
    world.seat(filled, editor, TeamRole.EDITOR)
    with pytest.raises(Refused) as refused:
        submit(filled, by=editor, at=world.AT, token=uuid4(), signatory="A", capacity="B")
    assert [b.code for b in refused.value.blockers] == ["may_not_deposit"]


def test_the_receipt_pdf_is_made_once_by_the_worker(browser, deposited):
    page = text_of(browser.get(url("receipt", deposited.pk, 1)))
    assert "en préparation" in page
    assert "hx-get" in page
    assert browser.get(url("receipt_pdf", deposited.pk, 1)).url == url("receipt", deposited.pk, 1)
    outbox.drain()
    made = Receipt.objects.get()
    assert storage.read(made.pdf_key, sha256=made.pdf_sha256).startswith(b"%PDF-")
    assert receipts.render(str(deposited.standing_submission_id), at=world.AT).rendered_at == made.rendered_at
    answer = browser.get(url("receipt_pdf", deposited.pk, 1))
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment")
    assert b"".join(answer.streaming_content).startswith(b"%PDF-")
    part = text_of(browser.get(url("receipt", deposited.pk, 1) + "?pdf=1", HTTP_HX_REQUEST="true"))
    assert "recepisse.pdf" in part
    assert "hx-get" not in part
    assert "<html" not in part


def test_the_receipt_says_the_same_in_both_languages(deposited):
    html = receipts.receipt_html(deposited.standing_submission)
    sealed = deposited.standing_submission
    assert html.count(sealed.digest) == 2
    assert html.count(sealed.snapshot["files"][0]["sha256"]) == 2
    assert "Récépissé de dépôt" in html
    assert "وصل إيداع" in html
    assert "vendredi 20 novembre 2026" in html
    assert "الجمعة 20 نونبر 2026" in html
    assert "تجمع الأطلس التجريبي" in html
    assert "Nouveau cluster" in html
    assert "تجمع جديد" in html


def test_a_hostile_name_is_text_in_the_receipt(filled, owner, call):
    given = {**world.answers()[SectionCode.IDENTITY], "name": "<img src=file:///etc/passwd>", "name_ar": ""}
    save_section(filled, SectionCode.IDENTITY, given, by=owner, at=world.AT, version=1)
    sealed = submit(filled, by=owner, at=world.AT, token=uuid4(), signatory="<b>", capacity="B")
    assert "<img src=file" not in receipts.receipt_html(sealed)
    assert receipts.render(str(sealed.pk), at=world.AT).pdf_size > 0
