"""Loads the real calls and clusters as published. Idempotent; what a person has confirmed is left alone."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import tzdata
from django.db import transaction
from django.utils.text import slugify

from accounts import audit
from applications.domain.deadlines import resolve_wall_time
from applications.enums import CallStatus, ClusterState, DeadlineKind
from applications.models import Call, Cluster, Deadline, Label, Region, Sector, SupportPeriod

DATA = Path(__file__).resolve().parent.parent / "data"


class ReferenceDataFault(Exception):
    """The file contradicts itself, or the database holds something else under the same code."""


@dataclass(frozen=True)
class Loaded:
    calls: int
    clusters: int


def read_file(name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((DATA / name).read_text(encoding="utf-8"))
    return content


@transaction.atomic
def load_reference_data(*, at: datetime) -> Loaded:
    """Sectors, regions, the past calls with every deadline version, and the register. Raises `ReferenceDataFault`."""
    calls, clusters, arabic = (
        read_file(name) for name in ("calls.json", "clusters.json", "arabic_names.json")
    )
    _load_lists(calls, arabic)
    for entry in calls["calls"]:
        _load_call(entry, zone=calls["timezone"], at=at)
    known_calls = {call.code: call for call in Call.objects.filter(is_historical=True)}
    sectors = {sector.name_fr: sector for sector in Sector.objects.all()}
    for entry in clusters["clusters"]:
        _load_cluster(entry, sectors=sectors, calls=known_calls)
    return Loaded(calls=len(calls["calls"]), clusters=len(clusters["clusters"]))


def _load_lists(calls: Mapping[str, Any], arabic: Mapping[str, Any]) -> None:
    for position, name in enumerate(calls["sectors"]):
        Sector.objects.update_or_create(
            code=slugify(name),
            defaults={"name_fr": name, "name_ar": arabic["sectors"].get(name, ""), "position": position},
        )
    for code, name in calls["regions"]:
        Region.objects.update_or_create(
            code=code, defaults={"name_fr": name, "name_ar": arabic["regions"].get(code, "")}
        )


def _load_call(entry: Mapping[str, Any], *, zone: str, at: datetime) -> None:
    rule = entry.get("support_rule") or {}
    values = {
        "year": entry["year"],
        "title_fr": entry["title"],
        "opened_on": _day(entry["opened_on"]),
        "tracks": entry.get("tracks", []),
        "support_years": rule.get("years", 8),
        "support_count": rule.get("decided_by", ""),
        "support_reference": rule.get("reference", ""),
        "attachments": entry.get("attachments", []),
        "claims": entry.get("claims", []),
        "outcome": entry["outcome"],
        "assumed": [*entry.get("assumed", []), *(f"support_rule.{name}" for name in rule.get("assumed", []))],
        "source": entry["source"],
    }
    call, created = Call.objects.get_or_create(
        code=entry["code"],
        defaults=values | {"is_historical": True, "status": CallStatus.ARCHIVED, "created_at": at},
    )
    if not call.is_historical:
        raise ReferenceDataFault(f"{call.code} is already a call of this portal")
    if not created:
        Call.objects.filter(pk=call.pk).update(**values)
    for version in entry["deadlines"]:
        _load_deadline(call, version, zone=zone)
    if created:
        audit.record("call.loaded", by=None, at=at, subject=call, call_code=call.code)


def _load_deadline(call: Call, entry: Mapping[str, Any], *, zone: str) -> None:
    """The published wall time wins; the instant computed from it must be the one that the file states."""
    wall = datetime.fromisoformat(entry["local"])
    closes_at = resolve_wall_time(wall.date(), wall.time(), zone=zone)
    stated = datetime.fromisoformat(entry["utc"].replace("Z", "+00:00")).astimezone(UTC)
    if closes_at != stated:
        raise ReferenceDataFault(
            f"{call.code} version {entry['version']}: {entry['local']} in {zone} is {closes_at.isoformat()}, "
            f"the file says {entry['utc']}"
        )
    Deadline.objects.update_or_create(
        call=call,
        version=entry["version"],
        defaults={
            "kind": DeadlineKind.INITIAL if entry["version"] == 1 else DeadlineKind.EXTENSION,
            "wall_on": wall.date(),
            "wall_time": wall.time(),
            "zone": zone,
            "closes_at": closes_at,
            "tzdata_version": tzdata.IANA_VERSION,
            "reason": entry.get("reason", ""),
            "announced_on": _day(entry.get("announced_on")),
        },
    )


def _load_cluster(
    entry: Mapping[str, Any], *, sectors: Mapping[str, Sector], calls: Mapping[str, Call]
) -> None:
    if entry["sector"] is not None and entry["sector"] not in sectors:
        raise ReferenceDataFault(f"{entry['code']}: unknown sector {entry['sector']!r}")
    cluster, _ = Cluster.objects.update_or_create(
        code=entry["code"],
        defaults={
            "name": entry["name"],
            "aliases": entry["aliases"],
            "sector": sectors[entry["sector"]] if entry["sector"] else None,
            "region_id": entry.get("region"),
            "city": entry.get("city", ""),
            "state": entry.get("state", ClusterState.UNKNOWN),
            "renamed_on": _day(entry.get("renamed_on")),
            "note": entry.get("note", ""),
            "assumed": entry.get("assumed", []),
        },
    )
    for position, label in enumerate(entry["labels"], start=1):
        _load_label(cluster, position, label, calls=calls)
    for position, period in enumerate(entry["support_periods"], start=1):
        _load_period(cluster, position, period)


def _load_label(
    cluster: Cluster, position: int, entry: Mapping[str, Any], *, calls: Mapping[str, Call]
) -> None:
    call = calls[entry["call"]] if "call" in entry else None
    values = {
        **_interval(entry["on"], "earliest_on", "latest_on"),
        "call": call,
        "source": entry.get("source", call.source if call else ""),
        "assumed": entry.get("assumed", []),
    }
    _keep_confirmed(Label, cluster, position, values)


def _load_period(cluster: Cluster, position: int, entry: Mapping[str, Any]) -> None:
    amount = entry.get("amount_mad_per_year")
    values = {
        **_interval(entry.get("start"), "earliest_start_on", "latest_start_on"),
        "follows": entry.get("follows", False),
        "years": entry["years"],
        "signed_on": _day(entry.get("signed_on")),
        "amount_mad_per_year": Decimal(amount) if amount is not None else None,
        "suspensions": entry.get("suspensions", []),
        "source": entry.get("source", ""),
        "assumed": entry.get("assumed", []),
    }
    _keep_confirmed(SupportPeriod, cluster, position, values)


def _keep_confirmed(
    model: type[Label] | type[SupportPeriod], cluster: Cluster, position: int, values: dict[str, Any]
) -> None:
    row, created = model.objects.get_or_create(cluster=cluster, position=position, defaults=values)
    if not created and not row.is_confirmed:
        model.objects.filter(pk=row.pk).update(**values)


def _interval(ends: list[str] | None, earliest: str, latest: str) -> dict[str, date | None]:
    if ends is None:
        return {earliest: None, latest: None}
    return {earliest: _day(ends[0]), latest: _day(ends[1])}


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
