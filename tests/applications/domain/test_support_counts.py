"""The counts against brute force: every combination of days is tried, on intervals small enough for that."""

from datetime import date, timedelta
from itertools import pairwise, permutations, product

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from applications.domain.support_counts import Count, first_label, since_first_label, sum_of_support
from applications.domain.support_facts import LabelFact, SupportFacts, SupportPeriod, Suspension
from applications.domain.support_sweep import Span, covered_days, merged
from applications.domain.years import DateInterval, anniversary

ON = date(2016, 3, 4)
# Days about two 29 Februaries, where three years are now 1095 days, now 1096.
DAY = st.dates(date(2012, 2, 24), date(2012, 3, 6)) | st.dates(date(2013, 2, 25), date(2013, 3, 4))


def day(text: str) -> DateInterval:
    return DateInterval.on(date.fromisoformat(text))


def between(first: str, last: str) -> DateInterval:
    return DateInterval(date.fromisoformat(first), date.fromisoformat(last))


@st.composite
def intervals(draw, days=DAY, width=5):
    start = draw(days)
    return DateInterval(start, start + timedelta(days=draw(st.integers(0, width))))


@st.composite
def suspensions(draw):
    start = draw(intervals(st.dates(date(2012, 3, 1), date(2015, 3, 1)), 2))
    length = draw(st.integers(-1, 40))
    end = DateInterval(start.earliest + timedelta(days=length), start.latest + timedelta(days=length))
    return Suspension(start, draw(st.sampled_from([end, None])))


@st.composite
def support(draw):
    periods = []
    for place in range(draw(st.integers(1, 3))):
        follows = place > 0 and draw(st.booleans())
        start = None if follows else draw(intervals())
        years = draw(st.sampled_from([1, 2, 3, None]))
        end = None
        if years is None:
            end = draw(intervals(st.dates(date(2012, 2, 26), date(2016, 3, 9)), 4))
            assume(start is None or end.latest > start.earliest)
        cut = (draw(suspensions()),) if draw(st.integers(0, 4)) == 0 else ()
        periods.append(SupportPeriod(start, years, end, follows, cut))
    return SupportFacts((), tuple(periods))


def days_of(interval: DateInterval) -> list[date]:
    width = (interval.latest - interval.earliest).days
    return [interval.earliest + timedelta(days=shift) for shift in range(width + 1)]


def every_count(facts: SupportFacts, on: date) -> set[int]:
    """The size of the union of the days of support, for every combination of days; written the slow way."""
    choices, hulls = [], []
    for period in facts.periods:
        choices.append([None] if period.start is None else days_of(period.start))
        choices.append([None] if period.end is None else days_of(period.end))
    hull = None
    for period in facts.periods:
        hull = hull if period.follows else period.start
        hulls.append(hull.earliest)
        if period.years:
            hull = DateInterval(*(anniversary(end, period.years) for end in (hull.earliest, hull.latest)))
        else:
            hull = DateInterval(max(hull.earliest, period.end.earliest), max(hull.latest, period.end.latest))
        hulls.append(hull.latest)
    for place, period in enumerate(facts.periods):
        for cut in period.suspensions:
            choices.append(days_of(cut.start))
            choices.append(days_of(cut.end) if cut.end else [hulls[2 * place + 1]])
    counts = set()
    for chosen in product(*choices):
        covered, suspended, rest, end = set(), set(), list(chosen[2 * len(facts.periods) :]), None
        for place, period in enumerate(facts.periods):
            start = end if period.follows else chosen[2 * place]
            end = anniversary(start, period.years) if period.years else max(start, chosen[2 * place + 1])
            covered.update(range(start.toordinal(), end.toordinal()))
            for _cut in period.suspensions:
                first, last = max(rest.pop(0), hulls[2 * place]), min(rest.pop(0), hulls[2 * place + 1])
                suspended.update(range(first.toordinal(), last.toordinal()))
        counts.add(sum(1 for ordinal in covered - suspended if ordinal < on.toordinal()))
    return counts


def combinations(facts: SupportFacts) -> int:
    total = 1
    for period in facts.periods:
        for interval in [period.start, period.end, *((cut.start) for cut in period.suspensions)]:
            total *= len(days_of(interval)) if interval else 1
        for cut in period.suspensions:
            total *= len(days_of(cut.end)) if cut.end else 1
    return total


