"""The checklist: what the rule found stays, what the officer answers is added, who settles is told apart."""

from io import BytesIO

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from openpyxl import load_workbook

from accounts.models import AuditEvent
from applications.actions import instruction
from applications.enums import ApplicationStatus, EligibilityLine, Finding
from applications.models import AdmissibilitySettlement, Application, Call, EligibilityCheck, Label
from clusters_portal.errors import Refused


@pytest.fixture
def dossier(opened) -> Application:
    """A dossier that nobody has begun to instruct."""
    pending = Application.objects.filter(call=opened.call, status=ApplicationStatus.IN_INSTRUCTION)
    found = pending.select_related("call", "cluster", "standing_submission").first()
    AdmissibilitySettlement.objects.filter(application=found).delete()
    instruction.EligibilityCheck.objects.filter(application=found).delete()
    instruction.compute_checks(found, at=opened.call.opened_at)
    return found


def answer_all(application: Application, *, by, at, answer: Finding | None = None) -> None:
    for check in application.eligibility_checks.all():
        instruction.answer_check(
            application=application,
            line=EligibilityLine(check.line),
            answer=answer or check.finding,
            reason="Vu la pièce." if answer and answer != check.finding else "",
            by=by,
            at=at,
        )


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [blocker.code for blocker in refused.value.blockers]


def settle(application, outcome, *, by, at, fr="", ar=""):
    return instruction.settle(
        application=application, outcome=outcome, reasons_fr=fr, reasons_ar=ar, by=by, at=at
    )


def test_an_override_needs_a_reason_and_a_second_person(dossier, opened, at) -> None:
    line = EligibilityLine.MEMBERSHIP
    check = dossier.eligibility_checks.get(line=line)
    other = Finding.NOT_MET if check.finding == Finding.MET else Finding.MET
    common = {"application": dossier, "line": line, "by": opened.officer, "at": at}
    with pytest.raises(Refused) as refused:
        instruction.answer_check(answer=other, reason="  ", **common)
    assert codes(refused) == ["override_without_reason"]
    instruction.answer_check(answer=other, reason="Deux membres comptés à tort.", **common)
    check.refresh_from_db()
    assert (check.finding, check.answer, check.is_settled) == (check.finding, other, False)
    with pytest.raises(Refused) as refused:
        instruction.second_override(**common)
    assert codes(refused) == ["same_officer"]
    instruction.second_override(**{**common, "by": opened.manager})
    check.refresh_from_db()
    assert (check.is_settled, check.seconded_by) == (True, opened.manager)


def test_the_database_refuses_a_second_who_is_the_first(dossier, opened, at) -> None:
    check = dossier.eligibility_checks.first()
    with pytest.raises(IntegrityError, match="override_takes_a_second_person"), transaction.atomic():
        EligibilityCheck.objects.filter(pk=check.pk).update(
            answer=Finding.MET,
            answer_reason="Motif.",
            answered_by=opened.officer,
            answered_at=at,
            seconded_by=opened.officer,
            seconded_at=at,
        )


def test_a_changed_answer_loses_its_second(dossier, opened, at) -> None:
    check = dossier.eligibility_checks.get(line=EligibilityLine.MEMBERSHIP)
    other = Finding.TO_VERIFY
    common = {"application": dossier, "line": EligibilityLine.MEMBERSHIP, "at": at}
    instruction.answer_check(answer=other, reason="À revoir.", by=opened.officer, **common)
    instruction.second_override(by=opened.manager, **common)
    instruction.answer_check(answer=Finding.NOT_MET, reason="Revu.", by=opened.officer, **common)
    check.refresh_from_db()
    assert check.seconded_by is None


def test_admissible_waits_for_every_line(dossier, opened, at) -> None:
    with pytest.raises(Refused) as refused:
        settle(dossier, ApplicationStatus.ADMISSIBLE, by=opened.officer, at=at)
    assert codes(refused) == ["line_unanswered"] * 4
    EligibilityCheck.objects.filter(application=dossier).update(finding=Finding.MET, facts={})
    answer_all(dossier, by=opened.officer, at=at)
    settle(dossier, ApplicationStatus.ADMISSIBLE, by=opened.officer, at=at)
    dossier.refresh_from_db()
    assert dossier.status == ApplicationStatus.ADMISSIBLE


