"""The one act that lifts the embargo, and the applicant's acknowledgement of the letter."""

from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts import audit, notices
from accounts.models import User
from applications.actions.transitions import advance_call
from applications.enums import CallStatus
from applications.models import Application, Call
from clusters_portal.errors import Blocker, Refused
from evaluation.actions.letters import LettersProgress, letters_progress
from evaluation.models import DecisionLetter, LetterAcknowledgement


def publication_blockers(call: Call, *, progress: LettersProgress) -> list[Blocker]:
    """Why the results can't be published yet; empty when they can."""
    if call.status != CallStatus.DECIDED:
        return [Blocker("not_decided", _("Les résultats se publient une fois toutes les décisions signées."))]
    unfinished = progress.total - progress.rendered
    if unfinished:
        sentence = ngettext(
            "%(count)d lettre n'est pas encore éditée : attendez la fin de l'édition.",
            "%(count)d lettres ne sont pas encore éditées : attendez la fin de l'édition.",
            unfinished,
        )
        return [Blocker("letters_unfinished", sentence % {"count": unfinished})]
    return []


@transaction.atomic
def publish_results(call: Call, *, by: User, at: datetime) -> Call:
    """Results, letters and notices become visible at one instant. Raises `Refused`."""
    locked = Call.objects.select_for_update(of=("self",)).get(pk=call.pk)
    blockers = publication_blockers(locked, progress=letters_progress(locked))
    if blockers:
        raise Refused(blockers)
    published = advance_call(locked, CallStatus.PUBLISHED, by=by, at=at)
    decided = Application.objects.filter(call=published, decision__isnull=False)
    for application in decided.prefetch_related("team__user"):
        notices.notify(
            "decision_available",
            [member.user for member in application.team.all()],
            at=at,
            params={"call": published.code, "application": application.name},
            url=reverse("evaluation:my-decision", args=[application.pk]),
            key=str(application.pk),
        )
    return published


@transaction.atomic
def acknowledge(letter: DecisionLetter, *, by: User, at: datetime) -> LetterAcknowledgement:
    """The reader confirms receipt before the letter opens. Doing it twice keeps the first instant."""
    acknowledgement, created = LetterAcknowledgement.objects.get_or_create(
        letter=letter, user=by, defaults={"acknowledged_at": at}
    )
    if created:
        audit.record(
            "letter.acknowledged",
            by=by,
            at=at,
            subject=letter,
            call_code=letter.decision.application.call.code,
            detail={"number": letter.number},
        )
    return acknowledgement
