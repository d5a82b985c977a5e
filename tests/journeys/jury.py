"""Point 5: the jury is composed, declares, marks; the chair closes, compares, settles and signs."""

import re

from playwright.sync_api import expect

from applications.models import Application
from evaluation.demonstration.people import PASSWORD
from evaluation.models import Assignment, Deliberation
from tests.journeys.calls import reload_until
from tests.journeys.stage import Stage, pdf_text

RULING = "Deux unités sans direction commune : le membre est maintenu."
LINK = "Même université, autre unité de recherche."
CONFLICT = "Travail payé par un membre du cluster en 2025."


def manager_composes(stage: Stage, manager: str, code: str, members: dict[str, str]) -> None:
    """`members`: address to role."""
    stage.become(manager, PASSWORD)
    stage.go(f"/jury/{code}/composition/")
    for number, (address, role) in enumerate(members.items(), start=1):
        form = stage.main.locator("form:has([name=organisation])")
        form.locator("[name=email]").fill(address)
        form.locator("[name=role]").select_option(role)
        form.locator("[name=organisation]").fill(f"Organisme Démonstration {number}")
        form.get_by_role("button", name="Ajouter au jury").click()
        expect(stage.main.locator("table")).to_contain_text(address)
    stage.picture("composition-du-jury")
    stage.press("Commencer l'évaluation")
    stage.go(f"/gestion/appels/{code}/")
    stage.reads("Suivre le jury")


def juror_declares(
    stage: Stage, juror: str, code: str, kinds: dict[Application, tuple[str, str]], *, hidden: str
) -> None:
    """`kinds`: dossier to (kind, reason). The page names people and bodies, and quotes no answer."""
    stage.become(juror, PASSWORD)
    stage.go("/jury/")
    stage.picture("accueil-du-jure")
    stage.follow("Déclarer mes liens")
    stage.does_not_read(hidden)
    for dossier, (kind, reason) in kinds.items():
        stage.reads(dossier.name)
        stage.fill(**{f"d-{dossier.pk}-kind": kind, f"d-{dossier.pk}-reason": reason})
    stage.picture("declarations")
    stage.press("Enregistrer mes déclarations")
    stage.go("/jury/")


def is_kept_out(stage: Stage, dossier: Application) -> None:
    """The conflict removed the dossier from the juror's pages."""
    stage.go("/jury/")
    expect(stage.main.get_by_role("link", name=dossier.name)).to_have_count(0)
    stage.picture("jure-recuse")
    for other in Assignment.objects.filter(application=dossier):
        assert stage.status_of(f"/jury/dossiers/{other.pk}/") == 404


def chair_keeps_the_linked_juror(stage: Stage, chair: str, code: str) -> None:
    stage.become(chair, PASSWORD)
    stage.go(f"/jury/{code}/liens/")
    stage.reads(LINK, CONFLICT)
    stage.main.locator('[name=ruling][value="keep"]').check()
    stage.fill(reason=RULING)
    stage.picture("liens")
    stage.main.get_by_role("button", name=re.compile("Décider")).click()
    stage.reads("Lien : maintenu", RULING)


def juror_marks(
    stage: Stage, juror: str, dossier: Application, mark: str, *, comment: str, picture: str = ""
) -> None:
    """Every sub-criterion alike; the sheet is saved, then sent."""
    assignment = Assignment.objects.get(juror__user__email=juror, application=dossier)
    stage.become(juror, PASSWORD)
    stage.go(f"/jury/dossiers/{assignment.pk}/")
    stage.reads(dossier.name, "Ce que dit le dossier déposé")
    if picture:
        stage.press("Envoyer la fiche")
        stage.reads("La fiche est vide")
        stage.was_refused()
    for box in stage.main.locator("fieldset.submark").all():
        box.locator(f'input[type="radio"][value="{mark}"]').check()
    for text in stage.main.locator("#sheet textarea").all():
        text.fill(comment)
    stage.press("Enregistrer")
    expect(stage.main.locator(f'fieldset.submark input[value="{mark}"]:checked')).not_to_have_count(0)
    if picture:
        stage.picture(picture)
    stage.press("Envoyer la fiche")
    stage.go(f"/jury/dossiers/{assignment.pk}/")
    stage.reads("Fiche envoyée le")
    expect(stage.button("Envoyer la fiche")).to_have_count(0)


