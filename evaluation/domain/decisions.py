"""What a committee may propose and what a decision maker may sign."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from evaluation.domain.ranking import Ranking
from evaluation.domain.reasons import concludes_otherwise
from evaluation.enums import DecisionStatus, Outcome, RankStatus

DELIBERATED = (Outcome.LABELLED, Outcome.RESERVE, Outcome.NOT_SELECTED)
"""The outcomes of a deliberation, the best first. Inadmissibility is settled before the jury reads."""

_ARABIC_LETTER = re.compile(r"[\u0621-\u064a\u066e-\u06d3]")
_LATIN_LETTER = re.compile(r"[A-Za-z\u00c0-\u024f]")


class Departure(StrEnum):
    """How a proposed outcome leaves the ranking."""

    BELOW_THRESHOLD = "below_threshold"
    NOT_RANKABLE = "not_rankable"
    BETTER_THAN_PLACE = "better_than_place"
    WORSE_THAN_PLACE = "worse_than_place"


def departures(
    ranking: Ranking, outcomes: Mapping[str, Outcome], *, places: int | None = None
) -> dict[str, Departure]:
    """The dossiers whose outcome is not the one that the ranking gives, with how.

    Among the dossiers that meet the thresholds, in the order of their places, the ranking gives labels first, then
    the reserve list, then refusals: as many of each as the committee grants, or `places` labels when the number is
    fixed. The others it refuses. Level dossiers may share out what falls to them in any way, since the vote that
    parts them is the committee's own reason. Dossiers without an outcome yet are left out.
    """
    found = {}
    qualified = []
    for row in ranking.rows:
        outcome = outcomes.get(row.dossier)
        if outcome is None:
            continue
        if row.status == RankStatus.ABOVE_THRESHOLD:
            qualified.append(row)
        elif outcome != Outcome.NOT_SELECTED:
            is_below = row.status == RankStatus.BELOW_THRESHOLD
            found[row.dossier] = Departure.BELOW_THRESHOLD if is_below else Departure.NOT_RANKABLE
    granted = _granted([outcomes[row.dossier] for row in qualified], places)
    for _place, level in groupby(qualified, key=lambda row: row.place):
        group = [row.dossier for row in level]
        due, granted = granted[: len(group)], granted[len(group) :]
        found |= _level_departures({dossier: outcomes[dossier] for dossier in group}, due)
    return found


def _granted(given: list[Outcome], places: int | None) -> list[Outcome]:
    counts = Counter(given)
    labels = counts[Outcome.LABELLED] if places is None else min(places, len(given))
    reserves = min(counts[Outcome.RESERVE], len(given) - labels)
    refusals = len(given) - labels - reserves
    return [Outcome.LABELLED] * labels + [Outcome.RESERVE] * reserves + [Outcome.NOT_SELECTED] * refusals


def _level_departures(given: Mapping[str, Outcome], due: list[Outcome]) -> dict[str, Departure]:
    """Level dossiers whose outcome is given more often than it falls to them."""
    surplus = Counter(given.values()) - Counter(due)
    lacking = Counter(due) - Counter(given.values())
    best_lacking = min((DELIBERATED.index(outcome) for outcome in lacking), default=0)
    return {
        dossier: Departure.BETTER_THAN_PLACE
        if DELIBERATED.index(outcome) < best_lacking
        else Departure.WORSE_THAN_PLACE
        for dossier, outcome in given.items()
        if outcome in surplus
    }


class OutcomeProblemCode(StrEnum):
    OUTCOME_MISSING = "outcome_missing"
    NOT_A_DELIBERATED_OUTCOME = "not_a_deliberated_outcome"
    REASON_FR_MISSING = "reason_fr_missing"
    REASON_AR_MISSING = "reason_ar_missing"
    REASON_FR_NOT_FRENCH = "reason_fr_not_french"
    REASON_AR_NOT_ARABIC = "reason_ar_not_arabic"
    NAMES_A_JUROR = "names_a_juror"
    NAMES_A_RIVAL = "names_a_rival"
    CONCLUDES_OTHERWISE = "concludes_otherwise"
    DEPARTURE_REASON_MISSING = "departure_reason_missing"
    RESERVE_RANK_MISSING = "reserve_rank_missing"
    RESERVE_RANK_UNEXPECTED = "reserve_rank_unexpected"
    QUORUM_NOT_MET = "quorum_not_met"


@dataclass(frozen=True)
class OutcomeProblem:
    """`detail` is the name found in the reasons, or empty."""

    code: OutcomeProblemCode
    dossier: str
    detail: str = ""


@dataclass(frozen=True)
class ProposedOutcome:
    """`quorum_met` tells whether enough jurors without conflict deliberated on this dossier."""

    dossier: str
    outcome: Outcome | None
    reasons_fr: str = ""
    reasons_ar: str = ""
    departure_reason: str = ""
    reserve_rank: int | None = None
    quorum_met: bool = True


def outcome_problems(
    proposed: ProposedOutcome,
    *,
    departure: Departure | None,
    juror_names: Collection[str] = (),
    rival_names: Collection[str] = (),
) -> tuple[OutcomeProblem, ...]:
    """What keeps this outcome out of the signed list; empty means it may be signed by the chair."""
    if proposed.outcome is None:
        return (OutcomeProblem(OutcomeProblemCode.OUTCOME_MISSING, proposed.dossier),)
    codes = []
    if proposed.outcome not in DELIBERATED:
        codes.append(OutcomeProblemCode.NOT_A_DELIBERATED_OUTCOME)
    if departure and not proposed.departure_reason.strip():
        codes.append(OutcomeProblemCode.DEPARTURE_REASON_MISSING)
    if proposed.outcome == Outcome.RESERVE and proposed.reserve_rank is None:
        codes.append(OutcomeProblemCode.RESERVE_RANK_MISSING)
    if proposed.outcome != Outcome.RESERVE and proposed.reserve_rank is not None:
        codes.append(OutcomeProblemCode.RESERVE_RANK_UNEXPECTED)
    if not proposed.quorum_met:
        codes.append(OutcomeProblemCode.QUORUM_NOT_MET)
    problems = [OutcomeProblem(code, proposed.dossier) for code in codes]
    return (*problems, *reason_problems(proposed, juror_names=juror_names, rival_names=rival_names))


def reason_problems(
    proposed: ProposedOutcome, *, juror_names: Collection[str] = (), rival_names: Collection[str] = ()
) -> tuple[OutcomeProblem, ...]:
    """Reasons stand in both languages, conclude as the outcome does, and name neither a juror nor a rival."""
    problems = [
        OutcomeProblem(code, proposed.dossier)
        for code in _language_problems(proposed.reasons_fr, proposed.reasons_ar)
    ]
    if proposed.outcome is not None and concludes_otherwise(
        proposed.reasons_fr, proposed.reasons_ar, proposed.outcome
    ):
        problems.append(OutcomeProblem(OutcomeProblemCode.CONCLUDES_OTHERWISE, proposed.dossier))
    for code, names in (
        (OutcomeProblemCode.NAMES_A_JUROR, juror_names),
        (OutcomeProblemCode.NAMES_A_RIVAL, rival_names),
    ):
        problems += [
            OutcomeProblem(code, proposed.dossier, name)
            for name in sorted(names)
            if _mentions(proposed.reasons_fr, name) or _mentions(proposed.reasons_ar, name)
        ]
    return tuple(problems)


def _language_problems(reasons_fr: str, reasons_ar: str) -> Iterable[OutcomeProblemCode]:
    if not reasons_fr.strip():
        yield OutcomeProblemCode.REASON_FR_MISSING
    elif not _LATIN_LETTER.search(reasons_fr):
        yield OutcomeProblemCode.REASON_FR_NOT_FRENCH
    if not reasons_ar.strip():
        yield OutcomeProblemCode.REASON_AR_MISSING
    elif not _ARABIC_LETTER.search(reasons_ar):
        yield OutcomeProblemCode.REASON_AR_NOT_ARABIC


def _mentions(text: str, name: str) -> bool:
    words = name.split()
    if not words:
        return False
    pattern = r"\s+".join(re.escape(word) for word in words)
    return re.search(rf"(?<!\w){pattern}(?!\w)", text, re.IGNORECASE) is not None


def reserve_rank_problems(ranks: Mapping[str, int | None]) -> tuple[str, ...]:
    """The dossiers of the reserve list whose rank repeats another's or leaves a gap: ranks are 1, 2, 3, …"""
    given = [rank for rank in ranks.values() if rank is not None]
    counts = Counter(given)
    return tuple(
        sorted(
            dossier
            for dossier, rank in ranks.items()
            if rank is not None and (counts[rank] > 1 or not 1 <= rank <= len(given))
        )
    )


