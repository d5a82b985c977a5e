"""Handlers of the outbox for this app. Each takes a key, can run twice, and does one thing."""

from typing import Any

from clusters_portal import clock
from evaluation.actions import letters, minutes


def render_letter(key: str, payload: dict[str, Any]) -> None:
    letters.render_letter(key, at=clock.now())


def render_minutes(key: str, payload: dict[str, Any]) -> None:
    minutes.render_minutes(key, at=clock.now())
