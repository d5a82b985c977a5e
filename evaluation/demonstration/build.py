"""Builds a rehearsal of a call through the acts themselves, at instants of the past."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from accounts.enums import OutboxKind, OutboxState
from accounts.models import OutboxMessage, User
from applications.models import Application, Call
from evaluation.demonstration import applicants, instruction, jury, outcomes
from evaluation.demonstration import call as calls
from evaluation.demonstration.people import DOMAIN, PASSWORD, People, ensure_people
from evaluation.demonstration.phases import Agenda, Phase, timeline
from evaluation.demonstration.register import ensure_clusters


@dataclass
class Demo:
    """What was built. `applications` are in the order of their creation, drafts and withdrawn ones included."""

    call: Call
    phase: Phase
    people: People
    applications: list[Application] = field(default_factory=list)
    password: str = PASSWORD

    @property
    def manager(self) -> User:
        return self.people.manager

    @property
    def officer(self) -> User:
        return self.people.officer

    @property
    def decision_maker(self) -> User:
        return self.people.decision_maker

    @property
    def auditor(self) -> User:
        return self.people.staff["auditeur"]

    @property
    def administrator(self) -> User:
        return self.people.staff["administrateur"]

    @property
    def chair(self) -> User:
        return self.people.chair

    @property
    def jurors(self) -> list[User]:
        return self.people.jurors

    @property
    def applicants(self) -> list[User]:
        return self.people.applicants


@transaction.atomic
def build_demo(*, dossiers: int, jurors: int, phase: Phase | str, seed: int, at: datetime) -> Demo:
    """One more demonstration call with its dossiers, brought to `phase`; `jurors` besides the chair.

    Same seed and same day: same content, names, marks and outcomes; ids, numbers of receipts and the like differ.
    Needs the reference data. PDFs are owed to the outbox as in life, except the letters of a published call;
    mails are not: they count as sent, their words stay in the inbox of the accounts.
    """
    phase = Phase(phase)
    when = timeline(phase, at=at)
    last = OutboxMessage.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    people = ensure_people(jurors=jurors, applicants=dossiers, at=at)
    clusters = ensure_clusters((dossiers + 4) // applicants.EXISTING_EVERY, year=when.wall_on.year)
    call = calls.draft_call(when, jurors=jurors, by=people.manager)
    call = calls.open_call(call, when, by=people.manager)
    plans = applicants.plan_dossiers(
        call, dossiers, people=people, clusters=clusters, when=when, phase=phase, seed=seed
    )
    agenda = Agenda()
    jury.appoint(call, people=people, when=when, agenda=agenda)
    applicants.schedule(plans, call, people=people, agenda=agenda)
    agenda.run()
    if phase.reaches(Phase.CLOSED):
        instruction.close_and_open(call, people=people, when=when, phase=phase)
    if phase.reaches(Phase.OPENED):
        instruction.instruct(call, people=people, when=when, phase=phase, agenda=agenda)
        agenda.run()
    if phase.reaches(Phase.EVALUATION):
        _evaluate(call, people=people, when=when, phase=phase, seed=seed)
    _hush_mails(after=last, at=at)
    call.refresh_from_db()
    found = Application.objects.filter(call=call).order_by("created_at", "pk")
    return Demo(call=call, phase=phase, people=people, applications=list(found))


def _evaluate(call: Call, *, people: People, when, phase: Phase, seed: int) -> None:
    agenda = Agenda()
    bench = jury.begin(call, people=people, when=when)
    jury.declare_all(bench, people=people, when=when, phase=phase, agenda=agenda)
    agenda.run()
    jury.share_out(bench, people=people, when=when)
    jury.mark_all(bench, when=when, phase=phase, seed=seed, agenda=agenda)
    agenda.run()
    if phase.reaches(Phase.DELIBERATION):
        outcomes.close_marking(bench, when=when)
        outcomes.deliberate(bench, people=people, when=when, is_complete=phase.reaches(Phase.PROPOSED))
        outcomes.decide(bench, people=people, when=when, phase=phase)
    if phase.reaches(Phase.PUBLISHED):
        outcomes.publish(call, people=people, when=when)


def _hush_mails(*, after: int, at: datetime) -> None:
    """A thousand mails to addresses that nobody reads would bury the one that a visitor waits for."""
    OutboxMessage.objects.filter(
        pk__gt=after, kind=OutboxKind.MAIL, state=OutboxState.QUEUED, payload__to__endswith=f"@{DOMAIN}"
    ).update(state=OutboxState.DONE, finished_at=at)
