"""The round of marking: started by the call manager, closed by the chair."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts import audit, notices
from accounts.models import User
from applications.actions.transitions import advance_application, advance_call
from applications.enums import ApplicationStatus, CallStatus
from applications.models import Call
from clusters_portal.errors import Blocker, Refused
from evaluation.domain.grids import grid_problems
from evaluation.enums import JuryRole
from evaluation.models import Attendance, ConflictDeclaration, Deliberation, EvaluationRound, JuryMember
from evaluation.queries.dossiers import unsent
from evaluation.queries.grids import grid_rows


def starting_blockers(call: Call) -> list[Blocker]:
    """What keeps the evaluation from starting; empty means it may."""
    blockers = []
    if call.status != CallStatus.OPENED:
        blockers.append(
            Blocker("not_opened", _("L'évaluation commence après l'ouverture des plis, une seule fois."))
        )
    unsettled = call.applications.filter(
        status__in=(ApplicationStatus.SUBMITTED, ApplicationStatus.IN_INSTRUCTION)
    ).count()
    if unsettled:
        blockers.append(
            Blocker(
                "unsettled",
                ngettext(
                    "%(count)d dossier n'est pas encore déclaré recevable ou irrecevable.",
                    "%(count)d dossiers ne sont pas encore déclarés recevables ou irrecevables.",
                    unsettled,
                )
                % {"count": unsettled},
            )
        )
    rows = grid_rows(call.pk)
    if rows.grid is None or grid_problems(rows.facts):
        blockers.append(Blocker("no_grid", _("La grille de l'appel manque ou n'est pas complète.")))
    markers = list(JuryMember.objects.markers().filter(call=call).values_list("role", flat=True))
    if JuryRole.CHAIR not in markers:
        blockers.append(Blocker("no_chair", _("Le jury n'a pas de président."), "id_role"))
    quorum = rows.grid.quorum if rows.grid else 1
    if len(markers) < quorum:
        blockers.append(
            Blocker(
                "too_few_jurors",
                _("Le jury compte %(count)d membre(s), suppléants non compris ; le quorum est de %(quorum)d.")
                % {"count": len(markers), "quorum": quorum},
                "id_email",
            )
        )
    return blockers


@transaction.atomic
def start_evaluation(call: Call, *, by: User, at: datetime) -> EvaluationRound:
    """OPENED → EVALUATION, and every admissible dossier goes before the jury. Raises `Refused`."""
    call = Call.objects.select_for_update(of=("self",)).get(pk=call.pk)
    if blockers := starting_blockers(call):
        raise Refused(blockers)
    evaluation_round = EvaluationRound.objects.create(call=call, started_by=by, started_at=at)
    admissible = list(call.applications.filter(status=ApplicationStatus.ADMISSIBLE).order_by("pk"))
    for application in admissible:
        advance_application(application, ApplicationStatus.IN_EVALUATION, by=by, at=at)
    advance_call(call, CallStatus.EVALUATION, by=by, at=at, detail={"dossiers": len(admissible)})
    seats = JuryMember.objects.seated().filter(call=call).select_related("user")
    notices.notify(
        "jury_started",
        [seat.user for seat in seats],
        at=at,
        params={"call": call.code, "dossiers": len(admissible)},
        url=f"/jury/{call.code}/declarations/",
        key=str(call.pk),
    )
    return evaluation_round


def closing_blockers(call: Call) -> list[Blocker]:
    blockers = []
    waiting = (
        ConflictDeclaration.objects.awaiting_ruling()
        .filter(
            juror__call=call,
            juror__removed_at__isnull=True,
            application__status=ApplicationStatus.IN_EVALUATION,
        )
        .count()
    )
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
    if call.status != CallStatus.EVALUATION:
        blockers.append(Blocker("not_in_evaluation", _("Le tour de notation n'est pas ouvert.")))
    return blockers


@transaction.atomic
def close_round(call: Call, *, by: User, at: datetime) -> EvaluationRound:
    """EVALUATION → DELIBERATION: sheets not sent count as absent, the jury sees the ranking. Raises `Refused`."""
    call = Call.objects.select_for_update(of=("self",)).get(pk=call.pk)
    if blockers := closing_blockers(call):
        raise Refused(blockers)
    evaluation_round = EvaluationRound.objects.select_for_update(of=("self",)).get(call=call)
    missing = unsent(call)
    evaluation_round.closed_by, evaluation_round.closed_at = by, at
    evaluation_round.save(update_fields=["closed_by", "closed_at"])
    deliberation = Deliberation.objects.create(call=call)
    seats = list(JuryMember.objects.seated().filter(call=call).select_related("user"))
    Attendance.objects.bulk_create([Attendance(deliberation=deliberation, juror=seat) for seat in seats])
    audit.record(
        "round.closed",
        by=by,
        at=at,
        subject=evaluation_round,
        call_code=call.code,
        detail={
            "absent_sheets": [
                {"juror": str(row.juror.user_id), "application": str(row.application_id)} for row in missing
            ]
        },
    )
    advance_call(call, CallStatus.DELIBERATION, by=by, at=at)
    notices.notify(
        "jury_round_closed",
        [seat.user for seat in seats],
        at=at,
        params={"call": call.code},
        url=f"/jury/{call.code}/classement/",
        key=str(call.pk),
    )
    return evaluation_round
