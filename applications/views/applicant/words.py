"""Where a dossier stands, in the applicant's words; nothing that the Ministry has not yet said shows through."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from applications.enums import ApplicationStatus, CallPhase, CallStatus
from applications.models import Call


@dataclass(frozen=True)
class StatusWords:
    """`tone` is a tone of components/status.html; `meaning` is one sentence."""

    label: Any
    tone: str
    meaning: Any


DRAFT_OPEN = StatusWords(
    _("Brouillon"), "waiting", _("Rien n'est déposé : seul le dépôt, avant la date limite, fait foi.")
)
DRAFT_LATE = StatusWords(
    _("Non déposé"), "negative", _("La date limite est passée sans dépôt : ce dossier ne sera pas examiné.")
)
SUBMITTED_OPEN = StatusWords(
    _("Déposé"), "positive", _("Votre dépôt est valable. Vous pouvez le modifier jusqu'à la date limite.")
)
SUBMITTED_WAITING = StatusWords(
    _("Déposé"), "positive", _("Votre dépôt est scellé. Deux instructeurs l'ouvriront après la clôture.")
)
WITHDRAWN_OPEN = StatusWords(
    _("Retiré"),
    "neutral",
    _("Vous avez retiré ce dossier. Le titulaire peut annuler le retrait avant la date limite."),
)
WITHDRAWN = StatusWords(_("Retiré"), "neutral", _("Vous avez retiré ce dossier : il ne sera pas examiné."))
CANCELLED = StatusWords(
    _("Appel annulé"), "negative", _("Le Ministère a annulé cet appel : aucun dossier ne sera examiné.")
)
EXAMINED = {
    CallPhase.OPENED: StatusWords(
        _("Recevabilité en cours"),
        "active",
        _(
            "Les instructeurs vérifient les pièces et les conditions. Vous n'avez rien à faire pour l'instant."
        ),
    ),
    CallPhase.EVALUATION: StatusWords(
        _("À l'examen"),
        "active",
        _("L'appel est à l'étape du jury. Vous n'avez rien à faire pour l'instant."),
    ),
    CallPhase.DELIBERATION: StatusWords(
        _("À l'examen"), "active", _("Le jury délibère. Les résultats vous seront notifiés.")
    ),
    CallPhase.DECIDED: StatusWords(
        _("À l'examen"), "active", _("Les résultats ne sont pas encore publiés. Ils vous seront notifiés.")
    ),
}
PUBLISHED = StatusWords(
    _("Décision rendue"),
    "positive",
    _("Les résultats sont publiés. Votre lettre de décision est dans le portail."),
)


def status_words(status: str, phase: CallPhase) -> StatusWords:
    """From what is public: the phase of the call, and what the team itself did."""
    is_open = phase == CallPhase.OPEN
    if phase == CallPhase.CANCELLED:
        return CANCELLED
    if status == ApplicationStatus.WITHDRAWN:
        return WITHDRAWN_OPEN if is_open else WITHDRAWN
    if status == ApplicationStatus.DRAFT:
        return DRAFT_OPEN if phase in (CallPhase.OPEN, CallPhase.ANNOUNCED) else DRAFT_LATE
    if phase in (CallPhase.PUBLISHED, CallPhase.ARCHIVED):
        return PUBLISHED
    if is_open:
        return SUBMITTED_OPEN
    return EXAMINED.get(phase, SUBMITTED_WAITING)


_STEPS = (
    (_("Ouvert"), {CallPhase.ANNOUNCED, CallPhase.OPEN}),
    (_("Clos"), {CallPhase.AWAITING_CLOSING, CallPhase.CLOSED}),
    (_("Recevabilité"), {CallPhase.OPENED}),
    (_("Jury"), {CallPhase.EVALUATION, CallPhase.DELIBERATION, CallPhase.DECIDED}),
    (_("Résultats"), {CallPhase.PUBLISHED, CallPhase.ARCHIVED}),
)


def call_steps(call: Call, phase: CallPhase, *, closes_at: datetime | None) -> list[dict[str, Any]]:
    """The five steps of a call for components/timeline.html, with the instants that are known."""
    current = next((place for place, (_label, phases) in enumerate(_STEPS) if phase in phases), -1)
    known = (call.opens_at, closes_at, call.opened_at, None, call.published_at)
    return [
        {
            "label": label,
            "state": "done" if place < current else "current" if place == current else "todo",
            "at": known[place],
            "note": "",
        }
        for place, (label, _phases) in enumerate(_STEPS)
    ]


def happenings(application, submissions) -> list[dict[str, Any]]:
    """What the team did, and what the Ministry has made public, oldest first: {"label", "at", "note"}."""
    call = application.call
    told = [{"label": _("Dossier commencé"), "at": application.created_at, "note": ""}]
    for submission in submissions:
        label = _("Dépôt") if submission.version == 1 else _("Dépôt modifié")
        told.append({"label": label, "at": submission.submitted_at, "note": submission.number})
    if application.withdrawn_at:
        told.append(
            {
                "label": _("Dossier retiré"),
                "at": application.withdrawn_at,
                "note": application.withdrawal_reason,
            }
        )
    public = (
        (_("Appel clos"), call.closed_at if call.status != CallStatus.ANNOUNCED else None),
        (_("Ouverture des plis"), call.opened_at),
        (_("Résultats publiés"), call.published_at),
        (_("Appel annulé"), call.cancelled_at),
    )
    told += [{"label": label, "at": at, "note": ""} for label, at in public if at is not None]
    return sorted(told, key=lambda event: event["at"])
