"""Nothing is known outside before the one act that publishes; the letter opens once it is acknowledged."""

import pytest
from django.urls import reverse

from accounts.models import Notice
from accounts.outbox import drain
from applications.enums import CallStatus
from applications.models import Application
from clusters_portal import signing
from clusters_portal.errors import Refused
from evaluation.actions import decisions, publication
from evaluation.enums import Outcome
from evaluation.models import Decision, DecisionLetter, LetterAcknowledgement


@pytest.fixture
def decided(proposed, at):
    decisions.sign_all(proposed.call, by=proposed.decision_maker, at=at)
    drain()
    proposed.call.refresh_from_db()
    return proposed


def owned(demo) -> Application:
    """A decided dossier of the first applicant that has one."""
    return Application.objects.filter(decision__isnull=False, call=demo.call).order_by("created_at").first()


def owner(dossier: Application):
    return dossier.team.select_related("user").get(role="owner").user


def test_results_wait_for_every_letter(proposed, at) -> None:
    decisions.sign_all(proposed.call, by=proposed.decision_maker, at=at)
    with pytest.raises(Refused) as refused:
        publication.publish_results(proposed.call, by=proposed.manager, at=at)
    assert [blocker.code for blocker in refused.value.blockers] == ["letters_unfinished"]


def test_before_the_publication_the_applicant_learns_nothing(decided, client) -> None:
    dossier = owned(decided)
    letter = DecisionLetter.objects.get(decision__application=dossier)
    client.force_login(owner(dossier))
    for name in ("evaluation:my-decision", "evaluation:my-letter"):
        assert client.get(reverse(name, args=[dossier.pk])).status_code == 404
    assert client.post(reverse("evaluation:acknowledge", args=[dossier.pk])).status_code == 404
    page = client.get(reverse("applications:dossier", args=[dossier.pk])).content.decode()
    assert letter.number not in page
    assert str(Outcome(letter.decision.outcome).label) not in page
    client.logout()
    assert client.get(reverse("evaluation:results", args=[decided.call.code])).status_code == 404
    code = signing.verification_code("letter", letter.number)
    asked = client.get(reverse("evaluation:verify"), {"numero": letter.number, "code": code})
    assert "Inconnu." in asked.content.decode()


def test_publication_then_acknowledgement_then_the_letter(decided, at, client) -> None:
    publication.publish_results(decided.call, by=decided.manager, at=at)
    decided.call.refresh_from_db()
    assert (decided.call.status, decided.call.published_at) == (CallStatus.PUBLISHED, at)
    dossier = owned(decided)
    letter = DecisionLetter.objects.get(decision__application=dossier)
    reader = owner(dossier)
    assert Notice.objects.filter(kind="decision_available", user=reader).count() == 1
    client.force_login(reader)
    file_url = reverse("evaluation:my-letter", args=[dossier.pk])
    page_url = reverse("evaluation:my-decision", args=[dossier.pk])
    assert client.get(file_url).status_code == 404
    assert letter.decision.reasons_fr.splitlines()[0] not in client.get(page_url).content.decode()
    for _twice in range(2):
        client.post(reverse("evaluation:acknowledge", args=[dossier.pk]))
    proof = LetterAcknowledgement.objects.get(letter=letter)
    assert (proof.user, proof.acknowledged_at) == (reader, at)
    assert letter.number in client.get(page_url).content.decode()
    assert b"".join(client.get(file_url).streaming_content)[:5] == b"%PDF-"
    stranger = next(
        user for user in decided.applicants if user != reader and not dossier.team.filter(user=user)
    )
    client.force_login(stranger)
    assert client.get(page_url).status_code == 404


def test_the_results_name_the_labelled_and_nobody_else(decided, at, client) -> None:
    publication.publish_results(decided.call, by=decided.manager, at=at)
    page = client.get(reverse("evaluation:results", args=[decided.call.code])).content.decode()
    for decision in Decision.objects.filter(application__call=decided.call).select_related("application"):
        assert (decision.application.name in page) == (decision.outcome == Outcome.LABELLED), decision.outcome
    assert "SPECIMEN" not in page


def test_publishing_twice_is_refused(decided, at) -> None:
    publication.publish_results(decided.call, by=decided.manager, at=at)
    with pytest.raises(Refused) as refused:
        publication.publish_results(decided.call, by=decided.manager, at=at)
    assert [blocker.code for blocker in refused.value.blockers] == ["not_decided"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda number, code: (number, code), "Authentique."),
        (lambda number, code: (number.lower(), code.lower()), "Authentique."),
        (lambda number, code: (number, code[:-1] + ("A" if code[-1] != "A" else "B")), "Inconnu."),
        (lambda number, code: (number[:-1] + "9", code), "Inconnu."),
    ],
)
def test_a_letter_is_verified_by_number_and_code(decided, at, client, change, words: str) -> None:
    publication.publish_results(decided.call, by=decided.manager, at=at)
    letter = DecisionLetter.objects.order_by("sequence").first()
    number, code = change(letter.number, signing.verification_code("letter", letter.number))
    page = client.get(reverse("evaluation:verify"), {"numero": number, "code": code}).content.decode()
    assert words in page
    assert letter.decision.application.name not in page
