"""The tone (colour and icon) in which `components/status.html` shows a state."""

from django import template

from applications.enums import ApplicationStatus, CallPhase, Finding, SectionState

register = template.Library()

TONES = {
    Finding.MET.value: "positive",
    Finding.NOT_MET.value: "negative",
    Finding.TO_VERIFY.value: "waiting",
    CallPhase.OPEN.value: "active",
    CallPhase.AWAITING_CLOSING.value: "waiting",
    CallPhase.PUBLISHED.value: "positive",
    CallPhase.CANCELLED.value: "negative",
    ApplicationStatus.SUBMITTED.value: "positive",
    ApplicationStatus.ADMISSIBLE.value: "positive",
    ApplicationStatus.INADMISSIBLE.value: "negative",
    ApplicationStatus.IN_INSTRUCTION.value: "active",
    ApplicationStatus.IN_EVALUATION.value: "active",
    SectionState.COMPLETE.value: "positive",
    SectionState.IN_PROGRESS.value: "active",
}


@register.filter
def tone(state: str) -> str:
    """positive, active, waiting, negative, or neutral for whatever is not listed."""
    return TONES.get(str(state), "neutral")