class SigningProblem(StrEnum):
    ALREADY_SIGNED = "already_signed"
    SIGNER_IS_PROPOSER = "signer_is_proposer"
    SIGNER_SAT_ON_JURY = "signer_sat_on_jury"
    SIGNER_IN_TEAM = "signer_in_team"
    REASON_FR_MISSING = "reason_fr_missing"
    REASON_AR_MISSING = "reason_ar_missing"
    LIST_NOT_FROZEN = "list_not_frozen"
    UNCONFIRMED_FACT = "unconfirmed_fact"


@dataclass(frozen=True)
class SigningFacts:
    """`is_list_frozen`: the chair signed the list, or the dossier was inadmissible and so never went to the jury.

    `rests_on_unconfirmed_fact`: an eligibility line that decides leans on a register fact nobody has confirmed.
    """

    outcome: Outcome
    status: DecisionStatus
    reasons_fr: str
    reasons_ar: str
    proposed_by: str
    signed_by: str
    is_list_frozen: bool = True
    signer_sat_on_jury: bool = False
    signer_in_team: bool = False
    rests_on_unconfirmed_fact: bool = False


def signing_problems(facts: SigningFacts) -> tuple[SigningProblem, ...]:
    """Why this person may not sign this decision now; empty means yes."""
    problems = []
    if facts.status == DecisionStatus.SIGNED:
        problems.append(SigningProblem.ALREADY_SIGNED)
    if facts.signed_by == facts.proposed_by:
        problems.append(SigningProblem.SIGNER_IS_PROPOSER)
    if facts.signer_sat_on_jury:
        problems.append(SigningProblem.SIGNER_SAT_ON_JURY)
    if facts.signer_in_team:
        problems.append(SigningProblem.SIGNER_IN_TEAM)
    if not facts.reasons_fr.strip():
        problems.append(SigningProblem.REASON_FR_MISSING)
    if not facts.reasons_ar.strip():
        problems.append(SigningProblem.REASON_AR_MISSING)
    if not facts.is_list_frozen and facts.outcome != Outcome.INADMISSIBLE:
        problems.append(SigningProblem.LIST_NOT_FROZEN)
    if facts.rests_on_unconfirmed_fact:
        problems.append(SigningProblem.UNCONFIRMED_FACT)
    return tuple(problems)
