"""A result kept in the cache in parts, so that a request reads only the parts that it shows."""

from collections.abc import Callable
from typing import Any

from django.core.cache import cache

Parts = dict[str, Any]
KEPT_SECONDS = 24 * 3600


class Kept:
    """The parts under one key, each built with all the others where it is missing.

    What was built is kept only if `still()`: what it was built from has not changed meanwhile. A cache that does not
    answer costs one building, nothing else.
    """

    def __init__(self, key: str, *, build: Callable[[], Parts], still: Callable[[], bool]) -> None:
        self._key, self._build, self._still = key, build, still
        self._built: Parts | None = None

    def __getitem__(self, name: str) -> Any:
        if self._built is None:
            found = cache.get(f"{self._key}:{name}")
            if found is not None:
                return found
            self._built = self._build()
            if self._still():
                cache.set_many(
                    {f"{self._key}:{part}": value for part, value in self._built.items()}, KEPT_SECONDS
                )
        return self._built[name]
