"""Point 4: two officers open the envelopes, read, answer the checklist, confirm the register, conclude."""

import re

from playwright.sync_api import expect

from applications.enums import EligibilityLine
from applications.models import Application, Cluster
from evaluation.demonstration.people import PASSWORD
from tests.journeys.stage import Stage

REASONS_FR = "Le dossier compte douze membres, alors que l'article 5 en demande quinze au moins."
REASONS_AR = "يضم الملف اثني عشر عضوا، بينما تشترط المادة الخامسة خمسة عشر عضوا على الأقل."
DOCUMENT = "Convention fictive n° DEMO-001, exemplaire du ministère"


def envelopes_are_opened(stage: Stage, code: str, *, proposer: str, confirmer: str, names: list[str]) -> None:
    stage.become(proposer, PASSWORD)
    stage.go(f"/gestion/appels/{code}/ouverture/")
    stage.reads("deux minutes après la date limite")
    expect(stage.button("Proposer l'ouverture")).to_have_count(0)
    stage.portal.pass_time(minutes=3)
    stage.go("/gestion/")
    stage.picture("ce-qui-attend-l-instructeur")
    stage.go(f"/gestion/appels/{code}/ouverture/")
    stage.press("Proposer l'ouverture")
    stage.reads("un autre instructeur doit la confirmer")
    stage.picture("ouverture-proposee")
    expect(stage.button("Confirmer et ouvrir les plis")).to_have_count(0)
    stage.become(confirmer, PASSWORD)
    stage.go(f"/gestion/appels/{code}/ouverture/")
    stage.press("Confirmer et ouvrir les plis")
    stage.go(f"/gestion/appels/{code}/dossiers/")
    stage.reads(*names)
    stage.picture("liste-des-dossiers")


def officer_reads(stage: Stage, dossier: Application, *, file: str, beginning: bytes) -> None:
    stage.go(f"/gestion/dossiers/{dossier.pk}/")
    submission = dossier.standing_submission
    stage.reads(submission.number, submission.digest, "Membre Démonstration", "Veille, montage de projets")
    stage.does_not_read("export.")  # typed after the deposit, never deposited
    for line in EligibilityLine:
        expect(stage.main.locator(f"#ligne-{line.value}")).to_be_visible()
    assert stage.download(stage.main.get_by_role("link", name=file)).startswith(beginning)


def officer_answers_every_line(
    stage: Stage, dossier: Application, *, found: dict[EligibilityLine, str]
) -> None:
    """As the rules found; both reasons are on the page."""
    stage.go(f"/gestion/dossiers/{dossier.pk}/")
    for line in EligibilityLine:
        section = stage.main.locator(f"#ligne-{line.value}")
        expect(section).to_contain_text(found[line])
        expect(section.locator('[lang="ar"]')).to_contain_text(re.compile("[\u0600-\u06ff]{3}"))
        section.locator("select").select_option(label=found[line])
        section.get_by_role("button", name="Enregistrer le constat").click()
        expect(stage.main.locator(f"#ligne-{line.value}")).to_contain_text("Constat de l'instructeur")


def officer_confirms_the_register(stage: Stage, dossier: Application, cluster: Cluster) -> None:
    """Nothing is concluded while the 8-year rule rests on what nobody has confirmed."""
    stage.go(f"/gestion/dossiers/{dossier.pk}/")
    line = stage.main.locator(f"#ligne-{EligibilityLine.SUPPORT_YEARS.value}")
    expect(line).to_contain_text("Depuis la première labellisation (ce compte décide)")
    expect(line).to_contain_text("Somme des périodes de soutien")
    expect(line).to_contain_text("Repose sur des faits du registre non confirmés.")
    stage.picture("regle-des-8-ans-du-dossier")
    line.get_by_role("link", name="Faits du registre pour ce cluster").click()
    stage.picture("faits-du-registre")
    button = stage.main.get_by_role("button", name="Confirmer", exact=True)
    for left in range(button.count(), 0, -1):
        expect(button).to_have_count(left)
        stage.main.locator("[name=document]").first.fill(DOCUMENT)
        button.first.click()
    expect(button).to_have_count(0)
    stage.go(f"/gestion/dossiers/{dossier.pk}/")
    stage.does_not_read("Repose sur des faits du registre non confirmés.")


def officer_admits(stage: Stage, dossier: Application) -> None:
    stage.go(f"/gestion/dossiers/{dossier.pk}/")
    stage.fill(outcome="admissible")
    stage.press("Enregistrer la conclusion")
    expect(stage.main.locator("#recevabilite")).to_contain_text("Recevable")
    stage.picture("recevable")


def officers_reject(stage: Stage, dossier: Application, *, proposer: str, confirmer: str) -> None:
    stage.become(proposer, PASSWORD)
    stage.go(f"/gestion/dossiers/{dossier.pk}/")
    stage.fill(outcome="admissible")
    stage.press("Enregistrer la conclusion")
    stage.reads("n'est pas satisfait")
    stage.was_refused()
    stage.fill(outcome="inadmissible", reasons_fr=REASONS_FR, reasons_ar=REASONS_AR)
    stage.press("Enregistrer la conclusion")
    stage.reads("un autre instructeur doit la confirmer")
    expect(stage.button("Confirmer l'irrecevabilité")).to_have_count(0)
    stage.become(confirmer, PASSWORD)
    stage.go("/gestion/")
    stage.follow(dossier.name)
    stage.press("Confirmer l'irrecevabilité")
    stage.reads("confirmé par", REASONS_FR, REASONS_AR)
    stage.picture("irrecevable")
