from pathlib import Path

import pytest
from django.conf import settings
from django.test import override_settings
from django.urls import reverse

from clusters_portal.cache import FailSafeRedisCache
from clusters_portal.settings.base import cache as cache_settings


@pytest.fixture
def dead(tmp_path: Path) -> FailSafeRedisCache:
    return FailSafeRedisCache(f"unix://{tmp_path}/nobody.sock?db=0", {})


@pytest.fixture
def living():
    cache = FailSafeRedisCache(settings.TEST_REDIS_URL, {})
    cache.clear()
    yield cache
    cache.clear()
    cache.close()


def test_a_dead_server_is_an_empty_cache(dead, caplog):
    dead.set("a", 1)
    assert dead.get("a") is None
    assert dead.get("a", "other") == "other"
    assert dead.get_many(["a", "b"]) == {}
    assert dead.add("a", 1) is True
    assert dead.incr("a", 2) == 2
    assert ("a" in dead, dead.touch("a"), dead.delete("a")) == (False, False, False)
    dead.set_many({"a": 1})
    dead.delete_many(["a"])
    dead.clear()
    assert {record.message for record in caplog.records} == {"cache unavailable"}
    assert caplog.records[0].reason == "ConnectionError"


def test_a_living_server_is_a_cache(living):
    living.set("a", 1)
    assert (living.get("a"), living.add("a", 2), living.incr("a", 4)) == (1, False, 5)
    living.set_many({"b": 2, "c": 3})
    living.delete("b")
    assert living.get_many(["a", "b", "c"]) == {"a": 5, "c": 3}
    with pytest.raises(ValueError, match="not found"):
        living.incr("absent")


@pytest.mark.django_db
def test_people_log_in_while_the_cache_is_away(client, tmp_path):
    with override_settings(CACHES=cache_settings(f"unix://{tmp_path}/nobody.sock?db=0")):
        answer = client.post(reverse("account_login"), {"login": "someone@demo.example", "password": "wrong"})
    assert answer.status_code == 200
