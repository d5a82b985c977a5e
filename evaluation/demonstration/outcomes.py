"""From the closed round to the published letters: meeting, consensus, outcomes, signatures, publication."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from accounts.models import User
from accounts.permissions import day_in_rabat
from applications.models import Application, Call
from evaluation.actions.decisions import sign_all
from evaluation.actions.deliberation import record_meeting, sign_deliberation
from evaluation.actions.letters import render_letter
from evaluation.actions.outcomes import enter_consensus, settle_outcome, standard_reasons
from evaluation.actions.publication import acknowledge, publish_results
from evaluation.actions.rounds import close_round
from evaluation.demonstration.jury import Bench
from evaluation.demonstration.marks import nearest_mark
from evaluation.demonstration.people import People
from evaluation.demonstration.phases import Phase, Timeline
from evaluation.domain.decisions import departures
from evaluation.domain.ranking import RankingRow
from evaluation.enums import Outcome
from evaluation.models import DecisionLetter
from evaluation.permissions.jury import chair_is_recused
from evaluation.queries.ranking import RankingFacts, ranking_facts

PLACE = "Salle de réunion Démonstration, Rabat"
REMARKS = "Réunion fictive. Les échanges ont porté sur les dossiers dont les notes s'écartaient."
CONSENSUS = "Après discussion, les membres présents s'accordent sur la portée réelle des engagements."
DEPARTURE = (
    "À dossiers très proches, le jury préfère celui dont la filière n'a encore aucun cluster dans la région."
)
LABELLED_SHARE, RESERVE_SHARE = 0.5, 0.3
DEPARTING_FROM = 4  # with fewer labels there is nobody to change places with


@dataclass(frozen=True)
class Settled:
    application: Application
    outcome: Outcome
    reserve_rank: int | None


def close_marking(bench: Bench, *, when: Timeline) -> None:
    close_round(bench.call, by=bench.chair.user, at=when.day(31))


def deliberate(bench: Bench, *, people: People, when: Timeline, is_complete: bool) -> None:
    """An unfinished deliberation has discussed and settled the first half of its list."""
    at = when.day(33)
    absent = {bench.seats[3].pk} if len(bench.seats) > 5 else set()
    record_meeting(
        bench.call,
        held_on=day_in_rabat(at),
        place=PLACE,
        remarks=REMARKS,
        present={seat.pk for seat in bench.seats} - absent,
        by=bench.chair.user,
        at=at,
    )
    half = bench.dossiers if is_complete else bench.dossiers[: len(bench.dossiers) // 2]
    concerned = {application.pk for application in half}
    _agree(bench, concerned, people=people, when=when)
    facts = ranking_facts(bench.call)
    settled = list(_settled(facts, bench))
    leaving = departures(facts.ranking, {str(one.application.pk): one.outcome for one in settled})
    for number, one in enumerate(settled):
        if one.application.pk not in concerned:
            continue
        reasons = standard_reasons(facts, one.application, outcome=one.outcome, reserve_rank=one.reserve_rank)
        settle_outcome(
            one.application,
            one.outcome,
            reserve_rank=one.reserve_rank,
            reasons_fr=reasons.fr,
            reasons_ar=reasons.ar,
            departure_reason=DEPARTURE if str(one.application.pk) in leaving else "",
            by=_settler(one.application, bench, people),
            at=when.day(33, hours=3, minutes=number),
        )


def _agree(bench: Bench, concerned: set, *, people: People, when: Timeline) -> None:
    facts = ranking_facts(bench.call)
    criteria = facts.rows.by_code
    at = when.day(33, hours=1)
    for application in bench.dossiers:
        row = facts.ranking.row(str(application.pk))
        for code in row.to_discuss if application.pk in concerned else ():
            mark = nearest_mark(float(row.criterion(code).jurors_mean or 0))
            by = _settler(application, bench, people)
            enter_consensus(application, criteria[code], mark, comment=CONSENSUS, by=by, at=at)
            at += timedelta(minutes=5)


def _settler(application: Application, bench: Bench, people: People) -> User:
    """Where the chair is recused the call manager enters what the panel decided."""
    return people.manager if chair_is_recused(application) else bench.chair.user


def _settled(facts: RankingFacts, bench: Bench) -> Iterator[Settled]:
    """Labels, reserve list and refusals by place, but for one pair that changes places; level dossiers by creation."""
    order = {str(application.pk): number for number, application in enumerate(bench.dossiers)}
    applications = {str(application.pk): application for application in bench.dossiers}
    above = sorted(
        (row for row in facts.ranking.rows if row.place is not None),
        key=lambda row: (row.place, order[row.dossier]),
    )
    labels = max(1, round(len(above) * LABELLED_SHARE)) if above else 0
    reserve = round(len(above) * RESERVE_SHARE)
    outcomes = (
        [Outcome.LABELLED] * labels
        + [Outcome.RESERVE] * reserve
        + [Outcome.NOT_SELECTED] * (len(above) - labels - reserve)
    )
    for loser, winner in _changing_places(above, labels, reserve):
        outcomes[loser], outcomes[winner] = outcomes[winner], outcomes[loser]
    rank = 0
    for row, outcome in zip(above, outcomes, strict=True):
        rank += outcome == Outcome.RESERVE
        yield Settled(applications[row.dossier], outcome, rank if outcome == Outcome.RESERVE else None)
    placed = {row.dossier for row in above}
    for key in sorted(applications.keys() - placed, key=order.__getitem__):
        yield Settled(applications[key], Outcome.NOT_SELECTED, None)


def _changing_places(above: list[RankingRow], labels: int, reserve: int) -> list[tuple[int, int]]:
    """One label goes to a dossier of the reserve list instead of a better placed one: never between level dossiers."""
    if labels < DEPARTING_FROM:
        return []
    around = [(labels - 1, labels), (labels - 2, labels), (labels - 2, labels + 1), (labels - 3, labels + 1)]
    pairs = [(loser, winner) for loser, winner in around if winner < labels + reserve]
    return [pair for pair in pairs if above[pair[0]].place != above[pair[1]].place][:1]


def decide(bench: Bench, *, people: People, when: Timeline, phase: Phase) -> None:
    if phase.reaches(Phase.PROPOSED):
        sign_deliberation(bench.call, by=bench.chair.user, at=when.day(35))
    if phase.reaches(Phase.DECIDED):
        sign_all(bench.call, by=people.decision_maker, at=when.day(40))


def publish(call: Call, *, people: People, when: Timeline) -> None:
    """Letters first: no result is published before the last one is made. Two teams in three then read theirs."""
    letters = list(DecisionLetter.objects.standing().filter(decision__application__call=call))
    at = when.day(40, minutes=1)
    for letter in letters:
        at += timedelta(seconds=1)
        render_letter(str(letter.pk), at=at)
    publish_results(call, by=people.manager, at=when.day(46))
    readers = (
        DecisionLetter.objects.standing()
        .filter(decision__application__call=call)
        .select_related("decision__application__call")
    )
    for number, letter in enumerate(readers.order_by("sequence")):
        owner = letter.decision.application.team.select_related("user").order_by("added_at", "pk").first()
        if owner is not None and number % 3 != 1:
            acknowledge(letter, by=owner.user, at=when.day(46, hours=2 + number))
