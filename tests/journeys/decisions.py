"""Points 6 and 7: decisions, letters, publication, acknowledgement, results, and the auditor's reading."""

import re

from playwright.sync_api import expect

from applications.models import Application
from evaluation.demonstration.people import PASSWORD
from evaluation.models import DecisionLetter
from tests.journeys.instruction import REASONS_AR, REASONS_FR
from tests.journeys.stage import VISITOR, Stage, holds_arabic, pdf_text


def decision_maker_signs(stage: Stage, signer: str, code: str, names: list[str]) -> list[DecisionLetter]:
    stage.become(signer, PASSWORD)
    stage.go("/decisions/")
    stage.picture("decisions-accueil")
    stage.go(f"/decisions/{code}/")
    stage.reads(*names, "Prête à signer")
    stage.follow(names[0])
    draft = stage.main.get_by_role("link", name=re.compile("Lire la lettre telle qu'elle partirait"))
    stage.picture("decision")
    assert "PROJET DE LETTRE" in pdf_text(stage.fetch(draft))
    stage.go(f"/decisions/{code}/")
    stage.picture("decisions-a-signer")
    stage.press("Signer toutes les décisions")
    stage.go(f"/decisions/{code}/lettres/")
    stage.reads("Toutes les lettres sont éditées.")
    expect(stage.main.locator("progress, [role=progressbar]").first).to_be_visible()
    stage.page.reload()
    stage.picture("lettres")
    letters = list(DecisionLetter.objects.order_by("sequence"))
    assert [letter.sequence for letter in letters] == [1, 2, 3]
    assert {letter.year for letter in letters} == {stage.portal.now().year}
    for letter in letters:
        stage.reads(letter.number)
    return letters


def letters_say_what_was_decided(stage: Stage, code: str, letters: list[DecisionLetter]) -> dict[str, str]:
    """The text of each letter by its number: Arabic before French, reasons in both."""
    texts = {}
    for letter in letters:
        link = stage.main.locator(f'a[href$="/lettres/{letter.pk}/"]')
        text = texts[letter.number] = pdf_text(stage.download(link))
        assert letter.number in text
        content = letter.content
        assert content["cluster_fr"] in text
        assert " ".join(content["reasons_fr"].splitlines()[0].split()) in text
        assert holds_arabic(text, content["reasons_ar"])
        assert 0 < text.find("وزارة") < text.find("Ministère de l'Industrie")
    reserve = next(letter for letter in letters if letter.decision.outcome == "reserve")
    assert "liste de réserve au rang 1" in texts[reserve.number]
    assert "retenu pour la labellisation" not in texts[reserve.number]
    rejected = next(letter for letter in letters if letter.decision.outcome == "inadmissible")
    assert REASONS_FR in texts[rejected.number]
    assert holds_arabic(texts[rejected.number], REASONS_AR)
    return texts


def nothing_leaks_before_publication(stage: Stage, applicant: str, dossier: Application, code: str) -> None:
    stage.become(applicant)
    assert stage.status_of(f"/dossiers/{dossier.pk}/decision/") == 404
    assert stage.status_of(f"/appels/{code}/resultats/") == 404
    stage.go(f"/dossiers/{dossier.pk}/")
    stage.does_not_read("Labellisé", "labellisé")
    stage.picture("dossier-en-attente")


def manager_publishes(stage: Stage, manager: str, code: str) -> None:
    stage.become(manager, PASSWORD)
    stage.go(f"/gestion/appels/{code}/")
    stage.picture("tableau-de-bord-decide")
    stage.go(f"/decisions/{code}/lettres/")
    stage.press("Publier les résultats")
    stage.reads("Résultats publiés le")
    stage.picture("resultats-publies")


def applicant_is_notified(
    stage: Stage, applicant: str, dossier: Application, letter: DecisionLetter, text: str
) -> None:
    mail = stage.portal.mail_to(applicant, "")
    assert f"/dossiers/{dossier.pk}/decision/" in mail.get_body(("plain",)).get_content()
    stage.become(applicant)
    stage.go("/messages/")
    stage.picture("messages")
    stage.go(f"/dossiers/{dossier.pk}/")
    stage.picture("dossier-apres-publication")
    stage.go(f"/dossiers/{dossier.pk}/decision/")
    stage.does_not_read(letter.number)
    assert stage.status_of(f"/dossiers/{dossier.pk}/decision/lettre/") in (302, 403, 404, 409)
    stage.picture("accuser-reception")
    stage.press("Accuser réception et lire la décision")
    stage.reads("Labellisé", letter.number, letter.pdf_sha256, "Notifiée le")
    stage.picture("ma-decision")
    link = stage.main.get_by_role("link", name=re.compile("Télécharger la lettre"))
    assert pdf_text(stage.download(link)) == text


def visitor_sees_the_results(stage: Stage, code: str, *, labelled: str, others: list[str]) -> None:
    stage.become(VISITOR)
    stage.go(f"/appels/{code}/")
    stage.follow("Voir les résultats")
    stage.reads(labelled)
    stage.counts(3, "dossiers? reçus?")
    stage.counts(1, "labellisés?")
    stage.does_not_read(*others)
    stage.picture("resultats-publics")


def visitor_verifies(stage: Stage, letter: DecisionLetter, text: str) -> None:
    """With what is printed on the paper."""
    code = re.search(r"code\s+([A-Z0-9][A-Z0-9-]{6,})", text)
    assert code, text
    stage.go("/verifier/")
    stage.fill(numero=letter.number, code=code[1])
    stage.press("Vérifier")
    stage.reads("Authentique.", letter.number)
    stage.picture("verifier")
    stage.fill(numero=letter.number, code="AAAA-AAAA-AAAA")
    stage.press("Vérifier")
    stage.reads("Inconnu.")


def auditor_reads_the_trail(stage: Stage, auditor: str, code: str, verbs: list[str]) -> None:
    stage.become(auditor, PASSWORD)
    stage.go("/journal/")
    stage.picture("journal")
    export = stage.main.get_by_role("link", name="Exporter en CSV")
    lines = stage.download(export).decode("utf-8-sig")
    for verb in verbs:
        assert verb in lines, verb
    assert stage.status_of(f"/gestion/appels/{code}/prolongation/") == 403
