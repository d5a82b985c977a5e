"""Decisions: proposed from the deliberation, amended while nobody has signed, signed by the decision maker."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import User
from applications.actions.transitions import advance_application, advance_call
from applications.enums import ApplicationStatus, CallStatus
from applications.models import Application, Call
from clusters_portal.errors import Blocker, Refused
from evaluation.actions.letters import issue_letter
from evaluation.domain.decisions import SigningFacts, SigningProblem, signing_problems
from evaluation.enums import DecisionStatus, Outcome
from evaluation.models import Decision, DecisionLetter, DeliberationOutcome

BEFORE_THE_LIST = (CallStatus.OPENED, CallStatus.EVALUATION)


@transaction.atomic
def propose_decisions(call: Call, *, by: User, at: datetime) -> list[Decision]:
    """One proposed decision per deliberated dossier and per dossier settled as inadmissible."""
    outcomes = DeliberationOutcome.objects.filter(deliberation__call=call).select_related("application")
    proposed = [
        Decision(
            application=row.application,
            outcome=row.outcome,
            reserve_rank=row.reserve_rank,
            reasons_fr=row.reasons_fr,
            reasons_ar=row.reasons_ar,
            proposed_by=by,
            proposed_at=at,
        )
        for row in outcomes.order_by("application__created_at", "application_id")
    ]
    inadmissible = Application.objects.filter(
        call=call, status=ApplicationStatus.INADMISSIBLE, decision__isnull=True
    ).select_related("admissibility")
    proposed += [
        Decision(
            application=application,
            outcome=Outcome.INADMISSIBLE,
            reasons_fr=application.admissibility.reasons_fr,
            reasons_ar=application.admissibility.reasons_ar,
            proposed_by_id=application.admissibility.proposed_by_id,
            proposed_at=application.admissibility.proposed_at,
        )
        for application in inadmissible.order_by("created_at", "pk")
    ]
    for decision in proposed:
        decision.save(force_insert=True)
        audit.record(
            "decision.proposed",
            by=by,
            at=at,
            subject=decision,
            call_code=call.code,
            detail={"application": str(decision.application_id), "outcome": decision.outcome},
        )
    return proposed


@transaction.atomic
def amend_reasons(
    decision: Decision, *, reasons_fr: str, reasons_ar: str, version: int, by: User, at: datetime
) -> Decision:
    """Correct the reasons of a decision that nobody has signed. `version` is the one the editor read."""
    locked = _locked(decision, signer=by)
    blockers = []
    if locked.status != DecisionStatus.PROPOSED:
        blockers.append(
            Blocker("already_signed", _("Cette décision est signée : ses motifs ne changent plus."))
        )
    elif locked.version != version:
        blockers.append(
            Blocker(
                "edited_meanwhile",
                _("Quelqu'un a modifié ces motifs entre-temps : relisez-les avant d'enregistrer les vôtres."),
            )
        )
    if blockers:
        raise Refused(blockers)
    before = {"reasons_fr": locked.reasons_fr, "reasons_ar": locked.reasons_ar}
    locked.reasons_fr, locked.reasons_ar = reasons_fr, reasons_ar
    locked.version += 1
    locked.save(update_fields=["reasons_fr", "reasons_ar", "version"])
    audit.record(
        "decision.amended",
        by=by,
        at=at,
        subject=locked,
        call_code=locked.application.call.code,
        detail={"before": before, "after": {"reasons_fr": reasons_fr, "reasons_ar": reasons_ar}},
    )
    return locked


SENTENCES = {
    SigningProblem.SIGNER_IS_PROPOSER: _("Celui qui a proposé une décision ne la signe pas."),
    SigningProblem.SIGNER_SAT_ON_JURY: _("Un membre du jury de l'appel ne signe pas ses décisions."),
    SigningProblem.SIGNER_IN_TEAM: _("Un membre de l'équipe du dossier ne signe pas sa décision."),
    SigningProblem.REASON_FR_MISSING: _("Les motifs manquent en français : sans motif, rien ne se signe."),
    SigningProblem.REASON_AR_MISSING: _("Les motifs manquent en arabe : sans motif, rien ne se signe."),
    SigningProblem.LIST_NOT_FROZEN: _("Les décisions se signent après la délibération."),
    SigningProblem.UNCONFIRMED_FACT: _("La règle des 8 ans repose sur un fait du registre non confirmé."),
}


def signature_blockers(call: Call, decision: Decision, *, by: User) -> list[Blocker]:
    """Why `by` can't sign; empty when they can. `decision` comes from `with_signing_facts(by)`: no query here."""
    facts = SigningFacts(
        outcome=Outcome(decision.outcome),
        status=DecisionStatus(decision.status),
        reasons_fr=decision.reasons_fr,
        reasons_ar=decision.reasons_ar,
        proposed_by=str(decision.proposed_by_id),
        signed_by=str(by.pk),
        is_list_frozen=call.status not in BEFORE_THE_LIST,
        signer_sat_on_jury=decision.signer_sat_on_jury,
        signer_in_team=decision.signer_in_team,
        rests_on_unconfirmed_fact=decision.rests_on_unconfirmed,
    )
    return [
        Blocker(problem.value, SENTENCES[problem])
        for problem in signing_problems(facts)
        if problem in SENTENCES
    ]


