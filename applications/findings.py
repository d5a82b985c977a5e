"""Rules applied to a sealed submission: the snapshot, the register and the call's settings become findings."""

from applications.models import Application


def line_findings(application: Application) -> list:
    """Every line of the checklist, in order."""
    from applications.domain import eligibility

    raise ImportError(eligibility)