def sees_no_marks_yet(stage: Stage, code: str, chair: str) -> None:
    """Before the closing of the round the chair sees who has sent, not what."""
    stage.become(chair, PASSWORD)
    assert stage.status_of(f"/jury/{code}/classement/") in (403, 404)
    stage.go(f"/jury/{code}/avancement/")
    stage.reads("envoyée", "récusé")
    stage.picture("avancement-du-jury")


def chair_closes_the_round(stage: Stage, code: str, names: list[str]) -> None:
    stage.go(f"/jury/{code}/cloture/")
    stage.reads("fiches envoyées")
    stage.fill(confirmation="oui")
    stage.press("Clore le tour de notation")
    stage.reads("Tapez le mot demandé pour confirmer.")
    stage.was_refused()
    stage.fill(confirmation="clore")
    stage.picture("clore-le-tour")
    stage.press("Clore le tour de notation")
    expect(stage.page).to_have_url(re.compile("/classement/"))
    stage.reads(*names, "Médiane", "Écart", "Couverture")
    stage.picture("classement")


def chair_deliberates(stage: Stage, code: str, *, discussed: Application, other: Application) -> None:
    """A consensus mark where the marks lie apart, outcomes from the ranking, one corrected by hand."""
    stage.go(f"/jury/{code}/deliberation/")
    stage.reads("Avant de signer :")
    held_on = stage.portal.now().date().isoformat()
    stage.fill(held_on=held_on, place="Rabat, salle des conférences (démonstration)")
    for box in stage.main.locator("[name=present]").all():
        box.check()
    stage.press("Enregistrer la réunion")
    stage.press("Remplir selon le classement")
    stage.picture("deliberation")
    stage.go(f"/jury/{code}/deliberation/{discussed.pk}/")
    while stage.main.locator("form:has([name=criterion]):visible").count():
        forms = stage.main.locator("form:has([name=criterion]):visible")
        before = forms.count()
        forms.first.locator("[name$=mark]").select_option("4.0")
        forms.first.locator("textarea").fill("Après discussion, le jury s'accorde sur quatre.")
        forms.first.get_by_role("button", name="Enregistrer le consensus").click()
        expect(stage.main.locator("form:has([name=criterion]):visible")).to_have_count(before - 1)
    stage.picture("consensus")
    stage.go(f"/jury/{code}/deliberation/{other.pk}/")
    stage.fill(
        outcome="reserve", reserve_rank="1", departure_reason="Le jury préfère attendre le bilan de l'année."
    )
    stage.picture("issue-d-un-dossier")
    stage.press("Enregistrer l'issue")
    stage.go(f"/jury/{code}/deliberation/")


def chair_signs(stage: Stage, code: str, *, names: list[str]) -> None:
    stage.does_not_read("Avant de signer :")
    stage.fill(confirmation="signer")
    stage.picture("signer-la-deliberation")
    stage.press("Signer la délibération")
    stage.go(f"/jury/{code}/deliberation/")
    link = stage.main.get_by_role("link", name=re.compile("Télécharger le procès-verbal"))
    reload_until(stage, link)
    stage.picture("deliberation-signee")
    text = pdf_text(stage.download(link))
    deliberation = Deliberation.objects.get(call__code=code)
    closed_up = text.replace(" ", "")
    assert deliberation.inputs_digest in closed_up
    for sentence in (*names, RULING, LINK, CONFLICT, "Procès-verbal de délibération du jury", "محضر مداولات"):
        assert sentence in text, sentence
