"""The real calls and clusters, as published."""

import copy
import json
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.core.management import call_command

from accounts.models import AuditEvent
from applications.actions import reference
from applications.actions.reference import ReferenceDataFault, load_reference_data
from applications.models import Call, Cluster, Deadline, Label, Region, Sector, SupportPeriod
from tests.applications.calls.builders import AT, draft, manager

pytestmark = pytest.mark.django_db


def test_everything_of_the_files_is_loaded():
    loaded = load_reference_data(at=AT)
    clusters = reference.read_file("clusters.json")["clusters"]
    assert (loaded.calls, loaded.clusters) == (4, len(clusters))
    assert Sector.objects.count() == 18
    assert Region.objects.count() == 12
    assert Label.objects.count() == sum(len(one["labels"]) for one in clusters)
    assert SupportPeriod.objects.count() == sum(len(one["support_periods"]) for one in clusters)
    assert not Sector.objects.filter(name_ar="").exists()
    assert not Region.objects.filter(name_ar="").exists()


def test_loading_again_changes_nothing():
    load_reference_data(at=AT)
    before = [
        list(model.objects.order_by("pk").values())
        for model in (Call, Deadline, Cluster, Label, SupportPeriod)
    ]
    load_reference_data(at=AT)
    after = [
        list(model.objects.order_by("pk").values())
        for model in (Call, Deadline, Cluster, Label, SupportPeriod)
    ]
    assert before == after
    assert AuditEvent.objects.filter(verb="call.loaded").count() == 4


@pytest.mark.parametrize(
    ("code", "version", "instant"),
    [
        ("AAP-CL-2020", 1, datetime(2020, 7, 15, 14, tzinfo=UTC)),
        ("AAP-CL-2023", 1, datetime(2023, 5, 19, 14, tzinfo=UTC)),
        ("AAP-CL-2023", 2, datetime(2023, 6, 14, 14, tzinfo=UTC)),
        ("AAP-CL-2024", 1, datetime(2024, 10, 25, 14, tzinfo=UTC)),
        ("AAP-CL-2025", 1, datetime(2025, 7, 24, 14, tzinfo=UTC)),
    ],
)
def test_a_deadline_keeps_its_wall_time_and_its_instant(code, version, instant):
    load_reference_data(at=AT)
    deadline = Deadline.objects.get(call__code=code, version=version)
    assert deadline.closes_at == instant
    assert deadline.wall_time.hour == 15
    assert deadline.zone == "Africa/Casablanca"


def test_the_extension_of_2023_keeps_both_versions_and_the_reason():
    load_reference_data(at=AT)
    first, second = Deadline.objects.filter(call__code="AAP-CL-2023").order_by("version")
    assert (first.kind, first.reason, first.announced_on) == ("initial", "", None)
    assert second.kind == "extension"
    assert second.reason == "Demande des différents acteurs opérant dans les secteurs précités"
    assert second.announced_on == date(2023, 5, 11)


def test_what_was_not_found_stays_empty():
    load_reference_data(at=AT)
    call = Call.objects.get(code="AAP-CL-2020")
    assert (call.tracks, call.opened_on, call.outcome, call.support_count) == ([], None, None, "")
    assert call.attachments == ["Cahier des charges", "Statuts type", "Déclaration sur l'honneur"]


def test_a_support_period_keeps_its_interval_its_amount_and_what_is_assumed():
    load_reference_data(at=AT)
    emc = SupportPeriod.objects.get(cluster__code="EMC")
    assert (emc.earliest_start_on, emc.latest_start_on) == (date(2014, 1, 1), date(2015, 12, 31))
    assert emc.amount_mad_per_year == Decimal(2_000_000)
    assert emc.assumed == ["start"]
    second = SupportPeriod.objects.get(cluster__code="MNC", position=2)
    assert second.follows
    assert second.earliest_start_on is None


def test_a_confirmed_fact_is_left_alone():
    load_reference_data(at=AT)
    label = Label.objects.get(cluster__code="CHTC")
    Label.objects.filter(pk=label.pk).update(
        earliest_on=date(2016, 11, 15),
        latest_on=date(2016, 11, 15),
        confirmed_at=AT,
        confirmed_by=manager(),
        confirmed_from="Contrat signé",
    )
    load_reference_data(at=AT)
    label.refresh_from_db()
    assert label.earliest_on == date(2016, 11, 15)


def test_a_file_whose_instant_contradicts_the_wall_time_is_refused(monkeypatch):
    content = copy.deepcopy(reference.read_file("calls.json"))
    content["calls"][0]["deadlines"][0]["utc"] = "2020-07-15T15:00Z"
    real = reference.read_file
    monkeypatch.setattr(reference, "read_file", lambda name: content if name == "calls.json" else real(name))
    with pytest.raises(ReferenceDataFault, match="the file says 2020-07-15T15:00Z"):
        load_reference_data(at=AT)
    assert not Call.objects.exists()


def test_a_call_of_the_portal_is_never_overwritten():
    draft(manager(), code="AAP-CL-2024")
    with pytest.raises(ReferenceDataFault, match="already a call of this portal"):
        load_reference_data(at=AT)


def test_the_command_loads_and_says_what(capsys):
    call_command("load_reference_data")
    assert "4 appels passés" in capsys.readouterr().out


def test_support_findings_answers_for_every_cluster_and_agrees_with_the_known_acceptances(capsys):
    load_reference_data(at=AT)
    call_command("support_findings", "--call", "AAP-CL-2023", "--format", "json")
    rows = {row["code"]: row for row in json.loads(capsys.readouterr().out)}
    assert len(rows) == Cluster.objects.count()
    assert {code: rows[code]["finding"] for code in ("CE3M", "AHP", "MTI", "ENR")} == {
        "CE3M": "met",
        "AHP": "met",
        "MTI": "not_applicable",
        "ENR": "to_verify",
    }
    assert rows["CE3M"]["reason_fr"]
    assert rows["CE3M"]["reason_ar"]