def test_a_line_without_an_article_warns_and_never_excludes(dossier, opened, at) -> None:
    checks = EligibilityCheck.objects.filter(application=dossier)
    checks.update(finding=Finding.MET, facts={}, can_only_warn=True)
    checks.filter(line=EligibilityLine.MEMBERSHIP).update(finding=Finding.NOT_MET)
    answer_all(dossier, by=opened.officer, at=at)
    with pytest.raises(Refused) as refused:
        settle(dossier, ApplicationStatus.INADMISSIBLE, by=opened.officer, at=at, fr="Motif.", ar="سبب.")
    assert codes(refused) == ["no_adverse_line"]
    settle(dossier, ApplicationStatus.ADMISSIBLE, by=opened.officer, at=at)
    dossier.refresh_from_db()
    assert dossier.status == ApplicationStatus.ADMISSIBLE


def test_inadmissible_takes_reasons_and_two_officers(dossier, opened, at) -> None:
    checks = EligibilityCheck.objects.filter(application=dossier)
    checks.update(finding=Finding.MET, facts={}, can_only_warn=False)
    checks.filter(line=EligibilityLine.MEMBERSHIP).update(finding=Finding.NOT_MET)
    answer_all(dossier, by=opened.officer, at=at)
    with pytest.raises(Refused) as refused:
        settle(dossier, ApplicationStatus.INADMISSIBLE, by=opened.officer, at=at, fr="Motif.", ar=" ")
    assert codes(refused) == ["reasons_missing"]
    settle(dossier, ApplicationStatus.INADMISSIBLE, by=opened.officer, at=at, fr="Motif.", ar="سبب.")
    dossier.refresh_from_db()
    assert dossier.status == ApplicationStatus.IN_INSTRUCTION
    with pytest.raises(Refused) as refused:
        instruction.confirm_inadmissible(application=dossier, by=opened.officer, at=at)
    assert codes(refused) == ["same_officer"]
    instruction.confirm_inadmissible(application=dossier, by=opened.manager, at=at)
    dossier.refresh_from_db()
    assert dossier.status == ApplicationStatus.INADMISSIBLE
    assert AuditEvent.objects.filter(verb="application.inadmissible", subject_id=str(dossier.pk)).count() == 1


def test_nothing_is_settled_on_an_unconfirmed_fact(dossier, opened, at) -> None:
    EligibilityCheck.objects.filter(application=dossier).update(finding=Finding.MET)
    support = dossier.eligibility_checks.get(line=EligibilityLine.SUPPORT_YEARS)
    support.facts = {"rests_on_unconfirmed": True}
    support.save(update_fields=["facts"])
    answer_all(dossier, by=opened.officer, at=at)
    for outcome in (ApplicationStatus.ADMISSIBLE, ApplicationStatus.INADMISSIBLE):
        with pytest.raises(Refused) as refused:
            settle(dossier, outcome, by=opened.officer, at=at, fr="Motif.", ar="سبب.")
        assert "unconfirmed_facts" in codes(refused)


def test_confirming_a_fact_needs_a_document_and_happens_once(opened, client, at) -> None:
    label = Label.objects.filter(confirmed_at__isnull=True).select_related("cluster").first()
    client.force_login(opened.officer)
    url = reverse("applications:register-fact-confirm", args=[label.cluster.code, "labellisation", label.pk])
    assert client.post(url, {"document": ""}).status_code == 422
    label.refresh_from_db()
    assert label.confirmed_at is None
    client.post(url, {"document": "Contrat-programme de démonstration"})
    label.refresh_from_db()
    assert (label.confirmed_by, label.confirmed_at) == (opened.officer, at)
    assert label.confirmed_from == "Contrat-programme de démonstration"
    with pytest.raises(Refused):
        instruction.confirm_register_fact(label, document="Autre", by=opened.manager, at=at)


