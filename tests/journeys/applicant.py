"""Point 3: a person signs up, fills a dossier, deposits, amends, and comes too late."""

import hashlib
import re
from io import BytesIO
from typing import Any
from uuid import uuid4

from playwright.sync_api import expect

from accounts.models import User
from applications.actions.documents import add_document
from applications.actions.dossiers import save_section, start
from applications.actions.submissions import submit
from applications.enums import SectionCode
from applications.models import Application, Call, Submission
from evaluation.demonstration import content
from evaluation.demonstration.applicants import small_files as files_of_piece
from tests.journeys import forms
from tests.journeys.stage import VISITOR, Stage, pdf_text

APPLICANT = "porteuse.atlas@demo.example"
NAME = "Porteuse Démonstration Atlas"
PASSWORD = "un long mot de passe fictif"
CODE = re.compile(r"^\s*([A-Z0-9]{4}-?[A-Z0-9]{4}|[A-Z0-9]{6})\s*$", re.M)

Answers = dict[SectionCode, dict[str, Any]]


def signs_up(stage: Stage, address: str, name: str, *, language: str = "fr") -> None:
    """With the code that the worker mails."""
    stage.become(VISITOR)
    stage.go("/compte/signup/")
    stage.fill(full_name=name, email=address, language=language, password1=PASSWORD, password2=PASSWORD)
    stage.picture("creer-un-compte")
    stage.main.locator("button[type=submit]").first.click()
    expect(stage.main.locator("[name=code]")).to_be_visible()
    stage.picture("code-de-verification")
    mail = stage.portal.mail_to(address, "")
    found = CODE.search(mail.get_body(("plain",)).get_content())
    assert found, mail.get_content()
    stage.fill(code=found[1])
    stage.main.locator("button[type=submit]").first.click()
    expect(stage.page).not_to_have_url(re.compile("/compte/"))
    stage.remember(address)


def begins(stage: Stage, code: str) -> Application:
    stage.go(f"/dossiers/nouveau/{code}/")
    stage.picture("commencer")
    stage.main.locator("form button[type=submit]").click()
    expect(stage.page).to_have_url(re.compile(r"/dossiers/[0-9a-f-]{36}/$"))
    stage.picture("dossier-vide")
    return Application.objects.get(pk=stage.page.url.rstrip("/").rpartition("/")[2])


def fills(stage: Stage, dossier: Application, answers: Answers) -> None:
    """Section after section by the button that saves and goes on."""
    codes = [code for code in answers if code != SectionCode.STATEMENT]
    stage.go(f"/dossiers/{dossier.pk}/rubriques/{codes[0].value}/")
    for code in codes:
        expect(stage.page).to_have_url(re.compile(f"/rubriques/{code.value}/"))
        forms.fill_section(stage, code, answers[code])
        stage.picture(f"rubrique-{code.value}")
        stage.main.locator('button[name="next"]').click()
    expect(stage.page).to_have_url(re.compile("/rubriques/statement/"))


def joins_pieces(stage: Stage, dossier: Application) -> dict[str, str]:
    """SHA-256 of each file by its name. A text that says it is a PDF is refused first."""
    stage.go(f"/dossiers/{dossier.pk}/pieces/")
    forms.upload(stage, "statuts", "statuts.pdf", b"ceci n'est pas un PDF")
    expect(stage.main.locator("#piece-statuts .field-error")).to_be_visible()
    stage.was_refused()
    stage.picture("piece-refusee")
    sums = {}
    for piece, (name, body) in forms.small_files("Cluster Démonstration Atlas").items():
        forms.upload(stage, piece, name, body)
        expect(stage.main.locator(f"#piece-{piece}")).to_contain_text(name)
        sums[name] = hashlib.sha256(body).hexdigest()
    stage.picture("pieces")
    return sums


def sees_what_is_missing(stage: Stage, dossier: Application, *, count: int) -> None:
    stage.go(f"/dossiers/{dossier.pk}/verification/")
    expect(stage.main.locator(".task-list").first.locator("li")).to_have_count(count)
    stage.picture("ce-qui-manque")


