"""The jury's part: seats, declarations, rulings, readers, sheets. Marks come from the seed alone."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from random import Random

from accounts.models import User
from applications.enums import ApplicationStatus
from applications.models import Application, Call
from evaluation.actions.assignments import READERS_AT_LEAST, set_readers
from evaluation.actions.declarations import declare, rule_on_link
from evaluation.actions.jury import appoint_juror
from evaluation.actions.marking import save_sheet, send_sheet
from evaluation.actions.rounds import start_evaluation
from evaluation.demonstration.marks import Marking, marking_of
from evaluation.demonstration.people import People
from evaluation.demonstration.phases import Agenda, Phase, Timeline
from evaluation.domain.assignment import JurorSeat, propose_assignment
from evaluation.enums import DeclarationKind, JuryRole, LinkRuling
from evaluation.models import Assignment, ConflictDeclaration, Grid, JuryMember
from evaluation.queries.grids import GridRows, grid_rows

K = DeclarationKind
SENT_SHARE, BEGUN_SHARE = 0.7, 0.9
CONFLICT_REASONS = (
    "Mission de conseil rémunérée l'an dernier pour le porteur.",
    "Mon employeur est membre du cluster.",
    "أحد أقاربي عضو في مكتب التجمع.",
)
LINK_REASONS = (
    "Même université, autre laboratoire.",
    "Membre de la même fédération professionnelle.",
    "شاركت في ندوة نظمها التجمع دون مقابل.",
)
KEEP_REASON = "Lien ancien et sans intérêt financier : l'impartialité n'est pas en cause."
RECUSE_REASON = "Le lien est trop étroit pour que l'apparence d'impartialité soit sauve."


@dataclass(frozen=True)
class Bench:
    """The seats in order, the chair last, with the dossiers before them in the order of their creation."""

    call: Call
    seats: list[JuryMember]
    dossiers: list[Application]

    @property
    def chair(self) -> JuryMember:
        return self.seats[-1]


def appoint(call: Call, *, people: People, when: Timeline, agenda: Agenda) -> None:
    seats = [(user, JuryRole.JUROR) for user in people.jurors] + [(people.chair, JuryRole.CHAIR)]
    for number, (user, role) in enumerate(seats):
        at = when.day(-30, minutes=4 * number)
        agenda.add(at, _appoint, call=call, user=user, role=role, by=people.manager)


def _appoint(*, at: datetime, call: Call, user: User, role: JuryRole, by: User) -> None:
    appoint_juror(call, email=user.email, role=role, organisation=user.organisation, by=by, at=at)


def begin(call: Call, *, people: People, when: Timeline) -> Bench:
    start_evaluation(call, by=people.manager, at=when.day(14))
    seats = {
        seat.user_id: seat for seat in JuryMember.objects.seated().filter(call=call).select_related("user")
    }
    dossiers = call.applications.filter(status=ApplicationStatus.IN_EVALUATION).order_by("created_at", "pk")
    ordered = [seats[user.pk] for user in (*people.jurors, people.chair)]
    return Bench(call, ordered, list(dossiers.select_related("call")))


def declare_all(bench: Bench, *, people: People, when: Timeline, phase: Phase, agenda: Agenda) -> None:
    """In a round that still runs, one link waits for its ruling and one juror has not declared everything."""
    is_running = phase == Phase.EVALUATION
    for number, seat in enumerate(bench.seats):
        last = len(bench.dossiers)
        if is_running and number == len(bench.seats) - 2:
            last = last * 2 // 3
        for place, application in enumerate(bench.dossiers[:last]):
            at = when.day(15, hours=number % 5, minutes=3 * place + number)
            kind, ruling = tie(number, place, jurors=len(bench.seats) - 1)
            reason = _tie_reason(kind, number + place)
            agenda.add(
                at, _declare, seat=seat, application=application, kind=kind, reason=reason, by=seat.user
            )
            waits = is_running and (number, place) == (0, 1)
            if kind == K.LINK and not waits:
                by = people.manager if seat is bench.chair else bench.chair.user
                agenda.add(
                    when.day(16, minutes=place),
                    _rule,
                    seat=seat,
                    application=application,
                    ruling=ruling,
                    by=by,
                )


def tie(number: int, place: int, *, jurors: int) -> tuple[DeclarationKind, LinkRuling]:
    """What juror `number` has to say of dossier `place`: a few conflicts, a few links, the chair's own among them."""
    if number == jurors:
        return (K.LINK if place == 3 else K.NONE), LinkRuling.KEEP
    if place % 17 == 2 and number == place % jurors:
        return K.CONFLICT, LinkRuling.KEEP
    if place % 13 == 1 and number == 0:
        return K.LINK, LinkRuling.KEEP
    if place % 19 == 4 and number == jurors - 1:
        return K.LINK, LinkRuling.RECUSE
    return K.NONE, LinkRuling.KEEP


