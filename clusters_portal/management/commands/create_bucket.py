import time
from argparse import ArgumentParser
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from django.core.management.base import BaseCommand, CommandError

from clusters_portal.storage import private_storage


class Command(BaseCommand):
    help = "Creates the private bucket that the settings name, if it does not exist yet."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--wait", type=float, default=0.0, help="seconds to wait for the storage to answer"
        )

    def handle(self, *, wait: float, **_: Any) -> None:
        storage = private_storage()
        if not hasattr(storage, "bucket_name"):
            raise CommandError(
                "the private files are in a folder (PORTAL_STORAGE=local); there is no bucket to create"
            )
        client = storage.connection.meta.client
        deadline = time.monotonic() + wait
        while True:
            try:
                created = self._ensure(client, storage.bucket_name)
                break
            except (BotoCoreError, ClientError) as error:
                if time.monotonic() >= deadline:
                    raise CommandError(
                        f"the storage refuses the bucket {storage.bucket_name}: {error}"
                    ) from error
                time.sleep(1)
        self.stdout.write(f"bucket {storage.bucket_name}: {'created' if created else 'exists'}")

    @staticmethod
    def _ensure(client: Any, name: str) -> bool:
        try:
            client.head_bucket(Bucket=name)
        except ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] != 404:
                raise
            client.create_bucket(Bucket=name)
            return True
        return False
