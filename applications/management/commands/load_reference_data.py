from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from applications.actions.reference import ReferenceDataFault, load_reference_data
from clusters_portal import clock


class Command(BaseCommand):
    help = (
        "Loads the real past calls, the sectors, the regions and the register. Can be run again at any time."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with transaction.atomic():
                loaded = load_reference_data(at=clock.now())
        except ReferenceDataFault as fault:
            raise CommandError(str(fault)) from fault
        self.stdout.write(f"{loaded.calls} appels passés, {loaded.clusters} clusters du registre")
