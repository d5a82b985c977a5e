"""What a visitor reads of a call: public states, the five steps, the dated events."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.enums import CallPhase
from applications.models import Call, Deadline

Text = str | Promise

# Between the deadline and the publication a visitor learns one word: the decisions are under embargo.
PUBLIC_LABELS: dict[CallPhase, tuple[Text, str]] = {
    CallPhase.DRAFT: (gettext_lazy("Brouillon"), "neutral"),
    CallPhase.ANNOUNCED: (gettext_lazy("À venir"), "waiting"),
    CallPhase.OPEN: (gettext_lazy("Ouvert"), "active"),
    CallPhase.AWAITING_CLOSING: (gettext_lazy("Clos, examen en cours"), "neutral"),
    CallPhase.CLOSED: (gettext_lazy("Clos, examen en cours"), "neutral"),
    CallPhase.OPENED: (gettext_lazy("Clos, examen en cours"), "neutral"),
    CallPhase.EVALUATION: (gettext_lazy("Clos, examen en cours"), "neutral"),
    CallPhase.DELIBERATION: (gettext_lazy("Clos, examen en cours"), "neutral"),
    CallPhase.DECIDED: (gettext_lazy("Clos, examen en cours"), "neutral"),
    CallPhase.PUBLISHED: (gettext_lazy("Résultats publiés"), "positive"),
    CallPhase.ARCHIVED: (gettext_lazy("Terminé"), "neutral"),
    CallPhase.CANCELLED: (gettext_lazy("Annulé"), "negative"),
}
EXAMINED = frozenset(
    {
        CallPhase.AWAITING_CLOSING,
        CallPhase.CLOSED,
        CallPhase.OPENED,
        CallPhase.EVALUATION,
        CallPhase.DELIBERATION,
        CallPhase.DECIDED,
    }
)
PAST = frozenset({CallPhase.PUBLISHED, CallPhase.ARCHIVED, CallPhase.CANCELLED})
# The step a phase stands in, from 1; the last one is done once the results are out.
STEP_OF = {
    CallPhase.OPEN: 1,
    CallPhase.AWAITING_CLOSING: 2,
    CallPhase.CLOSED: 2,
    CallPhase.OPENED: 3,
    CallPhase.EVALUATION: 4,
    CallPhase.DELIBERATION: 4,
    CallPhase.DECIDED: 5,
    CallPhase.PUBLISHED: 6,
    CallPhase.ARCHIVED: 6,
}
STEP_LABELS = (
    gettext_lazy("Ouvert"),
    gettext_lazy("Clos"),
    gettext_lazy("Recevabilité"),
    gettext_lazy("Jury"),
    gettext_lazy("Résultats"),
)


@dataclass(frozen=True)
class CallCard:
    """A call at an instant, as lists and headers show it. Needs `with_deadlines()`."""

    call: Call
    phase: CallPhase
    deadline: Deadline | None
    left: timedelta | None

    @property
    def label(self) -> Text:
        return PUBLIC_LABELS[self.phase][0]

    @property
    def tone(self) -> str:
        return PUBLIC_LABELS[self.phase][1]

    @property
    def is_open(self) -> bool:
        return self.phase == CallPhase.OPEN

    @property
    def was_extended(self) -> bool:
        return self.deadline is not None and self.deadline.version > 1


@dataclass(frozen=True)
class Event:
    """One dot of components/timeline.html."""

    label: Text
    state: str
    at: datetime | None = None
    on: date | None = None
    note: Text = ""


def card_of(call: Call, *, at: datetime) -> CallCard:
    deadline = call.deadline_in_force
    left = deadline.closes_at - at if deadline and deadline.closes_at > at else None
    return CallCard(call, call.phase(at=at), deadline, left)


def call_steps(phase: CallPhase) -> list[dict[str, Text]]:
    """The five steps for components/steps.html; none of them has begun before the opening."""
    current = STEP_OF.get(phase, 0)
    states = ["done" if n < current else "current" if n == current else "todo" for n in range(1, 6)]
    return [
        {"label": label, "state": state, "note": ""} for label, state in zip(STEP_LABELS, states, strict=True)
    ]


def public_steps(phase: CallPhase) -> list[dict[str, Text]]:
    """As `call_steps`, but the step of decisions stays "jury" until the results are published."""
    return call_steps(CallPhase.DELIBERATION if phase == CallPhase.DECIDED else phase)


def call_events(call: Call, *, at: datetime, with_assumed: bool) -> list[Event]:
    """The dates of a call in order, those to come included. Assumed days are for staff only."""
    events = _opening_events(call, at=at, with_assumed=with_assumed)
    versions = call.deadline_versions
    for deadline in versions:
        is_last = deadline is versions[-1]
        label = _("Date limite") if len(versions) == 1 else _deadline_label(deadline)
        note = "" if is_last else _("remplacée")
        events.append(Event(label, _state(deadline.closes_at, at), at=deadline.closes_at, note=note))
    events += _outcome_events(call)
    if call.published_at:
        events.append(Event(_("Résultats publiés"), "done", at=call.published_at))
    if call.cancelled_at:
        events.append(Event(_("Annulation"), "done", at=call.cancelled_at))
    return events


def _opening_events(call: Call, *, at: datetime, with_assumed: bool) -> list[Event]:
    if call.opens_at:
        return [Event(_("Ouverture du dépôt"), _state(call.opens_at, at), at=call.opens_at)]
    assumed = assumed_of(call.assumed, "opened_on")
    if call.opened_on and (with_assumed or assumed is None):
        note = _("jour supposé") if assumed is not None else ""
        return [Event(_("Ouverture du dépôt"), "done", on=call.opened_on, note=note)]
    return []


def _deadline_label(deadline: Deadline) -> str:
    return _("Première date limite") if deadline.version == 1 else str(deadline.get_kind_display())


def _outcome_events(call: Call) -> list[Event]:
    outcome = call.outcome or {}
    found = []
    if signed := outcome.get("contracts_signed_on"):
        found.append(Event(_("Contrats signés"), "done", on=date.fromisoformat(signed)))
    if published := outcome.get("published_by"):
        found.append(
            Event(
                _("Résultat connu"), "done", on=date.fromisoformat(published), note=_("au plus tard ce jour")
            )
        )
    return found


def _state(when: datetime, at: datetime) -> str:
    return "done" if when <= at else "todo"


def assumed_of(marks: list[str], field: str) -> str | None:
    """The mark that says `field` is stated by no source ("opened_on (source: mi-juillet)"), or None."""
    for mark in marks:
        if mark == field or mark.startswith((f"{field} ", f"{field}:", f"{field}(")):
            return mark
    return None
