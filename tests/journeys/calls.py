"""Points 1 and 2: what a visitor reads, what the call manager writes, publishes, extends and closes."""

import re
from datetime import date, datetime, time, timedelta

from playwright.sync_api import expect

from applications.domain.deadlines import local_day, resolve_wall_time
from applications.models import Call
from evaluation.demonstration.people import PASSWORD
from tests.journeys.stage import VISITOR, Stage, pdf_text

SOURCE = "AAP-CL-2024"
TITLE_FR = "Appel à projets clusters, édition de démonstration"
TITLE_AR = "طلب مشاريع التجمعات، نسخة تجريبية"
REASON = "Demande de plusieurs groupements, pour réunir leurs lettres d'engagement"
CLOSING_TIME = time(15, 0)


def visitor_reads_the_past(stage: Stage) -> None:
    stage.become(VISITOR)
    stage.go("/")
    stage.picture("accueil")
    stage.go("/appels/")
    for deadline in ("15/07/2020", "14/06/2023", "25/10/2024", "24/07/2025"):
        stage.reads(f"{deadline} à 15 h 00")
    stage.picture("appels-passes")
    stage.go("/appels/AAP-CL-2023/")
    stage.reads(
        "vendredi 19 mai 2023 à 15 h 00",
        "mercredi 14 juin 2023 à 15 h 00",
        "Demande des différents acteurs opérant dans les secteurs précités",
    )
    stage.picture("appel-2023")
    stage.go("/clusters/")
    stage.reads("Agadir Haliopôle", "Morocco Microelectronics Cluster")
    stage.picture("registre")
    stage.go("/clusters/AHP/")
    stage.reads("Agadir Haliopôle")
    stage.does_not_read("Supposé")
    stage.picture("cluster")


def manager_writes_and_publishes(stage: Stage, manager: str) -> tuple[str, date]:
    """The code of the call and the day of its first deadline."""
    code = f"AAP-DEMO-{stage.portal.now().year}"
    closes_on = local_day(stage.portal.now()) + timedelta(days=20)
    stage.become(manager, PASSWORD)
    stage.go("/gestion/appels/")
    stage.picture("gestion-des-appels")
    stage.main.get_by_role("link", name=f"Copier {SOURCE}").click()
    stage.fill(code=code, title_fr=TITLE_FR, title_ar=TITLE_AR)
    stage.picture("creer-un-appel")
    stage.press("Créer le brouillon")
    stage.reads("Sections de l'appel", SOURCE)

    stage.follow("Vérifier et publier")
    stage.reads("La date limite manque.", "Complétez ce qui manque pour pouvoir publier.")
    expect(stage.button("Publier")).to_have_count(0)
    stage.go(f"/gestion/appels/{code}/")

    stage.follow("Textes")
    stage.fill(
        text_fr="Le ministère appelle les clusters à déposer leurs projets.\nDémonstration : aucune valeur officielle.",
        text_ar="تدعو الوزارة التجمعات إلى إيداع مشاريعها.\nنسخة تجريبية دون أي قيمة رسمية.",
        contact_email="appel@demo.example",
    )
    _save_section(stage)
    stage.follow("Date limite")
    stage.fill(closes_on=closes_on.isoformat(), closes_time="15:00")
    _save_section(stage)
    stage.follow("Périmètre et seuils")
    stage.fill(membership_article="Article 5 du cahier des charges (démonstration)")
    stage.picture("perimetre")
    _save_section(stage)
    stage.follow("Règle des 8 ans")
    stage.reads("Agadir Haliopôle", "Depuis la première labellisation", "Somme des périodes de soutien")
    stage.fill(seen=True, support_article="Article 6 du cahier des charges (démonstration)")
    stage.picture("regle-des-8-ans")
    _save_section(stage)
    stage.follow("Pièces")
    stage.picture("pieces-de-l-appel")
    _save_section(stage)
    stage.follow("Grille")
    stage.fill(quorum="2")
    stage.picture("grille")
    _save_section(stage)
    stage.picture("tableau-de-bord-brouillon")

    stage.follow("Vérifier et publier")
    stage.reads("Rien ne manque")
    stage.picture("verifier-et-publier")
    stage.press("Publier")
    stage.reads("Ouvert")
    stage.counts(0, "dossiers? déposés?")
    stage.picture("tableau-de-bord-ouvert")
    stage.go("/gestion/appels/")
    stage.reads(code)
    return code, closes_on


