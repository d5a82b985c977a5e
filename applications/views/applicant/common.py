"""What every page of a dossier needs: the dossier of the person's own team or a 404, and what may be done now."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Prefetch, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.http import Http404, HttpRequest
from django.urls import reverse

from accounts.models import User
from applications.domain.deadlines import phase_of
from applications.enums import ApplicationStatus, CallPhase, CallStatus
from applications.models import Application, Deadline, Submission, TeamMember
from applications.permissions.dossiers import (
    is_writable,
    may_deposit,
    may_manage_team,
    may_withdraw,
    may_write,
)
from clusters_portal.errors import Blocker

WITHDRAWABLE = frozenset(
    {
        ApplicationStatus.SUBMITTED,
        ApplicationStatus.IN_INSTRUCTION,
        ApplicationStatus.ADMISSIBLE,
        ApplicationStatus.INADMISSIBLE,
        ApplicationStatus.IN_EVALUATION,
    }
)


@dataclass(frozen=True)
class Deposit:
    """What the story of a dossier tells of one sealed version."""

    version: int
    number: str
    submitted_at: datetime


@dataclass(frozen=True)
class Desk:
    """One person at one dossier at one instant."""

    application: Application
    user: User
    seat: TeamMember
    at: datetime

    @property
    def call(self):
        return self.application.call

    @property
    def phase(self) -> CallPhase:
        """The same rule as `Call.phase`, with the deadline that came along in the dossier's own query."""
        return phase_of(
            CallStatus(self.call.status), opens_at=self.call.opens_at, closes_at=self.closes_at, at=self.at
        )

    @property
    def is_open(self) -> bool:
        return self.phase == CallPhase.OPEN

    @property
    def is_writable(self) -> bool:
        return is_writable(self.application, self.phase)

    @property
    def can_write(self) -> bool:
        return self.is_writable and may_write(self.seat)

    @property
    def can_deposit(self) -> bool:
        return self.is_writable and may_deposit(self.seat)

    @property
    def can_withdraw(self) -> bool:
        return self.application.status in WITHDRAWABLE and may_withdraw(self.seat)

    @property
    def can_undo_withdrawal(self) -> bool:
        withdrawn = self.application.status == ApplicationStatus.WITHDRAWN
        return withdrawn and self.is_open and may_withdraw(self.seat)

    @property
    def can_manage_team(self) -> bool:
        return may_manage_team(self.seat)

    @property
    def depositors(self) -> list[TeamMember]:
        return [seat for seat in self.application.team.all() if may_deposit(seat)]

    @property
    def standing(self) -> Submission | None:
        return self.application.standing_submission

    @property
    def closes_at(self) -> datetime | None:
        closes_at: datetime | None = self.application.in_force_closes_at
        return closes_at

    @property
    def left(self) -> timedelta:
        """Until the deadline in force; zero once it has passed."""
        return max(self.closes_at - self.at, timedelta(0)) if self.closes_at else timedelta(0)

    @property
    def is_last_day(self) -> bool:
        return self.is_open and self.left < timedelta(hours=24)

    def context(self, **extra: Any) -> dict[str, Any]:
        return {"desk": self, "application": self.application, "call": self.call, **extra}


def with_ways(desk: Desk, blockers: Iterable[Blocker]) -> list[dict[str, Any]]:
    """Each reason with the address where it is mended, "" where the person may not: {"label", "hint", "href"}."""
    ways = []
    for blocker in blockers:
        label, _colon, hint = str(blocker.message).partition(" : ")
        # Seven links called alike would not say where they lead.
        if hint and blocker.anchor.startswith("piece:"):
            label, hint = hint, label
        ways.append({"label": label, "hint": hint, "href": _way(desk, blocker.anchor)})
    return ways


def _way(desk: Desk, anchor: str) -> str:
    kind, _colon, code = anchor.partition(":")
    if not desk.can_write or kind not in ("section", "piece"):
        return ""
    if kind == "section":
        return reverse("applications:section", args=[desk.application.pk, code])
    return f"{reverse('applications:documents', args=[desk.application.pk])}#piece-{code}"


_DEPOSITS = (
    Submission.objects.filter(application=OuterRef("pk"))
    .order_by("version")
    .values(row=JSONObject(version="version", number="number", submitted_at="submitted_at"))
)


def deposits_of(application: Application) -> list[Deposit]:
    """Every deposit of a dossier read with its team, oldest first."""
    return [
        Deposit(row["version"], row["number"], datetime.fromisoformat(row["submitted_at"]))
        for row in application.deposits
    ]


def dossiers_of(user: User, *, at: datetime) -> QuerySet[Application]:
    """The person's own dossiers with call, deadline in force and own seat: one query whatever their number."""
    last = Deadline.objects.filter(call=OuterRef("call_id")).order_by("-version")
    own = TeamMember.objects.filter(application=OuterRef("pk"), user=user)
    return (
        Application.objects.visible_to(user, at=at)
        .of_team(user)
        .annotate(
            in_force_closes_at=Subquery(last.values("closes_at")[:1]),
            own_seat=Subquery(
                own.values(seat=JSONObject(id="id", role="role", may_deposit="may_deposit"))[:1]
            ),
        )
        .select_related("call", "standing_submission", "cluster")
        .defer("call__text_fr", "call__text_ar")
    )


def desk_at(application: Application, user: User, *, at: datetime) -> Desk:
    """For a row of `dossiers_of`."""
    return Desk(application, user, TeamMember(application=application, user=user, **application.own_seat), at)


def desk_of(
    request: HttpRequest, pk: UUID, *, at: datetime, team: bool = False, snapshot: bool = False
) -> Desk:
    """A 404 for whoever has no seat at this dossier, the Ministry's staff included.

    `team`: the page prints the people and the deposits; `snapshot`: it compares with what was deposited.
    """
    dossiers = dossiers_of(request.user, at=at).filter(pk=pk)
    if team:
        dossiers = dossiers.prefetch_related(Prefetch("team", TeamMember.objects.select_related("user")))
        dossiers = dossiers.annotate(deposits=ArraySubquery(_DEPOSITS))
    if not snapshot:
        dossiers = dossiers.defer("call__text_fr", "call__text_ar", "standing_submission__snapshot")
    found = dossiers.first()
    if found is None or found.own_seat is None:
        raise Http404
    return desk_at(found, request.user, at=at)
