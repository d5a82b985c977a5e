"""Every verb that an action records has its words for the trail."""

import re
from pathlib import Path

from accounts.verbs import all_labels
from applications.enums import ApplicationStatus, CallStatus

ROOT = Path(__file__).parent.parent
RECORDED = re.compile(r"""(?:record|_record)\(\s*(?:[a-z]+,\s*)?"([a-z_]+\.[a-z_]+)\"""")


def recorded_verbs() -> set[str]:
    verbs = {f"call.{status.value}" for status in CallStatus if status != CallStatus.DRAFT}
    verbs |= {
        f"application.{status.value}" for status in ApplicationStatus if status != ApplicationStatus.DRAFT
    }
    for folder in ("accounts", "applications", "evaluation"):
        for path in (ROOT / folder).rglob("*.py"):
            verbs |= set(RECORDED.findall(path.read_text("utf-8")))
    return verbs


def test_every_recorded_verb_has_words() -> None:
    found = recorded_verbs()
    assert {"decision.signed", "check.answered", "document.added"} <= found
    assert found - set(all_labels()) == set()
