"""Builds a rehearsal of a call with fictional people and dossiers; `docs/demonstration.md` describes it."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts import outbox
from accounts.models import User
from applications.models import Call
from clusters_portal import clock
from evaluation.demonstration.build import build_demo
from evaluation.demonstration.people import CHAIR, DOMAIN, EDITOR, PASSWORD, STAFF, address
from evaluation.demonstration.phases import Phase

# What a first `make run` finds: a call to apply to, a jury at work, published results.
DEFAULT_SET = ((Phase.PUBLISHED, 8, 5, 1), (Phase.EVALUATION, 12, 5, 2), (Phase.OPEN, 6, 5, 3))


class Command(BaseCommand):
    help = (
        "Builds a demonstration call with fictional dossiers, through the acts themselves, at past instants."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dossiers", type=int, default=40)
        parser.add_argument("--jurors", type=int, default=7, help="besides the chair")
        parser.add_argument(
            "--phase", choices=[phase.value for phase in Phase], default=Phase.EVALUATION.value
        )
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--no-drain", action="store_true", help="leave the PDFs to a worker")
        parser.add_argument(
            "--ensure",
            action="store_true",
            help="build the default calls if the database has no user, then print the accounts either way",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMONSTRATION:
            raise CommandError("This database is not a demonstration: PORTAL_DEMONSTRATION is not set.")
        if options["ensure"]:
            self._ensure()
            return
        if User.objects.filter(is_demonstration=False).exists():
            raise CommandError("This database has accounts of real people: no demonstration is built in it.")
        if options["dossiers"] < 0 or options["jurors"] < 1:
            raise CommandError(
                "A demonstration takes at least one juror, and no negative number of dossiers."
            )
        demo = build_demo(
            dossiers=options["dossiers"],
            jurors=options["jurors"],
            phase=options["phase"],
            seed=options["seed"],
            at=clock.now(),
        )
        if not options["no_drain"]:
            outbox.drain()
        self._print_accounts()
        self.stdout.write(demo.call.code)

    def _ensure(self) -> None:
        if not User.objects.exists():
            for phase, dossiers, jurors, seed in DEFAULT_SET:
                build_demo(dossiers=dossiers, jurors=jurors, phase=phase, seed=seed, at=clock.now())
        self._print_accounts()

    def _print_accounts(self) -> None:
        known = set(User.objects.filter(is_demonstration=True).values_list("email", flat=True))
        if not known:
            return
        rows = [(one.label, address(one.key)) for one in (*STAFF, CHAIR, EDITOR) if address(one.key) in known]
        for label, key in (("Membres du jury", "jure"), ("Porteurs de dossier", "porteur")):
            count = sum(email.startswith(key) and email.endswith(f"@{DOMAIN}") for email in known)
            if count:
                rows.append(
                    (label, address(f"{key}1") + (f" … {address(f'{key}{count}')}" if count > 1 else ""))
                )
        width = max(len(label) for label, _address in rows)
        self.stdout.write(f"Comptes de démonstration (mot de passe commun : {PASSWORD})")
        for label, shown in rows:
            self.stdout.write(f"  {label:<{width}}  {shown}")
        now = clock.now()
        calls = Call.objects.filter(is_demonstration=True).with_deadlines().order_by("created_at")
        for call in calls:
            self.stdout.write(f"  Appel {call.code} : {call.phase(at=now).label}")