@settings(deadline=None, max_examples=150)
@given(support(), st.sampled_from([ON, date(2014, 3, 1), date(2012, 3, 2), date(2020, 1, 1)]))
def test_the_sum_has_the_extremes_of_every_combination(facts, on):
    assume(combinations(facts) <= 300)
    counts = every_count(facts, on)
    assert sum_of_support(facts, on=on) == Count(on, min(counts), max(counts))


@settings(deadline=None, max_examples=150)
@given(
    st.lists(
        st.tuples(st.integers(0, 12), st.integers(0, 4), st.integers(0, 3), st.integers(0, 9)),
        min_size=1,
        max_size=4,
    ),
    st.lists(st.tuples(st.integers(0, 25), st.integers(0, 25)), max_size=2),
    st.integers(0, 30),
)
def test_the_sweep_against_every_placement(raw, holes, before):
    """Spans that shrink and grow as they slide, as periods counted in years do at the end of February."""
    assume(len(raw) < 4 or all(width < 3 for _first, width, _jump, _length in raw))

    def end_of(first, jump, length):
        return lambda start: start + length + (1 if start >= first + jump else 0)

    spans = [Span(first, first + width, end_of(first, jump, length)) for first, width, jump, length in raw]
    lost = {ordinal for start, end in holes for ordinal in range(start, end)}
    totals = {
        len(
            {d for span, s in zip(spans, starts, strict=True) for d in range(s, span.end_of(s)) if d < before}
            - lost
        )
        for starts in product(*(range(span.first, span.last + 1) for span in spans))
    }
    assert covered_days(spans, before=before, holes=holes, greatest=False) == min(totals)
    assert covered_days(spans, before=before, holes=holes, greatest=True) == max(totals)


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=5))
def test_merging_is_idempotent_and_order_free(raw):
    once = merged(raw)
    assert merged(once) == once
    assert all(merged(order) == once for order in permutations(raw))
    assert {d for a, b in once for d in range(a, b)} == {d for a, b in raw for d in range(a, b)}
    assert all(before[1] < after[0] for before, after in pairwise(once))


@settings(deadline=None)
@given(support())
def test_periods_count_alike_in_any_order_and_twice(facts):
    chains = list(facts.chains())
    orders = [
        SupportFacts((), tuple(p for chain in order for p in chain.periods)) for order in permutations(chains)
    ]
    assert len({sum_of_support(order, on=ON) for order in orders}) == 1
    exact = all(chain.start.is_exact for chain in chains) and all(p.years for p in facts.periods)
    if exact and not any(period.suspensions for period in facts.periods):
        twice = SupportFacts((), facts.periods + facts.periods)
        assert sum_of_support(twice, on=ON) == sum_of_support(facts, on=ON)


def test_the_ends_of_an_interval_are_not_enough():
    """Three years are shortest for a start between two 29 Februaries, which is neither the first nor the last."""
    facts = SupportFacts((), (SupportPeriod(between("2011-01-01", "2013-12-31"), years=3),))
    assert sum_of_support(facts, on=date(2020, 1, 1)) == Count(date(2020, 1, 1), 1095, 1096)
    ends = [SupportFacts((), (SupportPeriod(day(end), years=3),)) for end in ("2011-01-01", "2013-12-31")]
    assert [sum_of_support(end, on=date(2020, 1, 1)).least for end in ends] == [1096, 1096]
    facts = SupportFacts((), (SupportPeriod(between("2012-03-01", "2013-03-02"), years=3),))
    assert sum_of_support(facts, on=date(2020, 1, 1)) == Count(date(2020, 1, 1), 1095, 1096)


