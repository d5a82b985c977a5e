"""One call, from the notice to the letter, lived in French by nine people in one Chromium.

gunicorn, a Celery worker, PostgreSQL and Valkey are real; only the clock is moved.
"""

import pytest

from applications.actions.reference import load_reference_data
from applications.enums import EligibilityLine, SectionCode
from applications.models import Call, Sector
from evaluation.demonstration.people import ensure_people
from evaluation.demonstration.register import ensure_clusters
from tests.journeys import applicant, calls, decisions, forms, instruction, jury

ACTS = [
    "user.signed_up",
    "call.created",
    "call.announced",
    "call.deadline_extended",
    "application.submitted",
    "call.closed",
    "opening.proposed",
    "call.opened",
    "check.answered",
    "register.fact_confirmed",
    "application.admissible",
    "application.inadmissible",
    "jury.appointed",
    "declaration.made",
    "declaration.ruled",
    "sheet.sent",
    "deliberation.signed",
    "decision.signed",
    "letter.numbered",
    "letter.rendered",
    "call.published",
    "letter.acknowledged",
]


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.django_db(transaction=True)
def test_a_whole_call(portal, open_stage) -> None:
    at = portal.now()
    load_reference_data(at=at)
    people = ensure_people(jurors=2, applicants=2, at=at)
    manager = people.manager.email
    stage = open_stage(name="journey")

    calls.visitor_reads_the_past(stage)
    code, closes_on = calls.manager_writes_and_publishes(stage, manager)
    calls.visitor_finds_the_call(stage, code)
    closes_at = calls.manager_extends(stage, manager, code, closes_on)

    call = Call.objects.get(code=code)
    sector = Sector.objects.first().code
    answers = forms.answers_of(forms.profile(0), sector=sector, first_year=closes_at.year + 1)
    applicant.signs_up(stage, applicant.APPLICANT, applicant.NAME)
    atlas = applicant.begins(stage, code)
    applicant.fills(stage, atlas, answers)
    applicant.sees_what_is_missing(stage, atlas, count=7)
    sums = applicant.joins_pieces(stage, atlas)
    first = applicant.deposits(stage, atlas)
    applicant.reads_the_receipt(stage, first, sums)
    applicant.gets_the_mail(stage, applicant.APPLICANT, first, sums)
    second = applicant.amends(stage, atlas, answers, first)

    [cluster] = ensure_clusters(1, year=closes_at.year)
    others = {"sector": sector, "first_year": closes_at.year + 1, "at": portal.now()}
    ancient = applicant.is_deposited_beside(
        call, people.applicants[0], forms.profile(1, cluster=cluster.code), **others
    )
    small = applicant.is_deposited_beside(call, people.applicants[1], forms.profile(2, members=12), **others)
    atlas.refresh_from_db()
    names = [atlas.name, ancient.name, small.name, "Atlas"]
    calls.manager_sees_one_number(stage, manager, code, 3, hidden=names)
    calls.manager_answers_a_caller(stage, second.number)
    stage.become(applicant.APPLICANT)
    applicant.comes_too_late(stage, atlas, second, hour=closes_at)
    calls.manager_closes(stage, manager, code, dossiers=3, deposits=4)

    officer = people.officer.email
    names = [atlas.name, ancient.name, small.name]
    instruction.envelopes_are_opened(stage, code, proposer=manager, confirmer=officer, names=names)
    instruction.officer_reads(stage, atlas, file="plan de développement.docx", beginning=b"PK")
    instruction.officer_answers_every_line(stage, atlas, found=dict.fromkeys(EligibilityLine, "Satisfait"))
    instruction.officer_admits(stage, atlas)
    instruction.officer_confirms_the_register(stage, ancient, cluster)
    instruction.officer_answers_every_line(stage, ancient, found=dict.fromkeys(EligibilityLine, "Satisfait"))
    instruction.officer_admits(stage, ancient)
    lacking = dict.fromkeys(EligibilityLine, "Satisfait") | {EligibilityLine.MEMBERSHIP: "Non satisfait"}
    instruction.officer_answers_every_line(stage, small, found=lacking)
    instruction.officers_reject(stage, small, proposer=officer, confirmer=manager)

    stage.portal.pass_time(days=10)
    chair, juror, linked = people.chair.email, people.jurors[0].email, people.jurors[1].email
    jury.manager_composes(stage, manager, code, {chair: "chair", juror: "juror", linked: "juror"})
    unread = answers[SectionCode.GOVERNANCE]["bodies"]
    none = ("none", "")
    jury.juror_declares(stage, chair, code, {atlas: none, ancient: none}, hidden=unread)
    jury.juror_declares(
        stage, juror, code, {atlas: none, ancient: ("conflict", jury.CONFLICT)}, hidden=unread
    )
    jury.is_kept_out(stage, ancient)
    jury.juror_declares(stage, linked, code, {atlas: ("link", jury.LINK), ancient: none}, hidden=unread)
    jury.chair_keeps_the_linked_juror(stage, chair, code)
    very_good = "Dossier solide, chiffres vérifiables."
    jury.juror_marks(stage, chair, atlas, "4.5", comment=very_good, picture="fiche-d-evaluation")
    jury.juror_marks(stage, chair, ancient, "4.0", comment="Bilan convaincant.")
    jury.juror_marks(stage, juror, atlas, "3.0", comment="Marché à préciser.")
    jury.juror_marks(stage, linked, atlas, "4.0", comment=very_good)
    jury.juror_marks(stage, linked, ancient, "3.5", comment="Bilan honnête.")
    stage.portal.pass_time(days=5)
    jury.sees_no_marks_yet(stage, code, chair)
    jury.chair_closes_the_round(stage, code, [atlas.name, ancient.name])
    jury.chair_deliberates(stage, code, discussed=atlas, other=ancient)
    jury.chair_signs(stage, code, names=[atlas.name, ancient.name])

    stage.portal.pass_time(days=2)
    signer, auditor = people.decision_maker.email, people.staff["auditeur"].email
    letters = decisions.decision_maker_signs(stage, signer, code, names)
    texts = decisions.letters_say_what_was_decided(stage, code, letters)
    decisions.nothing_leaks_before_publication(stage, applicant.APPLICANT, atlas, code)
    decisions.manager_publishes(stage, manager, code)
    mine = next(letter for letter in letters if letter.decision.application_id == atlas.pk)
    decisions.applicant_is_notified(stage, applicant.APPLICANT, atlas, mine, texts[mine.number])
    decisions.visitor_sees_the_results(stage, code, labelled=atlas.name, others=[ancient.name, small.name])
    decisions.visitor_verifies(stage, mine, texts[mine.number])
    decisions.auditor_reads_the_trail(stage, auditor, code, ACTS)
    stage.check()
