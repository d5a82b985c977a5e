"""Pure tests: the project's pinned zone data, whatever the host has."""

import json
import zoneinfo
from pathlib import Path

import pytest

zoneinfo.reset_tzpath(to=[])
zoneinfo.ZoneInfo.clear_cache()

DATA = Path(__file__).resolve().parents[3] / "applications" / "data"


@pytest.fixture(scope="session")
def calls_data() -> dict:
    return json.loads((DATA / "calls.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def clusters_data() -> dict:
    return json.loads((DATA / "clusters.json").read_text(encoding="utf-8"))