@pytest.mark.parametrize(
    ("periods", "least", "greatest"),
    [
        ([SupportPeriod(day("2010-01-01"), years=2)], 730, 730),
        ([SupportPeriod(day("2010-01-01"), years=2), SupportPeriod(years=1, follows=True)], 1096, 1096),
        ([SupportPeriod(day("2010-01-01"), years=2), SupportPeriod(day("2011-01-01"), years=2)], 1096, 1096),
        ([SupportPeriod(day("2010-01-01"), years=2), SupportPeriod(day("2013-01-01"), years=1)], 1095, 1095),
        ([SupportPeriod(day("2015-03-04"), years=5)], 366, 366),
        ([SupportPeriod(day("2016-03-04"), years=5)], 0, 0),
        ([SupportPeriod(between("2016-03-01", "2016-12-31"), years=5)], 0, 3),
        ([SupportPeriod(day("2010-01-01"))], 0, 2254),
        ([SupportPeriod(day("2010-01-01"), years=2), SupportPeriod(follows=True)], 730, 2254),
        (
            [SupportPeriod(between("2014-01-01", "2014-12-31"), end=between("2014-01-01", "2014-12-31"))],
            0,
            364,
        ),
    ],
)
def test_sums(periods, least, greatest):
    assert sum_of_support(SupportFacts((), tuple(periods)), on=ON) == Count(ON, least, greatest)


def test_a_suspension_is_taken_out_and_kept_within_its_period():
    on = date(2020, 1, 1)
    cut = Suspension(day("2011-03-01"), day("2011-05-01"))
    unlifted = Suspension(day("2011-03-01"))
    later = SupportPeriod(day("2014-01-01"), years=1)
    one = SupportFacts((), (SupportPeriod(day("2010-01-01"), years=2, suspensions=(cut,)), later))
    assert sum_of_support(one, on=on) == Count(on, 730 - 61 + 365, 730 - 61 + 365)
    two = SupportFacts((), (SupportPeriod(day("2010-01-01"), years=2, suspensions=(unlifted,)), later))
    assert sum_of_support(two, on=on) == Count(on, 365 + 59 + 365, 365 + 59 + 365)
    rough = Suspension(between("2011-03-01", "2011-03-31"), between("2011-05-01", "2011-05-31"))
    three = SupportFacts((), (SupportPeriod(day("2010-01-01"), years=2, suspensions=(rough,)),))
    assert sum_of_support(three, on=on) == Count(on, 730 - 91, 730 - 31)


def test_what_is_not_dated_bounds_nothing():
    assert sum_of_support(SupportFacts(), on=ON) is None
    assert sum_of_support(SupportFacts((), (SupportPeriod(years=3),)), on=ON) is None
    facts = SupportFacts((), (SupportPeriod(day("2010-01-01"), years=2), SupportPeriod(years=3)))
    assert sum_of_support(facts, on=ON) == Count(ON, 730, None)


@st.composite
def labels(draw):
    return tuple(
        LabelFact(draw(st.none() | intervals(st.dates(ON - timedelta(days=6), ON + timedelta(days=6)), 4)))
        for _place in range(draw(st.integers(1, 4)))
    )


@given(labels())
def test_the_first_label_has_the_extremes_of_every_combination(facts):
    dated = [days_of(label.on) for label in facts if label.on]
    firsts = {min((d for d in chosen if d < ON), default=None) for chosen in product(*dated)} - {None}
    nothing_before = any(all(d >= ON for d in chosen) for chosen in product(*dated))
    first = first_label(facts, on=ON)
    unknown = any(label.on is None for label in facts)
    if not firsts and not unknown:
        assert first is None
        return
    assert first.may_be_none is (nothing_before and not unknown)
    count = since_first_label(SupportFacts(facts), on=ON)
    if unknown:
        assert first.earliest is None
        assert first.latest == (None if nothing_before else max(firsts))
        assert count is None or count.greatest is None
    else:
        assert (first.earliest, first.latest) == (min(firsts), max(firsts))
        assert count.greatest == (ON - min(firsts)).days
        assert count.least == (0 if nothing_before else (ON - max(firsts)).days)


@pytest.mark.parametrize(
    "period",
    [
        {"start": day("2010-01-01"), "follows": True},
        {"start": day("2010-01-01"), "years": 0},
        {"start": day("2010-01-01"), "years": 3, "end": day("2013-01-01")},
        {"start": day("2010-01-01"), "end": day("2010-01-01")},
    ],
)
def test_a_period_that_makes_no_sense_is_refused(period):
    with pytest.raises(ValueError, match="a period"):
        SupportPeriod(**period)
    with pytest.raises(ValueError, match="follows none"):
        SupportFacts((), (SupportPeriod(follows=True, years=1),))
