"""The tone in which `components/status.html` shows an outcome."""

from django import template

from evaluation.enums import Outcome

register = template.Library()

TONES = {Outcome.LABELLED.value: "positive", Outcome.RESERVE.value: "waiting"}


@register.filter
def outcome_tone(outcome: str) -> str:
    return TONES.get(outcome, "neutral")
