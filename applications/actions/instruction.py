"""Instruction: the rules' findings, the officers' answers, the settlement, the confirmation of register facts."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import User
from applications.actions.transitions import advance_application
from applications.enums import ApplicationStatus, EligibilityLine, Finding
from applications.findings import line_findings
from applications.models import (
    AdmissibilitySettlement,
    Application,
    EligibilityCheck,
    Label,
    SupportPeriod,
)
from clusters_portal.errors import Blocker, Refused


@transaction.atomic
def compute_checks(application: Application, *, at: datetime) -> list[EligibilityCheck]:
    """Run every rule on the sealed submission and keep what it found. Lines that an officer answered stay."""
    answered = set(application.eligibility_checks.exclude(answer="").values_list("line", flat=True))
    application.eligibility_checks.filter(answer="").delete()
    checks = [
        EligibilityCheck(
            application=application,
            line=found.line,
            position=position,
            finding=found.finding,
            facts=found.facts,
            reason_fr=found.reason_fr,
            reason_ar=found.reason_ar,
            source=found.source,
            can_only_warn=found.can_only_warn,
            ruleset_version=found.ruleset_version,
            computed_at=at,
        )
        for position, found in enumerate(line_findings(application))
        if found.line.value not in answered
    ]
    return EligibilityCheck.objects.bulk_create(checks)


@transaction.atomic
def answer_check(
    *,
    application: Application,
    line: EligibilityLine,
    answer: Finding | str,
    reason: str,
    by: User,
    at: datetime,
) -> EligibilityCheck:
    """An officer confirms a line as found, or overrides it with a reason that a second person confirms."""
    _instructed(application)
    check = _check(application, line)
    answer = Finding(answer)
    blockers = []
    if answer != check.finding and not reason.strip():
        blockers.append(
            Blocker(
                "override_without_reason",
                _("Écrivez le motif : votre constat diffère de celui de la règle."),
                f"id_{EligibilityLine(line).value}-reason",
            )
        )
    if AdmissibilitySettlement.objects.filter(application=application).exists():
        blockers.append(
            Blocker("already_settled", _("Le dossier est conclu : retirez d'abord la proposition en cours."))
        )
    if blockers:
        raise Refused(blockers)
    before = check.answer
    check.answer, check.answer_reason = answer, reason.strip()
    check.answered_by, check.answered_at = by, at
    check.seconded_by = check.seconded_at = None
    check.save()
    _record("check.answered", application, by, at, line, {"before": before, "answer": answer.value})
    return check


@transaction.atomic
def second_override(
    *, application: Application, line: EligibilityLine, by: User, at: datetime
) -> EligibilityCheck:
    """The second person's word on a line that an officer changed."""
    _instructed(application)
    check = _check(application, line)
    if not check.is_override or check.seconded_by_id is not None:
        raise Refused([Blocker("nothing_to_second", _("Cette ligne n'attend pas de seconde confirmation."))])
    if check.answered_by_id == by.pk:
        raise Refused(
            [
                Blocker(
                    "same_officer",
                    _("La confirmation revient à une autre personne que celle qui a changé la ligne."),
                )
            ]
        )
    check.seconded_by, check.seconded_at = by, at
    check.save(update_fields=["seconded_by", "seconded_at"])
    _record("check.seconded", application, by, at, line, {"answer": check.answer})
    return check


def settlement_blockers(checks: list[EligibilityCheck]) -> list[Blocker]:
    """What keeps the dossier from being admissible: lines without answer, adverse lines, unconfirmed facts."""
    blockers = []
    for check in checks:
        label = check.get_line_display()
        anchor = f"ligne-{check.line}"
        if not check.answer:
            sentence = _("« %(line)s » attend votre constat.")
            blockers.append(Blocker("line_unanswered", sentence % {"line": label}, anchor))
        elif not check.is_settled:
            sentence = _("« %(line)s » attend la confirmation d'une seconde personne.")
            blockers.append(Blocker("override_not_seconded", sentence % {"line": label}, anchor))
        elif check.answer != Finding.MET and not check.can_only_warn:
            sentence = _("« %(line)s » n'est pas satisfait.")
            blockers.append(Blocker("line_not_met", sentence % {"line": label}, anchor))
    return blockers + unconfirmed_fact_blockers(checks)


def unconfirmed_fact_blockers(checks: list[EligibilityCheck]) -> list[Blocker]:
    """Neither outcome is settled while the 8-year line rests on a fact that nobody has confirmed."""
    return [
        Blocker(
            "unconfirmed_facts",
            _("La règle des 8 ans repose sur des faits du registre non confirmés : confirmez-les d'abord."),
            f"ligne-{check.line}",
        )
        for check in checks
        if check.line == EligibilityLine.SUPPORT_YEARS and check.facts.get("rests_on_unconfirmed")
    ]


@transaction.atomic
def settle(
    *,
    application: Application,
    outcome: ApplicationStatus | str,
    reasons_fr: str,
    reasons_ar: str,
    by: User,
    at: datetime,
) -> AdmissibilitySettlement:
    """Admissible takes one officer and every line met; inadmissible is proposed here and confirmed by another."""
    locked = _instructed(application)
    outcome = ApplicationStatus(outcome)
    checks = list(locked.eligibility_checks.all())
    if AdmissibilitySettlement.objects.filter(application=locked).exists():
        raise Refused([Blocker("already_settled", _("Une conclusion est déjà enregistrée pour ce dossier."))])
    if outcome == ApplicationStatus.ADMISSIBLE:
        blockers = settlement_blockers(checks)
    else:
        blockers = _inadmissibility_blockers(checks, reasons_fr, reasons_ar)
    if blockers:
        raise Refused(blockers)
    settlement = AdmissibilitySettlement.objects.create(
        application=locked,
        outcome=outcome,
        reasons_fr=reasons_fr.strip(),
        reasons_ar=reasons_ar.strip(),
        proposed_by=by,
        proposed_at=at,
    )
    if outcome == ApplicationStatus.ADMISSIBLE:
        advance_application(locked, ApplicationStatus.ADMISSIBLE, by=by, at=at)
    else:
        _record("inadmissibility.proposed", locked, by, at, None, {"reasons_fr": settlement.reasons_fr})
    return settlement


