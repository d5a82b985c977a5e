"""What the panel says of each dossier: consensus marks, outcomes, reasons."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import User
from applications.enums import ApplicationStatus
from applications.models import Application, Call
from clusters_portal.errors import Blocker, Refused
from evaluation.actions.deliberation import lock_unsigned
from evaluation.domain.decisions import DELIBERATED
from evaluation.domain.ranking import RankingRow
from evaluation.domain.reasons import Sentence, Title, panel_reasons
from evaluation.enums import Outcome
from evaluation.models import ConsensusMark, Criterion, DeliberationOutcome
from evaluation.queries.ranking import RankingFacts, ranking_facts


@transaction.atomic
def enter_consensus(
    application: Application, criterion: Criterion, mark: Decimal, *, comment: str, by: User, at: datetime
) -> ConsensusMark:
    """The committee's mark where the jurors' marks lie far apart; theirs are kept. Raises `Refused`."""
    call = application.call
    deliberation = lock_unsigned(call)
    before = ranking_facts(call)
    result = _row(before, application).criterion(criterion.code)
    blockers = []
    if not result.alert:
        blockers.append(
            Blocker(
                "no_spread",
                _(
                    "Une note de consensus ne se donne que là où l'écart des notes atteint le seuil de discussion."
                ),
            )
        )
    if not comment.strip():
        blockers.append(
            Blocker("comment_missing", _("Dites en une phrase comment le consensus s'est formé."))
        )
    if blockers:
        raise Refused(blockers)
    agreed, _created = ConsensusMark.objects.update_or_create(
        deliberation=deliberation,
        application=application,
        criterion=criterion,
        defaults={"mark": mark, "comment": comment.strip(), "entered_by": by, "entered_at": at},
    )
    _refresh_standard_reasons(before, application)
    audit.record(
        "deliberation.consensus_entered",
        by=by,
        at=at,
        subject=agreed,
        call_code=call.code,
        detail={
            "application": str(application.pk),
            "criterion": criterion.code,
            "mark": str(mark),
            "comment": comment.strip(),
        },
    )
    return agreed


@transaction.atomic
def withdraw_consensus(application: Application, criterion: Criterion, *, by: User, at: datetime) -> None:
    """Go back to the jurors' own mean."""
    call = application.call
    deliberation = lock_unsigned(call)
    before = ranking_facts(call)
    agreed = deliberation.consensus_marks.filter(application=application, criterion=criterion).first()
    if agreed is None:
        return
    audit.record(
        "deliberation.consensus_withdrawn",
        by=by,
        at=at,
        subject=agreed,
        call_code=call.code,
        detail={"application": str(application.pk), "criterion": criterion.code, "mark": str(agreed.mark)},
    )
    agreed.delete()
    _refresh_standard_reasons(before, application)


@transaction.atomic
def settle_outcome(
    application: Application,
    outcome: Outcome,
    *,
    reserve_rank: int | None,
    reasons_fr: str,
    reasons_ar: str,
    departure_reason: str,
    by: User,
    at: datetime,
) -> DeliberationOutcome:
    """What the panel proposes for one dossier. What is still missing is told at the signature. Raises `Refused`.

    Standard reasons that nobody edited follow the outcome; edited reasons are kept as written.
    """
    call = application.call
    deliberation = lock_unsigned(call)
    if application.status != ApplicationStatus.IN_EVALUATION:
        raise Refused([Blocker("not_in_evaluation", _("Ce dossier n'est pas devant le jury."))])
    reserve_rank = reserve_rank if outcome == Outcome.RESERVE else None
    written = Sentence(_lines(reasons_fr), _lines(reasons_ar))
    reasons = _following(
        ranking_facts(call), application, written, outcome=outcome, reserve_rank=reserve_rank
    )
    settled, _created = DeliberationOutcome.objects.update_or_create(
        deliberation=deliberation,
        application=application,
        defaults={
            "outcome": outcome,
            "reserve_rank": reserve_rank,
            "reasons_fr": reasons.fr,
            "reasons_ar": reasons.ar,
            "departure_reason": departure_reason.strip(),
            "entered_by": by,
            "entered_at": at,
        },
    )
    audit.record(
        "deliberation.outcome_settled",
        by=by,
        at=at,
        subject=settled,
        call_code=call.code,
        detail={
            "application": str(application.pk),
            "outcome": Outcome(outcome).value,
            "reserve_rank": settled.reserve_rank,
            "departure_reason": settled.departure_reason,
        },
    )
    return settled


