"""The 8-year rule: a table of named boundaries, then what must hold whatever the facts."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from applications.domain.support_facts import LabelFact, Provenance, SupportFacts, SupportPeriod, Suspension
from applications.domain.support_reasons import reason_ar, reason_fr
from applications.domain.support_years import Ground, SourceConflict, SupportSettings, judge_support
from applications.domain.years import DateInterval
from applications.enums import SupportCount, SupportFinding
from tests.applications.domain.test_support_counts import (
    between,
    combinations,
    day,
    days_of,
    intervals,
    support,
)

SINCE, SUM = SupportCount.SINCE_FIRST_LABEL, SupportCount.SUM_OF_SUPPORT
MET, NOT_MET = SupportFinding.MET, SupportFinding.NOT_MET
TO_VERIFY, NEW = SupportFinding.TO_VERIFY, SupportFinding.NOT_APPLICABLE
CONFIRMED = Provenance(source="Convention n° 1", confirmed=True, confirmed_from="Convention n° 1")


def label(first: str, last: str = "", **more) -> LabelFact:
    return LabelFact(between(first, last or first), **more)


def period(first: str, last: str = "", **more) -> SupportPeriod:
    return SupportPeriod(between(first, last or first), **({"years": 20} | more))


def answer(facts: SupportFacts, on: str, count=SINCE, years=8, **more):
    return judge_support(
        facts, on=date.fromisoformat(on), settings=SupportSettings(count=count, years=years), **more
    )


def finding(labels, periods, on, count=SINCE, years=8, **more):
    return answer(SupportFacts(tuple(labels), tuple(periods)), on, count, years, **more).finding


BOTH_COUNTS = [
    ("exactly 8 years", "2015-10-25", "2023-10-25", 8, NOT_MET),
    ("one day more", "2015-10-24", "2023-10-25", 8, MET),
    ("one day less", "2015-10-26", "2023-10-25", 8, NOT_MET),
    ("29 February, 8 years, the day itself", "2012-02-29", "2020-02-29", 8, NOT_MET),
    ("29 February, 8 years, the day after", "2012-02-29", "2020-03-01", 8, MET),
    ("29 February, 7 years, 28 February", "2012-02-29", "2019-02-28", 7, NOT_MET),
    ("29 February, 7 years, 1 March", "2012-02-29", "2019-03-01", 7, NOT_MET),
    ("29 February, 7 years, 2 March", "2012-02-29", "2019-03-02", 7, MET),
    ("1 June 2015 at the first deadline of 2023", "2015-06-01", "2023-05-19", 8, NOT_MET),
    ("1 June 2015 at the extended deadline of 2023", "2015-06-01", "2023-06-14", 8, MET),
    ("16 November 2016 at the deadline of 2024", "2016-11-16", "2024-10-25", 8, NOT_MET),
]


@pytest.mark.parametrize("count", SupportCount)
@pytest.mark.parametrize(
    ("start", "on", "years", "expected"),
    [case[1:] for case in BOTH_COUNTS],
    ids=[case[0] for case in BOTH_COUNTS],
)
def test_unbroken_support_to_the_day(start, on, years, expected, count):
    assert finding([label(start)], [period(start)], on, count, years) is expected


ROUGH = ("2016-01-01", "2016-12-31")
CASES = {
    "november 2016 on 25 october 2024": (
        [label("2016-11-10", "2016-11-30")],
        [],
        "2024-10-25",
        NOT_MET,
        None,
    ),
    "year only, 2024": ([label(*ROUGH)], [period(*ROUGH)], "2024-10-25", TO_VERIFY, TO_VERIFY),
    "year only, last day of doubt": ([label(*ROUGH)], [period(*ROUGH)], "2024-12-31", TO_VERIFY, TO_VERIFY),
    "year only, past doubt": ([label(*ROUGH)], [period(*ROUGH)], "2025-01-01", MET, MET),
    "year only, before doubt": ([label(*ROUGH)], [period(*ROUGH)], "2024-01-01", NOT_MET, NOT_MET),
    "a gap": (
        [label("2010-01-01")],
        [period("2010-01-01", years=3), period("2015-01-01", years=3)],
        "2023-05-19",
        MET,
        NOT_MET,
    ),
    "overlapping periods": (
        [label("2010-01-01")],
        [period("2010-01-01", years=5), period("2012-01-01", years=6)],
        "2023-05-19",
        MET,
        NOT_MET,
    ),
    "overlapping periods, one day more": (
        [label("2009-12-31")],
        [period("2009-12-31", years=5), period("2012-01-01", years=6)],
        "2023-05-19",
        MET,
        MET,
    ),
    "a suspension takes the ninth year": (
        [label("2010-01-01")],
        [period("2010-01-01", years=9, suspensions=(Suspension(day("2012-01-01"), day("2013-01-01")),))],
        "2023-05-19",
        MET,
        NOT_MET,
    ),
    "label without contract": ([label("2011-03-01")], [], "2023-05-19", MET, TO_VERIFY),
    "recent label without contract": ([label("2020-03-01")], [], "2023-05-19", NOT_MET, TO_VERIFY),
    "label of unknown date": ([LabelFact(None)], [], "2023-05-19", TO_VERIFY, TO_VERIFY),
    "label of unknown date, support known": (
        [LabelFact(None)],
        [period("2012-01-01", years=9)],
        "2023-05-19",
        TO_VERIFY,
        MET,
    ),
    "unknown label beside an old one": (
        [LabelFact(None), label("2011-03-01")],
        [SupportPeriod(years=3)],
        "2023-05-19",
        MET,
        TO_VERIFY,
    ),
    "unknown label beside a recent one": (
        [LabelFact(None), label("2020-03-01")],
        [period("2020-03-01")],
        "2023-05-19",
        TO_VERIFY,
        NOT_MET,
    ),
    "support without any label": ([], [period("2011-03-01")], "2023-05-19", TO_VERIFY, TO_VERIFY),
    "never labelled": ([], [], "2023-05-19", NEW, NEW),
    "labelled on the reference date": (
        [label("2023-05-19")],
        [period("2023-05-19")],
        "2023-05-19",
        NEW,
        NEW,
    ),
    "labelled the day before": (
        [label("2023-05-18")],
        [period("2023-05-18")],
        "2023-05-19",
        NOT_MET,
        NOT_MET,
    ),
    "labelled after": ([label("2023-12-22")], [period("2024-01-01")], "2023-05-19", NEW, NEW),
    "labelled about the reference date": (
        [label("2023-05-01", "2023-06-30")],
        [],
        "2023-05-19",
        TO_VERIFY,
        TO_VERIFY,
    ),
    "labelled before, supported after": (
        [label("2023-05-01")],
        [period("2023-07-01")],
        "2023-05-19",
        NOT_MET,
        TO_VERIFY,
    ),
    "labelled again later": (
        [label("2011-03-01"), label("2023-12-22")],
        [period("2011-03-01", years=3), period("2024-01-01", years=5)],
        "2026-11-27",
        MET,
        NOT_MET,
    ),
    "dates of two periods disagree": (
        [label("2011-01-01", "2011-12-31")],
        [period("2011-01-01", "2011-12-31", years=5), period("2015-06-01", years=4)],
        "2023-05-19",
        MET,
        TO_VERIFY,
    ),
}


@pytest.mark.parametrize(("labels", "periods", "on", "since", "total"), CASES.values(), ids=CASES.keys())
def test_named_cases(labels, periods, on, since, total):
    assert finding(labels, periods, on, SINCE) is since
    if total is not None:
        assert finding(labels, periods, on, SUM) is total


def test_age_does_not_make_a_cluster_existing():
    """Twenty years old and never labelled: no fact of the register, hence new."""
    found = answer(SupportFacts(), "2023-05-19")
    assert (found.finding, found.ground) == (NEW, Ground.NEVER_LABELLED)
    assert not found.rests_on_unconfirmed
    assert "quelle que soit son ancienneté" in reason_fr(found)
    assert "مهما كان" in reason_ar(found)


def test_labelled_but_not_past_eight_years_is_neither_and_says_so():
    found = answer(SupportFacts((label("2016-11-16"),), (period("2016-11-16", years=3),)), "2024-10-25")
    assert found.ground is Ground.NOT_EXCEEDED
    assert reason_fr(found).replace("\u00a0", " ") == (
        "Première labellisation le 16 novembre 2016. Au 25 octobre 2024, la durée écoulée depuis la première "
        "labellisation est de 7 ans 344 jours ; la somme des périodes de soutien est de 2 ans 365 jours "
        "(1095 jours au total). Le décompte retenu par l'appel est la durée écoulée depuis la première "
        "labellisation : elle ne dépasse pas 8 ans. Déjà labellisé, le cluster ne relève pas de la voie "
        "« nouveau cluster » ; il ne relève pas non plus, à cette date, de la voie « cluster existant ». "
        "Ces faits proviennent de sources publiques et restent à confirmer."
    )
    assert reason_ar(found) == (
        "مُنحت أول علامة في 16 نونبر 2016. في 25 أكتوبر 2024: المدة المنقضية منذ أول علامة بمقدار 7 سنوات "
        "و344 يوما؛ ومجموع فترات الدعم بمقدار سنتين و365 يوما (أي 1095 يوما في المجموع). والاحتساب المعتمد في "
        "طلب المشاريع هو المدة المنقضية منذ أول علامة، ولم يتجاوز 8 سنوات. وبما أن التجمع سبق أن حصل على "
        "العلامة، فإنه لا يندرج ضمن مسار «تجمع جديد»، ولا يندرج كذلك، في هذا التاريخ، ضمن مسار «تجمع قائم». "
        "هذه الوقائع مستقاة من مصادر عمومية ولا تزال في حاجة إلى تأكيد."
    )


def test_exactly_eight_years_says_that_they_do_not_suffice():
    found = answer(SupportFacts((label("2015-10-25"),)), "2023-10-25")
    assert "8 ans exactement ne suffisent pas" in reason_fr(found)
    assert "8 سنوات بالضبط لا يكفي" in reason_ar(found)
    assert found.since_first_label.calendar_years() == (Decimal("8.00"), Decimal("8.00"))
    one_day_more = answer(SupportFacts((label("2015-10-24"),)), "2023-10-25")
    assert one_day_more.since_first_label.calendar_years() == (Decimal("8.00"), Decimal("8.00"))
    assert "8 ans 1 jour" in reason_fr(one_day_more)


def test_the_extension_of_2023_would_flip_the_answer():
    facts = SupportFacts((label("2015-06-01"),), (period("2015-06-01"),))
    for count in SupportCount:
        assert answer(facts, "2023-05-19", count).finding is NOT_MET
        assert answer(facts, "2023-06-01", count).finding is NOT_MET
        assert answer(facts, "2023-06-14", count).finding is MET


def test_a_label_never_counts_for_its_own_call_or_an_earlier_one():
    facts = SupportFacts(
        (label("2011-03-01"), label("2015-12-22", call="A")),
        (
            period("2011-03-01", years=3),
            period("2016-01-01", years=5, call="A"),
            SupportPeriod(years=5, follows=True),
        ),
    )
    late = "2026-11-27"
    assert answer(facts, late, SUM).finding is MET
    assert answer(facts, late, SUM, not_counting=frozenset({"A"})).finding is NOT_MET
    only = SupportFacts(facts.labels[1:], facts.periods[1:])
    assert answer(only, late).finding is MET
    own = answer(only, late, not_counting=frozenset({"A"}))
    assert own.finding is NEW
    assert own.sum_of_support.greatest == 0


def test_both_counts_are_in_every_reason_about_a_labelled_cluster():
    for labels, periods, on, _since, _total in CASES.values():
        for count in SupportCount:
            found = answer(SupportFacts(tuple(labels), tuple(periods)), on, count)
            french, arabic = reason_fr(found), reason_ar(found)
            assert french.endswith(".")
            assert arabic.endswith(".")
            assert "None" not in french + arabic
            if found.finding is not NEW:
                assert "la somme des périodes de soutien" in french
                assert "مجموع فترات الدعم" in arabic


def test_support_before_the_first_label_is_a_conflict_of_sources():
    facts = SupportFacts((label("2014-01-01", "2014-12-31"),), (period("2013-01-01", "2013-12-31"),))
    found = answer(facts, "2023-05-19")
    assert found.conflicts == (SourceConflict(between("2013-01-01", "2013-12-31"), date(2014, 1, 1)),)
    assert "Les sources se contredisent" in reason_fr(found)
    assert "تتعارض المصادر" in reason_ar(found)
    possible = SupportFacts((label("2014-01-01", "2014-12-31"),), (period("2013-01-01", "2014-01-01"),))
    assert answer(possible, "2023-05-19").conflicts == ()
    unknown = SupportFacts((LabelFact(None),), (period("2013-01-01"),))
    assert answer(unknown, "2023-05-19").conflicts == ()


@pytest.mark.parametrize(
    ("labels", "periods", "since", "total"),
    [
        ([label("2011-03-01")], [period("2011-03-01")], True, True),
        ([label("2011-03-01", provenance=CONFIRMED)], [period("2011-03-01")], False, True),
        ([label("2011-03-01")], [period("2011-03-01", provenance=CONFIRMED)], True, True),
        (
            [label("2011-03-01", provenance=CONFIRMED), label("2020-03-01")],
            [period("2011-03-01", provenance=CONFIRMED)],
            False,
            False,
        ),
        (
            [label("2011-01-01", "2011-12-31", provenance=CONFIRMED), label("2011-06-01")],
            [period("2011-03-01", provenance=CONFIRMED), period("2024-01-01")],
            True,
            True,
        ),
    ],
)
def test_what_rests_on_unconfirmed_facts(labels, periods, since, total):
    facts = SupportFacts(tuple(labels), tuple(periods))
    assert answer(facts, "2023-05-19", SINCE).rests_on_unconfirmed is since
    assert answer(facts, "2023-05-19", SUM).rests_on_unconfirmed is total


def test_the_facts_are_kept_with_the_finding():
    facts = SupportFacts(
        (label("2011-02-18", "2011-12-31", cluster="CE3M"),),
        (
            period("2011-02-18", "2011-12-31", years=3, cluster="CE3M"),
            SupportPeriod(years=2, follows=True, provenance=Provenance(assumed=("granted",))),
        ),
    )
    kept = answer(facts, "2023-05-19").facts()
    assert kept["first_label_on"] == ["2011-02-18", "2011-12-31"]
    assert kept["since_first_label"] == {
        "days": {"min": 4157, "max": 4473},
        "years": {"min": "11.38", "max": "12.24"},
    }
    assert kept["sum_of_support"]["days"] == {"min": 1826, "max": 1827}
    assert kept["periods"][1]["start"] == ["2014-02-18", "2014-12-31"]
    assert kept["periods"][1]["end"] == ["2016-02-18", "2016-12-31"]
    assert kept["periods"][1]["assumed"] == ["granted"]
    assert kept["rests_on_unconfirmed"] is True
    assert (kept["finding"], kept["ground"], kept["reference_on"]) == ("met", "exceeded", "2023-05-19")


REFERENCES = st.dates(date(2013, 1, 1), date(2022, 1, 1))
STARTS = st.dates(date(2008, 1, 1), date(2016, 1, 1))


@given(STARTS, REFERENCES, st.integers(1, 10))
def test_both_counts_agree_for_support_without_a_gap(start, on, years):
    facts = SupportFacts(
        (LabelFact(DateInterval.on(start)),),
        (SupportPeriod(DateInterval.on(start), end=date_after(on, start)),),
    )
    by_label, by_sum = (
        judge_support(facts, on=on, settings=SupportSettings(count, years)) for count in SupportCount
    )
    assert by_label.finding is by_sum.finding
    if start < on:
        assert by_label.since_first_label == by_sum.sum_of_support


def date_after(on: date, start: date) -> DateInterval:
    return DateInterval.on(max(on, start) + timedelta(days=400))


@given(STARTS, st.integers(1, 3000), st.integers(0, 1500), REFERENCES, st.sampled_from(SupportCount))
def test_a_longer_period_never_turns_met_into_not_met(start, length, more, on, count):
    def judged(first: date, days: int):
        end = DateInterval.on(start + timedelta(days=days))
        known = (LabelFact(DateInterval.on(first)),)
        facts = SupportFacts(known, (SupportPeriod(DateInterval.on(first), end=end),))
        return judge_support(facts, on=on, settings=SupportSettings(count)).finding

    if judged(start, length) is MET:
        assert judged(start, length + more) is MET
        assert judged(start - timedelta(days=more), length) is MET


@settings(deadline=None, max_examples=100)
@given(support(), st.lists(intervals(), min_size=1, max_size=2), st.data())
def test_an_intervals_answer_contains_every_answer_inside_it(facts, days, data):
    facts = SupportFacts(tuple(LabelFact(interval) for interval in days), facts.periods)
    assume(combinations(facts) <= 10_000)
    on = data.draw(st.dates(date(2014, 1, 1), date(2016, 12, 31)))
    chosen = SupportFacts(
        tuple(
            LabelFact(DateInterval.on(data.draw(st.sampled_from(days_of(known.on)))))
            for known in facts.labels
        ),
        tuple(_one(period, data) for period in facts.periods),
    )
    for count in SupportCount:
        for years in (1, 2, 3):
            rule = SupportSettings(count, years)
            wide, narrow = (
                judge_support(facts, on=on, settings=rule),
                judge_support(chosen, on=on, settings=rule),
            )
            assert wide.since_first_label.least <= narrow.since_first_label.least
            assert wide.since_first_label.greatest >= narrow.since_first_label.greatest
            if wide.finding is not TO_VERIFY:
                assert narrow.finding is wide.finding


def _one(period: SupportPeriod, data) -> SupportPeriod:
    """The period on one day of each of its intervals; ends that then fall before the start are left out."""

    def one(interval):
        return interval and DateInterval.on(data.draw(st.sampled_from(days_of(interval))))

    start, end = one(period.start), one(period.end)
    assume(start is None or end is None or end.latest > start.earliest)
    assume(not period.suspensions)
    return SupportPeriod(start, period.years, end, period.follows)
