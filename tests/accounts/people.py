"""Fictional people for the tests of this layer."""

from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from accounts.actions import roles
from accounts.enums import Role
from accounts.models import User

AT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
TODAY = date(2026, 11, 20)
_numbers = count(1)


def make_user(**extra: Any) -> User:
    number = next(_numbers)
    values = {
        "email": f"personne{number}@demo.example",
        "full_name": f"Personne Démonstration {number}",
        **extra,
    }
    return User.objects.create_user(**values)


def make_staff(*granted: Role, **extra: Any) -> User:
    user = make_user(**extra)
    for role in granted:
        roles.grant_role(user, role, by=None, at=AT, starts_on=date(2026, 1, 1), notify=False)
    return user
