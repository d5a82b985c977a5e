import copy
import json
from datetime import date

import pytest

from applications.domain.register import (
    InvalidRegister,
    RegisterFault,
    calls_not_counting,
    finding_row,
    lineage,
    parse_register,
    support_facts_of,
)
from applications.domain.support_years import SupportSettings, judge_support
from applications.domain.years import DateInterval
from applications.enums import ClusterState, SupportCount


@pytest.fixture
def clusters(clusters_data):
    return {cluster.code: cluster for cluster in parse_register(clusters_data)}


@pytest.fixture
def first_deadlines(calls_data):
    return {
        call["code"]: date.fromisoformat(call["deadlines"][0]["local"][:10]) for call in calls_data["calls"]
    }


def findings(clusters, first_deadlines, code, on=None, count=SupportCount.SINCE_FIRST_LABEL):
    rows = {}
    for cluster in clusters.values():
        found = judge_support(
            support_facts_of(cluster.code, clusters),
            on=on or first_deadlines[code],
            settings=SupportSettings(count),
            not_counting=calls_not_counting(code, first_deadlines),
        )
        rows[cluster.code] = finding_row(cluster.code, cluster.name, found)
    return rows


def by_finding(rows):
    result = {}
    for code, row in rows.items():
        result.setdefault(row["finding"], set()).add(code)
    return result


UNKNOWN = {"ENR", "AMC", "AGRINOVA", "VALBIOM", "MMI"}
OLD = {"MNC", "MCM", "CE3M", "OCEANOPOLE", "AHP", "C2TM"}


def test_the_call_of_2023(clusters, first_deadlines):
    assert by_finding(findings(clusters, first_deadlines, "AAP-CL-2023")) == {
        "met": OLD,
        "not_met": {"CHTC", "CISE"},
        "to_verify": UNKNOWN | {"MDFC", "MENARA", "EMC"},
        "not_applicable": {"MTI", "GREENH2", "COER", "CINM", "MTA"},
    }


def test_the_call_of_2024(clusters, first_deadlines):
    rows = findings(clusters, first_deadlines, "AAP-CL-2024")
    assert by_finding(rows) == {
        "met": OLD | {"MDFC", "MENARA", "EMC"},
        "not_met": {"CHTC", "CISE", "MTI", "GREENH2", "COER"},
        "to_verify": UNKNOWN,
        "not_applicable": {"CINM", "MTA"},
    }
    assert rows["CHTC"]["years_since_first_label"] == {"min": 7.9, "max": 7.95}


def test_only_the_count_since_the_first_label_agrees_with_the_acceptances(clusters, first_deadlines):
    for code, accepted in [("AAP-CL-2023", {"CE3M", "AHP"}), ("AAP-CL-2024", {"MENARA"})]:
        since = by_finding(findings(clusters, first_deadlines, code))
        total = by_finding(findings(clusters, first_deadlines, code, count=SupportCount.SUM_OF_SUPPORT))
        assert accepted <= since["met"]
        assert accepted <= total["not_met"]


def test_rows_are_plain_json(clusters, first_deadlines):
    rows = findings(clusters, first_deadlines, "AAP-CL-2023")
    assert json.loads(json.dumps(list(rows.values()))) == list(rows.values())
    ce3m = rows["CE3M"]
    assert ce3m["years_since_first_label"] == {"min": 11.38, "max": 12.24}
    assert ce3m["support_years"] == {"min": 5.0, "max": 5.0}
    assert (
        rows["ENR"]["support_years"] == rows["ENR"]["years_since_first_label"] == {"min": None, "max": None}
    )
    assert rows["MTI"]["years_since_first_label"] == {"min": None, "max": None}
    assert rows["MTI"]["support_years"] == {"min": 0.0, "max": 0.0}


def test_another_day_replaces_the_reference_only(clusters, first_deadlines):
    late = findings(clusters, first_deadlines, "AAP-CL-2023", on=date(2026, 11, 27))
    assert {code for code, row in late.items() if row["finding"] == "not_applicable"} == {
        "MTI",
        "GREENH2",
        "COER",
        "CINM",
        "MTA",
    }
    assert late["CE3M"]["support_years"] == {"min": 5.0, "max": 5.0}


def test_periods_carry_out_the_label_they_follow(clusters):
    assert [period.fact.call for period in clusters["CE3M"].periods] == ["", "", "AAP-CL-2023"]
    assert [period.fact.call for period in clusters["MENARA"].periods] == ["", "AAP-CL-2024"]
    assert [period.fact.call for period in clusters["MTA"].periods] == ["AAP-CL-2025"]


def test_calls_that_do_not_count(first_deadlines):
    assert calls_not_counting("AAP-CL-2024", first_deadlines) == {"AAP-CL-2024", "AAP-CL-2025"}
    assert calls_not_counting("AAP-CL-2030", first_deadlines) == {"AAP-CL-2030"}