@transaction.atomic
def sign_decision(decision: Decision, *, by: User, at: datetime) -> DecisionLetter:
    """Sign once: the status, the numbered letter and its rendering order commit together.

    Signing again, or two signers at once, gives back the letter that stands. The last signature of a call
    moves it to *decided*. The call's row is locked first, so that the last two signatures see each other.
    """
    call = Call.objects.select_for_update(of=("self",)).get(applications__decision=decision)
    locked = _locked(decision, signer=by)
    if locked.status == DecisionStatus.SIGNED:
        return locked.letters.standing().get()
    blockers = signature_blockers(call, locked, by=by)
    if blockers:
        raise Refused(blockers)
    locked.status, locked.signed_by, locked.signed_at = DecisionStatus.SIGNED, by, at
    locked.save(update_fields=["status", "signed_by", "signed_at"])
    audit.record(
        "decision.signed",
        by=by,
        at=at,
        subject=locked,
        call_code=call.code,
        detail={"application": str(locked.application_id), "outcome": locked.outcome},
    )
    letter = issue_letter(locked, by=by, at=at)
    advance_application(locked.application, ApplicationStatus.DECIDED, by=by, at=at)
    if not Decision.objects.filter(application__call=call, status=DecisionStatus.PROPOSED).exists():
        advance_call(call, CallStatus.DECIDED, by=by, at=at)
    return letter


@transaction.atomic
def sign_all(call: Call, *, by: User, at: datetime) -> list[DecisionLetter]:
    """Sign every proposed decision of the call, or none: the first one that can't be signed refuses all."""
    proposed = Decision.objects.filter(application__call=call, status=DecisionStatus.PROPOSED)
    in_order = proposed.with_signing_facts(by).order_by("application__created_at", "application_id")
    decisions = list(in_order.select_related("application"))
    if not decisions:
        raise Refused([Blocker("nothing_to_sign", _("Aucune décision n'attend de signature."))])
    blockers = [
        Blocker(blocker.code, f"{decision.application.name} : {blocker.message}", str(decision.pk))
        for decision in decisions
        for blocker in signature_blockers(call, decision, by=by)
    ]
    if blockers:
        raise Refused(blockers)
    return [sign_decision(decision, by=by, at=at) for decision in decisions]


def _locked(decision: Decision, *, signer: User) -> Decision:
    return (
        Decision.objects.with_signing_facts(signer)
        .select_for_update(of=("self",))
        .select_related("application__call", "application__standing_submission")
        .get(pk=decision.pk)
    )
