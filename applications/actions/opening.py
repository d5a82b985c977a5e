"""The opening of the sealed dossiers: one officer proposes, another confirms."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import User
from applications.actions.instruction import compute_checks
from applications.actions.transitions import advance_application, advance_call
from applications.domain.deadlines import may_open_envelopes
from applications.enums import ApplicationStatus, CallStatus
from applications.models import Application, Call, EnvelopeOpening
from clusters_portal.errors import Blocker, Refused


def opening_blockers(call: Call, *, at: datetime) -> list[Blocker]:
    """Why the envelopes can't be opened at `at`; empty when they can."""
    if call.status != CallStatus.CLOSED:
        return [
            Blocker(
                "call_not_closed",
                _(
                    "Les plis s'ouvrent une fois l'appel clos : établissez d'abord le procès-verbal de clôture."
                ),
            )
        ]
    if call.closes_at is None or not may_open_envelopes(at, closes_at=call.closes_at):
        return [
            Blocker(
                "too_early",
                _(
                    "Les plis s'ouvrent au plus tôt deux minutes après la date limite : réessayez dans un instant."
                ),
            )
        ]
    return []


@transaction.atomic
def propose_opening(call: Call, *, by: User, at: datetime) -> EnvelopeOpening:
    """The first officer's half of the act. Raises `Refused`."""
    locked = _locked(call)
    blockers = opening_blockers(locked, at=at)
    if EnvelopeOpening.objects.filter(call=locked).exists():
        blockers.append(Blocker("already_proposed", _("L'ouverture des plis est déjà proposée.")))
    if blockers:
        raise Refused(blockers)
    opening = EnvelopeOpening.objects.create(call=locked, proposed_by=by, proposed_at=at)
    audit.record("opening.proposed", by=by, at=at, subject=locked, call_code=locked.code)
    return opening


@transaction.atomic
def withdraw_opening_proposal(call: Call, *, by: User, at: datetime) -> None:
    """Whoever proposed may take the proposal back, as long as nobody confirmed it."""
    locked = _locked(call)
    opening = EnvelopeOpening.objects.filter(call=locked, confirmed_at__isnull=True).first()
    if opening is None:
        raise Refused([Blocker("nothing_proposed", _("Aucune ouverture n'attend de confirmation."))])
    opening.delete()
    audit.record("opening.proposal_withdrawn", by=by, at=at, subject=locked, call_code=locked.code)


@transaction.atomic
def confirm_opening(call: Call, *, by: User, at: datetime) -> Call:
    """The second officer's half: dossiers go into instruction and the rules run on each of them."""
    locked = _locked(call)
    opening = EnvelopeOpening.objects.filter(call=locked).first()
    blockers = opening_blockers(locked, at=at)
    if opening is None:
        blockers.append(Blocker("nothing_proposed", _("Aucune ouverture n'attend de confirmation.")))
    elif opening.confirmed_at is not None:
        blockers.append(Blocker("already_opened", _("Les plis sont déjà ouverts.")))
    elif opening.proposed_by_id == by.pk:
        blockers.append(
            Blocker(
                "same_officer", _("La confirmation revient à un autre instructeur que celui qui propose.")
            )
        )
    if blockers or opening is None:
        raise Refused(blockers)
    opening.confirmed_by, opening.confirmed_at = by, at
    opening.save(update_fields=["confirmed_by", "confirmed_at"])
    opened = advance_call(
        locked, CallStatus.OPENED, by=by, at=at, detail={"proposed_by": str(opening.proposed_by_id)}
    )
    deposited = Application.objects.filter(call=opened, status=ApplicationStatus.SUBMITTED)
    for application in deposited.select_related("call", "standing_submission").order_by("created_at", "pk"):
        advanced = advance_application(application, ApplicationStatus.IN_INSTRUCTION, by=by, at=at)
        compute_checks(advanced, at=at)
    return opened


def _locked(call: Call) -> Call:
    return Call.objects.select_for_update(of=("self",)).prefetch_related("deadlines").get(pk=call.pk)
