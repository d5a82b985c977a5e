"""Writes docs/model.md from the models and the tables of transitions; `make model` runs it."""

from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand

from applications.domain.lifecycle import CALL_TRANSITIONS, TRANSITIONS
from applications.enums import ApplicationStatus, CallStatus
from clusters_portal.model_diagrams import entity_diagram, enums_of, model_text, own_models, state_diagram

DOCUMENT = settings.BASE_DIR / "docs" / "model.md"
APPS = ("accounts", "applications", "evaluation")
HEAD = """\
# The model

Printed from the code by `make model`; a test fails when the code and this file differ, so change the code and print
it again. Codes are listed in each app's `enums.py`; the words people read are in the [glossary](glossary.md).

In the diagrams `A ||--o{ B` reads "each B has one A, an A any number of B"; `|o` means that it may be missing. Only
keys and codes are drawn. References that say who acted (`signed_by`, `uploaded_by`, …) are left to the lists of
fields. A *day* is a date of the calendar, an *instant* a point in time kept in UTC."""
LIVES = """\
## Two lives

The status of a call is what acts have made of it. Whether it takes dossiers is not a status: it follows from the clock
and the deadline in force ([ADR 1](adr/0001-openness-is-derived.md))."""


def document() -> str:
    """The whole of docs/model.md."""
    configs = [apps.get_app_config(label) for label in APPS]
    enums = enums_of(configs)
    parts = [
        HEAD,
        LIVES,
        "### A call",
        state_diagram(CALL_TRANSITIONS, first=CallStatus.DRAFT),
        "### An application",
        state_diagram(TRANSITIONS, first=ApplicationStatus.DRAFT),
    ]
    for config in configs:
        parts += [f"## {config.label}", entity_diagram(config, enums=enums)]
        parts += [model_text(model, enums=enums) for model in own_models(config)]
    return "\n\n".join(parts) + "\n"


class Command(BaseCommand):
    help = "Writes docs/model.md: the diagram of each app, drawn from its models."

    def handle(self, *args: Any, **options: Any) -> None:
        DOCUMENT.write_text(document())
        self.stdout.write(f"{DOCUMENT.relative_to(settings.BASE_DIR)} written")
