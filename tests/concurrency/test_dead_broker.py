"""A broker that is down when a promoter deposits: the page answers, the sweeper makes the receipt and the mail."""

from collections.abc import Iterator
from io import StringIO
from time import monotonic
from uuid import uuid4

import pytest
from celery import Celery
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from accounts import outbox
from applications.models import Receipt, Submission
from clusters_portal import clock, storage
from tests.applications.applicant import world

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def dead_broker(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    dead = Celery("dead", broker="redis://127.0.0.1:1/0")
    dead.conf.broker_transport_options = settings.CELERY_BROKER_TRANSPORT_OPTIONS
    monkeypatch.setattr(outbox, "app", dead)
    monkeypatch.setattr(outbox, "_broker_paused_until", 0.0)
    yield
    dead.close()


def test_a_deposit_under_a_dead_broker(dead_broker, mailoutbox, monkeypatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: world.AT)
    owner = world.person("titulaire")
    dossier = world.draft(world.open_call(), owner)
    world.fill(dossier, owner)
    client = Client()
    client.force_login(owner, backend=settings.AUTHENTICATION_BACKENDS[0])

    began = monotonic()
    answer = client.post(
        reverse("applications:deposit", args=[dossier.pk]),
        {
            "token": str(uuid4()),
            "signatory": "Promoteur Démonstration 1",
            "capacity": "Président",
            "declared": "on",
        },
    )
    assert monotonic() - began < 8
    submission = Submission.objects.get()
    assert answer.url == reverse("applications:receipt", args=[dossier.pk, 1])
    assert client.get(answer.url).status_code == 200

    assert outbox._broker_paused_until > monotonic()
    call_command("sweep", "--once", "--older-than=0", stdout=StringIO())
    receipt = Receipt.objects.get(submission=submission)
    assert storage.read(receipt.pdf_key, sha256=receipt.pdf_sha256)[:5] == b"%PDF-"
    assert [mail.to for mail in mailoutbox] == [[owner.email]]
