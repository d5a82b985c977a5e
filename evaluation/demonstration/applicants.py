"""The promoters' part of a rehearsal: drafts, files, refused and accepted deposits, an amendment, a withdrawal."""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from io import BytesIO
from random import Random
from typing import Any
from uuid import UUID

from accounts.enums import OutboxKind
from accounts.models import OutboxMessage, User
from applications.actions.documents import add_document
from applications.actions.dossiers import save_section, start, withdraw
from applications.actions.submissions import record_failure, submit
from applications.actions.teams import accept, invite
from applications.enums import FileFormat, SectionCode, TeamRole, Track
from applications.models import Application, Call, Cluster, RequiredDocument, Sector
from clusters_portal.errors import Refused
from evaluation.demonstration import content, files
from evaluation.demonstration.people import People
from evaluation.demonstration.phases import Agenda, Phase, Timeline

EXISTING_EVERY = 5
TWICE_JOINED = frozenset({"engagements-membres", "fiches-projets"})
NEARLY_EMPTY = (SectionCode.TRACK, SectionCode.IDENTITY)


@dataclass
class Plan:
    """One dossier before it is written. `leaves_out`: codes of the pieces that its promoter never joins."""

    profile: content.Profile
    owner: User
    answers: dict[SectionCode, dict[str, Any]]
    started_at: datetime
    deposited_at: datetime | None = None
    amended_at: datetime | None = None
    withdrawn_at: datetime | None = None
    refused_at: datetime | None = None
    leaves_out: frozenset[str] = frozenset()
    application: Application | None = None
    first_draft: dict[str, Any] = field(default_factory=dict)

    @property
    def index(self) -> int:
        return self.profile.index

    @property
    def written(self) -> Application:
        if self.application is None:
            raise LookupError(f"dossier {self.index} has not been started")
        return self.application


def plan_dossiers(
    call: Call,
    count: int,
    *,
    people: People,
    clusters: list[Cluster],
    when: Timeline,
    phase: Phase,
    seed: int,
) -> list[Plan]:
    sectors = list(Sector.objects.filter(calls=call).values_list("code", flat=True))
    codes = [cluster.code for cluster in clusters]
    by_code = {cluster.code: cluster for cluster in clusters}
    plans = []
    for index in range(count):
        rng = Random(f"{seed}:dossier:{index}")  # noqa: S311  fiction, repeatable
        profile = content.profile(index, rng=rng, existing=codes)
        answers = content.sections(
            profile,
            rng=rng,
            sector=sectors[index % len(sectors)] if sectors else "",
            first_year=call.year + 1,
        )
        if profile.track == Track.EXISTING:
            cluster = by_code[profile.cluster_code]
            answers[SectionCode.IDENTITY] |= {"name": cluster.name, "name_ar": cluster.name_ar}
        plan = Plan(
            profile=profile,
            owner=people.applicants[index],
            answers=answers,
            started_at=when.day(-38 + 14 * index / max(count, 1), hours=-3, minutes=rng.randint(0, 200)),
        )
        _decide_fate(plan, when=when, phase=phase, rng=rng)
        plans.append(plan)
    return plans


def _decide_fate(plan: Plan, *, when: Timeline, phase: Phase, rng: Random) -> None:
    """Every tenth dossier lacks pieces and is refused; one in twenty was given up; the others are deposited."""
    index = plan.index
    if index % 10 == 3:
        plan.leaves_out = frozenset({"plan-developpement", "declaration-honneur"})
        plan.refused_at = when.day(-22 if phase == Phase.OPEN else -1, minutes=index)
        return
    if index % 20 == 8:
        plan.answers = {code: plan.answers[code] for code in NEARLY_EMPTY}
        plan.leaves_out = frozenset({"*"})
        return
    if phase == Phase.OPEN:
        if index % 2 == 0:
            plan.deposited_at = when.day(-22, minutes=11 * index)
        return
    hours_before = rng.choice((1, 2, 5, 20, 26, 44, 70, 120))
    plan.deposited_at = when.day(0, hours=-hours_before, minutes=rng.randint(-30, 30) - 15)
    if index % 9 == 0:
        plan.first_draft = {"vision": "Première version, à compléter avant la date limite."}
        plan.amended_at, plan.deposited_at = plan.deposited_at, when.day(-6, minutes=index)
    if index % 40 == 17:
        plan.withdrawn_at = plan.deposited_at + timedelta(minutes=10)