def test_the_register_is_read_as_it_is(clusters):
    assert len(clusters) == 21
    enr = clusters["ENR"]
    assert (enr.name, enr.aliases, enr.renamed_on) == ("Cluster ENR", ("Cluster Solaire",), date(2022, 6, 30))
    assert enr.labels[0].on is None
    assert enr.labels[0].provenance.assumed == ("labelled",)
    assert clusters["OCEANOPOLE"].state is ClusterState.DORMANT
    assert clusters["COER"].sector == ""
    chtc = clusters["CHTC"].periods[0]
    assert chtc.amount_mad_per_year == 2_000_000
    assert chtc.fact.provenance.source == "label de mi-novembre 2016"
    assert clusters["GREENH2"].periods[0].signed_on == date(2023, 12, 22)
    assert not any(label.provenance.confirmed for cluster in clusters.values() for label in cluster.labels)


def entry(code, first="2011-03-01", years=3, **more):
    return {
        "code": code,
        "name": f"Cluster {code}",
        "labels": [{"on": [first, first]}],
        "support_periods": [{"start": [first, first], "years": years}],
        **more,
    }


def answer_of(code, entries, on, count):
    clusters = {cluster.code: cluster for cluster in parse_register({"clusters": entries})}
    return judge_support(support_facts_of(code, clusters), on=on, settings=SupportSettings(count))


def test_a_renamed_cluster_keeps_its_years():
    bare = entry("B", labels=[], support_periods=[])
    on = date(2023, 5, 19)
    assert answer_of("B", [bare], on, SupportCount.SINCE_FIRST_LABEL).finding == "not_applicable"
    linked = [entry("A"), {**bare, "predecessors": ["A"]}]
    assert answer_of("B", linked, on, SupportCount.SINCE_FIRST_LABEL).finding == "met"


def test_a_merger_counts_each_day_once():
    entries = [
        entry("A", "2010-01-01", years=5),
        entry("B", "2012-01-01", years=5),
        entry("C", "2017-01-01", years=5, predecessors=["A", "B"]),
    ]
    found = answer_of("C", entries, date(2018, 1, 1), SupportCount.SUM_OF_SUPPORT)
    assert found.finding == "not_met"
    assert found.sum_of_support.least == (date(2018, 1, 1) - date(2010, 1, 1)).days
    assert answer_of("C", entries, date(2018, 1, 2), SupportCount.SUM_OF_SUPPORT).finding == "met"


def test_a_predecessors_chain_stays_its_own():
    entries = [entry("A"), entry("B", "2016-01-01", predecessors=["A"])]
    entries[1]["support_periods"].append({"follows": True, "years": 2})
    clusters = {cluster.code: cluster for cluster in parse_register({"clusters": entries})}
    facts = support_facts_of("B", clusters)
    assert [[period.cluster for period in chain.periods] for chain in facts.chains()] == [["B", "B"], ["A"]]


def test_lineage_survives_a_cycle():
    assert lineage("A", {"A": ["B"], "B": ["C", "A"], "C": ["A"]}) == ("A", "B", "C")


def test_suspensions_are_read():
    raw = entry("A", years=3)
    raw["support_periods"][0]["suspensions"] = [{"start": ["2012-01-01", "2012-01-01"], "end": None}]
    period = parse_register({"clusters": [raw]})[0].periods[0].fact
    assert period.suspensions[0].start == DateInterval.on(date(2012, 1, 1))
    assert period.suspensions[0].end is None


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"code": "A"}, RegisterFault.DUPLICATE_CODE),
        ({"predecessors": ["X"]}, RegisterFault.UNKNOWN_PREDECESSOR),
        ({"predecessors": ["B"]}, RegisterFault.CYCLE),
        ({"labels": [{"on": ["2011-03-02", "2011-03-01"]}]}, RegisterFault.MALFORMED),
        ({"labels": [{"on": ["mars 2011", "2011-03-01"]}]}, RegisterFault.MALFORMED),
        ({"labels": None}, RegisterFault.MALFORMED),
        ({"name": ""}, RegisterFault.MALFORMED),
        ({"name": 3}, RegisterFault.MALFORMED),
        ({"state": "gone"}, RegisterFault.MALFORMED),
        ({"support_periods": [{"follows": True, "years": 1}]}, RegisterFault.MALFORMED),
        ({"support_periods": [{"start": ["2011-03-01", "2011-03-01"], "years": 0}]}, RegisterFault.MALFORMED),
        ({"support_periods": ["2011"]}, RegisterFault.MALFORMED),
    ],
)
def test_a_faulty_register_is_refused_with_the_entry(change, fault):
    entries = [entry("A"), copy.deepcopy({**entry("B"), **change})]
    with pytest.raises(InvalidRegister) as refused:
        parse_register({"clusters": entries})
    assert refused.value.code is fault
    assert refused.value.cluster == entries[1]["code"]


def test_two_clusters_cannot_precede_each_other():
    with pytest.raises(InvalidRegister) as refused:
        parse_register({"clusters": [entry("A", predecessors=["B"]), entry("B", predecessors=["A"])]})
    assert refused.value.code is RegisterFault.CYCLE


def test_an_entry_that_is_not_one_is_named_by_its_place():
    with pytest.raises(InvalidRegister) as refused:
        parse_register({"clusters": [entry("A"), 3]})
    assert (refused.value.code, refused.value.cluster) == (RegisterFault.MALFORMED, "#2")