def deposits(stage: Stage, dossier: Application, *, declared: bool = True) -> Submission:
    """From the page of the deposit to the receipt; the last version."""
    before = dossier.submissions.count()
    stage.go(f"/dossiers/{dossier.pk}/depot/")
    stage.fill(
        signatory="Représentant Démonstration 1", capacity="Président de l'association", declared=declared
    )
    stage.picture("depot")
    stage.main.locator("form:has([name=token]) button[type=submit]").click()
    expect(stage.page).to_have_url(re.compile(rf"/depots/{before + 1}/recepisse/"))
    return dossier.submissions.get(version=before + 1)


def reads_the_receipt(stage: Stage, submission: Submission, sums: dict[str, str]) -> str:
    """The page, then the PDF that the worker made; its text."""
    stage.reads(submission.number, submission.digest, *sums, *sums.values())
    link = stage.main.locator('a[href$="recepisse.pdf"]')
    expect(link).to_be_visible()
    stage.picture("recepisse")
    text = pdf_text(stage.download(link))
    closed_up = text.replace(" ", "")
    assert submission.number in text
    for digest in (submission.digest, *sums.values()):
        assert digest in closed_up
    for name in sums:
        assert name.replace(" ", "") in closed_up
    assert "Récépissé de dépôt" in text
    assert "Africa/Casablanca" in text
    assert f"{submission.submitted_at:%Y-%m-%d %H:%M:%S} UTC" in text
    assert "وصل" in text
    return text


def gets_the_mail(stage: Stage, address: str, submission: Submission, sums: dict[str, str]) -> None:
    mail = stage.portal.mail_to(address, submission.number)
    body = mail.get_body(("plain",)).get_content()
    for wanted in (submission.number, submission.digest, *sums.values()):
        assert wanted in body


def amends(stage: Stage, dossier: Application, answers: Answers, first: Submission) -> Submission:
    """The standing deposit stays valid beside the working copy, until the next deposit replaces it."""
    city = "Ville Démonstration, quartier du Port"
    stage.go(f"/dossiers/{dossier.pk}/rubriques/identity/")
    stage.fill(city=city)
    stage.press("Enregistrer et revenir au dossier")
    stage.reads("Vos modifications ne sont pas déposées.", first.number)
    stage.picture("modifications-non-deposees")
    second = deposits(stage, dossier)
    assert second.number != first.number
    assert second.snapshot["sections"]["identity"]["city"] == city
    stage.reads("Votre dossier est déposé", second.number)
    stage.go(f"/dossiers/{dossier.pk}/depots/1/recepisse/")
    stage.reads("Ce dépôt a été remplacé par un autre", second.number)
    return second


def comes_too_late(stage: Stage, dossier: Application, standing: Submission, *, hour) -> None:
    """Everything is typed before the hour; the button is pressed at the hour."""
    stage.go(f"/dossiers/{dossier.pk}/rubriques/governance/")
    stage.fill(services="Veille, montage de projets, achats groupés, formation, export.")
    stage.press("Enregistrer et revenir au dossier")
    stage.go(f"/dossiers/{dossier.pk}/depot/")
    stage.fill(signatory="Représentant Démonstration 1", capacity="Président", declared=True)
    stage.portal.move_to(hour)
    stage.main.locator("form:has([name=token]) button[type=submit]").click()
    stage.reads("Le dépôt n'a pas été accepté", "La date limite était le", standing.number, "reste valable")
    stage.was_refused()
    stage.picture("depot-refuse")
    assert dossier.submissions.count() == standing.version
    stage.go(f"/dossiers/{dossier.pk}/rubriques/governance/")
    stage.reads("achats groupés, formation, export.")
    stage.go("/dossiers/")
    stage.reads(standing.number)
    stage.picture("mes-dossiers-apres-l-heure")


def is_deposited_beside(
    call: Call, owner: User, profile: content.Profile, *, sector: str, first_year: int, at
) -> Application:
    """Another team's dossier, through the same acts, without a browser."""
    application = start(call, by=owner, at=at)
    answers = forms.answers_of(profile, sector=sector, first_year=first_year)
    for code, data in answers.items():
        if code != SectionCode.STATEMENT:
            save_section(application, code, data, by=owner, at=at, version=0)
    for piece in call.required_documents.all():
        if profile.track in piece.tracks:
            for name, body in files_of_piece(piece, profile):
                add_document(application, piece, BytesIO(body), name=name, by=owner, at=at)
    statement = answers[SectionCode.STATEMENT]
    submit(
        application,
        by=owner,
        at=at,
        token=uuid4(),
        signatory=statement["signatory"],
        capacity=statement["capacity"],
    )
    application.refresh_from_db()
    return application
