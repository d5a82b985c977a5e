import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction

from accounts import mailing, outbox
from accounts.management.commands.sweep import LOCK_NAME
from accounts.models import Heartbeat, OutboxMessage
from clusters_portal import clock


@pytest.fixture
def unheard(monkeypatch: pytest.MonkeyPatch) -> None:
    """A broker that takes messages and never gives them to anybody."""
    monkeypatch.setattr(outbox.app, "send_task", lambda *_, **__: None)


def queue_mail(key: str, *, age: timedelta = timedelta(0)) -> OutboxMessage:
    with transaction.atomic():
        return mailing.queue_mail("personne@demo.example", "Objet", "Texte", at=clock.now() - age, key=key)


@pytest.mark.django_db(transaction=True)
def test_once_does_what_the_broker_forgot(unheard, mailoutbox) -> None:
    old, fresh = queue_mail("old", age=timedelta(seconds=30)), queue_mail("fresh")
    out = StringIO()
    call_command("sweep", "--once", stdout=out)
    assert out.getvalue() == "1 message(s) done\n"
    assert dict(OutboxMessage.objects.values_list("pk", "state")) == {old.pk: "done", fresh.pk: "queued"}
    call_command("sweep", "--once", "--older-than=0", stdout=out)
    assert [mail.to for mail in mailoutbox] == [["personne@demo.example"]] * 2
    assert Heartbeat.objects.get().name == "sweeper"


@pytest.mark.django_db(transaction=True)
def test_one_sweeper_works_at_a_time(unheard, mailoutbox) -> None:
    queue_mail("old", age=timedelta(seconds=30))
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", [LOCK_NAME])
        call_command("sweep", "--once", stdout=StringIO())
        assert mailoutbox == []
    finally:
        other.close()
    call_command("sweep", "--once", stdout=StringIO())
    assert len(mailoutbox) == 1


@pytest.mark.django_db(transaction=True)
def test_the_loop_works_without_a_broker_and_stops_on_sigterm(
    unheard, process_environment, mail_folder
) -> None:
    queue_mail("old", age=timedelta(seconds=30))
    command = [sys.executable, "manage.py", "sweep", "--interval=0.2"]
    environment = {**process_environment, "DJANGO_SETTINGS_MODULE": os.environ["DJANGO_SETTINGS_MODULE"]}
    with subprocess.Popen(command, env=environment, cwd=settings.BASE_DIR, stderr=subprocess.PIPE) as process:
        try:
            deadline = time.monotonic() + 40
            while OutboxMessage.objects.get().state != "done" and time.monotonic() < deadline:
                assert process.poll() is None, process.stderr.read().decode()
                time.sleep(0.1)
            assert OutboxMessage.objects.get().state == "done"
            process.send_signal(signal.SIGTERM)
            assert process.wait(10) == 0
        finally:
            process.kill()
    assert len(list(mail_folder.glob("*.eml"))) == 1


def test_the_worker_knows_the_task_that_the_outbox_names() -> None:
    outbox.app.loader.import_default_modules()
    assert outbox.TASK_NAME in outbox.app.tasks
    assert "accounts.tasks.park_abandoned" in outbox.app.tasks
