"""Who reads what: everybody everything in a small call, a balanced share in a large one."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import User
from applications.enums import ApplicationStatus, CallStatus
from applications.models import Application, Call
from clusters_portal.errors import Blocker, Refused
from evaluation.domain.assignment import JurorSeat, Proposal, propose_assignment
from evaluation.enums import JuryRole
from evaluation.models import Assignment, ConflictDeclaration, Grid, JuryMember

READERS_AT_LEAST = 3


def everybody_reads_all(call: Call) -> bool:
    grid = Grid.objects.get(call=call)
    return call.applications.filter(status=ApplicationStatus.IN_EVALUATION).count() <= grid.all_read_up_to


def assign_when_all_read(seat: JuryMember, application: Application, *, by: User, at: datetime) -> None:
    """In a small call a cleared juror reads the dossier without further ado; a substitute waits to be called."""
    call = application.call
    if seat.role == JuryRole.SUBSTITUTE or call.status != CallStatus.EVALUATION:
        return
    if everybody_reads_all(call):
        Assignment.objects.get_or_create(
            juror=seat, application=application, defaults={"assigned_at": at, "assigned_by": by}
        )


@transaction.atomic
def assign(call: Call, *, by: User, at: datetime) -> Proposal:
    """Apply the balanced proposal to the jurors who are cleared. A sheet once begun keeps its juror.

    The proposal tells which dossiers have too few readers. Raises `Refused`.
    """
    call = _lock_in_evaluation(call)
    grid = Grid.objects.get(call=call)
    seats = {str(seat.pk): seat for seat in JuryMember.objects.seated().filter(call=call)}
    dossiers = [
        str(pk)
        for pk in call.applications.filter(status=ApplicationStatus.IN_EVALUATION).values_list(
            "pk", flat=True
        )
    ]
    cleared = {
        (str(juror), str(dossier))
        for juror, dossier in ConflictDeclaration.objects.clearances()
        .filter(juror__call=call)
        .values_list("juror_id", "application_id")
    }
    proposal = propose_assignment(
        dossiers,
        [JurorSeat(pk, JuryRole(seat.role)) for pk, seat in seats.items()],
        {(juror, dossier) for juror in seats for dossier in dossiers if (juror, dossier) not in cleared},
        all_read_up_to=grid.all_read_up_to,
        at_least=max(READERS_AT_LEAST, grid.quorum),
    )
    added, removed = _apply(call, set(proposal.assignments), by=by, at=at)
    audit.record(
        "jury.assigned",
        by=by,
        at=at,
        subject=call,
        call_code=call.code,
        detail={"added": added, "removed": removed, "too_few_readers": len(proposal.problems)},
    )
    return proposal


@transaction.atomic
def set_readers(application: Application, seats: Collection[JuryMember], *, by: User, at: datetime) -> None:
    """Edit by hand: exactly these jurors read the dossier. Raises `Refused`."""
    call = _lock_in_evaluation(application.call)
    wanted = {seat.pk for seat in seats}
    cleared = set(
        ConflictDeclaration.objects.clearances()
        .filter(application=application, juror__call=call, juror__removed_at__isnull=True)
        .values_list("juror_id", flat=True)
    )
    if wanted - cleared:
        raise Refused(
            [
                Blocker(
                    "not_cleared",
                    _("Un dossier ne va qu'à un membre sans lien déclaré, ou dont le lien est maintenu."),
                )
            ]
        )
    present = {row.juror_id: row for row in Assignment.objects.filter(application=application)}
    begun = set(
        Assignment.objects.filter(application=application, evaluation__isnull=False).values_list(
            "juror_id", flat=True
        )
    )
    removed = [pk for pk in present if pk not in wanted and pk not in begun]
    added = sorted(wanted - present.keys())
    Assignment.objects.filter(application=application, juror__in=removed).delete()
    Assignment.objects.bulk_create(
        [Assignment(juror_id=pk, application=application, assigned_at=at, assigned_by=by) for pk in added]
    )
    audit.record(
        "jury.readers_set",
        by=by,
        at=at,
        subject=application,
        call_code=call.code,
        detail={"added": added, "removed": sorted(removed)},
    )


def _lock_in_evaluation(call: Call) -> Call:
    call = Call.objects.select_for_update(of=("self",)).get(pk=call.pk)
    if call.status != CallStatus.EVALUATION:
        raise Refused(
            [Blocker("round_closed", _("Les affectations ne changent que pendant le tour de notation."))]
        )
    return call


def _apply(call: Call, pairs: set[tuple[str, str]], *, by: User, at: datetime) -> tuple[int, int]:
    present = {
        (str(row.juror_id), str(row.application_id)): row
        for row in Assignment.objects.filter(juror__call=call).select_related("evaluation")
    }
    removed = [
        row.pk for pair, row in present.items() if pair not in pairs and not hasattr(row, "evaluation")
    ]
    Assignment.objects.filter(pk__in=removed).delete()
    added = sorted(pairs - present.keys())
    Assignment.objects.bulk_create(
        [
            Assignment(juror_id=int(juror), application_id=dossier, assigned_at=at, assigned_by=by)
            for juror, dossier in added
        ]
    )
    return len(added), len(removed)