def schedule(plans: list[Plan], call: Call, *, people: People, agenda: Agenda) -> None:
    """Note every act of the promoters; `Plan.application` is there once the agenda has run."""
    pieces = list(RequiredDocument.objects.filter(call=call))
    for plan in plans:
        agenda.add(plan.started_at, _start, plan=plan, call=call)
        last = _schedule_answers(plan, agenda)
        last = _schedule_files(plan, pieces, agenda, after=last)
        if plan.index == 0:
            agenda.add(last + timedelta(minutes=5), _join_editor, plan=plan, editor=people.editor)
        if plan.refused_at:
            agenda.add(plan.refused_at, _try_in_vain, plan=plan)
        if plan.deposited_at:
            agenda.add(plan.deposited_at, _deposit, plan=plan, number=1)
        if plan.amended_at:
            agenda.add(plan.amended_at - timedelta(minutes=5), _finish_vision, plan=plan)
            agenda.add(plan.amended_at, _deposit, plan=plan, number=2)
        if plan.withdrawn_at:
            agenda.add(plan.withdrawn_at, _withdraw, plan=plan)


def _schedule_answers(plan: Plan, agenda: Agenda) -> datetime:
    at = plan.started_at
    for code, data in plan.answers.items():
        if code == SectionCode.STATEMENT:  # made by the act of depositing
            continue
        at += timedelta(minutes=7)
        answer = data | plan.first_draft if code == SectionCode.STRATEGY else data
        agenda.add(at, _save, plan=plan, code=code, data=answer)
    return at


def _schedule_files(
    plan: Plan, pieces: list[RequiredDocument], agenda: Agenda, *, after: datetime
) -> datetime:
    at = after
    for piece in pieces:
        if plan.profile.track not in piece.tracks or plan.leaves_out & {"*", piece.code}:
            continue
        for name, body in small_files(piece, plan.profile):
            at += timedelta(minutes=2)
            agenda.add(at, _join, plan=plan, piece=piece, name=name, body=body)
    return at


def small_files(piece: RequiredDocument, profile: content.Profile) -> list[tuple[str, bytes]]:
    """(name, bytes) of the files that answer a piece: a workbook, a text or a PDF, as the piece allows."""
    french, _arabic = content.cluster_names(profile.index)
    lines = [
        f"Pièce : {piece.name_fr}",
        f"Dossier n° {profile.index + 1}",
        "Document fictif de démonstration.",
    ]
    if FileFormat.XLSX in piece.formats and FileFormat.DOCX not in piece.formats:
        rows = [["Poste", "Année 1", "Année 2", "Année 3"], ["Équipe", "900000", "950000", "1000000"]]
        return [(f"{piece.code}.xlsx", files.small_xlsx([[french], *rows]))]
    if FileFormat.DOCX in piece.formats and piece.code not in TWICE_JOINED:
        return [(f"{piece.code}.docx", files.small_docx([french, *lines]))]
    count = 2 if piece.code in TWICE_JOINED else 1
    return [
        (
            f"{piece.code}{f'-{number}' if count > 1 else ''}.pdf",
            files.small_pdf(french, [*lines, str(number)]),
        )
        for number in range(1, count + 1)
    ]


def _start(*, at: datetime, plan: Plan, call: Call) -> None:
    plan.application = start(call, by=plan.owner, at=at)


def _save(*, at: datetime, plan: Plan, code: SectionCode, data: dict[str, Any]) -> None:
    save_section(plan.written, code, data, by=plan.owner, at=at, version=0)


def _finish_vision(*, at: datetime, plan: Plan) -> None:
    answer = plan.answers[SectionCode.STRATEGY]
    save_section(plan.written, SectionCode.STRATEGY, answer, by=plan.owner, at=at, version=1)


def _join(*, at: datetime, plan: Plan, piece: RequiredDocument, name: str, body: bytes) -> None:
    add_document(plan.written, piece, BytesIO(body), name=name, by=plan.owner, at=at)


def _deposit(*, at: datetime, plan: Plan, number: int) -> None:
    statement = plan.answers[SectionCode.STATEMENT]
    submit(
        plan.written,
        by=plan.owner,
        at=at,
        token=UUID(int=number),
        signatory=statement["signatory"],
        capacity=statement["capacity"],
    )
    plan.written.refresh_from_db()


def _try_in_vain(*, at: datetime, plan: Plan) -> None:
    """What the page of the deposit does when the rules refuse: the attempt is kept for the closing record."""
    try:
        _deposit(at=at, plan=plan, number=1)
    except Refused as refusal:
        record_failure(plan.written, at=at, codes=[blocker.code for blocker in refusal.blockers])


def _withdraw(*, at: datetime, plan: Plan) -> None:
    withdraw(plan.written, by=plan.owner, at=at, reason="Le projet est reporté d'un an (démonstration).")


def _join_editor(*, at: datetime, plan: Plan, editor: User) -> None:
    """The invited person follows the link of the mail, as in life."""
    invitation = invite(plan.written, by=plan.owner, at=at, email=editor.email, role=TeamRole.EDITOR)
    message = OutboxMessage.objects.get(kind=OutboxKind.MAIL, key=f"invitation:{invitation.pk}")
    link = re.search(r"/dossiers/invitation/([^/\s]+)/", message.payload["text"])
    if link:
        accept(link[1], by=editor, at=at)
