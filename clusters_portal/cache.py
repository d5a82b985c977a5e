import logging
from collections.abc import Callable
from typing import Any

from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)


class FailSafeClient(RedisCacheClient):
    """Answers as an empty cache while the server is away: a dead cache must not keep people from logging in.

    Every refusal is logged as an error, because rate limits do not count meanwhile.
    """

    def _safely(self, fallback: Any, call: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        try:
            return call(*args, **kwargs)
        except (RedisError, OSError) as error:
            logger.error(
                "cache unavailable", extra={"operation": call.__name__, "reason": type(error).__name__}
            )
            return fallback

    def add(self, key: str, value: Any, timeout: Any) -> bool:
        # True, as a cache that had not seen the key would say: a rate limit then lets the request through.
        return self._safely(True, super().add, key, value, timeout)

    def get(self, key: str, default: Any) -> Any:
        return self._safely(default, super().get, key, default)

    def set(self, key: str, value: Any, timeout: Any) -> None:
        self._safely(None, super().set, key, value, timeout)

    def touch(self, key: str, timeout: Any) -> bool:
        return self._safely(False, super().touch, key, timeout)

    def delete(self, key: str) -> bool:
        return self._safely(False, super().delete, key)

    def get_many(self, keys: Any) -> dict[str, Any]:
        return self._safely({}, super().get_many, list(keys))

    def has_key(self, key: str) -> bool:
        return self._safely(False, super().has_key, key)

    def incr(self, key: str, delta: int) -> int:
        return self._safely(delta, super().incr, key, delta)

    def set_many(self, data: Any, timeout: Any) -> None:
        self._safely(None, super().set_many, data, timeout)

    def delete_many(self, keys: Any) -> None:
        self._safely(None, super().delete_many, list(keys))

    def clear(self) -> bool:
        return self._safely(False, super().clear)


class FailSafeRedisCache(RedisCache):
    def __init__(self, server: Any, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = FailSafeClient
