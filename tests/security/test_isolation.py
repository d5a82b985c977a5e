"""A rival with somebody else's identifiers, and a stranger without any, learn nothing."""

from collections.abc import Iterator
from uuid import UUID

import pytest
from django.urls import reverse

from applications.models import Application, Document, Submission
from evaluation.models import DecisionLetter
from tests.savepoints import undone
from tests.security.forms import encoded
from tests.security.requests import Answer, Reader
from tests.walkers.routes import own_routes
from tests.walkers.world import World

pytestmark = pytest.mark.django_db

NOBODY = UUID("00000000-0000-4000-8000-000000000000")
OF_ONE_ANSWER = {"X-Request-ID", "Content-Length"}
PUBLIC = {
    "healthz", "readyz", "accessibility", "privacy", "set_language", "applications:home", "applications:calls",
    "applications:clusters", "applications:cluster", "evaluation:public-call", "evaluation:results",
    "evaluation:verify", "accounts:mails", "accounts:mail",
}  # fmt: skip


def rival_dossier(world: World) -> Application:
    return Application.objects.get(call=world.call, team__user=world.people["other_applicant"])


def pairs(world: World) -> Iterator[tuple[str, str, str]]:
    """(what, the address with the victim's identifier, the same with one that does not exist)."""
    victim, own = world.dossier, rival_dossier(world)
    document = Document.objects.current().filter(application=victim).first()
    seat = victim.team.exclude(role="owner").first().pk
    invitation = victim.invitations.first().pk
    letter = DecisionLetter.objects.get(decision__application=victim).pk
    decision = DecisionLetter.objects.get(pk=letter).decision_id
    one = [
        "dossier", "dossier_check", "dossier_answers", "documents", "deposit", "withdrawal", "withdrawal_undo", "team",
    ]  # fmt: skip
    for name in one:
        yield name, *(reverse(f"applications:{name}", args=[pk]) for pk in (victim.pk, NOBODY))
    for name in ("my-decision", "acknowledge", "my-letter"):
        yield name, *(reverse(f"evaluation:{name}", args=[pk]) for pk in (victim.pk, NOBODY))
    for name in ("submission", "receipt", "receipt_pdf"):
        yield name, *(reverse(f"applications:{name}", args=[pk, 1]) for pk in (victim.pk, NOBODY))
    for name in ("document_file", "document_remove", "document_restore"):
        yield (
            name,
            reverse(f"applications:{name}", args=[victim.pk, document.pk]),
            reverse(f"applications:{name}", args=[NOBODY, NOBODY]),
        )
        # The rival's own dossier in the path, somebody else's piece behind it.
        yield (
            f"{name}, own dossier",
            *(reverse(f"applications:{name}", args=[own.pk, pk]) for pk in (document.pk, NOBODY)),
        )
    yield "section", *(reverse("applications:section", args=[pk, "identity"]) for pk in (victim.pk, NOBODY))
    yield (
        "team_seat, own dossier",
        *(reverse("applications:team_seat", args=[own.pk, pk]) for pk in (seat, 10**9)),
    )
    yield "team_seat", *(reverse("applications:team_seat", args=[pk, seat]) for pk in (victim.pk, NOBODY))
    yield (
        "team_revoke",
        *(reverse("applications:team_revoke", args=[pk, invitation]) for pk in (victim.pk, NOBODY)),
    )
    for name in ("staff-dossier",):
        yield name, *(reverse(f"applications:{name}", args=[pk]) for pk in (victim.pk, NOBODY))
    yield (
        "staff-document",
        reverse("applications:staff-document", args=[victim.pk, document.pk]),
        reverse("applications:staff-document", args=[NOBODY, NOBODY]),
    )
    code = world.call.code
    yield "letter-file", *(reverse("evaluation:letter-file", args=[code, pk]) for pk in (letter, NOBODY))
    yield "decision", *(reverse("evaluation:decision", args=[code, pk]) for pk in (decision, NOBODY))
    yield "jury-outcome", *(reverse("evaluation:jury-outcome", args=[code, pk]) for pk in (victim.pk, NOBODY))