def test_a_refused_form_comes_back_with_what_was_typed(dossier, opened, client) -> None:
    client.force_login(opened.officer)
    typed = "<script>alert(1)</script> مُدوّن"
    answer = client.post(
        reverse("applications:settle", args=[dossier.pk]),
        {"outcome": "inadmissible", "reasons_fr": typed, "reasons_ar": ""},
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "&lt;script&gt;alert(1)&lt;/script&gt; مُدوّن" in page
    assert "<script>alert(1)" not in page
    assert "une irrecevabilité sans motif" in page


@pytest.mark.parametrize("line", ["nulle", "on-time", "members"])
def test_an_unknown_line_is_not_found(dossier, opened, client, line: str) -> None:
    client.force_login(opened.officer)
    url = f"/gestion/dossiers/{dossier.pk}/controles/{line}/"
    assert client.post(url, {}).status_code == 404


def test_only_officers_act_and_others_read(dossier, opened, client) -> None:
    page = reverse("applications:staff-dossier", args=[dossier.pk])
    act = reverse("applications:check-answer", args=[dossier.pk, "membership"])
    for user, seen, done in (
        (opened.auditor, 200, 403),
        (opened.decision_maker, 200, 403),
        (opened.administrator, 404, 404),
        (opened.chair, 404, 404),
        (opened.applicants[0], 404, 404),
    ):
        client.force_login(user)
        assert (client.get(page).status_code, client.post(act, {}).status_code) == (seen, done), user.email


def test_a_sealed_file_is_served_as_an_attachment(opened, client) -> None:
    application = Application.objects.unsealed().filter(call=opened.call).first()
    sealed = application.standing_submission.files.select_related("document").first()
    client.force_login(opened.officer)
    answer = client.get(reverse("applications:staff-document", args=[application.pk, sealed.document_id]))
    assert answer.status_code == 200
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"].startswith("attachment;")
    assert sum(len(part) for part in answer.streaming_content) == sealed.size
    other = Application.objects.unsealed().exclude(pk=application.pk).first()
    assert client.get(f"/gestion/dossiers/{other.pk}/pieces/{sealed.document_id}/").status_code == 404


def queries(client, url: str, counter) -> int:
    client.get(url)
    with counter as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def test_the_work_list_asks_as_much_for_one_dossier_as_for_three(
    opened, client, django_assert_max_num_queries
) -> None:
    client.force_login(opened.officer)
    url = reverse("applications:staff-dossiers", args=[opened.call.code])
    counts = {}
    listed = list(Application.objects.unsealed().filter(call=opened.call))
    for kept in (3, 1):
        hidden = [application.pk for application in listed[kept:]]
        Application.objects.filter(pk__in=hidden).update(call=Call.objects.get(code="AAP-CL-2020"))
        counts[kept] = queries(client, url, django_assert_max_num_queries(10))
    assert counts[1] == counts[3]


@pytest.mark.parametrize("name", ["applications:staff-home", "applications:staff-dossier"])
def test_staff_pages_stay_within_ten_queries(
    opened, client, django_assert_max_num_queries, name: str
) -> None:
    client.force_login(opened.officer)
    application = Application.objects.unsealed().filter(call=opened.call).first()
    url = reverse(name, args=[application.pk] if name.endswith("dossier") else [])
    queries(client, url, django_assert_max_num_queries(10))


def test_the_export_keeps_text_as_text(opened, client) -> None:
    application = Application.objects.unsealed().filter(call=opened.call).first()
    Application.objects.filter(pk=application.pk).update(name="=1+1")
    client.force_login(opened.officer)
    answer = client.get(reverse("applications:staff-dossiers-export", args=[opened.call.code]))
    sheet = load_workbook(BytesIO(answer.content)).active
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value == "=1+1"]
    assert [cell.data_type for cell in cells] == ["s"]


def test_the_acts_of_the_page_are_done(dossier, opened, client) -> None:
    client.force_login(opened.officer)
    page = reverse("applications:staff-dossier", args=[dossier.pk])
    for check in dossier.eligibility_checks.all():
        data = {f"{check.line}-answer": check.finding, f"{check.line}-reason": ""}
        answer = client.post(reverse("applications:check-answer", args=[dossier.pk, check.line]), data)
        assert (answer.status_code, answer.url) == (302, page)
        check.refresh_from_db()
        assert (check.answer, check.answered_by) == (check.finding, opened.officer)


def test_an_act_that_the_rules_refuse_keeps_what_was_typed(dossier, opened, client) -> None:
    client.force_login(opened.officer)
    typed = {"outcome": "inadmissible", "reasons_fr": "Motif tapé.", "reasons_ar": "سبب مكتوب."}
    answer = client.post(reverse("applications:settle", args=[dossier.pk]), typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Aucune ligne qui puisse écarter le dossier" in page
    assert "Motif tapé." in page
    assert "سبب مكتوب." in page

    check = dossier.eligibility_checks.first()
    other = next(value for value in ("met", "not_met") if value != check.finding)
    data = {f"{check.line}-answer": other, f"{check.line}-reason": ""}
    answer = client.post(reverse("applications:check-answer", args=[dossier.pk, check.line]), data)
    assert answer.status_code == 422
    assert "Écrivez le motif : votre constat diffère" in answer.content.decode()
