"""The applicant's forms, filled in the browser from the answers of a rehearsed dossier."""

from random import Random
from typing import Any

from applications.enums import SectionCode, Track
from evaluation.demonstration import content, files
from tests.journeys.stage import Stage, fill_field


def answers_of(
    profile: content.Profile, *, sector: str, first_year: int
) -> dict[SectionCode, dict[str, Any]]:
    """Every section of a complete dossier."""
    return content.sections(profile, rng=Random(profile.index), sector=sector, first_year=first_year)


def profile(index: int, *, members: int = 16, cluster: str = "", in_arabic: bool = False) -> content.Profile:
    """Firms are three members in four, one is a research body."""
    return content.Profile(
        index=index,
        track=Track.EXISTING if cluster else Track.NEW,
        members=members,
        firms=members * 3 // 4,
        has_research=True,
        in_arabic=in_arabic,
        cluster_code=cluster,
    )


def fill_section(stage: Stage, code: SectionCode, data: dict[str, Any]) -> None:
    """Type the answers of the section whose page is open, rows included."""
    form = stage.main.locator("form[data-autosave]")
    for name, value in data.items():
        if name != "rows":
            fill_field(form.locator(f'[name="{name}"]'), value)
    for number, row in enumerate(data.get("rows", [])):
        if not form.locator(f"fieldset[data-formset-row] >> nth={number}").count():
            form.locator("[data-formset-add]").click()
        for name, value in _columns(code, row).items():
            fill_field(form.locator(f'[name="rows-{number}-{name}"]'), value)


def _columns(code: SectionCode, row: dict[str, Any]) -> dict[str, Any]:
    if code != SectionCode.BUDGET:
        return row
    amounts = {f"amount_{place}": amount for place, amount in enumerate(row["amounts"])}
    return {"kind": row["kind"], "label": row["label"], **amounts}


def small_files(name: str) -> dict[str, tuple[str, bytes]]:
    """By code of the portal's proposed pieces: a small real file for each mandatory one of a new cluster."""

    def pdf(title: str) -> bytes:
        return files.small_pdf(title, [name, "Document fictif de démonstration."])

    return {
        "statuts": ("statuts.pdf", pdf("Statuts")),
        "pv-assemblee": ("pv-assemblee.pdf", pdf("Procès-verbal")),
        "declaration-honneur": ("declaration.pdf", pdf("Déclaration sur l'honneur")),
        "engagements-membres": ("engagements.pdf", pdf("Lettres d'engagement")),
        "plan-developpement": (
            "plan de développement.docx",
            files.small_docx([name, "Plan de développement fictif."]),
        ),
        "fiches-projets": ("fiches.pdf", pdf("Fiches des projets")),
        "budget": ("budget.xlsx", files.small_xlsx([["Poste", "2027"], ["Équipe", "900000"]])),
    }


def upload(stage: Stage, piece: str, name: str, body: bytes) -> None:
    section = stage.main.locator(f"#piece-{piece}")
    section.locator('input[type="file"]').set_input_files(
        {"name": name, "mimeType": "application/octet-stream", "buffer": body}
    )
    section.locator('form[enctype] button[type="submit"]').click()
