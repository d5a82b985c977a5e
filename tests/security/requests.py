"""Asking the portal, undone, and seeing what a refused request left behind."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from django.db import connection
from django.http import HttpResponseBase
from django.test import Client

from tests.savepoints import rows_written, undone
from tests.walkers.world import World

TOKEN = "a" * 32
FORM = "application/x-www-form-urlencoded"


def contents() -> dict[str, tuple[int, int]]:
    """Each table's number of rows and a sum that changes with any of its cells."""
    tables = connection.introspection.table_names()
    union = " UNION ALL ".join(
        f"SELECT '{table}', count(*), coalesce(sum(hashtext(t::text)), 0) FROM \"{table}\" t"
        for table in sorted(tables)
    )
    with connection.cursor() as cursor:
        cursor.execute(union)
        return {name: (count, total) for name, count, total in cursor.fetchall()}


def holding(text: str) -> set[str]:
    """The tables with a row in which this text stands; the audit's and the sessions' included."""
    tables = sorted(connection.introspection.table_names())
    union = " UNION ALL ".join(
        f"SELECT '{table}' WHERE EXISTS (SELECT FROM \"{table}\" t WHERE strpos(t::text, %s) > 0)"
        for table in tables
    )
    with connection.cursor() as cursor:
        cursor.execute(union, [text] * len(tables))
        return {name for (name,) in cursor.fetchall()}


@dataclass
class Answer:
    status: int
    body: bytes
    response: HttpResponseBase
    changed: frozenset[str] = frozenset()

    @property
    def text(self) -> str:
        return self.body.decode()


class Reader:
    """A browser of one role, with its CSRF token. An exception in the portal is raised here, with its trace."""

    def __init__(self, world: World, role: str, *, language: str = "fr") -> None:
        self.client = Client(enforce_csrf_checks=True, raise_request_exception=False)
        if world.people[role] is not None:
            self.client.force_login(world.people[role])
        self.client.cookies["csrftoken"] = TOKEN
        self.client.cookies["django_language"] = language

    def get(self, url: str, **headers: str) -> Answer:
        return _answer(self.client.get(url, headers=headers))

    def post(
        self,
        url: str,
        body: bytes,
        content_type: str = FORM,
        *,
        then: Callable[[Answer], None] = lambda answer: None,
        **headers: str,
    ) -> Answer:
        """Undone. `changed` names the tables that a refused request changed all the same; `then` still sees it all."""
        with undone():
            before, start = known_contents(), rows_written()
            response = self.client.generic(
                "POST", url, body, content_type=content_type, headers={"X-CSRFToken": TOKEN, **headers}
            )
            answer = _answer(response)
            if 400 <= answer.status < 500 and rows_written() != start:
                after = contents()
                answer.changed = frozenset(name for name in after if after[name] != before[name])
            then(answer)
            return answer


@cache
def known_contents() -> dict[str, tuple[int, int]]:
    """The world's contents, reckoned once, since every request is undone; `cache_clear` when the world changes."""
    return contents()


def _answer(response: HttpResponseBase) -> Answer:
    body = response.getvalue() if response.streaming else response.content
    return Answer(response.status_code, body, response)
