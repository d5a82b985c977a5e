"""The officers' part: closing, opening, the checklist with confirmations and overrides, the settlements."""

from datetime import datetime

from django.utils import translation

from accounts.models import User
from applications.actions.closing import close_call
from applications.actions.instruction import answer_check, confirm_inadmissible, second_override, settle
from applications.actions.opening import confirm_opening, propose_opening
from applications.enums import ApplicationStatus, EligibilityLine, Finding
from applications.models import Application, Call, EligibilityCheck
from evaluation.demonstration.people import People
from evaluation.demonstration.phases import Agenda, Phase, Timeline
from evaluation.demonstration.register import confirm_facts
from evaluation.domain.reasons import FailedLine, Sentence, Title, eligibility_reasons

OVERRIDE_REASONS = {
    EligibilityLine.MEMBERSHIP: (
        "Les lettres d'engagement jointes nomment des membres que le tableau ne reprend pas : le seuil est atteint."
    ),
    EligibilityLine.SUPPORT_YEARS: (
        "La convention signée, consultée au ministère, donne la date exacte : plus de huit ans se sont écoulés."
    ),
}
OTHER_REASON = "Vérification faite sur pièces : la condition est remplie."
CONFIRMED = "Constat confirmé à la lecture du dossier."


def close_and_open(call: Call, *, people: People, when: Timeline, phase: Phase) -> None:
    close_call(call, by=people.manager, at=when.day(0, hours=1), host_offset_ms=0)
    if phase.reaches(Phase.OPENED):
        propose_opening(call, by=people.manager, at=when.day(0, hours=18))
        confirm_opening(call, by=people.officer, at=when.day(0, hours=18, minutes=20))


def instruct(call: Call, *, people: People, when: Timeline, phase: Phase, agenda: Agenda) -> None:
    """Every dossier is settled once the jury begins; while the call is only `opened`, two in five are."""
    dossiers = list(
        call.applications.filter(status=ApplicationStatus.IN_INSTRUCTION).order_by("created_at", "pk")
    )
    is_over = phase.reaches(Phase.EVALUATION)
    days = 12 if is_over else 7
    half = (len(dossiers) * 2 + 4) // 5
    adverse = 0
    for place, application in enumerate(dossiers):
        at = when.day(1 + days * place / max(len(dossiers), 1))
        checks = list(application.eligibility_checks.all())
        failed = [check for check in checks if check.finding == Finding.NOT_MET]
        is_overridden = bool(failed) and adverse % 2 == 1 and _may_be_overridden(failed)
        adverse += bool(failed)
        if is_over or place < half:
            _schedule_dossier(
                application, checks, people=people, at=at, agenda=agenda, overrides=is_overridden
            )
        elif place == half:
            # One dossier on the officers' desks: a line changed that waits for the second officer.
            agenda.add(at, _begin, application=application, by=people.manager)


def _may_be_overridden(failed: list[EligibilityCheck]) -> bool:
    return all(check.line != EligibilityLine.SUPPORT_YEARS for check in failed)


def _schedule_dossier(
    application: Application,
    checks: list[EligibilityCheck],
    *,
    people: People,
    at: datetime,
    agenda: Agenda,
    overrides: bool,
) -> None:
    if application.cluster:
        agenda.add(at, confirm_facts, cluster=application.cluster, by=people.officer)
    agenda.add(at, _answer_all, application=application, people=people, overrides=overrides)
    agenda.add(at, _settle, application=application, people=people)


def _answer_all(*, at: datetime, application: Application, people: People, overrides: bool) -> None:
    """Lines are confirmed as found; what stays to verify, or is overridden, takes the second officer."""
    for check in application.eligibility_checks.all():
        line = EligibilityLine(check.line)
        is_changed = check.finding == Finding.TO_VERIFY or (overrides and check.finding == Finding.NOT_MET)
        answer = Finding.MET if is_changed else Finding(check.finding)
        reason = OVERRIDE_REASONS.get(line, OTHER_REASON) if is_changed else _remark(answer)
        answer_check(
            application=application, line=line, answer=answer, reason=reason, by=people.manager, at=at
        )
        if is_changed:
            second_override(application=application, line=line, by=people.officer, at=at)


def _remark(answer: Finding) -> str:
    return "" if answer == Finding.MET else CONFIRMED


def _settle(*, at: datetime, application: Application, people: People) -> None:
    failed = list(application.eligibility_checks.filter(answer=Finding.NOT_MET))
    if not failed:
        settle(
            application=application,
            outcome=ApplicationStatus.ADMISSIBLE,
            reasons_fr="",
            reasons_ar="",
            by=people.manager,
            at=at,
        )
        return
    call = application.call
    reasons = eligibility_reasons(
        [FailedLine(_line_title(check), Sentence(check.reason_fr, check.reason_ar)) for check in failed],
        call=Title(call.title_fr, call.title_ar),
    )
    settle(
        application=application,
        outcome=ApplicationStatus.INADMISSIBLE,
        reasons_fr=reasons.fr,
        reasons_ar=reasons.ar,
        by=people.manager,
        at=at,
    )
    confirm_inadmissible(application=application, by=people.officer, at=at)


def _begin(*, at: datetime, application: Application, by: User) -> None:
    checks = list(application.eligibility_checks.all())
    for check in checks[:-1]:
        line, answer = EligibilityLine(check.line), Finding(check.finding)
        answer_check(application=application, line=line, answer=answer, reason=_remark(answer), by=by, at=at)
    answer_check(
        application=application,
        line=EligibilityLine(checks[-1].line),
        answer=Finding.TO_VERIFY,
        reason="Le nom ressemble à celui d'un cluster labellisé : rapprochement à faire.",
        by=by,
        at=at,
    )


def _line_title(check: EligibilityCheck) -> Title:
    with translation.override("fr"):
        french = str(check.get_line_display())
    with translation.override("ar"):
        return Title(french, str(check.get_line_display()))