def _save_section(stage: Stage) -> None:
    stage.press("Enregistrer")
    expect(stage.page.get_by_text(re.compile("La (section|grille) est enregistrée."))).to_be_visible()


def visitor_finds_the_call(stage: Stage, code: str) -> None:
    stage.become(VISITOR)
    stage.go("/")
    expect(stage.page.locator(".demo-strip")).to_contain_text("Base de démonstration")
    stage.go(f"/appels/{code}/")
    stage.reads("Appel de démonstration", TITLE_FR, "Statuts", "15 membres au moins")
    expect(stage.page.locator(".demo-strip")).to_be_visible()
    stage.picture("appel-ouvert")
    stage.window("portal")


def manager_extends(stage: Stage, manager: str, code: str, closes_on: date) -> datetime:
    """The instant of the new deadline."""
    later = closes_on + timedelta(days=7)
    stage.become(manager, PASSWORD)
    stage.go(f"/gestion/appels/{code}/")
    stage.follow("Prolonger la date limite")
    stage.fill(closes_on=(closes_on - timedelta(days=1)).isoformat(), closes_time="15:00", reason=REASON)
    stage.press("Prolonger")
    stage.reads("Une date limite ne se raccourcit pas une fois l'appel ouvert.")
    stage.was_refused()
    expect(stage.main.locator("[name=reason]")).to_have_value(REASON)
    stage.fill(closes_on=later.isoformat())
    stage.picture("prolonger")
    stage.press("Prolonger")
    stage.reads("Prolonger la date limite", "dossier")
    stage.become(VISITOR)
    stage.go(f"/appels/{code}/")
    stage.reads(REASON, "Prolongation")
    stage.picture("appel-prolonge")
    return resolve_wall_time(later, CLOSING_TIME)


def manager_sees_one_number(stage: Stage, manager: str, code: str, number: int, *, hidden: list[str]) -> None:
    stage.become(manager, PASSWORD)
    stage.go(f"/gestion/appels/{code}/")
    stage.counts(number, "dossiers? déposés?")
    stage.does_not_read(*hidden)
    stage.go(f"/gestion/appels/{code}/dossiers/")
    stage.reads("Les plis ne sont pas ouverts")
    stage.does_not_read(*hidden)
    stage.picture("dossiers-sous-pli")


def manager_answers_a_caller(stage: Stage, number: str) -> None:
    stage.go("/gestion/depots/")
    stage.fill(number=number)
    stage.press("Chercher")
    stage.reads(f"{number} : déposé le")
    stage.fill(number="R-2026-AAAA-AAAA")
    stage.press("Chercher")
    stage.reads("Non déposé")


def manager_closes(stage: Stage, manager: str, code: str, *, dossiers: int, deposits: int) -> None:
    stage.become(manager, PASSWORD)
    stage.go(f"/gestion/appels/{code}/")
    stage.follow("Clore l'appel")
    stage.picture("clore")
    stage.press("Clore et dresser le procès-verbal")
    stage.go(f"/gestion/appels/{code}/cloture/")
    stage.reads("Procès-verbal de clôture")
    stage.counts(dossiers, "dossiers? déposés?")
    stage.counts(deposits, "dépôts?, versions comprises")
    stage.counts(1, "dépôts? refusés?")
    record = Call.objects.get(code=code).closing_record
    stage.reads(record.digest)
    link = stage.main.get_by_role("link", name=re.compile("Télécharger le PDF"))
    reload_until(stage, link)
    stage.picture("proces-verbal-de-cloture")
    text = pdf_text(stage.download(link))
    assert code in text
    assert record.digest in text.replace(" ", "")
    assert "Procès-verbal de clôture" in text
    assert "محضر" in text
    assert REASON in text
    assert "deadline_passed" in text
    assert text.count("Demande") >= 1


def reload_until(stage: Stage, link) -> None:
    """A page that does not refresh by itself: look again until the worker is done."""
    from clusters_portal import embedded

    def there() -> bool:
        if link.count():
            return True
        stage.page.reload()
        return bool(link.count())

    assert embedded.wait_until(there)
