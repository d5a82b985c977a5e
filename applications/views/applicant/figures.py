"""Totals of a section, computed by the server from what is saved; the page's script only prints them again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from applications.domain.amounts import InvalidAmount, parse_amount
from applications.domain.membership import FIRMS, KNOWLEDGE, MemberRow, distinct_members
from applications.enums import MemberType, SectionCode
from applications.models import Call
from clusters_portal import formats

BUDGET_YEARS = 3


@dataclass(frozen=True)
class Figure:
    """One number on the page; `ident` is the id of its element."""

    ident: str
    text: str


Rows = tuple[tuple[str, tuple[Figure, ...]], ...]


@dataclass(frozen=True)
class Figures:
    """A small table: a caption, headers without the first column, rows of (label, cells); a cell may be plain text."""

    caption: str
    headers: tuple[str, ...]
    rows: Rows

    @property
    def lines(self) -> list[tuple[str, list[tuple[str, Figure]]]]:
        """Rows whose cells carry their header, for a phone."""
        return [(label, list(zip(self.headers, cells, strict=True))) for label, cells in self.rows]

    def by_ident(self) -> dict[str, str]:
        return {figure.ident: figure.text for _label, cells in self.rows for figure in cells if figure.ident}


def section_figures(code: SectionCode, data: Mapping[str, Any], call: Call) -> Figures | None:
    """None for a section that has nothing to add up."""
    rows: Sequence[Mapping[str, Any]] = data.get("rows", [])
    if code == SectionCode.MEMBERS:
        return _members(rows, call)
    if code == SectionCode.BUDGET:
        return _budget(rows, int(data.get("first_year") or call.year + 1))
    if code == SectionCode.INNOVATION:
        return _projects(rows)
    if code == SectionCode.COMMITMENTS:
        return _commitments(rows)
    return None


def _members(rows: Sequence[Mapping[str, Any]], call: Call) -> Figures:
    members = distinct_members(
        MemberRow(row.get("name", ""), _member_type(row.get("type")), row.get("ice", "")) for row in rows
    )
    firms = sum(member.is_surely(FIRMS) for member in members)
    share = Decimal(100 * firms) / len(members) if members else None
    knowledge = sum(member.is_surely(KNOWLEDGE) for member in members)
    asked = _("%(count)s au moins")
    return Figures(
        _("Composition enregistrée"),
        (_("Dans votre tableau"), _("Demandé par l'appel")),
        (
            (
                _("Membres"),
                (
                    Figure("figure-members", str(len(members))),
                    Figure("", asked % {"count": call.minimum_members}),
                ),
            ),
            (
                _("Part d'entreprises"),
                (
                    Figure("figure-firms", formats.percent(share, language=_language(), places=1) or "—"),
                    Figure(
                        "",
                        asked % {"count": formats.percent(call.minimum_firm_percent, language=_language())},
                    ),
                ),
            ),
            (
                _("Organismes de recherche ou de formation"),
                (
                    Figure("figure-knowledge", str(knowledge)),
                    Figure("", asked % {"count": call.minimum_research_bodies}),
                ),
            ),
        ),
    )


def _member_type(code: Any) -> MemberType | None:
    return MemberType(code) if code in MemberType.values else None


def _budget(rows: Sequence[Mapping[str, Any]], first_year: int) -> Figures:
    uses, resources = _per_year(rows, "use"), _per_year(rows, "resource")
    gap = [have - need for have, need in zip(resources, uses, strict=True)]
    lines = (
        (_("Emplois"), "use", uses),
        (_("Ressources"), "resource", resources),
        (_("Ressources moins emplois"), "gap", gap),
    )
    return Figures(
        _("Totaux enregistrés (MAD)"),
        (*(str(first_year + offset) for offset in range(BUDGET_YEARS)), _("Total")),
        tuple(
            (
                label,
                tuple(
                    Figure(f"figure-{name}-{place}", _mad(amount))
                    for place, amount in enumerate([*amounts, sum(amounts)])
                ),
            )
            for label, name, amounts in lines
        ),
    )


def _per_year(rows: Sequence[Mapping[str, Any]], kind: str) -> list[Decimal]:
    totals = [Decimal(0)] * BUDGET_YEARS
    for row in rows:
        if row.get("kind") == kind:
            for place, amount in enumerate(row.get("amounts", [])[:BUDGET_YEARS]):
                totals[place] += _amount(amount)
    return totals


def _projects(rows: Sequence[Mapping[str, Any]]) -> Figures:
    total = sum((_amount(row.get("budget")) for row in rows), Decimal(0))
    return Figures(
        _("Projets enregistrés"),
        (_("Nombre"), _("Budget total (MAD)")),
        (
            (
                _("Projets"),
                (Figure("figure-projects", str(len(rows))), Figure("figure-projects-budget", _mad(total))),
            ),
        ),
    )


def _commitments(rows: Sequence[Mapping[str, Any]]) -> Figures:
    names = (
        ("projects", _("Projets")),
        ("patents", _("Brevets")),
        ("startups", _("Start-up")),
        ("jobs", _("Emplois de R&D")),
        ("trainings", _("Formations")),
    )
    cells = tuple(
        Figure(f"figure-{name}", str(sum(int(row.get(name) or 0) for row in rows))) for name, _label in names
    )
    return Figures(
        _("Engagements enregistrés"), tuple(label for _name, label in names), ((_("Total"), cells),)
    )


def _amount(text: Any) -> Decimal:
    try:
        return parse_amount(str(text)) if text else Decimal(0)
    except InvalidAmount:
        return Decimal(0)


def _mad(amount: Decimal) -> str:
    return formats.decimal(amount, language=_language())


def _language() -> str:
    return get_language() or "fr"