def _tie_reason(kind: DeclarationKind, number: int) -> str:
    reasons = {K.CONFLICT: CONFLICT_REASONS, K.LINK: LINK_REASONS, K.NONE: ("",)}[kind]
    return reasons[number % len(reasons)]


def _declare(
    *, at: datetime, seat: JuryMember, application: Application, kind: DeclarationKind, reason: str, by: User
) -> None:
    declare(seat, application, kind, reason=reason, by=by, at=at)


def _rule(*, at: datetime, seat: JuryMember, application: Application, ruling: LinkRuling, by: User) -> None:
    declaration = ConflictDeclaration.objects.get(juror=seat, application=application)
    reason = KEEP_REASON if ruling == LinkRuling.KEEP else RECUSE_REASON
    rule_on_link(declaration, ruling, reason=reason, by=by, at=at)


def share_out(bench: Bench, *, people: People, when: Timeline) -> None:
    """Beyond a dozen dossiers: the balanced share, reckoned on places instead of ids so that it is repeatable."""
    grid = Grid.objects.get(call=bench.call)
    if len(bench.dossiers) <= grid.all_read_up_to:
        return
    seats = {f"{number:03d}": seat for number, seat in enumerate(bench.seats)}
    dossiers = {f"{place:05d}": application for place, application in enumerate(bench.dossiers)}
    cleared = set(
        ConflictDeclaration.objects.clearances()
        .filter(juror__call=bench.call)
        .values_list("juror_id", "application_id")
    )
    barred = {
        (number, place)
        for number, seat in seats.items()
        for place, application in dossiers.items()
        if (seat.pk, application.pk) not in cleared
    }
    proposal = propose_assignment(
        list(dossiers),
        [JurorSeat(number) for number in seats],
        barred,
        all_read_up_to=grid.all_read_up_to,
        at_least=max(READERS_AT_LEAST, grid.quorum),
    )
    for minute, (place, application) in enumerate(dossiers.items()):
        readers = [seats[number] for number in proposal.readers_of(place)]
        set_readers(application, readers, by=people.manager, at=when.day(17, minutes=minute))


def mark_all(bench: Bench, *, when: Timeline, phase: Phase, seed: int, agenda: Agenda) -> None:
    rows = grid_rows(bench.call.pk)
    places = {application.pk: place for place, application in enumerate(bench.dossiers)}
    numbers = {seat.pk: number for number, seat in enumerate(bench.seats)}
    given = Assignment.objects.filter(juror__call=bench.call).select_related("juror__user", "application")
    for assignment in given:
        place, number = places[assignment.application_id], numbers[assignment.juror_id]
        rng = Random(f"{seed}:progress:{place}:{number}")  # noqa: S311  fiction, repeatable
        days = 18 + rng.random() * (7.5 if phase == Phase.EVALUATION else 12)
        marking = marking_of(place, number, rows=rows, seed=seed)
        progress = rng.random() if phase == Phase.EVALUATION else 0.0
        is_sent = progress < SENT_SHARE
        if progress < BEGUN_SHARE:
            agenda.add(
                when.day(days), _save, assignment=assignment, marking=marking, rows=rows, is_whole=is_sent
            )
        if is_sent:
            agenda.add(when.day(days, minutes=25), _send, assignment=assignment)


def _save(*, at: datetime, assignment: Assignment, marking: Marking, rows: GridRows, is_whole: bool) -> None:
    """A sheet that is only begun has half of its marks and one comment."""
    subs = {key: pk for pk, key in rows.sub_keys.items()}
    marks: dict[int, Decimal | None] = {subs[key]: mark for key, mark in marking.marks.items()}
    comments = {rows.by_code[code].pk: text for code, text in marking.comments.items()}
    if not is_whole:
        marks = dict(list(marks.items())[: len(marks) // 2])
        comments = dict(list(comments.items())[:1])
    save_sheet(assignment, marks=marks, comments=comments, version=0, by=assignment.juror.user, at=at)


def _send(*, at: datetime, assignment: Assignment) -> None:
    send_sheet(assignment, by=assignment.juror.user, at=at)
