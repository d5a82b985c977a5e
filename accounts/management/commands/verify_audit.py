import json
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts import audit


class Command(BaseCommand):
    help = (
        "Recomputes the audit trail's digests and prints the last one of each chain as JSON. "
        "Keep that output elsewhere: --against compares with it and so shows a chain that was cut short."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--against", type=Path, help="an earlier output of this command")

    def handle(self, *, against: Path | str | None, **_: Any) -> None:
        faults = audit.verify_chain()
        if against:
            try:
                known = [audit.Head(**row) for row in json.loads(Path(against).read_text(encoding="utf-8"))]
            except (OSError, ValueError, TypeError) as error:
                raise CommandError("--against is not an output of this command") from error
            faults += audit.verify_heads(known)
        if faults:
            raise CommandError("\n".join(faults))
        self.stdout.write(json.dumps([asdict(head) for head in audit.heads()], indent=1))