def differences(there: Answer, absent: Answer) -> Iterator[str]:
    names = [
        {name: value for name, value in one.response.headers.items() if name not in OF_ONE_ANSWER}
        for one in (there, absent)
    ]
    if there.status not in {403, 404, 405} or there.status != absent.status:
        yield f"{there.status} against {absent.status}"
    elif names[0] != names[1]:
        yield f"headers {names[0].items() ^ names[1].items()}"
    elif abs(len(there.body) - len(absent.body)) > 0.05 * len(absent.body):
        yield f"{len(there.body)} bytes against {len(absent.body)}"


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_anothers_identifiers_answer_like_none(published_world: World, method: str):
    rival = Reader(published_world, "other_applicant")
    faults = []
    for what, there, absent in pairs(published_world):
        with undone():
            if method == "GET":
                answers = rival.get(there), rival.get(absent)
            else:
                answers = rival.post(there, b"reason=x"), rival.post(absent, b"reason=x")
        faults += [f"{what}: {one}" for one in differences(*answers)]
        if answers[0].status == 403 and not what.startswith(("staff", "letter", "decision", "jury")):
            faults.append(f"{what}: 403 tells that it exists")
    assert not faults, "\n".join(faults)


def test_anothers_identifiers_in_query_form_and_header_change_nothing(published_world: World):
    """The dossier is the path's; the same identifiers elsewhere are not read."""
    victim, own = published_world.dossier, rival_dossier(published_world)
    secret = {victim.name, victim.standing_submission.number}
    rival = Reader(published_world, "other_applicant")
    page = reverse("applications:dossier", args=[own.pk])
    names = ("pk", "id", "dossier", "application", "document", "version", "letter", "owner", "user", "next")
    query = encoded([(name, str(victim.pk)) for name in names]).decode()
    for answer in (
        rival.get(f"{page}?{query}"),
        rival.get(page, **{"X-Original-URL": reverse("applications:dossier", args=[victim.pk])}),
        rival.get(page, **{"X-Rewrite-URL": reverse("applications:dossier", args=[victim.pk])}),
        rival.get(reverse("applications:dossier_list") + f"?{query}"),
        rival.post(reverse("applications:withdrawal", args=[own.pk]), query.encode()),
    ):
        assert answer.status in {200, 409, 422}
        assert not [word for word in secret if word in answer.text]


def test_anothers_deposit_token_finds_no_receipt(published_world: World):
    """The token of a form makes a second click find the first deposit, of the same dossier only."""
    victim, own = published_world.dossier, rival_dossier(published_world)
    token = Submission.objects.filter(application=victim).first().token
    body = encoded([("signatory", "A"), ("capacity", "B"), ("declared", "on"), ("token", str(token))])
    answer = Reader(published_world, "other_applicant").post(
        reverse("applications:deposit", args=[own.pk]), body
    )
    assert answer.status in {302, 409, 422}
    assert str(victim.pk) not in answer.response.get("Location", "")
    assert victim.standing_submission.number not in answer.text


def test_the_verification_page_needs_the_code(published_world: World):
    """A receipt's number alone, or with a wrong code, says nothing about the dossier."""
    number = published_world.dossier.standing_submission.number
    stranger = Reader(published_world, "anonymous")
    for query in (f"n={number}", f"n={number}&c=AAAA-AAAA", f"numero={number}&code=0"):
        text = stranger.get(f"{reverse('evaluation:verify')}?{query}").text
        assert published_world.dossier.name not in text


def test_strangers_get_the_log_in_page_and_scripts_a_bare_401(published_world: World):
    """On every URL that is not public, GET and POST, whatever it asks about."""
    faults = []
    stranger = Reader(published_world, "anonymous")
    closed = {route for route in own_routes() if route.name not in PUBLIC}
    assert len(closed) > 60
    for route in closed:
        url = reverse(route.name, kwargs=published_world.arguments(route, "juror"))
        for ask in (stranger.get, lambda path, **headers: stranger.post(path, b"", **headers)):
            page = ask(url)
            if page.status != 302 or not page.response["Location"].startswith("/compte/login/") or page.body:
                faults.append(f"{route.name}: {page.status}, {len(page.body)} bytes")
            for headers in ({"HX-Request": "true"}, {"Accept": "application/json"}):
                answer = ask(url, **headers)
                if answer.status not in {401, 403} or answer.body or "Location" in answer.response.headers:
                    faults.append(f"{route.name} {headers}: {answer.status}, {len(answer.body)} bytes")
    assert not faults, "\n".join(faults)
