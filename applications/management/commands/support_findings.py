import json
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from applications.actions.register_findings import register_answers
from applications.domain.register import finding_row
from applications.domain.support_years import SupportSettings
from applications.enums import SupportCount
from applications.models import Call
from applications.register_facts import labels_not_counting, reference_day

WARNING = "Exercice sur sources publiques, sans valeur administrative."


def _day(text: str) -> date:
    return date.fromisoformat(text)


class Command(BaseCommand):
    help = "Asks the 8-year rule of a call of every cluster of the register. " + WARNING

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--call", required=True, help="code of the call, such as AAP-CL-2023")
        parser.add_argument("--on", type=_day, help="reads the rule on this day instead: YYYY-MM-DD")
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        call = Call.objects.with_deadlines().filter(code=options["call"]).first()
        if call is None:
            raise CommandError(f"Aucun appel ne porte le code {options['call']}.")
        if not (call.support_count and call.support_reference):
            raise CommandError(f"L'appel {call.code} n'a pas de règle d'ancienneté du soutien.")
        on = options["on"] or reference_day(call)
        if on is None:
            raise CommandError(f"La date de référence de l'appel {call.code} n'est pas connue : donnez --on.")
        settings = SupportSettings(SupportCount(call.support_count), call.support_years)
        found = register_answers(on=on, settings=[settings], not_counting=labels_not_counting(call))
        rows = [finding_row(one.cluster.code, one.cluster.name, one.answers[0]) for one in found]
        self.stderr.write(WARNING)
        if options["format"] == "json":
            self.stdout.write(json.dumps(rows, ensure_ascii=False, indent=2))
            return
        self.stdout.write(f"{call.code}, au {on:%d/%m/%Y}")
        for row in rows:
            self.stdout.write(f"{row['code']:<11}{row['finding']:<16}{row['reason_fr']}")
