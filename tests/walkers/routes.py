"""Every URL that the resolver knows, found by itself, so that what is added later is walked too."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver


@dataclass(frozen=True)
class Route:
    """`arguments`: names of the parts of the path that vary."""

    name: str
    path: str
    arguments: tuple[str, ...]

    @property
    def is_third_party(self) -> bool:
        """allauth's own pages; the portal's have a namespace, or are one of the few of the site."""
        return self.name.startswith(("account_", "mfa_", "usersessions_"))


def routes() -> list[Route]:
    found = list(_walk(get_resolver(), namespace="", path="/"))
    names = [route.name for route in found]
    twice = {name for name in names if names.count(name) > 1}
    assert not twice, f"two URLs share a name: {sorted(twice)}"
    return found


def own_routes() -> list[Route]:
    return [route for route in routes() if not route.is_third_party]


def _walk(resolver: URLResolver, *, namespace: str, path: str) -> Iterator[Route]:
    for entry in resolver.url_patterns:
        here = path + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from _walk(entry, namespace=inner, path=here)
        else:
            assert isinstance(entry, URLPattern)
            assert entry.name, f"{here} has no name"
            yield Route(f"{namespace}{entry.name}", here, tuple(entry.pattern.regex.groupindex))