def _inadmissibility_blockers(
    checks: list[EligibilityCheck], reasons_fr: str, reasons_ar: str
) -> list[Blocker]:
    blockers = unconfirmed_fact_blockers(checks)
    if not reasons_fr.strip() or not reasons_ar.strip():
        blockers.append(
            Blocker(
                "reasons_missing",
                _(
                    "Écrivez les motifs en français et en arabe : une irrecevabilité sans motif n'est pas valable."
                ),
            )
        )
    adverse = [check for check in checks if check.is_settled and check.answer != Finding.MET]
    if not any(not check.can_only_warn for check in adverse):
        blockers.append(
            Blocker(
                "no_adverse_line",
                _("Aucune ligne qui puisse écarter le dossier n'est constatée « non satisfait »."),
            )
        )
    return blockers


@transaction.atomic
def confirm_inadmissible(*, application: Application, by: User, at: datetime) -> AdmissibilitySettlement:
    """The second officer's half: the dossier leaves the competition, and the decision maker will sign it."""
    locked = _instructed(application)
    settlement = AdmissibilitySettlement.objects.filter(application=locked, confirmed_by__isnull=True).first()
    if settlement is None or settlement.outcome != ApplicationStatus.INADMISSIBLE:
        raise Refused([Blocker("nothing_proposed", _("Aucune irrecevabilité n'attend de confirmation."))])
    if settlement.proposed_by_id == by.pk:
        raise Refused(
            [
                Blocker(
                    "same_officer", _("La confirmation revient à un autre instructeur que celui qui propose.")
                )
            ]
        )
    settlement.confirmed_by, settlement.confirmed_at = by, at
    settlement.save(update_fields=["confirmed_by", "confirmed_at"])
    advance_application(locked, ApplicationStatus.INADMISSIBLE, by=by, at=at)
    return settlement


@transaction.atomic
def withdraw_settlement(*, application: Application, by: User, at: datetime) -> None:
    """Take back a proposal of inadmissibility that nobody has confirmed."""
    locked = _instructed(application)
    settlement = AdmissibilitySettlement.objects.filter(application=locked, confirmed_by__isnull=True).first()
    if settlement is None:
        raise Refused([Blocker("nothing_proposed", _("Aucune irrecevabilité n'attend de confirmation."))])
    reasons = settlement.reasons_fr
    settlement.delete()
    _record("inadmissibility.withdrawn", locked, by, at, None, {"reasons_fr": reasons})


@transaction.atomic
def confirm_register_fact(fact: Label | SupportPeriod, *, document: str, by: User, at: datetime) -> None:
    """A person vouches for a fact from a document; unanswered 8-year lines that rest on it are read again."""
    locked = type(fact).objects.select_for_update(of=("self",)).select_related("cluster").get(pk=fact.pk)
    if locked.confirmed_at is not None:
        raise Refused([Blocker("already_confirmed", _("Ce fait est déjà confirmé."))])
    locked.confirmed_by, locked.confirmed_at, locked.confirmed_from = by, at, document.strip()
    locked.save(update_fields=["confirmed_by", "confirmed_at", "confirmed_from"])
    audit.record(
        "register.fact_confirmed",
        by=by,
        at=at,
        subject=locked,
        detail={"cluster": locked.cluster.code, "document": locked.confirmed_from},
    )
    resting = Application.objects.filter(
        cluster=locked.cluster, status=ApplicationStatus.IN_INSTRUCTION
    ).select_related("call", "cluster", "standing_submission")
    for application in resting:
        _reread_support_line(application, at=at)


def _reread_support_line(application: Application, *, at: datetime) -> None:
    """The confirmation of a fact changes what the line rests on, not what an officer has answered."""
    found = next(line for line in line_findings(application) if line.line == EligibilityLine.SUPPORT_YEARS)
    check = application.eligibility_checks.filter(line=EligibilityLine.SUPPORT_YEARS).first()
    if check is None:
        return
    if check.answer and check.finding != found.finding:
        return
    check.finding, check.facts = found.finding, found.facts
    check.reason_fr, check.reason_ar, check.computed_at = found.reason_fr, found.reason_ar, at
    check.save(update_fields=["finding", "facts", "reason_fr", "reason_ar", "computed_at"])


def _instructed(application: Application) -> Application:
    locked = Application.objects.select_for_update(of=("self",)).select_related("call").get(pk=application.pk)
    if locked.status != ApplicationStatus.IN_INSTRUCTION:
        raise Refused([Blocker("not_in_instruction", _("Ce dossier n'est plus en instruction."))])
    return locked


def _check(application: Application, line: EligibilityLine) -> EligibilityCheck:
    check = (
        EligibilityCheck.objects.select_for_update(of=("self",))
        .filter(application=application, line=line)
        .first()
    )
    if check is None:
        raise Refused([Blocker("unknown_line", _("Ce dossier n'a pas cette ligne de contrôle."))])
    return check


def _record(
    verb: str,
    application: Application,
    by: User,
    at: datetime,
    line: EligibilityLine | None,
    detail: dict[str, str],
) -> None:
    extra = {"line": EligibilityLine(line).value} if line else {}
    audit.record(
        verb, by=by, at=at, subject=application, call_code=application.call.code, detail={**extra, **detail}
    )
