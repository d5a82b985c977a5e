"""The panel's meeting and the chair's signature, which freezes the list. Dossier by dossier: see `outcomes`."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts import audit, notices, outbox
from accounts.enums import OutboxKind, Role
from accounts.models import RoleGrant, User
from accounts.permissions import day_in_rabat
from applications.enums import CallStatus
from applications.models import Application, Call
from clusters_portal.errors import Blocker, Refused
from evaluation.actions.decisions import propose_decisions
from evaluation.domain.decisions import (
    Departure,
    OutcomeProblem,
    OutcomeProblemCode,
    ProposedOutcome,
    departures,
    outcome_problems,
    reserve_rank_problems,
)
from evaluation.domain.runs import run_ranking
from evaluation.enums import JuryRole, Outcome
from evaluation.models import Attendance, Deliberation, JuryMember
from evaluation.queries.ranking import RankingFacts, ranking_facts


@transaction.atomic
def record_meeting(
    call: Call,
    *,
    held_on: date,
    place: str,
    remarks: str,
    present: Collection[int],
    by: User,
    at: datetime,
) -> Deliberation:
    """When and where the panel met, and which jurors (seat ids) were there. Raises `Refused`."""
    deliberation = lock_unsigned(call)
    blockers = []
    if held_on > day_in_rabat(at):
        blockers.append(
            Blocker("in_the_future", _("La réunion ne peut pas être dans le futur."), "id_held_on")
        )
    if held_on < day_in_rabat(call.evaluation_round.started_at):
        blockers.append(
            Blocker("too_early", _("La réunion ne peut pas précéder le tour de notation."), "id_held_on")
        )
    if blockers:
        raise Refused(blockers)
    deliberation.held_on, deliberation.place, deliberation.remarks = held_on, place, remarks
    deliberation.save(update_fields=["held_on", "place", "remarks"])
    seats = call.jury.seated().values_list("pk", flat=True)
    Attendance.objects.bulk_create(
        [Attendance(deliberation=deliberation, juror_id=pk, is_present=pk in present) for pk in seats],
        update_conflicts=True,
        unique_fields=["deliberation", "juror"],
        update_fields=["is_present"],
    )
    audit.record(
        "deliberation.meeting_recorded",
        by=by,
        at=at,
        subject=deliberation,
        call_code=call.code,
        detail={"held_on": held_on.isoformat(), "place": place, "present": sorted(present)},
    )
    return deliberation


@transaction.atomic
def sign_deliberation(call: Call, *, by: User, at: datetime) -> Deliberation:
    """The chair's signature: the list is frozen with its digests, decisions are proposed, the minutes are printed.

    Raises `Refused` with every reason at once.
    """
    call = Call.objects.select_for_update(of=("self",)).get(pk=call.pk)
    deliberation = lock_unsigned(call)
    facts = ranking_facts(call)
    blockers = signature_blockers(deliberation, facts)
    if not JuryMember.objects.seated().filter(call=call, user=by, role=JuryRole.CHAIR).exists():
        blockers.insert(0, Blocker("not_the_chair", _("Seul le président du jury signe la délibération.")))
    if blockers:
        raise Refused(blockers)
    run = run_ranking(facts.dossiers, grid=facts.rows.facts, consensus=facts.consensus)
    deliberation.ranking = run.document
    deliberation.inputs_digest, deliberation.output_digest = run.inputs_digest, run.output_digest
    deliberation.signed_by, deliberation.signed_at = by, at
    # A dossier withdrawn since its outcome was settled is no longer before the jury.
    deliberation.outcomes.exclude(application__in=facts.applications).delete()
    deliberation.save()
    audit.record(
        "deliberation.signed",
        by=by,
        at=at,
        subject=deliberation,
        call_code=call.code,
        detail={
            "inputs_digest": run.inputs_digest,
            "output_digest": run.output_digest,
            "outcomes": {str(one.pk): outcome_of(one).get("outcome") for one in facts.applications},
        },
    )
    propose_decisions(call, by=by, at=at)
    outbox.enqueue(OutboxKind.RENDER_MINUTES, str(deliberation.pk), at=at)
    makers = RoleGrant.objects.active(day_in_rabat(at)).filter(role=Role.DECISION_MAKER).values("user")
    notices.notify(
        "jury_deliberation_signed",
        User.objects.filter(pk__in=makers),
        at=at,
        params={"call": call.code},
        url=f"/jury/{call.code}/deliberation/",
        key=str(deliberation.pk),
    )
    return deliberation


def signature_blockers(deliberation: Deliberation, facts: RankingFacts) -> list[Blocker]:
    """Everything that the chair has still to settle; empty means that the list may be signed."""
    blockers = []
    if deliberation.held_on is None or not deliberation.place:
        blockers.append(
            Blocker("meeting_missing", _("Indiquez la date et le lieu de la réunion."), "reunion")
        )
    if not any(seat.is_present for seat in facts.seats):
        blockers.append(Blocker("nobody_present", _("Cochez les membres présents à la réunion."), "reunion"))
    waiting = sum(len(seat.waiting) for seat in facts.seats if seat.is_seated)
    if waiting:
        blockers.append(
            Blocker(
                "links_waiting",
                ngettext(
                    "%(count)d lien déclaré attend encore une décision.",
                    "%(count)d liens déclarés attendent encore une décision.",
                    waiting,
                )
                % {"count": waiting},
            )
        )
    discussed = [row for row in facts.ranking.rows if row.needs_discussion]
    blockers += [
        Blocker(
            "consensus_missing",
            _("%(name)s : les notes sont trop éloignées, donnez une note de consensus.")
            % {"name": facts.by_dossier[row.dossier].name},
            f"dossier-{row.dossier}",
        )
        for row in discussed
    ]
    return blockers + _outcome_blockers(facts)


def outcome_of(application: Application) -> dict[str, Any]:
    """The outcome settled for a dossier of `ranking_facts`, as a JSON object; empty while there is none."""
    outcomes: list[dict[str, Any]] = getattr(application, "outcomes")  # noqa: B009 (an annotation of the query)
    return outcomes[0] if outcomes else {}


def proposed_outcomes(facts: RankingFacts) -> dict[str, ProposedOutcome]:
    """By dossier, as the domain judges them."""
    quorum = facts.rows.facts.quorum
    proposed = {}
    for application in facts.applications:
        told = outcome_of(application)
        key = str(application.pk)
        proposed[key] = ProposedOutcome(
            dossier=key,
            outcome=Outcome(told["outcome"]) if told else None,
            reasons_fr=told.get("reasons_fr", ""),
            reasons_ar=told.get("reasons_ar", ""),
            departure_reason=told.get("departure_reason", ""),
            reserve_rank=told.get("reserve_rank"),
            quorum_met=len(facts.present_readers(application.pk)) >= quorum,
        )
    return proposed


def departures_of(facts: RankingFacts) -> dict[str, Departure]:
    """The dossiers whose outcome leaves the ranking, with how."""
    given = {key: one.outcome for key, one in proposed_outcomes(facts).items() if one.outcome}
    return departures(facts.ranking, given)


def _outcome_blockers(facts: RankingFacts) -> list[Blocker]:
    proposed = proposed_outcomes(facts)
    leaving = departures_of(facts)
    jurors = {seat.name for seat in facts.seats}
    blockers = []
    for row in facts.ranking.rows:
        rivals = {one.name for key, one in facts.by_dossier.items() if key != row.dossier}
        own_name = facts.by_dossier[row.dossier].name
        problems = outcome_problems(
            proposed[row.dossier],
            departure=leaving.get(row.dossier),
            juror_names=jurors,
            rival_names={name for name in rivals if name not in own_name},
        )
        blockers += [_outcome_blocker(problem, own_name) for problem in problems]
    reserve = {key: one.reserve_rank for key, one in proposed.items() if one.outcome == Outcome.RESERVE}
    blockers += [
        Blocker(
            "reserve_rank_wrong",
            _("%(name)s : les rangs de la liste de réserve sont 1, 2, 3… sans trou ni répétition.")
            % {"name": facts.by_dossier[key].name},
            f"dossier-{key}",
        )
        for key in reserve_rank_problems(reserve)
    ]
    return blockers


OUTCOME_MESSAGES = {
    OutcomeProblemCode.OUTCOME_MISSING: _("%(name)s : le jury n'a pas encore proposé d'issue."),
    OutcomeProblemCode.NOT_A_DELIBERATED_OUTCOME: _("%(name)s : cette issue ne relève pas du jury."),
    OutcomeProblemCode.REASON_FR_MISSING: _("%(name)s : les motifs manquent en français."),
    OutcomeProblemCode.REASON_AR_MISSING: _("%(name)s : les motifs manquent en arabe."),
    OutcomeProblemCode.REASON_FR_NOT_FRENCH: _("%(name)s : les motifs en français ne sont pas en français."),
    OutcomeProblemCode.REASON_AR_NOT_ARABIC: _("%(name)s : les motifs en arabe ne sont pas en arabe."),
    OutcomeProblemCode.NAMES_A_JUROR: _("%(name)s : les motifs nomment un membre du jury (%(detail)s)."),
    OutcomeProblemCode.NAMES_A_RIVAL: _("%(name)s : les motifs nomment un autre dossier (%(detail)s)."),
    OutcomeProblemCode.CONCLUDES_OTHERWISE: _(
        "%(name)s : les motifs concluent autrement que l'issue proposée, relisez-les."
    ),
    OutcomeProblemCode.DEPARTURE_REASON_MISSING: _(
        "%(name)s : l'issue s'écarte du classement, dites pourquoi."
    ),
    OutcomeProblemCode.RESERVE_RANK_MISSING: _("%(name)s : donnez le rang sur la liste de réserve."),
    OutcomeProblemCode.RESERVE_RANK_UNEXPECTED: _("%(name)s : seul un dossier de la réserve a un rang."),
    OutcomeProblemCode.QUORUM_NOT_MET: _(
        "%(name)s : le quorum n'est pas atteint parmi les membres présents et non récusés."
    ),
}


def _outcome_blocker(problem: OutcomeProblem, name: str) -> Blocker:
    message = OUTCOME_MESSAGES[problem.code] % {"name": name, "detail": problem.detail}
    return Blocker(problem.code.value, message, f"dossier-{problem.dossier}")


def lock_unsigned(call: Call) -> Deliberation:
    """The deliberation's row, locked, while its call deliberates and nobody has signed. Raises `Refused`."""
    deliberation = (
        Deliberation.objects.select_for_update(of=("self",))
        .select_related("call")
        .filter(call_id=call.pk)
        .first()
    )
    if deliberation is None or deliberation.call.status != CallStatus.DELIBERATION:
        raise Refused([Blocker("not_deliberating", _("Cet appel n'est pas en délibération."))])
    if deliberation.signed_at is not None:
        raise Refused([Blocker("signed", _("La délibération est signée : elle ne change plus."))])
    return deliberation
