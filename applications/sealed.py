"""How a sealed snapshot reads on a page or in a PDF: sections, fields and tables, with labels.

One reading serves the applicant, the officers, the jury and the exports, so that all see the same dossier.
The snapshot's shape is `Submission.snapshot`: {"sections": {code: data}, "files": [...], ...}.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from applications.enums import LegalForm, LegalStage, MemberType, SectionCode, Track

ReceiptKinds = {
    "final": _("Récépissé définitif"),
    "provisional": _("Récépissé provisoire"),
}
BudgetKinds = {"use": _("Emploi"), "resource": _("Ressource")}
YesNo = {True: _("Oui"), False: _("Non")}


@dataclass(frozen=True)
class SealedField:
    """`kind` is text, date, amount, number or identifier: how a template shows the value."""

    key: str
    label: Any
    value: Any
    kind: str = "text"


@dataclass(frozen=True)
class SealedTable:
    """`rows` hold `SealedField`s in the order of `headers`."""

    caption: Any
    headers: tuple[Any, ...]
    rows: tuple[tuple[SealedField, ...], ...]


@dataclass(frozen=True)
class SealedSection:
    code: SectionCode
    title: Any
    fields: tuple[SealedField, ...] = ()
    tables: tuple[SealedTable, ...] = field(default=())


Columns = tuple[tuple[str, Any, str, Mapping[Any, Any] | None], ...]

FIELDS: Mapping[SectionCode, Columns] = {
    SectionCode.TRACK: (
        ("track", _("Voie"), "text", dict(Track.choices)),
        ("cluster", _("Cluster du registre"), "identifier", None),
    ),
    SectionCode.IDENTITY: (
        ("name", _("Nom du cluster"), "text", None),
        ("name_ar", _("Nom en arabe"), "text", None),
        ("acronym", _("Sigle"), "text", None),
        ("sector", _("Secteur"), "text", None),
        ("region", _("Région"), "text", None),
        ("city", _("Ville du siège"), "text", None),
        ("legal_form", _("Forme juridique"), "text", dict(LegalForm.choices)),
        ("legal_stage", _("Situation"), "text", dict(LegalStage.choices)),
        ("created_on", _("Date de création"), "date", None),
        ("receipt_kind", _("Récépissé de déclaration"), "text", ReceiptKinds),
        ("receipt_number", _("Numéro du récépissé"), "identifier", None),
        ("receipt_on", _("Date du récépissé"), "date", None),
        ("ice", _("ICE"), "identifier", None),
    ),
    SectionCode.REPRESENTATION: (
        ("representative", _("Représentant légal"), "text", None),
        ("capacity", _("Qualité"), "text", None),
        ("email", _("Adresse électronique"), "identifier", None),
        ("phone", _("Téléphone"), "identifier", None),
        ("project_leader", _("Chef de projet"), "text", None),
    ),
    SectionCode.MEMBERS: (),
    SectionCode.STRATEGY: (
        ("vision", _("Vision et objectifs"), "text", None),
        ("market", _("Analyse du secteur et du marché"), "text", None),
        ("value_added", _("Création de valeur ajoutée"), "text", None),
        ("market_share", _("Parts de marché visées"), "text", None),
        ("partner_support", _("Appui des partenaires"), "text", None),
        ("public_private", _("Convergence public-privé"), "text", None),
    ),
    SectionCode.INNOVATION: (
        ("partnerships", _("Modalités de partenariat"), "text", None),
        ("steering_team", _("Équipe de pilotage"), "text", None),
        ("leader", _("Chef de file"), "text", None),
        ("shared_means", _("Moyens mutualisés"), "text", None),
    ),
    SectionCode.INTERNATIONAL: (
        ("markets", _("Marchés visés"), "text", None),
        ("partners", _("Partenaires internationaux"), "text", None),
        ("actions", _("Actions et leur crédibilité"), "text", None),
    ),
    SectionCode.GOVERNANCE: (
        ("bodies", _("Organes et collèges"), "text", None),
        ("staff", _("Équipe permanente"), "text", None),
        ("services", _("Services rendus aux membres"), "text", None),
    ),
    SectionCode.BUDGET: (("first_year", _("Première année"), "number", None),),
    SectionCode.COMMITMENTS: (),
    SectionCode.TRACK_RECORD: (("summary", _("Bilan"), "text", None),),
    SectionCode.CONFIDENTIALITY: (
        (
            "secret_fields",
            _("Informations à traiter comme confidentielles"),
            "text",
            None,
        ),
        (
            "data_notice",
            _("Notice sur les données personnelles acceptée"),
            "text",
            YesNo,
        ),
    ),
    SectionCode.STATEMENT: (
        ("signatory", _("Signataire"), "text", None),
        ("capacity", _("Qualité du signataire"), "text", None),
        ("declared", _("Déclaration sur l'honneur"), "text", YesNo),
    ),
}

TABLES: Mapping[SectionCode, tuple[Any, Columns]] = {
    SectionCode.MEMBERS: (
        _("Membres du cluster"),
        (
            ("name", _("Nom"), "text", None),
            ("type", _("Type"), "text", dict(MemberType.choices)),
            ("ice", _("ICE"), "identifier", None),
            ("region", _("Région"), "text", None),
            ("joined_on", _("Adhésion"), "date", None),
            ("commitment", _("Lettre d'engagement"), "text", YesNo),
        ),
    ),
    SectionCode.INNOVATION: (
        _("Projets collaboratifs"),
        (
            ("title", _("Projet"), "text", None),
            ("partners", _("Partenaires"), "text", None),
            ("trl", _("TRL"), "number", None),
            ("budget", _("Budget (MAD)"), "amount", None),
            ("ip", _("Propriété intellectuelle"), "text", None),
        ),
    ),
    SectionCode.COMMITMENTS: (
        _("Engagements par année"),
        (
            ("year", _("Année"), "number", None),
            ("projects", _("Projets"), "number", None),
            ("patents", _("Brevets"), "number", None),
            ("startups", _("Start-up"), "number", None),
            ("jobs", _("Emplois de R&D"), "number", None),
            ("trainings", _("Formations"), "number", None),
        ),
    ),
    SectionCode.TRACK_RECORD: (
        _("Périodes de soutien déclarées"),
        (
            ("label", _("Période"), "text", None),
            ("start_on", _("Début"), "date", None),
            ("end_on", _("Fin"), "date", None),
            ("amount", _("Montant (MAD)"), "amount", None),
        ),
    ),
}


def _field(
    row: Mapping[str, Any],
    key: str,
    label: Any,
    kind: str,
    names: Mapping[Any, Any] | None,
) -> SealedField:
    value = row.get(key)
    if names is not None and value in names:
        value = names[value]
    if kind == "date":
        value = _day(value)
    return SealedField(key, label, "" if value is None else value, kind)


def _day(value: Any) -> Any:
    """The day of an ISO text; whatever does not read as one stays as it was given."""
    try:
        return date.fromisoformat(value) if value else value
    except (TypeError, ValueError):
        return value


def _budget_table(data: Mapping[str, Any]) -> SealedTable:
    first_year = int(data.get("first_year") or 0)
    years = tuple(first_year + offset for offset in range(3))
    rows = tuple(
        (
            _field(row, "kind", _("Nature"), "text", BudgetKinds),
            SealedField("label", _("Poste"), row.get("label", "")),
            *(
                SealedField(str(year), year, amount, "amount")
                for year, amount in zip(years, row.get("amounts", []), strict=False)
            ),
        )
        for row in data.get("rows", [])
    )
    return SealedTable(_("Budget par année (MAD)"), (_("Nature"), _("Poste"), *years), rows)


def sealed_sections(
    snapshot: Mapping[str, Any],
    *,
    sectors: Mapping[str, str],
    regions: Mapping[str, str],
) -> tuple[SealedSection, ...]:
    """Every section that the snapshot holds, in the order of the task list; names of codes come from the maps."""
    sections = snapshot.get("sections", {})
    lists = {"sector": sectors, "region": regions}
    result = []
    for code in SectionCode:
        if code.value not in sections:
            continue
        data = sections[code.value]
        fields = tuple(
            _field(data, key, label, kind, lists.get(key, names)) for key, label, kind, names in FIELDS[code]
        )
        tables: tuple[SealedTable, ...] = ()
        if code == SectionCode.BUDGET:
            tables = (_budget_table(data),)
        elif code in TABLES:
            caption, columns = TABLES[code]
            rows = tuple(
                tuple(
                    _field(row, key, label, kind, lists.get(key, names))
                    for key, label, kind, names in columns
                )
                for row in data.get("rows", [])
            )
            tables = (
                SealedTable(
                    caption,
                    tuple(label for _key, label, _kind, _names in columns),
                    rows,
                ),
            )
        result.append(SealedSection(code, code.label, fields, tables))
    return tuple(result)