@transaction.atomic
def settle_by_ranking(
    call: Call, *, labels: int | None, hidden: frozenset[UUID], by: User, at: datetime
) -> int:
    """Fill in every dossier that has no outcome yet as the ranking says, with the standard reasons; how many.

    Dossiers that meet the thresholds are labelled, or the first `labels` of them with the rest on the reserve list;
    the others are not selected. `hidden` are the dossiers that recuse the person.
    """
    deliberation = lock_unsigned(call)
    facts = ranking_facts(call)
    settled = set(deliberation.outcomes.values_list("application_id", flat=True))
    proposed = []
    for application, outcome, reserve_rank in _as_ranked(facts, labels):
        if application.pk in settled or application.pk in hidden:
            continue
        reasons = standard_reasons(facts, application, outcome=outcome, reserve_rank=reserve_rank)
        proposed.append(
            DeliberationOutcome(
                deliberation=deliberation,
                application=application,
                outcome=outcome,
                reserve_rank=reserve_rank,
                reasons_fr=reasons.fr,
                reasons_ar=reasons.ar,
                entered_by=by,
                entered_at=at,
            )
        )
    DeliberationOutcome.objects.bulk_create(proposed)
    audit.record(
        "deliberation.settled_by_ranking",
        by=by,
        at=at,
        subject=deliberation,
        call_code=call.code,
        detail={
            "labels": labels,
            "outcomes": {str(row.application_id): Outcome(row.outcome).value for row in proposed},
        },
    )
    return len(proposed)


def standard_reasons(
    facts: RankingFacts, application: Application, *, outcome: Outcome, reserve_rank: int | None = None
) -> Sentence:
    """The sentences from which the committee starts, in both languages."""
    call = facts.call
    return panel_reasons(
        _row(facts, application),
        outcome=outcome,
        grid=facts.rows.facts,
        call=Title(call.title_fr, call.title_ar or call.title_fr),
        criteria={
            criterion.code: Title(criterion.title_fr, criterion.title_ar or criterion.title_fr)
            for criterion, _subs in facts.rows.criteria
        },
        reserve_rank=reserve_rank,
    )


def _lines(text: str) -> str:
    """As the standard reasons are kept: browsers send other line ends."""
    return "\n".join(line.rstrip() for line in text.strip().splitlines())


def _following(
    facts: RankingFacts,
    application: Application,
    written: Sentence,
    *,
    outcome: Outcome,
    reserve_rank: int | None,
) -> Sentence:
    """The standard reasons of `outcome` in each language whose text is the standard one of another outcome."""
    before = DeliberationOutcome.objects.filter(application=application).first()
    ranks = {None, reserve_rank, before.reserve_rank if before else None}
    former = [standard_reasons(facts, application, outcome=other) for other in DELIBERATED]
    former += [
        standard_reasons(facts, application, outcome=Outcome.RESERVE, reserve_rank=rank) for rank in ranks
    ]
    standard = standard_reasons(facts, application, outcome=outcome, reserve_rank=reserve_rank)
    return Sentence(
        standard.fr if written.fr in {one.fr for one in former} else written.fr,
        standard.ar if written.ar in {one.ar for one in former} else written.ar,
    )


def _row(facts: RankingFacts, application: Application) -> RankingRow:
    if str(application.pk) not in facts.by_dossier:
        raise Refused([Blocker("not_in_evaluation", _("Ce dossier n'est pas devant le jury."))])
    return facts.ranking.row(str(application.pk))


def _as_ranked(facts: RankingFacts, labels: int | None) -> Iterator[tuple[Application, Outcome, int | None]]:
    """(dossier, outcome, rank on the reserve list) in the order of the ranking."""
    reserve_rank = 0
    for row in facts.ranking.rows:
        application = facts.by_dossier[row.dossier]
        if row.place is None:
            yield application, Outcome.NOT_SELECTED, None
        elif labels is None or row.place <= labels:
            yield application, Outcome.LABELLED, None
        else:
            reserve_rank += 1
            yield application, Outcome.RESERVE, reserve_rank


def _refresh_standard_reasons(before: RankingFacts, application: Application) -> None:
    """Reasons that nobody edited quote the marks: they follow the new ones. Edited reasons stay as written."""
    settled = DeliberationOutcome.objects.filter(application=application).first()
    if settled is None:
        return
    outcome, rank = Outcome(settled.outcome), settled.reserve_rank
    old = standard_reasons(before, application, outcome=outcome, reserve_rank=rank)
    new = standard_reasons(ranking_facts(before.call), application, outcome=outcome, reserve_rank=rank)
    if settled.reasons_fr == old.fr:
        settled.reasons_fr = new.fr
    if settled.reasons_ar == old.ar:
        settled.reasons_ar = new.ar
    settled.save(update_fields=["reasons_fr", "reasons_ar"])
