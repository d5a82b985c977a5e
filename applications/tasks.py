"""Handlers of the outbox for this app. Each takes a key, can run twice, and does one thing."""

from typing import Any

from applications.actions import receipts
from applications.actions.closing import render_record
from clusters_portal import clock


def render_closing_record(key: str, payload: dict[str, Any]) -> None:
    render_record(int(key), at=clock.now())


def render_receipt(key: str, payload: dict[str, Any]) -> None:
    receipts.render(key, at=clock.now())
